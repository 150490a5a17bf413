//! [`perform`]: a probe on both sides, from its first request to what was found.

use std::sync::Arc;

use super::bench::Bench;
use super::found::Found;
use super::kind::{Probe, ProbeName};
use super::stopped::Stopped;
use super::{
    cors, cross_acceptance, expiry, header_limit, refresh_rotation, revocation, tampered, throttle,
    tls, token_reuse,
};
use crate::compare::Standing;
use crate::pair::{Pair, Side};
use crate::platform::Platform;
use crate::results::{Difference, Reason, SideResult};

/// What answers are compared with.
#[derive(Debug, Clone)]
pub struct Judges<'a> {
    /// What stands for what.
    pub standing: Arc<Standing>,
    /// The platforms of the sides.
    pub platforms: Pair<&'a Platform>,
}

/// What a probe came to.
#[derive(Debug)]
pub struct Outcome {
    /// What was found.
    pub differences: Vec<Difference>,
    /// Why nothing can be compared, if that is so, or not everything: what was found stands all the same.
    pub failed: Option<Reason>,
    /// The outcome in words.
    pub note: Option<String>,
    /// What each side was asked, and did.
    pub sides: Pair<Option<SideResult>>,
}

/// Asks both sides, and compares what they did.
pub async fn perform(probe: &Probe, mut benches: Pair<Bench<'_>>, judges: &Judges<'_>) -> Outcome {
    // On the heap each: a future is as large as its largest branch.
    let result = match probe {
        Probe::TokenReuse => Box::pin(token_reuse::run(&mut benches)).await,
        Probe::Revocation(_) => Box::pin(revocation::run(&mut benches)).await,
        Probe::RefreshRotation(how) => Box::pin(refresh_rotation::run(&mut benches, how))
            .await
            .map(Found::from),
        Probe::Expiry { within, leeway } => {
            Box::pin(expiry::run(&mut benches, *within, *leeway)).await
        }
        Probe::TamperedToken(forge) => Box::pin(tampered::run(&mut benches, *forge)).await,
        Probe::CrossAcceptance { within, leeway } => {
            Box::pin(cross_acceptance::run(&mut benches, *within, *leeway)).await
        }
        Probe::HeaderLimit(grow) => Box::pin(header_limit::run(&mut benches, *grow)).await,
        Probe::Cors(ask) => Box::pin(cors::run(&mut benches, ask)).await,
        Probe::Tls => Box::pin(tls::run(&mut benches)).await.map(Found::from),
        Probe::Throttle { limit, per } => {
            Box::pin(throttle::run(&mut benches, *limit, *per, judges))
                .await
                .map(Found::from)
        }
    };
    // A rotation keeps the newest refresh token, and sees to the rest itself.
    let ends_tokens = probe.name().is_write() && probe.name() != ProbeName::RefreshRotation;
    let after = if ends_tokens {
        forget(&benches).await
    } else {
        Ok(())
    };
    outcome(result.and_then(|found| after.map(|()| found)), benches)
}

/// What a probe may have ended is not used again.
async fn forget(benches: &Pair<Bench<'_>>) -> Result<(), Stopped> {
    for side in Side::BOTH {
        let bench = &benches[side];
        let Some(name) = &bench.credential else {
            continue;
        };
        let forgotten = bench.wallet.forget(name).await;
        forgotten.map_err(|failure| Stopped::by(side, failure))?;
    }
    Ok(())
}

fn outcome(result: Result<Found, Stopped>, benches: Pair<Bench<'_>>) -> Outcome {
    let mut sides = benches.map(|bench| Some(bench.log().result()));
    let found = result.unwrap_or_else(|stopped| Found {
        stopped: Some(stopped),
        ..Found::default()
    });
    let stopped = found.stopped.as_ref();
    if let Some((side, failure)) = stopped.and_then(|stopped| stopped.failure.as_ref())
        && let Some(result) = &mut sides[*side]
    {
        result.failure = Some(failure.summary());
    }
    let said = [found.note, stopped.map(|stopped| stopped.note.clone())];
    let said: Vec<String> = said.into_iter().flatten().collect();
    Outcome {
        failed: stopped.map(|stopped| stopped.reason),
        note: (!said.is_empty()).then(|| said.join("; ")),
        differences: found.differences,
        sides,
    }
}
