//! Token answers as rows have them: a sound one, and the sound one with something else in it.

use std::sync::LazyLock;

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::serve::answer;

pub(super) const SECRET: &str = "a-client-secret-of-this-test";
/// An opaque token of the old side, and one of the new.
pub(super) const OLD: &str = "1fa22cef-c791-3105-9ac4-58511c199aa0";
pub(super) const NEW: &str = "7d3b9c04-52e8-4f16-8a7d-90c1e2b3f465";
/// A refresh token of both.
pub(super) const REFRESH: &str = "c2f8a1d0-7b34-4e92-9d15-3a6b8c7e0f21";
const PEM: &str = include_str!("../../../mocks/keys/test-only-rsa4096.pem");

static KEY: LazyLock<EncodingKey> = LazyLock::new(|| {
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let start = PEM.find("-----BEGIN").unwrap();
    EncodingKey::from_rsa_pem(&PEM.as_bytes()[start..]).unwrap()
});

/// The key set of both sides.
pub(super) fn keys() -> String {
    let mut jwk = Jwk::from_encoding_key(&KEY, Algorithm::RS256).unwrap();
    jwk.common.key_id = Some("k1".to_owned());
    serde_json::to_string(&JwkSet { keys: vec![jwk] }).unwrap()
}

pub(super) fn json(status: u16, body: &str) -> Vec<u8> {
    with(status, &[], body)
}

/// A JSON answer that is not to be stored, with more headers.
pub(super) fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let usual = [
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-store"),
    ];
    answer(status, &[&usual[..], headers].concat(), body)
}

/// The members of a sound answer.
pub(super) fn members(token: &str) -> Value {
    json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": "a b" })
}

/// A sound answer.
pub(super) fn good(token: &str) -> Vec<u8> {
    json(200, &members(token).to_string())
}

/// A sound answer of the old side.
pub(super) fn usual() -> Vec<u8> {
    good(OLD)
}

/// A sound answer of the new side in which a member is another, or gone where the value is none.
pub(super) fn changed(name: &str, value: Option<Value>) -> Vec<u8> {
    let mut members = members(NEW);
    set(&mut members, name, value);
    json(200, &members.to_string())
}

/// An answer with one member more.
pub(super) fn adding(token: &str, name: &str, value: Value) -> Vec<u8> {
    let mut members = members(token);
    members[name] = value;
    json(200, &members.to_string())
}

fn set(members: &mut Value, name: &str, value: Option<Value>) {
    match value {
        Some(value) => members[name] = value,
        None => drop(members.as_object_mut().unwrap().remove(name)),
    }
}

pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// The claims of a sound token.
pub(super) fn claims() -> Value {
    json!({ "iss": "https://sts.example.dev", "aud": "api", "sub": "me", "client_id": "me", "scope": "a b",
            "jti": uuid::Uuid::new_v4().to_string(), "exp": now() + 3600, "iat": now() })
}

/// A token with these claims.
pub(super) fn signed(header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &KEY).unwrap()
}

/// The header of a sound token.
pub(super) fn header() -> Header {
    Header {
        typ: Some("at+jwt".to_owned()),
        kid: Some("k1".to_owned()),
        ..Header::new(Algorithm::RS256)
    }
}

/// A sound JWT.
pub(super) fn jwt() -> Vec<u8> {
    good(&signed(&header(), &claims()))
}

/// An answer whose JWT has another claim, or one less.
pub(super) fn claiming(name: &str, value: Option<Value>) -> Vec<u8> {
    let mut claims = claims();
    set(&mut claims, name, value);
    good(&signed(&header(), &claims))
}

/// An answer whose JWT has another header.
pub(super) fn headed(change: fn(&mut Header)) -> Vec<u8> {
    let mut header = header();
    change(&mut header);
    good(&signed(&header, &claims()))
}

/// A refusal.
pub(super) fn refused(error: &str) -> Vec<u8> {
    json(400, &json!({ "error": error }).to_string())
}
