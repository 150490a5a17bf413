//! From a plan to its exit code: preflight, cases, journal, reports.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::args::HowArgs;
use super::context::Context;
use super::output::Outputs;
use super::problem::{BAD_INPUT, COULD_NOT, NOTHING_RAN, Problem};
use super::setup::PairSetup;
use super::signals;
use crate::config::WritesDoc;
use crate::journal::{self, End, Header, JournalSet, Writer};
use crate::pair::{Pair, Side};
use crate::redact::Secrets;
use crate::report::{Progress, ProgressMode};
use crate::results::{
    CaseResult, Outcome, Reason, RunInfo, SuiteInfo, Summary, Warning, Writes, exit_code,
};
use crate::run::{Executed, Observer, Plan, RunOptions, Session, Shard, execute, preflight};

/// Bytes of a body, packed and unpacked.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// What is to be performed.
pub(super) struct Performance<'a> {
    pub(super) setup: PairSetup,
    pub(super) plan: Plan,
    pub(super) how: &'a HowArgs,
    pub(super) shard: Option<Shard>,
    pub(super) strict: bool,
    pub(super) swap: bool,
}

/// Runs a plan and makes the reports; gives the exit code.
#[expect(clippy::too_many_lines, reason = "the one list of steps, in order")]
pub(super) async fn perform(work: Performance<'_>, context: &Context) -> Result<u8, Problem> {
    refuse_what_comes_later(work.how)?;
    let outputs = Outputs::new(&work.how.reports, work.how.look)?;
    if work.plan.total == 0 {
        return Err(Problem::new(
            NOTHING_RAN,
            "nothing to run: no case was selected",
        ));
    }
    let run = run_info(&work);
    let only_one_key = only_one_key(&work);
    let session = session(&work, &run)?;
    let plan = Arc::new(work.plan);
    let suites = plan.suites.iter().map(|suite| suite.info.clone()).collect();
    let header = header(
        &run,
        &session,
        suites,
        work.shard,
        (plan.total, only_one_key),
    );
    let path = work.how.journal.clone();
    let path = path.unwrap_or_else(|| journal::default_path(&context.folder, &run.id));
    let cannot = |error: io::Error| {
        Problem::new(
            COULD_NOT,
            format!(
                "cannot write the journal {}: {error}; --journal PATH takes another place",
                path.display()
            ),
        )
    };
    signals::listen(session.stop.clone());
    // A side that keeps us waiting must not keep whoever wants to stop.
    let started = tokio::select! {
        warnings = preflight(&session, &plan) => warnings,
        () = session.stop.urgent() => Vec::new(),
    };
    let mut header = header;
    header.warnings.extend(started);
    let writer = Writer::create(&path, &header).map_err(cannot)?;
    let keeper = Arc::new(Keeper::new(writer, progress(work.how, context)));
    if !work.how.look.quiet {
        context.say(&format!("journal: {}", path.display()));
    }
    keeper.progress.started(plan.len());
    let watcher: Arc<dyn Observer> = Arc::<Keeper>::clone(&keeper);
    let executed = execute(Arc::clone(&session), Arc::clone(&plan), watcher).await;
    keeper.progress.finished();
    let summary = keeper.summary();
    let outcome = Outcome {
        complete: executed.done == plan.len(),
        ended: true,
        withheld: keeper.withheld(),
        empty_shard: plan.is_empty() && work.shard.is_some(),
        strict: work.strict,
    };
    let exit = code(&session, &summary, outcome, &executed);
    let end = End {
        finished: now(),
        complete: outcome.complete,
        exit: Some(exit),
    };
    keeper
        .writer
        .finish(&end, &[], &executed.warnings)
        .map_err(cannot)?;
    if let Some(error) = executed.error {
        return Err(cannot(error));
    }
    let reported = report(&path, &outputs, exit, context);
    if !work.how.look.quiet {
        context.say(&format!("journal: {}", path.display()));
    }
    reported.map(|()| exit)
}

fn report(path: &PathBuf, outputs: &Outputs, exit: u8, context: &Context) -> Result<(), Problem> {
    let journal = JournalSet::open(std::slice::from_ref(path))
        .map_err(|error| Problem::new(COULD_NOT, error.to_string()))?;
    outputs.write(&journal, exit, context)
}

/// A signal has its own code; unused rules are errors under `--strict`.
fn code(session: &Session, summary: &Summary, outcome: Outcome, executed: &Executed) -> u8 {
    match session.stop.signal() {
        2 => return 130,
        15 => return 143,
        _ => {}
    }
    let code = exit_code(summary, outcome);
    let unused = executed
        .warnings
        .iter()
        .any(|warning| warning.code == "unused-rule");
    if code == 0 && outcome.strict && unused {
        COULD_NOT
    } else {
        code
    }
}

