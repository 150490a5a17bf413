//! [`compare`]: what a client sent, held against what it was given.

use super::change::Change;
use super::forms::form;

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
        /// The characters that are lost before them.
        before: usize,
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
            match rest.strip_prefix(' ') {
                Some(token) => compare(token, issued),
                None => bare(rest, issued, Change::Glued),
            }
        }
        None => bare(&text, issued, Change::NoScheme),
    }
}

/// A token that stands alone where a scheme and a blank should stand before it.
fn bare(text: &str, issued: &[&str], change: Change) -> Sent {
    match compare(text, issued) {
        Sent::Exact(token) => Sent::Changed { token, change },
        other => other,
    }
}

/// Compares a text with the tokens that were issued so far; the last of them first.
pub(super) fn compare(sent: &str, issued: &[&str]) -> Sent {
    let last_first = || issued.iter().enumerate().rev();
    if let Some((token, _)) = last_first().find(|(_, token)| **token == sent) {
        return Sent::Exact(token);
    }
    for (token, text) in last_first() {
        if let Some(change) = form(sent, text) {
            return Sent::Changed { token, change };
        }
    }
    for (token, text) in last_first() {
        if let Some((before, sent)) = part(sent.trim(), text) {
            return Sent::Cut {
                token,
                sent,
                before,
            };
        }
    }
    let alike = last_first().map(|(token, text)| (common(sent, text), token));
    if let Some((same, token)) = alike.max().filter(|(same, _)| *same >= ALIKE) {
        let change = Change::Other(same);
        return Sent::Changed { token, change };
    }
    let replaced = last_first().find_map(|(token, text)| Some((token, replaced(sent, text)?)));
    match replaced {
        Some((token, count)) => Sent::Changed {
            token,
            change: Change::Replaced(count),
        },
        None => Sent::Foreign,
    }
}

/// Where a text stands in a token: the characters before it, and its own.
fn part(part: &str, token: &str) -> Option<(usize, usize)> {
    // A few characters can begin anything.
    if part.len() < ALIKE.min(token.len() / 2) || part.len() >= token.len() {
        return None;
    }
    let sent = part.chars().count();
    if starts(token, part) {
        return Some((0, sent));
    }
    if ends(token, part) {
        return Some((token.chars().count() - sent, sent));
    }
    let inside = token.find(part).filter(|_| part.len() >= ALIKE)?;
    let before = token.get(..inside).unwrap_or_default();
    Some((before.chars().count(), sent))
}

/// How many characters of a token are other ones, where most are the same.
fn replaced(sent: &str, token: &str) -> Option<usize> {
    let other = sent
        .bytes()
        .zip(token.bytes())
        .filter(|(a, b)| a != b)
        .count();
    let most = sent.len() == token.len() && token.len() >= ALIKE && other * 2 < token.len();
    most.then_some(other)
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

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

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
            (OPAQUE.replace('c', "x"), OPAQUE, Change::Replaced(3)),
        ];
        for (sent, token, change) in cases {
            assert_eq!(changed(&sent, token), Some(change), "{sent}");
        }
    }

    #[test]
    fn a_cut_says_how_much_was_left_and_at_which_end() {
        for length in [18, 36, 60] {
            let cut = |before| Sent::Cut {
                token: 1,
                sent: length,
                before,
            };
            let lost = JWT.len() - length;
            let issued = [OPAQUE, JWT];
            assert_eq!(compare(&JWT[..length], &issued), cut(0));
            assert_eq!(compare(&JWT[lost..], &issued), cut(lost));
            assert_eq!(compare(&JWT[3..3 + length], &issued), cut(3));
        }
        let both = Sent::Cut {
            token: 0,
            sent: 34,
            before: 1,
        };
        assert_eq!(compare(&OPAQUE[1..35], &[OPAQUE, JWT]), both);
        assert_eq!(compare("x", &[OPAQUE]), Sent::Foreign);
        assert_eq!(compare("", &[OPAQUE]), Sent::Foreign);
        assert_eq!(
            compare("a-token-of-somebody-else", &[OPAQUE, JWT]),
            Sent::Foreign
        );
        let other = "b04e3d92-1c57-4e0d-8f61-77a9c0e2d418";
        assert_eq!(compare(other, &[OPAQUE, JWT]), Sent::Foreign);
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
        assert_eq!(change(&format!("Bearer{OPAQUE}")), Some(Change::Glued));
    }
}
