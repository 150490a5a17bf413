//! [`Told`]: what consumers must be told, each thing once, with the rows that show it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::readiness::{Change, Matrix};

/// A change as consumers are told it: rows that show the same of one rule are one.
#[derive(Debug)]
pub(in crate::report) struct Told<'m> {
    /// The rule, what is noticed, why it is accepted, until when, and what to do.
    pub(in crate::report) change: &'m Change,
    /// The rows that show it.
    pub(in crate::report) rows: BTreeSet<&'m str>,
    /// Where it shows.
    pub(in crate::report) places: BTreeSet<&'m str>,
    /// Cases that show it.
    pub(in crate::report) cases: usize,
}

/// What consumers must be told: what most cases show comes first.
pub(in crate::report) fn told(matrix: &Matrix) -> Vec<Told<'_>> {
    let mut all: Vec<Told<'_>> = Vec::new();
    let mut known = BTreeMap::new();
    for change in &matrix.changes {
        let same = (
            &change.rule,
            &change.told,
            &change.because,
            &change.until,
            &change.advice,
        );
        let at = *known.entry(same).or_insert(all.len());
        if at == all.len() {
            all.push(Told {
                change,
                rows: BTreeSet::new(),
                places: BTreeSet::new(),
                cases: 0,
            });
        }
        if let Some(told) = all.get_mut(at) {
            told.rows.insert(&change.row);
            told.places.extend(change.places.iter().map(String::as_str));
            told.cases += change.cases;
        }
    }
    all.sort_by_key(|told| Reverse(told.cases));
    all
}

impl Told<'_> {
    /// The rows, separated by commas.
    pub(in crate::report) fn rows(&self) -> String {
        joined(&self.rows)
    }

    /// The places, separated by commas.
    pub(in crate::report) fn places(&self) -> String {
        joined(&self.places)
    }
}

fn joined(texts: &BTreeSet<&str>) -> String {
    texts.iter().copied().collect::<Vec<_>>().join(", ")
}
