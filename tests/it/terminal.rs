//! A run of 500 cases as a person watches it: how far, how long still, what is in flight, on 80 and on 60 columns.

use std::process::{Command, Stdio};

use regex::Regex;

use crate::sandbox::{Sandbox, pair};
use crate::serve::{Server, answer, json};

/// Rows as a terminal shows them: what is longer than a row goes on in the next. What moves the cursor begins one.
fn drawn(seen: &[u8], columns: usize) -> Vec<String> {
    let text = String::from_utf8_lossy(seen).into_owned();
    let acts = Regex::new("\\x1b\\[[0-9;?]*[A-Za-z]").unwrap();
    let text = acts.replace_all(&text, "\n");
    let rows = text.split(['\r', '\n']).flat_map(|line| {
        let all: Vec<char> = line.chars().collect();
        let rows = all
            .chunks(columns)
            .map(|row| row.iter().collect::<String>());
        rows.collect::<Vec<_>>()
    });
    rows.map(|row| row.trim_end().to_owned())
        .filter(|row| !row.is_empty())
        .collect()
}

fn watched(columns: usize) -> Vec<String> {
    // So slow that the bar is drawn many times, whatever the machine does beside.
    let new = Server::answering(|seen| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        match seen.target.as_str() {
            "/77" => answer(404, &[], ""),
            _ => json("{}"),
        }
    });
    let old = Server::json("{}");
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let cases = (0..500).map(|n| {
        format!("  - {{ name: a case with a name that is longer than a narrow terminal is wide {n}, request: GET /{n} }}\n")
    });
    let suite = format!("name: A\ncases:\n{}", cases.collect::<String>());
    sandbox.file("suites/a.yaml", &suite);
    let helper = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/terminal.py");
    // The report goes elsewhere: progress is what standard error shows.
    let command = concat!(env!("CARGO_BIN_EXE_cutover"), " run -j 4 >report");
    let output = Command::new("python3")
        .args([helper, &columns.to_string(), "seen", "sh", "-c", command])
        .current_dir(sandbox.folder())
        .stdin(Stdio::null())
        .output()
        .expect("python3");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    drawn(&std::fs::read(sandbox.path("seen")).unwrap(), columns)
}

#[test]
fn a_run_of_500_cases_tells_how_far_it_is_and_what_it_does() {
    let bar = Regex::new(r"^[█▓▒░]{10,20} [1-9]\d*/500  (1 failed, )?\d+[smh] left$").unwrap();
    // Before the first case has ended nobody can say how long it takes.
    let start = Regex::new(r"^░{10,20} 0/500$").unwrap();
    let work = Regex::new(r"^[1-4] at work, longest \d+ s: …?.*terminal is wide \d+$").unwrap();
    let failed = Regex::new(r"^different     ….*terminal is wide 77$").unwrap();
    for columns in [80, 60] {
        let rows = watched(columns);
        for wanted in [&bar, &work, &failed] {
            let found = rows.iter().any(|row| wanted.is_match(row));
            assert!(found, "{columns}: {wanted}: {rows:#?}");
        }
        // A line that is too long goes on in a row that none of these is.
        for row in &rows {
            let known = [&bar, &start, &work, &failed]
                .iter()
                .any(|one| one.is_match(row));
            let is_path = row.starts_with("journal: ") || row.contains(".jsonl");
            assert!(known || is_path, "{columns}: {row}");
        }
    }
}
