//! What has the shape of a JWT (RFC 7519 section 3): a token, whosever it is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::spans::Span;

/// Shortest first part: `{"alg":1}` and shorter are no header.
const SHORTEST: usize = 10;

/// Every stretch of JWT shape.
pub(super) fn spans(text: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|b| in_token(**b)).count();
        if length > SHORTEST {
            let run = rest.get(..length).unwrap_or_default();
            if let Some(first) = starts(run) {
                spans.extend(Span::place(text, at + first, at + length, "jwt"));
            }
        }
        at += length.max(1);
    }
    spans
}

const fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Where in a run of token characters the first JWT starts.
fn starts(run: &[u8]) -> Option<usize> {
    let mut at = 0;
    for part in run.split(|b| *b == b'.') {
        let follows = run.get(at + part.len() + 1).is_some_and(|b| *b != b'.');
        if follows && part.len() >= SHORTEST {
            // `{"` is `eyJ`, whatever characters stand before it in the run.
            let inside = part.windows(3).position(|w| w == b"eyJ");
            if let Some(inside) = inside.filter(|i| part.len() - i >= SHORTEST) {
                return Some(at + inside);
            }
            if is_object(part) {
                return Some(at);
            }
        }
        at += part.len() + 1;
    }
    None
}

fn is_object(part: &[u8]) -> bool {
    part.first() == Some(&b'e')
        && URL_SAFE_NO_PAD
            .decode(part)
            .is_ok_and(|json| serde_json::from_slice::<serde_json::Map<_, _>>(&json).is_ok())
}

/// The parts of a value of JWT shape.
pub(super) fn parts(value: &str) -> Vec<&str> {
    let whole = spans(value.as_bytes());
    let is_one = matches!(whole.as_slice(), [one] if one.start == 0 && one.end == value.len());
    if is_one {
        value.split('.').collect()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

    fn found(text: &str) -> Vec<&str> {
        let spans = spans(text.as_bytes());
        spans
            .iter()
            .filter_map(|s| text.get(s.start..s.end))
            .collect()
    }

    #[test]
    fn jwts_are_found_wherever_they_stand() {
        for around in ["", "Bearer ", "x=", "https://h/", "token-", "a.b."] {
            assert_eq!(found(&format!("{around}{JWT} and more")), [JWT], "{around}");
        }
        let spaced = format!("{}.e30.x", URL_SAFE_NO_PAD.encode("{ \"alg\": \"none\" }"));
        assert_eq!(found(&spaced), [spaced.as_str()]);
        assert_eq!(parts(JWT).len(), 3);
    }

    #[test]
    fn other_dotted_texts_are_left() {
        for text in [
            "www.example.com",
            "eyJhbGciOiJSUzI1NiJ9",
            "evaluation.of.it",
            "1.2.3",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
