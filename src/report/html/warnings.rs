//! [`Warnings`]: what a reader should know first. What repeats itself is folded away.

use std::collections::HashMap;

use crate::escape::line;

/// Warnings of one sort that are in sight.
const IN_SIGHT: usize = 3;

/// Warnings, each with its sort and its text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Warnings {
    /// Those in sight.
    pub(super) first: Vec<(String, String)>,
    /// Those that are folded away.
    pub(super) more: Vec<(String, String)>,
}

impl Warnings {
    /// Of warnings, each with its sort; the order stays. What has none stands for itself.
    pub(super) fn of<'t>(all: impl Iterator<Item = (String, &'t str)>) -> Self {
        let mut warnings = Self::default();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (sort, text) in all {
            let count = seen.entry(sort.clone()).or_default();
            *count += 1;
            let list = match !sort.is_empty() && *count > IN_SIGHT {
                true => &mut warnings.more,
                false => &mut warnings.first,
            };
            list.push((line(&sort).into_owned(), line(text).into_owned()));
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_itself_is_folded_away() {
        let texts = ["a", "b", "c", "d"].map(|text| ("unused".to_owned(), text));
        let other = ("other".to_owned(), "\u{1b}");
        let alone = ["w", "x", "y", "z"].map(|text| (String::new(), text));
        let warnings = Warnings::of(texts.into_iter().chain([other]).chain(alone));
        let told = |list: &[(String, String)]| -> Vec<String> {
            list.iter()
                .map(|(sort, text)| format!("{sort} {text}"))
                .collect()
        };
        let first = [
            "unused a",
            "unused b",
            "unused c",
            "other \\u{1b}",
            " w",
            " x",
            " y",
            " z",
        ];
        assert_eq!(told(&warnings.first), first);
        assert_eq!(told(&warnings.more), ["unused d"]);
    }
}
