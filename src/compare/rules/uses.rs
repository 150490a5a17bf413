//! [`Uses`]: how often each rule was of use.

use std::collections::BTreeMap;

use super::RuleId;
use crate::pair::Pair;

/// How often each rule was of use: at how many places it named something, or, for what rewrites and
/// renames, at how many it changed something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses(BTreeMap<RuleId, usize>);

impl Uses {
    /// Counts one use.
    pub fn add(&mut self, rule: &RuleId) {
        self.add_times(rule, 1);
    }

    fn add_times(&mut self, rule: &RuleId, times: usize) {
        match self.0.get_mut(rule) {
            Some(count) => *count += times,
            None => {
                self.0.insert(rule.clone(), times);
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn extend(&mut self, other: &Self) {
        for (rule, times) in &other.0 {
            self.add_times(rule, *times);
        }
    }

    /// Adds what was counted in two documents: a place that both have is one.
    pub(in crate::compare) fn extend_with_either(&mut self, sides: Pair<Self>) {
        let Pair { mut old, new } = sides;
        for (rule, times) in new.0 {
            let known = old.0.entry(rule).or_default();
            *known = times.max(*known);
        }
        self.extend(&old);
    }

    /// How often a rule was of use.
    pub fn of(&self, rule: &RuleId) -> usize {
        self.0.get(rule).copied().unwrap_or_default()
    }

    /// Leaves out rules that are in no file: those that were learned.
    pub(in crate::compare) fn only_written(&mut self) {
        self.0.retain(|rule, _| !rule.file.is_empty());
    }

    /// How many rules were of use.
    #[cfg(test)]
    pub(in crate::compare) fn len(&self) -> usize {
        self.0.len()
    }
}
