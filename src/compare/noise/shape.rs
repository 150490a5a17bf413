//! Texts that vary, by the parts that they are made of: words of letters and digits, and what stands
//! between them.

use super::form::{Change, alphabet_changed, length_changed};
use super::words as say;
use crate::pair::Pair;

/// A text in parts.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'t> {
    words: Vec<&'t str>,
    /// What stands between them, words left out.
    frame: String,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let mut words = Vec::new();
        let mut frame = String::new();
        let mut from = None;
        for (at, sign) in text.char_indices() {
            match (sign.is_alphanumeric(), from) {
                (true, None) => {
                    from = Some(at);
                    frame.push('\0');
                }
                (false, begun) => {
                    words.extend(begun.and_then(|begun: usize| text.get(begun..at)));
                    from = None;
                    frame.push(sign);
                }
                _ => {}
            }
        }
        words.extend(from.and_then(|from| text.get(from..)));
        Self { words, frame }
    }

    /// The parts of all texts, if they have one frame.
    fn all(texts: &'t [String]) -> Option<Vec<Self>> {
        let parts: Vec<Self> = texts.iter().map(|text| Self::of(text)).collect();
        let first = parts.first()?.frame.clone();
        parts
            .iter()
            .all(|part| part.frame == first)
            .then_some(parts)
    }
}

/// The texts of one word of all values, and whether it is always the same.
fn column(parts: &[Parts<'_>], at: usize) -> (Vec<String>, bool) {
    let words = parts.iter().filter_map(|part| part.words.get(at));
    let words: Vec<String> = words.map(|word| (*word).to_owned()).collect();
    let same = words.windows(2).all(|pair| pair.first() == pair.last());
    (words, same)
}

/// How texts that vary are made another way on the new side, if they are.
pub(super) fn change(texts: Pair<&[String]>) -> Option<Change> {
    let parts = texts.map(Parts::all);
    let Some(parts) = parts.transpose() else {
        return length_changed(texts).or_else(|| alphabet_changed(texts));
    };
    let frames = parts
        .as_ref()
        .map(|parts| parts.first().map(|part| &part.frame));
    if frames.old != frames.new {
        return length_changed(texts)
            .or_else(|| alphabet_changed(texts))
            .or_else(|| Some(super::form::format_changed(say::OTHER_FRAME.to_owned())));
    }
    let count = parts.old.first().map_or(0, |part| part.words.len());
    (0..count).find_map(|at| {
        let columns = parts.as_ref().map(|parts| column(parts, at));
        let words = columns.as_ref().map(|(words, _)| words.as_slice());
        match (columns.old.1, columns.new.1) {
            (true, true) => {
                let same = words.old.first() == words.new.first();
                (!same).then(|| Change::value(say::OTHER_PART.to_owned()))
            }
            (false, false) if !numbers(words.old) || !numbers(words.new) => {
                length_changed(words).or_else(|| alphabet_changed(words))
            }
            _ => None,
        }
    })
}

fn numbers(words: &[String]) -> bool {
    let digits = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    words.iter().all(digits)
}

/// A regular expression that takes the texts, their constant parts spelt out; none where they have no
/// frame in common.
pub(super) fn regex(texts: &[&str]) -> Option<String> {
    let owned: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let parts = Parts::all(&owned)?;
    let mut regex = String::from("^");
    let mut at = 0;
    for sign in parts.first()?.frame.chars() {
        if sign != '\0' {
            regex.push_str(&regex::escape(&sign.to_string()));
            continue;
        }
        let (words, same) = column(&parts, at);
        let first = words.first()?;
        at += 1;
        if same {
            regex.push_str(&regex::escape(first));
            continue;
        }
        let all = |sort: fn(char) -> bool| words.iter().all(|word| word.chars().all(sort));
        regex.push_str(if all(|c| c.is_ascii_digit()) {
            "[0-9]"
        } else if all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
            "[0-9a-f]"
        } else if all(|c| c.is_ascii_alphanumeric()) {
            "[0-9A-Za-z]"
        } else {
            r"\w"
        });
        let length = first.chars().count();
        let fixed = words.iter().all(|word| word.chars().count() == length);
        if fixed {
            regex.push_str(&format!("{{{length}}}"));
        } else {
            regex.push('+');
        }
    }
    regex.push('$');
    Some(regex)
}
