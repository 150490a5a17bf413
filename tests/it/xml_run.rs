//! A suite over XML answers: rules, captures, expectations and acceptances by XPath, from file to report.

use serde_json::{Value, json};

use crate::command::{code, cutover, said};
use crate::run::server;

const OLD: &str =
    "<o xmlns='urn:o' id='7'><at>1</at><line>a</line><line>b</line><n>1.50</n><old/></o>";
const NEW: &str =
    "<p:o xmlns:p='urn:o' id='7'><p:at>2</p:at><p:line>c</p:line><p:n>1.6</p:n></p:o>";

fn answer(body: &str) -> String {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nConnection: close";
    format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

const SUITE: &str = "
name: XML
cases:
  - name: read
    request: GET /o
    expect: { body: { /o/@id: 7, //n: { pattern: number } }, new: { body: { //at: 3 } } }
    compare: { ignore: [ /o/at, //none ], tolerance: { /o/n: 0.2 } }
    accept: [ { where: body, path: /o/old, because: nobody reads it } ]
    capture: { id: /o/@id }
  - name: read again
    request: GET /o/{{id}}
    compare: { ignore: [ //at, //n, //line, //old ] }
";

#[test]
fn xpath_is_in_force_from_the_file_to_the_report() {
    let sides = (server(answer(OLD)), server(answer(NEW)));
    let (exit, told, report) = run_on(SUITE, sides);
    assert_eq!(exit, 1, "{told}");
    let short = |d: &Value| json!([d["where"], d["path"], d["kind"], d["accepted_by"]["rule"]]);
    let cases: Vec<Value> = report["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| {
            let found = case["differences"].as_array().unwrap().iter().map(short);
            json!({ "case": case["case"], "verdict": case["verdict"], "found": found.collect::<Vec<_>>() })
        })
        .collect();
    let expected = json!([
        { "case": "read", "verdict": "different", "found": [
            ["body", "/o/line[1]", "value", null],
            ["body", "/o/line[2]", "missing-element", null],
            ["body", "/o/old", "missing-element", "body /o/old"],
            ["expect", "//at", "expectation", null],
        ] },
        { "case": "read again", "verdict": "same", "found": [] },
    ]);
    assert_eq!(json!(cases), expected);
    let warnings: Vec<&str> = report["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|warning| {
            warning["message"]
                .as_str()
                .filter(|_| warning["code"] == "unused-rule")
        })
        .collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("ignore //none"), "{warnings:?}");
}

/// One local name in two namespaces.
fn note(id: u32, note: u32) -> String {
    let text = format!(
        "<o:order xmlns:o='urn:o' xmlns:n='urn:n' o:k='1' k='2'><o:id>{id}</o:id><n:id>{note}</n:id></o:order>"
    );
    answer(&text)
}

const NAMESPACES: &str = "
name: XML
namespaces: { p: 'urn:o', note: 'urn:n' }
cases:
  - name: read
    request: GET /o
    expect: { body: { '/p:order/@p:k': 1, '//note:id': { pattern: integer }, '//note:order': { present: false } } }
    compare: { ignore: [ '/p:order/note:id', '//note:k' ] }
    capture: { id: '/order/p:id' }
  - name: read again
    request: GET /o/{{id}}
    compare: { ignore: [ //id ] }
";

fn run_with(suite: &str) -> (i32, String, Value) {
    run_on(suite, (server(note(7, 1)), server(note(8, 2))))
}

fn run_on(suite: &str, (old, new): (String, String)) -> (i32, String, Value) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("xml.yaml"), suite).unwrap();
    let output = cutover(
        folder.path(),
        &[
            "run",
            "--old",
            &old,
            "--new",
            &new,
            "--report",
            "json",
            "--no-progress",
            "xml.yaml",
        ],
    );
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (code(&output), said(&output), report)
}

#[test]
fn a_prefix_tells_one_name_from_another_in_rules_captures_and_expectations() {
    let (code, said, report) = run_with(NAMESPACES);
    assert_eq!(code, 1, "{said}");
    let case = &report["cases"][0];
    let found = case["differences"].as_array().unwrap().iter();
    let found: Vec<_> = found
        .map(|d| (d["path"].as_str(), d["kind"].as_str()))
        .collect();
    // The order's id, not the note's; and no expectation failed.
    assert_eq!(found, [(Some("/order/id[1]"), Some("value"))]);
    assert_eq!(report["cases"][1]["verdict"], "same", "{report}");
    let warnings = report["warnings"].as_array().unwrap().iter();
    let unused: Vec<_> = warnings.filter(|w| w["code"] == "unused-rule").collect();
    assert_eq!(unused.len(), 1, "{unused:?}");
    assert!(
        unused[0].to_string().contains("ignore //note:k"),
        "{unused:?}"
    );
}

#[test]
fn a_prefix_that_is_not_declared_is_said_with_the_nearest() {
    for (from, to, expected) in [
        ("//note:k", "//notes:k", "did you mean `//note:k`?"),
        ("//note:k", "//other:k", "did you mean `//k`?"),
        ("note: 'urn:n'", "note: ''", "no namespace has a prefix"),
        ("{ p:", "{ '1p': 'urn:x', p:", "`1p` is no prefix"),
        (
            "capture:",
            "accept: [ { where: body, path: '/p:order/p:id', because: x } ]\n    capture:",
            "reports show local names: leave the prefixes out",
        ),
    ] {
        let (code, said, _) = run_with(&NAMESPACES.replacen(from, to, 1));
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(expected), "{said}");
        assert_eq!(said.matches("error: ").count(), 1, "{said}");
    }
}
