//! `cutover run`.

use super::args::RunArgs;
use super::context::Context;
use super::perform::perform;
use super::prepare::Performance;
use super::problem::{NOTHING_RAN, Problem};
use super::setup::{self, Probes, Warnings};

/// Runs suites against the pair.
pub(super) fn run(args: &RunArgs, context: &Context) -> Result<u8, Problem> {
    let pair = setup::pair(&args.plan.pair, context)?;
    let texts = setup::suite_texts(&args.plan.suites, &args.plan.get, &pair, context)?;
    if texts.is_empty() {
        let text =
            "no suite found: name a suite or a folder, make a folder `suites`, or use --get PATH";
        return Err(Problem::new(NOTHING_RAN, text));
    }
    let strict = Warnings::under(args.plan.select.strict);
    let probes = Probes::with(args.how.probes);
    let (suites, warnings) = setup::suites(&texts, &pair, strict, probes)?;
    if !warnings.is_empty() && !args.how.look.quiet {
        context.say_as_is(&warnings.render(context.err_colour));
    }
    // A large suite is a large text, which nothing points into any more.
    drop((texts, warnings));
    let targets = pair.targets();
    let targets = if args.swap { targets.swap() } else { targets };
    let work = Performance {
        plan: setup::plan(suites, &args.plan.select, &targets, context)?,
        setup: pair,
        how: &args.how,
        select: &args.plan.select,
        swap: args.swap,
        meeting: None,
    };
    runtime()?.block_on(perform(work, context))
}

/// The runtime that everything which waits runs on.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    Ok(runtime?)
}
