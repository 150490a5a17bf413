//! Which rules hold at which nodes of the two documents.

use std::collections::HashMap;

use super::align::Id;
use super::rules::{Effect, Effects, Rule, RuleId};
use crate::pair::{Pair, Side};

/// The rules at each node that has any.
#[derive(Debug, Default)]
pub(super) struct Ruled<'r> {
    at: Pair<HashMap<Id, Vec<&'r Rule>>>,
}

impl<'r> Ruled<'r> {
    /// Says that a rule holds at a node.
    pub(super) fn add(&mut self, side: Side, id: Id, rule: &'r Rule) {
        self.at[side].entry(id).or_default().push(rule);
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
        self.rename(id).map(|(_, name)| name)
    }

    /// The rule that renames an old member, and the name that it gives.
    pub(super) fn rename(&self, id: Id) -> Option<(&'r RuleId, &'r str)> {
        let rules = self.of(Side::Old, id).iter();
        let mut renames = rules.filter_map(|rule| match &rule.effect {
            Effect::Rename(name) => Some((&rule.id, name.as_str())),
            _ => None,
        });
        renames.next()
    }

    /// What a node of one's own name is called on the new side.
    pub(super) fn name<'n>(&self, side: Side, id: Id, own: &'n str) -> &'n str
    where
        'r: 'n,
    {
        let renamed = self.renamed(id).filter(|_| side == Side::Old);
        renamed.unwrap_or(own)
    }

    /// Adds what holds at a node to what holds at another.
    pub(super) fn extend(&self, side: Side, id: Id, effects: &mut Effects<'r>) {
        effects.add(self.of(side, id));
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
