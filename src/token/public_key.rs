//! A public key as a file has it: `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7) in PEM (RFC 7468 section 13),
//! made from a key of a set.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const NULL: u8 = 0x05;
const OBJECT: u8 = 0x06;

/// 1.2.840.113549.1.1.1 (RFC 8017 appendix A.1).
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.10045.2.1 (RFC 5480 section 2.1.1).
const ELLIPTIC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.3.101.112 (RFC 8410 section 3).
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// The key in PEM, with a line break at its end, as tools write it; none for a key that is not RSA, on a NIST curve, or on
/// Ed25519.
pub(super) fn pem(jwk: &Value) -> Option<String> {
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok();
    let (kind, key) = match (jwk["kty"].as_str()?, jwk["crv"].as_str()) {
        ("RSA", _) => {
            let numbers = [integer(&bytes("n")?), integer(&bytes("e")?)].concat();
            let kind = [der(OBJECT, RSA), der(NULL, &[])].concat();
            (kind, der(SEQUENCE, &numbers))
        }
        ("EC", Some(curve)) => {
            let kind = [der(OBJECT, ELLIPTIC), der(OBJECT, named(curve)?)].concat();
            // An uncompressed point (RFC 5480 section 2.2).
            (kind, [vec![0x04], bytes("x")?, bytes("y")?].concat())
        }
        ("OKP", Some("Ed25519")) => (der(OBJECT, ED25519), bytes("x")?),
        _ => return None,
    };
    // No bit of the last byte is left over.
    let key = der(BIT_STRING, &[vec![0], key].concat());
    let whole = der(SEQUENCE, &[der(SEQUENCE, &kind), key].concat());
    let mut text = String::from("-----BEGIN PUBLIC KEY-----\n");
    for (at, character) in STANDARD.encode(whole).chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str("\n-----END PUBLIC KEY-----\n");
    Some(text)
}

/// The object of a curve (RFC 5480 section 2.1.1.1).
fn named(curve: &str) -> Option<&'static [u8]> {
    Some(match curve {
        "P-256" => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        "P-384" => &[0x2b, 0x81, 0x04, 0x00, 0x22],
        "P-521" => &[0x2b, 0x81, 0x04, 0x00, 0x23],
        _ => return None,
    })
}

/// A positive number: without zeros in front, save one where it would be negative.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = bytes.get(zeros..).unwrap_or_default();
    let sign = bytes.first().is_none_or(|first| *first > 0x7f);
    let sign: &[u8] = if sign { &[0] } else { &[] };
    der(INTEGER, &[sign, bytes].concat())
}

/// Tag, length and content (X.690 section 8.1).
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let zeros = length.iter().take_while(|byte| **byte == 0).count();
    let length = length.get(zeros..).unwrap_or_default();
    let mut written = vec![tag];
    match length {
        [] => written.push(0),
        [short] if *short < 0x80 => written.push(*short),
        long => {
            written.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            written.extend(long);
        }
    }
    written.extend(content);
    written
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::jwk::Jwk;
    use jsonwebtoken::{Algorithm, EncodingKey};
    use serde_json::json;

    use super::*;

    /// What another library writes of the same key.
    #[test]
    fn a_key_is_written_as_others_write_it() {
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        for (kind, alg) in [
            (&rcgen::PKCS_RSA_SHA256, Algorithm::RS256),
            (&rcgen::PKCS_ECDSA_P256_SHA256, Algorithm::ES256),
            (&rcgen::PKCS_ECDSA_P384_SHA384, Algorithm::ES384),
        ] {
            let pair = rcgen::KeyPair::generate_for(kind).unwrap();
            let private = pair.serialize_pem();
            let key = match alg {
                Algorithm::RS256 => EncodingKey::from_rsa_pem(private.as_bytes()),
                _ => EncodingKey::from_ec_pem(private.as_bytes()),
            };
            let jwk = Jwk::from_encoding_key(&key.unwrap(), alg).unwrap();
            let jwk = serde_json::to_value(jwk).unwrap();
            assert_eq!(pem(&jwk), Some(pair.public_key_pem().replace('\r', "")));
        }
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let x = URL_SAFE_NO_PAD.encode(pair.public_key_raw());
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
        assert_eq!(pem(&jwk), Some(pair.public_key_pem().replace('\r', "")));
    }

    #[test]
    fn what_is_no_such_key_has_no_file() {
        for jwk in [
            json!({}),
            json!({ "kty": "oct", "k": "AA" }),
            json!({ "kty": "RSA", "n": "%", "e": "AQAB" }),
            json!({ "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA" }),
            json!({ "kty": "OKP", "crv": "Ed448", "x": "AA" }),
        ] {
            assert_eq!(pem(&jwk), None, "{jwk}");
        }
    }
}
