//! The character set of a text body: the one that its `Content-Type` names, or the one that its
//! bytes must be in.

use std::borrow::Cow;

use super::Comparison;
use super::headers::charset_of;
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// What 0x80 to 0x9F mean in windows-1252; 0 where they mean nothing.
const WINDOWS: [u32; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

/// A body as text.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// What its bytes are in.
    charset: &'static str,
    /// Whether `Content-Type` names that one, or names none and it is UTF-8.
    said: bool,
}

/// Whether bytes that are no UTF-8 can be a text in one byte for each character.
pub(super) fn looks_like_text(body: &[u8]) -> bool {
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 14..=31 | 127);
    !body.iter().any(is_control)
}

/// Decodes a text body. ISO-8859-1 is read as windows-1252, as browsers do (Encoding standard).
pub(super) fn decode(answer: &Response) -> Decoded<'_> {
    let body = answer.body.as_ref();
    let named = charset_of(answer);
    let named = named.as_deref();
    let single = matches!(
        named,
        Some("iso-8859-1" | "windows-1252" | "cp1252" | "us-ascii")
    );
    match std::str::from_utf8(body) {
        Ok(text) if !single || text.is_ascii() => Decoded {
            text: Cow::Borrowed(text),
            charset: "utf-8",
            said: true,
        },
        _ if single || looks_like_text(body) => Decoded {
            text: Cow::Owned(body.iter().map(|byte| character(*byte)).collect()),
            charset: "iso-8859-1",
            said: single,
        },
        _ => Decoded {
            text: String::from_utf8_lossy(body),
            charset: "utf-8",
            said: true,
        },
    }
}

fn character(byte: u8) -> char {
    let windows = usize::from(byte)
        .checked_sub(0x80)
        .and_then(|at| WINDOWS.get(at));
    match windows {
        Some(point) if *point > 0 => char::from_u32(*point).unwrap_or(char::from(byte)),
        _ => char::from(byte),
    }
}

/// A side whose text is in another character set than its `Content-Type` lets clients believe.
/// Where both name theirs, the header's difference tells.
pub(super) fn compare(texts: Pair<&Decoded<'_>>, found: &mut Comparison) {
    let side = match (texts.old.said, texts.new.said) {
        (true, false) => Side::New,
        (false, true) => Side::Old,
        _ => return,
    };
    let shown = texts.map(|text| Observed::text(text.charset));
    let explain = format!(
        "the text of the {side} side is no UTF-8, and its Content-Type does not say what it is: clients show wrong characters, or fail (it was compared as ISO-8859-1)"
    );
    let difference = Difference::new(Where::Body, "$", Kind::Charset, Severity::Breaking, explain);
    found.differences.push(
        difference
            .showing(shown.old, shown.new)
            .detail("side", side.word())
            .advice("send UTF-8, or name the character set in Content-Type"),
    );
}
