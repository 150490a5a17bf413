//! What requests tell of the use of a token: whether its own gateway takes it, and what reaches the backend; and
//! a token that is longer than its platform's documents say.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cutover::pair::Side;
use cutover::results::Results;
use serde_json::json;

use crate::sandbox::{Sandbox, outcomes};
use crate::serve::{Seen, Server, answer, json as ok};

/// A gateway before a backend that answers with the headers it was sent: what the gateway takes away and what it
/// adds is data, as is the length of the tokens.
pub(crate) fn gateway(
    strips: bool,
    adds: &'static [(&'static str, &'static str)],
    length: usize,
) -> Server {
    Server::answering(move |seen: &Seen| {
        if seen.target == "/token" {
            let token = "a1B2".repeat(length / 4);
            let body = json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600 });
            let headers = [
                ("Content-Type", "application/json"),
                ("Cache-Control", "no-store"),
            ];
            return answer(200, &headers, &body.to_string());
        }
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &seen.headers {
            headers.insert(name.to_ascii_lowercase(), value.clone());
        }
        headers.remove("host");
        if strips {
            headers.remove("authorization");
        }
        for (name, value) in adds {
            headers.insert((*name).to_owned(), (*value).to_owned());
        }
        ok(&json!({ "headers": headers }).to_string())
    })
}

const TOKENS: &str = "tokens: { app: { token_endpoint: 'URL/token', client_id: me, client_secret: a-secret-of-tests }, \
                      key: { grant: api_key, value: a-key-of-this-test, header: apikey } }";

pub(crate) fn sandbox(old: &Server, new: &Server, more: &str, cases: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let side = |name: &str, url: &str, more: &str| {
        let tokens = TOKENS.replace("URL", url);
        format!("{name}:\n  url: {url}\n  {tokens}\n{more}")
    };
    let pair = side("old", &old.url(), "") + &side("new", &new.url(), more);
    sandbox.file("cutover.yaml", &pair);
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ntoken: app\ncases:\n{cases}"),
    );
    sandbox
}

/// The exit code, the outcomes, and of each difference of the first case its check and its weight.
fn told(sandbox: &Sandbox) -> (i32, Vec<String>, Vec<String>) {
    let (ran, results) = sandbox.results(&["run"]);
    let found = results.cases[0].differences.iter();
    let found = found.map(|d| format!("{} {}", d.check.as_deref().unwrap_or("-"), d.severity));
    (ran.code, outcomes(&results), found.collect())
}

pub(crate) const ECHO: &str = "  - name: seen\n    request: GET /seen\n    expect: { status: 200 }\n    \
                    compare: { pattern: { \"$.headers.authorization\": any } }\n";

#[test]
fn what_reaches_the_backend_is_a_check_of_its_own() {
    let same = (0, vec!["seen: same".to_owned()], vec![]);
    let open = || gateway(false, &[], 36);
    assert_eq!(told(&sandbox(&open(), &open(), "", ECHO)), same);
    // One side takes the token away and names the caller, the other hands the token on.
    let names = &[("eg-consumer-id", "c-17")];
    let strict = || gateway(true, names, 36);
    assert_eq!(told(&sandbox(&strict(), &strict(), "", ECHO)), same);
    let (code, cases, checks) = told(&sandbox(&strict(), &open(), "", ECHO));
    let moved = "seen: different body $.headers['eg-consumer-id'] removed, \
                 body $.headers.authorization added";
    assert_eq!((code, cases), (1, vec![moved.to_owned()]));
    assert_eq!(checks, ["E14 breaking", "E13 breaking"]);
    // The other way round, as a rollback would be.
    let (code, _, checks) = told(&sandbox(&open(), &strict(), "", ECHO));
    let found: Vec<&str> = checks.iter().map(String::as_str).collect();
    assert_eq!((code, found), (1, vec!["E13 breaking", "E14 breaking"]));
    // Another caller in the same header.
    let other = gateway(true, &[("eg-consumer-id", "c-88")], 36);
    let (code, _, checks) = told(&sandbox(&strict(), &other, "", ECHO));
    assert_eq!((code, checks), (1, vec!["E14 breaking".to_owned()]));
}

