//! Matching the elements of an array by a key: a declared one, or one that is found.

use std::collections::{HashMap, HashSet};

use super::diff::Diff;
use super::tree::{Id, Type};
use crate::pair::{Pair, Side};

/// Names that are keys more often than others, best first.
const LIKELY: [&str; 10] = [
    "id", "key", "uuid", "code", "sku", "name", "slug", "href", "url", "number",
];

type Pairs = Vec<(usize, usize)>;

/// Pairs elements by declared members.
///
/// # Errors
/// Which side has an element without the key, or two with one.
pub(super) fn by_fields(
    diff: &mut Diff<'_, '_>,
    lists: &Pair<Vec<Id>>,
    fields: &[String],
) -> Result<Pairs, String> {
    let mut keys = Pair::<HashMap<u64, usize>>::default();
    for side in Side::BOTH {
        for (at, id) in lists[side].iter().enumerate() {
            let Some(key) = diff.key_of(side, *id, fields) else {
                return Err(format!("element {at} of the {side} side lacks it"));
            };
            if let Some(first) = keys[side].insert(key, at) {
                return Err(format!(
                    "elements {first} and {at} of the {side} side have the same"
                ));
            }
        }
    }
    Ok(join(&keys))
}

fn join(keys: &Pair<HashMap<u64, usize>>) -> Pairs {
    let mut pairs: Pairs = keys
        .old
        .iter()
        .filter_map(|(key, old)| keys.new.get(key).map(|new| (*old, *new)))
        .collect();
    pairs.sort_unstable();
    pairs
}

/// Finds a member that is a scalar in every element, has no value twice on a side, and is mostly
/// shared by both; and pairs the elements by it.
pub(super) fn inferred(diff: &mut Diff<'_, '_>, lists: &Pair<Vec<Id>>) -> Option<(String, Pairs)> {
    if lists.old.len().min(lists.new.len()) < 2 {
        return None;
    }
    let objects = Side::BOTH.into_iter().all(|side| {
        let tree = diff.trees[side];
        lists[side].iter().all(|id| tree.what(*id) == Type::Object)
    });
    let first = *lists.new.first().filter(|_| objects)?;
    let mut best: Option<(String, Pairs)> = None;
    for name in candidates(diff, first) {
        let Ok(pairs) = by_fields(diff, lists, std::slice::from_ref(&name)) else {
            continue;
        };
        // Mostly shared: four of five, of the shorter list.
        let enough = pairs.len() * 5 >= lists.old.len().min(lists.new.len()) * 4;
        let likely = LIKELY.contains(&name.to_lowercase().as_str());
        let better = best
            .as_ref()
            .is_none_or(|(_, known)| pairs.len() > known.len());
        if enough && likely {
            return Some((name, pairs));
        }
        if enough && better {
            best = Some((name, pairs));
        }
    }
    best
}

/// The scalar members of an element that say which one it is, likely names first.
fn candidates(diff: &Diff<'_, '_>, element: Id) -> Vec<String> {
    let tree = diff.trees.new;
    let mut seen = HashSet::new();
    let mut names: Vec<String> = Vec::new();
    for child in tree.children(element) {
        let effects = diff.ruled.at(Side::New, child);
        let vague = effects.ignore
            || effects.bind
            || effects.pattern.is_some()
            || effects.tolerance.is_some();
        if vague || !matches!(tree.what(child), Type::Number | Type::Text) {
            continue;
        }
        if let Ok(name) = String::from_utf8(tree.key(child).into_owned())
            && seen.insert(name.clone())
        {
            names.push(name);
        }
    }
    let rank = |name: &String| {
        LIKELY
            .iter()
            .position(|likely| *likely == name.to_lowercase())
    };
    names.sort_by_key(|name| rank(name).unwrap_or(LIKELY.len()));
    names
}
