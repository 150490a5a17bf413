//! Suites, checked and ready to run.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::body::Body;
use super::rows::Table;
use crate::client::Client;
use crate::compare::Rules;
use crate::config::{Grant, VarDoc};
use crate::hex::hex;
use crate::judge::{Accepts, Expect};
use crate::locator::Locator;
use crate::pair::Pair;
use crate::probe::Probe;
use crate::results::SuiteInfo;
use crate::source::{Entries, Source, Spanned};
use crate::template::Template;

/// A suite, checked.
#[derive(Debug)]
pub struct Suite {
    /// What reports say of it.
    pub info: SuiteInfo,
    /// Its variables.
    pub vars: Entries<VarDoc>,
    /// What it says must not be shown.
    pub redact: Vec<Locator>,
    /// Its cases in file order, clean-up last.
    pub cases: Vec<Arc<Case>>,
    /// The program of a client suite, whose cases are its profiles.
    pub client: Option<Arc<Client>>,
}

/// What reports say of a suite.
pub(super) fn info(source: &Source, name: &str, feature: Option<&Spanned<String>>) -> SuiteInfo {
    let digest = Sha256::digest(source.text.as_bytes());
    SuiteInfo {
        file: source.name.clone(),
        name: name.to_owned(),
        feature: feature.map(|feature| feature.value.clone()),
        sha256: hex(&digest),
    }
}

/// The ways by which `cutover demo --all` runs a suite, as they stand behind the names of its cases.
pub const WAYS: [&str; 2] = ["plain", "tls"];

impl Suite {
    /// The number of cases that it is in reports, clean-up aside.
    pub fn count(&self) -> usize {
        let cases = self.cases.iter().filter(|case| !case.cleanup);
        cases.map(|case| case.count()).sum()
    }

    /// The suite as one of several ways to run it: the way stands behind the name of each case, as a row
    /// does, and `changed` says what a side does on this way.
    #[must_use]
    pub fn by_way(mut self, way: &str, changed: impl Fn(&mut SideCase)) -> Self {
        for case in &mut self.cases {
            let case = Arc::make_mut(case);
            case.name = format!("{} [{way}]", case.name).into();
            case.sides = case.sides.clone().map(|mut side| {
                changed(Arc::make_mut(&mut side));
                side
            });
        }
        self
    }
}

/// A case, its suite's defaults merged in. What it has in common with others is shared, since a suite
/// may have a hundred thousand cases.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its place among the suite's cases.
    pub index: usize,
    /// Its name.
    pub name: Arc<str>,
    /// The line of its name.
    pub line: usize,
    /// Its words, and its suite's.
    pub tags: Arc<[String]>,
    /// Whether it runs after all others, whatever became of those.
    pub cleanup: bool,
    /// What it does on each side: one value where both do the same.
    pub sides: Pair<Arc<SideCase>>,
    /// The table, if it is one case for each row.
    pub rows: Option<Arc<Table>>,
    /// What each side must answer.
    pub expect: Arc<Expect>,
    /// Differences that are meant.
    pub accept: Arc<Accepts>,
    /// How answers are compared.
    pub rules: Arc<Rules>,
    /// Not a write, whatever the method of its request.
    pub safe: bool,
    /// Cases of the same suite (by index) on which it depends.
    pub depends: Box<[usize]>,
    /// What few cases have.
    pub extras: Arc<Extras>,
}

/// What few cases of a suite have, or all of them alike.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extras {
    /// Why it is not run, if it is not.
    pub skip: Option<String>,
    /// Values that later cases use.
    pub capture: Vec<(String, Locator)>,
    /// Ask again until the answer is as wanted.
    pub poll: Option<Poll>,
    /// The time for one exchange, if not the target's.
    pub timeout: Option<Duration>,
    /// How often each side is asked, where the suite says so.
    pub samples: Option<u32>,
}

