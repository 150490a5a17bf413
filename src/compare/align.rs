//! Aligning two lists before they are compared, so that one inserted element is one difference.

use std::collections::{HashMap, HashSet, VecDeque};

use super::hashing::likeness;
use super::rules::Effects;
use super::{assign, key, lcs, words};
use crate::pair::{Pair, Side};

/// Likeness (of 1,000) from which two elements at different places are the same thing.
const ALIKE: i64 = 500;
/// Leaves from which two elements that share none are different things, even at one place.
const MANY: usize = 3;

/// A node's number in its document.
pub(super) type Id = u32;

/// Two documents that have lists: what aligning them asks of their elements.
pub(super) trait Lists {
    /// The hash of an element as the rules see it.
    fn hash(&mut self, side: Side, id: Id) -> u64;

    /// The sorted hashes of everything below an element, each with the names on the way (`named`) or
    /// without: what two of them share is how alike they are.
    fn leaves(&mut self, side: Side, id: Id, named: bool) -> Vec<u64>;

    /// Whether an element may have others inside it.
    fn holds(&self, side: Side, id: Id) -> bool;

    /// What lets two elements that share little be one thing that changed.
    fn bond(&self, ids: Pair<Id>) -> Bond;

    /// Whether two elements have the same text: then they are equal without a look at either.
    fn same_text(&self, ids: Pair<Id>) -> bool;

    /// The key of an element, if it has all of these fields.
    fn key_of(&mut self, side: Side, id: Id, fields: &[String]) -> Option<u64>;

    /// Fields by which the elements of lists could be told apart; none where they are no records.
    fn candidates(&self, lists: &Pair<Vec<Id>>) -> Vec<String>;

    /// Elements (by index) that belong together by what they are called, whatever they hold.
    fn namesakes(&self, _: &Pair<Vec<Id>>, _: &Alignment) -> Vec<(usize, usize)> {
        Vec::new()
    }
}

/// What lets two elements that share little be one thing that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bond {
    /// Nothing does.
    None,
    /// That they stand at the same place.
    Place,
    /// That, and that they share something or hold little.
    Content,
}

/// Elements of the two lists that belong together (index in old, index in new), and the rest.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    pub(super) pairs: Vec<(usize, usize)>,
    /// Whether the search for the shortest change was given up.
    pub(super) gave_up: bool,
    /// The fields by which the elements were matched.
    pub(super) key: Option<Vec<String>>,
    /// Why the fields that a rule names are no key.
    pub(super) no_key: Option<String>,
}

impl Alignment {
    /// Whether the pairs stand in the same order on both sides.
    pub(super) fn in_order(&self) -> bool {
        self.pairs.windows(2).all(|w| match w {
            [(_, before), (_, after)] => before < after,
            _ => true,
        })
    }

    /// Pairs that would have to move for the order to be the same.
    pub(super) fn moved(&self) -> usize {
        self.pairs.len() - longest_rise(&self.pairs)
    }

