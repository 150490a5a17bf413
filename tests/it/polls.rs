//! A poll that does not come to its end is seen.

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::{Server, json};

fn run(old: &'static str, new: &'static str, more: &str) -> (i32, Vec<String>, Vec<String>, usize) {
    let servers = [Server::json(old), Server::answering(move |_| json(new))];
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&servers[0].url(), &servers[1].url()));
    let suite = format!(
        "name: A
cases:
  - {{ name: wait, request: GET /x, poll: {{ until: {{ body: {{ $.s: done }} }}, every: 1ms, for: 20ms }}{more} }}
  - {{ name: then, request: GET /then, needs: [ wait ] }}
"
    );
    sandbox.file("suites/a.yaml", &suite);
    let (ran, results) = sandbox.results(&["run"]);
    let differences = results.cases.iter().flat_map(|case| &case.differences);
    let explain =
        differences.map(|difference| format!("{} {}", difference.severity, difference.explain));
    let explain = explain.collect();
    let sent = servers.iter().map(|server| server.asked("/then").len());
    (ran.code, outcomes(&results), explain, sent.sum())
}

#[test]
fn what_neither_side_reaches_is_different_and_nothing_goes_on_from_it() {
    let (code, outcomes, explain, sent) = run(r#"{"s":"new"}"#, r#"{"s":"new"}"#, "");
    assert_eq!(
        (code, outcomes, sent),
        (
            1,
            vec![
                "wait: different expect $.s expectation".to_owned(),
                "then: skipped (needs)".to_owned()
            ],
            0
        )
    );
    assert!(
        explain[0].starts_with("breaking ") && explain[0].contains("polled for 20ms"),
        "{explain:?}"
    );
}

#[test]
fn what_one_side_reaches_is_different_though_the_place_is_ignored() {
    let (code, outcomes, explain, sent) = run(
        r#"{"s":"done"}"#,
        r#"{"s":"new"}"#,
        ", compare: { ignore: [ $.s ] }",
    );
    assert_eq!(
        (code, outcomes, sent),
        (
            1,
            vec![
                "wait: different expect $.s expectation".to_owned(),
                "then: skipped (needs)".to_owned()
            ],
            0
        )
    );
    assert!(explain[0].contains("the new side"), "{explain:?}");
}

#[test]
fn what_both_sides_reach_is_the_same() {
    let (code, outcomes, explain, sent) = run(r#"{"s":"done"}"#, r#"{"s":"done"}"#, "");
    let expected = vec!["wait: same".to_owned(), "then: same".to_owned()];
    assert_eq!((code, outcomes, explain.len(), sent), (0, expected, 0, 2));
}
