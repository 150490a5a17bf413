//! JWTs of one length that begin alike, to the character.
//!
//! All of what changes from token to token stands behind a filling. One byte of the filling is another
//! one in each token, and is chosen so that the first character of the token in which it shows is the
//! wanted one: four characters of base64url hold three bytes (RFC 4648 section 4).

use crate::mock::json::{Json, object};

/// Characters of the shortest beginning: the header, and the name of the first claim.
const SHORTEST: usize = 12;

/// What a filling is made of, where nothing differs.
const SAME: u8 = b'x';
/// Bytes with other bits in the place of the first, second, third and fourth character of four: all of
/// their upper six, their upper four, their upper two, their lower six.
const OTHERS: [&[u8]; 4] = [
    b"048DHLPTXdhlpt",
    b" 0APap",
    b"0a",
    b"abcdefghijklmnopqrstuvwyz",
];

/// How a token is filled up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filling {
    /// Its length in characters; its own where none is given.
    pub(crate) length: Option<usize>,
    /// Characters with which all tokens begin alike.
    pub(crate) alike: Option<usize>,
    /// Tokens that were made before it.
    pub(crate) nth: usize,
}

/// A filling, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Its length in bytes.
    pub(super) bytes: usize,
    /// Bytes of the claims in front of it.
    pub(super) before: usize,
    /// Characters of the token in front of the claims.
    pub(super) from: usize,
}

impl Place {
    /// Whether tokens can differ behind so many characters, and no earlier.
    pub(super) fn holds(self, alike: usize) -> bool {
        alike.saturating_sub(self.from) <= self.last()
    }

    /// The last character of the claims that is surely of the filling.
    const fn last(self) -> usize {
        (self.before + self.bytes).saturating_sub(1) / 3 * 4
    }

    /// The filling of the `nth` token. The first `alike` characters of the token are those of every
    /// other; where the filling ends before, as many as may be.
    pub(super) fn filled(self, alike: usize, nth: usize) -> String {
        let mut text = vec![SAME; self.bytes];
        let at = alike.saturating_sub(self.from);
        let at = at.clamp(SHORTEST, self.last().max(SHORTEST));
        let byte = match at % 4 {
            0 => at / 4 * 3,
            1 => at / 4 * 3 + 1,
            _ => at / 4 * 3 + 2,
        };
        let others = OTHERS[at % 4];
        if let Some(place) = text.get_mut(byte.saturating_sub(self.before)) {
            *place = others[nth % others.len()];
        }
        text.into_iter().map(char::from).collect()
    }
}

/// The claims of a token that has no room for all of them: what changes from token to token.
pub(super) fn few(all: &Json) -> Json {
    let mut few = object! {};
    let Json::Map(members) = all else {
        return few;
    };
    for (name, value) in members {
        if matches!(&**name, "exp" | "iat") {
            few.set(name, value.clone());
        }
        if let ("jti", Json::Text(id)) = (&**name, value) {
            let start: String = id.chars().take(8).collect();
            few.set(name, Json::from(start));
        }
    }
    few
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mock::token::jwt::{Holder, Signer};
    use crate::source::Entries;

    fn token(length: usize, alike: usize, nth: usize) -> String {
        let holder = Holder {
            client: "cutover-test-client-profiles-1",
            user: None,
            scope: "default",
            exchanged: false,
        };
        let filling = Filling {
            length: Some(length),
            alike: Some(alike),
            nth,
        };
        let signer = Signer::builtin_ec().expect("a key");
        let changes = (&Entries::default(), &Entries::default());
        let signed = signer.sign(holder, 1_795_288_861, 3600, changes, filling);
        signed.expect("a token")
    }

    fn common(one: &str, other: &str) -> usize {
        let pairs = one.bytes().zip(other.bytes());
        pairs.take_while(|(a, b)| a == b).count()
    }

    proptest! {
        #[test]
        fn tokens_begin_alike_to_the_character(length in 900_usize..5000, alike in 48_usize..600, nth in 0_usize..40) {
            let (one, other) = (token(length, alike, nth), token(length, alike, nth + 1));
            prop_assert_eq!((one.len(), other.len()), (length, length));
            prop_assert_eq!(common(&one, &other), alike);
        }

        #[test]
        fn short_ones_begin_alike_as_far_as_there_is_room(length in 250_usize..900, alike in 48_usize..900) {
            let (one, other) = (token(length, alike, 0), token(length, alike, 1));
            prop_assert_eq!((one.len(), other.len()), (length, length));
            let common = common(&one, &other);
            prop_assert!(common <= alike && common >= alike.min(length - 215), "{}", common);
        }
    }

    #[test]
    fn the_claims_are_json_and_the_signature_holds() {
        use base64::Engine as _;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        for (length, names) in [(250, 4), (1459, 12)] {
            let token = token(length, 37, 1);
            let parts: Vec<&str> = token.split('.').collect();
            let claims = URL_SAFE_NO_PAD.decode(parts[1]).expect("base64url");
            let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
            assert_eq!(claims.as_object().map(serde_json::Map::len), Some(names));
            let key = Signer::builtin_ec().expect("a key").decoding_key();
            let message = format!("{}.{}", parts[0], parts[1]);
            let holds = jsonwebtoken::crypto::verify(
                parts[2],
                message.as_bytes(),
                &key.expect("a key"),
                jsonwebtoken::Algorithm::ES256,
            );
            assert!(holds.expect("a check"));
        }
    }
}
