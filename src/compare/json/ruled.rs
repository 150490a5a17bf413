//! Finds the nodes that the rules name.

use std::collections::BTreeSet;

use super::named::Named;
use super::path::Finder;
use super::tree::Tree;
use crate::compare::ruled::Ruled;
use crate::compare::rules::{Rule, RuleId, Rules};
use crate::locator::Place;
use crate::pair::{Pair, Side};

/// Whether finding the places of the rules leaves most of a document as it is: each names one node at
/// most, by names and indices, and no rule is about what is equal.
pub(super) fn are_narrow(rules: &Rules) -> bool {
    let is_narrow = |rule: &Rule| match rule.place.place() {
        Place::Json(_) => Named::read(rule.place.text()).is_some(),
        _ => true,
    };
    !rules.binds() && rules.iter().all(is_narrow)
}

/// Finds the nodes that the rules name; a rule that names one is used.
pub(super) fn locate<'r>(
    trees: Pair<&Tree<'_>>,
    rules: &'r Rules,
    used: &mut BTreeSet<RuleId>,
) -> Ruled<'r> {
    let mut located = Ruled::default();
    if !rules.has_json() {
        return located;
    }
    for side in Side::BOTH {
        // Made where a path needs it: it takes the whole document.
        let mut finder: Option<Finder<'_, '_>> = None;
        for rule in rules.iter().filter(|rule| rule.effect.is_about(side)) {
            let Place::Json(path) = rule.place.place() else {
                continue;
            };
            let ids = match Named::read(rule.place.text()) {
                Some(named) => named.find(trees[side]).into_iter().collect(),
                None => finder
                    .get_or_insert_with(|| Finder::new(trees[side]))
                    .find(path),
            };
            for id in ids {
                used.insert(rule.id.clone());
                located.add(side, id, rule);
            }
        }
    }
    located
}
