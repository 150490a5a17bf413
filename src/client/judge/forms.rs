//! [`form`]: whether a text is all of a token in another form.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::percent_decode_str;

use super::change::Change;

/// Fewest characters of an encoded token that are known for its start.
const START: usize = 16;
/// Fewest characters of a token that is looked for within other text.
const WITHIN: usize = 8;

/// How `sent` is all of `token` in another form.
pub(super) fn form(sent: &str, token: &str) -> Option<Change> {
    blanks(sent, token)
        .or_else(|| case(sent, token))
        .or_else(|| written(sent, token))
        .or_else(|| encoded(sent, token))
        .or_else(|| signs(sent, token))
        .or_else(|| (token.len() >= WITHIN && sent.contains(token)).then_some(Change::Added))
}

fn bare(sent: &str) -> String {
    sent.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Blanks and line breaks.
fn blanks(sent: &str, token: &str) -> Option<Change> {
    if bare(sent) != token {
        return None;
    }
    let inner = sent.trim();
    Some(if inner == token && sent.contains(['\r', '\n']) {
        Change::LineBreak
    } else if inner != token && sent.contains("\r\n ") {
        Change::Folded
    } else if inner != token && inner.contains('\n') {
        Change::Lines(inner.lines().next().map_or(0, str::len))
    } else {
        Change::Blank
    })
}

fn case(sent: &str, token: &str) -> Option<Change> {
    if !sent.eq_ignore_ascii_case(token) {
        return None;
    }
    Some(if sent == token.to_ascii_lowercase() {
        Change::Lower
    } else if sent == token.to_ascii_uppercase() {
        Change::Upper
    } else {
        Change::Case
    })
}

/// As other kinds of text write it: quoted, escaped, of forms.
fn written(sent: &str, token: &str) -> Option<Change> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let spaced = token.replace('+', " ");
    if sent.trim().trim_matches(['"', '\'']) == token {
        Some(Change::Quoted)
    } else if sent == decoded(&spaced) || sent == spaced {
        Some(Change::FormDecoded)
    } else if sent.contains('%') && (decoded(sent) == token || decoded(&decoded(sent)) == token) {
        Some(Change::PercentEncoded)
    } else if sent.contains('&') && without_references(sent) == token {
        Some(Change::Html)
    } else if sent.contains('\\') && without_escapes(sent) == token {
        Some(Change::Json)
    } else {
        None
    }
}

/// The signs of tokens (RFC 6750 section 2.1) that escaping for HTML or JSON may touch, with their
/// names in HTML.
const SIGNS: [(char, &str); 8] = [
    ('+', "plus"),
    ('/', "sol"),
    ('=', "equals"),
    ('.', "period"),
    ('-', "hyphen"),
    ('_', "lowbar"),
    ('~', "tilde"),
    ('%', "percnt"),
];

fn without_references(sent: &str) -> String {
    let mut text = sent.replace("&amp;", "&");
    for (sign, name) in SIGNS {
        let code = u32::from(sign);
        for reference in [
            format!("&{name};"),
            format!("&#{code};"),
            format!("&#{code:03};"),
            format!("&#x{code:x};"),
            format!("&#x{code:X};"),
        ] {
            text = text.replace(&reference, &sign.to_string());
        }
    }
    text
}

fn without_escapes(sent: &str) -> String {
    let mut text = sent.replace("\\/", "/");
    for (sign, _) in SIGNS {
        let code = u32::from(sign);
        for escape in [format!("\\u{code:04x}"), format!("\\u{code:04X}")] {
            text = text.replace(&escape, &sign.to_string());
        }
    }
    text
}

/// Its bytes in base64 or in hexadecimal digits; the start of base64 is what is left of the first line.
fn encoded(sent: &str, token: &str) -> Option<Change> {
    let bare = bare(sent);
    let starts = |encoded: String| {
        let all = encoded.trim_end_matches('=');
        bare == all || bare == encoded || bare.len() >= START && encoded.starts_with(&bare)
    };
    if starts(STANDARD.encode(token)) || starts(URL_SAFE.encode(token)) {
        return Some(Change::Base64);
    }
    let hex = || {
        let digits = token.bytes().map(|byte| format!("{byte:02x}"));
        digits.collect::<String>()
    };
    (bare.len() == token.len() * 2 && bare.eq_ignore_ascii_case(&hex())).then_some(Change::Hex)
}

