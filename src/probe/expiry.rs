//! `expiry`: whether a token is refused after its life.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::time::{Instant, sleep_until};

use super::bench::Bench;
use super::control::{control, is_taken};
use super::finding::{Finding, finding};
use super::stopped::Stopped;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Reason, Severity};
use crate::token::{Token, payload};

/// What a side made of a token whose life was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Refused with this status; the seconds after its end at which it was first seen refused.
    Refused(u16, u64),
    /// Taken so many seconds after its end.
    Taken(u64),
}

impl End {
    fn shown(self) -> Observed {
        Observed::text(&match self {
            Self::Refused(status, seconds) => {
                format!("refused {seconds} s after its end, with {status}")
            }
            Self::Taken(seconds) => format!("taken {seconds} s after its end"),
        })
    }
}

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
    within: Duration,
    leeway: Duration,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    let Pair { old, new } = benches;
    let (old, new) = tokio::try_join!(ask(old, within, leeway), ask(new, within, leeway))?;
    Ok((compare(Pair::new(old, new), leeway), None))
}

async fn ask(bench: &mut Bench<'_>, within: Duration, leeway: Duration) -> Result<End, Stopped> {
    let start = Instant::now();
    let token = bench.needed_token().await?;
    let end = end_of(bench, &token, within, leeway)?;
    let request = bench.with_token(token.value.expose_secret())?;
    let before = control(bench, "within its life", &request).await;
    before.map_err(|stopped| match Instant::now() < end {
        true => stopped,
        false => too_short(bench),
    })?;
    let second = Duration::from_secs(1);
    // A second is what clocks of whole seconds may differ by; the last look is a second chance.
    let mut looks = vec![leeway.max(second), leeway.max(second) * 2];
    if leeway > second {
        looks.insert(0, second);
    }
    let mut taken = 0;
    for after in looks {
        let last = taken > 0 && Duration::from_secs(taken) >= leeway;
        if last && end + after > start + within {
            break;
        }
        sleep_until(end + after).await;
        let seconds = after.as_secs();
        let name = format!("{seconds} s after its end");
        let status = bench.api(&name, &request).await?.response.status;
        if !is_taken(status) && (taken == 0 || Duration::from_secs(taken) < leeway) {
            return Ok(End::Refused(status, seconds));
        }
        if !is_taken(status) {
            break;
        }
        taken = seconds;
    }
    Ok(End::Taken(taken))
}

fn too_short(bench: &Bench<'_>) -> Stopped {
    let note = format!(
        "the life of the {} side's token was over before its first request was answered: give the case an \
         application whose tokens live longer",
        bench.side
    );
    Stopped::because(Reason::Timeout, note)
}

/// When a token ends: by its own `exp` (RFC 7519 section 4.1.4), or as the token endpoint says.
pub(super) fn end_of(
    bench: &Bench<'_>,
    token: &Token,
    within: Duration,
    leeway: Duration,
) -> Result<Instant, Stopped> {
    let side = bench.side;
    let Some(end) = own_end(token.value.expose_secret()).or_else(|| token.ends_at()) else {
        let note = format!("the {side} side does not say when its token ends");
        return Err(Stopped::because(Reason::Token, note));
    };
    let wait = end.saturating_duration_since(Instant::now()) + leeway;
    if wait > within {
        let note = format!(
            "the token of the {side} side is to be refused in {} s, and `within` is {} s: give the \
             case an application whose tokens live shortly, or a longer `within`",
            wait.as_secs(),
            within.as_secs()
        );
        return Err(Stopped::because(Reason::Timeout, note));
    }
    Ok(end)
}

fn own_end(token: &str) -> Option<Instant> {
    let claims: Value = serde_json::from_slice(&payload(token)?).ok()?;
    let exp = claims.get("exp").and_then(Value::as_f64)?;
    let now = jiff::Timestamp::now().as_duration().as_secs_f64();
    let left = Duration::try_from_secs_f64((exp - now).max(0.0)).ok()?;
    Instant::now().checked_add(left)
}

fn compare(seen: Pair<End>, leeway: Duration) -> Vec<Difference> {
    let shown = seen.map(End::shown);
    let of = |variant: &str, kind, severity, explain: &str| {
        finding(variant, kind, severity, explain)
            .seen(shown.clone())
            .cites("RFC 6750 section 3.1")
    };
    match (seen.old, seen.new) {
        (old, End::Taken(_)) => {
            let also = matches!(old, End::Taken(_));
            let both = if also { ", as on the old" } else { "" };
            let explain = format!(
                "security hole: the new side takes a token whose life is over, by more than the \
                 {} s that clocks may differ{both}",
                leeway.as_secs()
            );
            let item = of("expiry", Kind::NotRefused, Severity::Breaking, &explain);
            vec![item.advice("check `exp` at the gateway, with a leeway of seconds")]
        }
        (End::Taken(_), End::Refused(..)) => {
            let explain = "the old side took tokens after their life, the new side refuses them: \
                           clients that renew late meet 401";
            let item = of("expiry", Kind::Refused, Severity::Risky, explain);
            vec![item.advice("renew before `expires_in` is over, or on 401")]
        }
        (End::Refused(old, _), End::Refused(new, _)) if old != new => {
            let explain = "an expired token is refused with another status: clients that ask for a \
                           new token on 401 act otherwise";
            let item = of("expired-status", Kind::Value, Severity::Breaking, explain);
            let statuses = Pair::new(old, new).map(|status| Observed::of(&status));
            vec![
                item.seen(statuses)
                    .advice("answer 401 with error=\"invalid_token\""),
            ]
        }
        (End::Refused(_, old), End::Refused(_, new)) if old > new => {
            let explain = "the new side gives an expired token less leeway than the old one: clients \
                           that renew late meet 401";
            vec![of("leeway", Kind::Value, Severity::Cosmetic, explain)]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(old: End, new: End) -> Vec<String> {
        let found = compare(Pair::new(old, new), Duration::from_secs(60));
        let found = found.into_iter();
        found
            .map(|d| format!("{} {} {}", d.path, d.kind, d.severity))
            .collect()
    }

    #[test]
    fn a_dead_token_that_is_taken_is_a_hole() {
        let refused = End::Refused(401, 1);
        assert_eq!(found(refused, refused), [""; 0]);
        let hole = ["probe.expiry not-refused breaking"];
        assert_eq!(found(refused, End::Taken(60)), hole);
        assert_eq!(found(End::Taken(60), End::Taken(60)), hole);
        assert_eq!(
            found(End::Taken(60), refused),
            ["probe.expiry refused risky"]
        );
        let status = ["probe.expired-status value breaking"];
        assert_eq!(found(refused, End::Refused(403, 1)), status);
        let late = End::Refused(401, 60);
        assert_eq!(found(late, refused), ["probe.leeway value cosmetic"]);
        assert_eq!(found(refused, late), [""; 0]);
    }
}
