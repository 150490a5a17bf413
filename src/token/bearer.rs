//! The assertion of the `jwt_bearer` grant (RFC 7523 section 2.1): one that is there, or one that is signed for
//! each request.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::address::Address;
use crate::config::CredentialDoc;

/// Seconds that an assertion is good for: it is used at once.
const LIFE: i64 = 60;

/// What is asked with.
#[derive(Debug, Clone)]
pub enum Assertion {
    /// This one, as somebody else signed it.
    Given(SecretString),
    /// A new one for each request.
    Signed(IssuerKey),
}

/// The key of an issuer that the server trusts, and what it says.
#[derive(Debug, Clone)]
pub struct IssuerKey {
    /// The private key, PEM: RSA (`RS256`), P-256 (`ES256`) or Ed25519 (`EdDSA`).
    pub pem: SecretString,
    /// Its id, where the server knows more than one.
    pub id: Option<String>,
    /// Of whom the assertion speaks.
    pub sub: String,
    /// Whom it is for; the token endpoint if not given.
    pub aud: Option<String>,
}

impl Assertion {
    pub(super) fn of(doc: &CredentialDoc) -> Option<Self> {
        if let Some(given) = &doc.assertion {
            return Some(Self::Given(given.0.clone()));
        }
        let pem = doc.issuer_key.as_ref()?;
        Some(Self::Signed(IssuerKey {
            pem: pem.0.clone(),
            id: doc.client_key_id.clone(),
            sub: doc.sub.clone().unwrap_or_default(),
            aud: doc.aud.clone(),
        }))
    }

    /// What makes two assertions the same: a secret, and the rest.
    pub(super) fn key(&self) -> (&SecretString, [Option<&str>; 3]) {
        match self {
            Self::Given(text) => (text, [None; 3]),
            Self::Signed(key) => {
                let said = [
                    Some(key.sub.as_str()),
                    key.aud.as_deref(),
                    key.id.as_deref(),
                ];
                (&key.pem, said)
            }
        }
    }

    /// The assertion for one request; the client is its issuer.
    ///
    /// # Errors
    /// It cannot be signed.
    pub(super) fn text(&self, client_id: &str, endpoint: &Address) -> Result<SecretString, String> {
        match self {
            Self::Given(text) => Ok(text.clone()),
            Self::Signed(key) => key.sign(client_id, endpoint).map(SecretString::from),
        }
    }
}

impl IssuerKey {
    fn sign(&self, client_id: &str, endpoint: &Address) -> Result<String, String> {
        let (algorithm, key) = self.key()?;
        let mut header = Header::new(algorithm);
        header.kid.clone_from(&self.id);
        let now = jiff::Timestamp::now().as_second();
        let claims = json!({
            "iss": client_id,
            "sub": self.sub,
            "aud": self.aud.as_deref().unwrap_or(endpoint.as_str()),
            "jti": uuid::Uuid::new_v4().to_string(),
            "iat": now,
            "exp": now + LIFE,
        });
        jsonwebtoken::encode(&header, &claims, &key)
            .map_err(|_| "the assertion could not be signed".to_owned())
    }

    /// Whether the key can sign.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self) -> Result<(), String> {
        let (algorithm, key) = self.key()?;
        jsonwebtoken::encode(&Header::new(algorithm), &json!({}), &key)
            .map(|_| ())
            .map_err(|_| NO_KEY.to_owned())
    }

    /// The algorithm follows from the key: there is one of each kind that every server knows.
    fn key(&self) -> Result<(Algorithm, EncodingKey), String> {
        let pem = self.pem.expose_secret().as_bytes();
        if let Ok(key) = EncodingKey::from_rsa_pem(pem) {
            return Ok((Algorithm::RS256, key));
        }
        if let Ok(key) = EncodingKey::from_ec_pem(pem) {
            return Ok((Algorithm::ES256, key));
        }
        let key = EncodingKey::from_ed_pem(pem).map_err(|_| NO_KEY.to_owned())?;
        Ok((Algorithm::EdDSA, key))
    }
}

const NO_KEY: &str = "`issuer_key` is no private key in PEM (RSA, P-256 or Ed25519)";

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn key(pem: String) -> IssuerKey {
        IssuerKey {
            pem: pem.into(),
            id: Some("k1".to_owned()),
            sub: "john".to_owned(),
            aud: None,
        }
    }

    #[test]
    fn the_algorithm_follows_from_the_key() {
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let endpoint = Address::parse("https://sts.example.dev:443/token").unwrap();
        for (kind, alg) in [
            (&rcgen::PKCS_ECDSA_P256_SHA256, "ES256"),
            (&rcgen::PKCS_ED25519, "EdDSA"),
            (&rcgen::PKCS_RSA_SHA256, "RS256"),
        ] {
            let pem = rcgen::KeyPair::generate_for(kind).unwrap().serialize_pem();
            let key = key(pem);
            assert_eq!(key.check(), Ok(()));
            let text = Assertion::Signed(key).text("me", &endpoint).unwrap();
            let part = |part: Option<Vec<u8>>| -> Value {
                serde_json::from_slice(&part.unwrap()).unwrap()
            };
            let text = text.expose_secret();
            let header = part(super::super::shape::header(text));
            assert_eq!(header, json!({ "typ": "JWT", "alg": alg, "kid": "k1" }));
            let claims = part(super::super::shape::payload(text));
            let said = ["iss", "sub", "aud"].map(|name| claims[name].as_str().unwrap().to_owned());
            assert_eq!(said, ["me", "john", "https://sts.example.dev:443/token"]);
        }
        assert_eq!(key("no key".to_owned()).check(), Err(NO_KEY.to_owned()));
    }
}
