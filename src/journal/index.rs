//! [`Index`]: which cases stand where, so that they can be read in plan order, one by one.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::error::JournalError;
use super::header::{Footer, Header};
use super::lines::{Line, Lines};
use crate::results::{CaseType, Reason, Verdict};

/// A case of a journal: what is known of it without reading it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it does.
    pub r#type: CaseType,
    /// What it says about the pair.
    pub verdict: Verdict,
    /// Why it was skipped or is inconclusive.
    pub reason: Option<Reason>,
    /// Whether a rule accepts one of its differences, whatever the verdict.
    pub accepts: bool,
}

/// Where a case stands. Ids are kept in one text: a hundred thousand cases fit in a few megabytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) journal: u32,
    pub(super) offset: u64,
    pub(super) length: u32,
    pub(super) r#type: CaseType,
    pub(super) verdict: Verdict,
    pub(super) reason: Option<Reason>,
    accepts: bool,
    /// Index of the suite in the header; the last number for a suite that is not there.
    suite: u32,
    line: u32,
    id: (usize, usize),
}

/// The cases of some journals in plan order: suites as in the header, then lines, then ids, numbers
/// in them counted as numbers (`[page=2]` before `[page=10]`).
#[derive(Debug, Default)]
pub(super) struct Index {
    ids: String,
    pub(super) entries: Vec<Entry>,
}

/// What one journal says beside its cases.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) path: PathBuf,
    pub(super) header: Header,
    pub(super) footer: Option<Footer>,
    pub(super) torn: bool,
}

/// As much of a case as the index needs.
#[derive(Deserialize)]
struct Light<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    r#type: CaseType,
    line: u32,
    verdict: Verdict,
    reason: Option<Reason>,
    #[serde(default)]
    differences: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    accepted_by: Option<IgnoredAny>,
}

/// Bytes that the line of a case has at least.
const SHORTEST_LINE: u64 = 64;

struct Sighting {
    id: String,
    r#type: CaseType,
    line: u32,
    verdict: Verdict,
    reason: Option<Reason>,
    accepts: bool,
}

impl Index {
    /// Adds the cases of one more journal.
    pub(super) fn scan(&mut self, path: &Path, journal: u32) -> Result<Frame, JournalError> {
        let (mut lines, header) = Lines::open(path)?;
        let suites: HashMap<String, u32> = (0..)
            .zip(&header.suites)
            .map(|(index, suite)| (suite.file.clone(), index))
            .collect();
        // As many as were planned, if the file can hold them: growing step by step takes twice the room.
        let room = std::fs::metadata(path).map_or(0, |file| file.len() / SHORTEST_LINE);
        let planned = u64::try_from(header.planned).unwrap_or(u64::MAX);
        self.entries
            .reserve(usize::try_from(planned.min(room)).unwrap_or(0));
        let mut frame = Frame {
            path: path.to_owned(),
            header,
            footer: None,
            torn: false,
        };
        loop {
            match lines.next(sight)? {
                None => return Ok(frame),
                Some(Line::Torn) => frame.torn = true,
                Some(Line::Footer(footer)) => frame.footer = Some(*footer),
                Some(Line::Case(case)) => {
                    let file = case.id.split("::").next().unwrap_or_default();
                    let (offset, length) = lines.place();
                    let start = self.ids.len();
                    self.ids.push_str(&case.id);
                    self.entries.push(Entry {
                        journal,
                        offset,
                        length: u32::try_from(length).unwrap_or(u32::MAX),
                        r#type: case.r#type,
                        verdict: case.verdict,
                        reason: case.reason,
                        accepts: case.accepts,
                        suite: suites.get(file).copied().unwrap_or(u32::MAX),
                        line: case.line,
                        id: (start, self.ids.len()),
                    });
                }
            }
        }
    }

    /// Puts the cases in plan order. Gives two of one id, if there are.
    pub(super) fn sort(&mut self) -> Option<(Entry, Entry)> {
        let ids = std::mem::take(&mut self.ids);
        let id = |entry: &Entry| ids.get(entry.id.0..entry.id.1).unwrap_or_default();
        self.entries.sort_unstable_by(|a, b| {
            (a.suite, a.line)
                .cmp(&(b.suite, b.line))
                .then_with(|| natural(id(a), id(b)))
                .then_with(|| (a.journal, a.offset).cmp(&(b.journal, b.offset)))
        });
        let twice = self.entries.windows(2).find_map(|pair| match pair {
            [a, b] if id(a) == id(b) => Some((*a, *b)),
            _ => None,
        });
        self.ids = ids;
        twice
    }

    /// A case as others see it.
    pub(super) fn listed(&self, entry: &Entry) -> Listed<'_> {
        Listed {
            id: self.ids.get(entry.id.0..entry.id.1).unwrap_or_default(),
            r#type: entry.r#type,
            verdict: entry.verdict,
            reason: entry.reason,
            accepts: entry.accepts,
        }
    }
}

fn sight(text: &[u8]) -> serde_json::Result<Sighting> {
    let light: Light<'_> = serde_json::from_slice(text)?;
    let accepts = light
        .differences
        .iter()
        .any(|found| found.accepted_by.is_some());
    Ok(Sighting {
        accepts,
        id: light.id.into_owned(),
        r#type: light.r#type,
        line: light.line,
        verdict: light.verdict,
        reason: light.reason,
    })
}

/// Compares texts, runs of digits by their number. Texts that differ never compare as equal.
fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let lengths = (digits(left), digits(right));
        if lengths.0 > 0 && lengths.1 > 0 {
            let order = by_number(
                left.get(..lengths.0).unwrap_or_default(),
                right.get(..lengths.1).unwrap_or_default(),
            );
            if order != Ordering::Equal {
                return order;
            }
            left = left.get(lengths.0..).unwrap_or_default();
            right = right.get(lengths.1..).unwrap_or_default();
            continue;
        }
        let mut rests = (left.chars(), right.chars());
        match (rests.0.next(), rests.1.next()) {
            (None, None) => return one.cmp(other),
            (first, second) if first != second => return first.cmp(&second),
            _ => (left, right) = (rests.0.as_str(), rests.1.as_str()),
        }
    }
}

fn by_number(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_ids_count_as_numbers() {
        let mut ids = vec![
            "a [page=10]",
            "a [page=2]",
            "a",
            "b",
            "a [page=02]",
            "a [page=x]",
        ];
        ids.sort_by(|a, b| natural(a, b));
        assert_eq!(
            ids,
            [
                "a",
                "a [page=02]",
                "a [page=2]",
                "a [page=10]",
                "a [page=x]",
                "b"
            ]
        );
    }
}
