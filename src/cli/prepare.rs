//! [`prepare`]: a run before anything is sent: its name, its sides, the first line of its journal.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::args::{HowArgs, SelectArgs};
use super::problem::Problem;
use super::setup::{self, PairSetup};
use crate::config::WritesDoc;
use crate::journal::{self, Header};
use crate::pair::{Pair, Side};
use crate::results::{RunInfo, SuiteInfo, Warning, Writes};
use crate::run::{Plan, RunOptions, Session};

/// What is to be performed.
pub(super) struct Performance<'a> {
    pub(super) setup: PairSetup,
    pub(super) plan: Plan,
    pub(super) how: &'a HowArgs,
    pub(super) select: &'a SelectArgs,
    pub(super) swap: bool,
    /// Where the processes that work on one run meet, if there are several.
    pub(super) meeting: Option<PathBuf>,
}

/// A run before anything is sent.
pub(super) struct Prepared {
    pub(super) session: Arc<Session>,
    pub(super) header: Header,
}

impl Prepared {
    /// The run's id.
    pub(super) fn id(&self) -> &str {
        &self.session.run_id
    }
}

/// Makes both sides ready for what is to be performed.
pub(super) fn prepare(work: &Performance<'_>) -> Result<Prepared, Problem> {
    let run = run_info(work);
    let session = session(work, &run)?;
    let header = header(&run, &session, work);
    Ok(Prepared { session, header })
}

fn run_info(work: &Performance<'_>) -> RunInfo {
    let planned = work.plan.len();
    RunInfo {
        id: run_id(),
        started: now(),
        finished: None,
        complete: false,
        planned,
        fail_on: work.how.fail_on.severity(),
        samples: work.plan.samples(work.how.samples),
        writes: if work.how.allow_writes && closed(&work.setup).is_empty() {
            Writes::Allowed
        } else {
            Writes::Withheld
        },
        env: work.setup.file.environment.clone(),
        exit: None,
    }
}

fn session(work: &Performance<'_>, run: &RunInfo) -> Result<Arc<Session>, Problem> {
    let how = work.how;
    let options = RunOptions {
        jobs: how.jobs,
        fail_on: how.fail_on.severity(),
        writes: run.writes == Writes::Allowed,
        probes: how.probes,
        cross_side: how.allow_cross_side,
        retries: how.retries,
        samples: how.samples,
        timeout: how.timeout.map(|span| span.0),
        max_fail: if how.fail_fast { Some(1) } else { how.max_fail },
        max_time: how.max_time.map(|span| span.0),
        keep_exchanges: how.keep_exchanges.is_some(),
        meeting: work.meeting.clone(),
        ..RunOptions::new(setup::today())
    };
    let mut pair = work.setup.clone();
    if work.swap {
        pair.file.swap();
        pair.platforms = pair.platforms.swap();
    }
    let session = setup::session(&pair, &run.id, options)?;
    for suite in &work.plan.suites {
        suite.register(&session.secrets);
    }
    Ok(session)
}

fn header(run: &RunInfo, session: &Session, work: &Performance<'_>) -> Header {
    // A suite that is run by several ways is one suite.
    let mut known = HashSet::new();
    let suites = work.plan.suites.iter().map(|suite| &suite.info);
    let suites: Vec<SuiteInfo> = suites
        .filter(|suite| known.insert(suite.file.as_str()))
        .cloned()
        .collect();
    let pair = Pair::of(|side| session.sides[side].info.clone());
    let mut header = Header::new(run.clone(), Some(pair), suites);
    header.shard = work.select.shard.map(|shard| journal::Shard {
        k: shard.k,
        n: shard.n,
        total: work.plan.total,
    });
    header.warnings = session.warnings();
    let one_key = only_one_key(&work.setup, work.how.allow_writes);
    header.warnings.extend(one_key);
    header.warnings.extend(statements(work));
    header
}

/// What documents say, for each feature of the plan of which they differ.
fn statements(work: &Performance<'_>) -> Vec<Warning> {
    let planned = |feature: &str| {
        let mut suites = work.plan.suites.iter();
        suites.any(|suite| suite.info.feature.as_deref() == Some(feature))
    };
    let mut warnings = Vec::new();
    for (side, platform) in work.setup.platforms.iter() {
        let told = platform.told().filter(|(feature, _)| planned(feature));
        warnings.extend(told.map(|(_, message)| Warning {
            code: "documents-differ".to_owned(),
            side: Some(side),
            message,
        }));
    }
    warnings
}

/// The sides whose key is not turned: a pair file must allow writes to both. Without one there is
/// no such key.
pub(super) fn closed(setup: &PairSetup) -> Vec<Side> {
    if !setup.from_file {
        return Vec::new();
    }
    let allowed = |side: &Side| setup.file.target(*side).writes == Some(WritesDoc::Allowed);
    let sides = Side::BOTH.into_iter();
    sides.filter(|side| !allowed(side)).collect()
}

/// Whoever gave the flag expects writes: why there are none must not be looked for.
pub(super) fn only_one_key(setup: &PairSetup, allow_writes: bool) -> Option<Warning> {
    let closed = closed(setup);
    let sides = match closed.as_slice() {
        _ if !allow_writes => return None,
        [] => return None,
        [side] => format!("the {side} side"),
        _ => "either side".to_owned(),
    };
    Some(Warning {
        code: "writes-withheld".to_owned(),
        side: None,
        message: format!(
            "--allow-writes was given, but the pair file does not say `writes: allowed` for \
             {sides}: no write was sent"
        ),
    })
}

/// The time, in whole seconds.
pub(super) fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

/// A new name for a run.
pub(super) fn run_id() -> String {
    let start = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let random = uuid::Uuid::new_v4().simple().to_string();
    format!("{start}-{}", random.get(..4).unwrap_or_default())
}
