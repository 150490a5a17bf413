//! Arrays: aligned before they are compared, so that one inserted element is one difference.

use std::collections::HashSet;

use super::diff::Diff;
use super::path::{Step, write};
use super::tree::{Id, Type};
use crate::compare::align::{Bond, Lists, align};
use crate::compare::hashing::{bytes, mix};
use crate::compare::rules::Effects;
use crate::compare::words;
use crate::pair::{Pair, Side};
use crate::results::{Kind, Severity};

impl Lists for Diff<'_, '_> {
    fn hash(&mut self, side: Side, id: Id) -> u64 {
        self.hasher.hash(side, id)
    }

    fn leaves(&mut self, side: Side, id: Id, named: bool) -> Vec<u64> {
        self.hasher.leaves(side, id, named)
    }

    fn holds(&self, side: Side, id: Id) -> bool {
        matches!(self.trees[side].what(id), Type::Array | Type::Object)
    }

    fn bond(&self, ids: Pair<Id>) -> Bond {
        let what = Pair::new(self.trees.old.what(ids.old), self.trees.new.what(ids.new));
        if what.old == what.new && self.holds(Side::Old, ids.old) {
            Bond::Content
        } else {
            Bond::Place
        }
    }

    fn same_text(&self, ids: Pair<Id>) -> bool {
        self.trees.old.raw(ids.old) == self.trees.new.raw(ids.new)
    }

    /// The text that a key member has as the other side would see it.
    fn key_of(&mut self, side: Side, id: Id, fields: &[String]) -> Option<u64> {
        let tree = self.trees[side];
        let mut hash = 3;
        for field in fields {
            let members = tree.children(id);
            let own = |child: &Id| match self.ruled.renamed(*child).filter(|_| side == Side::Old) {
                Some(name) => name == field,
                None => *tree.key(*child) == *field.as_bytes(),
            };
            let member = members.filter(own).last()?;
            if matches!(tree.what(member), Type::Array | Type::Object | Type::Null) {
                return None;
            }
            hash = mix(hash, self.hasher.hash(side, member));
        }
        Some(mix(hash, bytes(b"key")))
    }

    /// The scalar members of objects that say which one it is.
    fn candidates(&self, lists: &Pair<Vec<Id>>) -> Vec<String> {
        let objects = Side::BOTH.into_iter().all(|side| {
            let tree = self.trees[side];
            lists[side].iter().all(|id| tree.what(*id) == Type::Object)
        });
        let Some(first) = lists.new.first().filter(|_| objects) else {
            return Vec::new();
        };
        let tree = self.trees.new;
        let mut seen = HashSet::new();
        let mut names: Vec<String> = Vec::new();
        for child in tree.children(*first) {
            let vague = self.ruled.at(Side::New, child).is_vague();
            if vague || !matches!(tree.what(child), Type::Number | Type::Text) {
                continue;
            }
            if let Ok(name) = String::from_utf8(tree.key(child).into_owned())
                && seen.insert(name.clone())
            {
                names.push(name);
            }
        }
        names
    }
}

impl Diff<'_, '_> {
    pub(super) fn elements(&mut self, old: Id, new: Id, effects: &Effects<'_>) {
        let lists = Pair::new(
            self.trees.old.children(old).collect::<Vec<Id>>(),
            self.trees.new.children(new).collect::<Vec<Id>>(),
        );
        let mut alignment = align(self, &lists, effects);
        if self.by_index && lists.old.len() == lists.new.len() {
            alignment.pair_by_index(lists.old.len());
        }
        let path = write(&self.place.old);
        if let (Some(why), Some(fields)) = (&alignment.no_key, effects.keyed) {
            let said = words::no_key(&path, fields, why);
            self.found.no_keys.push(said);
        }
        let free = effects.unordered || effects.keyed.is_some();
        if !free && !alignment.in_order() {
            self.reordered(old, new, alignment.moved());
            if let Some(last) = self
                .found
                .differences
                .last_mut()
                .filter(|_| alignment.gave_up)
            {
                words::say_gave_up(last);
            }
        }
        self.found
            .hints
            .extend(alignment.key_to_pin(&path, effects));
        for (o, n) in &alignment.pairs {
            if let (Some(old), Some(new)) = (lists.old.get(*o), lists.new.get(*n)) {
                self.at(*o, *n, |diff| diff.visit(*old, *new));
            }
        }
        for side in Side::BOTH {
            for at in alignment.alone(side, lists[side].len()) {
                if let Some(id) = lists[side].get(at) {
                    self.lone(side, at, *id, alignment.gave_up);
                }
            }
        }
    }

    fn at(&mut self, old: usize, new: usize, act: impl FnOnce(&mut Self)) {
        self.place.old.push(Step::Index(old));
        self.place.new.push(Step::Index(new));
        act(self);
        self.place.old.pop();
        self.place.new.pop();
    }

    /// An element that only one side has.
    fn lone(&mut self, side: Side, at: usize, id: Id, gave_up: bool) {
        if self.ruled.ignored(side, id) {
            return;
        }
        self.at(at, at, |diff| {
            if side == Side::Old {
                let explain = "an element is gone from the list: clients no longer see it";
                let shown = Pair::new(Some(id), None);
                diff.push(Kind::MissingElement, Severity::Breaking, explain.to_owned(), shown);
            } else {
                let explain = "the list has an element more: clients that count or trust the list act otherwise";
                let shown = Pair::new(None, Some(id));
                diff.push(Kind::ExtraElement, Severity::Breaking, explain.to_owned(), shown);
            }
            if let Some(last) = diff.found.differences.last_mut().filter(|_| gave_up) {
                words::say_gave_up(last);
            }
            if side == Side::New {
                diff.leaks_below(id);
            }
        });
    }

    fn reordered(&mut self, old: Id, new: Id, moved: usize) {
        let shown = Pair::new(Some(old), Some(new));
        let explain = words::REORDERED.to_owned();
        self.push(Kind::Order, Severity::Breaking, explain, shown);
        self.detail("moved", moved);
        if let Some(last) = self.found.differences.last_mut() {
            let rule = words::unordered_rule(&last.path);
            last.advice = Some(format!("if the order means nothing: compare: {{ {rule} }}"));
        }
    }
}
