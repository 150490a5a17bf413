//! Keys that no gateway may check a token by: one of our own, wherever the token says that it is, and a public key
//! as a secret (RFC 8725 sections 2.1, 2.10 and 3.1).
//!
//! Where a header leads to a key, the key is in the address itself (`data:`, RFC 2397): nothing is sent to anybody but
//! the side that is asked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::forge::Parts;

/// The id of a key of our own.
const KEY_ID: &str = "cutover-probe";
/// A file that is empty, from wherever a gateway looks.
const NOTHING: &str = "../../../../../../../../dev/null";

/// A key that was made just now, for a signature algorithm.
pub(super) struct ForeignKey {
    algorithm: Algorithm,
    key: EncodingKey,
    /// None where it is a secret.
    pair: Option<rcgen::KeyPair>,
}

impl ForeignKey {
    /// A key of our own for a signature algorithm (RFC 7518 section 3.1); none where nobody can sign by it.
    pub(super) fn new(alg: &str) -> Option<Self> {
        let algorithm: Algorithm = alg.parse().ok()?;
        let kind = match algorithm {
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => {
                let secret = uuid::Uuid::new_v4().simple().to_string().repeat(2);
                return Some(Self {
                    algorithm,
                    key: EncodingKey::from_secret(secret.as_bytes()),
                    pair: None,
                });
            }
            Algorithm::ES256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Algorithm::ES384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Algorithm::EdDSA => &rcgen::PKCS_ED25519,
            _ => &rcgen::PKCS_RSA_SHA256,
        };
        let pair = rcgen::KeyPair::generate_for(kind).ok()?;
        let pem = pair.serialize_pem().into_bytes();
        let key = match algorithm {
            Algorithm::ES256 | Algorithm::ES384 => EncodingKey::from_ec_pem(&pem),
            Algorithm::EdDSA => EncodingKey::from_ed_pem(&pem),
            _ => EncodingKey::from_rsa_pem(&pem),
        };
        Some(Self {
            algorithm,
            key: key.ok()?,
            pair: Some(pair),
        })
    }

    /// The key in public, as a header has it; none of a secret.
    pub(super) fn public(&self) -> Option<Value> {
        self.pair.as_ref()?;
        let jwk = Jwk::from_encoding_key(&self.key, self.algorithm).ok()?;
        serde_json::to_value(jwk).ok()
    }

    /// A token with these members in its header, signed by this key.
    pub(super) fn sign(&self, parts: &Parts<'_>, members: &[(&str, Value)]) -> Option<String> {
        signed(parts, members, (&self.key, self.algorithm))
    }

    /// A token that leads to a set with this key (`jku`, RFC 7515 section 4.1.2).
    pub(super) fn at_url(&self, parts: &Parts<'_>) -> Option<String> {
        let mut jwk = self.public()?;
        jwk["kid"] = KEY_ID.into();
        let set = json!({ "keys": [jwk] }).to_string();
        let url = inline("application/json", set.as_bytes());
        self.sign(parts, &[("kid", KEY_ID.into()), ("jku", url.into())])
    }

    /// A token that brings a certificate of this key (`x5c`, RFC 7515 section 4.1.6).
    pub(super) fn certified(&self, parts: &Parts<'_>) -> Option<String> {
        let chain = json!([STANDARD.encode(self.certificate()?.der())]);
        self.sign(parts, &[("kid", KEY_ID.into()), ("x5c", chain)])
    }

    /// A token that leads to a certificate of this key (`x5u`, RFC 7515 section 4.1.5).
    pub(super) fn certified_at_url(&self, parts: &Parts<'_>) -> Option<String> {
        let pem = self.certificate()?.pem();
        let url = inline("application/x-pem-file", pem.as_bytes());
        self.sign(parts, &[("kid", KEY_ID.into()), ("x5u", url.into())])
    }

    fn certificate(&self) -> Option<rcgen::Certificate> {
        let params = rcgen::CertificateParams::new(vec!["cutover.invalid".to_owned()]).ok()?;
        params.self_signed(self.pair.as_ref()?).ok()
    }
}

/// A token that is signed with a public key, as if it were a secret.
pub(super) fn confused(parts: &Parts<'_>, public: &str) -> Option<String> {
    let secret = EncodingKey::from_secret(public.as_bytes());
    let members = [("alg", "HS256".into())];
    signed(parts, &members, (&secret, Algorithm::HS256))
}

