//! [`KeySet`]: the keys of an issuer, and whether a token was signed with one of them.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::key::{ALGORITHMS, Key};
use super::shape::header;
use crate::exchange::Target;
use crate::message::{Headers, Request};

/// What the keys of an issuer say of a token's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// Signed with the key of this id; empty where the key has none.
    Verified(String),
    /// Not signed with any of the keys that it could be signed with.
    Wrong,
    /// The keys have none of this id.
    UnknownKey(String),
    /// No key that it could be signed with is for signatures by this algorithm.
    OtherUse(String),
    /// An algorithm that may be taken, and that nobody here can check.
    Unchecked(String),
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
            Self::OtherUse(alg) => {
                format!("not verified: the JWKS have the key, but not for signatures by `{alg}`")
            }
            Self::Unchecked(alg) => {
                format!("cannot be checked: the algorithm `{alg}` is not known to this tool")
            }
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

/// The public key that a JWT may be checked by, in PEM: the first of its key id that is for its algorithm.
pub(super) async fn public_key(
    target: &Target,
    jwks_uri: &Url,
    token: &str,
    timeout: Duration,
) -> Option<String> {
    let keys = fetch(target, jwks_uri, timeout).await.ok()?;
    let header: Value = serde_json::from_slice(&header(token)?).ok()?;
    let (algorithm, kid) = (header["alg"].as_str()?, header["kid"].as_str());
    let mut fitting = keys
        .iter()
        .filter(|key| key.is_for(algorithm) && (kid.is_none() || key.id.as_deref() == kid));
    fitting.find_map(Key::pem)
}

async fn fetch(target: &Target, url: &Url, timeout: Duration) -> Result<Vec<Key>, Signature> {
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
    if keys.is_empty() {
        return none(format!("the JWKS at {url} have no key"));
    }
    Ok(keys)
}

/// The keys of a set. One of a kind that nobody knows is for no signature (RFC 7517 section 5).
fn read_keys(text: &[u8]) -> Option<Vec<Key>> {
    let mut set: Value = serde_json::from_slice(text).ok()?;
    let Value::Array(keys) = set.get_mut("keys")?.take() else {
        return None;
    };
    let keys = keys.into_iter().filter(Value::is_object);
    Some(keys.map(Key::new).collect())
}

