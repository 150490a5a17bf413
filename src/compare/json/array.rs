//! Arrays: aligned before they are compared, so that one inserted element is one difference.

use std::collections::{HashMap, HashSet, VecDeque};

use super::assign;
use super::diff::Diff;
use super::hash::{bytes, mix};
use super::key;

use super::path::{Step, write};
use super::tree::{Id, Type};
use crate::compare::lcs;
use crate::compare::rules::Effects;
use crate::pair::{Pair, Side};
use crate::results::{Kind, Severity};

/// Likeness (of 1,000) from which two elements at different places are the same thing.
const ALIKE: i64 = 500;
/// Leaves from which two elements that share none are different things, even at one place.
const MANY: usize = 3;

/// Elements of the two arrays that belong together (index in old, index in new), and the rest.
#[derive(Debug, Default)]
struct Alignment {
    pairs: Vec<(usize, usize)>,
    /// Whether the search for the shortest change was given up.
    gave_up: bool,
    /// The members by which the elements were matched.
    key: Option<Vec<String>>,
}

impl Alignment {
    /// Whether the pairs stand in the same order on both sides.
    fn in_order(&self) -> bool {
        self.pairs.windows(2).all(|w| match w {
            [(_, before), (_, after)] => before < after,
            _ => true,
        })
    }

    /// The indices of a side that have no partner.
    fn alone(&self, side: Side, len: usize) -> Vec<usize> {
        let mut taken = vec![false; len];
        for (old, new) in &self.pairs {
            let at = if side == Side::Old { old } else { new };
            if let Some(slot) = taken.get_mut(*at) {
                *slot = true;
            }
        }
        (0..len)
            .filter(|at| !taken.get(*at).copied().unwrap_or(true))
            .collect()
    }
}

