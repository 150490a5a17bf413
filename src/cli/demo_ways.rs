//! The ways by which `demo --all` runs a suite: over plain TCP and over TLS, each on doubles of its own.

use std::sync::Arc;

use super::problem::Problem;
use super::setup::{self, PairSetup, Probes, SuiteText, Warnings};
use crate::mock::{OVER_TLS, ROOT_OVER_TLS};
use crate::plural::plural;
use crate::suite::{Action, SideCase, Suite, WAYS};

/// The suites of the whole pack, by each way that they can go.
pub(super) struct BothWays {
    /// Every suite, over TLS and, where it can be, over plain TCP.
    pub(super) suites: Vec<Suite>,
    /// The names of those that there are over TLS alone.
    tls_alone: Vec<String>,
}

impl BothWays {
    /// Reads the suites against a pair of doubles by both ways.
    pub(super) fn read(
        texts: &[SuiteText],
        setup: &PairSetup,
        warnings: Warnings,
    ) -> Result<Self, Problem> {
        let (plain, _) = setup::suites(texts, setup, warnings, Probes::Sent)?;
        let (secure, _) = setup::suites(texts, setup, warnings, Probes::Sent)?;
        let has_twin = |name: &str| {
            let twin = format!("{name}{OVER_TLS}");
            setup.file.doc.apis.get(&twin).is_some()
        };
        let mut both = Self {
            suites: Vec::new(),
            tls_alone: Vec::new(),
        };
        let [over_plain, over_secure] = WAYS;
        // Side by side, so that what waits on one way waits beside the other.
        for (plain, secure) in plain.into_iter().zip(secure) {
            if apis(&plain).all(has_twin) {
                both.suites.push(plain.by_way(over_plain, |_| ()));
            } else {
                both.tls_alone.push(plain.info.name);
            }
            let secure = secure.by_way(over_secure, |side| over_tls(side, &has_twin));
            both.suites.push(secure);
        }
        Ok(both)
    }

    /// What is said of the ways before the run.
    pub(super) fn said(&self) -> String {
        let alone = self.tls_alone.len();
        if alone == 0 {
            return "over plain TCP and over TLS".to_owned();
        }
        let verb = if alone == 1 { "needs" } else { "need" };
        format!(
            "over plain TCP and over TLS; {} {verb} TLS: {}",
            plural(alone, "suite"),
            self.tls_alone.join(", ")
        )
    }
}

/// The APIs that a suite names.
fn apis(suite: &Suite) -> impl Iterator<Item = &str> {
    let sides = suite
        .cases
        .iter()
        .flat_map(|case| [&case.sides.old, &case.sides.new]);
    sides.filter_map(|side: &Arc<SideCase>| side.api.as_deref())
}

/// Leads a side of a case to the doubles over TLS.
fn over_tls(side: &mut SideCase, has_twin: &impl Fn(&str) -> bool) {
    if let Some(token) = &mut side.token {
        *token = format!("{token}{OVER_TLS}").into();
    }
    match &mut side.api {
        Some(api) if has_twin(api) => *api = format!("{api}{OVER_TLS}").into(),
        Some(_) => {}
        // A grant goes to its token endpoint, whatever the API.
        None if matches!(side.action, Action::Grant(_)) => {}
        None => side.api = Some(ROOT_OVER_TLS.into()),
    }
}
