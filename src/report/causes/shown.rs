//! [`Shown`]: which causes were shown already, where there is room for some cases only.

use std::collections::HashSet;

use super::{change, template};
use crate::results::CaseResult;

/// Most causes that are remembered.
const REMEMBERED: usize = 5_000;

/// The causes that cases showed so far.
#[derive(Debug, Default)]
pub(in crate::report) struct Shown {
    causes: HashSet<String>,
}

impl Shown {
    /// Whether a case shows a cause that none before it showed.
    pub(in crate::report) fn is_new(&mut self, case: &CaseResult) -> bool {
        if self.causes.len() >= REMEMBERED {
            return false;
        }
        let mut is_new = false;
        for item in &case.differences {
            let cause = format!("{} {} {}", item.kind, template(item), change(item));
            is_new |= self.causes.insert(cause);
        }
        match case.reason {
            Some(reason) => is_new | self.causes.insert(reason.word().to_owned()),
            None => is_new,
        }
    }
}
