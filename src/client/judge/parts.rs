//! [`Parts`]: pieces of tokens in what a program wrote or sent.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Characters of a token in a row that are too many to show: people write the first or the last eight or so to
/// tell tokens apart, and with more than these less than half of a UUID's are left to guess.
const SHOWN: usize = 16;
const WINDOW: usize = SHOWN + 1;
/// Tokens of which parts are looked for: what shows parts of one shows those of the first.
const TOKENS: usize = 64;

/// Characters by which a text is looked through: a window that begins anywhere has this many whole within it
/// that begin at a multiple of [`STEP`].
const GRAM: usize = 8;
const STEP: usize = WINDOW - GRAM;

/// What of the tokens of a run must not be seen in part either. The header of a JWT is the same for all of an
/// issuer, and no secret; its claims and its signature are.
pub(super) struct Parts {
    windows: HashSet<[u8; WINDOW]>,
    /// What a text is looked through for, since files are large.
    grams: HashSet<[u8; GRAM]>,
}

impl Parts {
    pub(super) fn of(tokens: &[&str]) -> Self {
        let mut distinct: Vec<&str> = Vec::new();
        for token in tokens {
            if distinct.len() < TOKENS && !distinct.contains(token) {
                distinct.push(token);
            }
        }
        let secret = || distinct.iter().map(|token| secret(token).as_bytes());
        Self {
            windows: secret().flat_map(pieces).collect(),
            grams: secret().flat_map(pieces).collect(),
        }
    }

    /// The characters of the longest part in a text; none where there is no part that is too long.
    pub(super) fn longest(&self, text: &[u8]) -> Option<usize> {
        let (mut longest, mut at) = (0, 0);
        while let Some(gram) = text.get(at..at + GRAM) {
            // A part that this gram belongs to begins this far ahead of it at the most.
            let mut from = at.saturating_sub(STEP - 1);
            at += STEP;
            if !self.grams.contains(gram) {
                continue;
            }
            while from < at {
                let row = self.row(text, from);
                longest = longest.max(row);
                from += row + 1;
            }
            // What stands in the part itself is known.
            at = at.max(from);
        }
        (longest > 0).then(|| longest + SHOWN)
    }

    /// How many windows in a row begin here.
    fn row(&self, text: &[u8], from: usize) -> usize {
        let rest = text.get(from..).unwrap_or_default();
        rest.windows(WINDOW)
            .take_while(|window| self.windows.contains(*window))
            .count()
    }
}

/// All pieces of this length.
fn pieces<const N: usize>(text: &[u8]) -> impl Iterator<Item = [u8; N]> {
    text.windows(N).filter_map(|piece| piece.try_into().ok())
}

/// What of a token is secret.
fn secret(token: &str) -> &str {
    match token.split_once('.') {
        Some((header, rest)) if is_header(header) => rest,
        _ => token,
    }
}

/// Whether it is the header of a JWT (RFC 7515 section 4).
fn is_header(text: &str) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let header = serde_json::from_slice::<serde_json::Value>(&bytes);
    header.is_ok_and(|header| header.get("alg").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OPAQUE: &str = "2f9c1a7e-53d4-4b1a-9c55-0a1b2c3d4e5f";
    const JWT: &str =
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJBY21lIiwiYWJjIjoxMjN9.c2lnbmF0dXJlLW9mLXRva2Vu";

    #[test]
    fn a_few_characters_may_be_shown_and_more_may_not() {
        let parts = Parts::of(&[OPAQUE]);
        let shown =
            |count: usize| parts.longest(format!("token {}...", &OPAQUE[..count]).as_bytes());
        assert_eq!(
            (shown(16), shown(17), shown(30)),
            (None, Some(17), Some(30))
        );
        let last = format!("...{}", &OPAQUE[12..]);
        assert_eq!(parts.longest(last.as_bytes()), Some(24));
    }

    #[test]
    fn the_header_of_a_jwt_is_no_secret() {
        let parts = Parts::of(&[JWT]);
        assert_eq!(parts.longest(&JWT.as_bytes()[..30]), None);
        assert_eq!(parts.longest(&JWT.as_bytes()[..60]), Some(39));
        assert_eq!(parts.longest(&JWT.as_bytes()[50..]), Some(28));
        // What only looks like one has no header.
        let other = Parts::of(&["1234567890123456789.abcdefghij"]);
        assert_eq!(other.longest(b"1234567890123456789"), Some(19));
    }

    proptest! {
        #[test]
        fn the_longest_part_is_the_one_that_was_put_in(
            from in 0..20_usize,
            count in 1..36_usize,
            before in "[0-9a-f-]{0,40}[<>]",
            shorter in 0..20_usize,
        ) {
            let part = &OPAQUE[from..OPAQUE.len().min(from + count)];
            let other = &OPAQUE[..shorter.min(part.len())];
            let text = format!("{before}{part}<{other}>{part}");
            let found = Parts::of(&[OPAQUE]).longest(text.as_bytes());
            prop_assert_eq!(found, Some(part.len()).filter(|count| *count > SHOWN));
        }
    }
}
