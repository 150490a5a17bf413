//! [`Evidence`]: what runs show of each case, the newest first, and what of it is stale.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::now::{CaseNow, Current};
use crate::results::{AcceptedBy, CaseResult, Difference, Reason, Severity, SuiteInfo, Verdict};
use crate::suite::WAYS;

/// A run whose journal is evidence.
#[derive(Debug, Clone)]
pub struct RunSeen {
    /// Its id.
    pub id: String,
    /// When it ended, or began where it did not end.
    pub when: Timestamp,
    /// Whether every planned case has a result.
    pub complete: bool,
    /// The cases that were planned.
    pub planned: usize,
    /// The cases that have a result.
    pub done: usize,
    /// The severity from which on a difference counted in it.
    pub fail_on: Severity,
    /// Its suites.
    pub suites: Vec<SuiteInfo>,
}

/// What the newest run that counts says of a case.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) run: usize,
    pub(super) file: String,
    pub(super) verdict: Verdict,
    pub(super) reason: Option<Reason>,
    pub(super) changes: Vec<Accepted>,
    /// The last day of an acceptance that ended since the run: the difference counts again.
    pub(super) ended: Option<Date>,
}

/// Why a case does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stale {
    /// Its run is older than is wanted.
    Old,
    /// Its suite was changed since.
    Changed,
}

/// What is known from runs. Cases are added one by one; what it keeps of each is small.
#[derive(Debug)]
pub struct Evidence {
    pub(super) runs: Vec<RunSeen>,
    pub(super) now: Timestamp,
    max_age: Option<Duration>,
    /// The suites as they are now, by file.
    pub(super) current: BTreeMap<String, Current>,
    /// By feature, then by id.
    pub(super) cases: BTreeMap<String, BTreeMap<String, Seen>>,
    /// Stale cases by feature: their ids, and why.
    pub(super) stale: BTreeMap<String, BTreeMap<String, Stale>>,
    /// Cases that count and that are stale, by run.
    pub(super) tally: Vec<(usize, usize)>,
}

impl Evidence {
    /// Of some runs. `current` are the suites as they are now: of a suite that is not among them the
    /// newest run's text is taken for the present one.
    pub fn new(
        runs: Vec<RunSeen>,
        mut current: BTreeMap<String, Current>,
        now: Timestamp,
        max_age: Option<Duration>,
    ) -> Self {
        let mut newest: Vec<&RunSeen> = runs.iter().collect();
        newest.sort_by_key(|run| std::cmp::Reverse(run.when));
        for suite in newest.into_iter().flat_map(|run| &run.suites) {
            let known = current.entry(suite.file.clone());
            known.or_insert_with(|| Current {
                sha256: suite.sha256.clone(),
                cases: Vec::new(),
            });
        }
        Self {
            tally: vec![(0, 0); runs.len()],
            runs,
            now,
            max_age,
            current,
            cases: BTreeMap::new(),
            stale: BTreeMap::new(),
        }
    }

    /// Adds what a run (by its number) says of a case. `place` names where a difference stands.
    pub fn add(&mut self, run: usize, case: &CaseResult, place: impl Fn(&Difference) -> String) {
        let Some(feature) = &case.feature else { return };
        let file = case.id.split("::").next().unwrap_or_default();
        if let Some(why) = self.staleness(run, file) {
            self.tally[run].1 += 1;
            let stale = self.stale.entry(feature.clone()).or_default();
            stale.insert(case.id.clone(), why);
            return;
        }
        self.tally[run].0 += 1;
        let today = self.today();
        let ended = ended(case, self.runs[run].fail_on, today);
        let seen = Seen {
            run,
            file: file.to_owned(),
            verdict: match ended {
                Some(_) => Verdict::Different,
                None => case.verdict,
            },
            reason: case.reason,
            changes: accepted(case, today, place),
            ended,
        };
        let cases = self.cases.entry(feature.clone()).or_default();
        let newer = cases.get(&case.id).is_none_or(|known| {
            // That a case was not attempted again takes nothing from what it showed before.
            match (
                seen.verdict == Verdict::Skipped,
                known.verdict == Verdict::Skipped,
            ) {
                (true, false) => false,
                (false, true) => true,
                _ => self.runs[run].when >= self.runs[known.run].when,
            }
        });
        if newer {
            cases.insert(case.id.clone(), seen);
        }
    }