fn refuse_what_comes_later(how: &HowArgs) -> Result<(), Problem> {
    let later = [
        (how.probes, "--probes"),
        (how.allow_cross_side, "--allow-cross-side"),
        (how.samples != 1, "--samples"),
    ];
    match later.into_iter().find(|(given, _)| *given) {
        Some((_, flag)) => Err(Problem::new(
            BAD_INPUT,
            format!("{flag} is not yet in this version"),
        )),
        None => Ok(()),
    }
}

/// The sides whose key is not turned: a pair file must allow writes to both. Without one there is
/// no such key.
fn closed(work: &Performance<'_>) -> Vec<Side> {
    if !work.setup.from_file {
        return Vec::new();
    }
    let allowed = |side: &Side| work.setup.file.target(*side).writes == Some(WritesDoc::Allowed);
    let sides = Side::BOTH.into_iter();
    sides.filter(|side| !allowed(side)).collect()
}

/// Whoever gave the flag expects writes: why there are none must not be looked for.
fn only_one_key(work: &Performance<'_>) -> Option<Warning> {
    let closed = closed(work);
    let sides = match closed.as_slice() {
        _ if !work.how.allow_writes => return None,
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

fn run_info(work: &Performance<'_>) -> RunInfo {
    let planned = work.plan.len();
    RunInfo {
        id: run_id(),
        started: now(),
        finished: None,
        complete: false,
        planned,
        fail_on: work.how.fail_on.severity(),
        samples: 1,
        writes: if work.how.allow_writes && closed(work).is_empty() {
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
        retries: how.retries,
        timeout: how.timeout.map(|span| span.0),
        max_fail: if how.fail_fast { Some(1) } else { how.max_fail },
        max_time: how.max_time.map(|span| span.0),
        body_limit: BODY_LIMIT,
        keep_exchanges: how.keep_exchanges.is_some(),
        today: jiff::Timestamp::now()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date(),
    };
    let mut file = work.setup.file.clone();
    let mut platforms = work.setup.platforms.clone();
    if work.swap {
        file.swap();
        platforms = platforms.swap();
    }
    let given = work.setup.given.clone();
    Session::new(
        &file,
        platforms,
        given,
        run.id.clone(),
        options,
        Secrets::new(),
    )
    .map(Arc::new)
    .map_err(|error| Problem::new(BAD_INPUT, error.to_string()))
}

fn header(
    run: &RunInfo,
    session: &Session,
    suites: Vec<SuiteInfo>,
    shard: Option<Shard>,
    (total, only_one_key): (usize, Option<Warning>),
) -> Header {
    let pair = Pair::of(|side| session.sides[side].info.clone());
    let mut header = Header::new(run.clone(), Some(pair), suites);
    header.shard = shard.map(|shard| journal::Shard {
        k: shard.k,
        n: shard.n,
        total,
    });
    header.warnings = session.warnings();
    header.warnings.extend(only_one_key);
    header
}

fn progress(how: &HowArgs, context: &Context) -> Progress {
    Progress::new(if how.no_progress || how.look.quiet {
        ProgressMode::Silent
    } else if context.has_bar() {
        ProgressMode::Bar
    } else {
        ProgressMode::Lines
    })
}

/// Keeps every result: in the journal first, then on the screen.
struct Keeper {
    writer: Writer,
    progress: Progress,
    counts: Mutex<(Summary, usize)>,
}

impl Keeper {
    fn new(writer: Writer, progress: Progress) -> Self {
        Self {
            writer,
            progress,
            counts: Mutex::default(),
        }
    }

    fn counts(&self) -> (Summary, usize) {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn summary(&self) -> Summary {
        self.counts().0
    }

    fn withheld(&self) -> usize {
        self.counts().1
    }
}

impl Observer for Keeper {
    fn case(&self, result: &CaseResult) -> io::Result<()> {
        self.writer.append(result)?;
        self.progress.case(result);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.0.add(result);
        let withheld = matches!(
            result.reason,
            Some(Reason::WritesWithheld | Reason::ProbesWithheld)
        );
        counts.1 += usize::from(withheld);
        Ok(())
    }
}

fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

fn run_id() -> String {
    let start = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let random = uuid::Uuid::new_v4().simple().to_string();
    format!("{start}-{}", random.get(..4).unwrap_or_default())
}

/// The warnings of a run that only a person at the command line needs.
pub(super) fn say_warnings(warnings: &[Warning], context: &Context) {
    for warning in warnings {
        let side = warning
            .side
            .map(|side| format!(" ({side})"))
            .unwrap_or_default();
        context.say(&format!(
            "warning: {}{side}: {}",
            warning.code, warning.message
        ));
    }
}
