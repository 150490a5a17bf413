//! Which rules hold at which nodes of the two documents.

use std::collections::{BTreeSet, HashMap};

use super::path::Finder;
use super::tree::{Id, Tree};
use crate::compare::rules::{Effect, Effects, Rule, RuleId, Rules};
use crate::locator::Place;
use crate::pair::{Pair, Side};

/// The rules at each node that has any.
#[derive(Debug, Default)]
pub(super) struct Ruled<'r> {
    at: Pair<HashMap<Id, Vec<&'r Rule>>>,
}

impl<'r> Ruled<'r> {
    /// Finds the nodes that the rules name; a rule that names one is used.
    pub(super) fn locate(
        trees: Pair<&Tree<'_>>,
        rules: &'r Rules,
        used: &mut BTreeSet<RuleId>,
    ) -> Self {
        let mut located = Self::default();
        let is_json = |rule: &&Rule| matches!(rule.place.place(), Place::Json(_));
        if !rules.iter().any(|rule| is_json(&rule)) {
            return located;
        }
        for side in Side::BOTH {
            let mut finder = Finder::new(trees[side]);
            for rule in rules.iter() {
                let old_only = matches!(rule.effect, Effect::Rename(_) | Effect::Rewrite(..));
                let Place::Json(path) = rule.place.place() else {
                    continue;
                };
                if old_only && side == Side::New {
                    continue;
                }
                for id in finder.find(path) {
                    used.insert(rule.id.clone());
                    located.at[side].entry(id).or_default().push(rule);
                }
            }
        }
        located
    }

    /// Whether no rule holds anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.at.old.is_empty() && self.at.new.is_empty()
    }

    fn of(&self, side: Side, id: Id) -> &[&'r Rule] {
        self.at[side].get(&id).map_or(&[], Vec::as_slice)
    }

    /// Whether a node does not count.
    pub(super) fn ignored(&self, side: Side, id: Id) -> bool {
        let is_ignore = |rule: &&&Rule| matches!(rule.effect, Effect::Ignore);
        self.of(side, id).iter().any(|rule| is_ignore(&rule))
    }

    /// The name that an old member has on the new side, where a rule renames it.
    pub(super) fn renamed(&self, id: Id) -> Option<&'r str> {
        self.of(Side::Old, id)
            .iter()
            .find_map(|rule| match &rule.effect {
                Effect::Rename(name) => Some(name.as_str()),
                _ => None,
            })
    }

    /// What holds at one node.
    pub(super) fn at(&self, side: Side, id: Id) -> Effects<'r> {
        let mut effects = Effects::default();
        effects.add(self.of(side, id));
        effects
    }

    /// What holds where two nodes are compared.
    pub(super) fn between(&self, old: Id, new: Id) -> Effects<'r> {
        let mut effects = Effects::default();
        if !self.is_empty() {
            effects.add(self.of(Side::New, new));
            effects.add(self.of(Side::Old, old));
        }
        effects
    }
}
