//! `cutover readiness` from the journals of real runs: every row has its state, and one verdict.

use cutover::readiness::ROWS;
use serde_json::Value;

use super::sandbox::{Sandbox, pair};
use super::serve::Server;

/// A folder with the journal of the demo in it.
fn demo(args: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    let args = [&["demo", "--no-progress", "--journal", "j.jsonl"], args].concat();
    let ran = sandbox.run(&args);
    assert!(ran.code <= 1, "{ran:?}");
    sandbox
}

/// The JSON report, and the exit code.
fn matrix(sandbox: &Sandbox, args: &[&str]) -> (i32, Value) {
    let args = [&["readiness", "j.jsonl", "--report", "json"], args].concat();
    let ran = sandbox.run(&args);
    let matrix = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"));
    (ran.code, matrix)
}

fn states(matrix: &Value) -> Vec<(String, String)> {
    let rows = matrix["rows"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["row"]), text(&row["state"])))
        .collect()
}

/// A readiness file in which every row that the demo does not show is vouched for or waived.
fn file(until: &str) -> String {
    let rows = ROWS.iter().filter(|row| !row.beyond).map(|row| match row.key {
        "rest-apis" | "token-type" => format!("  {}:\n", row.key),
        "portal-theming" => format!(
            "  portal-theming:\n    attested: {{ who: J. Doe, when: 2026-01-01, evidence: T-1, until: {until} }}\n"
        ),
        key => format!("  {key}: {{ not_applicable: not ours }}\n"),
    });
    format!("rows:\n{}", rows.collect::<String>())
}

#[test]
fn every_row_has_a_state_in_the_journal_of_the_demo() {
    let sandbox = demo(&[]);
    let (code, matrix) = matrix(&sandbox, &[]);
    let states = states(&matrix);
    let rows: Vec<&str> = states.iter().map(|(row, _)| row.as_str()).collect();
    assert_eq!(rows, ROWS.map(|row| row.key));
    for (row, state) in &states {
        let speaks = [
            "rest-apis",
            "token-type",
            "cors",
            "fault-formats",
            "payloads",
        ];
        let expected = if speaks.contains(&row.as_str()) {
            "proved"
        } else {
            "not-tested"
        };
        assert_eq!(state, expected, "{row}");
    }
    assert_eq!((code, matrix["verdict"].as_str()), (3, Some("not-ready")));
}

