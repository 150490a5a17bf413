//! Hashes of elements as the rules see them: equal hashes are candidates for being the same.

use std::collections::{HashMap, HashSet};

use super::tree::{Id, Tree, What};
use crate::compare::Standing;
use crate::compare::hashing::{bytes, mix};
use crate::compare::ruled::Ruled;
use crate::compare::rules::Effects;
use crate::pair::{Pair, Side};

/// Hashes nodes of both documents, each once.
pub(super) struct Hasher<'t, 'a> {
    trees: Pair<&'t Tree<'a>>,
    ruled: &'t Ruled<'t>,
    standing: &'t Standing,
    known: Pair<HashMap<Id, u64>>,
    /// Namespaces that both documents have.
    shared: HashSet<&'t str>,
}

impl<'t, 'a> Hasher<'t, 'a> {
    pub(super) fn new(
        trees: Pair<&'t Tree<'a>>,
        ruled: &'t Ruled<'t>,
        standing: &'t Standing,
    ) -> Self {
        let uris = trees.map(super::namespaces);
        Self {
            trees,
            ruled,
            standing,
            known: Pair::default(),
            shared: uris.old.intersection(&uris.new).copied().collect(),
        }
    }

    /// The hash of a node, its name included.
    pub(super) fn hash(&mut self, side: Side, id: Id) -> u64 {
        if let Some(hash) = self.known[side].get(&id) {
            return *hash;
        }
        let hash = mix(self.name(side, id), self.content(side, id));
        self.known[side].insert(id, hash);
        hash
    }

    /// The hash of what a node is called on the new side.
    pub(super) fn name(&self, side: Side, id: Id) -> u64 {
        let node = self.trees[side].node(id);
        // A namespace that only one side has may be the other's under a new name.
        let tells = node.what == What::Element && self.shared.contains(node.uri);
        let uri = if tells { bytes(node.uri.as_bytes()) } else { 1 };
        let name = mix(uri, bytes(self.ruled.name(side, id, node.name).as_bytes()));
        mix(name, node.what as u64)
    }

    /// The hash of what a node holds.
    pub(super) fn content(&mut self, side: Side, id: Id) -> u64 {
        let tree = self.trees[side];
        let effects = self.ruled.at(side, id);
        if effects.is_vague() {
            return 11;
        }
        if tree.node(id).what != What::Element {
            return self.value(side, id, &effects);
        }
        let mut sum = 17_u64;
        for attribute in tree.attributes(id) {
            if !self.ruled.ignored(side, attribute) {
                sum = sum.wrapping_add(self.hash(side, attribute));
            }
        }
        let unordered = effects.unordered || effects.keyed.is_some();
        for child in tree.children(id) {
            if self.ruled.ignored(side, child) {
                continue;
            }
            let leaf = tree.node(child).what == What::Text && !effects.rewrite.is_empty();
            let hash = if leaf {
                self.value(side, child, &effects)
            } else {
                self.hash(side, child)
            };
            sum = if unordered {
                sum.wrapping_add(mix(hash, 23))
            } else {
                mix(sum, hash)
            };
        }
        mix(sum, 7)
    }

    fn value(&self, side: Side, id: Id, effects: &Effects<'_>) -> u64 {
        let node = self.trees[side].node(id);
        if let Some((_, name)) = &node.qname {
            return bytes(name.as_bytes());
        }
        let text = effects.rewritten(&node.value);
        if self.standing.is_empty() {
            bytes(text.as_bytes())
        } else {
            bytes(self.standing.canonical(side, &text).as_bytes())
        }
    }

    /// The sorted hashes of all leaves of a node, each with the names on the way (`named`).
    pub(super) fn leaves(&mut self, side: Side, id: Id, named: bool) -> Vec<u64> {
        let mut leaves = Vec::new();
        self.collect(side, id, named.then_some(1), &mut leaves);
        leaves.sort_unstable();
        leaves
    }

    fn collect(&mut self, side: Side, id: Id, way: Option<u64>, leaves: &mut Vec<u64>) {
        let tree = self.trees[side];
        if self.ruled.ignored(side, id) {
            return;
        }
        // The name alone: an element that left its namespace is still alike.
        let name = self.ruled.name(side, id, tree.node(id).name);
        let way = way.map(|way| mix(way, bytes(name.as_bytes())));
        let ids: Vec<Id> = tree.attributes(id).chain(tree.children(id)).collect();
        if ids.is_empty() {
            let content = self.content(side, id);
            leaves.push(mix(way.unwrap_or(0), content));
        }
        for child in ids {
            self.collect(side, child, way, leaves);
        }
    }
}
