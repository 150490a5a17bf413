//! `cutover report`: reports made again from journals.

use std::io;

use super::args::ReportArgs;
use super::context::Context;
use super::earlier;
use super::output::Outputs;
use super::problem::{BAD_INPUT, COULD_NOT, Problem, strict_because};
use crate::journal::{JournalError, JournalSet};
use crate::report::write_since;
use crate::results::exit_code;

/// Makes reports from journals; the exit code is that of the run.
pub(super) fn report(args: &ReportArgs, context: &Context) -> Result<u8, Problem> {
    let outputs = Outputs::new(&args.reports, args.look)?;
    let unreadable = |error: JournalError| Problem::new(BAD_INPUT, error.to_string());
    let journal = JournalSet::open(&args.journals).map_err(unreadable)?;
    let outcome = journal.outcome(args.strict);
    let exit = exit_code(&journal.summary(), outcome);
    if let Some(since) = &args.since {
        outputs.leaves_standard()?;
        let before = earlier::before(since, &journal, context)?;
        let style = outputs.style(context.out_colour, context);
        write_since(&before, &journal, &mut io::stdout().lock(), &style)
            .map_err(|error| Problem::new(COULD_NOT, error.to_string()))?;
        outputs.write_beside(&journal, exit, context)?;
    } else {
        outputs.write(&journal, exit, context)?;
    }
    // An inconclusive case fails without it too.
    let inconclusive = journal.summary().inconclusive > 0;
    if let Some(text) = strict_because(exit, outcome, 0).filter(|_| !inconclusive) {
        context.say(&text);
    }
    Ok(exit)
}