    /// The day for which readiness is said.
    pub(super) fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    fn staleness(&self, run: usize, file: &str) -> Option<Stale> {
        let run = self.runs.get(run)?;
        let suite = run.suites.iter().find(|suite| suite.file == file);
        let same = suite.zip(self.current.get(file));
        if same.is_some_and(|(suite, current)| suite.sha256 != current.sha256) {
            return Some(Stale::Changed);
        }
        let age = self.now.duration_since(run.when);
        let limit = self.max_age?;
        (age > limit.try_into().unwrap_or(jiff::SignedDuration::MAX)).then_some(Stale::Old)
    }

    /// Ids of cases that the suites of a feature have now and that no run shows. A suite that was run by
    /// several ways is shown by all of them.
    pub(super) fn unseen(&self, feature: &str) -> Vec<String> {
        let suites = self.runs.iter().flat_map(|run| &run.suites);
        let files: BTreeSet<&str> = suites
            .filter(|suite| suite.feature.as_deref() == Some(feature))
            .map(|suite| suite.file.as_str())
            .collect();
        let none = BTreeMap::new();
        let known = self.cases.get(feature).unwrap_or(&none);
        let current = files
            .into_iter()
            .filter_map(|file| Some((file, self.current.get(file)?)));
        let unseen = current.flat_map(|(file, suite)| {
            let by = |way: &str| {
                let mut ids = suite.cases.iter().map(|case| case.by_way(file, way));
                ids.any(|id| known.contains_key(&id))
            };
            let ways: Vec<&str> = WAYS.into_iter().filter(|way| by(way)).collect();
            let is_seen = move |case: &CaseNow| {
                let by = |way: &&str| known.contains_key(&case.by_way(file, way));
                known.contains_key(&case.id(file)) || !ways.is_empty() && ways.iter().all(by)
            };
            let unseen = suite.cases.iter().filter(move |case| !is_seen(case));
            unseen.map(move |case| case.id(file))
        });
        unseen.collect()
    }
}

/// An accepted difference, as far as consumers must be told of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Accepted {
    pub(super) rule: String,
    pub(super) told: String,
    pub(super) because: String,
    pub(super) until: Option<String>,
    pub(super) advice: Option<String>,
    pub(super) place: String,
}

/// The last day of an acceptance, where it lies before a day.
fn ended_before(by: &AcceptedBy, today: Date) -> Option<Date> {
    let until: Date = by.until.as_deref()?.parse().ok()?;
    (until < today).then_some(until)
}

/// The first end of the acceptances on which an accepted case rests, where that has passed.
fn ended(case: &CaseResult, fail_on: Severity, today: Date) -> Option<Date> {
    let counted = case.differences.iter();
    let counted = counted.filter(|item| item.severity >= fail_on);
    let ends = counted.filter_map(|item| ended_before(item.accepted_by.as_ref()?, today));
    ends.min().filter(|_| case.verdict == Verdict::Accepted)
}

fn accepted(
    case: &CaseResult,
    today: Date,
    place: impl Fn(&Difference) -> String,
) -> Vec<Accepted> {
    let items = case.differences.iter().filter_map(|item| {
        let by = item.accepted_by.as_ref()?;
        if ended_before(by, today).is_some() {
            return None;
        }
        Some(Accepted {
            rule: by.rule.clone(),
            told: item.explain.clone(),
            because: by.because.clone(),
            until: by.until.clone(),
            advice: item.advice.clone(),
            place: place(item),
        })
    });
    items.collect()
}
