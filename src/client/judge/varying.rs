//! [`differing`]: lines held against those of runs with opaque tokens, what varies by itself aside.
//!
//! One such run cannot tell what varies by itself. Where there are more, words in which they are not all alike
//! are passed over, and so is how much they write where that is not alike.

use std::collections::BTreeMap;

/// The first line that no change by itself explains: as it is in the baseline, and now. `known` are the lines of
/// runs with opaque tokens, the baseline first. Threads write as they come, so that the order of lines says nothing.
pub(super) fn differing(now: &[String], known: &[Vec<String>]) -> Option<(String, String)> {
    let (before, others) = known.split_first()?;
    if others.iter().any(|other| other.len() != before.len()) {
        return None;
    }
    let always = common(known);
    let known: Vec<Vec<&str>> = known
        .iter()
        .map(|lines| without(lines, &always).0)
        .collect();
    let (lines, absent) = without(now, &always);
    let (unknown, unseen) = unmatched(lines, &known);
    let missing = before
        .iter()
        .find(|line| absent.contains_key(line.as_str()));
    let missing = missing
        .map(String::as_str)
        .or_else(|| unseen.first().copied());
    if missing.is_none() && unknown.is_empty() {
        return None;
    }
    let now = unknown.first().copied();
    Some((
        missing.unwrap_or_default().to_owned(),
        now.unwrap_or_default().to_owned(),
    ))
}

/// How often a line stands in a text.
type Counts<'a> = BTreeMap<&'a str, usize>;

/// The lines that stand in every run, and how often at least.
fn common<'a>(known: &'a [Vec<String>]) -> Counts<'a> {
    let counted = known.iter().map(|lines| {
        let mut counts = Counts::new();
        for line in lines {
            *counts.entry(line.as_str()).or_default() += 1;
        }
        counts
    });
    let least = |mut all: Counts<'a>, run: Counts<'a>| {
        all.retain(|line, count| {
            *count = (*count).min(run.get(line).copied().unwrap_or_default());
            *count > 0
        });
        all
    };
    counted.reduce(least).unwrap_or_default()
}

/// The lines beyond those that always come, and those of them that did not come.
fn without<'a>(lines: &'a [String], always: &Counts<'a>) -> (Vec<&'a str>, Counts<'a>) {
    let mut absent = always.clone();
    let mut rest = Vec::new();
    for line in lines {
        match absent.get_mut(line.as_str()) {
            Some(1) => drop(absent.remove(line.as_str())),
            Some(count) => *count -= 1,
            None => rest.push(line.as_str()),
        }
    }
    (rest, absent)
}

/// Lines that are none of the known ones, and known ones, as they are in the baseline, that no line is. A line is held
/// against those at its own place first.
fn unmatched<'a>(lines: Vec<&'a str>, known: &[Vec<&'a str>]) -> (Vec<&'a str>, Vec<&'a str>) {
    let places = known.first().map_or(0, Vec::len);
    let at = |place: usize| -> Vec<&str> {
        known
            .iter()
            .filter_map(|lines| lines.get(place).copied())
            .collect()
    };
    let mut free = vec![true; places];
    let mut left = Vec::new();
    for (place, line) in lines.into_iter().enumerate() {
        if place < places && is_known(line, &at(place)) {
            free[place] = false;
        } else {
            left.push(line);
        }
    }
    left.retain(|line| {
        let found = (0..places).find(|place| free[*place] && is_known(line, &at(*place)));
        found.is_none_or(|place| {
            free[place] = false;
            false
        })
    });
    let unseen = (0..places).filter(|place| free[*place]);
    let unseen = unseen
        .filter_map(|place| at(place).first().copied())
        .collect();
    (left, unseen)
}

/// Whether a line is that of the other runs, in each word in which those are alike.
fn is_known(now: &str, known: &[&str]) -> bool {
    if known.contains(&now) {
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
    fn the_order_of_lines_says_nothing_where_others_vary_either() {
        let always_so = ["ant\nbee\ncow\n(0.1)", "ant\nbee\ncow\n(0.2)"];
        assert_eq!(told("bee\nant\ncow\n(0.3)", &always_so), None);
        let as_they_come = ["ant\nbee\ncow\n(0.1)", "bee\nant\ncow\n(0.2)"];
        assert_eq!(told("ant\ncow\nbee\n(0.3)", &as_they_come), None);
        let timed = ["ant 0.1\nbee 0.2", "ant 0.3\nbee 0.4"];
        assert_eq!(told("bee 0.5\nant 0.6", &timed), None);
        let (before, now) = told("bee\ncow\nfailed\n(0.3)", &always_so).unwrap();
        assert_eq!((before.as_str(), now.as_str()), ("ant", "failed"));
    }

    #[test]
    fn where_nobody_knows_how_much_it_writes_there_is_nothing_to_compare() {
        assert_eq!(told("a", &["a\nb", "a\nb\nc"]), None);
        assert!(told("a", &["a\nb", "a\nb"]).is_some());
    }
}
