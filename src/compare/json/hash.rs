//! Hashes of values as the rules see them: equal hashes are candidates for being the same.

use super::number::Decimal;
use super::tree::{Id, Tree, Type};
use crate::compare::Standing;
use crate::compare::hashing::{bytes, mix};
use crate::compare::ruled::Ruled;
use crate::pair::{Pair, Side};

/// Hashes nodes of both documents, containers once.
pub(super) struct Hasher<'t, 'a> {
    trees: Pair<&'t Tree<'a>>,
    ruled: &'t Ruled<'t>,
    standing: &'t Standing,
    /// The hashes of containers, by id; 0 where there is none yet.
    known: Pair<Vec<u64>>,
}

impl<'t, 'a> Hasher<'t, 'a> {
    pub(super) fn new(
        trees: Pair<&'t Tree<'a>>,
        ruled: &'t Ruled<'t>,
        standing: &'t Standing,
    ) -> Self {
        let known = Pair::default();
        Self {
            trees,
            ruled,
            standing,
            known,
        }
    }

    /// The hash of a node's value, key not included.
    pub(super) fn hash(&mut self, side: Side, id: Id) -> u64 {
        let what = self.trees[side].what(id);
        if !matches!(what, Type::Array | Type::Object) {
            return self.scalar(side, id, what);
        }
        let known = self.known[side].get(id as usize).copied();
        if let Some(hash) = known.filter(|hash| *hash != 0) {
            return hash;
        }
        let effects = self.ruled.at(side, id);
        let hash = if effects.ignore {
            0
        } else if effects.pattern.is_some() {
            mix(what as u64, 11)
        } else if what == Type::Object {
            self.object(side, id)
        } else {
            self.array(side, id, effects.unordered || effects.keyed.is_some())
        };
        self.keep(side, id, hash);
        hash
    }

    fn keep(&mut self, side: Side, id: Id, hash: u64) {
        let at = id as usize;
        let known = &mut self.known[side];
        if known.len() <= at {
            // Ids of what was folded come last, one list after the other.
            known.resize((at + 1).max(self.trees[side].len()), 0);
        }
        if let Some(slot) = known.get_mut(at) {
            *slot = hash;
        }
    }

    fn object(&mut self, side: Side, id: Id) -> u64 {
        let tree = self.trees[side];
        let mut sum = 17_u64;
        for child in tree.children(id) {
            if self.ruled.ignored(side, child) {
                continue;
            }
            let key = match self.ruled.renamed(child).filter(|_| side == Side::Old) {
                Some(name) => bytes(name.as_bytes()),
                None => bytes(&tree.key(child)),
            };
            // The order of members does not count: a sum, not a chain.
            sum = sum.wrapping_add(mix(key, self.hash(side, child)));
        }
        mix(sum, 5)
    }

    fn array(&mut self, side: Side, id: Id, unordered: bool) -> u64 {
        let tree = self.trees[side];
        let mut sum = 19_u64;
        for child in tree.children(id) {
            let hash = mix(self.hash(side, child), 23);
            sum = if unordered {
                sum.wrapping_add(hash)
            } else {
                mix(sum, hash)
            };
        }
        mix(sum, 7)
    }

    fn scalar(&self, side: Side, id: Id, what: Type) -> u64 {
        let effects = self.ruled.at(side, id);
        if effects.ignore {
            return 0;
        }
        // Whatever these rules allow is looked at when the two nodes are compared.
        if effects.is_vague() {
            return mix(what as u64, 13);
        }
        let tree = self.trees[side];
        match what {
            Type::Text => {
                let mut text = tree.shown(id);
                if !effects.rewrite.is_empty() {
                    text = effects.rewritten(&text).into();
                }
                if self.standing.is_empty() {
                    mix(bytes(text.as_bytes()), 29)
                } else {
                    mix(bytes(self.standing.canonical(side, &text).as_bytes()), 29)
                }
            }
            Type::Number => match Decimal::read(tree.raw(id)) {
                Some(decimal) => mix(decimal.hash(), 31),
                None => mix(bytes(tree.raw(id).as_bytes()), 31),
            },
            _ => mix(bytes(tree.raw(id).as_bytes()), 37),
        }
    }

    /// The hashes of all leaves below a node, each with its names on the way (`named`): what two
    /// elements share of them is how alike they are.
    pub(super) fn leaves(&mut self, side: Side, id: Id, named: bool) -> Vec<u64> {
        let mut leaves = Vec::new();
        self.collect(side, id, named.then_some(1), &mut leaves);
        leaves.sort_unstable();
        leaves
    }

    fn collect(&mut self, side: Side, id: Id, way: Option<u64>, leaves: &mut Vec<u64>) {
        let tree = self.trees[side];
        let children: Vec<Id> = tree.children(id).collect();
        if children.is_empty() {
            let hash = self.hash(side, id);
            leaves.push(mix(way.unwrap_or(0), hash));
        }
        for child in children {
            if !self.ruled.ignored(side, child) {
                let way = way.map(|way| mix(way, bytes(&tree.key(child))));
                self.collect(side, child, way, leaves);
            }
        }
    }
}
