//! The children of an element: aligned before they are compared, so that one inserted element is one
//! difference.

use std::collections::{HashMap, HashSet};

use super::diff::{Diff, Moved};
use super::path::write;
use super::tree::{Id, What};
use crate::compare::align::{Alignment, Bond, Lists, align};
use crate::compare::hashing::mix;
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
        let tree = self.trees[side];
        tree.has_elements(id) || tree.attributes(id).next().is_some()
    }

    fn bond(&self, ids: Pair<Id>) -> Bond {
        if self.called(Side::Old, ids.old) != self.called(Side::New, ids.new) {
            Bond::None
        } else if self.holds(Side::Old, ids.old) && self.holds(Side::New, ids.new) {
            Bond::Content
        } else {
            Bond::Place
        }
    }

    fn same_text(&self, _: Pair<Id>) -> bool {
        // Prefixes may stand for something else on the other side.
        false
    }

    /// The hash of the attributes (`@sku`) and child elements (`sku`) that make the key.
    fn key_of(&mut self, side: Side, id: Id, fields: &[String]) -> Option<u64> {
        let tree = self.trees[side];
        let mut hash = 3;
        for field in fields {
            let (what, name) = match field.strip_prefix('@') {
                Some(name) => (What::Attribute, name),
                None => (What::Element, field.as_str()),
            };
            let mut below = tree.attributes(id).chain(tree.children(id));
            let field = below.find(|id| self.called(side, *id) == (what, name))?;
            if tree.has_elements(field) {
                return None;
            }
            hash = mix(hash, self.hasher.content(side, field));
        }
        Some(hash)
    }

    /// The attributes and the elements without elements of elements that are all called the same.
    fn candidates(&self, lists: &Pair<Vec<Id>>) -> Vec<String> {
        let Some(first) = lists.new.first().map(|id| self.called(Side::New, *id)) else {
            return Vec::new();
        };
        let alike = Side::BOTH.into_iter().all(|side| {
            let mut ids = lists[side].iter();
            ids.all(|id| self.called(side, *id) == first)
        });
        let alike = alike && first.0 == What::Element;
        let Some(element) = lists.new.first().filter(|_| alike) else {
            return Vec::new();
        };
        let tree = self.trees.new;
        let mut fields: Vec<String> = Vec::new();
        for id in tree.attributes(*element).chain(tree.children(*element)) {
            let node = tree.node(id);
            if self.ruled.at(Side::New, id).is_vague() || tree.has_elements(id) {
                continue;
            }
            let field = match node.what {
                What::Attribute => format!("@{}", node.name),
                What::Element if node.position.is_none() => node.name.to_owned(),
                What::Element | What::Text => continue,
            };
            fields.push(field);
        }
        fields
    }

    /// Elements that stand once on each side are one field, whatever is in them.
    fn namesakes(&self, lists: &Pair<Vec<Id>>, alignment: &Alignment) -> Vec<(usize, usize)> {
        let once = Pair::of(|side| {
            let mut at: HashMap<(What, &str), Option<usize>> = HashMap::new();
            for (index, id) in lists[side].iter().enumerate() {
                let first = |known: &mut Option<usize>| *known = None;
                at.entry(self.called(side, *id))
                    .and_modify(first)
                    .or_insert(Some(index));
            }
            at
        });
        let free = Pair::of(|side| {
            let alone = alignment.alone(side, lists[side].len());
            alone.into_iter().collect::<HashSet<usize>>()
        });
        let partner = |(name, old): (&(What, &str), &Option<usize>)| {
            let (old, new) = ((*old)?, (*once.new.get(name)?)?);
            (free.old.contains(&old) && free.new.contains(&new)).then_some((old, new))
        };
        once.old.iter().filter_map(partner).collect()
    }
}

