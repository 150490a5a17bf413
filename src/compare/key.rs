//! Matching the elements of a list by a key: a declared one, or one that is found.

use std::collections::HashMap;

use super::align::{Id, Lists};
use crate::pair::{Pair, Side};

/// Names that are keys more often than others, best first.
const LIKELY: [&str; 10] = [
    "id", "key", "uuid", "code", "sku", "name", "slug", "href", "url", "number",
];

type Pairs = Vec<(usize, usize)>;

/// Pairs elements by declared fields.
///
/// # Errors
/// Which side has an element without the key, or two with one.
pub(super) fn by_fields(
    docs: &mut impl Lists,
    lists: &Pair<Vec<Id>>,
    fields: &[String],
) -> Result<Pairs, String> {
    let mut keys = Pair::<HashMap<u64, usize>>::default();
    for side in Side::BOTH {
        for (at, id) in lists[side].iter().enumerate() {
            let Some(key) = docs.key_of(side, *id, fields) else {
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

/// Finds a field that is a scalar in every element, has no value twice on a side, and is mostly
/// shared by both; and pairs the elements by it.
pub(super) fn inferred(docs: &mut impl Lists, lists: &Pair<Vec<Id>>) -> Option<(String, Pairs)> {
    if lists.old.len().min(lists.new.len()) < 2 {
        return None;
    }
    let mut names = docs.candidates(lists);
    names.sort_by_key(|name| rank(name).unwrap_or(LIKELY.len()));
    let mut best: Option<(String, Pairs)> = None;
    for name in names {
        let Ok(pairs) = by_fields(docs, lists, std::slice::from_ref(&name)) else {
            continue;
        };
        // Mostly shared: four of five, of the shorter list.
        let enough = pairs.len() * 5 >= lists.old.len().min(lists.new.len()) * 4;
        let better = best
            .as_ref()
            .is_none_or(|(_, known)| pairs.len() > known.len());
        if enough && rank(&name).is_some() {
            return Some((name, pairs));
        }
        if enough && better {
            best = Some((name, pairs));
        }
    }
    best
}

/// How likely a name is one of a key; the sign of an attribute aside.
fn rank(name: &str) -> Option<usize> {
    let name = name.trim_start_matches('@').to_lowercase();
    LIKELY.iter().position(|likely| *likely == name)
}
