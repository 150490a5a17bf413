//! [`KeySet`]: the keys of an issuer, and whether a token was signed with one of them.

use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, decode_header};
use url::Url;

use crate::exchange::Target;
use crate::message::{Headers, Request};

/// The signature algorithms that a resource server should take (RFC 8725 section 3.2): public keys
/// only, and never `none`.
const ALLOWED: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What the keys of an issuer say of a token's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// Signed with the key of this id; empty where the key has none.
    Verified(String),
    /// Not signed with any of the keys that it could be signed with.
    Wrong,
    /// The keys have none of this id.
    UnknownKey(String),
    /// An algorithm that must not be taken: `none`, or one with a shared secret.
    NotAllowed(String),
    /// What is there has no keys; why.
    NoKeys(String),
    /// Nothing came of asking for the keys; why.
    Unasked(String),
}

impl Signature {
    /// In words.
    pub fn message(&self) -> String {
        match self {
            Self::Verified(kid) if kid.is_empty() => "verified by JWKS".to_owned(),
            Self::Verified(kid) => format!("verified by JWKS, key {kid}"),
            Self::Wrong => "WRONG: no key of the JWKS made it".to_owned(),
            Self::UnknownKey(kid) => format!("not verified: the JWKS have no key `{kid}`"),
            Self::NotAllowed(alg) => {
                format!("not verified: the algorithm `{alg}` must not be taken")
            }
            Self::NoKeys(why) | Self::Unasked(why) => format!("not verified: {why}"),
        }
    }
}

/// Checks the signature of a JWT by the keys at an address (RFC 7517). A key id that is not among
/// them is looked for once more: keys are rotated.
pub(super) async fn check_signature(
    target: &Target,
    jwks_uri: &Url,
    token: &str,
    timeout: Duration,
) -> Signature {
    for last in [false, true] {
        let keys = match fetch(target, jwks_uri, timeout).await {
            Ok(keys) => keys,
            Err(told) => return told,
        };
        match verify(token, &keys) {
            Signature::UnknownKey(_) if !last => {}
            told => return told,
        }
    }
    // Both rounds end above: the second always tells.
    Signature::NoKeys("the keys changed while they were read".to_owned())
}

async fn fetch(target: &Target, url: &Url, timeout: Duration) -> Result<JwkSet, Signature> {
    let request = Request {
        method: "GET".to_owned(),
        url: url.to_string(),
        headers: Headers(vec![
            ("Accept".to_owned(), b"application/json".to_vec()),
            ("User-Agent".to_owned(), crate::USER_AGENT.into()),
        ]),
        body: bytes::Bytes::new(),
    };
    let answer = target.send(&request, timeout).await;
    let answer = answer.map_err(|failure| Signature::Unasked(failure.message))?;
    let response = answer.response;
    let none = |why: String| Err(Signature::NoKeys(why));
    if response.status != 200 {
        return none(format!("the JWKS at {url} answer {}", response.status));
    }
    let Some(keys) = read_keys(&response.body) else {
        return none(format!("what is at {url} is no JWKS (RFC 7517 section 5)"));
    };
    if keys.keys.is_empty() {
        return none(format!("the JWKS at {url} have no key"));
    }
    Ok(keys)
}

/// The keys of a set; those of a kind that is not known are passed over (RFC 7517 section 5).
fn read_keys(text: &[u8]) -> Option<JwkSet> {
    let set: serde_json::Value = serde_json::from_slice(text).ok()?;
    let keys = set.get("keys")?.as_array()?.iter();
    let known = keys.filter_map(|key| serde_json::from_value(key.clone()).ok());
    Some(JwkSet {
        keys: known.collect(),
    })
}

fn verify(token: &str, keys: &JwkSet) -> Signature {
    let Some((message, signature)) = token.rsplit_once('.') else {
        return Signature::Wrong;
    };
    // The library knows no `none`: what it cannot read is told by the header's own word.
    let Ok(header) = decode_header(token) else {
        return Signature::NotAllowed(named_algorithm(token));
    };
    if !ALLOWED.contains(&header.alg) {
        return Signature::NotAllowed(named_algorithm(token));
    }
    let candidates: Vec<_> = match &header.kid {
        Some(kid) => keys.find(kid).into_iter().collect(),
        None => keys.keys.iter().collect(),
    };
    if candidates.is_empty() {
        return Signature::UnknownKey(header.kid.unwrap_or_default());
    }
    let made_it = candidates.into_iter().find(|jwk| {
        DecodingKey::from_jwk(jwk).is_ok_and(|key| {
            let checked =
                jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, header.alg);
            checked.unwrap_or(false)
        })
    });
    match made_it {
        Some(jwk) => Signature::Verified(jwk.common.key_id.clone().unwrap_or_default()),
        None => Signature::Wrong,
    }
}

fn named_algorithm(token: &str) -> String {
    let header = super::shape::header(token).unwrap_or_default();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap_or_default();
    header["alg"].as_str().unwrap_or("?").to_owned()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    fn keys(value: serde_json::Value) -> JwkSet {
        serde_json::from_value(value).unwrap()
    }

    fn token(header: &serde_json::Value) -> String {
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", part(header), part(&json!({ "sub": "a" })))
    }

    #[test]
    fn what_must_not_be_taken_is_not_even_tried() {
        let none = keys(json!({ "keys": [] }));
        for alg in ["none", "HS256", "no such"] {
            let told = verify(&token(&json!({ "alg": alg, "kid": "a" })), &none);
            assert_eq!(told, Signature::NotAllowed(alg.to_owned()));
        }
    }

    #[test]
    fn an_unknown_key_and_a_wrong_signature_are_told_apart() {
        // The public key of RFC 7517 appendix A.1.
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let keys = keys(json!({ "keys": [ { "kty": "RSA", "kid": "a", "n": n, "e": "AQAB" } ] }));
        let other = verify(&token(&json!({ "alg": "RS256", "kid": "b" })), &keys);
        assert_eq!(other, Signature::UnknownKey("b".to_owned()));
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let wrong = verify(&token(&json!({ "alg": "RS256", "kid": "a" })), &keys);
        assert_eq!(wrong, Signature::Wrong);
    }
}
