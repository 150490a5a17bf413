//! [`RunState`]: what all chains of a run share.

use super::across::Across;
use super::barrier::{Barriers, TOKENS, ends_tokens};
use super::options::RunOptions;
use super::plan::{Plan, barrier_key};
use super::tally::Tally;

/// What all chains of a run share, in whatever parts it is worked through.
#[derive(Debug)]
pub struct RunState {
    pub(super) barriers: Barriers,
    pub(super) tally: Tally,
    pub(super) across: Across,
}

impl RunState {
    /// The state of a run of the whole plan.
    pub fn new(plan: &Plan, options: &RunOptions) -> Self {
        let written = plan.steps().filter_map(|(suite, step)| {
            let case = &suite.cases[step.case];
            (options.writes && case.is_write()).then(|| barrier_key(suite, case))
        });
        let probes = options.writes && options.probes;
        let mut cases = plan.steps().map(|(suite, step)| &suite.cases[step.case]);
        let ends = probes && cases.any(|case| ends_tokens(case));
        let written = written.chain(ends.then(|| TOKENS.to_owned()));
        Self {
            barriers: Barriers::new(written, options.meeting.as_deref()),
            tally: Tally::default(),
            across: Across::default(),
        }
    }
}