/// Its dots, its padding, and the two alphabets of base64.
fn signs(sent: &str, token: &str) -> Option<Change> {
    let alphabet = |text: &str| {
        let text = text.trim_end_matches('=');
        text.replace('+', "-").replace('/', "_")
    };
    if sent.trim_end_matches('=') == token.trim_end_matches('=') {
        let lost = sent.len() < token.len();
        Some(if lost {
            Change::Padding
        } else {
            Change::Padded
        })
    } else if !sent.is_empty() && alphabet(sent) == alphabet(token) {
        Some(Change::Alphabet)
    } else if dots_cut(sent, token) {
        Some(Change::Dots)
    } else if dots_replaced(sent, token) {
        Some(Change::DotsReplaced)
    } else {
        None
    }
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

/// Whether one character stands where each dot was.
fn dots_replaced(sent: &str, token: &str) -> bool {
    let at = token.find('.');
    let sign = at.and_then(|at| sent.get(at..)?.chars().next());
    sign.is_some_and(|sign| sent == token.replace('.', &sign.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "2f9c1a7e-53d4-4b1a-9c55-0a1b2c3d4e5f";
    const JWT: &str =
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJBY21lIiwiYWJjIjoxMjN9.c2lnbmF0dXJlLW9mLXRva2Vu";
    const HARD: &str = "a+b/c%20d/EfGhIjKlMnOp==";

    fn swapped(text: &str) -> String {
        let swap = |c: char| {
            if c.is_ascii_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        };
        text.chars().map(swap).collect()
    }

    fn known(sent: &str, token: &str, change: Change) {
        assert_eq!(form(sent, token), Some(change), "{sent}");
    }

    #[test]
    fn another_letter_case_is_a_change() {
        known(&swapped(JWT), JWT, Change::Case);
        let capital = format!("E{}", JWT[1..].to_ascii_lowercase());
        known(&capital, JWT, Change::Case);
        known(&JWT.to_ascii_uppercase(), JWT, Change::Upper);
    }

    #[test]
    fn the_alphabets_of_base64_are_one_token() {
        let safe = "a-b_c%20d_EfGhIjKlMnOp==";
        known(safe, HARD, Change::Alphabet);
        known(HARD, safe, Change::Alphabet);
        known(safe.trim_end_matches('='), HARD, Change::Alphabet);
    }

    #[test]
    fn escapes_are_undone() {
        let sent = "a&#43;b&sol;c%20d&#x2F;EfGhIjKlMnOp&equals;&#061;";
        known(sent, HARD, Change::Html);
        let sent = "a\\u002bb\\/c%20d\\/EfGhIjKlMnOp\\u003d\\u003D";
        known(sent, HARD, Change::Json);
        known(
            "a%252Bb%252Fc%252520d%252FEfGhIjKlMnOp%253D%253D",
            HARD,
            Change::PercentEncoded,
        );
    }

    #[test]
    fn an_encoded_token_is_known_by_its_first_line() {
        let encoded = STANDARD.encode(JWT);
        known(&encoded[..76], JWT, Change::Base64);
        known(&encoded[..START], JWT, Change::Base64);
        assert_eq!(form(&encoded[..START - 1], JWT), None);
        let hex: String = UUID.bytes().map(|byte| format!("{byte:02X}")).collect();
        known(&hex, UUID, Change::Hex);
    }

    #[test]
    fn padding_and_dots_are_named() {
        known(&format!("{UUID}="), UUID, Change::Padded);
        known(HARD.trim_end_matches('='), HARD, Change::Padding);
        known(&JWT.replace('.', "_"), JWT, Change::DotsReplaced);
        known(&JWT.replace('.', ""), JWT, Change::Dots);
    }

    #[test]
    fn other_text_around_a_token_is_no_other_token() {
        known(&format!("Bearer {UUID}"), UUID, Change::Added);
        known(&format!("b'{JWT}'"), JWT, Change::Added);
        known(
            &format!(r#"{{"access_token":"{UUID}"}}"#),
            UUID,
            Change::Added,
        );
    }

    #[test]
    fn another_token_is_none_of_it() {
        let other = "b04e3d92-1c57-4e0d-8f61-77a9c0e2d418";
        for sent in [other, "", "null", JWT] {
            assert_eq!(form(sent, UUID), None, "{sent}");
        }
        assert_eq!(form(UUID, JWT), None);
    }
}
