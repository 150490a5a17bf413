//! The nearest known word to a misspelt one.

/// The candidate with the fewest edits (insert, delete, replace, transpose), if it is close
/// enough to be what was meant: at most a third of the word's length, and at least one.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    let folded = |text: &str| text.to_lowercase().replace('-', "_");
    candidates
        .into_iter()
        .map(|candidate| (edits(&folded(word), &folded(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Optimal string alignment distance.
pub(super) fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut cost = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let known = ["headers", "expect", "request", "client_id"];
        assert_eq!(nearest("heeaders", known), Some("headers"));
        assert_eq!(nearest("exepct", known), Some("expect"));
        assert_eq!(nearest("client-id", known), Some("client_id"));
        assert_eq!(nearest("zzz", known), None);
    }
}
