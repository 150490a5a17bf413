//! A token that cannot be had: exit 3, in the endpoint's own words.

use std::sync::{Arc, Condvar, Mutex};

use cutover::results::Results;

use crate::issuer::{Issuer, side};
use crate::sandbox::{Ran, Sandbox, outcomes};
use crate::serve::{Server, answer, json, nobody};

/// A run in which the old side gives tokens and the new side's endpoint answers this.
fn refused(reply: Vec<u8>) -> (Ran, Results, usize) {
    let old = Issuer::start("old", 3600);
    let new = Server::answering(move |_| reply.clone());
    let sandbox = Sandbox::new();
    let pair = format!("{}{}", side("old", &old.url()), side("new", &new.url()));
    sandbox.file("cutover.yaml", &pair);
    sandbox.file(
        "suites/a.yaml",
        "name: A\ntoken: app\ncases:\n  - { name: a, request: GET /a }\n  - { name: b, request: GET /b }\n  - { name: t, grant: client_credentials }\n",
    );
    let (ran, results) = sandbox.results(&["run", "-j", "1"]);
    assert_eq!(new.asked("/a").len() + new.asked("/b").len(), 0);
    let asked = new.asked("/token").len();
    (ran, results, asked)
}

#[test]
fn a_refused_client_is_told_in_the_endpoints_own_words() {
    let error = r#"{"error":"invalid_client","error_description":"A valid OAuth client could not be found for it"}"#;
    let (ran, results, _) = refused(answer(401, &[], error));
    let said = "credential `app`: the token endpoint answered 401: \
                invalid_client: A valid OAuth client could not be found for it";
    assert_eq!(ran.code, 3);
    let flat = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(flat.matches(said).count(), 3, "{}", ran.out);
    for case in &results.cases[..2] {
        let failure = case.new.as_ref().unwrap().failure.as_ref().unwrap();
        assert_eq!(
            (failure.phase.word(), failure.message.as_str()),
            ("token", said)
        );
    }
    let warnings: Vec<(&str, &str)> = results
        .warnings
        .iter()
        .map(|w| (w.code.as_str(), w.message.as_str()))
        .collect();
    assert_eq!(warnings, [("no-token", said)]);
    assert_eq!(
        outcomes(&results),
        [
            "a: inconclusive (token)",
            "b: inconclusive (token)",
            "t: inconclusive (token)",
        ]
    );
}

/// Exit code, what became of a token case, and the checks of its differences, where the endpoints answer this.
fn compared(expect: &str, old: (u16, &str), new: (u16, &str)) -> (i32, String, Vec<String>) {
    let serve = |(status, body): (u16, &str)| {
        let json = ("Content-Type", "application/json");
        let reply = answer(status, &[json], body);
        Server::answering(move |_| reply.clone())
    };
    let (old, new) = (serve(old), serve(new));
    let sandbox = Sandbox::new();
    let pair = format!("{}{}", side("old", &old.url()), side("new", &new.url()));
    sandbox.file("cutover.yaml", &pair);
    let case = format!("  - {{ name: t, grant: client_credentials{expect} }}\n");
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ntoken: app\ncases:\n{case}"),
    );
    let (ran, results) = sandbox.results(&["run"]);
    let case = &results.cases[0];
    let checks = case.differences.iter();
    let checks = checks.map(|found| found.check.clone().unwrap_or_default());
    let verdict = match case.reason {
        Some(reason) => format!("{} ({})", case.verdict.word(), reason.word()),
        None => case.verdict.word().to_owned(),
    };
    (ran.code, verdict, checks.collect())
}

const TOKEN: &str = r#"{"access_token":"1fa22cef-c791-3105-9ac4-58511c199aa0","token_type":"Bearer","expires_in":3600}"#;
const CLIENT: &str = r#"{"error":"invalid_client"}"#;
const SCOPE: &str = r#"{"error":"invalid_scope"}"#;
const GRANT: &str = r#"{"error":"invalid_grant"}"#;

fn different(checks: &[&str]) -> (i32, String, Vec<String>) {
    let checks = checks.iter().map(|check| (*check).to_owned()).collect();
    (1, "different".to_owned(), checks)
}

#[test]
fn a_refusal_that_the_case_asks_for_is_held_against_the_other_side() {
    let (wants_401, wants_400) = (", expect: { status: 401 }", ", expect: { status: 400 }");
    // The last one is the `expect` that the new side does not meet.
    let flips = different(&["C04", ""]);
    assert_eq!(compared(wants_401, (401, CLIENT), (400, CLIENT)), flips);
    assert_eq!(compared(wants_400, (400, SCOPE), (401, SCOPE)), flips);
    let success = different(&["C04", "C06", ""]);
    assert_eq!(compared(wants_401, (401, CLIENT), (200, CLIENT)), success);
    let same = (0, "same".to_owned(), vec![]);
    assert_eq!(compared(wants_401, (401, CLIENT), (401, CLIENT)), same);
}

#[test]
fn an_error_with_a_status_of_success_and_a_refused_request_are_findings() {
    let found = compared("", (200, TOKEN), (200, CLIENT));
    assert_eq!(found, different(&["B09", "C06"]));
    let found = compared("", (200, TOKEN), (401, GRANT));
    assert_eq!(found, different(&["B01", "B09"]));
    let found = compared("", (200, CLIENT), (200, TOKEN));
    assert_eq!(found, different(&["C17"]));
}

