//! [`compare`]: what a client sent, held against what it was given.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

/// What a client made of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sent {
    /// The token with this index, as it was issued.
    Exact(usize),
    /// A part of the token.
    Cut {
        /// Its index.
        token: usize,
        /// The characters that were sent.
        sent: usize,
        /// Whether the end was sent, and not the start.
        tail: bool,
    },
    /// All of it, in another form.
    Changed {
        /// Its index.
        token: usize,
        /// How.
        change: Change,
    },
    /// Nothing that was issued here.
    Foreign,
}

/// How a token was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Change {
    /// A blank before or behind it.
    Blank,
    /// A line break before or behind it.
    LineBreak,
    /// Lines of this length.
    Lines(usize),
    /// Folded into lines of a header (RFC 9112 section 5.2).
    Folded,
    /// Capitals became small letters.
    Lower,
    /// Small letters became capitals.
    Upper,
    /// Quotation marks around it.
    Quoted,
    /// Percent-encoded.
    PercentEncoded,
    /// `+` became a blank, or `%xx` a character.
    FormDecoded,
    /// Encoded in base64.
    Base64,
    /// Its `=` are lost.
    Padding,
    /// Its dots, or what stands behind one, are lost.
    Dots,
    /// Without `Bearer` before it.
    NoScheme,
    /// It begins alike and goes on otherwise.
    Other(usize),
}

impl Change {
    /// The word of `detail`.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Blank => "blank added",
            Self::LineBreak => "line break added",
            Self::Lines(_) => "broken into lines",
            Self::Folded => "folded",
            Self::Lower => "lower-cased",
            Self::Upper => "upper-cased",
            Self::Quoted => "quoted",
            Self::PercentEncoded => "percent-encoded",
            Self::FormDecoded => "form-decoded",
            Self::Base64 => "base64-encoded",
            Self::Padding => "padding lost",
            Self::Dots => "dots cut",
            Self::NoScheme => "scheme lost",
            Self::Other(_) => "other characters",
        }
    }
}

/// Fewest characters that two texts begin with alike where one was made of the other.
const ALIKE: usize = 8;

/// Compares the value of an `Authorization` field with the tokens that were issued so far.
pub(super) fn field(value: &[u8], issued: &[&str]) -> Sent {
    let text = String::from_utf8_lossy(value);
    let scheme = text
        .get(..6)
        .filter(|scheme| scheme.eq_ignore_ascii_case("bearer"));
    match scheme {
        // One blank belongs to the scheme; more are the client's.
        Some(_) => {
            let rest = text.get(6..).unwrap_or_default();
            compare(rest.strip_prefix(' ').unwrap_or(rest), issued)
        }
        None => match compare(&text, issued) {
            Sent::Exact(token) => Sent::Changed {
                token,
                change: Change::NoScheme,
            },
            other => other,
        },
    }
}

/// Compares a text with the tokens that were issued so far; the last of them first.
pub(super) fn compare(sent: &str, issued: &[&str]) -> Sent {
    let last_first = || issued.iter().enumerate().rev();
    if let Some((token, _)) = last_first().find(|(_, token)| **token == sent) {
        return Sent::Exact(token);
    }
    for (token, text) in last_first() {
        if let Some(change) = change(sent, text) {
            return Sent::Changed { token, change };
        }
    }
    for (token, text) in last_first() {
        let part = sent.trim();
        // A few characters can begin anything.
        if part.len() < ALIKE.min(text.len() / 2) || part.len() >= text.len() {
            continue;
        }
        let (start, end) = (starts(text, part), ends(text, part));
        if start || end {
            return Sent::Cut {
                token,
                sent: part.chars().count(),
                tail: !start,
            };
        }
    }
    let alike = last_first().map(|(token, text)| (common(sent, text), token));
    match alike.max() {
        Some((same, token)) if same >= ALIKE => Sent::Changed {
            token,
            change: Change::Other(same),
        },
        _ => Sent::Foreign,
    }
}

fn starts(text: &str, part: &str) -> bool {
    text.get(..part.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(part))
}

fn ends(text: &str, part: &str) -> bool {
    let from = text.len() - part.len();
    text.get(from..)
        .is_some_and(|end| end.eq_ignore_ascii_case(part))
}

fn common(one: &str, other: &str) -> usize {
    one.bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count()
}

