//! The capacity of a program: the longest token that it replays unharmed.
//!
//! Opaque tokens climb a ladder of lengths at which limits are known; between the last that is taken and
//! the first that is not, the search goes on to the character. JWTs of equal length tell length and format
//! apart, and two JWTs that begin alike tell whether the program knows tokens by their first characters.

mod bench;
mod harm;
mod ladder;
mod measure;
mod need;
mod setting;
mod told;

use std::sync::Arc;

pub use need::Need;

use super::execute::{Baseline, ClientRun};
use super::harness::ClientError;
use super::profile::CAPACITY;
use crate::results::{Capacity, CaseResult, Reason, SideResult, Verdict};
use bench::{Bench, Halt, Spent};
use ladder::TOP;
use measure::{Alike, Measured, measure};

/// Measures a program, and fills in the case; none where the run is to end. `need` is what the new side
/// issues, or why that is not known.
pub(super) async fn measured(
    work: &ClientRun,
    baseline: &Arc<Baseline>,
    need: &Result<Need, String>,
    mut case: CaseResult,
) -> Result<Option<CaseResult>, ClientError> {
    let bench = Bench::new(work, baseline);
    let needed = need.as_ref().ok().map(|need| need.length);
    let measured = match measure(&bench, needed).await {
        Ok(measured) => measured,
        Err(Halt::Stopped) => return Ok(None),
        Err(Halt::Failed(error)) => return Err(error),
        Err(Halt::Trouble(trouble)) => {
            (case.verdict, case.reason) = (trouble.verdict(), Some(trouble.reason));
            case.note = Some(trouble.message);
            work.redact(&mut case, &baseline.secrets);
            return Ok(Some(case));
        }
    };
    case.new = Some(side(&measured, bench.spent(), needed));
    match need {
        Ok(need) => {
            case.differences = measured.findings(need);
            let counts = |severity| severity >= work.fail_on;
            let mut severities = case.differences.iter().map(|finding| finding.severity);
            case.verdict = if severities.any(counts) {
                Verdict::Different
            } else {
                Verdict::Same
            };
            case.note = case.differences.is_empty().then(|| measured.note(need));
        }
        Err(why) => {
            (case.verdict, case.reason) = (Verdict::Inconclusive, Some(Reason::Token));
            let told = measured.told();
            case.note = Some(format!(
                "{told}; what the new side issues is not known: {why}"
            ));
        }
    }
    work.redact(&mut case, &baseline.secrets);
    Ok(Some(case))
}

fn side(measured: &Measured, spent: Spent, needed: Option<usize>) -> SideResult {
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    SideResult {
        ms: spent.ms,
        profile: Some(CAPACITY.to_owned()),
        token_requests: Some(count(spent.asked)),
        api_requests: Some(count(spent.calls)),
        capacity: Some(Capacity {
            opaque: measured.opaque.longest,
            jwt: measured.jwt.longest,
            top: TOP,
            needed,
            told_apart: match measured.alike {
                Alike::Told(same) => Some(same),
                _ => None,
            },
            taken_for_one: match measured.alike {
                Alike::Mistaken(same, _) => Some(same),
                _ => None,
            },
            runs: spent.runs,
        }),
        ..SideResult::default()
    }
}
