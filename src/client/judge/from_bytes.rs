//! From the raw bytes of connections to findings: every way in which a token may be sent.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::json;

use super::examples::{Story, terms};
use super::judge;
use crate::client::observation::{Ending, Observation, Seen, Traffic};
use crate::client::profile::Profile;
use crate::message::Headers;
use crate::mock::document::Reissue;
use crate::mock::{Answered, RawConnection};
use crate::results::Difference;

const OPAQUE: &str = "2f9c1a7e-53d4-4b1a-9c55-0a1b2c3d4e5f";
const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJBY21lIiwiYWJjIjoxMjN9.c2lnbmF0dXJlLW9mLXRva2Vu";
const HARD: &str = "a+b/c%20d/EfGhIjKlMnOp==";

/// What is found where a program is given `token` and calls with this behind `Authorization:`.
fn found(token: &str, sent: &str) -> Vec<Difference> {
    let exact = sent == format!(" Bearer {token}");
    let ask = "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 29\r\n\r\ngrant_type=client_credentials";
    let call = format!(
        "GET /api/orders HTTP/1.1\r\nHost: a\r\nAuthorization:{sent}\r\nAccept: */*\r\n\r\n"
    );
    let connection = |id, text: &str| RawConnection {
        id,
        bytes: text.as_bytes().to_vec(),
        cut: false,
        beyond: Vec::new(),
    };
    let answered = |id, path: &str, status, body: String| Answered {
        connection: Some((id, 0)),
        at: Duration::from_millis(id),
        sent: Some(Duration::from_millis(id)),
        path: path.to_owned(),
        status,
        headers: Headers::default(),
        body: Bytes::from(body),
    };
    let answer = json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600 });
    let seen = Seen {
        connections: vec![connection(0, ask), connection(1, &call)],
        answered: vec![
            answered(0, "/token", 200, answer.to_string()),
            answered(
                1,
                "/api/orders",
                if exact { 200 } else { 401 },
                String::new(),
            ),
        ],
    };
    let profile = Profile::named("opaque-uuid").expect("a profile");
    let traffic = Traffic::of(&seen, profile.token());
    assert_eq!(
        (traffic.issued.len(), traffic.calls.len()),
        (1, 1),
        "{sent:?}"
    );
    let ending = Ending::Exit(i32::from(!exact));
    let run = Observation {
        ending,
        issued: traffic.issued,
        asked: traffic.asked,
        calls: traffic.calls,
        ..Story::default().run()
    };
    judge(&run, &terms(Reissue::Same, 3600), None)
}

/// The one finding, as `KIND DETAIL SEVERITY: EXPLAIN`.
fn told(token: &str, sent: &str) -> String {
    let found = found(token, sent);
    let [one] = found.as_slice() else {
        panic!("{sent:?}: {found:?}");
    };
    assert_eq!(one.path, "request[0].authorization");
    assert!(one.advice.is_some(), "{one:?}");
    let detail = serde_json::Value::Object(one.detail.clone());
    format!("{} {detail} {}: {}", one.kind, one.severity, one.explain)
}

