//! `docs/clients.md` is in force.

use crate::clients::{client as run, findings, profile};
use crate::sandbox::Sandbox;

const PAGE: &str = include_str!("../../docs/clients.md");

#[test]
fn the_page_on_clients_is_in_force() {
    let block = |words: &str| crate::docs::blocks(PAGE, words)[0];
    let sandbox = Sandbox::new();
    sandbox.file("client.sh", block("sh client"));
    let (ran, results) = run(
        &sandbox,
        &[
            "--profiles",
            "opaque-hex,jwt-choreo",
            "--",
            "sh",
            "client.sh",
        ],
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    let told = block("text client").trim();
    let cut = results
        .cases
        .iter()
        .find(|case| profile(case) == "jwt-choreo")
        .unwrap();
    assert_eq!(cut.differences[0].explain, told);
    let lines = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(lines.contains(told), "{}", ran.out);
    assert_eq!(ran.verdict(), "not ready: 1 of 3 profiles different");

    sandbox
        .file("suites/client.sh", block("sh client"))
        .file("suites/app.ini", "url = {{api_url}}")
        .file("suites/own.yaml", block("yaml profile"))
        .file("suites/client.yaml", block("yaml client"));
    let (ran, results) = run(
        &sandbox,
        &["suites/client.yaml", "--report", "markdown=readiness.md"],
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    let told = findings(&results.cases);
    let wanted = [
        "jwt-choreo truncated issued=1459 sent=255",
        "vendor-x truncated issued=3000 sent=255",
    ];
    assert_eq!(told, wanted);
    let page = sandbox.read("readiness.md");
    assert!(
        page.starts_with("# Client readiness: not ready: 2 of 4 profiles different\n"),
        "{page}"
    );
    let row = "| jwt-choreo | different | truncated (breaking): sent the first 255 of 1,459 characters: looks like a \
               column or buffer of 255 | 1, 1 |\n";
    assert!(page.contains(row), "{page}");
    assert_eq!(page.matches("| opaque-uuid | same |").count(), 1, "{page}");
    // What is to be done stands above what was seen.
    let (to_do, seen) = page.split_once("## What was seen").unwrap();
    assert!(
        to_do.contains("## What to change\n\n- find what holds the token"),
        "{page}"
    );
    assert!(to_do.contains(" (jwt-choreo, vendor-x)\n"), "{page}");
    assert!(seen.contains("`cutover client --list-profiles`"), "{page}");
}

#[test]
fn the_page_on_clients_lists_every_profile() {
    let listed: Vec<&str> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    let known = cutover::client::Profile::shipped().unwrap();
    for profile in known {
        assert!(listed.contains(&profile.name.as_str()), "{}", profile.name);
    }
}
