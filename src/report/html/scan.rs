//! [`Scan`]: what a page says of all cases, also of those that it does not list.

use std::collections::HashMap;

use serde::Deserialize;

use super::latency::Latency;
use crate::journal::JournalSet;
use crate::pair::{Pair, Side};
use crate::report::ReportError;
use crate::results::{Reason, TokenSummary, Verdict};

/// Token cases that are shown.
const TOKENS: usize = 40;

/// One pass over every case.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Counts of each suite, in the order of [`JournalSet::suites`], by verdict.
    pub(super) suites: Vec<HashMap<Verdict, usize>>,
    pub(super) latency: Latency,
    pub(super) tokens: Vec<TokenCase>,
    /// Token cases beyond those shown.
    pub(super) more_tokens: usize,
    /// Cases that were withheld, by suite.
    pub(super) withheld: Vec<usize>,
}

/// A token case: what each side issued.
#[derive(Debug, Clone)]
pub(super) struct TokenCase {
    pub(super) id: String,
    pub(super) sides: Pair<Option<TokenSummary>>,
}

/// As much of a case as is needed here.
#[derive(Deserialize)]
struct Light {
    id: String,
    #[serde(default)]
    old: Option<LightSide>,
    #[serde(default)]
    new: Option<LightSide>,
}

#[derive(Deserialize)]
struct LightSide {
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    ms: Option<f64>,
    #[serde(default)]
    token: Option<TokenSummary>,
}

impl Scan {
    /// Reads a journal once.
    pub(super) fn of(journal: &JournalSet) -> Result<Self, ReportError> {
        let files: HashMap<&str, usize> = journal
            .suites()
            .iter()
            .enumerate()
            .map(|(number, suite)| (suite.file.as_str(), number))
            .collect();
        let mut scan = Self {
            suites: vec![HashMap::new(); files.len()],
            withheld: vec![0; files.len()],
            ..Self::default()
        };
        for case in journal.list() {
            let file = case.id.split("::").next().unwrap_or_default();
            let Some(number) = files.get(file) else {
                continue;
            };
            *scan.suites[*number].entry(case.verdict).or_default() += 1;
            let is_withheld = case.verdict == Verdict::Skipped && case.reason != Some(Reason::Skip);
            scan.withheld[*number] += usize::from(is_withheld);
        }
        let mut cases = journal.cases()?;
        while let Some(text) = cases.next_text() {
            // A case that this version cannot read is said where it is listed.
            if let Ok(case) = serde_json::from_slice::<Light>(text?) {
                scan.add(case);
            }
        }
        Ok(scan)
    }

    fn add(&mut self, case: Light) {
        let sides = Pair::new(case.old, case.new);
        for (side, result) in sides.iter() {
            let answered = result.as_ref().filter(|result| result.status.is_some());
            if let Some(ms) = answered.and_then(|result| result.ms) {
                self.latency.add(side, ms);
            }
        }
        let tokens = sides.map(|side| side?.token);
        if Side::BOTH.iter().all(|side| tokens[*side].is_none()) {
            return;
        }
        if self.tokens.len() < TOKENS {
            self.tokens.push(TokenCase {
                id: case.id,
                sides: tokens,
            });
        } else {
            self.more_tokens += 1;
        }
    }
}