#[test]
fn a_token_that_its_own_gateway_refuses_is_named() {
    let refusing = || {
        Server::answering(|seen: &Seen| match seen.target.as_str() {
            "/token" => {
                ok(r#"{"access_token":"a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2","token_type":"Bearer"}"#)
            }
            _ => answer(401, &[("WWW-Authenticate", "Bearer")], ""),
        })
    };
    for (token, check) in [("app", "E01 breaking"), ("key", "E05 breaking")] {
        let case = format!("  - {{ name: a, request: GET /a, token: {token} }}\n");
        let open = Server::answering(|seen: &Seen| match seen.target.as_str() {
            "/token" => {
                ok(r#"{"access_token":"a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2","token_type":"Bearer"}"#)
            }
            _ => ok("{}"),
        });
        let (code, cases, checks) = told(&sandbox(&open, &refusing(), "", &case));
        assert!(
            cases[0].starts_with("a: different status  value"),
            "{cases:?}"
        );
        assert_eq!((code, checks[0].as_str()), (1, check));
    }
    // Nothing is said of tokens where none was sent.
    let open = Server::json("{}");
    let case = "  - { name: a, request: GET /a, token: none }\n";
    let (code, _, checks) = told(&sandbox(&open, &refusing(), "", case));
    assert_eq!((code, checks[0].as_str()), (1, "- breaking"));
}

#[test]
fn a_token_that_is_longer_than_the_documents_say_is_told() {
    let case = "  - { name: t, grant: client_credentials }\n";
    let run = |length: usize| {
        let (old, new) = (gateway(false, &[], 1200), gateway(false, &[], length));
        let sandbox = sandbox(&old, &new, "  platform: platform.yaml\n", case);
        sandbox.file("platform.yaml", "platform: ours\nlongest_token: 1220\n");
        told(&sandbox)
    };
    assert_eq!(run(1220), (0, vec!["t: same".to_owned()], vec![]));
    let longer = vec!["t: different token $.access_token length".to_owned()];
    assert_eq!(run(1224), (1, longer, vec!["B17 risky".to_owned()]));
}

/// A JWT whose roles have so many characters; nobody checks its signature here.
fn jwt(roles: usize) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(json!({ "alg": "RS256", "typ": "at+jwt" }));
    let said = part(json!({ "roles": "r".repeat(roles) }));
    format!("{head}.{said}.{}", "c".repeat(342))
}

/// A run with three clients on each side, whose tokens name roles of so many characters.
pub(crate) fn of_three_clients(old: [usize; 3], new: [usize; 3]) -> (i32, Results) {
    let issuer = |roles: [usize; 3]| {
        Server::answering(move |seen: &Seen| {
            if seen.target != "/token" {
                return ok("{}");
            }
            let client = (0..3).find(|n| seen.body.contains(&format!("client_id=c{n}")));
            let token = jwt(roles[client.unwrap()]);
            ok(&json!({ "access_token": token, "token_type": "Bearer" }).to_string())
        })
    };
    let (old, new) = (issuer(old), issuer(new));
    let sandbox = Sandbox::new();
    let side = |name: &str, url: &str| {
        let mut text = format!("{name}:\n  url: {url}\n  tokens:\n");
        for n in 0..3 {
            let client = format!("client_id: c{n}, client_secret: a-secret-of-tests");
            text += &format!(
                "    t{n}: {{ token_endpoint: '{url}/token', {client}, client_auth: client_secret_post }}\n"
            );
        }
        text
    };
    sandbox.file(
        "cutover.yaml",
        &(side("old", &old.url()) + &side("new", &new.url())),
    );
    let cases = (0..3).map(|n| format!("  - {{ name: c{n}, request: GET /{n}, token: t{n} }}\n"));
    let cases: String = cases.collect();
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{cases}"));
    let (ran, results) = sandbox.results(&["run"]);
    (ran.code, results)
}

#[test]
fn jwts_of_very_different_length_are_warned_of() {
    let warnings = |old: [usize; 3], new: [usize; 3]| {
        let (code, results) = of_three_clients(old, new);
        assert_eq!(code, 0);
        let all = results.warnings.into_iter();
        all.map(|warning| (warning.code, warning.side, warning.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(warnings([10, 100, 200], [10, 100, 200]), []);
    let told = warnings([10, 100, 200], [10, 100, 4000]);
    assert_eq!(told.len(), 1, "{told:?}");
    let (code, side, message) = &told[0];
    assert_eq!(
        (code.as_str(), *side),
        ("token-length-spread", Some(Side::New))
    );
    let longest = jwt(4000).len();
    assert!(
        message.starts_with(&format!("the token of `t2` has {longest} characters"))
            && message.ends_with("(check B16)"),
        "{message}"
    );
}
