//! XML bodies: by namespace and structure, aligned children, rules by XPath.

mod children;
mod diff;
mod hash;
mod path;
mod tree;

use std::borrow::Cow;
use std::collections::HashSet;

use roxmltree::Document;

use diff::Diff;
use tree::{Tree, What};

use super::ruled::Ruled;
use super::{Comparison, Effect, Rules, Standing, Uses};
use crate::locator::Place;
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::xml::{NotXml, XPath, decode, parse};

/// Whether the body of an answer is XML.
pub(super) fn check(answer: &Response) -> bool {
    read(answer).is_ok_and(|text| parse(&text).is_ok())
}

fn read(answer: &Response) -> Result<Cow<'_, str>, NotXml> {
    decode(&answer.body, answer.charset().as_deref())
}

/// Compares two XML bodies.
///
/// # Errors
/// For each side why its body is no XML, when one of them is none; then nothing was compared.
pub(super) fn compare(
    answers: Pair<&Response>,
    rules: &Rules,
    standing: &Standing,
    found: &mut Comparison,
) -> Result<(), Pair<Option<NotXml>>> {
    let texts = whole(answers.map(read))?;
    let documents = whole(texts.as_ref().map(|text| parse(text)))?;
    let trees = documents.as_ref().map(Tree::read);
    let trees = trees.as_ref();
    let located = locate(trees, rules, &mut found.used);
    if !rules.binds() {
        Diff::new(trees, &located, standing, found).run();
        return Ok(());
    }
    // A first walk ties the values that `bind` names; what it finds otherwise is dropped.
    let mut first = Comparison::default();
    Diff::new(trees, &located, standing, &mut first).run();
    let mut standing = standing.clone();
    for (place, values) in &first.born {
        standing.born(values.as_ref().map(String::as_str), place);
    }
    Diff::new(trees, &located, &standing, found).run();
    Ok(())
}

fn whole<T>(sides: Pair<Result<T, NotXml>>) -> Result<Pair<T>, Pair<Option<NotXml>>> {
    match (sides.old, sides.new) {
        (Ok(old), Ok(new)) => Ok(Pair::new(old, new)),
        (old, new) => Err(Pair::new(old.err(), new.err())),
    }
}

/// Counts the rules that name a place in a body, where there is nothing to compare.
pub(super) fn count_used(answer: &Response, rules: &Rules, found: &mut Comparison) {
    if rules.has_xml()
        && let Ok(text) = read(answer)
        && let Ok(document) = parse(&text)
    {
        let tree = Tree::read(&document);
        locate(Pair::both(&tree), rules, &mut found.used);
    }
}

/// Finds the nodes that the rules name; a rule that names one is used, unless it has to change it. What no
/// node of the new side is called is the new name of nothing: the old one holds then.
fn locate<'r>(trees: Pair<&Tree<'_>>, rules: &'r Rules, used: &mut Uses) -> Ruled<'r> {
    let mut located = Ruled::default();
    let mut named = Pair::<Uses>::default();
    for side in Side::BOTH {
        for rule in rules.iter().filter(|rule| rule.effect.is_about(side)) {
            let Place::XPath(path) = rule.place.place() else {
                continue;
            };
            if let Effect::Rename(name) = &rule.effect
                && !trees.new.nodes.iter().any(|node| node.name == name)
            {
                continue;
            }
            for id in path::find(trees[side], path) {
                if !rule.effect.must_change() {
                    named[side].add(&rule.id);
                }
                located.add(side, id, rule);
            }
        }
    }
    used.extend_with_either(named);
    located
}

/// The namespaces of a document's elements.
fn namespaces<'t>(tree: &'t Tree<'_>) -> HashSet<&'t str> {
    let elements = tree.nodes.iter().filter(|node| node.what == What::Element);
    elements.map(|node| node.uri).collect()
}

/// The texts of the nodes that a path names in the body of an answer, in document order.
///
/// # Errors
/// Why the body is no XML.
pub fn select_xml(answer: &Response, path: &XPath) -> Result<Vec<String>, String> {
    let text = read(answer).map_err(|why| why.to_string())?;
    let document: Document<'_> = parse(&text).map_err(|why| why.to_string())?;
    let tree = Tree::read(&document);
    let found = path::find(&tree, path);
    Ok(found.iter().map(|id| tree.string(*id)).collect())
}

#[cfg(test)]
mod mutations;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
