//! `cutover check`: every mistake of the files, before anything is sent.

use super::args::CheckArgs;
use super::context::Context;
use super::problem::{self, BAD_INPUT, COULD_NOT, Problem};
use super::run::runtime;
use super::setup::{self, Probes, Warnings};
use crate::judge::Accepts;
use crate::plural::plural;
use crate::results::Warning;
use crate::run::{Plan, RunOptions, Session, check_clocks, check_sharing, preflight};

/// Days before its end at which an acceptance is warned of.
const AHEAD: i64 = 14;

/// Reads everything; with `--connect`, tries every endpoint.
pub(super) fn check(args: &CheckArgs, context: &Context) -> Result<u8, Problem> {
    let pair = setup::pair(&args.plan.pair, context)?;
    let texts = setup::suite_texts(&args.plan.suites, &args.plan.get, &pair, context)?;
    let (suites, warnings) = setup::suites(&texts, &pair, Warnings::Told, Probes::Withheld)?;
    let mut warned = warnings.iter().count();
    if warned > 0 {
        context.say_as_is(&warnings.render(context.err_colour));
    }
    let mut ending: Vec<Warning> = suites
        .iter()
        .flat_map(|suite| suite.cases.iter().map(|case| case.accept.as_ref()))
        .chain([&pair.accepts])
        .flat_map(ending_soon)
        .collect();
    ending.dedup();
    say_warnings(&ending, context);
    warned += ending.len();
    let plan = setup::plan(suites, &args.plan.select, &pair.targets(), context)?;
    // Without a suite there is the pair to check; a suite without a case is a mistake.
    if plan.total == 0 && !plan.suites.is_empty() {
        let mut problem = setup::nothing("check", &plan, &args.plan.select);
        problem.code = BAD_INPUT;
        return Err(problem);
    }
    // What only shows when the sides are made ready: keys, certificates. Nothing is sent.
    let session = setup::session(&pair, "", RunOptions::new(setup::today()))?;
    let strict = args.plan.select.strict;
    context.print(&read(&plan, warned, strict))?;
    if args.connect {
        let found = connect(&session, &plan)?;
        say_warnings(&found, context);
        warned += found.len();
        if found
            .iter()
            .any(|w| matches!(w.code.as_str(), "no-connection" | "no-token"))
        {
            return Ok(COULD_NOT);
        }
        context.print(match plan.total {
            0 => "both sides answer; no token was asked for, since no suite names one",
            _ => "both sides answer",
        })?;
    }
    if strict && warned > 0 {
        context.say(&problem::strict(warned));
        return Ok(1);
    }
    Ok(0)
}

/// What was read, and whether it is sound.
fn read(plan: &Plan, warned: usize, strict: bool) -> String {
    let warnings = plural(warned, "warning");
    let found = match warned {
        0 => "no mistakes".to_owned(),
        _ if strict => warnings,
        _ => format!("no mistakes, {warnings}"),
    };
    let suites = plural(plan.suites.len(), "suite");
    format!("{suites}, {}: {found}", plural(plan.len(), "case"))
}

/// Acceptances that end within two weeks, or have ended.
fn ending_soon(accepts: &Accepts) -> Vec<Warning> {
    let today = setup::today();
    let soon = accepts.iter().filter_map(|accept| {
        let until = accept.until?;
        let left = today.until(until).ok()?.get_days();
        let message = match i64::from(left) {
            ..0 => format!("{}: expired on {until}", accept.id),
            0..=AHEAD => format!("{}: ends on {until}", accept.id),
            _ => return None,
        };
        Some(Warning {
            code: "acceptance-ends".to_owned(),
            side: None,
            message,
        })
    });
    soon.collect()
}

fn connect(session: &Session, plan: &Plan) -> Result<Vec<Warning>, Problem> {
    runtime()?.block_on(async {
        let mut found = session.warnings();
        found.extend(preflight(session, plan).await);
        let clocks = check_clocks(session).await.into_iter();
        // A side that could not be connected to has no clock either; once is enough.
        let told = |w: &Warning| found.iter().any(|f| f.code == w.code && f.side == w.side);
        let new: Vec<Warning> = clocks.filter(|warning| !told(warning)).collect();
        found.extend(new);
        found.extend(check_sharing(session, plan).await);
        Ok(found)
    })
}

/// The warnings of a run that only a person at the command line needs.
fn say_warnings(warnings: &[Warning], context: &Context) {
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
