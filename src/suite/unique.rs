//! No two cases of one id: results, `--rerun` and the journal know a case by it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use super::csv_file::row_place;
use super::doc::SuiteDoc;
use super::model::Case;
use super::rows::Rows;
use crate::config::Folder;
use crate::source::{Cx, Diagnostic, Source, Span};

/// Reports the rows that make a case which is there already. Cases without rows have names of their
/// own, which is looked at where they are read.
pub(super) fn check_ids(doc: &SuiteDoc, cases: &[Arc<Case>], folder: &Folder, cx: &mut Cx<'_>) {
    if cases.iter().all(|case| case.rows.is_none()) {
        return;
    }
    // By the hash of the name: a hundred thousand names need not be in memory together.
    let hasher = RandomState::new();
    let mut seen: HashMap<u64, (&Case, Option<usize>)> = HashMap::new();
    let mut clashes = Vec::new();
    for case in cases {
        let rows = case.rows.as_ref().map_or(0, |table| table.len());
        let plain = case.rows.is_none().then_some(None);
        for row in plain.into_iter().chain((0..rows).map(Some)) {
            let name = case.full_name(row);
            let here = (case.as_ref(), row);
            match seen.entry(hasher.hash_one(&name)) {
                Entry::Occupied(first) if first.get().0.full_name(first.get().1) == name => {
                    clashes.push((name, *first.get(), here));
                }
                // Two names of one hash: the second cannot be found again, which is all it costs.
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => {
                    free.insert(here);
                }
            }
        }
    }
    for (name, first, second) in clashes {
        // Where one of two names is a plain one, the two cases of one name were reported before.
        if first.1.is_none() && second.1.is_none() {
            continue;
        }
        let (source, span) = place(doc, second, folder, cx.source);
        let (earlier, at) = place(doc, first, folder, cx.source);
        let label = if earlier == source {
            format!("first on line {}", earlier.line(at.start))
        } else {
            format!("first in {}, line {}", earlier.name, earlier.line(at.start))
        };
        let message = format!("two cases are named `{name}`");
        cx.report::<()>(Diagnostic::error(&source, span, message).label(label));
    }
}

/// Where a case is written: its name, or its row.
fn place(
    doc: &SuiteDoc,
    (case, row): (&Case, Option<usize>),
    folder: &Folder,
    source: &Arc<Source>,
) -> (Arc<Source>, Span) {
    let Some(written) = doc.cases.iter().chain(&doc.cleanup).nth(case.index) else {
        return (Arc::clone(source), Span::default());
    };
    let named = (Arc::clone(source), written.name.span);
    let (Some(row), Some(rows)) = (row, &written.rows) else {
        return named;
    };
    match &rows.value {
        Rows::Inline(rows) => rows
            .get(row)
            .map_or(named, |row| (Arc::clone(source), row.span)),
        Rows::File(path) => row_place(path, row, folder, source).unwrap_or(named),
    }
}
