//! A token endpoint, or a key set, that answers what it should not: a clear verdict each time, no panic,
//! and nothing of a secret in any output.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use cutover::results::{Results, Severity};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox, outcomes};
use crate::serve::{Seen, Server, answer};

pub(crate) const SECRET: &str = "a-client-secret-of-this-test";
const PEM: &str = include_str!("../../mocks/keys/test-only-rsa4096.pem");

static KEY: LazyLock<EncodingKey> = LazyLock::new(|| {
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let start = PEM.find("-----BEGIN").unwrap();
    EncodingKey::from_rsa_pem(&PEM.as_bytes()[start..]).unwrap()
});

pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

pub(crate) fn claims() -> Value {
    json!({ "iss": "https://sts.example.dev", "aud": "api", "sub": "me", "client_id": "me", "jti": uuid(),
            "exp": now() + 3600, "iat": now() })
}

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

pub(crate) fn signed(claims: &Value) -> String {
    of_type("at+jwt", claims)
}

fn of_type(typ: &str, claims: &Value) -> String {
    let header = Header {
        typ: Some(typ.to_owned()),
        kid: Some("k1".to_owned()),
        ..Header::new(Algorithm::RS256)
    };
    jsonwebtoken::encode(&header, claims, &KEY).unwrap()
}

pub(crate) fn keys(kid: &str) -> String {
    let mut jwk = Jwk::from_encoding_key(&KEY, Algorithm::RS256).unwrap();
    jwk.common.key_id = Some(kid.to_owned());
    serde_json::to_string(&JwkSet { keys: vec![jwk] }).unwrap()
}

pub(crate) fn json_answer(status: u16, body: &str) -> Vec<u8> {
    let headers = [
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-store"),
    ];
    answer(status, &headers, body)
}

pub(crate) fn token_answer(token: &str) -> Vec<u8> {
    let body = json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600 });
    json_answer(200, &body.to_string())
}

/// A side that is sound in all but what is put in place of it.
#[derive(Clone, Copy)]
pub(crate) struct Side {
    pub(crate) token: fn() -> Vec<u8>,
    pub(crate) keys: fn() -> Vec<u8>,
}

pub(crate) const SOUND: Side = Side {
    token: || token_answer(&signed(&claims())),
    keys: || json_answer(200, &keys("k1")),
};

pub(crate) fn serve(side: Side) -> Server {
    Server::answering(move |seen: &Seen| match seen.target.as_str() {
        "/token" => (side.token)(),
        "/keys" => (side.keys)(),
        _ => json_answer(200, "{}"),
    })
}

const SUITE: &str = "name: A\ntoken: app\ncases:\n  - { name: t, grant: client_credentials }\n  - { name: r, request: GET /r }\n";

pub(crate) fn pair(old: &Server, new: &Server) -> String {
    let side = |name: &str, url: &str| {
        format!(
            "{name}:\n  url: {url}\n  timeout: 5m\n  tokens: {{ app: {{ token_endpoint: '{url}/token', jwks_uri: '{url}/keys', client_id: me, client_secret: {SECRET} }} }}\n"
        )
    };
    side("old", &old.url()) + &side("new", &new.url())
}

/// A run against a sound old side and this new one. Nothing of the secret may come out, nor a panic.
fn run(new: Side) -> (Ran, Results, Server) {
    against(serve(new))
}

fn against(new: Server) -> (Ran, Results, Server) {
    let old = serve(SOUND);
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old, &new));
    sandbox.file("suites/a.yaml", SUITE);
    let (ran, results) = sandbox.results(&["run", "-j", "1", "--journal", "j.jsonl"]);
    let files = ["results.json", "j.jsonl"].map(|name| sandbox.read(name));
    for text in files.iter().chain([&ran.out, &ran.err]) {
        assert!(
            !text.contains(SECRET) && !text.contains("panicked"),
            "{text}"
        );
        let shown = ["eyJ", "t0kent0ken"]
            .iter()
            .any(|token| text.contains(token));
        assert!(!shown, "a token in the output");
    }
    (ran, results, new)
}

