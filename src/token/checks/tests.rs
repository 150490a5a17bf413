//! Each check, met and not met; and the page that is made from the table.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::*;

const NOW: i64 = 1_795_000_000;

fn token(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2ln", part(header), part(claims))
}

fn sound() -> (Value, Value) {
    (
        json!({ "alg": "RS256", "typ": "at+jwt", "kid": "a" }),
        json!({ "iss": "https://sts.example.dev", "aud": "api", "sub": "a", "jti": "1",
                "exp": NOW + 900, "iat": NOW, "scope": "a b" }),
    )
}

fn known() -> Known<'static> {
    Known {
        issuer: Some("https://sts.example.dev"),
        expires_in: Some(900),
        scope: Some("b a"),
        now: NOW,
        signature: None,
    }
}

fn unmet(header: &Value, claims: &Value, known: Known<'_>) -> Vec<(&'static str, String)> {
    let found = check_jwt(&token(header, claims), known);
    found.into_iter().map(|u| (u.check.id, u.found)).collect()
}

#[test]
fn a_sound_token_meets_all_and_an_opaque_one_is_not_looked_at() {
    let (header, claims) = sound();
    assert_eq!(unmet(&header, &claims, known()), []);
    assert!(check_jwt("1fa22cef-c791", known()).is_empty());
}

/// Part and name of what is changed, to what, and what is told.
type Mistake = (
    &'static str,
    &'static str,
    Value,
    &'static str,
    &'static str,
);

fn mistakes() -> [Mistake; 14] {
    [
        ("header", "typ", json!("JWT"), "F02", "`typ` is \"JWT\""),
        ("header", "typ", Value::Null, "F02", "`typ` is null"),
        ("header", "alg", json!("HS256"), "F03", "`alg` is \"HS256\""),
        (
            "claims",
            "iss",
            json!("https://sts.example.dev/"),
            "F05",
            "`iss` is \"https://sts.example.dev/\"",
        ),
        ("claims", "iat", json!("now"), "F06", "`iat` is \"now\""),
        (
            "claims",
            "iat",
            json!(NOW * 1000),
            "F06",
            "`iat` is 1795000000000",
        ),
        ("claims", "aud", json!([]), "F07", "`aud` is []"),
        ("claims", "jti", json!(7), "F10", "`jti` is 7"),
        (
            "claims",
            "scope",
            json!(["a", "b"]),
            "F11",
            "`scope` is [\"a\",\"b\"], that of the answer \"b a\"",
        ),
        (
            "claims",
            "scope",
            json!("a"),
            "F11",
            "`scope` is \"a\", that of the answer \"b a\"",
        ),
        ("header", "jwk", json!({}), "F15", "`jwk` is there"),
        ("claims", "nonce", json!("n"), "F18", "`nonce` is there"),
        (
            "claims",
            "exp",
            json!(NOW + 600),
            "B29",
            "`exp` leaves 600 s, `expires_in` says 900",
        ),
        (
            "claims",
            "exp",
            json!(NOW + 1500),
            "B29",
            "`exp` leaves 1500 s, `expires_in` says 900",
        ),
    ]
}

#[test]
fn each_check_tells_its_own_mistake_and_no_other() {
    for (part, name, value, id, found) in mistakes() {
        let (mut header, mut claims) = sound();
        let changed = if part == "header" {
            &mut header
        } else {
            &mut claims
        };
        changed[name] = value;
        assert_eq!(unmet(&header, &claims, known()), [(id, found.to_owned())]);
    }
}

#[test]
fn only_an_issuer_without_a_path_may_have_a_slash_more() {
    let (header, claims) = sound();
    let root = Some("https://sts.example.dev/");
    assert_eq!(
        unmet(
            &header,
            &claims,
            Known {
                issuer: root,
                ..known()
            }
        ),
        []
    );
    let path = Some("https://sts.example.dev/t/");
    let mut claims = claims;
    claims["iss"] = json!("https://sts.example.dev/t");
    let told = unmet(
        &header,
        &claims,
        Known {
            issuer: path,
            ..known()
        },
    );
    assert_eq!(told.len(), 1);
}

#[test]
fn the_signature_counts_where_it_was_checked() {
    let (header, claims) = sound();
    let wrong = Signature::Wrong;
    let told = unmet(
        &header,
        &claims,
        Known {
            signature: Some(&wrong),
            ..known()
        },
    );
    assert_eq!(told, [("F04", wrong.message())]);
    let right = Signature::Verified("a".to_owned());
    let told = unmet(
        &header,
        &claims,
        Known {
            signature: Some(&right),
            ..known()
        },
    );
    assert_eq!(told, []);
}

#[test]
fn the_page_is_made_from_the_table() {
    let mut rows = String::new();
    for check in CHECKS {
        rows.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            check.id,
            check.wants,
            check.rfc,
            check.severity.word(),
            check.advice
        ));
    }
    let page = include_str!("../../../docs/token-checks.md");
    assert!(
        page.ends_with(&rows),
        "docs/token-checks.md must end with\n{rows}"
    );
}