impl<'t> Diff<'t, '_> {
    /// What a node is called on the new side.
    fn called(&self, side: Side, id: Id) -> (What, &str) {
        let node = self.trees[side].node(id);
        (node.what, self.ruled.name(side, id, node.name))
    }

    pub(super) fn children(
        &mut self,
        ids: Pair<Id>,
        effects: &Effects<'_>,
        moved: Option<Moved<'t>>,
    ) {
        let lists = Pair::of(|side| {
            let all = self.trees[side].children(ids[side]);
            let counts = |id: &Id| !self.ruled.ignored(side, *id);
            all.filter(counts).collect::<Vec<Id>>()
        });
        let alignment = align(self, &lists, effects);
        let path = write(self.trees.old, ids.old);
        if let (Some(why), Some(fields)) = (&alignment.no_key, effects.keyed) {
            self.found.no_keys.push(words::no_key(&path, fields, why));
        }
        let free = effects.unordered || effects.keyed.is_some();
        if !free && !alignment.in_order() {
            self.reordered(ids, &path, alignment.moved());
        }
        self.found
            .hints
            .extend(alignment.key_to_pin(&path, effects));
        for (o, n) in &alignment.pairs {
            if let (Some(old), Some(new)) = (lists.old.get(*o), lists.new.get(*n)) {
                self.visit(*old, *new, moved);
            }
        }
        let alone = Pair::of(|side| {
            let alone = alignment.alone(side, lists[side].len());
            let ids = alone.iter().filter_map(|at| lists[side].get(*at));
            ids.copied().collect::<Vec<Id>>()
        });
        for id in &alone.old {
            self.missing(*id, ids, &alone);
            self.gave_up(&alignment);
        }
        for id in &alone.new {
            self.extra(*id, ids);
            self.gave_up(&alignment);
        }
    }

    fn gave_up(&mut self, alignment: &Alignment) {
        if let Some(last) = self
            .found
            .differences
            .last_mut()
            .filter(|_| alignment.gave_up)
        {
            words::say_gave_up(last);
        }
    }

    fn reordered(&mut self, ids: Pair<Id>, path: &str, moved: usize) {
        let explain = words::REORDERED.to_owned();
        self.push(Kind::Order, Severity::Breaking, explain, ids);
        if let Some(last) = self.found.differences.last_mut() {
            let rule = words::unordered_rule(path);
            last.detail.insert("moved".to_owned(), moved.into());
            last.advice = Some(format!("if the order means nothing: compare: {{ {rule} }}"));
        }
    }

    /// An element or text that only the old side has.
    fn missing(&mut self, id: Id, parents: Pair<Id>, alone: &Pair<Vec<Id>>) {
        let (severity, explain) = if self.trees.old.is_nil(id) {
            (
                Severity::Risky,
                "an empty element (xsi:nil) is gone: clients that tell the two apart act otherwise",
            )
        } else {
            (
                Severity::Breaking,
                "an element is gone: clients that read it find nothing",
            )
        };
        self.lone(
            Side::Old,
            id,
            parents,
            (Kind::MissingElement, severity),
            explain,
        );
        // One gone, one new, one content: most likely it was renamed.
        if let ([_], [twin]) = (alone.old.as_slice(), alone.new.as_slice())
            && self.called(Side::New, *twin).0 == What::Element
            && self.hasher.content(Side::Old, id) == self.hasher.content(Side::New, *twin)
            && let Some(last) = self.found.differences.last_mut()
        {
            let rule = format!(
                "rename: {{ \"{}\": \"{}\" }}",
                last.path,
                write(self.trees.new, *twin)
            );
            last.advice = Some(format!(
                "it seems to have a new name; if this is meant: compare: {{ {rule} }}"
            ));
        }
    }

    /// An element or text that only the new side has.
    fn extra(&mut self, id: Id, parents: Pair<Id>) {
        let mut known = self.trees.old.children(parents.old);
        let called = self.called(Side::New, id);
        let (severity, explain) = if known.any(|old| self.called(Side::Old, old) == called) {
            (
                Severity::Breaking,
                "an element more of its name: clients that count or trust the list act otherwise",
            )
        } else {
            (
                Severity::Risky,
                "a new element: clients that refuse unknown elements fail on it",
            )
        };
        self.lone(
            Side::New,
            id,
            parents,
            (Kind::ExtraElement, severity),
            explain,
        );
    }
}
