//! F and T: rows of JWTs, and of clocks. B29 is one of both.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::made::{
    NEW, SECRET, claiming, claims, good, headed, header, json, jwt, members, now, signed, usual,
    with,
};
use super::{Row, hold, rows as table};

#[test]
fn what_a_jwt_lacks_is_found() {
    hold(&rows());
}

/// Every row of F and T, and B29.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = headers();
    rows.extend(claimed());
    rows.extend(clocks());
    rows
}

/// A payload that is no base64url.
fn broken() -> Vec<u8> {
    let token = signed(&header(), &claims());
    let (head, rest) = token.split_once('.').unwrap();
    good(&format!("{head}.x{rest}"))
}

/// A token that is signed with the client's secret.
fn by_secret() -> Vec<u8> {
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let header = Header {
        alg: Algorithm::HS256,
        ..header()
    };
    let mut claims = claims();
    // As long as one that is signed with a key.
    claims["roles"] = json!("r".repeat(480));
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    good(&jsonwebtoken::encode(&header, &claims, &key).unwrap())
}

/// A token whose header has a key.
fn with_a_key() -> Vec<u8> {
    let token = signed(&header(), &claims());
    let rest = token.split_once('.').unwrap().1;
    let header = json!({ "alg": "RS256", "typ": "at+jwt", "jku": "k:1" });
    good(&format!(
        "{}.{rest}",
        URL_SAFE_NO_PAD.encode(header.to_string())
    ))
}

/// A sound answer whose token is bound to a key; the claim that says so.
fn bound(cnf: Option<Value>) -> Vec<u8> {
    let mut claims = claims();
    if let Some(cnf) = cnf {
        claims["cnf"] = cnf;
    }
    let mut members = members(&signed(&header(), &claims));
    members["token_type"] = json!("DPoP");
    json(200, &members.to_string())
}

fn headers() -> Vec<Row> {
    table! {
        "F01" "a payload that cannot be read": jwt, broken => "F01 breaking token claims value";
        "F02" "a token of type JWT": jwt, || headed(|header| header.typ = Some("JWT".into()))
            => "F02 risky token header.typ value";
        "F02" "a logout token": jwt, || headed(|header| header.typ = Some("logout+jwt".into()))
            => "F02 breaking token header.typ value";
        "F04" "a key that nobody published": jwt, || headed(|header| header.kid = Some("k9".into()))
            => "F04 breaking token signature value";
        "F15" "an address of a key in the header": jwt, with_a_key
            => "F04 breaking token signature value", "F15 risky token header value";
        "F03" "a signature with a secret": jwt, by_another_secret
            => "F03 breaking token header.alg value", "F04 breaking token signature value";
        "F19" "a signature with the client's secret": jwt, by_secret
            => "F03 breaking token header.alg value", "F04 breaking token signature value",
               "F19 breaking token signature value";
    }
}

fn by_another_secret() -> Vec<u8> {
    let answer = String::from_utf8(by_secret()).unwrap();
    // The last character but one of the signature: the last holds bits that count for nothing.
    let end = answer
        .find("\",\"expires_in")
        .unwrap_or_else(|| answer.find("\",\"").unwrap());
    let (head, tail) = answer.split_at(end - 2);
    let other = if tail.starts_with('A') { "B" } else { "A" };
    format!("{head}{other}{}", &tail[1..]).into_bytes()
}

const ISSUER: &str = ", issuer: \"https://sts.example.dev\"";
const TO_JWT: &str =
    "grant: client_credentials, expect: { old: { token: opaque }, new: { token: jwt } }";
const SUBJECT: &str = r#"{"active":true,"sub":"c-17","client_id":"me"}"#;

fn claimed() -> Vec<Row> {
    table! {
        "F05" "no issuer": jwt, || claiming("iss", None) => "F05 breaking token claims.$.iss value";
        "F05" "another issuer" [client: ISSUER]: jwt, || claiming("iss", Some(json!("https://sts.example.dev/x")))
            => "F05 breaking token claims.$.iss value";
        "F06" "an end in milliseconds": jwt, || claiming("exp", Some(json!((now() + 3600) * 1000)))
            => "F06 breaking token claims.$.exp value", "B29 breaking token claims.$.exp value";
        "F07" "no audience": jwt, || claiming("aud", None) => "F07 breaking token claims.$.aud value";
        "F08" "no subject": jwt, || claiming("sub", None) => "F08 breaking token claims.$.sub value";
        "F08" "another subject" [introspected: SUBJECT, case: TO_JWT]: usual, || claiming("sub", Some(json!("c-88")))
            => "B13 cosmetic token $.access_token format", "B15 cosmetic token $.access_token length",
               "F08 breaking token claims.$.sub value";
        "F09" "no client": jwt, || claiming("client_id", None) => "F09 breaking token claims.$.client_id value";
        "F10" "no id": jwt, || claiming("jti", None) => "F10 risky token claims.$.jti value";
        "F11" "scopes in a list of the token": jwt, || claiming("scope", Some(json!(["a", "b"])))
            => "F11 breaking token claims.$.scope value";
        "F14" "a person's address": jwt, || claiming("email", Some(json!("c@example.dev")))
            => "F14 risky token claims value";
        "F16" "no key where one was": || bound(Some(json!({ "jkt": "x" }))), || bound(None)
            => "F16 breaking token claims.$.cnf value", "F16 breaking token claims.$.cnf removed";
        "F18" "an ID token": jwt, || claiming("nonce", Some(json!("n"))) => "F18 breaking token claims value";
    }
}

/// A sound answer with the date of so many seconds from now.
fn dated(off: i64) -> Vec<u8> {
    let at = jiff::Timestamp::from_second(now() + off).unwrap();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    with(200, &[("Date", &date.unwrap())], &members(NEW).to_string())
}

/// An answer that names no life, and whose token lives a thousand times as long as the other.
fn a_thousand_times() -> Vec<u8> {
    let mut claims = claims();
    claims["exp"] = json!(now() + 3_600_000);
    let mut members = members(&signed(&header(), &claims));
    members.as_object_mut().unwrap().remove("expires_in");
    json(200, &members.to_string())
}

fn clocks() -> Vec<Row> {
    table! {
        "B29" "a token that ends later than its answer says": jwt, || claiming("exp", Some(json!(now() + 4200)))
            => "B29 breaking token claims.$.exp value";
        "F06" "a life of a thousand times": jwt, a_thousand_times
            => "B24 breaking token $.expires_in removed", "B29 breaking token claims.$.exp value",
               "F06 breaking token claims.$.exp value";
        "T01" "a token of the future": jwt, || claiming("iat", Some(json!(now() + 600)))
            => "T01 breaking token claims.$.iat value";
        "T01" "a token that is over": jwt, || claiming("exp", Some(json!(now() - 600)))
            => "T01 breaking token claims.$.iat value", "B29 breaking token claims.$.exp value";
        "T02" "a clock ten minutes ahead": usual, || dated(600) => "T02 risky header date value";
        "T02" "a clock ten minutes behind": usual, || dated(-600) => "T02 risky header date value";
    }
}
