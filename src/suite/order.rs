//! [`Order`]: which case stands where in its file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::doc::{CaseDoc, SuiteDoc};
use crate::source::Cx;

/// The cases that were read so far, by name.
#[derive(Debug, Default)]
pub(super) struct Order {
    seen: HashMap<Arc<str>, Place>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    index: usize,
    line: usize,
}

impl Order {
    /// Takes note of a case; one without a name, or of a name that is taken, is reported.
    pub(super) fn add(&mut self, doc: &CaseDoc, index: usize, cx: &mut Cx<'_>) -> Named {
        if doc.name.trim().is_empty() {
            let message = "a case needs a name";
            cx.error::<()>(doc.name.span, message, "every report knows it by this");
        }
        let name: Arc<str> = doc.name.as_str().into();
        let line = cx.source.line(doc.name.span.start);
        match self.seen.entry(Arc::clone(&name)) {
            Entry::Occupied(first) => {
                let message = format!("two cases are named `{name}`");
                let label = format!("first on line {}", first.get().line);
                cx.error::<()>(doc.name.span, message, &label);
            }
            Entry::Vacant(free) => {
                free.insert(Place { index, line });
            }
        }
        Named { name, line }
    }

    /// The cases that a case needs, by index; each must stand before it.
    pub(super) fn needs(&self, doc: &CaseDoc, suite: &SuiteDoc, cx: &mut Cx<'_>) -> Vec<usize> {
        let mut found = Vec::new();
        for need in &doc.needs.0 {
            let earlier = self.seen.get(need.as_str());
            if let Some(place) = earlier.filter(|_| need.value != doc.name.value) {
                found.push(place.index);
                continue;
            }
            let all = suite.cases.iter().chain(&suite.cleanup);
            let all: Vec<&str> = all.map(|case| case.name.as_str()).collect();
            if all.contains(&need.as_str()) {
                let message = format!("`{}` does not stand before this case", need.value);
                cx.error::<()>(need.span, message, "a chain runs in file order");
            } else {
                cx.unknown::<()>(need.span, "case of this file", need, &all);
            }
        }
        found
    }
}

/// A case's name, and the line on which it stands.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: Arc<str>,
    pub(super) line: usize,
}
