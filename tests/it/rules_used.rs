//! Rules over a whole run: how often each was of use, what is warned of, and ids that need none.

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::{Server, answer};

#[test]
fn uses_of_rules_are_counted_over_the_run_and_what_changed_nothing_is_warned_of() {
    let old = Server::json("{\"no\":1,\"href\":\"/v1/a\",\"at\":1,\"x\":1}");
    let new = Server::json("{\"no\":1,\"href\":\"/v1/a\",\"at\":2,\"x\":1}");
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let suite = "name: A\ncompare:\n  ignore: [ \"$.at\" ]\n  rename: { \"$.no\": \"$.number\" }\n  \
                 rewrite: [ { path: \"$.href\", from: \"/v1/\", to: \"/v2/\" } ]\n\
                 cases:\n  - { name: x, request: GET /x }\n  - { name: y, request: GET /y }\n";
    sandbox.file("suites/a.yaml", suite);
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["x: same".to_owned(), "y: same".to_owned()])
    );
    let used: Vec<String> = results
        .rules
        .iter()
        .map(|rule| format!("{}: {}: {}", rule.at, rule.rule, rule.used))
        .collect();
    assert_eq!(
        used,
        [
            "suites/a.yaml:3: ignore $.at: 2",
            "suites/a.yaml:4: rename $.no: 0",
            "suites/a.yaml:5: rewrite $.href: 0",
        ]
    );
    let warnings: Vec<&str> = results
        .warnings
        .iter()
        .map(|w| w.message.as_str())
        .collect();
    assert_eq!(
        warnings,
        [
            "suites/a.yaml:4: rename $.no renamed nothing: no answer of the old side had the old name where the new side had \
             the new one: take it away, or mend its paths",
            "suites/a.yaml:5: rewrite $.href rewrote nothing that differed: take it away, or mend its path or its `from`",
        ]
    );
    let strict = sandbox.run(&["run", "--strict"]);
    assert_eq!(strict.code, 3, "{}", strict.out);
    let shown = sandbox.run(&["run", "-v"]);
    assert!(
        shown
            .out
            .contains("suites/a.yaml:3: ignore $.at: of use at 2 places"),
        "{}",
        shown.out
    );
}

/// A side that makes orders of its own, under ids that begin with this.
fn shop(id: &'static str, total: &'static str) -> Server {
    Server::answering(move |seen| {
        if seen.method == "POST" {
            let body = format!("{{\"id\":\"{id}\",\"total\":{total}}}");
            let location = format!("/orders/{id}");
            return answer(
                201,
                &[
                    ("Location", &location),
                    ("Content-Type", "application/json"),
                ],
                &body,
            );
        }
        let body = format!("{{\"of\":\"{id}\",\"self\":\"/orders/{id}?full=1\"}}");
        answer(200, &[("Content-Type", "application/json")], &body)
    })
}

fn made(old: &Server, new: &Server) -> (i32, Vec<String>) {
    let sandbox = Sandbox::new();
    let both = pair(&old.url(), &new.url()).replace("{ url:", "{ writes: allowed, url:");
    sandbox.file("cutover.yaml", &both);
    let suite = "name: A\ncases:\n  - { name: make, request: POST /orders, json: {} }\n  \
                 - { name: read, request: GET /last, needs: [ make ] }\n  \
                 - { name: beside, request: GET /last }\n";
    sandbox.file("suites/a.yaml", suite);
    let (ran, results) = sandbox.results(&["run", "--allow-writes"]);
    (ran.code, outcomes(&results))
}

#[test]
fn the_id_that_a_write_returns_stands_for_the_other_sides_in_its_chain_and_nowhere_else() {
    let (old, new) = (shop("order-1007", "5"), shop("order-2041", "5"));
    assert_eq!(
        made(&old, &new),
        (
            1,
            vec![
                "make: same".to_owned(),
                "read: same".to_owned(),
                "beside: different body $.of value, body $.self value".to_owned(),
            ]
        )
    );
}

#[test]
fn what_else_a_write_returns_and_an_id_of_another_form_are_differences() {
    let (old, new) = (shop("order-1007", "5"), shop("2041", "6"));
    let (code, told) = made(&old, &new);
    assert_eq!(code, 1);
    assert_eq!(
        told[0],
        "make: different header location value, body $.id value, body $.total value"
    );
}
