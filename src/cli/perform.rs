//! From a plan to its exit code: preflight, cases, journal, reports.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::args::HowArgs;
use super::context::Context;
use super::journal_place;
use super::keeper::Keeper;
use super::output::Outputs;
use super::prepare::{Performance, Prepared, now, prepare};
use super::problem::{COULD_NOT, Problem, strict_because};
use super::setup;
use super::signals;
use crate::journal::{End, Footer, Header, JournalSet, Writer};
use crate::report::{Progress, ProgressMode};
use crate::results::{Outcome, Summary, exit_code};
use crate::run::{Executed, Observer, Plan, Session, execute, preflight};

/// Runs a plan and makes the reports; gives the exit code.
pub(super) async fn perform(work: Performance<'_>, context: &Context) -> Result<u8, Problem> {
    let outputs = Outputs::new(&work.how.reports, work.how.look)?;
    let prepared = prepare(&work)?;
    if work.plan.total == 0 {
        return Err(setup::nothing("run", &work.plan, work.select));
    }
    let wanted = work.how.journal.as_deref();
    let path = journal_place::place(wanted, prepared.id(), &outputs, context)?;
    let quiet = work.how.look.quiet;
    let say_where = || {
        if !quiet {
            context.say(&format!("journal: {}", path.display()));
        }
    };
    let session = Arc::clone(&prepared.session);
    let plan = Arc::new(work.plan);
    signals::listen(session.stop.clone());
    let header = ask_first(prepared, &plan).await;
    let writer = Writer::create(&path, &header).map_err(|error| unkept(&path, &error))?;
    say_where();
    let keeper = Arc::new(Keeper::new(writer, progress(work.how, context)));
    keeper.progress.started(plan.len());
    let watcher: Arc<dyn Observer> = Arc::<Keeper>::clone(&keeper);
    let executed = execute(Arc::clone(&session), Arc::clone(&plan), watcher).await;
    keeper.progress.finished();
    let outcome = Outcome {
        complete: executed.done == plan.len(),
        ended: true,
        withheld: keeper.withheld(),
        empty_shard: plan.is_empty() && work.select.shard.is_some(),
        strict: work.select.strict,
    };
    let exit = code(&session, &keeper.summary(), outcome, &executed);
    // An inconclusive case fails without it too.
    let because = strict_because(exit, outcome, unused_rules(&executed))
        .filter(|_| keeper.summary().inconclusive == 0);
    close(&keeper, outcome.complete, exit, executed).map_err(|error| unkept(&path, &error))?;
    // Reports are made from the journal: a large plan need not stay in memory beside its index.
    drop(plan);
    let reported = report(&path, &outputs, exit, context);
    say_where();
    if let Some(text) = because {
        context.say(&text);
    }
    reported.map(|()| exit)
}

/// One token for each credential and one connection for each side, before the first case. A side
/// that keeps us waiting must not keep whoever wants to stop.
async fn ask_first(prepared: Prepared, plan: &Plan) -> Header {
    let Prepared {
        session,
        mut header,
    } = prepared;
    tokio::select! {
        warnings = preflight(&session, plan) => header.warnings.extend(warnings),
        () = session.stop.urgent() => {}
        () = session.time_up() => {}
    }
    header
}

/// Writes the last line of the journal.
pub(super) fn close(
    keeper: &Keeper,
    complete: bool,
    exit: u8,
    executed: Executed,
) -> io::Result<()> {
    let end = End {
        finished: now(),
        complete,
        exit: Some(exit),
    };
    keeper.writer.finish(&Footer {
        end,
        findings: executed.findings,
        rules: executed.rules,
        warnings: executed.warnings,
    })?;
    executed.error.map_or(Ok(()), Err)
}

pub(super) fn unkept(path: &Path, error: &io::Error) -> Problem {
    let path = path.display();
    let text =
        format!("cannot write the journal {path}: {error}; --journal PATH takes another place");
    Problem::new(COULD_NOT, text)
}

pub(super) fn report(
    path: &Path,
    outputs: &Outputs,
    exit: u8,
    context: &Context,
) -> Result<(), Problem> {
    let journal =
        JournalSet::open_own(path).map_err(|error| Problem::new(COULD_NOT, error.to_string()))?;
    outputs.write(&journal, exit, context)
}

/// A signal has its own code; unused rules are errors under `--strict`.
fn code(session: &Session, summary: &Summary, outcome: Outcome, executed: &Executed) -> u8 {
    if let Some(code) = signals::code(&session.stop) {
        return code;
    }
    let code = exit_code(summary, outcome);
    if code == 0 && outcome.strict && unused_rules(executed) > 0 {
        COULD_NOT
    } else {
        code
    }
}

fn unused_rules(executed: &Executed) -> usize {
    let warnings = executed.warnings.iter();
    warnings
        .filter(|warning| warning.code == "unused-rule")
        .count()
}

pub(super) fn progress(how: &HowArgs, context: &Context) -> Progress {
    let mode = if how.no_progress || how.look.quiet {
        ProgressMode::Silent
    } else if context.has_bar() {
        ProgressMode::Bar
    } else {
        ProgressMode::Lines
    };
    Progress::new(mode, context.width)
}
