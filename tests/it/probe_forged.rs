//! What was done to a token, told by those that were issued.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use serde_json::Value;

use crate::probe_gate::now;

const KEY: &str = include_str!("../../mocks/keys/test-only-rsa4096.pem");

/// What was done to a token that was never issued.
pub(crate) fn forged(issued: &[&str], ids: &[String], token: &str) -> Option<&'static str> {
    if ids.iter().any(|id| id == token) {
        return Some("id-token");
    }
    if let Some(known) = issued.iter().find(|known| known.len() == token.len()) {
        let differ = known.chars().zip(token.chars()).filter(|(a, b)| a != b);
        if differ.count() == 1 {
            return Some("one-character");
        }
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [head, said, signature] = parts.as_slice() else {
        let cut = issued.iter().any(|known| known.starts_with(token));
        return Some(if cut { "truncated" } else { "foreign" });
    };
    let header = decoded(head)?;
    match header["alg"].as_str()? {
        "none" => return Some("none"),
        "nOnE" => return Some("none-mixed-case"),
        "HS256" => return by_secret(token, &header),
        _ => {}
    }
    // Signed by a key that its header brings, or leads to.
    let own = |name: &str| {
        header[name]
            .as_str()
            .is_some_and(|url| url.starts_with("data:"))
    };
    match () {
        () if own("jku") => return Some("key-url"),
        () if own("x5u") => return Some("certificate-url"),
        () if header["x5c"].is_array() => return Some("certificate"),
        () => {}
    }
    if signature.is_empty() {
        return Some("stripped");
    }
    if issued.iter().any(|known| known.starts_with(token)) {
        return Some("truncated");
    }
    let claims = decoded(said)?;
    // Signed by a key that it names itself.
    let mut known = issued.iter();
    if decoded(head)?["jwk"].is_object()
        && known.any(|known| known.split('.').nth(1) == Some(*said))
    {
        return Some("foreign-key");
    }
    if claims["scope"] != "default" {
        return Some("payload");
    }
    let nobody = "https://cutover.invalid/";
    Some(match () {
        () if claims["aud"] == nobody && claims["iss"] == nobody => "claims",
        () if claims["aud"] == nobody => "aud",
        () if claims["iss"] == nobody => "iss",
        () if claims["exp"].as_u64()? < now() => "expired",
        () => "foreign",
    })
}

/// What a token is signed with that is signed with a secret.
fn by_secret(token: &str, header: &Value) -> Option<&'static str> {
    let (message, signature) = token.rsplit_once('.')?;
    let made = |secret: &str| {
        let key = DecodingKey::from_secret(secret.as_bytes());
        crypto::verify(signature, message.as_bytes(), &key, Algorithm::HS256).unwrap()
    };
    let path = header["kid"].as_str()?.ends_with("/../dev/null");
    match () {
        () if path && made("") => Some("key-path"),
        () if made(&public_key()) => Some("public-key"),
        () if made(public_key().trim_end()) => Some("public-key-trimmed"),
        () => None,
    }
}

/// The issuer's public key as a library other than ours writes it.
fn public_key() -> String {
    let pair = rcgen::KeyPair::from_pem(&KEY[KEY.find("-----BEGIN").unwrap()..]).unwrap();
    pair.public_key_pem().replace('\r', "")
}

/// The issuer's keys, as it publishes them.
pub(crate) fn key_set() -> String {
    let _ = crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let pem = &KEY[KEY.find("-----BEGIN").unwrap()..];
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
    jwk.common.key_id = Some("k".to_owned());
    serde_json::to_string(&JwkSet { keys: vec![jwk] }).unwrap()
}

fn decoded(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}
