//! What servers send is not trusted with a terminal or a page: one escaping, used by every report
//! for people.

use std::borrow::Cow;
use std::fmt::Write as _;

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

/// Whether a character does something else than show itself.
pub(super) fn acts(c: char) -> bool {
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
    }
}
