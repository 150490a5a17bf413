//! The guide for a move, followed command by command.

use std::path::Path;
use std::process::Command;

use crate::command::{code, cutover, said};
use crate::docs::blocks;
use crate::readme::Mock;

const GUIDE: &str = include_str!("../../docs/migrating.md");

/// The commands of the guide in their order, with the exit code that each tells.
fn commands() -> Vec<(String, i32)> {
    commands_of(GUIDE)
}

fn commands_of(text: &str) -> Vec<(String, i32)> {
    let lines = blocks(text, "sh").into_iter().flat_map(str::lines);
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
    let before = GUIDE.split("```sh serve").next().unwrap();
    let before = commands_of(before).len();
    let mut mock = None;
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
    for (number, (line, expected)) in commands.into_iter().enumerate() {
        if number == before {
            mock = Some(Mock::serve(folder.path()));
        }
        let (code, text) = follow(folder.path(), &line);
        assert_eq!(code, expected, "{line}\n{text}");
        if line.starts_with("cutover readiness demo.jsonl") {
            let counted = "0 differs, 8 not tested, 15 proved, 0 attested, 0 not applicable";
            assert!(text.contains(counted), "{text}");
            each_row_has_its_state(folder.path());
        }
    }
    assert!(mock.is_some());
    what_was_written_says_what_changes(folder.path());
    each_file_has_its_schema(folder.path());
}

fn what_was_written_says_what_changes(folder: &Path) {
    let ready = std::fs::read_to_string(folder.join("readiness.md")).unwrap();
    let verdict = "# cutover readiness: ready with accepted changes";
    assert!(ready.starts_with(verdict), "{ready}");
    let told = std::fs::read_to_string(folder.join("what-changes.md")).unwrap();
    for change in [
        "choreo/token-jwt",
        "choreo/wrong-method-404",
        "choreo/fault-json",
    ] {
        assert!(told.contains(change), "{change}\n{told}");
    }
    let advice = "treat 404 on an unusual method as \"not allowed\"";
    assert!(told.contains(advice), "{told}");
    // No sentence of the reports has a hole where a word of a suite stood for a credential.
    for text in [&ready, &told] {
        assert!(!text.contains("[secret authorization"), "{text}");
    }
}

/// Editors find the schema that the first line of each file names.
fn each_file_has_its_schema(folder: &Path) {
    let suites = std::fs::read_dir(folder.join("suites")).unwrap();
    let mut files: Vec<_> = suites.map(|file| file.unwrap().path()).collect();
    files.push(folder.join("cutover.yaml"));
    assert!(files.len() > 20, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let named = text.strip_prefix("# yaml-language-server: $schema=");
        let named = named.and_then(|rest| rest.lines().next()).unwrap();
        let schema = file.parent().unwrap().join(named);
        assert!(
            schema.is_file(),
            "{} of {}",
            schema.display(),
            file.display()
        );
    }
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

/// A pair file with the API `main` and the credential `app` alone: what `check` names is taken away, as the guide says,
/// and what is left is sound.
#[test]
fn a_pack_without_what_check_names_fits_a_small_pair() {
    let folder = tempfile::tempdir().unwrap();
    let taken = commands().into_iter().map(|(line, _)| line);
    let taken: Vec<String> = taken
        .filter(|line| line.starts_with("mkdir ") || line.starts_with("cp "))
        .collect();
    assert_eq!(follow(folder.path(), &taken.join("\n")).0, 0);
    let side = |name: &str, platform: &str| {
        let app = "{ token_endpoint: \"https://gateway.example.com/token\", client_id: an-id, client_secret: a-secret }";
        format!(
            "{name}:\n  platform: {platform}\n  url: https://{name}.example.com\n  tokens:\n    app: {app}\n"
        )
    };
    let pair = format!(
        "apis:\n  main: {{ old: /t/acme/orders/1.0.0, new: /acme/orders/v1.0 }}\n{}{}",
        side("old", "wso2-api-cloud"),
        side("new", "choreo")
    );
    std::fs::write(folder.path().join("cutover.yaml"), pair).unwrap();
    let place =
        regex::Regex::new(r"(?m)^error: unknown .*\n *--> (suites/\S+):(\d+):\d+$").unwrap();
    let (mut files, mut cases) = (0, 0);
    loop {
        let output = cutover(folder.path(), &["check"]);
        if code(&output) == 0 {
            break;
        }
        let text = said(&output);
        let found = place.captures(&text).unwrap_or_else(|| panic!("{text}"));
        let file = folder.path().join(&found[1]);
        let suite = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = suite.lines().collect();
        let at = found[2].parse::<usize>().unwrap() - 1;
        if lines[at].starts_with("api: ") {
            std::fs::remove_file(file).unwrap();
            files += 1;
            continue;
        }
        let is_first = |line: &&str| line.starts_with("  - ");
        let first = (0..=at).rev().find(|at| is_first(&lines[*at])).unwrap();
        let rest = lines[first + 1..]
            .iter()
            .position(|line| !line.starts_with("   "));
        let end = rest.map_or(lines.len(), |rest| first + 1 + rest);
        let left = [&lines[..first], &lines[end..]].concat();
        match left.iter().any(is_first) {
            true => std::fs::write(file, left.join("\n") + "\n").unwrap(),
            false => std::fs::remove_file(file).unwrap(),
        }
        cases += 1;
    }
    assert!(files > 2 && cases > 5, "{files} files, {cases} cases");
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
