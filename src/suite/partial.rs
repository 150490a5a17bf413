//! What can be read of a suite that has mistakes, so that one run tells all of them.

use std::sync::Arc;

use super::doc::{CaseDoc, SuiteDoc};
use crate::config::VarDoc;
use crate::source::{Cx, Decode, Document, Entry, Node, Prefixes, Source, Spanned, Value, nearest};

/// A file, and the prefixes that it declares.
type File<'a> = (&'a Arc<Source>, &'a Prefixes);

/// The suite without the keys and cases that cannot be read. Their own problems were reported
/// when the whole was decoded; this is only for finding the problems of the rest.
pub(super) fn readable(node: &Node, cx: &Cx<'_>) -> Option<SuiteDoc> {
    let file = (cx.source, &cx.prefixes);
    let Value::Map(entries) = &node.value else {
        return None;
    };
    let kept = entries.iter().map(|entry| match entry.key.value.as_str() {
        "cases" | "cleanup" => Entry {
            key: entry.key.clone(),
            value: readable_cases(&entry.value, file),
        },
        "vars" => Entry {
            key: entry.key.clone(),
            value: readable_vars(&entry.value, file),
        },
        _ => entry.clone(),
    });
    let kept = sound_entries::<SuiteDoc>(kept.collect(), file, &["name", "cases"]);
    decode(&Node::new(Value::Map(kept), node.span), file)
}

/// The variables, those that cannot be read with some value: they are there, and what is wrong with them was told.
fn readable_vars(node: &Node, file: File<'_>) -> Node {
    let Value::Map(entries) = &node.value else {
        return node.clone();
    };
    let kept = entries.iter().map(|entry| {
        let value = &entry.value;
        let value = match decode::<VarDoc>(value, file) {
            Some(_) => value.clone(),
            None => Node::new(Value::Text("x".to_owned()), value.span),
        };
        Entry {
            key: entry.key.clone(),
            value,
        }
    });
    Node::new(Value::Map(kept.collect()), node.span)
}

fn readable_cases(node: &Node, file: File<'_>) -> Node {
    let Value::List(cases) = &node.value else {
        return Node::new(Value::List(Vec::new()), node.span);
    };
    let sound = cases.iter().filter_map(|case| {
        let Value::Map(entries) = &case.value else {
            return None;
        };
        let mut kept = sound_entries::<CaseDoc>(entries.clone(), file, &["name"]);
        kept.extend(stand_in(entries, &kept));
        let case = Node::new(Value::Map(kept), case.span);
        decode::<CaseDoc>(&case, file).map(|_| case)
    });
    Node::new(Value::List(sound.collect()), node.span)
}

/// A request in the place of one that cannot be read, so that it is not missed too.
fn stand_in(written: &[Entry], kept: &[Entry]) -> Option<Entry> {
    const ACTIONS: [&str; 3] = ["request", "grant", "probe"];
    let acts = |entry: &Entry| ACTIONS.contains(&entry.key.value.as_str());
    let meant = |entry: &&Entry| nearest(&entry.key.value, ACTIONS).is_some();
    if kept.iter().any(acts) {
        return None;
    }
    let span = written.iter().find(meant)?.key.span;
    Some(Entry {
        key: Spanned::new("request".to_owned(), span),
        value: Node::new(Value::Text("GET /".to_owned()), span),
    })
}

/// The entries that can stand in a document: each is tried alone beside what the document needs.
fn sound_entries<D: Decode + Document>(
    entries: Vec<Entry>,
    file: File<'_>,
    needed: &[&str],
) -> Vec<Entry> {
    let is_needed = |entry: &Entry| needed.contains(&entry.key.value.as_str());
    let base: Vec<Entry> = entries
        .iter()
        .filter(|entry| is_needed(entry))
        .cloned()
        .collect();
    let sound = |entry: &Entry| {
        let mut trial = base.clone();
        trial.push(entry.clone());
        let span = entry.key.span;
        decode::<D>(&Node::new(Value::Map(trial), span), file).is_some()
    };
    entries
        .into_iter()
        .filter(|entry| is_needed(entry) || sound(entry))
        .collect()
}

fn decode<T: Decode>(node: &Node, (source, prefixes): File<'_>) -> Option<T> {
    let mut cx = Cx::new(source);
    cx.prefixes = prefixes.clone();
    T::decode(node, &mut cx)
}
