//! The marks that stand in a canonical text, and where a value may be replaced by one.

/// Opens a mark; a private-use character that no gateway sends.
const OPEN: char = '\u{F1000}';
/// Closes a mark.
const CLOSE: char = '\u{F1001}';

/// What may stand beside a value for it to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Boundary {
    /// A host or a URL: no further host characters.
    Host,
    /// A word: no letters or digits.
    Word,
}

pub(super) fn url(at: usize) -> String {
    format!("{OPEN}u{at}{CLOSE}")
}

pub(super) fn host(at: usize) -> String {
    format!("{OPEN}h{at}{CLOSE}")
}

pub(super) fn path(at: usize) -> String {
    format!("{OPEN}p{at}{CLOSE}")
}

pub(super) fn word(at: usize) -> String {
    format!("{OPEN}w{at}{CLOSE}")
}

pub(super) fn born(at: usize) -> String {
    format!("{OPEN}b{at}{CLOSE}")
}

/// Whether a part of a canonical text is the mark of a born value.
pub(super) fn is_mark(part: &str) -> bool {
    part.strip_prefix(OPEN)
        .is_some_and(|rest| rest.starts_with('b') && rest.ends_with(CLOSE))
}

/// Replaces every whole occurrence of `needle`, letter case aside.
pub(super) fn replace(text: &str, needle: &str, mark: &str, boundary: Boundary) -> String {
    if needle.is_empty() || text.len() < needle.len() {
        return text.to_owned();
    }
    let (hay, sought) = (text.as_bytes(), needle.as_bytes());
    let mut out = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(window) = hay.get(at..at + sought.len()) {
        let same = match boundary {
            Boundary::Host => window.eq_ignore_ascii_case(sought),
            Boundary::Word => window == sought,
        };
        if same && stands_alone(boundary, hay, at, sought) {
            out.push_str(text.get(copied..at).unwrap_or_default());
            out.push_str(mark);
            at += sought.len();
            copied = at;
        } else {
            at += 1;
        }
    }
    if copied == 0 {
        return text.to_owned();
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

fn stands_alone(boundary: Boundary, hay: &[u8], at: usize, sought: &[u8]) -> bool {
    let rest = hay.get(at + sought.len()..).unwrap_or_default();
    let before = hay.get(..at).unwrap_or_default();
    match boundary {
        Boundary::Host => host_ends(before, rest),
        Boundary::Word => {
            let before = beside(before);
            let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
            // A path (`/orders/7`) begins with a delimiter of its own.
            let runs_on = word(before.as_ref()) && word(sought.first());
            !(runs_on || word(rest.first()) && word(sought.last()))
        }
    }
}

/// The byte that a value stands behind, if it may belong to it: an escape (`%2F`, RFC 3986 section 2.1)
/// stands for a delimiter, whatever its last digit.
fn beside(before: &[u8]) -> Option<u8> {
    match before {
        [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => None,
        [.., last] => Some(*last),
        [] => None,
    }
}

/// Whether a host that stands between these bytes is the whole host.
pub(super) fn host_ends(before: &[u8], rest: &[u8]) -> bool {
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if beside(before).is_some_and(|byte| inside(byte) || byte == b'.') {
        return false;
    }
    match rest {
        [byte, ..] if inside(*byte) => false,
        [b'.', next, ..] => !inside(*next),
        _ => true,
    }
}

/// The parts of a text between URL delimiters, delimiters left out.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(DELIMITERS)
}

/// The parts and the delimiters of a text, in order: together they are the text.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(DELIMITERS).flat_map(|piece| {
        let cut = match piece.char_indices().next_back() {
            Some((at, last)) if DELIMITERS.contains(&last) => at,
            _ => piece.len(),
        };
        let (part, delimiter) = piece.split_at(cut);
        [part, delimiter]
    })
}

const DELIMITERS: [char; 8] = ['/', '?', '&', '=', '#', ';', '"', ' '];