/// A token whose key id leads to an empty file (RFC 8725 section 3.10), and that is signed with nothing.
pub(super) fn beside_the_keys(parts: &Parts<'_>) -> Option<String> {
    let secret = EncodingKey::from_secret(b"");
    let members = [("alg", "HS256".into()), ("kid", NOTHING.into())];
    signed(parts, &members, (&secret, Algorithm::HS256))
}

fn signed(
    parts: &Parts<'_>,
    members: &[(&str, Value)],
    (key, algorithm): (&EncodingKey, Algorithm),
) -> Option<String> {
    let message = parts.message(members);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).ok()?;
    Some(format!("{message}.{signature}"))
}

fn inline(media_type: &str, content: &[u8]) -> String {
    format!("data:{media_type};base64,{}", STANDARD.encode(content))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::{DecodingKey, crypto};

    use super::*;

    fn jwt(alg: &str) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let head = json!({ "alg": alg, "kid": "k" });
        format!("{}.{}.c2ln", part(&head), part(&json!({ "sub": "a" })))
    }

    fn head(token: &str) -> Value {
        let part = token.split('.').next().unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    fn holds(token: &str, key: &DecodingKey, alg: Algorithm) -> bool {
        let (message, signature) = token.rsplit_once('.').unwrap();
        crypto::verify(signature, message.as_bytes(), key, alg).unwrap()
    }

    fn content(url: &Value) -> Vec<u8> {
        let (_, text) = url.as_str().unwrap().split_once(";base64,").unwrap();
        STANDARD.decode(text).unwrap()
    }

    /// A gateway that believes what the header says checks each of them and finds it good.
    #[test]
    fn who_believes_the_header_is_deceived() {
        let _ = crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        for (name, alg) in [("RS256", Algorithm::RS256), ("ES256", Algorithm::ES256)] {
            let token = jwt(name);
            let parts = Parts::of(&token).unwrap();
            let own = ForeignKey::new(name).unwrap();
            let found = own.at_url(&parts).unwrap();
            let set: Value = serde_json::from_slice(&content(&head(&found)["jku"])).unwrap();
            assert_eq!(set["keys"][0]["kid"], head(&found)["kid"]);
            let jwk: Jwk = serde_json::from_value(set["keys"][0].clone()).unwrap();
            let key = DecodingKey::from_jwk(&jwk).unwrap();
            assert!(holds(&found, &key, alg));
            for brought in [own.certified(&parts), own.certified_at_url(&parts)] {
                assert!(holds(&brought.unwrap(), &key, alg));
            }
            let chain = head(&own.certified(&parts).unwrap())["x5c"][0].clone();
            let certificate = STANDARD.decode(chain.as_str().unwrap()).unwrap();
            let (_, certificate) = x509_parser::parse_x509_certificate(&certificate).unwrap();
            let public = own.pair.as_ref().unwrap().public_key_raw();
            assert_eq!(certificate.public_key().subject_public_key.data, public);
        }
    }

    #[test]
    fn who_takes_a_public_key_or_nothing_for_a_secret_is_deceived() {
        let _ = crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let token = jwt("RS256");
        let parts = Parts::of(&token).unwrap();
        let found = confused(&parts, "a public key").unwrap();
        assert_eq!(head(&found), json!({ "alg": "HS256", "kid": "k" }));
        let secret = DecodingKey::from_secret(b"a public key");
        assert!(holds(&found, &secret, Algorithm::HS256));
        let found = beside_the_keys(&parts).unwrap();
        assert_eq!(head(&found)["kid"], NOTHING);
        let nothing = DecodingKey::from_secret(b"");
        assert!(holds(&found, &nothing, Algorithm::HS256));
    }

    #[test]
    fn a_secret_has_nothing_to_show() {
        let token = jwt("HS256");
        let parts = Parts::of(&token).unwrap();
        let own = ForeignKey::new("HS256").unwrap();
        assert!(own.public().is_none() && own.at_url(&parts).is_none());
        assert!(own.certified(&parts).is_none() && own.certified_at_url(&parts).is_none());
        assert!(ForeignKey::new("none").is_none());
    }
}
