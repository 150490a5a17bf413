//! What can be read of a pair file that has mistakes, so that one run tells all of them.

use std::sync::Arc;

use super::pair_file::PairDoc;
use crate::pair::Side;
use crate::source::{Cx, Decode, Entry, Node, Source, Span, Spanned, Value};

/// How often a file is tried: each time something of it is left out.
const TRIES: usize = 16;

/// The pair without what cannot be read. Its problems were reported when the whole was decoded; this
/// is only for finding the problems of the rest.
pub(super) fn readable(root: &Node, source: &Arc<Source>) -> Option<PairDoc> {
    let mut root = root.clone();
    for _ in 0..TRIES {
        complete(&mut root);
        let mut cx = Cx::new(source);
        if let Some(doc) = PairDoc::decode(&root, &mut cx) {
            return Some(doc);
        }
        let bad: Vec<Span> = cx.diagnostics.iter().map(|problem| problem.span).collect();
        // A mapping has the place of its first key: first what is in it, then itself.
        if !prune(&mut root, &bad, false) && !prune(&mut root, &bad, true) {
            return None;
        }
    }
    None
}

/// Leaves out what is bad; gives whether there was something.
fn prune(node: &mut Node, bad: &[Span], whole: bool) -> bool {
    let Value::Map(entries) = &mut node.value else {
        return false;
    };
    let before = entries.len();
    entries.retain(|entry| {
        let is_leaf = !matches!(entry.value.value, Value::Map(_));
        let value = (is_leaf || whole) && bad.contains(&entry.value.span);
        !value && !bad.contains(&entry.key.span)
    });
    let mut pruned = entries.len() < before;
    for entry in entries {
        pruned |= match (entry.key.value.as_str(), &mut entry.value.value) {
            // Half of a credential or of an API would only have more mistakes.
            ("tokens" | "apis" | "vars", Value::Map(all)) => {
                let before = all.len();
                all.retain(|entry| !holds(&entry.value, bad) && !bad.contains(&entry.key.span));
                all.len() < before
            }
            (_, Value::List(items)) => {
                let before = items.len();
                items.retain(|item| !holds(item, bad));
                items.len() < before
            }
            _ => prune(&mut entry.value, bad, whole),
        };
    }
    pruned
}

fn holds(node: &Node, bad: &[Span]) -> bool {
    let below = match &node.value {
        Value::Map(entries) => entries
            .iter()
            .any(|entry| bad.contains(&entry.key.span) || holds(&entry.value, bad)),
        Value::List(items) => items.iter().any(|item| holds(item, bad)),
        _ => false,
    };
    below || bad.contains(&node.span)
}

/// Gives a file the two sides and their URLs, where it has none that can be read.
fn complete(root: &mut Node) {
    let Value::Map(entries) = &mut root.value else {
        *root = Node::new(Value::Map(Vec::new()), root.span);
        return;
    };
    for side in Side::BOTH {
        let at = entries
            .iter()
            .position(|entry| entry.key.value == side.word());
        let at = at.unwrap_or_else(|| {
            entries.push(entry(side.word(), Value::Map(Vec::new())));
            entries.len() - 1
        });
        if let Some(Entry { value, .. }) = entries.get_mut(at)
            && value.get("url").is_none()
            && let Value::Map(target) = &mut value.value
        {
            target.push(entry("url", Value::Text("http://localhost".to_owned())));
        }
    }
}

fn entry(key: &str, value: Value) -> Entry {
    Entry {
        key: Spanned::new(key.to_owned(), Span::default()),
        value: Node::new(value, Span::default()),
    }
}
