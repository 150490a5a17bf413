//! Matching the elements of a list by a key: a declared one, or one that is found.

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
    let mut sorted = Pair::<Vec<(u64, usize)>>::default();
    for side in Side::BOTH {
        let mut keys = Vec::with_capacity(lists[side].len());
        for (at, id) in lists[side].iter().enumerate() {
            let Some(key) = docs.key_of(side, *id, fields) else {
                return Err(format!("element {at} of the {side} side lacks it"));
            };
            keys.push((key, at));
        }
        // Sorted keys are read from end to end: a map of many jumps about in memory.
        keys.sort_unstable();
        if let Some((first, at)) = twice(&keys) {
            return Err(format!(
                "elements {first} and {at} of the {side} side have the same"
            ));
        }
        sorted[side] = keys;
    }
    Ok(joined(&sorted, lists.old.len()))
}

/// The first element (`.1`) that has the key of an earlier one (`.0`).
fn twice(sorted: &[(u64, usize)]) -> Option<(usize, usize)> {
    let again = sorted.windows(2).filter_map(|pair| match pair {
        [(key, first), (other, at)] if key == other => Some((*at, *first)),
        _ => None,
    });
    again.min().map(|(at, first)| (first, at))
}

/// The elements with equal keys, in the order of the old list.
fn joined(sorted: &Pair<Vec<(u64, usize)>>, len: usize) -> Pairs {
    let mut partners: Vec<Option<usize>> = vec![None; len];
    let mut news = sorted.new.iter().peekable();
    for (key, old) in &sorted.old {
        while news.next_if(|(other, _)| other < key).is_some() {}
        if let Some((_, new)) = news.next_if(|(other, _)| other == key)
            && let Some(partner) = partners.get_mut(*old)
        {
            *partner = Some(*new);
        }
    }
    let partners = partners.into_iter().enumerate();
    partners
        .filter_map(|(old, new)| Some((old, new?)))
        .collect()
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
