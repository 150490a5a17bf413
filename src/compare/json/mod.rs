//! JSON bodies: exact numbers, aligned arrays, rules by JSONPath.

mod array;
mod diff;
mod dress;
mod hash;
mod members;
mod named;
mod not_json;
mod number;
mod parse;
mod path;
mod renaming;
mod ruled;
mod step;
mod together;
mod tree;

pub(super) use dress::Dress;
pub(super) use not_json::NotJson;
pub(super) use number::Decimal;
pub use number::same as same_number;
pub(super) use path::located;
pub use path::select;

use diff::Diff;
use ruled::{are_narrow, locate};
use tree::Tree;

use super::{Comparison, Rules, Standing};
use crate::pair::Pair;
#[cfg(test)]
use crate::results::Kind;

/// Whether bytes are JSON.
pub(super) fn check(body: &[u8]) -> Result<(), NotJson> {
    parse::check(body)
}

/// Compares two JSON bodies. Gives how they are written otherwise where all values are the same.
///
/// # Errors
/// For each side why its body is no JSON, when one of them is none; then nothing was compared.
pub(super) fn compare(
    bodies: Pair<&[u8]>,
    rules: &Rules,
    standing: &Standing,
    found: &mut Comparison,
) -> Result<Option<Dress>, Pair<Option<NotJson>>> {
    let trees = if are_narrow(rules) {
        together::parse(bodies)?
    } else {
        together::apart(bodies)?
    };
    let before = found.differences.len();
    walk(trees.as_ref(), rules, standing, found);
    let is_same = found.differences.len() == before;
    Ok(is_same.then(|| Dress::of(trees.as_ref())).flatten())
}

/// Compares two documents.
fn walk(trees: Pair<&Tree<'_>>, rules: &Rules, standing: &Standing, found: &mut Comparison) {
    let located = locate(trees, rules, &mut found.used);
    if !rules.binds() {
        Diff::new(trees, &located, standing, found)
            .by_index(rules.by_index)
            .run();
        return;
    }
    // A first walk ties the values that `bind` names; what it finds otherwise is dropped.
    let mut first = Comparison::default();
    Diff::new(trees, &located, standing, &mut first)
        .by_index(rules.by_index)
        .binding()
        .run();
    let mut standing = standing.clone();
    for (place, values) in &first.born {
        standing.born(values.as_ref().map(String::as_str), place);
    }
    Diff::new(trees, &located, &standing, found)
        .by_index(rules.by_index)
        .binding()
        .run();
}

/// Counts the rules that name a place in a body, where there is nothing to compare.
pub(super) fn count_used(body: &[u8], rules: &Rules, found: &mut Comparison) {
    if !rules.has_json() {
        return;
    }
    let tree = if are_narrow(rules) {
        parse::folded(body)
    } else {
        parse::parse(body)
    };
    if let Ok(tree) = tree {
        let mut used = std::mem::take(&mut found.used);
        locate(Pair::new(&tree, &tree), rules, &mut used);
        found.used = used;
    }
}

#[cfg(test)]
mod generated;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod public_suites;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;
