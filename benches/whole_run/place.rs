//! A folder with a pair file and suites, and `cutover run` in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::child::Servers;

/// The folder; it is removed at the end.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

/// How cases are written down.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Each by itself.
    Written,
    /// One case with a row of a CSV file for each.
    Rows,
}

impl Form {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Rows => "rows",
        }
    }
}

/// The token of a side.
pub(crate) fn bearer(side: &str) -> String {
    format!("{side}-{}", "0123456789abcdef".repeat(3))
}

impl Place {
    pub(crate) fn new(servers: &Servers) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let [old, new] = ["old", "new"].map(|side| {
            let url = &servers.urls[usize::from(side == "new")];
            let value = bearer(side);
            format!("{side}: {{ url: \"{url}\", tokens: {{ app: {{ grant: static, value: {value} }} }} }}\n")
        });
        fs::write(folder.path().join("cutover.yaml"), old + &new).expect("a pair file");
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a suite of `count` cases that ask for `path` with the case's number behind it.
    pub(crate) fn suite(&self, path: &str, count: usize, form: Form) -> PathBuf {
        let name = format!("{}-{}-{count}", path.replace('/', ""), form.word());
        let head = "name: Orders\nfeature: rest-apis\ntoken: app\ncases:\n";
        let text = match form {
            Form::Written => {
                let cases = (1..=count).map(|number| {
                    format!("  - name: order {number}\n    request: GET {path}/{number}\n")
                });
                format!("{head}{}", cases.collect::<String>())
            }
            Form::Rows => {
                let rows: String = (1..=count).map(|number| format!("{number}\n")).collect();
                fs::write(self.path(&format!("{name}.csv")), format!("number\n{rows}"))
                    .expect("rows");
                format!(
                    "{head}  - name: order\n    request: GET {path}/{{{{number}}}}\n    rows: {name}.csv\n"
                )
            }
        };
        let path = self.path(&format!("{name}.yaml"));
        fs::write(&path, text).expect("a suite");
        path
    }

    /// `cutover run` of a suite with a journal, a terminal report and a JSON report, all in files.
    pub(crate) fn command(&self, suite: &Path, jobs: usize) -> Command {
        let file = |name| Stdio::from(fs::File::create(self.path(name)).expect("a file"));
        // A journal replaces none that is there.
        let _ = fs::remove_file(self.path("run.jsonl"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_cutover"));
        command
            .current_dir(self.folder.path())
            .arg("run")
            .arg(suite)
            .args(["--jobs", &jobs.to_string()])
            .args(["--journal", "run.jsonl", "--report", "json=report.json"])
            .env_clear()
            .stdin(Stdio::null())
            .stdout(file("report.txt"))
            .stderr(file("progress.txt"));
        command
    }

    /// The summary of the last run's JSON report.
    pub(crate) fn summary(&self) -> serde_json::Value {
        let text = fs::read_to_string(self.path("report.json")).expect("a report");
        // The summary is the last member, on a line of its own: the rest may be large.
        let line = text
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix("\"summary\": "));
        serde_json::from_str(line.expect("a summary")).expect("JSON")
    }

    /// Fails unless the last run ended as planned.
    pub(crate) fn check(&self, code: Option<i32>, count: usize, different: usize) {
        let summary = self.summary();
        assert_eq!(
            (code, &summary["different"], &summary["same"]),
            (
                Some(i32::from(different > 0)),
                &different.into(),
                &(count - different).into()
            ),
            "the verdicts are not as planned: {summary}"
        );
    }
}
