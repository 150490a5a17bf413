//! What stands in a header where a token was lost: nothing, or the word of a language for nothing.

use crate::client::wire::Message;

/// How languages write that there is nothing, and JavaScript an object in place of its text.
const NOTHING: [&str; 11] = [
    "",
    "none",
    "null",
    "undefined",
    "nil",
    "<nil>",
    "<null>",
    "(null)",
    "%!s(<nil>)",
    "[object object]",
    "[object promise]",
];

/// The word that stands in the place of a token; empty where nothing does. None where it may be a token.
pub(super) fn of(value: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(value);
    let text = text.trim();
    let scheme = text
        .get(..6)
        .filter(|scheme| scheme.eq_ignore_ascii_case("bearer"));
    let rest = match scheme {
        Some(_) => text.get(6..).unwrap_or_default(),
        None => text,
    };
    let rest = rest.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    NOTHING.into_iter().find(|word| *word == rest)
}

/// Whether a request has no token: no header for it, or none with more than such a word.
pub(super) fn without_token(message: &Message) -> bool {
    message
        .all("authorization")
        .all(|value| of(value).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_for_nothing_are_no_token() {
        for (value, word) in [
            ("", ""),
            ("Bearer", ""),
            ("Bearer ", ""),
            ("bearer \"\"", ""),
            ("Bearer None", "none"),
            ("Bearer null", "null"),
            ("Bearer undefined", "undefined"),
            ("Bearer nil", "nil"),
            ("Bearer %!s(<nil>)", "%!s(<nil>)"),
            ("Bearer [object Object]", "[object object]"),
            ("null", "null"),
        ] {
            assert_eq!(of(value.as_bytes()), Some(word), "{value}");
        }
        for value in [
            "Bearer 2f9c1a7e",
            "Bearer nulls",
            "Basic bnVsbA==",
            "nonesuch",
        ] {
            assert_eq!(of(value.as_bytes()), None, "{value}");
        }
    }
}