fn altered(word: &str, severity: &str, explain: &str) -> String {
    format!(r#"altered {{"change":"{word}"}} {severity}: sent the token {explain}"#)
}

#[test]
fn a_token_that_arrives_as_it_was_issued_is_no_finding() {
    for token in [OPAQUE, JWT, HARD] {
        assert_eq!(found(token, &format!(" Bearer {token}")), []);
    }
    assert_eq!(
        found(OPAQUE, &format!(" bearer {OPAQUE}")).len(),
        1,
        "answered 401"
    );
}

#[test]
fn blanks_and_the_scheme() {
    let cases = [
        (
            format!(" Bearer  {OPAQUE}"),
            OPAQUE,
            "blank added",
            "risky",
            "with a blank before or behind it",
        ),
        (
            format!(" Bearer {OPAQUE} "),
            OPAQUE,
            "blank added",
            "risky",
            "with a blank before or behind it",
        ),
        (
            format!(" Bearer{OPAQUE}"),
            OPAQUE,
            "blank lost",
            "breaking",
            "without a blank between `Bearer` and it",
        ),
        (
            format!(" {OPAQUE}"),
            OPAQUE,
            "scheme lost",
            "breaking",
            "without `Bearer` before it",
        ),
    ];
    for (sent, token, word, severity, explain) in cases {
        assert_eq!(
            told(token, &sent),
            altered(word, severity, explain),
            "{sent:?}"
        );
    }
}

#[test]
fn line_breaks_and_quotes() {
    let cases = [
        (
            format!(" Bearer {JWT}\n"),
            JWT,
            "line break added",
            "breaking",
            "with a line break before or behind it",
        ),
        (
            format!(" Bearer {}\n{}", &JWT[..76], &JWT[76..]),
            JWT,
            "broken into lines",
            "breaking",
            "broken into lines; the first has 76 characters",
        ),
        (
            format!(" Bearer {}\r\n {}", &JWT[..60], &JWT[60..]),
            JWT,
            "folded",
            "breaking",
            "folded over lines of the header, which RFC 9112 section 5.2 forbids",
        ),
        (
            format!(" Bearer \"{JWT}\""),
            JWT,
            "quoted",
            "breaking",
            "in quotation marks",
        ),
        (
            format!(" Bearer b'{JWT}'"),
            JWT,
            "text added",
            "breaking",
            "with other text before or behind it",
        ),
    ];
    for (sent, token, word, severity, explain) in cases {
        assert_eq!(
            told(token, &sent),
            altered(word, severity, explain),
            "{sent:?}"
        );
    }
}

#[test]
fn letter_case_and_other_characters() {
    let mixed = format!("E{}", JWT[1..].to_ascii_lowercase());
    let cases = [
        (
            JWT.to_ascii_lowercase(),
            JWT,
            "lower-cased",
            "in small letters",
        ),
        (
            OPAQUE.to_ascii_uppercase(),
            OPAQUE,
            "upper-cased",
            "in capitals",
        ),
        (
            mixed,
            JWT,
            "letter case changed",
            "with another letter case",
        ),
        (
            format!("{}-x", &JWT[..60]),
            JWT,
            "other characters",
            "with other characters behind the first 60",
        ),
        (
            OPAQUE.replace('c', "x"),
            OPAQUE,
            "other characters",
            "with 3 characters that are other ones",
        ),
    ];
    for (sent, token, word, explain) in cases {
        let wanted = altered(word, "breaking", explain);
        assert_eq!(told(token, &format!(" Bearer {sent}")), wanted, "{sent}");
    }
}

#[test]
fn encodings() {
    let hex = |text: &str| {
        text.bytes()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let cases = [
        (
            "a%2Bb%2Fc%2520d%2FEfGhIjKlMnOp%3D%3D".to_owned(),
            HARD,
            "percent-encoded",
            "percent-encoded",
        ),
        (
            "a b/c%20d/EfGhIjKlMnOp==".to_owned(),
            HARD,
            "form-decoded",
            "form-decoded: `+` became a blank",
        ),
        (
            STANDARD.encode(JWT),
            JWT,
            "base64-encoded",
            "encoded in base64",
        ),
        (hex(OPAQUE), OPAQUE, "hex-encoded", "in hexadecimal digits"),
        (
            "a&#43;b/c%20d/EfGhIjKlMnOp==".to_owned(),
            HARD,
            "escaped as HTML",
            "with character references of HTML",
        ),
        (
            "a+b\\/c%20d\\/EfGhIjKlMnOp==".to_owned(),
            HARD,
            "escaped as JSON",
            "with escapes of JSON",
        ),
    ];
    for (sent, token, word, explain) in cases {
        let wanted = altered(word, "breaking", explain);
        assert_eq!(told(token, &format!(" Bearer {sent}")), wanted, "{sent}");
    }
}

#[test]
fn signs_and_dots() {
    let claims = JWT.split('.').nth(1).expect("claims").to_owned();
    let alphabet =
        "in the other alphabet of base64: `-` and `_` stand for `+` and `/`, or the other way";
    let cases = [
        (
            "a-b_c%20d_EfGhIjKlMnOp==".to_owned(),
            HARD,
            "other base64 alphabet",
            alphabet,
        ),
        (
            "a+b/c%20d/EfGhIjKlMnOp".to_owned(),
            HARD,
            "padding lost",
            "without its `=`",
        ),
        (
            format!("{OPAQUE}="),
            OPAQUE,
            "padding added",
            "with `=` that it does not have",
        ),
        (claims, JWT, "dots cut", "cut at its dots"),
        (JWT.replace('.', ""), JWT, "dots cut", "cut at its dots"),
        (
            JWT.replace('.', "_"),
            JWT,
            "dots replaced",
            "with another character in place of its dots",
        ),
    ];
    for (sent, token, word, explain) in cases {
        let wanted = altered(word, "breaking", explain);
        assert_eq!(told(token, &format!(" Bearer {sent}")), wanted, "{sent}");
    }
}

#[test]
fn what_is_cut_lost_or_foreign() {
    let long = "0123456789abcdef".repeat(92);
    let sent = |text: &str| format!(" Bearer {text}");
    let cut = r#"truncated {"issued":1472,"sent":255} breaking: sent the first 255 of 1,472 characters: looks like a column or buffer of 255"#;
    assert_eq!(told(&long, &sent(&long[..255])), cut);
    let lost = r#"truncated {"issued":78,"sent":50} breaking: sent the last 50 of 78 characters"#;
    assert_eq!(told(JWT, &sent(&JWT[28..])), lost);
    let both = r#"truncated {"issued":78,"sent":76} breaking: sent 76 of 78 characters: 1 are lost at the start and 1 at the end"#;
    assert_eq!(told(JWT, &sent(&JWT[1..77])), both);
    let none = r#"not-sent {"issued":36} breaking: called the API without the token that it had been given (36 characters): `Authorization` has `none` in its place"#;
    assert_eq!(told(OPAQUE, &sent("None")), none);
    let other = "b04e3d92-1c57-4e0d-8f61-77a9c0e2d418";
    let foreign = told(OPAQUE, &sent(other));
    assert!(
        foreign.starts_with(r#"stale {"token":"of another run"} breaking: "#),
        "{foreign}"
    );
}
