//! [`ready`]: everything that `cutover run` would do before it sends, for those who send themselves.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser as _;

use super::args::{Cli, Command};
use super::context::Context;
use super::prepare::{Performance, prepare};
use super::problem::{BAD_INPUT, NOTHING_RAN, Problem};
use super::setup::{self, Probes, Warnings};
use crate::mock::{Doubles, pair_file};
use crate::run::{Plan, Session};

/// A plan, and both sides ready for it.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) plan: Plan,
    pub(crate) session: Arc<Session>,
}

/// Reads what a `cutover run` command line names: against doubles, if there are some, else against
/// the pair of the command line. `meeting` is where the processes of one run meet. Nothing is sent.
pub(crate) fn ready(
    run: impl IntoIterator<Item = OsString>,
    doubles: Option<&Doubles>,
    meeting: Option<PathBuf>,
    context: &Context,
) -> Result<Ready, Problem> {
    let cli = Cli::try_parse_from(run)
        .map_err(|error| Problem::new(BAD_INPUT, error.to_string().trim_end().to_owned()))?;
    let Command::Run(args) = cli.command else {
        return Err(Problem::new(BAD_INPUT, "not a `run` command line"));
    };
    let pair = match doubles {
        Some(doubles) => setup::doubles_pair(pair_file(doubles.running()), BTreeMap::new())?,
        None => setup::pair(&args.plan.pair, context)?,
    };
    let texts = setup::suite_texts(&args.plan.suites, &args.plan.get, &pair, context)?;
    let select = &args.plan.select;
    let probes = Probes::with(args.how.probes);
    let (suites, _) = setup::suites(&texts, &pair, Warnings::under(select.strict), probes)?;
    let plan = setup::plan(suites, select, &pair.targets(), context)?;
    if plan.is_empty() {
        return Err(Problem::new(
            NOTHING_RAN,
            "no suite found, or no case in them",
        ));
    }
    let work = Performance {
        plan,
        setup: pair,
        how: &args.how,
        select,
        swap: args.swap,
        meeting,
    };
    let session = prepare(&work)?.session;
    Ok(Ready {
        plan: work.plan,
        session,
    })
}
