//! [`Current`]: a suite as it is now, which runs are held against.

use std::borrow::Cow;

use crate::suite::WAYS;

/// A suite as it is now.
#[derive(Debug, Clone)]
pub struct Current {
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// Its cases, each row one of its own.
    pub cases: Vec<CaseNow>,
}

/// A case as its suite has it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseNow {
    /// Its name.
    pub name: String,
    /// What its row adds to the name: ` [page=1]`; empty without rows.
    pub row: String,
}

impl CaseNow {
    /// Its id in the journal of a run.
    pub(super) fn id(&self, file: &str) -> String {
        format!("{file}::{}{}", self.name, self.row)
    }

    /// Its id where the suite is run by a way.
    pub(super) fn by_way(&self, file: &str, way: &str) -> String {
        format!("{file}::{} [{way}]{}", self.name, self.row)
    }
}

/// The ids that a case of a run may have in its suite: without the way by which it was run, and without
/// its row, which the suite may no longer have.
pub(super) fn names(id: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let bare = WAYS.into_iter().find_map(|way| {
        let mark = format!(" [{way}]");
        id.contains(&mark)
            .then(|| Cow::Owned(id.replacen(&mark, "", 1)))
    });
    let rows = id.match_indices(" [").filter_map(|(at, _)| id.get(..at));
    rows.chain([id]).map(Cow::Borrowed).chain(bare)
}
