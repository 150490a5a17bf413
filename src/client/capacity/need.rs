//! [`Need`]: what tokens the new side issues.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The longest token that the new side issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its length, in characters.
    pub length: usize,
    /// Whether it is a JWT.
    pub jwt: bool,
    /// Characters with which two of them begin alike.
    pub alike: usize,
    /// Whose it is, as in "the 1,459 of Choreo".
    pub whose: String,
}

/// Claims that are others in each token (RFC 7519 sections 4.1.4 to 4.1.7).
const CHANGING: [&str; 5] = [
    "\"exp\":",
    "\"nbf\":",
    "\"iat\":",
    "\"jti\":",
    "\"auth_time\":",
];

impl Need {
    /// The tokens of the profile `jwt-choreo`, where no new side can be asked.
    pub fn choreo() -> Self {
        Self {
            length: 1459,
            jwt: true,
            alike: 431,
            whose: "the profile jwt-choreo".to_owned(),
        }
    }

    /// What is needed for a token, and for others of its issuer.
    pub fn of(token: &str, whose: &str) -> Self {
        let alike = begin_alike(token);
        Self {
            length: token.chars().count(),
            jwt: alike.is_some(),
            alike: alike.unwrap_or(0),
            whose: whose.to_owned(),
        }
    }
}

/// Characters with which the tokens of one issuer for one client begin alike: up to the first claim that
/// is another one each time. None for what is no JWT.
fn begin_alike(token: &str) -> Option<usize> {
    let mut parts = token.split('.');
    let (header, claims, _proof) = (parts.next()?, parts.next()?, parts.next()?);
    let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
    let claims = String::from_utf8(claims).ok()?;
    let first = CHANGING.iter().filter_map(|name| {
        let at = claims.find(name)?;
        Some(at + name.len())
    });
    let first = first.min().unwrap_or(claims.len());
    Some(header.len() + 1 + first * 4 / 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::token_of_choreo;

    #[test]
    fn what_choreo_needs_is_that_of_its_tokens() {
        let token = token_of_choreo();
        assert_eq!(Need::of(&token, "the profile jwt-choreo"), Need::choreo());
    }

    #[test]
    fn an_opaque_token_begins_as_no_other() {
        let need = Need::of("2f9c1a7e-53d4-4b1a-9c55-0a1b2c3d4e5f", "x");
        assert_eq!((need.length, need.jwt, need.alike), (36, false, 0));
    }
}
