//! [`differing`]: lines held against those of runs with opaque tokens, what varies by itself aside.
//!
//! One such run cannot tell what varies by itself. Where there are more, words in which they are not all alike
//! are passed over, and so is how much they write where that is not alike.

/// The first line that no change by itself explains: as it is in the baseline, and now. `known` are the lines of
/// runs with opaque tokens, the baseline first.
pub(super) fn differing(now: &[String], known: &[Vec<String>]) -> Option<(String, String)> {
    let (before, others) = known.split_first()?;
    // Threads write as they come: the same lines in another order say the same.
    if known.iter().any(|lines| sorted(lines) == sorted(now)) {
        return None;
    }
    if others.iter().any(|other| other.len() != before.len()) {
        return None;
    }
    let line = |lines: &[String], at: usize| lines.get(at).cloned().unwrap_or_default();
    let at = (0..now.len().max(before.len())).find(|at| {
        let known: Vec<String> = known.iter().map(|lines| line(lines, *at)).collect();
        at >= &now.len() || at >= &before.len() || !is_known(&line(now, *at), &known)
    })?;
    Some((line(before, at), line(now, at)))
}

fn sorted(lines: &[String]) -> Vec<&String> {
    let mut lines: Vec<&String> = lines.iter().collect();
    lines.sort_unstable();
    lines
}

/// Whether a line is that of the other runs, in each word in which those are alike.
fn is_known(now: &str, known: &[String]) -> bool {
    if known.iter().any(|line| line == now) {
        return true;
    }
    let Some((before, others)) = known.split_first() else {
        return false;
    };
    if others.iter().all(|other| other == before) {
        return false;
    }
    let (now, before) = (words(now), words(before));
    let others: Vec<Vec<&str>> = others.iter().map(|other| words(other)).collect();
    if others.iter().any(|other| other.len() != before.len()) {
        // There is nothing in it that can be held against another.
        return true;
    }
    let alike = |at: usize| others.iter().all(|other| other.get(at) == before.get(at));
    let same = |at: usize| !alike(at) || now.get(at) == before.get(at);
    now.len() == before.len() && (0..before.len()).all(same)
}

fn words(line: &str) -> Vec<&str> {
    let part = |c: char| !c.is_alphanumeric() && c != '.' && c != '_';
    line.split(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    fn told(now: &str, known: &[&str]) -> Option<(String, String)> {
        let known: Vec<Vec<String>> = known.iter().map(|text| lines(text)).collect();
        differing(&lines(now), &known)
    }

    #[test]
    fn what_varies_by_itself_is_passed_over() {
        let opaque = ["3 calls (0.03)\nby ant", "3 calls (0.05)\nby bee"];
        let now = "3 calls (0.04)\nby cow";
        assert!(told(now, &opaque[..1]).is_some());
        assert_eq!(told(now, &opaque), None);
    }

    #[test]
    fn what_does_not_vary_is_compared_even_in_a_line_that_does() {
        let opaque = ["3 calls (0.03)\nok", "3 calls (0.05)\nok"];
        let found = |now: &str| told(now, &opaque).map(|(_, now)| now);
        assert_eq!(
            found("0 calls (0.04)\nok").as_deref(),
            Some("0 calls (0.04)")
        );
        assert_eq!(found("3 calls (0.04)\nfailed").as_deref(), Some("failed"));
        assert_eq!(found("3 calls (0.04)").as_deref(), Some(""));
        let more = "3 calls (0.04)\nok\nand more";
        assert_eq!(found(more).as_deref(), Some("and more"));
    }

    #[test]
    fn the_order_of_lines_says_nothing() {
        assert_eq!(told("b\na", &["a\nb"]), None);
        assert!(told("b\nb", &["a\nb"]).is_some());
    }

    #[test]
    fn where_nobody_knows_how_much_it_writes_there_is_nothing_to_compare() {
        assert_eq!(told("a", &["a\nb", "a\nb\nc"]), None);
        assert!(told("a", &["a\nb", "a\nb"]).is_some());
    }
}
