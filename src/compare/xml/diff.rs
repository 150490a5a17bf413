//! Walks two documents side by side and says where they differ.

use std::collections::HashSet;

use super::hash::Hasher;
use super::path::{below, write};
use super::tree::{Id, ROOT, Tree, What};
use crate::compare::ruled::Ruled;
use crate::compare::rules::Effects;
use crate::compare::{Comparison, Pattern, Standing, same_number, scalar, words};
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// The walk.
pub(super) struct Diff<'t, 'a> {
    pub(super) trees: Pair<&'t Tree<'a>>,
    pub(super) ruled: &'t Ruled<'t>,
    pub(super) standing: &'t Standing,
    pub(super) hasher: Hasher<'t, 'a>,
    pub(super) found: &'t mut Comparison,
    /// Whether the new document carries the old host anywhere.
    leaky: bool,
    /// The namespaces of each document's elements.
    uris: Pair<HashSet<&'t str>>,
    /// Namespaces that became another in the whole document, and were said.
    renamed: HashSet<Moved<'t>>,
}

/// A namespace that became another.
pub(super) type Moved<'t> = (&'t str, &'t str);

impl<'t, 'a> Diff<'t, 'a> {
    pub(super) fn new(
        trees: Pair<&'t Tree<'a>>,
        ruled: &'t Ruled<'t>,
        standing: &'t Standing,
        found: &'t mut Comparison,
    ) -> Self {
        let new = trees.new;
        let mut values = new.nodes.iter().map(|node| node.value.as_bytes());
        Self {
            leaky: values.any(|value| standing.leaked(value).is_some()),
            hasher: Hasher::new(trees, ruled, standing),
            uris: trees.map(super::namespaces),
            renamed: HashSet::new(),
            trees,
            ruled,
            standing,
            found,
        }
    }

    /// Compares the whole documents.
    pub(super) fn run(&mut self) {
        let names = Pair::of(|side| {
            let own = self.trees[side].node(ROOT).name;
            self.ruled.name(side, ROOT, own)
        });
        if names.old == names.new {
            self.visit(ROOT, ROOT, None);
        } else {
            let explain = format!(
                "the root element `{}` became `{}`: clients fail to decode the document",
                names.old, names.new
            );
            self.push(Kind::Type, Severity::Breaking, explain, Pair::both(ROOT));
            self.leaks_below(ROOT);
        }
        self.instructions();
    }

    /// Compares two nodes of one sort; `above` is what became of their parents' namespace.
    pub(super) fn visit(&mut self, old: Id, new: Id, above: Option<Moved<'t>>) {
        let ids = Pair::new(old, new);
        let effects = self.ruled.between(old, new);
        if effects.ignore {
            return;
        }
        if let Some((rule, name)) = self.ruled.rename(old)
            && name == self.trees.new.node(new).name
            && name != self.trees.old.node(old).name
        {
            self.found.used.add(rule);
        }
        let moved = self.namespace(ids, above);
        let any = effects.pattern.is_some_and(Pattern::is_any);
        if any {
            return;
        }
        if self.trees.old.node(old).what != What::Element {
            self.value(ids, ids.map(Some), &effects);
            return;
        }
        self.attributes(ids, moved);
        let holds = Pair::of(|side| self.trees[side].has_elements(ids[side]));
        let texts = Pair::of(|side| self.trees[side].only_text(ids[side]));
        match (holds.old, holds.new) {
            (false, false) => {
                let mut effects = effects;
                for side in Side::BOTH {
                    if let Some(id) = texts[side] {
                        self.ruled.extend(side, id, &mut effects);
                    }
                }
                if !effects.ignore {
                    self.value(ids, texts, &effects);
                }
            }
            (true, false) if texts.new.is_some() => self.retyped(ids, "elements became a text"),
            (false, true) if texts.old.is_some() => self.retyped(ids, "a text became elements"),
            _ => self.children(ids, &effects, moved),
        }
    }

    fn retyped(&mut self, ids: Pair<Id>, what: &str) {
        let explain = format!("{what}: {}", words::retyped(false, false));
        self.push(Kind::Type, Severity::Breaking, explain, ids);
        self.leaks_below(ids.new);
    }

