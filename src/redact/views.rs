//! Decoded views of a text, each byte with the place it came from. One value has many escaped
//! spellings (`%2f` and `%2F`, `\/` and `\u002f`, `&amp;` and `&#38;`, `115, 101` and `73:65`): it is
//! found in all of them by undoing the escapes and looking for the value itself.

/// Fewest characters of base64 in a line that was broken for its length.
const FOLDED: usize = 60;

/// Bytes and where each came from.
#[derive(Debug, Default)]
pub(super) struct View {
    /// The decoded bytes.
    pub(super) bytes: Vec<u8>,
    /// For each, the stretch of the text that made it.
    pub(super) from: Vec<(usize, usize)>,
}

impl View {
    fn push(&mut self, byte: u8, start: usize, end: usize) {
        self.bytes.push(byte);
        self.from.push((start, end));
    }

    fn push_char(&mut self, c: char, start: usize, end: usize) {
        let mut buffer = [0; 4];
        for byte in c.encode_utf8(&mut buffer).bytes() {
            self.push(byte, start, end);
        }
    }

    /// Something that no value contains, so that nothing is found across it.
    fn gap(&mut self, at: usize) {
        if self.bytes.last() != Some(&0) {
            self.push(0, at, at);
        }
    }

    /// The stretch of the text that a stretch of the view came from.
    pub(super) fn origin(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let first = self.from.get(start)?;
        let last = self.from.get(end.checked_sub(1)?)?;
        Some((first.0, last.1))
    }

    /// The same view, told in the places of the text that this view's text came from.
    pub(super) fn over(mut self, below: &Self) -> Self {
        for place in &mut self.from {
            *place = below.origin(place.0, place.1).unwrap_or_default();
        }
        self
    }
}

/// Every view of a text in which something was decoded.
pub(super) fn views(text: &[u8]) -> Vec<View> {
    let mut views = Vec::new();
    let has = |byte| text.contains(&byte);
    if has(b'%') {
        views.push(percent(text, false));
    }
    if has(b'+') {
        views.push(percent(text, true));
    }
    if has(b'\\') {
        views.push(json(text));
    }
    if has(b'&') {
        views.push(xml(text));
    }
    views.extend(unfolded(text));
    views
}

/// The text without the line breaks that base64 has after 76 characters (RFC 2045 section 6.8), or 64 (RFC
/// 7468 section 2); none where no line is as long as that and of its characters.
fn unfolded(text: &[u8]) -> Option<View> {
    let sign = |b: &u8| b.is_ascii_alphanumeric() || b"+/-_=".contains(b);
    let folds = |line: &[u8]| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.iter().rev().take_while(|b| sign(b)).count() >= FOLDED
    };
    let last = text.iter().rposition(|b| *b == b'\n')?;
    if !text.get(..last)?.split(|b| *b == b'\n').any(folds) {
        return None;
    }
    let mut view = View::default();
    for (at, byte) in text.iter().enumerate() {
        if !b"\r\n".contains(byte) {
            view.push(*byte, at, at + 1);
        }
    }
    Some(view)
}

/// Views of what may be lists of bytes: made of the text itself only.
pub(super) fn byte_lists(text: &[u8]) -> Vec<View> {
    let mut views = Vec::new();
    if let Some(view) = decimal(text) {
        views.push(view);
    }
    views.extend((0..2).filter_map(|skip| hexadecimal(text, skip)));
    views
}

const fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

fn hex_pair(text: &[u8], at: usize) -> Option<u8> {
    Some(hex(*text.get(at)?)? << 4 | hex(*text.get(at + 1)?)?)
}

/// RFC 3986 section 2.1, and `+` for a blank where forms are read.
fn percent(text: &[u8], form: bool) -> View {
    let mut view = View::default();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let (decoded, next) = match byte {
            b'%' => hex_pair(text, at + 1).map_or((byte, at + 1), |decoded| (decoded, at + 3)),
            b'+' if form => (b' ', at + 1),
            _ => (byte, at + 1),
        };
        view.push(decoded, at, next);
        at = next;
    }
    view
}

/// RFC 8259 section 7, and `\xHH` as many languages print bytes.
fn json(text: &[u8]) -> View {
    let mut view = View::default();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let start = at;
        if byte != b'\\' {
            at += 1;
            view.push(byte, start, at);
            continue;
        }
        at += 2;
        match text.get(start + 1) {
            Some(b'u') => match unicode_escape(text, start) {
                Some((c, next)) => {
                    at = next;
                    view.push_char(c, start, at);
                }
                None => view.push(b'u', start, at),
            },
            Some(b'x') if hex_pair(text, at).is_some() => {
                at += 2;
                view.push(hex_pair(text, at - 2).unwrap_or_default(), start, at);
            }
            Some(b'n') => view.push(b'\n', start, at),
            Some(b'r') => view.push(b'\r', start, at),
            Some(b't') => view.push(b'\t', start, at),
            Some(b'b') => view.push(8, start, at),
            Some(b'f') => view.push(12, start, at),
            Some(&other) => view.push(other, start, at),
            None => {}
        }
    }
    view
}

