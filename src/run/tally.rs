//! [`Tally`]: what is only known when all cases are through: how often each rule was of use, rules that
//! nothing used, rules worth writing down.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::compare::{RuleId, Rules, Uses};
use crate::judge::Accepts;
use crate::results::{RuleUse, Warning};
use crate::suite::Case;

/// Gathers over all cases.
#[derive(Debug, Default)]
pub(super) struct Tally {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Rules of cases that were compared, each list once, and whether the case is a grant.
    seen: BTreeMap<usize, (Arc<Rules>, Arc<Accepts>, bool)>,
    used: Uses,
    hints: BTreeMap<InFile, Cases>,
    no_keys: BTreeMap<InFile, Cases>,
}

/// Something that is said of cases of one suite: the file, and what is said.
type InFile = (String, String);

/// The cases that something is said of.
#[derive(Debug, Default)]
struct Cases {
    /// The one whose id sorts first, so that it does not depend on which ended first.
    first: String,
    count: usize,
}

/// What comparing a case showed of its rules.
#[derive(Default)]
pub(super) struct Noted<'a> {
    /// The suite file.
    pub(super) file: &'a str,
    /// The id of the case.
    pub(super) id: String,
    pub(super) used: Uses,
    /// The acceptances that were about a difference, one by one.
    pub(super) accepted: Vec<RuleId>,
    /// Rules worth writing down.
    pub(super) hints: Vec<String>,
    /// Declared keys that are none.
    pub(super) no_keys: Vec<String>,
}

impl Tally {
    /// Notes a case whose rules are acceptances alone.
    pub(super) fn accepted(&self, case: &Case, accepted: Vec<RuleId>) {
        let noted = Noted {
            accepted,
            ..Noted::default()
        };
        self.compared(case, noted);
    }

    /// Notes a case that was compared.
    pub(super) fn compared(&self, case: &Case, noted: Noted<'_>) {
        let no_rules = case.rules.is_empty() && case.accept.iter().next().is_none();
        if no_rules && noted.hints.is_empty() {
            return;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let address = std::ptr::from_ref(case).addr();
        inner.seen.entry(address).or_insert_with(|| {
            let (rules, accepts) = (Arc::clone(&case.rules), Arc::clone(&case.accept));
            (rules, accepts, case.is_grant())
        });
        inner.used.extend(&noted.used);
        for rule in &noted.accepted {
            inner.used.add(rule);
        }
        let (file, id) = (noted.file, noted.id.as_str());
        for hint in noted.hints {
            let cases = inner.hints.entry((file.to_owned(), hint));
            cases.or_default().add(id);
        }
        for said in noted.no_keys {
            let cases = inner.no_keys.entry((file.to_owned(), said));
            cases.or_default().add(id);
        }
    }

    /// Every rule of a case that was compared, by file and line, and how often it was of use.
    pub(super) fn rules(&self) -> Vec<RuleUse> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let all = inner.rules().into_keys();
        all.map(|id| RuleUse {
            rule: id.text.clone(),
            at: format!("{}:{}", id.file, id.line),
            used: inner.used.of(id),
        })
        .collect()
    }

    /// A warning for every rule that was of no use in the whole run, and for every rule worth
    /// writing down.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let all = inner.rules().into_iter();
        let unused = all.filter(|(id, _)| inner.used.of(id) == 0);
        let unused = unused.map(|(id, why)| warning("unused-rule", format!("{id} {why}")));
        let hints = inner.hints.iter().map(|((_, hint), cases)| {
            let text = format!(
                "write down what elements are matched by, in {cases}: compare: {hint} (their order then does not count)"
            );
            warning("rule-to-pin", text)
        });
        let no_keys = inner.no_keys.iter().map(|((_, said), cases)| {
            let text = format!("in {cases}: {said}; the elements were matched by likeness");
            warning("no-key", text)
        });
        unused.chain(hints).chain(no_keys).collect()
    }
}

impl Inner {
    /// Every rule, and what is to be said of it if it was of no use.
    fn rules(&self) -> BTreeMap<&RuleId, &'static str> {
        let mut all = BTreeMap::new();
        for (rules, accepts, grant) in self.seen.values() {
            // A suite's rule of a token is of no case that has none.
            let rules = rules
                .iter()
                .filter(|rule| *grant || !rule.place.is_of_a_token());
            all.extend(rules.map(|rule| (&rule.id, rule.effect.when_unused())));
            all.extend(accepts.iter().map(|accept| (&accept.id, UNMET)));
        }
        all
    }
}

/// What is said of an acceptance that was about no difference.
const UNMET: &str = "matched nothing: take it away, or mend its path";

impl Cases {
    fn add(&mut self, id: &str) {
        if self.count == 0 || id < self.first.as_str() {
            id.clone_into(&mut self.first);
        }
        self.count += 1;
    }
}

impl std::fmt::Display for Cases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let first = &self.first;
        match self.count.saturating_sub(1) {
            0 => write!(f, "`{first}`"),
            1 => write!(f, "`{first}` and one case more of the file"),
            more => write!(f, "`{first}` and {more} cases more of the file"),
        }
    }
}

fn warning(code: &str, message: String) -> Warning {
    Warning {
        code: code.to_owned(),
        side: None,
        message,
    }
}
