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
        json!({ "iss": "https://sts.example.dev", "aud": "api", "sub": "a", "jti": "1", "client_id": "me",
                "exp": NOW + 900, "iat": NOW, "scope": "a b" }),
    )
}

fn known() -> Known<'static> {
    Known {
        issuer: Some("https://sts.example.dev"),
        expires_in: Some(900),
        scope: Some("b a"),
        token_type: Some("Bearer"),
        now: NOW,
        took: 0,
        signature: None,
        client_id: Some("me"),
        client_secret: Some("a-secret"),
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

fn of_the_header() -> Vec<Mistake> {
    vec![
        ("header", "typ", json!("JWT"), "F02", "`typ` is \"JWT\""),
        ("header", "typ", Value::Null, "F02", "`typ` is null"),
        ("header", "x5c", json!([]), "F15", "`x5c` is there"),
        ("header", "jwk", json!({}), "F15", "`jwk` is there"),
    ]
}

fn of_the_claims() -> Vec<Mistake> {
    vec![
        (
            "claims",
            "iss",
            json!("https://sts.example.dev/t"),
            "F05",
            "`iss` is \"https://sts.example.dev/t\"",
        ),
        (
            "claims",
            "iss",
            json!("https://sts.example.dev:443"),
            "F05",
            "`iss` is \"https://sts.example.dev:443\"",
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
        ("claims", "aud", json!([1]), "F07", "`aud` is [1]"),
        ("claims", "aud", json!([""]), "F07", "`aud` is [\"\"]"),
        ("claims", "nbf", json!("now"), "F06", "`nbf` is \"now\""),
        ("claims", "sub", json!(""), "F08", "`sub` is \"\""),
        (
            "claims",
            "client_id",
            json!("you"),
            "F09",
            "`client_id` is \"you\"",
        ),
        ("claims", "email", json!("a@b"), "F14", "`email` is there"),
    ]
}

fn of_the_clock_and_the_rest() -> Vec<Mistake> {
    vec![
        (
            "claims",
            "iat",
            json!(NOW + 600),
            "T01",
            "`iat` is 600 s ahead of our clock, more than 5",
        ),
        (
            "claims",
            "nbf",
            json!(NOW + 6),
            "T01",
            "`nbf` is 6 s ahead of our clock, more than 5",
        ),
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
        ("claims", "nonce", json!("n"), "F18", "`nonce` is there"),
        (
            "claims",
            "exp",
            json!(NOW + 600),
            "B29",
            "`exp` leaves 600 s, `expires_in` says 900: more than 5 s apart",
        ),
        (
            "claims",
            "exp",
            json!(NOW + 1500),
            "B29",
            "`exp` leaves 1500 s, `expires_in` says 900: more than 5 s apart",
        ),
    ]
}

#[test]
fn each_check_tells_its_own_mistake_and_no_other() {
    for (part, name, value, id, found) in of_the_header()
        .into_iter()
        .chain(of_the_claims())
        .chain(of_the_clock_and_the_rest())
    {
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
fn only_algorithms_with_a_public_key_are_allowed_and_what_is_found_says_which() {
    let (mut header, claims) = sound();
    for alg in ALGORITHMS {
        header["alg"] = json!(alg);
        assert_eq!(unmet(&header, &claims, known()), [], "{alg}");
    }
    for alg in ["none", "None", "HS256", "RSA-OAEP", "ES", "rs256", ""] {
        header["alg"] = json!(alg);
        let found = format!(
            "`alg` is \"{alg}\"; allowed are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, \
             ES256K, EdDSA, Ed25519"
        );
        assert_eq!(unmet(&header, &claims, known()), [("F03", found)], "{alg}");
    }
}

/// What is within the leeway is no finding; a second more is one.
#[test]
fn clocks_may_differ_by_five_seconds() {
    let (header, claims) = sound();
    let ids = |name: &str, at: i64, expires_in: Option<u64>| {
        let mut claims = claims.clone();
        claims[name] = json!(at);
        let known = Known {
            expires_in,
            ..known()
        };
        let told = unmet(&header, &claims, known).into_iter();
        told.map(|(id, _)| id).collect::<Vec<_>>()
    };
    for name in ["iat", "nbf"] {
        assert_eq!(ids(name, NOW + LEEWAY, Some(900)), [""; 0], "{name}");
        assert_eq!(ids(name, NOW + LEEWAY + 1, Some(900)), ["T01"], "{name}");
    }
    assert_eq!(ids("exp", NOW - LEEWAY, None), [""; 0]);
    assert_eq!(ids("exp", NOW - LEEWAY - 1, None), ["T01"]);
    for off in [LEEWAY, -LEEWAY] {
        assert_eq!(ids("exp", NOW + 900 + off, Some(900)), [""; 0]);
        let more = off + off.signum();
        assert_eq!(ids("exp", NOW + 900 + more, Some(900)), ["B29"]);
    }
}

/// A token that was made when a slow answer began has lived for a while when it comes.
#[test]
fn a_slow_answer_is_no_shorter_life() {
    let ids = |left: i64, took: i64| {
        let (header, mut claims) = sound();
        claims["exp"] = json!(NOW + left);
        let told = unmet(&header, &claims, Known { took, ..known() });
        told.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(ids(890, 0), ["B29"]);
    assert_eq!(ids(890, 5), [""; 0]);
    assert_eq!(ids(906, 5), ["B29"]);
}

/// A token that says to be of another kind is worse than one that does not say what it is (RFC 8725 section 3.11).
#[test]
fn another_kind_of_jwt_is_no_access_token() {
    let (mut header, claims) = sound();
    let mut weight = |typ: &str| {
        header["typ"] = json!(typ);
        let found = check_jwt(&token(&header, &claims), known());
        found
            .iter()
            .map(|unmet| (unmet.check.id, unmet.severity))
            .collect::<Vec<_>>()
    };
    for typ in ["logout+jwt", "application/secevent+jwt", "DPoP+JWT"] {
        assert_eq!(weight(typ), [("F02", Severity::Breaking)], "{typ}");
    }
    for typ in ["JWT", "jwt", "JOSE", ""] {
        assert_eq!(weight(typ), [("F02", Severity::Risky)], "{typ}");
    }
    assert_eq!(weight("AT+JWT"), []);
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
    let mut slashed = claims.clone();
    slashed["iss"] = json!("https://sts.example.dev/");
    assert_eq!(unmet(&header, &slashed, known()), []);
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
fn a_default_port_that_is_written_is_part_of_the_issuer() {
    let (header, mut claims) = sound();
    let issuer = "https://sts.choreo.dev:443/oauth2/token";
    let written = Known {
        issuer: Some(issuer),
        ..known()
    };
    claims["iss"] = json!(issuer);
    assert_eq!(unmet(&header, &claims, written), []);
    claims["iss"] = json!("https://sts.choreo.dev/oauth2/token");
    let told: Vec<&str> = unmet(&header, &claims, written)
        .iter()
        .map(|u| u.0)
        .collect();
    assert_eq!(told, ["F05"]);
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
    let unchecked = Signature::Unchecked("ES512".to_owned());
    let known_by = |signature| Known {
        signature,
        ..known()
    };
    assert_eq!(unmet(&header, &claims, known_by(Some(&unchecked))), []);
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
fn what_cannot_be_read_is_one_finding_and_no_panic() {
    let (header, claims) = sound();
    let sound = token(&header, &claims);
    let (head, _) = sound.split_once('.').unwrap();
    for broken in [
        format!("{head}.@@@.c2ln"),
        format!("{head}.W10.c2ln"),
        format!("{head}.e30.c2l="),
        format!("{head}.e30.x"),
        format!("{head}.."),
    ] {
        let found = check_jwt(&broken, known());
        let ids: Vec<&str> = found.iter().map(|unmet| unmet.check.id).collect();
        assert_eq!(ids, ["F01"], "{broken}");
    }
}

#[test]
fn a_token_that_is_past_its_end_is_told_by_its_clock_and_by_its_life() {
    let (header, mut claims) = sound();
    claims["exp"] = json!(NOW - 600);
    let told = unmet(&header, &claims, known());
    let ids: Vec<&str> = told.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, ["T01", "B29"]);
}

#[test]
fn a_bound_token_names_its_key() {
    let (header, mut claims) = sound();
    let dpop = Known {
        token_type: Some("dpop"),
        ..known()
    };
    assert_eq!(
        unmet(&header, &claims, dpop),
        [("F16", "`cnf` is not there".to_owned())]
    );
    claims["cnf"] = json!({ "jkt": "x" });
    assert_eq!(unmet(&header, &claims, dpop), []);
}

#[test]
fn a_token_signed_with_the_clients_secret_is_told() {
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let (_, claims) = sound();
    let header = jsonwebtoken::Header {
        typ: Some("at+jwt".to_owned()),
        ..jsonwebtoken::Header::new(Algorithm::HS256)
    };
    for (secret, expected) in [
        ("a-secret", vec!["F03", "F19"]),
        ("another-secret", vec!["F03"]),
    ] {
        let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
        let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
        let found = check_jwt(&token, known());
        let ids: Vec<&str> = found.iter().map(|unmet| unmet.check.id).collect();
        assert_eq!(ids, expected);
    }
}