    /// The indices of a side that have no partner.
    pub(super) fn alone(&self, side: Side, len: usize) -> Vec<usize> {
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

    /// Pairs elements that are alone at the same index of lists of one length.
    pub(super) fn pair_by_index(&mut self, len: usize) {
        let alone = Pair::of(|side| self.alone(side, len));
        let new: HashSet<usize> = alone.new.into_iter().collect();
        let twins = alone.old.into_iter().filter(|at| new.contains(at));
        self.pairs.extend(twins.map(|at| (at, at)));
        self.pairs.sort_unstable();
    }

    /// The rule that pins a key that was inferred and of use.
    pub(super) fn key_to_pin(&self, path: &str, effects: &Effects<'_>) -> Option<String> {
        let moved = self.pairs.iter().any(|(old, new)| old != new);
        let key = self.key.as_ref()?;
        let inferred = moved && effects.keyed.is_none();
        inferred.then(|| words::keyed_rule(path, key))
    }
}

/// Aligns two lists under the rules that hold for them. The pairs are sorted.
pub(super) fn align(
    docs: &mut impl Lists,
    lists: &Pair<Vec<Id>>,
    effects: &Effects<'_>,
) -> Alignment {
    let mut alignment = aligned(docs, lists, effects);
    alignment.pairs.sort_unstable();
    alignment
}

fn aligned(docs: &mut impl Lists, lists: &Pair<Vec<Id>>, effects: &Effects<'_>) -> Alignment {
    let mut no_key = None;
    if let Some(fields) = effects.keyed {
        match key::by_fields(docs, lists, fields) {
            Ok(pairs) => {
                let key = Some(fields.to_vec());
                let alignment = Alignment {
                    pairs,
                    key,
                    ..Alignment::default()
                };
                return complete(docs, lists, alignment, true);
            }
            Err(why) => no_key = Some(why),
        }
    }
    let whole = if effects.unordered {
        (0, 0)
    } else {
        same_ends(docs, lists)
    };
    let hashes = Pair::of(|side| {
        let until = lists[side].len() - whole.1;
        let hash = |(at, id): (usize, &Id)| {
            // Elements of the same text need no hash: one stands for all of them.
            let inside = (whole.0..until).contains(&at);
            if inside { docs.hash(side, *id) } else { 0 }
        };
        let each = lists[side].iter().enumerate();
        each.map(hash).collect::<Vec<u64>>()
    });
    let mut alignment = if effects.unordered {
        let pairs = by_hash(&hashes, &all(lists.old.len()), &all(lists.new.len()));
        let alignment = Alignment {
            pairs,
            ..Alignment::default()
        };
        complete(docs, lists, alignment, true)
    } else {
        in_sequence(docs, lists, &hashes)
    };
    alignment.no_key = no_key;
    alignment
}

/// How many elements have the same text at the start, and at the end of what is left.
fn same_ends(docs: &impl Lists, lists: &Pair<Vec<Id>>) -> (usize, usize) {
    let same = |(old, new): &(&Id, &Id)| docs.same_text(Pair::new(**old, **new));
    let start = lists.old.iter().zip(&lists.new).take_while(same).count();
    let left = lists.old.len().min(lists.new.len()) - start;
    let ends = lists.old.iter().rev().zip(lists.new.iter().rev());
    (start, ends.take(left).take_while(same).count())
}

/// Pairs the elements of ordered lists: equal starts and ends, then by an inferred key, else by
/// the longest common subsequence, equal elements anywhere, and likeness.
fn in_sequence(docs: &mut impl Lists, lists: &Pair<Vec<Id>>, hashes: &Pair<Vec<u64>>) -> Alignment {
    let (start, end) = trimmed(hashes);
    let until = Pair::new(lists.old.len() - end, lists.new.len() - end);
    let mut alignment = Alignment::default();
    alignment.pairs.extend((0..start).map(|at| (at, at)));
    alignment
        .pairs
        .extend((0..end).map(|at| (until.old + at, until.new + at)));
    match (until.old - start, until.new - start) {
        (0, _) | (_, 0) => return alignment,
        (1, 1) => return complete(docs, lists, alignment, false),
        _ => {}
    }
    if let Some((name, pairs)) = key::inferred(docs, lists) {
        alignment.pairs = pairs;
        alignment.key = Some(vec![name]);
        return complete(docs, lists, alignment, true);
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
    complete(docs, lists, alignment, false)
}

/// Pairs what is left: namesakes, containers by likeness anywhere, then anything else that stands
/// between the same neighbours (`free`: anywhere).
fn complete(
    docs: &mut impl Lists,
    lists: &Pair<Vec<Id>>,
    mut alignment: Alignment,
    free: bool,
) -> Alignment {
    let namesakes = docs.namesakes(lists, &alignment);
    alignment.pairs.extend(namesakes);
    let alone = Pair::of(|side| alignment.alone(side, lists[side].len()));
    if alone.old.is_empty() || alone.new.is_empty() {
        return alignment;
    }
    let containers = Pair::of(|side| {
        let holds = |at: &&usize| {
            let id = lists[side].get(**at);
            id.is_some_and(|id| docs.holds(side, *id))
        };
        let alone = alone[side].iter();
        alone.filter(holds).copied().collect::<Vec<usize>>()
    });
    let leaves = Pair::of(|side| {
        let ids = containers[side]
            .iter()
            .filter_map(|at| lists[side].get(*at));
        ids.map(|id| docs.leaves(side, *id, true))
            .collect::<Vec<_>>()
    });
    for (o, n) in assign::pair(&leaves.old, &leaves.new, ALIKE) {
        if let (Some(old), Some(new)) = (containers.old.get(o), containers.new.get(n)) {
            alignment.pairs.push((*old, *new));
        }
    }
    neighbours(docs, lists, &mut alignment, free);
    alignment
}

/// Pairs what stands between the same matched neighbours, in order (`free`: anywhere).
fn neighbours(docs: &mut impl Lists, lists: &Pair<Vec<Id>>, alignment: &mut Alignment, free: bool) {
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
        let Some(old) = lists.old.get(at).copied() else {
            continue;
        };
        let pair = |new: &usize| lists.new.get(*new).map(|new| Pair::new(old, *new));
        let bound = |new: &usize| pair(new).is_some_and(|ids| docs.bond(ids) != Bond::None);
        let Some(first) = queue.iter().position(bound) else {
            continue;
        };
        if let Some(new) = queue.get(first).copied()
            && pair(&new).is_some_and(|ids| one_thing(docs, ids, free))
        {
            queue.remove(first);
            alignment.pairs.push((at, new));
        }
    }
}

/// Whether two elements that share little may still be one thing that changed.
fn one_thing(docs: &mut impl Lists, ids: Pair<Id>, free: bool) -> bool {
    match docs.bond(ids) {
        Bond::None => false,
        // In a set a scalar that changed is one gone and one come.
        Bond::Place => !free,
        Bond::Content => {
            let leaves = Pair::of(|side| docs.leaves(side, ids[side], true));
            if likeness(&leaves.old, &leaves.new) > 0 {
                return true;
            }
            if free {
                return false;
            }
            // The same values under other names: something in it was renamed.
            let bare = Pair::of(|side| docs.leaves(side, ids[side], false));
            leaves.old.len().min(leaves.new.len()) < MANY || likeness(&bare.old, &bare.new) >= ALIKE
        }
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