#[test]
fn no_token_on_either_side_is_no_parity() {
    let nothing = (3, "inconclusive (token)".to_owned(), vec![]);
    assert_eq!(compared("", (200, CLIENT), (200, CLIENT)), nothing);
    assert_eq!(compared("", (200, SCOPE), (200, SCOPE)), nothing);
    assert_eq!(compared("", (401, CLIENT), (400, CLIENT)), nothing);
    assert_eq!(compared("", (200, TOKEN), (401, CLIENT)), nothing);
    let meant = compared(", expect: { status: 200 }", (200, SCOPE), (200, SCOPE));
    assert_eq!(meant, (0, "same".to_owned(), vec![]));
}

#[test]
fn what_is_no_token_answer_is_shown() {
    let said = |status: u16, header: (&str, &str), body: &str| {
        let (ran, results, asked) = refused(answer(status, &[header], body));
        assert!(matches!(ran.code, 1 | 3), "{}", ran.err);
        assert!(asked <= 2, "{asked} token requests");
        let message = results.warnings[0].message.clone();
        message.replace("credential `app`: the token endpoint answered ", "")
    };
    let (html, json) = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Type", "application/json"),
    );
    assert_eq!(
        said(502, html, "<html>\n <h1>Oops\u{1b}[2J</h1>\n</html>"),
        "502: no JSON object but an HTML page of 33 bytes, text/html, which begins `<html> <h1>Oops\u{1b}[2J</h1> </html>`"
    );
    // A page that shows the request again, with a secret where the excerpt is cut.
    let echo = format!("{}new-client-secret", "x".repeat(70));
    assert_eq!(
        said(502, html, &echo),
        format!(
            "502: no JSON object but text of 87 bytes, text/html, which begins `{}[secret ap`",
            "x".repeat(70)
        )
    );
    // What a successful answer says may be a token.
    assert_eq!(
        said(200, html, &echo),
        "200: no JSON object but text of 87 bytes, text/html"
    );
    assert_eq!(
        said(200, json, "{\"token_type\":\"Bearer\"}"),
        "200: no access_token in it"
    );
    assert_eq!(said(503, json, ""), "503: its body is empty");
    assert_eq!(
        said(302, ("Location", "https://login.example.com/"), ""),
        "302: it sends the client to https://login.example.com/, and redirects are not followed"
    );
}

#[test]
fn a_refused_endpoint_is_not_asked_by_every_case_that_waits() {
    const CASES: usize = 20;
    let state = Arc::new((Mutex::new((0, 0)), Condvar::new()));
    let new = Server::answering(move |seen| {
        let (counts, changed) = &*state;
        let mut counts = counts.lock().unwrap();
        if seen.target == "/token" {
            counts.0 += 1;
            return match counts.0 {
                1 => json(r#"{"access_token":"a-token-for-a-while","expires_in":3600}"#),
                _ => answer(400, &[], r#"{"error":"unauthorized_client"}"#),
            };
        }
        // Nobody hears of the 401 before all have sent their token.
        counts.1 += 1;
        changed.notify_all();
        drop(changed.wait_while(counts, |counts| counts.1 < CASES));
        answer(401, &[], "")
    });
    let old = Issuer::start("old", 3600);
    let sandbox = Sandbox::new();
    let pair = format!("{}{}", side("old", &old.url()), side("new", &new.url()));
    sandbox.file("cutover.yaml", &pair);
    let cases = (0..CASES).map(|n| format!("  - {{ name: c{n}, request: GET /{n} }}\n"));
    let cases: String = cases.collect();
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ntoken: app\ncases:\n{cases}"),
    );
    let (ran, results) = sandbox.results(&["run", "-j", "20"]);
    assert_eq!(
        (ran.code, results.summary.different),
        (1, CASES),
        "{}",
        ran.out
    );
    // The first token, its refresh or a new one, and no more.
    assert_eq!(new.asked("/token").len(), 2);
}

#[test]
fn commands_that_only_ask_for_tokens_end_with_3_where_a_side_cannot_be_asked() {
    let old = Issuer::start("old", 3600);
    let sandbox = Sandbox::new();
    let pair = format!("{}{}", side("old", &old.url()), side("new", &nobody()));
    sandbox.file("cutover.yaml", &pair);
    sandbox.file(
        "suites/a.yaml",
        "name: A\ntoken: app\ncases:\n  - { name: x, request: GET /x }\n",
    );
    let ran = sandbox.run(&["token", "both"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(
        ran.out.contains("old app")
            && ran
                .out
                .contains("new app: no answer from the token endpoint: "),
        "{}",
        ran.out
    );
    let ran = sandbox.run(&["token", "old", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = sandbox.run(&["check", "--connect"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let warned: Vec<&str> = ran
        .err
        .lines()
        .filter_map(|line| line.split(": ").nth(1))
        .collect();
    assert_eq!(
        warned,
        ["no-connection (new)", "no-token (new)"],
        "{}",
        ran.err
    );
}
