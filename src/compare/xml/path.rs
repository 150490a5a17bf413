//! Paths of XML nodes: writing them, and finding the nodes that an XPath names.

use super::tree::{Id, ROOT, Tree, What};
use crate::xml::{Filter, Step, Test, XPath};

/// The path of a node: local names, and positions where there are several of a name.
pub(super) fn write(tree: &Tree<'_>, id: Id) -> String {
    let above = tree.node(id).parent.map(|parent| write(tree, parent));
    below(&above.unwrap_or_default(), tree, id)
}

/// The path of a node as if it stood at this one.
pub(super) fn below(parent: &str, tree: &Tree<'_>, id: Id) -> String {
    let node = tree.node(id);
    let name = match node.what {
        What::Element => node.name.to_owned(),
        What::Attribute => format!("@{}", node.name),
        What::Text => "text()".to_owned(),
    };
    match node.position {
        Some(position) => format!("{parent}/{name}[{position}]"),
        None => format!("{parent}/{name}"),
    }
}

/// The nodes that a path names, in document order.
pub(super) fn find(tree: &Tree<'_>, path: &XPath) -> Vec<Id> {
    // `None` is the document, which is above its root.
    let mut found: Vec<Option<Id>> = vec![None];
    for step in &path.steps {
        let mut next: Vec<Option<Id>> = Vec::new();
        for from in parents(tree, &found, step.deep) {
            next.extend(take(tree, from, step).into_iter().map(Some));
        }
        next.sort_unstable();
        next.dedup();
        found = next;
    }
    found.into_iter().flatten().collect()
}

/// The nodes whose children a step looks at.
fn parents(tree: &Tree<'_>, found: &[Option<Id>], deep: bool) -> Vec<Option<Id>> {
    if !deep {
        return found.to_vec();
    }
    let mut all: Vec<Option<Id>> = Vec::new();
    let mut covered = None;
    for from in found {
        let (first, end) = match from {
            None => {
                all.push(None);
                (ROOT, tree.node(ROOT).next)
            }
            Some(id) => (*id, tree.node(*id).next),
        };
        // What stands below one that was walked already was walked with it.
        let start = covered.map_or(first, |covered: Id| covered.max(first));
        let elements = (start..end).filter(|id| tree.node(*id).what == What::Element);
        all.extend(elements.map(Some));
        covered = Some(covered.map_or(end, |covered| covered.max(end)));
    }
    all
}

/// What a step takes of one parent's children and attributes.
fn take(tree: &Tree<'_>, from: Option<Id>, step: &Step) -> Vec<Id> {
    let mut taken: Vec<Id> = match (from, &step.test) {
        (None, Test::Element(_) | Test::AnyElement) => vec![ROOT],
        (None, _) => Vec::new(),
        (Some(id), Test::Attribute(_) | Test::AnyAttribute) => tree.attributes(id).collect(),
        (Some(id), _) => tree.children(id).collect(),
    };
    taken.retain(|id| {
        let node = tree.node(*id);
        match &step.test {
            Test::Element(name) => node.what == What::Element && name.fits(node.uri, node.name),
            Test::AnyElement => node.what == What::Element,
            Test::Attribute(name) => name.fits(node.uri, node.name),
            Test::AnyAttribute => true,
            Test::Text => node.what == What::Text,
        }
    });
    for filter in &step.filters {
        match filter {
            Filter::Position(position) => {
                taken = taken.get(position - 1).copied().into_iter().collect();
            }
            Filter::Attribute(name, value) => taken.retain(|id| {
                tree.attributes(*id).any(|id| {
                    let node = tree.node(id);
                    name.fits(node.uri, node.name) && node.value == value.as_str()
                })
            }),
        }
    }
    taken
}
