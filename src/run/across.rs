//! [`Across`]: what only shows across the cases of a run: what varies, how often the suites would raise a
//! false alarm, and ids that stand for one thing in one chain and for another in the next.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::contradictions::{Contradictions, Tie};
use crate::compare::{Alarms, Learned, Sampled};
use crate::pair::{Pair, Side};
use crate::redact::Secrets;
use crate::results::{Difference, Finding, Kind, Observed, Severity, Where};

/// Cases that a finding names.
const NAMED: usize = 100;
/// Characters of a value that is shown as evidence.
const LONGEST: usize = 60;

/// Gathers over all cases.
#[derive(Debug, Default)]
pub(super) struct Across {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// By suite file and by what the finding says first.
    noise: BTreeMap<(String, String), Noise>,
    alarms: Pair<Rate>,
    /// Cases that were compared with themselves.
    sampled: usize,
    /// Cases that would raise a false alarm in spite of what was learned.
    alarmed: Vec<String>,
    contradictions: Contradictions,
}

#[derive(Debug)]
struct Noise {
    evidence: Pair<Vec<String>>,
    cases: Vec<String>,
    count: usize,
}

/// How many cases would raise a false alarm on one side.
#[derive(Debug, Default, Clone, Copy)]
struct Rate {
    /// Under the rules of the suite alone.
    ruled: usize,
    /// With what the answers showed, in an answer that was kept back.
    held_back: usize,
    /// Cases with an answer that was kept back.
    of: usize,
}

impl Across {
    /// Takes in what several answers of one case showed.
    pub(super) fn sampled(
        &self,
        (file, id): (&str, &str),
        sampled: &Sampled,
        fail_on: Severity,
        secrets: &Secrets,
    ) {
        let learned: Vec<(String, Pair<Vec<String>>)> = sampled
            .learned
            .iter()
            .map(|learned| told(learned, secrets))
            .collect();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.sampled += 1;
        let mut alarmed = false;
        for side in Side::BOTH {
            alarmed |= inner.alarms[side].add(sampled.alarms[side], fail_on);
        }
        if alarmed && inner.alarmed.len() < NAMED {
            inner.alarmed.push(id.to_owned());
        }
        for (text, evidence) in learned {
            let noise = inner.noise.entry((file.to_owned(), text));
            let noise = noise.or_insert_with(|| Noise {
                evidence,
                cases: Vec::new(),
                count: 0,
            });
            noise.count += 1;
            if noise.cases.len() < NAMED {
                noise.cases.push(id.to_owned());
            }
        }
    }

    /// Takes in what a case tied together.
    pub(super) fn tied(&self, ties: impl Iterator<Item = Tie>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        for tie in ties {
            inner.contradictions.add(tie);
        }
    }

    /// What it all comes to: contradictions first.
    pub(super) fn findings(&self, samples: u32, secrets: &Secrets) -> Vec<Finding> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut findings = inner.contradictions.findings(secrets);
        if inner.sampled > 0 {
            findings.push(inner.rate(samples));
        }
        findings.extend(
            inner
                .noise
                .iter()
                .map(|((_, text), noise)| noise.finding(text)),
        );
        findings
    }
}

impl Rate {
    /// Counts a case; says whether it would raise a false alarm in spite of what was learned.
    fn add(&mut self, alarms: Alarms, fail_on: Severity) -> bool {
        let counts = |worst: Option<Severity>| worst.is_some_and(|worst| worst >= fail_on);
        let held_back = alarms.held_back.is_some_and(counts);
        self.ruled += usize::from(counts(alarms.ruled));
        self.held_back += usize::from(held_back);
        self.of += usize::from(alarms.held_back.is_some());
        held_back
    }
}