/// `\uHHHH`, or two of them where they are a surrogate pair; the character and what follows.
fn unicode_escape(text: &[u8], at: usize) -> Option<(char, usize)> {
    let unit = |at: usize| -> Option<u16> {
        let marked = text.get(at) == Some(&b'\\') && text.get(at + 1) == Some(&b'u');
        let high = marked.then(|| hex_pair(text, at + 2)).flatten()?;
        Some(u16::from_be_bytes([high, hex_pair(text, at + 4)?]))
    };
    let first = unit(at)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return Some((c, at + 6));
    }
    let second = unit(at + 6)?;
    let c = char::decode_utf16([first, second]).next()?.ok()?;
    Some((c, at + 12))
}

/// XML 1.0 section 4.1 and 4.6.
fn xml(text: &[u8]) -> View {
    let mut view = View::default();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let start = at;
        if let Some((c, next)) = (byte == b'&').then(|| reference(text, at)).flatten() {
            at = next;
            view.push_char(c, start, at);
        } else {
            at += 1;
            view.push(byte, start, at);
        }
    }
    view
}

fn reference(text: &[u8], at: usize) -> Option<(char, usize)> {
    let rest = text.get(at + 1..(at + 12).min(text.len()))?;
    let length = rest.iter().position(|b| *b == b';')?;
    let name = std::str::from_utf8(rest.get(..length)?).ok()?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, at + length + 2))
}

/// Numbers up to 255, with anything but letters between them.
fn decimal(text: &[u8]) -> Option<View> {
    let mut view = View::default();
    let mut at = 0;
    let mut numbers = 0_usize;
    while let Some(&byte) = text.get(at) {
        let start = at;
        if byte.is_ascii_digit() {
            let mut value = 0_u32;
            while let Some(digit) = text.get(at).filter(|b| b.is_ascii_digit()) {
                value = value.saturating_mul(10) + u32::from(digit - b'0');
                value = value.min(10_000);
                at += 1;
            }
            match u8::try_from(value) {
                Ok(value) if at - start <= 3 => {
                    numbers += 1;
                    view.push(value, start, at);
                }
                _ => view.gap(start),
            }
        } else {
            at += 1;
            if byte.is_ascii_alphabetic() || !byte.is_ascii() {
                view.gap(start);
            }
        }
    }
    (numbers >= 6).then_some(view)
}

/// Pairs of hexadecimal digits, together or with separators and `0x`, `\x`, `%` between them.
/// `skip` is how many digits of a run stand before the first pair.
fn hexadecimal(text: &[u8], skip: usize) -> Option<View> {
    let mut view = View::default();
    let mut digits: Vec<(u8, usize)> = Vec::new();
    let mut at = 0;
    let mut flush = |digits: &mut Vec<(u8, usize)>| {
        if digits.len() >= 12 {
            for pair in digits.get(skip..).unwrap_or_default().chunks_exact(2) {
                if let [(high, start), (low, end)] = *pair {
                    view.push(high << 4 | low, start, end + 1);
                }
            }
            view.gap(at_of(digits));
        }
        digits.clear();
    };
    while let Some(&byte) = text.get(at) {
        let prefix = byte == b'0' && matches!(text.get(at + 1), Some(b'x' | b'X'));
        if prefix {
            at += 2;
        } else if let Some(digit) = hex(byte) {
            digits.push((digit, at));
            at += 1;
        } else {
            let escape =
                byte == b'x' && at.checked_sub(1).and_then(|b| text.get(b)) == Some(&b'\\');
            if !byte.is_ascii() || (byte.is_ascii_alphabetic() && !escape) {
                flush(&mut digits);
            }
            at += 1;
        }
    }
    flush(&mut digits);
    (!view.bytes.is_empty()).then_some(view)
}

fn at_of(digits: &[(u8, usize)]) -> usize {
    digits.last().map_or(0, |(_, at)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(views: &[View], value: &str) -> bool {
        views.iter().any(|view| {
            view.bytes
                .windows(value.len())
                .any(|window| window == value.as_bytes())
        })
    }

    #[test]
    fn each_escape_is_undone() {
        for text in [
            "a%2Fb%c3%a9%3D",
            "a\\/b\\u00e9=",
            "a\\u002fb\\xc3\\xa9\\u003D",
            "a&#47;b&#xe9;&#61;",
        ] {
            assert!(seen(&views(text.as_bytes()), "a/bé="), "{text}");
        }
        assert!(seen(&views(b"a+b%26c"), "a b&c"));
        assert!(seen(&views(b"a+b%26c"), "a+b&c"));
        assert!(seen(&views(b"\\ud83d\\ude00"), "\u{1f600}"));
    }

    #[test]
    fn byte_lists_are_read_in_many_notations() {
        for text in [
            "[115, 101, 99, 114, 101, 116]",
            "{115,\n  101,\n  99,\n  114,\n  101,\n  116}",
            "736563726574",
            "73:65:63:72:65:74",
            "0x73, 0x65, 0x63, 0x72, 0x65, 0x74",
            "\\x73\\x65\\x63\\x72\\x65\\x74",
            "a736563726574",
        ] {
            assert!(seen(&byte_lists(text.as_bytes()), "secret"), "{text}");
        }
    }

    #[test]
    fn a_place_in_a_view_of_a_view_is_a_place_of_the_text() {
        let text = b"x\\u0025\\u0034\\u0031y";
        let json = json(text);
        let both = percent(&json.bytes, false).over(&json);
        assert_eq!(both.bytes, b"xAy");
        assert_eq!(both.origin(1, 2), Some((1, 19)));
    }
}
