//! The way in which one text became another.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use percent_encoding::percent_decode_str;

use super::{number, time};

/// Characters that two texts have to share at an end for the other end to be what was swapped.
const SHARED: usize = 4;

/// `letter case changed`, `cut short`, `an hour later`: in words that hold for other texts alike.
pub(super) fn way(old: &str, new: &str) -> Option<String> {
    let words = if old.is_empty() {
        "an empty text is now filled"
    } else if new.is_empty() {
        "the text is now empty"
    } else if let Some(words) = time::way(old, new) {
        return Some(words);
    } else if zeros_lost(old, new) {
        "leading zeros are gone"
    } else if zeros_lost(new, old) {
        "leading zeros are new"
    } else if let Some(words) = numeric(old, new) {
        return Some(words);
    } else {
        letters(old, new)?
    };
    Some(words.to_owned())
}

/// Two numbers in texts. Such with an exponent are more likely ids.
fn numeric(old: &str, new: &str) -> Option<String> {
    let plain = |text: &str| !text.contains(['e', 'E']);
    (plain(old) && plain(new)).then(|| number::way(old, new))?
}

fn zeros_lost(old: &str, new: &str) -> bool {
    let digits = !new.is_empty() && new.bytes().all(|b| b.is_ascii_digit());
    digits
        && old.len() > new.len()
        && old
            .strip_suffix(new)
            .is_some_and(|zeros| zeros.bytes().all(|b| b == b'0'))
}

fn letters(old: &str, new: &str) -> Option<&'static str> {
    Some(if old.to_lowercase() == new.to_lowercase() {
        "letter case changed"
    } else if old.split_whitespace().eq(new.split_whitespace()) {
        "white space changed"
    } else if composed(old) == composed(new) {
        "another Unicode normal form"
    } else if without_accents(old) == without_accents(new) {
        "accents changed"
    } else if as_latin_1(old) == new || as_latin_1(new) == old {
        "read in another character set"
    } else if decoded(new) == old || unescaped(new) == old {
        "escaped once more"
    } else if decoded(old) == new || unescaped(old) == new {
        "escaped once less"
    } else if old.starts_with(new) {
        "cut short"
    } else if new.starts_with(old) {
        "longer, with the same start"
    } else if bare(old) == bare(new) && !bare(old).is_empty() {
        "punctuation changed"
    } else {
        return None;
    })
}

fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc()
        .normalize(text)
        .into_owned()
}

fn without_accents(text: &str) -> String {
    let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let is_mark = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    apart.chars().filter(|c| !is_mark(c)).collect()
}

/// What a program makes of UTF-8 that it takes for ISO 8859-1.
fn as_latin_1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What stands before the words that two texts end with, or behind those that they start with:
/// `("prefix", "http://a", "https://b")`.
pub(super) fn swapped<'t>(old: &'t str, new: &'t str) -> Option<(&'static str, &'t str, &'t str)> {
    let end = shared_end(old, new);
    if let (Some(a), Some(b)) = (cut(old, end), cut(new, end)) {
        return Some(("prefix", a, b));
    }
    let start = shared_start(old, new);
    let behind = |text: &'t str| text.get(start..).filter(|_| start >= SHARED);
    Some(("suffix", behind(old)?, behind(new)?))
}

fn cut(text: &str, end: usize) -> Option<&str> {
    let at = text.len().checked_sub(end)?;
    text.get(..at).filter(|_| end >= SHARED)
}

/// Bytes of the whole words that two texts both end with.
fn shared_end(old: &str, new: &str) -> usize {
    let pairs = old.chars().rev().zip(new.chars().rev());
    let (mut length, mut whole) = (0, 0);
    for (a, b) in pairs.take_while(|(a, b)| a == b) {
        length += a.len_utf8();
        let before = [old, new].map(|text| {
            text.get(..text.len() - length)
                .and_then(|t| t.chars().last())
        });
        let free = before
            .iter()
            .all(|c| c.is_none_or(|c| !c.is_alphanumeric()));
        if free || !b.is_alphanumeric() {
            whole = length;
        }
    }
    whole
}

/// Bytes of the whole words that two texts both start with.
fn shared_start(old: &str, new: &str) -> usize {
    let pairs = old.chars().zip(new.chars());
    let (mut length, mut whole) = (0, 0);
    for (a, b) in pairs.take_while(|(a, b)| a == b) {
        length += a.len_utf8();
        let behind = [old, new].map(|text| text.get(length..).and_then(|t| t.chars().next()));
        let free = behind
            .iter()
            .all(|c| c.is_none_or(|c| !c.is_alphanumeric()));
        if free || !b.is_alphanumeric() {
            whole = length;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_hold_for_every_text_that_went_them() {
        for (old, new, expected) in [
            ("OPEN", "open", Some("letter case changed")),
            ("a b", "a  b", Some("white space changed")),
            ("é", "e\u{301}", Some("another Unicode normal form")),
            ("Zoë", "Zoe", Some("accents changed")),
            ("Zoë", "ZoÃ«", Some("read in another character set")),
            ("a & b", "a &amp; b", Some("escaped once more")),
            ("a%20b", "a b", Some("escaped once less")),
            ("a long note", "a long", Some("cut short")),
            ("a", "a, and more", Some("longer, with the same start")),
            ("2026/11/21", "2026-11-21", Some("punctuation changed")),
            ("", "x", Some("an empty text is now filled")),
            ("x", "", Some("the text is now empty")),
            ("007", "7", Some("leading zeros are gone")),
            ("12.50", "1250", Some("times 100")),
            (
                "2026-11-21T22:10:00Z",
                "2026-11-21T23:10:00Z",
                Some("an hour later"),
            ),
            ("red", "blue", None),
        ] {
            assert_eq!(way(old, new).as_deref(), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn what_was_swapped_is_told_in_whole_words() {
        for (old, new, expected) in [
            (
                "http://a.example/orders/1",
                "https://b.example/orders/1",
                Some(("prefix", "http://a", "https://b")),
            ),
            ("ord-4711", "sale-4711", Some(("prefix", "ord", "sale"))),
            (
                "/orders/8471",
                "/orders/9923",
                Some(("suffix", "8471", "9923")),
            ),
            ("report.xml", "report.json", Some(("suffix", "xml", "json"))),
            ("Zoë", "Noë", None),
            ("abcdefgh", "xbcdefgh", None),
        ] {
            assert_eq!(swapped(old, new), expected, "{old} {new}");
        }
    }
}
