//! A folder of its own for each test, and the command run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cutover::results::{CaseResult, Results};

/// A folder in which the command runs, gone with the test.
#[derive(Debug)]
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    pub(crate) fn file(&self, name: &str, text: &str) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.path(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The command, with nothing of the caller's environment that it would read.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cutover"));
        command
            .args(args)
            .current_dir(self.folder())
            .stdin(Stdio::null());
        for name in ["NO_COLOR", "CI", "COLUMNS", "GITHUB_STEP_SUMMARY"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).output().unwrap())
    }

    /// Runs the command with a JSON report, and reads it.
    pub(crate) fn results(&self, args: &[&str]) -> (Ran, Results) {
        let args = [args, &["--report", "json=results.json"]].concat();
        let ran = self.run(&args);
        let text = std::fs::read_to_string(self.path("results.json"));
        let text = text.unwrap_or_else(|_| panic!("no report: {ran:?}"));
        (ran, serde_json::from_str(&text).unwrap())
    }
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The last line of standard output that says something: the verdict.
    pub(crate) fn verdict(&self) -> &str {
        let mut lines = self.out.lines().rev();
        lines.find(|line| !line.is_empty()).unwrap_or_default()
    }
}

/// What became of each case, in the order of the report: `NAME: VERDICT (REASON) WHERE PATH KIND, ..`.
pub(crate) fn outcomes(results: &Results) -> Vec<String> {
    results.cases.iter().map(outcome).collect()
}

pub(crate) fn outcome(case: &CaseResult) -> String {
    let reason = case.reason.map(|reason| format!(" ({reason})"));
    let differences = case.differences.iter().map(|difference| {
        format!(
            "{} {} {}",
            difference.r#where, difference.path, difference.kind
        )
    });
    let differences: Vec<String> = differences.collect();
    format!(
        "{}: {}{} {}",
        case.case,
        case.verdict,
        reason.unwrap_or_default(),
        differences.join(", ")
    )
    .trim_end()
    .to_owned()
}

/// A pair file without tokens.
pub(crate) fn pair(old: &str, new: &str) -> String {
    format!("old: {{ url: \"{old}\" }}\nnew: {{ url: \"{new}\" }}\n")
}