impl Diff<'_, '_> {
    pub(super) fn elements(&mut self, old: Id, new: Id, effects: &Effects<'_>) {
        let lists = Pair::new(
            self.trees.old.children(old).collect::<Vec<Id>>(),
            self.trees.new.children(new).collect::<Vec<Id>>(),
        );
        let mut alignment = self.align(&lists, effects);
        alignment.pairs.sort_unstable();
        let free = effects.unordered || effects.keyed.is_some();
        if !free && !alignment.in_order() {
            self.reordered(old, new, &alignment);
        }
        self.hint(&alignment, effects);
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
            if gave_up {
                diff.detail("alignment", "more than 4096 edits apart: matched by value and likeness");
            }
            if side == Side::New {
                diff.leaks_below(id);
            }
        });
    }

    fn reordered(&mut self, old: Id, new: Id, alignment: &Alignment) {
        let explain = "the same elements in another order: clients that take the first, or show the list, act otherwise";
        self.push(
            Kind::Order,
            Severity::Breaking,
            explain.to_owned(),
            Pair::new(Some(old), Some(new)),
        );
        let moved = alignment.pairs.len() - longest_rise(&alignment.pairs);
        self.detail("moved", moved);
        if let Some(last) = self.found.differences.last_mut() {
            let rule = format!("unordered: [ \"{}\" ]", last.path);
            last.advice = Some(format!("if the order means nothing: compare: {{ {rule} }}"));
            self.found.hints.push(rule);
        }
    }

    /// Prints an inferred key that was of use, so that it can be pinned.
    fn hint(&mut self, alignment: &Alignment, effects: &Effects<'_>) {
        let moved = alignment.pairs.iter().any(|(old, new)| old != new);
        let Some(key) = alignment
            .key
            .as_ref()
            .filter(|_| moved && effects.keyed.is_none())
        else {
            return;
        };
        let path = write(&self.place.old);
        self.found
            .hints
            .push(format!("keyed: {{ \"{path}\": {} }}", key.join(", ")));
    }

    fn align(&mut self, lists: &Pair<Vec<Id>>, effects: &Effects<'_>) -> Alignment {
        if let Some(fields) = effects.keyed
            && let Some(alignment) = self.by_declared_key(lists, fields)
        {
            return self.complete(lists, alignment, true);
        }
        let whole = if effects.unordered {
            (0, 0)
        } else {
            self.same_ends(lists)
        };
        let hashes = Pair::of(|side| {
            let until = lists[side].len() - whole.1;
            let hash = |(at, id): (usize, &Id)| {
                // Elements of the same text need no hash: one stands for all of them.
                let inside = (whole.0..until).contains(&at);
                if inside {
                    self.hasher.hash(side, *id)
                } else {
                    0
                }
            };
            lists[side]
                .iter()
                .enumerate()
                .map(hash)
                .collect::<Vec<u64>>()
        });
        if effects.unordered {
            let pairs = by_hash(&hashes, &all(lists.old.len()), &all(lists.new.len()));
            let alignment = Alignment {
                pairs,
                ..Alignment::default()
            };
            return self.complete(lists, alignment, true);
        }
        self.in_sequence(lists, &hashes)
    }

    /// How many elements have the same text at the start, and at the end of what is left.
    fn same_ends(&self, lists: &Pair<Vec<Id>>) -> (usize, usize) {
        let same = |(old, new): &(&Id, &Id)| self.trees.old.raw(**old) == self.trees.new.raw(**new);
        let start = lists.old.iter().zip(&lists.new).take_while(same).count();
        let left = lists.old.len().min(lists.new.len()) - start;
        let ends = lists
            .old
            .iter()
            .rev()
            .zip(lists.new.iter().rev())
            .take(left);
        (start, ends.take_while(same).count())
    }

    /// Pairs by the members that a rule names; why that cannot be is a hint.
    fn by_declared_key(&mut self, lists: &Pair<Vec<Id>>, fields: &[String]) -> Option<Alignment> {
        match key::by_fields(self, lists, fields) {
            Ok(pairs) => {
                let key = Some(fields.to_vec());
                Some(Alignment {
                    pairs,
                    key,
                    gave_up: false,
                })
            }
            Err(why) => {
                let path = write(&self.place.old);
                let fields = fields.join(", ");
                let hint = format!("keyed \"{path}\": {fields} is no key here: {why}");
                self.found.hints.push(hint);
                None
            }
        }
    }

    /// Pairs the elements of ordered arrays: equal starts and ends, then by an inferred key, else by
    /// the longest common subsequence, equal elements anywhere, and likeness.
    fn in_sequence(&mut self, lists: &Pair<Vec<Id>>, hashes: &Pair<Vec<u64>>) -> Alignment {
        let (start, end) = trimmed(hashes);
        let until = Pair::new(lists.old.len() - end, lists.new.len() - end);
        let mut alignment = Alignment::default();
        alignment.pairs.extend((0..start).map(|at| (at, at)));
        alignment
            .pairs
            .extend((0..end).map(|at| (until.old + at, until.new + at)));
        match (until.old - start, until.new - start) {
            (0, _) | (_, 0) => return alignment,
            (1, 1) => return self.complete(lists, alignment, false),
            _ => {}
        }
        if let Some((name, pairs)) = key::inferred(self, lists) {
            alignment.pairs = pairs;
            alignment.key = Some(vec![name]);
            return self.complete(lists, alignment, true);
        }
        let middle = Pair::of(|side| hashes[side].get(start..until[side]).unwrap_or_default());
        match lcs::common(middle.old, middle.new) {
            Some(common) => {
                let shifted = common.into_iter().map(|(o, n)| (o + start, n + start));
                alignment.pairs.extend(shifted);
            }
            None => alignment.gave_up = true,
        }
        let alone = Pair::of(|side| alignment.alone(side, lists[side].len()));
        alignment
            .pairs
            .extend(by_hash(hashes, &alone.old, &alone.new));
        self.complete(lists, alignment, false)
    }

    /// Pairs what is left: containers by likeness anywhere, then anything else that stands between
    /// the same neighbours (`free`: anywhere).
    fn complete(
        &mut self,
        lists: &Pair<Vec<Id>>,
        mut alignment: Alignment,
        free: bool,
    ) -> Alignment {
        let alone = Pair::of(|side| alignment.alone(side, lists[side].len()));
        if alone.old.is_empty() || alone.new.is_empty() {
            return alignment;
        }
        let containers = Pair::of(|side| {
            let tree = self.trees[side];
            let holds = |at: &&usize| {
                let what = lists[side].get(**at).map(|id| tree.what(*id));
                matches!(what, Some(Type::Array | Type::Object))
            };
            alone[side]
                .iter()
                .filter(holds)
                .copied()
                .collect::<Vec<usize>>()
        });
        let leaves = Pair::of(|side| {
            let ids = containers[side]
                .iter()
                .filter_map(|at| lists[side].get(*at));
            ids.map(|id| self.hasher.leaves(side, *id))
                .collect::<Vec<_>>()
        });
        for (o, n) in assign::pair(&leaves.old, &leaves.new, ALIKE) {
            if let (Some(old), Some(new)) = (containers.old.get(o), containers.new.get(n)) {
                alignment.pairs.push((*old, *new));
            }
        }
        self.neighbours(lists, &mut alignment, free);
        alignment
    }

    /// Pairs what stands between the same matched neighbours, in order (`free`: anywhere).
    fn neighbours(&mut self, lists: &Pair<Vec<Id>>, alignment: &mut Alignment, free: bool) {
        // A gap is named by the new index of the last match before it.
        let mut waiting: HashMap<Option<usize>, VecDeque<usize>> = HashMap::new();
        let matched: HashSet<usize> = alignment.pairs.iter().map(|(_, new)| *new).collect();
        let mut gap = None;
        for at in 0..lists.new.len() {
            if matched.contains(&at) {
                gap = (!free).then_some(at);
            } else {
                waiting.entry(gap).or_default().push_back(at);
            }
        }
        let partners: HashMap<usize, usize> = alignment.pairs.iter().copied().collect();
        let mut gap = None;
        for at in 0..lists.old.len() {
            if let Some(new) = partners.get(&at) {
                gap = (!free).then_some(*new);
                continue;
            }
            let Some(queue) = waiting.get_mut(&gap) else {
                continue;
            };
            if let Some(new) = queue.front().copied()
                && self.one_thing(lists, at, new, free)
            {
                queue.pop_front();
                alignment.pairs.push((at, new));
            }
        }
    }

    /// Whether two elements that share little may still be one thing that changed.
    fn one_thing(&mut self, lists: &Pair<Vec<Id>>, old: usize, new: usize, free: bool) -> bool {
        let (Some(old), Some(new)) = (lists.old.get(old), lists.new.get(new)) else {
            return false;
        };
        let what = Pair::new(self.trees.old.what(*old), self.trees.new.what(*new));
        let both = |wanted: Type| what.old == wanted && what.new == wanted;
        if !both(Type::Object) && !both(Type::Array) {
            // In a set a scalar that changed is one gone and one come.
            return !free;
        }
        let old = self.hasher.leaves(Side::Old, *old);
        let new = self.hasher.leaves(Side::New, *new);
        let shared = super::hash::likeness(&old, &new);
        shared > 0 || (!free && old.len().min(new.len()) < MANY)
    }

    /// The text that a key member has as the other side would see it.
    pub(super) fn key_of(&mut self, side: Side, id: Id, fields: &[String]) -> Option<u64> {
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
}

