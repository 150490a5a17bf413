//! [`Matcher`]: finds every form of every known value.

use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::forms::forms;
use super::spans::{Mark, Span};
use super::views::{View, byte_lists, views};

/// How often escapes are undone: for the text, for a text in it, and for one in that (a log entry in JSON
/// that holds a JSON document that holds a form).
const DEPTH: usize = 3;

/// A value that must not be shown.
#[derive(Clone)]
pub(super) struct Known {
    /// What it is called.
    pub(super) name: Arc<str>,
    /// The value.
    pub(super) value: String,
    /// Whether it is a part of another secret, looked for as it is only.
    pub(super) part: bool,
}

struct Pattern {
    mark: Mark,
    shares_before: bool,
    shares_behind: bool,
    rest: usize,
}

/// Finds every form of every known value.
pub(super) struct Matcher {
    automaton: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
    /// Bytes of the longest value.
    pub(super) longest: usize,
}

impl Matcher {
    /// Prepares the search for values.
    pub(super) fn new(known: &[Known]) -> Self {
        let mut patterns = Vec::new();
        let mut texts: Vec<Vec<u8>> = Vec::new();
        for secret in known {
            let mark = Mark {
                name: Arc::clone(&secret.name),
                characters: secret.value.chars().count(),
            };
            let mut all = forms(&secret.value);
            if secret.part {
                all.retain(|form| secret.value.as_bytes().starts_with(&form.bytes));
            }
            for form in all {
                patterns.push(Pattern {
                    mark: mark.clone(),
                    shares_before: form.shares_before,
                    shares_behind: form.shares_behind,
                    rest: form.rest,
                });
                texts.push(form.bytes);
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&texts);
        Self {
            // Too many patterns for the automaton's numbers (over two thousand million states)
            // cannot come from credentials that fit in memory.
            automaton: automaton.ok().filter(|_| !texts.is_empty()),
            patterns,
            longest: known.iter().map(|k| k.value.len()).max().unwrap_or(0),
        }
    }

    /// Every place of a known value, in whatever form.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Span> {
        let mut found = Vec::new();
        if self.automaton.is_some() {
            self.search(text, None, &mut found);
            for view in byte_lists(text) {
                self.search(&view.bytes, Some(&view), &mut found);
            }
            self.decoded(text, None, DEPTH, &mut found);
        }
        found
    }

    fn decoded(&self, text: &[u8], below: Option<&View>, depth: usize, found: &mut Vec<Span>) {
        if depth == 0 {
            return;
        }
        for view in views(text) {
            let view = match below {
                Some(below) => view.over(below),
                None => view,
            };
            self.search(&view.bytes, Some(&view), found);
            self.decoded(&view.bytes, Some(&view), depth - 1, found);
        }
    }

    fn search(&self, text: &[u8], view: Option<&View>, found: &mut Vec<Span>) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        let mut reached = 0;
        for hit in automaton.find_overlapping_iter(text) {
            let Some(pattern) = self.patterns.get(hit.pattern().as_usize()) else {
                continue;
            };
            // The rest of a long value, in which its beginning may stand many times over.
            if pattern.rest > 0 && hit.end() <= reached {
                continue;
            }
            let end = hit.end().saturating_add(pattern.rest).min(text.len());
            let (start, end) = widen(text, hit.start(), end, pattern);
            reached = if pattern.rest > 0 { end } else { reached };
            let origin = view.map_or(Some((start, end)), |view| view.origin(start, end));
            if let Some((start, end)) = origin {
                found.push(Span {
                    start,
                    end,
                    mark: pattern.mark.clone(),
                    quoted: false,
                    known: true,
                });
            }
        }
    }
}

/// Takes in the base64 characters that carry the remaining bits of a value, and the padding.
fn widen(text: &[u8], mut start: usize, mut end: usize, pattern: &Pattern) -> (usize, usize) {
    let sign = |at: usize| {
        text.get(at)
            .is_some_and(|b| b.is_ascii_alphanumeric() || b"+/-_".contains(b))
    };
    if pattern.shares_before && start > 0 && sign(start - 1) {
        start -= 1;
    }
    if pattern.shares_behind {
        if sign(end) {
            end += 1;
        }
        while text.get(end) == Some(&b'=') {
            end += 1;
        }
    }
    (start, end)
}