/// How `sent` is all of `token` in another form.
fn change(sent: &str, token: &str) -> Option<Change> {
    let bare: String = sent.chars().filter(|c| !c.is_whitespace()).collect();
    let decoded = |text: &str| -> String {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let inner = sent.trim();
    let unquoted = inner.trim_matches(['"', '\'']);
    let encoded = STANDARD.encode(token);
    let found = if inner == token && sent.contains(['\r', '\n']) {
        Change::LineBreak
    } else if inner == token {
        Change::Blank
    } else if bare == token && sent.contains("\r\n ") {
        Change::Folded
    } else if bare == token && inner.contains('\n') {
        Change::Lines(inner.lines().next().map_or(0, str::len))
    } else if bare == token {
        Change::Blank
    } else if sent == token.to_ascii_lowercase() {
        Change::Lower
    } else if sent == token.to_ascii_uppercase() {
        Change::Upper
    } else if unquoted == token {
        Change::Quoted
    } else if sent == decoded(token) || sent == token.replace('+', " ") {
        Change::FormDecoded
    } else if is_percent_encoded(sent, token) {
        Change::PercentEncoded
    } else if bare == encoded || bare == encoded.trim_end_matches('=') {
        Change::Base64
    } else if sent == token.trim_end_matches('=') {
        Change::Padding
    } else if dots_cut(sent, token) {
        Change::Dots
    } else {
        return None;
    };
    Some(found)
}

fn is_percent_encoded(sent: &str, token: &str) -> bool {
    let decoded: Cow<'_, str> = percent_decode_str(sent).decode_utf8_lossy();
    sent.contains('%') && decoded == token
}

/// Whether it is some parts of a text with dots, or all of them joined.
fn dots_cut(sent: &str, token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let [head, claims, proof] = parts.as_slice() else {
        return false;
    };
    let two = format!("{head}.{claims}");
    [head, claims, proof].iter().any(|part| **part == sent)
        || sent.trim_end_matches('.') == two
        || sent == parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPAQUE: &str = "2f9c1a7e-53d4-4b1a-9c55-0a1b2c3d4e5f";
    const JWT: &str =
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJBY21lIiwiYWJjIjoxMjN9.c2lnbmF0dXJlLW9mLXRva2Vu";
    const HARD: &str = "a+b/c%20d/EfGhIjKlMnOp==";

    fn changed(sent: &str, token: &str) -> Option<Change> {
        match compare(sent, &[token]) {
            Sent::Changed { token: 0, change } => Some(change),
            _ => None,
        }
    }

    #[test]
    fn each_change_is_known() {
        let wrapped = format!("{}\n{}", &JWT[..40], &JWT[40..]);
        let folded = format!("{}\r\n {}", &JWT[..40], &JWT[40..]);
        let cases = [
            (format!("{OPAQUE} "), OPAQUE, Change::Blank),
            (format!("{OPAQUE}\n"), OPAQUE, Change::LineBreak),
            (wrapped, JWT, Change::Lines(40)),
            (folded, JWT, Change::Folded),
            (JWT.to_ascii_lowercase(), JWT, Change::Lower),
            (OPAQUE.to_ascii_uppercase(), OPAQUE, Change::Upper),
            (format!("\"{JWT}\""), JWT, Change::Quoted),
            (
                "a%2Bb%2Fc%2520d%2FEfGhIjKlMnOp%3D%3D".to_owned(),
                HARD,
                Change::PercentEncoded,
            ),
            (
                "a b/c d/EfGhIjKlMnOp==".to_owned(),
                HARD,
                Change::FormDecoded,
            ),
            (STANDARD.encode(JWT), JWT, Change::Base64),
            ("a+b/c%20d/EfGhIjKlMnOp".to_owned(), HARD, Change::Padding),
            (
                JWT.split('.').nth(1).expect("claims").to_owned(),
                JWT,
                Change::Dots,
            ),
            (JWT.replace('.', ""), JWT, Change::Dots),
            (format!("{}-x", &JWT[..60]), JWT, Change::Other(60)),
        ];
        for (sent, token, change) in cases {
            assert_eq!(changed(&sent, token), Some(change), "{sent}");
        }
    }

    #[test]
    fn a_cut_says_how_much_was_left_and_at_which_end() {
        for length in [18, 36, 60] {
            let cut = |tail| Sent::Cut {
                token: 1,
                sent: length,
                tail,
            };
            assert_eq!(compare(&JWT[..length], &[OPAQUE, JWT]), cut(false));
            assert_eq!(
                compare(&JWT[JWT.len() - length..], &[OPAQUE, JWT]),
                cut(true)
            );
        }
        assert_eq!(compare("x", &[OPAQUE]), Sent::Foreign);
        assert_eq!(compare("", &[OPAQUE]), Sent::Foreign);
        assert_eq!(
            compare("a-token-of-somebody-else", &[OPAQUE, JWT]),
            Sent::Foreign
        );
    }

    #[test]
    fn the_scheme_is_no_part_of_the_token() {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let value = format!("{scheme} {OPAQUE}");
            assert_eq!(field(value.as_bytes(), &[OPAQUE]), Sent::Exact(0));
        }
        let change = |value: &str| match field(value.as_bytes(), &[OPAQUE]) {
            Sent::Changed { change, .. } => Some(change),
            _ => None,
        };
        assert_eq!(change(OPAQUE), Some(Change::NoScheme));
        assert_eq!(change(&format!("Bearer  {OPAQUE}")), Some(Change::Blank));
    }
}