/// Keys that are no alternatives of each other may have one id (RFC 7517 section 4.5): each that is for such
/// signatures is tried.
fn verify(token: &str, keys: &[Key]) -> Signature {
    let Some((message, signature)) = token.rsplit_once('.') else {
        return Signature::Wrong;
    };
    let header: Value =
        serde_json::from_slice(&header(token).unwrap_or_default()).unwrap_or_default();
    let algorithm = header["alg"].as_str().unwrap_or("?");
    if !ALGORITHMS.contains(&algorithm) {
        return Signature::NotAllowed(algorithm.to_owned());
    }
    let kid = header["kid"].as_str();
    let of_the_id = keys
        .iter()
        .filter(|key| kid.is_none() || key.id.as_deref() == kid);
    let of_the_id: Vec<&Key> = of_the_id.collect();
    if of_the_id.is_empty() {
        return Signature::UnknownKey(kid.unwrap_or_default().to_owned());
    }
    let mut told = Signature::OtherUse(algorithm.to_owned());
    for key in of_the_id.into_iter().filter(|key| key.is_for(algorithm)) {
        match key.made(signature, message, algorithm) {
            Some(true) => return Signature::Verified(key.id.clone().unwrap_or_default()),
            // It may be one that cannot be looked at.
            Some(false) if matches!(told, Signature::Unchecked(_)) => {}
            Some(false) => told = Signature::Wrong,
            None => told = Signature::Unchecked(algorithm.to_owned()),
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::jwk::Jwk;
    use jsonwebtoken::{Algorithm, EncodingKey};
    use serde_json::json;

    use super::*;

    fn keys(set: &Value) -> Vec<Key> {
        read_keys(set.to_string().as_bytes()).unwrap()
    }

    fn token(header: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", part(header), part(&json!({ "sub": "a" })))
    }

    #[test]
    fn what_must_not_be_taken_is_not_even_tried() {
        let none = keys(&json!({ "keys": [] }));
        for alg in ["none", "HS256", "no such"] {
            let told = verify(&token(&json!({ "alg": alg, "kid": "a" })), &none);
            assert_eq!(told, Signature::NotAllowed(alg.to_owned()));
        }
    }

    #[test]
    fn an_unknown_key_and_a_wrong_signature_are_told_apart() {
        // The public key of RFC 7517 appendix A.1.
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let keys = keys(&json!({ "keys": [ { "kty": "RSA", "kid": "a", "n": n, "e": "AQAB" } ] }));
        let other = verify(&token(&json!({ "alg": "RS256", "kid": "b" })), &keys);
        assert_eq!(other, Signature::UnknownKey("b".to_owned()));
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let wrong = verify(&token(&json!({ "alg": "RS256", "kid": "a" })), &keys);
        assert_eq!(wrong, Signature::Wrong);
    }

    /// A token that is signed with a new key, and the key as a set has it.
    fn signed(alg: Algorithm, kind: &'static rcgen::SignatureAlgorithm) -> (String, Value) {
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let pem = rcgen::KeyPair::generate_for(kind).unwrap().serialize_pem();
        let key = match alg {
            Algorithm::RS256 => EncodingKey::from_rsa_pem(pem.as_bytes()),
            _ => EncodingKey::from_ec_pem(pem.as_bytes()),
        };
        let key = key.unwrap();
        let header = jsonwebtoken::Header {
            kid: Some("a".to_owned()),
            ..jsonwebtoken::Header::new(alg)
        };
        let token = jsonwebtoken::encode(&header, &json!({ "sub": "a" }), &key).unwrap();
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&key, alg).unwrap()).unwrap();
        jwk["kid"] = json!("a");
        (token, jwk)
    }

    /// The same with a key on the curve Ed25519, under either name of its algorithm (RFC 9864 section 2.2).
    fn edwards(name: &str) -> (String, Value) {
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let key = EncodingKey::from_ed_pem(pair.serialize_pem().as_bytes()).unwrap();
        let unsigned = token(&json!({ "alg": name, "kid": "a" }));
        let (message, _) = unsigned.rsplit_once('.').unwrap();
        let made = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::EdDSA).unwrap();
        let x = URL_SAFE_NO_PAD.encode(pair.public_key_raw());
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": x, "alg": name });
        (format!("{message}.{made}"), jwk)
    }

    fn es256() -> (String, Value) {
        signed(Algorithm::ES256, &rcgen::PKCS_ECDSA_P256_SHA256)
    }

    #[test]
    fn every_key_of_the_id_that_fits_is_tried() {
        let (token, own) = es256();
        let (_, other) = es256();
        let (_, rsa) = signed(Algorithm::RS256, &rcgen::PKCS_RSA_SHA256);
        let odd = json!({ "kty": "no such", "kid": "a" });
        let set = json!({ "keys": [ odd, rsa, other, own ] });
        let verified = Signature::Verified("a".to_owned());
        assert_eq!(verify(&token, &keys(&set)), verified);
        let without = json!({ "keys": [ odd, rsa, other ] });
        assert_eq!(verify(&token, &keys(&without)), Signature::Wrong);
    }

    #[test]
    fn a_key_for_something_else_verifies_nothing() {
        let (token, own) = es256();
        for (name, value) in [
            ("use", json!("enc")),
            ("alg", json!("ES384")),
            ("key_ops", json!(["deriveKey"])),
        ] {
            let mut key = own.clone();
            key[name] = value;
            let told = verify(&token, &keys(&json!({ "keys": [ key ] })));
            assert_eq!(told, Signature::OtherUse("ES256".to_owned()), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_checked_is_neither_right_nor_wrong() {
        for (alg, crv) in [("ES512", "P-521"), ("ES256K", "secp256k1")] {
            let key =
                json!({ "kty": "EC", "crv": crv, "kid": "a", "x": "AA", "y": "AA", "alg": alg });
            let set = keys(&json!({ "keys": [ key ] }));
            let told = verify(&token(&json!({ "alg": alg, "kid": "a" })), &set);
            assert_eq!(told, Signature::Unchecked(alg.to_owned()));
            let told = verify(&token(&json!({ "alg": alg, "kid": "b" })), &set);
            assert_eq!(told, Signature::UnknownKey("b".to_owned()));
        }
        let (token, _) = edwards("EdDSA");
        let ed448 = json!({ "kty": "OKP", "crv": "Ed448", "kid": "a", "x": "AA" });
        let told = verify(&token, &keys(&json!({ "keys": [ ed448 ] })));
        assert_eq!(told, Signature::Unchecked("EdDSA".to_owned()));
    }

    #[test]
    fn both_names_of_one_algorithm_are_checked() {
        for name in ["EdDSA", "Ed25519"] {
            let (token, own) = edwards(name);
            let (_, other) = edwards(name);
            let told = |key: Value| verify(&token, &keys(&json!({ "keys": [ key ] })));
            assert_eq!(told(own), Signature::Verified("a".to_owned()), "{name}");
            assert_eq!(told(other), Signature::Wrong, "{name}");
        }
    }
}
