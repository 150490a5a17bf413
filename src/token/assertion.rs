//! The client's own JWT in place of a secret: `private_key_jwt` and `client_secret_jwt` (OpenID Connect
//! Core section 9, RFC 7523 section 3).

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::address::Address;
use super::credential::Credential;
use super::form::Fields;
use crate::config::{ClientAlg, ClientAuth};

/// What `client_assertion_type` is (RFC 7523 section 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Seconds that an assertion is good for: it is used at once.
const LIFE: i64 = 60;

/// The key by which a client shows who it is.
#[derive(Debug, Clone)]
pub struct ClientKey {
    /// The private key, PEM.
    pub pem: SecretString,
    /// Its id, where the server knows more than one.
    pub id: Option<String>,
    /// The algorithm.
    pub alg: ClientAlg,
}

impl ClientKey {
    /// A new assertion for one request to a token endpoint.
    ///
    /// # Errors
    /// The key is none of its algorithm.
    pub(super) fn assertion(&self, client_id: &str, endpoint: &Address) -> Result<String, String> {
        let (algorithm, key) = self.key().map_err(|_| {
            let alg = self.alg.word();
            format!("`client_key` is no private key in PEM for {alg}")
        })?;
        let mut header = Header::new(algorithm);
        header.kid.clone_from(&self.id);
        sign(&header, &key, client_id, endpoint)
    }

    /// Whether the key can sign.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self) -> Result<(), String> {
        let endpoint = Address::parse("https://localhost/").ok_or("no address")?;
        self.assertion("check", &endpoint).map(|_| ())
    }

    fn key(&self) -> jsonwebtoken::errors::Result<(Algorithm, EncodingKey)> {
        let pem = self.pem.expose_secret().as_bytes();
        Ok(match self.alg {
            ClientAlg::Rs256 => (Algorithm::RS256, EncodingKey::from_rsa_pem(pem)?),
            ClientAlg::Ps256 => (Algorithm::PS256, EncodingKey::from_rsa_pem(pem)?),
            ClientAlg::Es256 => (Algorithm::ES256, EncodingKey::from_ec_pem(pem)?),
            ClientAlg::EdDsa => (Algorithm::EdDSA, EncodingKey::from_ed_pem(pem)?),
        })
    }
}

/// The fields by which the client of a credential proves who it is; none where it does that in another
/// way. A new assertion each time: its `jti` is good for one request.
///
/// # Errors
/// It cannot be signed.
pub(super) fn proof(credential: &Credential, endpoint: &Address) -> Result<Fields, String> {
    let assertion = match (
        credential.client_auth,
        &credential.client_key,
        &credential.client_secret,
    ) {
        (ClientAuth::PrivateKeyJwt, Some(key), _) => {
            key.assertion(&credential.client_id, endpoint)?
        }
        (ClientAuth::SecretJwt, _, Some(secret)) => {
            let key = EncodingKey::from_secret(secret.expose_secret().as_bytes());
            let header = Header::new(Algorithm::HS256);
            sign(&header, &key, &credential.client_id, endpoint)?
        }
        _ => return Ok(Fields::new()),
    };
    Ok(vec![
        (
            "client_assertion_type".to_owned(),
            ASSERTION_TYPE.to_owned(),
        ),
        ("client_assertion".to_owned(), assertion),
    ])
}

/// Issuer and subject are the client, the audience is the endpoint (RFC 7523 section 3).
fn sign(
    header: &Header,
    key: &EncodingKey,
    client_id: &str,
    endpoint: &Address,
) -> Result<String, String> {
    let now = jiff::Timestamp::now().as_second();
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": endpoint.as_str(),
        "jti": uuid::Uuid::new_v4().to_string(),
        "iat": now,
        "exp": now + LIFE,
    });
    jsonwebtoken::encode(header, &claims, key)
        .map_err(|_| "the client assertion could not be signed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(alg: ClientAlg, pem: String) -> ClientKey {
        ClientKey {
            pem: pem.into(),
            id: Some("k1".to_owned()),
            alg,
        }
    }

    #[test]
    fn an_assertion_says_who_asks_whom_and_for_how_long() {
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let pem = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let key = key(ClientAlg::Es256, pem.serialize_pem());
        let endpoint = Address::parse("https://sts.example.dev:443/token").unwrap();
        let assertion = key.assertion("me", &endpoint).unwrap();
        let header: serde_json::Value =
            serde_json::from_slice(&super::super::shape::header(&assertion).unwrap()).unwrap();
        assert_eq!(header, json!({ "alg": "ES256", "typ": "JWT", "kid": "k1" }));
        let claims: serde_json::Value =
            serde_json::from_slice(&super::super::shape::payload(&assertion).unwrap()).unwrap();
        let said = |name: &str| claims[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            [said("iss"), said("sub"), said("aud")],
            ["me", "me", "https://sts.example.dev:443/token"]
        );
        let times = claims["exp"].as_i64().zip(claims["iat"].as_i64());
        assert_eq!(times.map(|(exp, iat)| exp - iat), Some(60));
        let again = key.assertion("me", &endpoint).unwrap();
        assert_ne!(again, assertion, "`jti` is good for one request");
    }

    #[test]
    fn a_key_of_another_kind_is_told_without_showing_it() {
        let pem = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        for pem in [pem.serialize_pem(), "no key at all".to_owned()] {
            let told = key(ClientAlg::Rs256, pem).check();
            let text = "`client_key` is no private key in PEM for RS256";
            assert_eq!(told, Err(text.to_owned()));
        }
    }
}