#[test]
fn a_defect_makes_its_row_differ_whatever_people_say() {
    let sandbox = demo(&["--defect", "price-as-string"]);
    let said = file("2099-01-01").replace("rest-apis:", "rest-apis: { not_applicable: not ours }");
    sandbox.file("readiness.yaml", &said);
    let ran = sandbox.run(&["readiness", "j.jsonl"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let line = "  rest-apis                differs         1 of 25 cases different\n";
    assert!(ran.out.contains(line), "{}", ran.out);
    assert!(
        ran.verdict().starts_with("not ready: 1 row differs"),
        "{ran:?}"
    );
}

#[test]
fn ready_with_accepted_changes_says_what_consumers_must_be_told() {
    let sandbox = demo(&[]);
    sandbox.file("readiness.yaml", &file("2099-01-01"));
    let args = [
        "readiness",
        "j.jsonl",
        "--report",
        "markdown=r.md",
        "--report",
        "html=r.html",
    ];
    let ran = sandbox.run(&args);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.verdict().starts_with("ready with accepted changes: "),
        "{ran:?}"
    );
    let told = "tokens live a quarter of the time";
    for text in [&ran.out, &sandbox.read("r.md"), &sandbox.read("r.html")] {
        assert!(text.contains(told) && text.contains("J. Doe"), "{text}");
    }
    sandbox.file("readiness.yaml", &file("2026-01-02"));
    let (code, matrix) = matrix(&sandbox, &[]);
    let ended = "portal-theming: not tested: the attestation by J. Doe ended on 2026-01-02";
    assert_eq!((code, &matrix["because"][0]), (3, &Value::from(ended)));
}

#[test]
fn stale_evidence_is_said_to_be_stale() {
    let sandbox = demo(&[]);
    let text = sandbox.read("j.jsonl");
    let aged = regex::Regex::new(r#""finished":"20\d\d"#).unwrap();
    sandbox.file("j.jsonl", &aged.replace(&text, r#""finished":"2020"#));
    let because = |matrix: &Value, at: usize| matrix["rows"][at]["because"].clone();
    let (_, fresh) = matrix(&sandbox, &[]);
    assert_eq!(fresh["rows"][1]["state"], "proved");
    let (code, old) = matrix(&sandbox, &["--max-age", "7d"]);
    let why = "25 cases stale: older than --max-age";
    assert_eq!((code, because(&old, 1)), (3, Value::from(why)));

    let file = "suites/api-cloud-to-choreo/quick/tokens.yaml";
    let suite = cutover::shipped::suites(true).find(|(name, _)| *name == file);
    sandbox.file(file, &format!("{}\n# changed\n", suite.unwrap().1));
    let (_, changed) = matrix(&sandbox, &[]);
    let why = "4 cases stale: the suite was changed since";
    assert_eq!(because(&changed, 5), Value::from(why));
    assert_eq!(changed["rows"][1]["state"], "proved");
}

#[test]
fn a_run_that_did_not_end_is_the_first_thing_that_is_told() {
    let sandbox = demo(&[]);
    let text = sandbox.read("j.jsonl");
    // The header, and five cases of it.
    let torn: Vec<&str> = text.lines().take(6).collect();
    sandbox.file("torn.jsonl", &format!("{}\n", torn.join("\n")));
    let said = |ran: &str| ran.lines().next().unwrap_or_default().to_owned();
    let reports = ["--report", "markdown=r.md", "--report", "html=r.html"];
    let ran = sandbox.run(&[&["readiness", "torn.jsonl"], &reports[..]].concat());
    assert_eq!(ran.code, 3, "{ran:?}");
    let banner = "INCOMPLETE: 5 of 52 cases of run 20";
    assert!(said(&ran.out).starts_with(banner), "{ran:?}");
    assert!(said(&sandbox.read("r.md")).starts_with(&format!("**{banner}")));
    assert!(
        sandbox
            .read("r.html")
            .contains(&format!("<p class=\"alarm\">{banner}"))
    );
    let whole = sandbox.run(&["readiness", "j.jsonl"]);
    assert!(!whole.out.contains("INCOMPLETE"), "{whole:?}");
}

#[test]
fn mistakes_of_the_file_are_told_with_their_place() {
    let sandbox = demo(&[]);
    let text = file("2099-01-01").replace("  self-sign-up:", "  self-signup:");
    sandbox.file("readiness.yaml", &text);
    let ran = sandbox.run(&["readiness", "j.jsonl"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    for part in [
        "unknown row `self-signup`",
        "did you mean `self-sign-up`?",
        "every row is listed, and self-sign-up is not",
        "--> readiness.yaml:",
    ] {
        assert!(ran.err.contains(part), "{part}\n{}", ran.err);
    }
    sandbox.file("readiness.yaml", &file("2099-01-01"));
    std::fs::rename(sandbox.path("readiness.yaml"), sandbox.path("other.yaml")).unwrap();
    let text = sandbox.read("other.yaml");
    sandbox.file("suites/a/readiness.yaml", &text);
    assert_eq!(sandbox.run(&["readiness", "j.jsonl"]).code, 0);
    sandbox.file("suites/b/readiness.yaml", &text);
    let ran = sandbox.run(&["readiness", "j.jsonl"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("there are several: "), "{}", ran.err);
}

#[test]
fn journals_of_two_pairs_are_refused() {
    let sandbox = demo(&[]);
    let text = sandbox.read("j.jsonl");
    sandbox.file(
        "other.jsonl",
        &text.replace("\"name\":\"Choreo\"", "\"name\":\"Other\""),
    );
    let ran = sandbox.run(&["readiness", "j.jsonl", "other.jsonl"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    let why = "readiness is said of one pair only";
    assert!(ran.err.contains(why), "{}", ran.err);
}

#[test]
fn a_suite_without_a_feature_counts_for_no_row_and_that_is_said() {
    let sandbox = demo(&[]);
    let text = sandbox.read("j.jsonl");
    let without = text.replace("\"feature\":\"rest-apis\"", "\"feature\":null");
    sandbox.file("j.jsonl", &without);
    let (code, matrix) = matrix(&sandbox, &[]);
    assert_eq!(
        (code, &matrix["rows"][1]["state"]),
        (3, &"not-tested".into())
    );
    let file = "suites/api-cloud-to-choreo/quick/orders-life.yaml";
    let why = format!(
        "2 suites of these runs without `feature:`, {file} first: what they found counts for no row"
    );
    let warnings = matrix["warnings"].as_array().unwrap().iter();
    let warnings: Vec<&str> = warnings.map(|text| text.as_str().unwrap()).collect();
    assert_eq!(warnings[0], why);
    // The platforms' documents are told of every row, run or not.
    let told: Vec<&str> = warnings[1..]
        .iter()
        .map(|text| text.strip_prefix("documents-differ: ").unwrap())
        .map(|text| text.split(':').next().unwrap())
        .collect();
    assert_eq!(
        told,
        ["grant-types", "backend-mutual-ssl", "api-throttling"]
    );
}

/// Two servers that say the same, a suite whose one case has three rows in a CSV file, and one journal of each
/// set of arguments.
fn rows_run(runs: &[(&str, &[&str])]) -> Sandbox {
    let servers = [Server::json("{}"), Server::json("{}")];
    let sandbox = Sandbox::new();
    sandbox
        .file("cutover.yaml", &pair(&servers[0].url(), &servers[1].url()))
        .file("suites/pages.csv", "page\n1\n2\n3\n")
        .file(
            "suites/a.yaml",
            "name: A
feature: rest-apis
cases:
  - { name: pages, request: \"GET /x?page={{page}}\", rows: pages.csv }
",
        );
    for (journal, args) in runs {
        let args = [&["run", "--no-progress", "--journal", journal], *args].concat();
        let ran = sandbox.run(&args);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    sandbox
}

/// State and reason of the row `rest-apis`, and the warnings.
fn rest_apis(sandbox: &Sandbox, journals: &[&str]) -> (String, String, Vec<String>) {
    let args = [&["readiness", "--report", "json"], journals].concat();
    let ran = sandbox.run(&args);
    let matrix: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"));
    let row = &matrix["rows"][1];
    assert_eq!(row["row"], "rest-apis");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let warnings = matrix["warnings"].as_array().unwrap().iter().map(text);
    (
        text(&row["state"]),
        text(&row["because"]),
        warnings.collect(),
    )
}

#[test]
fn a_case_is_proved_by_all_of_its_rows_whatever_part_a_run_took() {
    let sandbox = rows_run(&[
        ("one.jsonl", &["--filter", "page=1"]),
        ("s2.jsonl", &["--shard", "2/3"]),
        ("s1.jsonl", &["--shard", "1/3"]),
        ("s3.jsonl", &["--shard", "3/3"]),
    ]);
    let told = |journals: &[&str]| {
        let (state, because, _) = rest_apis(&sandbox, journals);
        (state, because.split(", 20").next().unwrap().to_owned())
    };
    let missing = |count: &str| ("not-tested".to_owned(), format!("{count} in no run"));
    assert_eq!(told(&["one.jsonl"]), missing("2 cases"));
    assert_eq!(told(&["s1.jsonl", "s2.jsonl"]), missing("1 case"));
    let all = told(&["s3.jsonl", "s1.jsonl", "s2.jsonl"]);
    assert_eq!(all, ("proved".to_owned(), "3 cases".to_owned()));
    // A row that came later was never run, though the text of the suite is the same.
    sandbox.file("suites/pages.csv", "page\n1\n2\n3\n4\n");
    let all = &["s3.jsonl", "s1.jsonl", "s2.jsonl"];
    assert_eq!(told(all), missing("1 case"));
    std::fs::remove_file(sandbox.path("suites/pages.csv")).unwrap();
    let (state, because, warnings) = rest_apis(&sandbox, all);
    assert_eq!(
        (state.as_str(), because.as_str()),
        ("not-tested", "1 case in no run")
    );
    let why =
        "suites/a.yaml: the rows of `pages` cannot be read: which of them were run cannot be seen";
    assert!(warnings.iter().any(|text| text == why), "{warnings:?}");
}

#[test]
fn a_run_that_let_risky_differences_pass_is_named() {
    let sandbox = rows_run(&[("j.jsonl", &["--fail-on", "breaking"])]);
    let (state, _, warnings) = rest_apis(&sandbox, &["j.jsonl"]);
    assert_eq!(state, "proved");
    let said = warnings.iter().any(|text| {
        text.starts_with("run 20") && text.contains(" was judged with --fail-on breaking: ")
    });
    assert!(said, "{warnings:?}");
}
