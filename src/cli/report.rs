//! `cutover report`: reports made again from journals.

use std::io;

use super::args::ReportArgs;
use super::context::Context;
use super::output::Outputs;
use super::problem::{BAD_INPUT, COULD_NOT, Problem};
use crate::journal::{JournalError, JournalSet};
use crate::report::write_since;
use crate::results::exit_code;

/// Makes reports from journals; the exit code is that of the run.
pub(super) fn report(args: &ReportArgs, context: &Context) -> Result<u8, Problem> {
    let outputs = Outputs::new(&args.reports, args.look)?;
    let unreadable = |error: JournalError| Problem::new(BAD_INPUT, error.to_string());
    let journal = JournalSet::open(&args.journals).map_err(unreadable)?;
    let exit = exit_code(&journal.summary(), journal.outcome(args.strict));
    if let Some(since) = &args.since {
        let before = JournalSet::open(std::slice::from_ref(since)).map_err(unreadable)?;
        let style = outputs.style(context.out_colour, context);
        write_since(&before, &journal, &mut io::stdout().lock(), &style)
            .map_err(|error| Problem::new(COULD_NOT, error.to_string()))?;
    } else {
        outputs.write(&journal, exit, context)?;
    }
    Ok(exit)
}