/// Exit code, what became of each case, and the check of each difference of the token case.
fn told(new: Side) -> (i32, Vec<String>, Vec<String>) {
    let (ran, results, _) = run(new);
    let checks = results.cases[0].differences.iter();
    let checks = checks
        .map(|d| d.check.clone().unwrap_or_default())
        .collect();
    (ran.code, outcomes(&results), checks)
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

const UNREACHED: &str = "r: inconclusive (token)";

#[test]
fn two_sound_sides_are_the_same() {
    assert_eq!(told(SOUND), (0, texts(&["t: same", "r: same"]), vec![]));
}

#[test]
fn what_is_no_token_answer_is_a_named_difference() {
    let of = |token: fn() -> Vec<u8>| told(Side { token, ..SOUND });
    let lost = "token $.access_token removed";
    let html = of(|| {
        answer(
            200,
            &[("Content-Type", "text/html")],
            "<html>a-client-secret-of-this-test",
        )
    });
    let case = format!("t: different {lost}, token $ unparsable, token $ value");
    assert_eq!(
        html,
        (1, texts(&[&case, UNREACHED]), texts(&["B09", "B06", "C09"]))
    );
    let error = of(|| json_answer(200, r#"{"error":"server_error"}"#));
    let case = format!("t: different {lost}, token $.error value");
    assert_eq!(
        error,
        (1, texts(&[&case, UNREACHED]), texts(&["B09", "C06"]))
    );
    let down = of(|| {
        answer(
            502,
            &[("Content-Type", "text/html")],
            "<h1>Bad Gateway</h1>",
        )
    });
    let case = format!("t: different status  value, {lost}, token $.error removed");
    assert_eq!(
        down,
        (1, texts(&[&case, UNREACHED]), texts(&["B01", "B09", "C05"]))
    );
    let list = of(|| json_answer(200, "[1]"));
    let case = format!("t: different {lost}, token $ unparsable");
    assert_eq!(
        list,
        (1, texts(&[&case, UNREACHED]), texts(&["B09", "B06"]))
    );
    let null = of(|| json_answer(200, r#"{"access_token":null}"#));
    assert_eq!(
        null,
        (1, texts(&[&case, UNREACHED]), texts(&["B09", "B06"]))
    );
}

#[test]
fn no_answer_is_inconclusive() {
    let nothing = told(Side {
        token: Vec::new,
        ..SOUND
    });
    let cases = texts(&["t: inconclusive (token)", UNREACHED]);
    assert_eq!(nothing, (3, cases, vec![]));
}

#[test]
fn a_token_of_ten_megabytes_is_told_by_its_length_and_never_sent() {
    let (ran, results, new) = run(Side {
        token: || token_answer(&"t0ken".repeat(2_000_000)),
        ..SOUND
    });
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(
        outcomes(&results),
        ["t: different token $.access_token removed", UNREACHED]
    );
    let said = "has 10000000 characters";
    assert!(
        results.cases[0].differences[0].explain.contains(said),
        "{:?}",
        results.cases[0]
    );
    assert_eq!(new.asked("/r"), []);
}

/// A payload that is no base64url.
pub(crate) fn broken() -> Vec<u8> {
    let token = signed(&claims());
    let (head, rest) = token.split_once('.').unwrap();
    token_answer(&format!("{head}.x{rest}"))
}

pub(crate) fn many_claims() -> Vec<u8> {
    let mut claims = claims();
    for n in 0..5_000 {
        claims[format!("claim-{n}")] = json!(n);
    }
    token_answer(&signed(&claims))
}

#[test]
fn a_jwt_that_cannot_be_read_is_one_finding() {
    let broken = told(Side {
        token: broken,
        ..SOUND
    });
    let case = "t: different token claims value";
    assert_eq!(broken, (1, texts(&[case, "r: same"]), texts(&["F01"])));
}

#[test]
fn a_jwt_with_5000_claims_is_told_by_its_length() {
    let many = told(Side {
        token: many_claims,
        ..SOUND
    });
    let case = "t: different token $ length, token $.access_token length";
    assert_eq!(many, (1, texts(&[case, "r: same"]), texts(&["B44", "B15"])));
}

#[test]
fn keys_that_do_not_help() {
    let of = |keys: fn() -> Vec<u8>| told(Side { keys, ..SOUND });
    let unsigned = (
        1,
        texts(&["t: different token signature value", "r: same"]),
        texts(&["F04"]),
    );
    assert_eq!(of(|| json_answer(200, r#"{"keys":[]}"#)), unsigned);
    assert_eq!(of(|| json_answer(200, &keys("another"))), unsigned);
    assert_eq!(of(|| answer(404, &[], "")), unsigned);
    assert_eq!(of(|| answer(200, &[], "<html>")), unsigned);
    // A set of 50,000 keys, the right one last; and one of a kind that nobody knows.
    let huge = of(|| {
        let odd = r#"{"kty":"no such","kid":"x"},"#;
        let one = keys("k1");
        let one = one.strip_prefix("{\"keys\":[").unwrap();
        json_answer(200, &format!("{{\"keys\":[{}{one}", odd.repeat(50_000)))
    });
    assert_eq!(huge, (0, texts(&["t: same", "r: same"]), vec![]));
    let unasked = (3, texts(&["t: inconclusive (token)", "r: same"]), vec![]);
    assert_eq!(of(Vec::new), unasked);
    assert_eq!(of(|| json_answer(200, &huge_keys())), unsigned);
}

/// 20 MB of a key set that is no JSON.
pub(crate) fn huge_keys() -> String {
    format!("{{\"keys\":[{}", "{\"kty\":\"RSA\"},".repeat(1_500_000))
}

/// A new side whose key set is another one the second time: whether the key that signed is in the first, and in
/// the second.
fn rotating(first: &'static str, second: &'static str) -> Server {
    let asked = Arc::new(AtomicUsize::new(0));
    Server::answering(move |seen: &Seen| match seen.target.as_str() {
        "/token" => (SOUND.token)(),
        "/keys" => match asked.fetch_add(1, Ordering::SeqCst) {
            0 => json_answer(200, &keys(first)),
            _ => json_answer(200, &keys(second)),
        },
        _ => json_answer(200, "{}"),
    })
}

/// A key id that is not there is looked for once more, and no more than that; what is said is what the second look
/// shows.
#[test]
fn an_unknown_key_is_looked_for_once_more() {
    let of = |first, second| {
        let (ran, results, new) = against(rotating(first, second));
        let checks = results.cases[0].differences.iter();
        let checks: Vec<_> = checks.filter_map(|d| d.check.clone()).collect();
        let asked = new.asked("/keys").len();
        (ran.code, outcomes(&results), checks, asked)
    };
    let sound = texts(&["t: same", "r: same"]);
    assert_eq!(of("k1", "k1"), (0, sound.clone(), vec![], 1));
    // The issuer has just changed its key.
    assert_eq!(of("k0", "k1"), (0, sound, vec![], 2));
    let unknown = texts(&["t: different token signature value", "r: same"]);
    assert_eq!(of("k0", "k2"), (1, unknown, texts(&["F04"]), 2));
}

/// A JWT of another kind in place of an access token.
#[test]
fn a_logout_token_is_no_access_token() {
    let (ran, results, _) = run(Side {
        token: || token_answer(&of_type("logout+jwt", &claims())),
        ..SOUND
    });
    let found = &results.cases[0].differences[0];
    let told = (found.check.as_deref(), found.path.as_str(), found.severity);
    assert_eq!(told, (Some("F02"), "header.typ", Severity::Breaking));
    let case = "t: different token header.typ value";
    assert_eq!(
        (ran.code, outcomes(&results)),
        (1, texts(&[case, "r: same"]))
    );
}

#[test]
fn times_that_are_wrong_by_ten_minutes() {
    let of = |token: fn() -> Vec<u8>| {
        let (code, cases, checks) = told(Side { token, ..SOUND });
        assert!(cases[0].starts_with("t: different "), "{cases:?}");
        assert_eq!((code, cases[1].as_str()), (1, "r: same"));
        checks
    };
    let ahead = of(|| {
        let mut claims = claims();
        claims["iat"] = json!(now() + 600);
        claims["exp"] = json!(now() + 4200);
        token_answer(&signed(&claims))
    });
    assert_eq!(ahead, ["T01", "B29"]);
    let behind = of(|| {
        let mut claims = claims();
        claims["iat"] = json!(now() - 600);
        claims["exp"] = json!(now() + 3000);
        token_answer(&signed(&claims))
    });
    assert_eq!(behind, ["B29"]);
    let ended = of(|| {
        let mut claims = claims();
        claims["exp"] = json!(now() - 600);
        token_answer(&signed(&claims))
    });
    assert_eq!(ended, ["T01", "B29"]);
    let longer = of(|| {
        let mut claims = claims();
        claims["exp"] = json!(now() + 4200);
        token_answer(&signed(&claims))
    });
    assert_eq!(longer, ["B29"]);
    assert_eq!(of(|| dated(600)), ["T02"]);
    assert_eq!(of(|| dated(-600)), ["T02"]);
}

/// A sound answer with the date of so many seconds from now.
pub(crate) fn dated(off: i64) -> Vec<u8> {
    let at = jiff::Timestamp::from_second(now() + off).unwrap();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    let body = String::from_utf8(token_answer(&signed(&claims()))).unwrap();
    let field = format!("Connection: close\r\nDate: {}", date.unwrap());
    body.replacen("Connection: close", &field, 1).into_bytes()
}

/// What is wrong is told with the times that were compared, and by how much they may differ.
#[test]
fn a_finding_of_a_clock_says_its_leeway() {
    let (_, results, _) = run(Side {
        token: || {
            let mut claims = claims();
            claims["iat"] = json!(now() + 600);
            token_answer(&signed(&claims))
        },
        ..SOUND
    });
    let found = &results.cases[0].differences[0];
    let told = (found.check.as_deref(), found.explain.as_str());
    let explain = told.1.replace("599", "600");
    let wanted = "of the new token: `iat` is 600 s ahead of our clock, more than 5";
    assert_eq!((told.0, explain.as_str()), (Some("T01"), wanted));
}
