//! What a report keeps of a program's requests: the one that a finding is about, beside the like one with opaque
//! tokens, and nothing of a token.

use cutover::results::{CaseResult, SideResult, Verdict};

use crate::client_suites::shell;
use crate::clients::{client as run, profile};
use crate::sandbox::Sandbox;

/// Keeps 400 characters of its token, and puts them everywhere. What it was given is written to `$SEEN`.
const CUTS: &str = r#"
token=$(curl --silent --user "$CUTOVER_CLIENT_ID:$CUTOVER_CLIENT_SECRET" --data grant_type=client_credentials \
  "$CUTOVER_TOKEN_URL" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
printf '%s\n' "$token" >>"$SEEN"
part=$(printf '%s' "$token" | cut -c1-400)
curl --silent --output answer --header "Authorization: Bearer $part" --cookie "t=$part" --data "note $part" \
  "$CUTOVER_API_URL/orders?t=$part"
"#;

fn side(side: Option<&SideResult>) -> String {
    let Some(record) = side.and_then(|side| side.exchange.as_ref()) else {
        return "none".to_owned();
    };
    let (request, response) = (&record.request, record.response.as_ref());
    let url = request.url.clone().unwrap_or_default();
    let path = url.splitn(4, '/').nth(3).unwrap_or(&url).to_owned();
    let status = response.and_then(|response| response.status);
    format!(
        "{} {path} {}",
        request.method.clone().unwrap_or_default(),
        status.unwrap_or_default()
    )
}

fn told(cases: &[CaseResult]) -> Vec<String> {
    let told = cases.iter().map(|case| {
        let sides = [case.old.as_ref(), case.new.as_ref()].map(side);
        format!("{} {}: {}", profile(case), case.verdict, sides.join(" | "))
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    told
}

#[test]
fn the_request_of_a_finding_is_kept_and_nothing_of_its_token() {
    let sandbox = Sandbox::new();
    let aside = tempfile::tempdir().unwrap();
    let seen = aside.path().join("seen");
    sandbox.file("client.sh", CUTS);
    sandbox.file(
        "suite.yaml",
        &format!(
            "name: Orders client\nclient:\n  run: [ sh, client.sh ]\n  env: {{ SEEN: {} }}\n  profiles: [ jwt-choreo ]\n",
            seen.display()
        ),
    );
    let reports = ["--report", "html=r.html", "--journal", "j.jsonl"];
    let (ran, results) = run(&sandbox, &[&reports[..], &["suite.yaml"]].concat());
    assert_eq!(ran.code, 1, "{ran:?}");
    let case = |name| results.cases.iter().find(|case| profile(case) == name);
    let cut = case("jwt-choreo").unwrap();
    let record = cut.new.as_ref().unwrap().exchange.as_ref().unwrap();
    let field = |name: &str| {
        let mut all = record.request.headers.iter();
        all.find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(
        field("authorization"),
        Some("Bearer [secret jwt, 400 characters]")
    );
    assert_eq!(field("user-agent").map(|name| &name[..5]), Some("curl/"));
    let answer = record.response.as_ref().unwrap();
    assert_eq!(answer.status, Some(401));
    assert!(answer.body.contains("900901"), "{}", answer.body);
    let names = answer.headers.iter().map(|(name, _)| name.as_str());
    assert!(names.into_iter().any(|name| name == "WWW-Authenticate"));
    let opaque = cut.old.as_ref().unwrap().exchange.as_ref().unwrap();
    assert_eq!(opaque.response.as_ref().unwrap().status, Some(200));

    let tokens = std::fs::read_to_string(&seen).unwrap();
    let outputs = ["results.json", "r.html", "j.jsonl"].map(|name| sandbox.read(name));
    for token in tokens.lines() {
        // The header of a JWT is the same for all, and no secret.
        let secret = token.split_once('.').map_or(token, |(_, rest)| rest);
        for window in secret.as_bytes().windows(17) {
            let part = std::str::from_utf8(window).unwrap();
            assert!(outputs.iter().all(|text| !text.contains(part)), "{part}");
        }
    }
    assert!(outputs[1].contains("What was sent and received"));
}

#[test]
fn what_is_the_same_has_none_unless_it_is_wanted() {
    let sandbox = Sandbox::new();
    sandbox.file("client.sh", &shell(""));
    let rest = ["--profiles", "jwt-4k", "--", "sh", "client.sh"];
    let (_, results) = run(&sandbox, &rest);
    let none = ["jwt-4k same: none | none", "opaque-uuid same: none | none"];
    assert_eq!(told(&results.cases), none);
    let (_, results) = run(
        &sandbox,
        &[&["--keep-exchanges", "all"], &rest[..]].concat(),
    );
    let all = [
        "jwt-4k same: GET api/orders 200 | GET api/orders 200",
        "opaque-uuid same: GET api/orders 200 | GET api/orders 200",
    ];
    assert_eq!(told(&results.cases), all);
}

#[test]
fn a_program_that_does_not_work_shows_its_last_request() {
    let sandbox = Sandbox::new();
    let login = r#"curl --silent --fail --user "$CUTOVER_CLIENT_ID:wrong" --data grant_type=client_credentials "$CUTOVER_TOKEN_URL""#;
    sandbox.file("client.sh", login);
    let (ran, results) = run(&sandbox, &["--profiles", "jwt-4k", "--", "sh", "client.sh"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let inconclusive = Verdict::Inconclusive;
    assert!(
        results
            .cases
            .iter()
            .all(|case| case.verdict == inconclusive)
    );
    // What was not run has sent nothing.
    let wanted = [
        "jwt-4k inconclusive: none | none",
        "opaque-uuid inconclusive: POST token 401 | POST token 401",
    ];
    assert_eq!(told(&results.cases), wanted);
}
