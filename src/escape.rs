//! What servers send is not trusted with a terminal or a page: one escaping, used by everything that
//! people read.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// A text as one line that does nothing but show: control characters (among them the escape that
/// starts a terminal's commands), invisible characters and those that turn the direction of writing
/// (Unicode Standard Annex 9) are written as `\n`, `\t` or `\u{1b}`.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if acts(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A text of several lines, each of them as [`line()`] has it.
pub fn lines(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && acts(c)) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(line).collect();
    Cow::Owned(lines.join("\n"))
}

/// A JSON document that means the same and does nothing but show: outside of its strings there is
/// no such character but white space, and in strings each has an escape (RFC 8259 section 7).
pub fn json(text: &str) -> Cow<'_, str> {
    let inside = |c: char| acts(c) && !matches!(c, '\n' | '\r' | '\t');
    if !text.chars().any(inside) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if inside(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A stream of JSON with line breaks between its parts, each part as [`json()`] has it.
#[derive(Debug)]
pub struct JsonLines<W: io::Write> {
    out: W,
    part: Vec<u8>,
}

impl<W: io::Write> JsonLines<W> {
    /// Writes to another stream.
    pub const fn new(out: W) -> Self {
        Self {
            out,
            part: Vec::new(),
        }
    }
}

impl<W: io::Write> io::Write for JsonLines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if let Some(end) = self.part.iter().rposition(|b| *b == b'\n') {
            let rest = self.part.split_off(end + 1);
            let whole = std::mem::replace(&mut self.part, rest);
            self.out
                .write_all(json(&String::from_utf8_lossy(&whole)).as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Whether a character does something else than show itself.
pub(crate) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_is_left() {
        assert_eq!(
            line("a\u{1b}[31mb\r\n\tc\u{202e}d\u{9b}e\u{7f}\u{200b}"),
            "a\\u{1b}[31mb\\r\\n\\tc\\u{202e}d\\u{9b}e\\u{7f}\\u{200b}"
        );
        assert!(matches!(line("café 価格"), Cow::Borrowed(_)));
        assert_eq!(lines("a\n\u{1b}b\n"), "a\n\\u{1b}b\n");
        assert!(matches!(lines("a\nb\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_stays_the_same_value() {
        let text = "{\n \"a\": \"\u{202e}\u{9b}\u{e0001}\u{7f}é\"}";
        let safe = json(text);
        assert_eq!(safe, "{\n \"a\": \"\\u202e\\u009b\\udb40\\udc01\\u007fé\"}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        assert!(value(text).is_some() && value(text) == value(&safe));
    }
}
