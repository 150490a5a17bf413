//! Texts that look the same and are not: Unicode normal forms, and characters that cannot be seen.

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::pair::Pair;

/// Most code points of a side that are named.
const NAMED: usize = 4;

/// How two different texts differ where they look the same, in words; none where they do not.
pub(super) fn alike(texts: Pair<&str>) -> Option<String> {
    if texts.old.is_ascii() && texts.new.is_ascii() {
        return None;
    }
    // What is no text (half of a surrogate pair) is shown by a sign that stands for any of it.
    let valid = texts.map(|text| !text.contains(char::REPLACEMENT_CHARACTER));
    if !valid.old || !valid.new {
        return None;
    }
    let normalizer = ComposingNormalizerBorrowed::new_nfc();
    let middle = differing(texts);
    let points = code_points(middle);
    if normalizer.normalize(texts.old) == normalizer.normalize(texts.new) {
        return Some(format!(
            "the same characters in another Unicode normal form {points}"
        ));
    }
    let seen = texts.map(|text| text.chars().filter_map(seen).collect::<String>());
    (seen.old == seen.new)
        .then(|| format!("the texts look the same, but not every character is the same {points}"))
}

/// A character as it looks: any space is one, and some cannot be seen.
fn seen(c: char) -> Option<char> {
    match c {
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' => None,
        c if c.is_whitespace() => Some(' '),
        '\u{2010}' | '\u{2011}' => Some('-'),
        c => Some(c),
    }
}

/// What stands between the common start and the common end.
fn differing(texts: Pair<&str>) -> Pair<&str> {
    let common = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
        let same = a.zip(b).take_while(|(a, b)| a == b);
        same.map(|(c, _)| c.len_utf8()).sum::<usize>()
    };
    let start = common(&mut texts.old.chars(), &mut texts.new.chars());
    let rest = texts.map(|text| text.get(start..).unwrap_or_default());
    let end = common(&mut rest.old.chars().rev(), &mut rest.new.chars().rev());
    rest.map(|text| text.get(..text.len() - end).unwrap_or_default())
}

/// `(U+00E9 became U+0065 U+0301)`.
fn code_points(texts: Pair<&str>) -> String {
    let Pair { old, new } = texts.map(|text| {
        let named = text.chars().take(NAMED);
        let mut points: Vec<String> = named.map(|c| format!("U+{:04X}", u32::from(c))).collect();
        if text.chars().nth(NAMED).is_some() {
            points.push("…".to_owned());
        }
        if points.is_empty() {
            points.push("nothing".to_owned());
        }
        points.join(" ")
    });
    format!("({CODE_POINTS}{old} became {new})")
}

/// How the naming of code points begins.
const CODE_POINTS: &str = "code points: ";

/// The words of a difference without the code points that they name: where the value is secret, so
/// are its characters.
pub(crate) fn without_code_points(words: &str) -> Option<String> {
    let start = words.find(&format!(" ({CODE_POINTS}"))?;
    let end = start + words.get(start..)?.find(')')? + 1;
    Some(format!("{}{}", words.get(..start)?, words.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_look_the_same_are_told_by_their_code_points() {
        let told = |old, new| alike(Pair::new(old, new));
        let forms = "the same characters in another Unicode normal form (code points: U+00E9 became U+0065 U+0301)";
        assert_eq!(told("caf\u{e9}!", "cafe\u{301}!"), Some(forms.to_owned()));
        let look = "the texts look the same, but not every character is the same (code points: U+0020 became U+00A0)";
        assert_eq!(told("a b", "a\u{a0}b"), Some(look.to_owned()));
        let gone = "the texts look the same, but not every character is the same (code points: U+200B became nothing)";
        assert_eq!(told("a\u{200b}b", "ab"), Some(gone.to_owned()));
        assert_eq!(told("\u{e9}", "\u{e8}"), None);
        assert_eq!(told("a", "b"), None);
        assert_eq!(told("\u{fffd}", "\u{fffd}"), None);
        assert_eq!(told("\u{fffd}", "\u{fffd}\u{200b}"), None);
        assert_eq!(
            without_code_points(&format!("{gone}: more")).as_deref(),
            Some("the texts look the same, but not every character is the same: more")
        );
    }
}