/// What a case does on one side.
#[derive(Debug, Clone)]
pub struct SideCase {
    /// The request or the grant.
    pub action: Action,
    /// Its headers, by name; none takes away one of the target's.
    pub headers: Arc<Vec<(String, Option<Template>)>>,
    /// Its body.
    pub body: Arc<Body>,
    /// Its credential; none sends none.
    pub token: Option<Arc<str>>,
    /// Its API, whose base path goes before the path.
    pub api: Option<Arc<str>>,
}

/// What is done.
#[derive(Debug, Clone)]
pub enum Action {
    /// A request.
    Request {
        /// The method.
        method: Cow<'static, str>,
        /// Path and query.
        target: Template,
    },
    /// A token grant with the case's credential.
    Grant(Grant),
    /// A client program in one profile; `cutover client` runs it.
    Client,
    /// A probe.
    Probe {
        /// Which one, with its settings.
        probe: Box<Probe>,
        /// The method of its request to the API.
        method: Cow<'static, str>,
        /// Path and query of that request.
        target: Template,
    },
}

/// Ask again until the answer is as wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Poll {
    /// What the answer must be.
    pub until: Expect,
    /// The pause between two requests.
    pub every: Duration,
    /// The time after which the last answer is taken.
    pub within: Duration,
}

impl Case {
    /// Why it is not run, if it is not.
    pub fn skip(&self) -> Option<&str> {
        self.extras.skip.as_deref()
    }

    /// Whether it changes something: see the rules for writes in the suite reference.
    pub fn is_write(&self) -> bool {
        let writes = |side: &SideCase| match &side.action {
            Action::Request { method, .. } => {
                !self.safe && !matches!(method.as_ref(), "GET" | "HEAD" | "OPTIONS")
            }
            // A refresh may rotate the refresh token and revoke what was issued before.
            Action::Grant(grant) => *grant == Grant::RefreshToken,
            // Nothing is sent to either side.
            Action::Client => false,
            Action::Probe { probe, .. } => probe.name().is_write(),
        };
        writes(&self.sides.old) || writes(&self.sides.new)
    }

    /// Whether it is a client program's, which only `cutover client` runs.
    pub fn is_client(&self) -> bool {
        matches!(self.sides.old.action, Action::Client)
    }

    /// Whether it is a token grant.
    pub fn is_grant(&self) -> bool {
        matches!(self.sides.old.action, Action::Grant(_))
    }

    /// The probe that it is, if it is one.
    pub fn probe(&self) -> Option<&Probe> {
        match &self.sides.old.action {
            Action::Probe { probe, .. } => Some(probe),
            _ => None,
        }
    }

    /// How often each side is asked; `given` is what the command line says. What is not a safe request is
    /// asked once.
    pub fn samples(&self, given: Option<u32>) -> u32 {
        let request = |side: &SideCase| matches!(side.action, Action::Request { .. });
        let safe = !self.is_write() && request(&self.sides.old) && request(&self.sides.new);
        let samples = given.or(self.extras.samples).filter(|_| safe);
        samples.unwrap_or(1).max(1)
    }

    /// Its name in reports, that of its row behind it.
    pub fn full_name(&self, row: Option<usize>) -> String {
        match (&self.rows, row) {
            (Some(table), Some(row)) => format!("{}{}", self.name, table.suffix(row)),
            _ => self.name.to_string(),
        }
    }

    /// The number of cases that it is in reports: one for each row.
    pub fn count(&self) -> usize {
        self.rows.as_ref().map_or(1, |table| table.len())
    }

    /// Every template of a side.
    pub fn templates(side: &SideCase) -> Vec<&Template> {
        let mut all: Vec<&Template> = side
            .headers
            .iter()
            .filter_map(|(_, value)| value.as_ref())
            .collect();
        if let Action::Request { target, .. } | Action::Probe { target, .. } = &side.action {
            all.push(target);
        }
        all.extend(side.body.templates());
        all
    }
}
