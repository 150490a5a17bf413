//! What a grant case takes from its answers, and what it has no use for.

use crate::issuer::{Issuer, side};
use crate::sandbox::{Sandbox, outcomes};

struct Bench {
    issuers: [Issuer; 2],
    sandbox: Sandbox,
}

fn bench(cases: &str) -> Bench {
    let issuers = [Issuer::start("old", 3600), Issuer::start("new", 3600)];
    let sandbox = Sandbox::new();
    let [old, new] = &issuers;
    let pair = format!("{}{}", side("old", &old.url()), side("new", &new.url()));
    sandbox.file(
        "cutover.yaml",
        &format!("apis: {{ a: {{ old: /, new: / }} }}\n{pair}"),
    );
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\nvars: {{ v: 1 }}\ntoken: app\ncases:\n{cases}"),
    );
    Bench { issuers, sandbox }
}

/// What `check` says of a grant case with these keys: messages with their lines, and what to do.
fn told(case: &str) -> (i32, Vec<String>) {
    let bench = bench(&format!("  - {{ name: x, {case} }}\n"));
    let ran = bench.sandbox.run(&["check"]);
    let lines = ran.err.lines();
    let errors = lines.filter(|line| line.starts_with("error: "));
    for issuer in &bench.issuers {
        assert_eq!(issuer.server.seen().len(), 0, "check sends nothing");
    }
    (ran.code, errors.map(str::to_owned).collect())
}

#[test]
fn captures_of_a_grant_are_values_of_the_cases_behind_it() {
    let bench = bench(
        "  - { name: g, grant: client_credentials, capture: { t: \"token:$.access_token\", life: \"token:expires_in\", s: status } }
  - { name: use, request: \"GET /x/{{life}}/{{s}}\", token: none, headers: { Authorization: \"Bearer {{t}}\" }, expect: { status: 200 } }
",
    );
    let (ran, results) = bench.sandbox.results(&["run", "--keep-exchanges", "all"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["g: same".to_owned(), "use: same".to_owned()]),
        "{}",
        ran.err
    );
    for (name, issuer) in ["old", "new"].iter().zip(&bench.issuers) {
        assert_eq!(
            issuer.credentials(),
            [format!("Bearer {name}-token-000001")]
        );
        assert_eq!(issuer.server.asked("/x/3600/200").len(), 1);
    }
    // A captured token is a secret wherever it turns up.
    let shown = serde_json::to_string(&results).unwrap() + &ran.out + &ran.err;
    assert!(!shown.contains("-token-000001"), "{shown}");
}

#[test]
fn what_is_not_in_a_token_answer_is_an_expectation_that_fails() {
    let bench = bench(
        "  - { name: g, grant: client_credentials, capture: { a: \"claims:$.sub\", b: \"token:$.nope\" } }
  - { name: use, request: \"GET /{{a}}/{{b}}\" }
",
    );
    let (ran, results) = bench.sandbox.results(&["run"]);
    assert_eq!(ran.code, 1);
    let outcomes = outcomes(&results);
    assert!(
        outcomes[0].starts_with("g: different expect claims:$.sub expectation"),
        "{outcomes:?}"
    );
    assert!(outcomes[0].contains("expect token:$.nope expectation"));
    assert_eq!(outcomes[1], "use: inconclusive (needs)");
}

#[test]
fn a_refresh_is_a_write_whatever_the_suite_says() {
    let error = "error: a grant has no use for `safe`".to_owned();
    assert_eq!(
        told("grant: client_credentials, safe: true"),
        (2, vec![error])
    );
}

#[test]
fn a_grant_says_what_it_has_no_use_for() {
    for (keys, useless) in [
        ("headers: { X: y }", "`headers`"),
        ("json: { a: 1 }", "`json`"),
        ("poll: { until: { status: 299 } }", "`poll`"),
        ("old: { headers: { X: y } }", "`headers`"),
        ("new: { text: y }, form: { a: b }", "`form`, `text`"),
    ] {
        let expected = vec![format!("error: a grant has no use for {useless}")];
        let got = told(&format!("grant: client_credentials, {keys}"));
        assert_eq!(got, (2, expected), "{keys}");
    }
}

#[test]
fn a_request_says_what_only_a_grant_has() {
    for (keys, wrong) in [
        ("expect: { token: jwt }", vec!["`token` is expected"]),
        (
            "expect: { status: 200, old: { token: jwt, claims: { aud: x } } }",
            vec!["`token` is expected", "`claims` is expected"],
        ),
        (
            "poll: { until: { claims: { aud: x } } }",
            vec!["`claims` is expected"],
        ),
        (
            "capture: { t: \"token:$.access_token\" }",
            vec!["`token:$.access_token` is captured"],
        ),
    ] {
        let expected = wrong
            .into_iter()
            .map(|what| format!("error: {what} of a grant, and this case is none"));
        let got = told(&format!("request: GET /x, {keys}"));
        assert_eq!(got, (2, expected.collect()), "{keys}");
    }
}

#[test]
fn a_path_in_a_token_is_looked_at_before_anything_is_sent() {
    let (code, errors) = told("grant: client_credentials, capture: { t: \"token:$.a[\" }");
    assert_eq!((code, errors.len()), (2, 1), "{errors:?}");
    assert!(errors[0].starts_with("error: bad JSONPath"), "{errors:?}");
}

#[test]
fn an_evicted_token_can_be_accepted() {
    for (path, code) in [("", 0), (", path: \"\"", 0), (", path: $.x", 1)] {
        let bench = bench(&format!(
            "  - {{ name: x, request: GET /fine, new: {{ request: GET /evict }}, accept: [ {{ where: token, kind: evicted, because: ours{path} }} ] }}\n"
        ));
        let (ran, results) = bench.sandbox.results(&["run"]);
        let verdict = ["accepted", "different"][usize::from(code == 1)];
        let expected = vec![format!("x: {verdict} token  evicted")];
        assert_eq!((ran.code, outcomes(&results)), (code, expected), "{path}");
    }
}
