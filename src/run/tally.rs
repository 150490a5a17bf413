//! [`Tally`]: what is only known when all cases are through: rules that nothing used, rules worth
//! writing down.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::compare::{RuleId, Rules};
use crate::judge::Accepts;
use crate::results::Warning;
use crate::suite::Case;

/// Gathers over all cases.
#[derive(Debug, Default)]
pub(super) struct Tally {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Rules of cases that were compared, each list once.
    seen: BTreeMap<usize, (Arc<Rules>, Arc<Accepts>)>,
    used: BTreeSet<RuleId>,
    hints: BTreeSet<String>,
    no_keys: BTreeSet<String>,
}

impl Tally {
    /// Notes a case that was compared.
    pub(super) fn compared(
        &self,
        case: &Case,
        used: impl IntoIterator<Item = RuleId>,
        hints: Vec<String>,
        no_keys: Vec<String>,
    ) {
        if case.rules.is_empty() && case.accept.iter().next().is_none() && hints.is_empty() {
            return;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let address = std::ptr::from_ref(case).addr();
        inner
            .seen
            .entry(address)
            .or_insert_with(|| (Arc::clone(&case.rules), Arc::clone(&case.accept)));
        inner.used.extend(used);
        inner.hints.extend(hints);
        inner.no_keys.extend(no_keys);
    }

    /// A warning for every rule that matched nothing in the whole run, and for every rule worth
    /// writing down.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = inner.seen.values().flat_map(|(rules, _)| rules.ids());
        let accepts = inner
            .seen
            .values()
            .flat_map(|(_, accepts)| accepts.iter().map(|a| &a.id));
        let all: BTreeSet<&RuleId> = rules.chain(accepts).collect();
        let unused = all.into_iter().filter(|id| !inner.used.contains(*id));
        let unused = unused.map(|id| Warning {
            code: "unused-rule".to_owned(),
            side: None,
            message: format!("{id} matched nothing: take it away, or mend its path"),
        });
        let hints = inner.hints.iter().map(|hint| Warning {
            code: "rule-to-pin".to_owned(),
            side: None,
            message: format!("write down what elements are matched by: compare: {hint}"),
        });
        let no_keys = inner.no_keys.iter().map(|said| Warning {
            code: "no-key".to_owned(),
            side: None,
            message: format!("{said}; the elements were matched by likeness"),
        });
        unused.chain(hints).chain(no_keys).collect()
    }
}
