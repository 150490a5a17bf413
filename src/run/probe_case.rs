//! A probe on both sides, as a case.

use std::sync::Arc;

use super::chain::{Chain, Context};
use super::findings::Findings;
use super::questions::Prepared;
use crate::compare::Standing;
use crate::exchange::Crossing;
use crate::judge::{accept, mark_known};
use crate::pair::Pair;
use crate::probe::{Bench, Judges, Place, Probe, perform};
use crate::results::Difference;
use crate::suite::Case;

/// Runs the probe of a case, whose request to the API is prepared.
pub(super) async fn run_probe(
    cx: Context<'_>,
    case: &Case,
    probe: &Probe,
    prepared: Prepared<'_>,
    chain: &mut Chain,
) -> Findings {
    let session = cx.session;
    let crossing = Crossing::given(session.options.cross_side);
    let benches = prepared.questions.map(|question| {
        let here = &session.sides[question.side];
        let place = Place {
            side: question.side,
            target: &here.target,
            wallet: &here.wallet,
            connection: &here.connection,
            timeout: question.timeout.unwrap_or(here.timeout),
        };
        let credential = question.case.token.as_deref().map(str::to_owned);
        Bench::new(
            place,
            question.request,
            credential,
            probe.allowance(),
            crossing,
        )
    });
    let standing: Arc<Standing> = prepared.standing;
    let judges = Judges {
        standing,
        platforms: session.platforms(),
    };
    chain.probing = Some(benches.as_ref().map(Bench::log));
    let outcome = perform(probe, benches, &judges).await;
    chain.probing = None;
    let mut differences = outcome.differences;
    mark_known(&mut differences, None, session.platforms());
    let accepted = accept(&mut differences, &case.accept, session.options.today);
    cx.tally.accepted(case, accepted);
    // What was shown before a side stopped to answer is shown: it counts as if all had been asked.
    let counts = |found: &Difference| {
        found.severity >= session.options.fail_on && found.accepted_by.is_none()
    };
    let failed = outcome.failed.filter(|_| !differences.iter().any(counts));
    Findings {
        differences,
        failed,
        note: outcome.note,
        statuses: None,
        sides: Pair::new(outcome.sides.old, outcome.sides.new),
    }
}