fn all(len: usize) -> Vec<usize> {
    (0..len).collect()
}

/// How many elements are equal at the start, and at the end of what is left.
fn trimmed(hashes: &Pair<Vec<u64>>) -> (usize, usize) {
    let same = hashes
        .old
        .iter()
        .zip(&hashes.new)
        .take_while(|(a, b)| a == b);
    let start = same.count();
    let left = hashes.old.len().min(hashes.new.len()) - start;
    let ends = hashes.old.iter().rev().zip(hashes.new.iter().rev());
    let end = ends.take(left).take_while(|(a, b)| a == b).count();
    (start, end)
}

/// Pairs equal hashes among these indices, first with first.
fn by_hash(hashes: &Pair<Vec<u64>>, old: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
    let mut waiting: HashMap<u64, Vec<usize>> = HashMap::new();
    for at in new.iter().rev() {
        if let Some(hash) = hashes.new.get(*at) {
            waiting.entry(*hash).or_default().push(*at);
        }
    }
    let partner = |at: &usize| {
        let new = waiting.get_mut(hashes.old.get(*at)?)?.pop()?;
        Some((*at, new))
    };
    old.iter().filter_map(partner).collect()
}

/// The length of the longest run of pairs that can stay in place.
fn longest_rise(pairs: &[(usize, usize)]) -> usize {
    let mut tails: Vec<usize> = Vec::new();
    for (_, new) in pairs {
        let at = tails.partition_point(|tail| tail < new);
        match tails.get_mut(at) {
            Some(tail) => *tail = *new,
            None => tails.push(*new),
        }
    }
    tails.len()
}
