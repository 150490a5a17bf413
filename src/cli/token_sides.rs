//! [`side_by_side`]: the tokens of both sides beside each other, for people.

use std::collections::BTreeSet;

use serde_json::Value;

use super::token_text::{MORE, NAMES, findings, rows};

/// The narrowest column that can be read.
const NARROW: usize = 10;

/// Both tokens, a row for each thing that can be said of them; below, what is wrong with each.
pub(super) fn side_by_side(old: &Value, new: &Value, width: usize) -> String {
    let (olds, news) = (rows(old), rows(new));
    let lengths = olds
        .iter()
        .chain(&news)
        .map(|(name, _)| name.chars().count());
    let first = lengths.max().unwrap_or_default().min(NAMES).min(width / 3);
    let column = (width.saturating_sub(first + 2) / 2).max(NARROW);
    let mut names: Vec<&String> = olds.iter().map(|(name, _)| name).collect();
    let known: BTreeSet<&String> = names.iter().copied().collect();
    names.extend(
        news.iter()
            .map(|(name, _)| name)
            .filter(|name| !known.contains(name)),
    );
    let find = |all: &[(String, String)], name: &str| {
        let mut rows = all.iter();
        let found = rows.find(|(known, _)| known == name);
        found.map_or_else(|| unseen(all, name), |(_, value)| value.clone())
    };
    let of = |token: &Value| {
        let part = |key: &str| token[key].as_str().unwrap_or_default();
        format!("{} {}", part("side"), part("credential"))
    };
    let heading = format!("{:<first$} {:<column$} {}", "", of(old), of(new));
    let mut lines = vec![heading];
    for name in names {
        let cells = [
            folded(name, first),
            folded(&find(&olds, name), column),
            folded(&find(&news, name), column),
        ];
        for at in 0..cells.iter().map(Vec::len).max().unwrap_or_default() {
            let piece = |cell: &Vec<String>| cell.get(at).cloned().unwrap_or_default();
            let [name, left, right] = [&cells[0], &cells[1], &cells[2]].map(piece);
            let line = format!("{name:<first$} {left:<column$} {right}");
            lines.push(line.trim_end().to_owned());
        }
    }
    for token in [old, new] {
        let told = findings(token);
        let side = token["side"].as_str().unwrap_or_default();
        if !told.is_empty() {
            lines.push(String::new());
            lines.push(side.to_owned());
            lines.extend(told);
        }
    }
    lines.join("\n")
}

/// What stands for a row that a side has not: nothing, or that it may be among the members that are not shown.
fn unseen(rows: &[(String, String)], name: &str) -> String {
    let part = name.split_once('.').map(|(part, _)| part);
    let mut rows = rows.iter();
    let cut = rows.any(|(known, value)| Some(known.as_str()) == part && value.ends_with(MORE));
    if cut { "(not shown)" } else { "-" }.to_owned()
}

/// A text in pieces of a width, broken at blanks where that is possible.
pub(super) fn folded(text: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        if !piece.is_empty() && piece.chars().count() + 1 + word.len() > width {
            pieces.push(std::mem::take(&mut piece));
        }
        while word.len() > width {
            let rest = word.split_off(width);
            pieces.push(word.into_iter().collect());
            word = rest;
        }
        if !piece.is_empty() {
            piece.push(' ');
        }
        piece.extend(word);
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_at_blanks_and_nothing_of_it_is_lost() {
        assert_eq!(folded("ab cd ef", 5), ["ab cd", "ef"]);
        assert_eq!(folded("abcdefg hi", 3), ["abc", "def", "g", "hi"]);
        assert_eq!(folded("", 3), [""]);
    }
}
