//! The guide for a move, followed command by command.

use std::path::Path;
use std::process::Command;

use crate::command::{code, cutover, said};
use crate::docs::blocks;
use crate::readme::Mock;

const GUIDE: &str = include_str!("../../docs/migrating.md");

/// The commands of the guide in their order, with the exit code that each tells.
fn commands() -> Vec<(String, i32)> {
    let lines = blocks(GUIDE, "sh").into_iter().flat_map(str::lines);
    lines
        .map(|line| match line.split_once("# ends with ") {
            Some((command, code)) => (command.trim().to_owned(), code.parse().unwrap()),
            None => (line.to_owned(), 0),
        })
        .collect()
}

/// Runs a line of the guide as it is typed; gives how it ended and what it said.
fn follow(folder: &Path, line: &str) -> (i32, String) {
    let binary = Path::new(env!("CARGO_BIN_EXE_cutover"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", binary.parent().unwrap().display());
    let output = Command::new("sh")
        .args(["-euc", line])
        .current_dir(folder)
        .env("PATH", path)
        .env("CLONE", env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        said(&output)
    );
    (code(&output), text)
}

#[test]
fn every_command_does_what_the_guide_says() {
    let folder = tempfile::tempdir().unwrap();
    let serve = blocks(GUIDE, "sh serve");
    let expected = "cutover mock \"$CLONE/mocks/api-cloud.yaml\" \"$CLONE/mocks/choreo.yaml\" --write-pair cutover.yaml\n";
    assert_eq!(serve, [expected]);
    let _mock = Mock::serve(folder.path());
    let commands = commands();
    assert!(commands.len() > 25);
    let words: Vec<&str> = commands
        .iter()
        .filter_map(|(line, _)| line.strip_prefix("cutover ")?.split(' ').next())
        .collect();
    for word in [
        "demo",
        "check",
        "token",
        "list",
        "run",
        "client",
        "readiness",
        "report",
    ] {
        assert!(words.contains(&word), "{word}");
    }
    for (line, expected) in commands {
        let (code, text) = follow(folder.path(), &line);
        assert_eq!(code, expected, "{line}\n{text}");
        if line.starts_with("cutover readiness demo.jsonl") {
            let counted = "0 differs, 8 not tested, 15 proved, 0 attested, 0 not applicable";
            assert!(text.contains(counted), "{text}");
            each_row_has_its_state(folder.path());
        }
    }
    let ready = std::fs::read_to_string(folder.path().join("readiness.md")).unwrap();
    let verdict = "# cutover readiness: ready with accepted changes";
    assert!(ready.starts_with(verdict), "{ready}");
    let told = std::fs::read_to_string(folder.path().join("what-changes.md")).unwrap();
    for change in [
        "choreo/token-jwt",
        "choreo/wrong-method-404",
        "choreo/fault-json",
    ] {
        assert!(told.contains(change), "{change}\n{told}");
    }
    let advice = "treat 404 on an unusual method as \"not allowed\"";
    assert!(told.contains(advice), "{told}");
}

/// What the journal of `demo --all` says of each of the 23 rows of the comparison, and of those beyond it.
fn each_row_has_its_state(folder: &Path) {
    let output = cutover(folder, &["readiness", "demo.jsonl", "--report", "json"]);
    let matrix: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = matrix["rows"].as_array().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let of = |beyond: bool, state: &str| -> Vec<String> {
        let rows = rows.iter().filter(|row| row["beyond"] == beyond);
        let rows = rows.filter(|row| row["state"] == state);
        rows.map(|row| text(&row["row"])).collect()
    };
    let proved = [
        "environment-support",
        "rest-apis",
        "soap-backends",
        "message-mediation",
        "oauth2-authentication",
        "token-type",
        "grant-types",
        "regional-gateways",
        "custom-url-gateway",
        "client-mutual-ssl",
        "api-throttling",
        "api-scopes",
        "api-restful-apis",
        "hybrid-gateway",
        "end-user-authentication",
    ];
    assert_eq!(of(false, "proved"), proved);
    let open = [
        "portal-theming",
        "email-templates",
        "custom-url-publisher",
        "custom-url-store",
        "custom-url-admin",
        "backend-mutual-ssl",
        "self-sign-up",
        "api-import-export",
    ];
    assert_eq!(of(false, "not-tested"), open);
    let beyond = [
        "cors",
        "fault-formats",
        "paths-and-versions",
        "payloads",
        "limits",
    ];
    assert_eq!(of(true, "proved"), beyond);
    assert_eq!(rows.len(), proved.len() + open.len() + beyond.len());
}

#[test]
fn the_pair_file_of_the_guide_fits_the_whole_pack() {
    let folder = tempfile::tempdir().unwrap();
    let names = regex::Regex::new(r"\$\{env:([A-Z_]+)\}").unwrap();
    let pair = names.replace_all(blocks(GUIDE, "yaml pair")[0], "value-of-$1");
    std::fs::write(folder.path().join("cutover.yaml"), pair.as_bytes()).unwrap();
    let (copied, text) = follow(
        folder.path(),
        &commands()
            .iter()
            .map(|(line, _)| line.as_str())
            .filter(|line| line.starts_with("mkdir ") || line.starts_with("cp "))
            .collect::<Vec<_>>()
            .join("\n"),
    );
    assert_eq!(copied, 0, "{text}");
    let output = cutover(folder.path(), &["check", "--strict"]);
    assert_eq!((code(&output), said(&output)), (0, String::new()));
}

#[test]
fn the_table_of_the_guide_has_every_suite() {
    let mut listed: Vec<String> = GUIDE
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| format!("suites/api-cloud-to-choreo/{name}.yaml"))
        .collect();
    listed.sort();
    let mut there = crate::demo::files_of_the_pack();
    there.retain(|file| !file.contains("/quick/"));
    there.sort();
    assert_eq!(listed, there);
}
