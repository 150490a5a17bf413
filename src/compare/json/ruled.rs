//! Finds the nodes that the rules name.

use std::collections::BTreeSet;

use super::path::Finder;
use super::tree::Tree;
use crate::compare::ruled::Ruled;
use crate::compare::rules::{RuleId, Rules};
use crate::locator::Place;
use crate::pair::{Pair, Side};

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
        let mut finder = Finder::new(trees[side]);
        for rule in rules.iter().filter(|rule| rule.effect.is_about(side)) {
            let Place::Json(path) = rule.place.place() else {
                continue;
            };
            for id in finder.find(path) {
                used.insert(rule.id.clone());
                located.add(side, id, rule);
            }
        }
    }
    located
}
