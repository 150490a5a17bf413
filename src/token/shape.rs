//! What a token is, by its shape and never by hope.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::results::TokenShape;

/// JWT if the token has three base64url parts and its first is a JSON object with `alg`
/// (RFC 7519 section 7.2, RFC 7515 section 4.1.1); else opaque.
pub fn shape(token: &str) -> TokenShape {
    let mut parts = token.split('.');
    let header = parts.next().and_then(object);
    let three = parts.clone().count() == 2;
    match header {
        Some(header) if three && header.get("alg").is_some() => TokenShape::Jwt,
        _ => TokenShape::Opaque,
    }
}

/// The header of a JWT as JSON text, unverified; none for an opaque token.
pub fn header(token: &str) -> Option<Vec<u8>> {
    part(token, 0)
}

/// The payload of a JWT as JSON text, unverified; none for an opaque token.
pub fn payload(token: &str) -> Option<Vec<u8>> {
    part(token, 1)
}

/// Whether all three parts of a JWT are base64url without padding (RFC 7515 section 2).
pub(super) fn is_signed_in_form(token: &str) -> bool {
    let mut parts = token.split('.');
    parts.all(|part| URL_SAFE_NO_PAD.decode(part).is_ok())
}

fn part(token: &str, at: usize) -> Option<Vec<u8>> {
    if shape(token) == TokenShape::Opaque {
        return None;
    }
    URL_SAFE_NO_PAD.decode(token.split('.').nth(at)?).ok()
}

fn object(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    value.is_object().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_parts_with_a_header_are_a_jwt() {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let jwt = format!(
            "{}.{}.c2ln",
            part(r#"{"alg":"RS256"}"#),
            part(r#"{"sub":"a"}"#)
        );
        assert_eq!(shape(&jwt), TokenShape::Jwt);
        assert_eq!(payload(&jwt), Some(br#"{"sub":"a"}"#.to_vec()));
        for opaque in [
            "1fa22cef-c791-3105-9ac4-58511c199aa0",
            "a.b.c",
            "",
            "eyJ",
            &jwt[1..],
        ] {
            assert_eq!(shape(opaque), TokenShape::Opaque, "{opaque}");
        }
    }
}
