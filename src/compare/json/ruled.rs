//! Finds the nodes that the rules name.

use super::named::Named;
use super::path::Finder;
use super::tree::Tree;
use crate::compare::ruled::Ruled;
use crate::compare::rules::{Rule, Rules, Uses};
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

/// Finds the nodes that the rules name; a rule that names one is used, unless it has to change it.
pub(super) fn locate<'r>(trees: Pair<&Tree<'_>>, rules: &'r Rules, used: &mut Uses) -> Ruled<'r> {
    let mut located = Ruled::default();
    if !rules.has_json() {
        return located;
    }
    let mut named = Pair::<Uses>::default();
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
                if !rule.effect.must_change() {
                    named[side].add(&rule.id);
                }
                located.add(side, id, rule);
            }
        }
    }
    used.extend_with_either(named);
    located
}
