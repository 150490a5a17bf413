//! [`Key`]: a key of a set, and the signatures that it is for.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

use super::public_key::pem;

/// The signature algorithms that are allowed (RFC 8725 section 3.1): those with a public key of RFC 7518
/// section 3.1, RFC 8037, RFC 8812 and RFC 9864. Whoever can check one of them cannot sign by it. What is
/// found says them.
pub(super) const ALGORITHMS: [&str; 12] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K",
    "EdDSA", "Ed25519",
];

/// A key of a set (RFC 7517 section 4).
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// Its id, if it has one.
    pub(super) id: Option<String>,
    members: Value,
}

impl Key {
    pub(super) fn new(members: Value) -> Self {
        Self {
            id: members["kid"].as_str().map(str::to_owned),
            members,
        }
    }

    /// Whether signatures by an algorithm can be made with it: its type and curve fit, and neither `use`,
    /// `key_ops` nor `alg` keeps it for something else (RFC 7517 sections 4.1 to 4.4).
    pub(super) fn is_for(&self, algorithm: &str) -> bool {
        let text = |name: &str| self.members[name].as_str();
        let of_its_kind = kind(algorithm).is_some_and(|(kty, curve)| {
            text("kty") == Some(kty) && curve.is_none_or(|curve| text("crv") == Some(curve))
        });
        let for_signatures = text("use").is_none_or(|word| word == "sig");
        let operations = self.members["key_ops"].as_array();
        let verifies = operations.is_none_or(|all| all.iter().any(|word| word == "verify"));
        let own = text("alg").is_none_or(|own| general(own) == general(algorithm));
        of_its_kind && for_signatures && verifies && own
    }

    /// The key in PEM, where it is one that files hold.
    pub(super) fn pem(&self) -> Option<String> {
        pem(&self.members)
    }

    /// Whether it made the signature of a message, both as they stand in a token; none where the library
    /// does not know the algorithm, or the curve.
    pub(super) fn made(&self, signature: &str, message: &str, algorithm: &str) -> Option<bool> {
        let algorithm = checked_as(algorithm)?;
        if self.members["crv"] == "Ed448" {
            return None;
        }
        let jwk: Result<Jwk, _> = serde_json::from_value(self.members.clone());
        let key = jwk.ok().and_then(|jwk| DecodingKey::from_jwk(&jwk).ok());
        Some(key.is_some_and(|key| {
            let made = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, algorithm);
            made.unwrap_or(false)
        }))
    }
}

/// The type of the key and its curve (RFC 7518 section 6.1, RFC 8037 section 2, RFC 8812 section 3.1).
fn kind(algorithm: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match algorithm {
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => ("RSA", None),
        "ES256" => ("EC", Some("P-256")),
        "ES384" => ("EC", Some("P-384")),
        "ES512" => ("EC", Some("P-521")),
        "ES256K" => ("EC", Some("secp256k1")),
        "Ed25519" => ("OKP", Some("Ed25519")),
        // Its other curve is Ed448.
        "EdDSA" => ("OKP", None),
        _ => return None,
    })
}

/// The older name of an algorithm, which stands for the newer one too (RFC 9864 section 2.2).
fn general(algorithm: &str) -> &str {
    match algorithm {
        "Ed25519" => "EdDSA",
        other => other,
    }
}

/// What the library checks an algorithm as; none where it cannot.
fn checked_as(algorithm: &str) -> Option<Algorithm> {
    general(algorithm).parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_is_for_what_its_members_say() {
        let rsa = |name: &str, value: Value| {
            let mut members = json!({ "kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB" });
            members[name] = value;
            Key::new(members).is_for("RS256")
        };
        assert!(rsa("use", json!("sig")) && rsa("alg", json!("RS256")));
        assert!(rsa("key_ops", json!(["verify"])) && rsa("kid", json!("b")));
        assert!(!rsa("use", json!("enc")) && !rsa("alg", json!("RS512")));
        assert!(!rsa("alg", json!("RSA-OAEP")) && !rsa("kty", json!("EC")));
        assert!(!rsa("key_ops", json!(["wrapKey"])));
    }

    #[test]
    fn curves_and_the_two_names_of_one_algorithm() {
        let curve = |kty: &str, crv: &str, alg: &str| {
            Key::new(json!({ "kty": kty, "crv": crv })).is_for(alg)
        };
        assert!(curve("EC", "P-256", "ES256") && !curve("EC", "P-384", "ES256"));
        assert!(curve("EC", "P-521", "ES512") && curve("EC", "secp256k1", "ES256K"));
        assert!(curve("OKP", "Ed25519", "EdDSA") && curve("OKP", "Ed25519", "Ed25519"));
        assert!(!curve("OKP", "Ed448", "Ed25519") && !curve("EC", "P-256", "HS256"));
        let named = Key::new(json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA" }));
        assert!(named.is_for("Ed25519"));
    }

    #[test]
    fn every_allowed_algorithm_has_keys_and_two_cannot_be_checked() {
        assert!(ALGORITHMS.iter().all(|alg| kind(alg).is_some()));
        let unchecked = ALGORITHMS.iter().filter(|alg| checked_as(alg).is_none());
        assert_eq!(unchecked.collect::<Vec<_>>(), [&"ES512", &"ES256K"]);
    }
}