impl Inner {
    fn rate(&self, samples: u32) -> Finding {
        let of = self.sampled;
        let side = |side: Side| {
            let rate = self.alarms[side];
            let learned = match rate.of {
                0 => String::new(),
                of => format!(
                    ", with what the other samples showed {}",
                    share(rate.held_back, of)
                ),
            };
            format!(
                "{side} against {side}: the rules of the suites alone raise a false alarm in {}{learned}",
                share(rate.ruled, of)
            )
        };
        let kept = if self.alarms.old.of + self.alarms.new.of > 0 {
            "; the last sample was kept back from learning"
        } else {
            "; three samples and more tell what is left of it once what varies is known"
        };
        let mut cases = self.alarmed.clone();
        cases.sort();
        Finding {
            kind: "false-alarm-rate".to_owned(),
            message: format!(
                "{}; {} (samples: {samples}{kept})",
                side(Side::Old),
                side(Side::New)
            ),
            cases,
        }
    }
}

/// `3 of 5 cases (60 %)`.
fn share(some: usize, of: usize) -> String {
    let percent = (some * 100 + of / 2) / of.max(1);
    let word = if of == 1 { "case" } else { "cases" };
    format!("{some} of {of} {word} ({percent} %)")
}

impl Noise {
    fn finding(&self, text: &str) -> Finding {
        let seen = Pair::of(|side| self.evidence[side].join(", "));
        let seen = match (seen.old.as_str(), seen.new.as_str()) {
            ("", "") => String::new(),
            (old, "") => format!(" (seen on the old side: {old})"),
            ("", new) => format!(" (seen on the new side: {new})"),
            (old, new) => format!(" (seen on the old side: {old}; on the new side: {new})"),
        };
        let mut cases = self.cases.clone();
        cases.sort();
        let more = match self.count - cases.len() {
            0 => String::new(),
            more => format!(", and in {more} cases more"),
        };
        Finding {
            kind: "noise".to_owned(),
            message: format!("{text}{seen}{more}"),
            cases,
        }
    }
}

/// What is said of a place that varies, and values that it had, without secrets.
fn told(learned: &Learned, secrets: &Secrets) -> (String, Pair<Vec<String>>) {
    let mut hidden = false;
    let evidence = learned.seen.as_ref().map(|values| {
        let shown = values.iter().map(|value| {
            let (text, masked) = masked(secrets, learned.r#where, &learned.at, value);
            hidden |= masked;
            text
        });
        shown.collect::<Vec<String>>()
    });
    let path = secrets.text(&learned.path).into_owned();
    if let Some(side) = learned.only {
        let other = side.other();
        let text = format!(
            "{} {path} varies on the {side} side only; the {other} side may have shown the same each time by chance, so it is no difference, and no rule fits",
            learned.r#where
        );
        return (text, evidence);
    }
    let text = match &learned.rule {
        // A pattern spells out what does not vary of a value.
        Some(rule) if hidden && rule.starts_with("pattern") => {
            let place = match learned.r#where {
                Where::Header => format!("header:{path}"),
                _ => path,
            };
            let place = serde_json::Value::from(place);
            format!("varies on both sides; the rule: compare: {{ pattern: {{ {place}: any }} }}")
        }
        Some(rule) => format!(
            "varies on both sides; the rule: compare: {{ {} }}",
            secrets.text(rule)
        ),
        None => format!(
            "{} {path} varies on both sides, and no rule fits: it would hide what does not vary",
            learned.r#where
        ),
    };
    (text, evidence)
}

/// A value as it may be shown, and whether that is another than it was.
pub(super) fn masked(
    secrets: &Secrets,
    r#where: Where,
    path: &str,
    value: &Observed,
) -> (String, bool) {
    let text = |value: &Observed| value.display().unwrap_or_default().into_owned();
    let before = text(value);
    let mut difference = Difference::new(r#where, path, Kind::Value, Severity::Cosmetic, "")
        .showing(value.clone(), Observed::Absent);
    secrets.difference(&mut difference);
    let after = text(&difference.old);
    let hidden = difference.old_bytes.is_none() && after != before;
    let short: String = after.chars().take(LONGEST).collect();
    let cut = if short.len() < after.len() { "…" } else { "" };
    (format!("{short}{cut}"), hidden)
}