    /// Says that the namespace of two nodes is another, once where all of it became the other.
    fn namespace(&mut self, ids: Pair<Id>, above: Option<Moved<'t>>) -> Option<Moved<'t>> {
        let uris: Pair<&'t str> = Pair::of(|side| self.trees[side].node(ids[side]).uri);
        let moved = (uris.old, uris.new);
        if uris.old == uris.new || above == Some(moved) {
            return above;
        }
        let canonical = uris.map_sides(|side, uri| self.standing.canonical(side, uri));
        let everywhere = !self.uris.new.contains(uris.old) && !self.uris.old.contains(uris.new);
        if canonical.old == canonical.new || (everywhere && !self.renamed.insert(moved)) {
            return Some(moved);
        }
        let explain =
            "the namespace is another: clients that look for the name in the old one find nothing";
        self.push(Kind::Type, Severity::Breaking, explain.to_owned(), ids);
        if let Some(last) = self.found.differences.last_mut() {
            let shown = uris.map(|uri| {
                if uri.is_empty() {
                    Observed::Absent
                } else {
                    Observed::text(uri)
                }
            });
            (last.old, last.new) = (shown.old, shown.new);
        }
        Some(moved)
    }

    fn attributes(&mut self, ids: Pair<Id>, above: Option<Moved<'t>>) {
        let lists = Pair::of(|side| {
            let all = self.trees[side].attributes(ids[side]);
            let counts = |id: &Id| !self.ruled.ignored(side, *id);
            all.filter(counts).collect::<Vec<Id>>()
        });
        let mut left = lists.new;
        let mut gone = Vec::new();
        // First those of one namespace, then those of one name only.
        for old in lists.old {
            match left
                .iter()
                .position(|new| self.same_attribute(old, *new, true))
            {
                Some(at) => self.visit(old, left.remove(at), above),
                None => gone.push(old),
            }
        }
        for old in gone {
            match left
                .iter()
                .position(|new| self.same_attribute(old, *new, false))
            {
                Some(at) => self.visit(old, left.remove(at), above),
                None => {
                    let explain = "the attribute is gone: clients that read it find nothing";
                    self.lone(
                        Side::Old,
                        old,
                        ids,
                        (Kind::Removed, Severity::Breaking),
                        explain,
                    );
                }
            }
        }
        for new in left {
            let explain = "a new attribute: clients that refuse unknown attributes fail on it";
            self.lone(Side::New, new, ids, (Kind::Added, Severity::Risky), explain);
        }
    }

    fn same_attribute(&self, old: Id, new: Id, strict: bool) -> bool {
        let (old_node, new_node) = (self.trees.old.node(old), self.trees.new.node(new));
        let name = self.ruled.name(Side::Old, old, old_node.name);
        name == new_node.name && (!strict || old_node.uri == new_node.uri)
    }

    /// Compares two texts; `ids` are the nodes that are said to differ, `values` hold them.
    fn value(&mut self, ids: Pair<Id>, values: Pair<Option<Id>>, effects: &Effects<'_>) {
        let nodes = Pair::of(|side| values[side].map(|id| self.trees[side].node(id)));
        let texts = nodes.map(|node| node.map_or("", |node| node.value.as_ref()));
        let names = nodes.map(|node| node.and_then(|node| node.qname.as_ref()));
        if names.old.is_some() && names.old == names.new {
            return;
        }
        if texts.old == texts.new && !self.leaky {
            let meant = values.new.is_some_and(|id| self.trees.new.is_qname(id));
            if meant && names.old != names.new {
                let explain = "the prefix in the value stands for another namespace: typed clients fail to decode it";
                self.push(Kind::Value, Severity::Breaking, explain.to_owned(), ids);
            }
            return;
        }
        let path = write(self.trees.old, ids.old);
        let said = scalar::compare(texts, effects, self.standing, &path, self.found);
        let Some((mut kind, mut explain)) = said else {
            return;
        };
        let mut severity = Severity::Breaking;
        if kind == Kind::Value && effects.pattern.is_none() && one_number(texts) {
            (kind, severity) = (Kind::Format, Severity::Risky);
            "the same number with other digits: clients that take it for a text get another one"
                .clone_into(&mut explain);
        }
        self.push(kind, severity, explain, ids);
        let host = self.standing.leaked(texts.new.as_bytes());
        if let Some(last) = self.found.differences.last_mut() {
            (last.old, last.new) = (Observed::text(texts.old), Observed::text(texts.new));
            match (kind, host) {
                (Kind::HostLeak, Some(host)) => {
                    last.detail.insert("host".to_owned(), host.into());
                }
                (Kind::Value, _) => {
                    let rule = words::number_advice(texts).or_else(|| words::text_advice(texts));
                    last.advice = rule.map(|rule| words::if_meant(&last.path, &rule));
                }
                _ => {}
            }
        }
    }

    /// Says what only one side has, `parents` being where it stands or would stand.
    pub(super) fn lone(
        &mut self,
        side: Side,
        id: Id,
        parents: Pair<Id>,
        (kind, severity): (Kind, Severity),
        explain: &str,
    ) {
        let tree = self.trees[side];
        let paths = Pair::of(|at| below(&write(self.trees[at], parents[at]), tree, id));
        let node = tree.node(id);
        let text = if node.what == What::Element {
            tree.raw(id)
        } else {
            &node.value
        };
        let shown = Pair::of(|at| {
            if at == side {
                Observed::text(text)
            } else {
                Observed::Absent
            }
        });
        self.found.differences.push(
            Difference::new(Where::Body, paths.old, kind, severity, explain)
                .new_path(paths.new)
                .showing(shown.old, shown.new),
        );
        if side == Side::New {
            self.leaks_below(id);
        }
    }

    /// Says every leak in what only the new side has.
    fn leaks_below(&mut self, id: Id) {
        if !self.leaky {
            return;
        }
        let tree = self.trees.new;
        for id in id..tree.node(id).next {
            let node = tree.node(id);
            let Some(host) = self.standing.leaked(node.value.as_bytes()) else {
                continue;
            };
            let parent = node
                .parent
                .filter(|parent| tree.only_text(*parent) == Some(id));
            let path = write(tree, parent.unwrap_or(id));
            let explain = words::host_leak(host);
            let leak = Difference::new(
                Where::Body,
                path,
                Kind::HostLeak,
                Severity::Breaking,
                explain,
            )
            .showing(Observed::Absent, Observed::text(&node.value))
            .detail("host", host);
            self.found.differences.push(leak);
        }
    }

    /// Compares the processing instructions, wherever they stand.
    fn instructions(&mut self) {
        let mut lists = self.trees.map(|tree| tree.instructions.clone());
        for side in Side::BOTH {
            lists[side].sort_unstable();
        }
        if lists.old == lists.new {
            return;
        }
        lists = Pair::of(|side| without(&lists[side], &lists[side.other()]));
        let mut say = |kind, target: &str, old: Observed, new: Observed| {
            let path = format!("processing-instruction({target})");
            let explain = "a processing instruction is another: clients that act on it, as browsers do, act otherwise";
            let difference = Difference::new(Where::Body, path, kind, Severity::Risky, explain);
            self.found.differences.push(difference.showing(old, new));
        };
        for (target, old) in lists.old {
            match lists.new.iter().position(|(name, _)| *name == target) {
                Some(at) => {
                    let (_, new) = lists.new.remove(at);
                    say(
                        Kind::Value,
                        target,
                        Observed::text(old),
                        Observed::text(new),
                    );
                }
                None => say(Kind::Removed, target, Observed::text(old), Observed::Absent),
            }
        }
        for (target, new) in lists.new {
            say(Kind::Added, target, Observed::Absent, Observed::text(new));
        }
    }

    /// Adds a difference of two nodes.
    pub(super) fn push(&mut self, kind: Kind, severity: Severity, explain: String, ids: Pair<Id>) {
        let paths = Pair::of(|side| write(self.trees[side], ids[side]));
        let shown = Pair::of(|side| Observed::text(self.trees[side].raw(ids[side])));
        self.found.differences.push(
            Difference::new(Where::Body, paths.old, kind, severity, explain)
                .new_path(paths.new)
                .showing(shown.old, shown.new),
        );
    }
}

/// What the first of two sorted lists has and the second has not.
fn without<T: Ord + Copy>(list: &[T], other: &[T]) -> Vec<T> {
    let mut other = other.iter().peekable();
    let alone = |item: &&T| {
        while other.next_if(|other| *other < *item).is_some() {}
        other.next_if(|other| other == item).is_none()
    };
    list.iter().filter(alone).copied().collect()
}

/// Whether two texts are one number in other digits, as far as a text without a type tells:
/// `007` and `1e3` may well be names.
fn one_number(texts: Pair<&str>) -> bool {
    let plain = |text: &str| {
        let digits = text.trim_start_matches('-');
        let whole = digits.split('.').next().unwrap_or_default();
        let sound = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        sound && !whole.is_empty() && (whole == "0" || !whole.starts_with('0'))
    };
    plain(texts.old) && plain(texts.new) && same_number(texts.old, texts.new)
}
