//! [`broken`]: what it means that an answer is missing.

use super::observe::Observation;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Reason, Severity, Where};

/// What a missing answer means. A side that breaks the connection again and again while the other
/// answers differs in its HTTP; everything else leaves the case open.
pub(super) fn broken(
    observations: &Pair<Option<Observation>>,
) -> (Option<Reason>, Vec<Difference>) {
    let seen = Side::BOTH.map(|side| (side, observations[side].as_ref()));
    let failed = seen.iter().find_map(|(side, seen)| {
        let observation = (*seen)?;
        let failure = observation.result.as_ref().err()?;
        Some((*side, observation, failure))
    });
    let Some((side, observation, failure)) = failed else {
        return (Some(Reason::Interrupted), Vec::new());
    };
    let other = &observations[side.other()];
    let answered = other.as_ref().is_some_and(|seen| seen.result.is_ok());
    match failure.transport() {
        Some(kind) if answered && observation.repeated => {
            let explain = match kind {
                Kind::Reset => {
                    format!("the {side} side closes the connection instead of answering")
                }
                Kind::ShortBody => format!("the {side} side sends fewer bytes than it announces"),
                _ => format!("what the {side} side sends is not HTTP"),
            };
            let message = Observed::text(&failure.message);
            let difference = Difference::new(
                Where::Transport,
                failure.phase.word(),
                kind,
                Severity::Breaking,
                explain,
            );
            let difference = match side {
                Side::Old => difference.showing(message, Observed::Absent),
                Side::New => difference.showing(Observed::Absent, message),
            };
            (None, vec![difference])
        }
        _ => (Some(failure.reason()), Vec::new()),
    }
}
