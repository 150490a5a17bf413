//! `expiry`: whether a token is refused after its life.

use std::cmp::Ordering;
use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::time::{Instant, sleep_until};

use super::bench::Bench;
use super::control::{control, is_taken};
use super::finding::{Finding, finding};
use super::found::{Found, at_least_the_new};
use super::stopped::Stopped;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Reason, Severity};
use crate::token::catalogue::{E08, E24};
use crate::token::{Check, Token, payload};

/// What a side made of a token whose life was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Refused.
    Refused {
        /// With this status.
        status: u16,
        /// Seconds after its end at which it was first seen refused.
        at: u64,
        /// Seconds after its end at which it was last seen taken, if it was.
        taken: Option<u64>,
    },
    /// Taken so many seconds after its end.
    Taken(u64),
}

impl End {
    fn words(self) -> String {
        match self {
            Self::Refused {
                status,
                at,
                taken: None,
            } => format!("refused {at} s after its end, with {status}"),
            Self::Refused {
                status,
                at,
                taken: Some(taken),
            } => format!("taken {taken} s after its end, and refused {at} s after, with {status}"),
            Self::Taken(seconds) => format!("taken {seconds} s after its end"),
        }
    }
}

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
    within: Duration,
    leeway: Duration,
) -> Result<Found, Stopped> {
    let Pair { old, new } = benches;
    let (old, new) = tokio::join!(ask(old, within, leeway), ask(new, within, leeway));
    let seen = match at_least_the_new(Pair::new(old, new))? {
        (
            Pair {
                old: Some(old),
                new: Some(new),
            },
            None,
        ) => Pair::new(old, new),
        (seen, stopped) => return of_the_new_alone(seen.new, leeway, stopped),
    };
    let note = format!(
        "a token is, on the old side, {}; on the new side, {}",
        seen.old.words(),
        seen.new.words()
    );
    Ok((compare(seen, leeway), Some(note)).into())
}

/// What the new side shows where nothing is known of the old one: a hole, or nothing.
fn of_the_new_alone(
    new: Option<End>,
    leeway: Duration,
    stopped: Option<Stopped>,
) -> Result<Found, Stopped> {
    let Some(new @ End::Taken(_)) = new else {
        return stopped.map_or_else(|| Ok(Found::default()), Err);
    };
    let shown = Pair::new(Observed::Absent, Observed::text(&new.words()));
    Ok(Found {
        differences: vec![outlives(leeway, "").seen(shown)],
        note: Some(format!("a token is, on the new side, {}", new.words())),
        stopped,
    })
}

/// A token that is taken after its life, by a leeway and more.
fn outlives(leeway: Duration, also: &str) -> Difference {
    let explain = format!(
        "security hole: the new side takes a token whose life is over, by more than the {} s that clocks may \
         differ{also}",
        leeway.as_secs()
    );
    finding(E08, "expiry", Kind::NotRefused, Severity::Breaking, explain)
}

/// When a dead token is looked at, from its end on: after the second that clocks of whole seconds may differ
/// by, in the middle of the leeway, at its end; where it is too short for a middle, once more behind it.
fn looks(leeway: Duration) -> Vec<Duration> {
    let second = Duration::from_secs(1);
    let leeway = leeway.max(second);
    let middle = Duration::from_secs(leeway.as_secs() / 2);
    match leeway {
        leeway if leeway == second => vec![leeway, leeway * 2],
        leeway if middle > second => vec![second, middle, leeway],
        leeway => vec![second, leeway, leeway * 2],
    }
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
    let mut taken = None;
    for after in looks(leeway) {
        let behind = taken.is_some_and(|taken| Duration::from_secs(taken) >= leeway);
        if behind && end + after > start + within {
            break;
        }
        sleep_until(end + after).await;
        let at = after.as_secs();
        let name = format!("{at} s after its end");
        let status = match bench.api(&name, &request).await {
            Ok(answer) => answer.response.status,
            Err(_) if behind => break,
            Err(stopped) => return Err(stopped),
        };
        match (is_taken(status), behind) {
            (true, _) => taken = Some(at),
            (false, false) => return Ok(End::Refused { status, at, taken }),
            // It was taken when its leeway was over: that it was refused in the end mends nothing.
            (false, true) => break,
        }
    }
    Ok(End::Taken(taken.unwrap_or_default()))
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
    let shown = seen.map(|end| Observed::text(&end.words()));
    let of = |check: Check, variant: &str, kind, severity, explain: &str| {
        finding(check, variant, kind, severity, explain).seen(shown.clone())
    };
    let (old, new) = match (seen.old, seen.new) {
        (old, End::Taken(_)) => {
            let both = match old {
                End::Taken(_) => ", as on the old",
                End::Refused { .. } => "",
            };
            return vec![outlives(leeway, both).seen(shown)];
        }
        (End::Taken(_), End::Refused { .. }) => {
            let explain = "the old side took tokens after their life, the new side refuses them: \
                           clients that renew late meet 401";
            let (kind, severity) = (Kind::Refused, Severity::Risky);
            return vec![of(E24, "expiry", kind, severity, explain)];
        }
        (
            End::Refused {
                status: old, at, ..
            },
            End::Refused {
                status: new,
                at: later,
                ..
            },
        ) => ((old, at), (new, later)),
    };
    let ((old, old_leeway), (new, new_leeway)) = (old, new);
    if old != new {
        let explain = "an expired token is refused with another status: clients that ask for a \
                       new token on 401 act otherwise";
        let (kind, severity) = (Kind::Value, Severity::Breaking);
        let statuses = Pair::new(old, new).map(|status| Observed::of(&status));
        return vec![of(E08, "expired-status", kind, severity, explain).seen(statuses)];
    }
    let (severity, explain) = match old_leeway.cmp(&new_leeway) {
        Ordering::Equal => return Vec::new(),
        Ordering::Greater => (
            Severity::Risky,
            "the new side gives an expired token less leeway than the old one: clients that renew \
             late meet 401",
        ),
        Ordering::Less => (
            Severity::Cosmetic,
            "the new side gives an expired token more leeway than the old one: a rollback takes it \
             away again",
        ),
    };
    vec![of(E24, "leeway", Kind::Value, severity, explain)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(old: End, new: End) -> Vec<String> {
        let found = compare(Pair::new(old, new), Duration::from_secs(60));
        let found = found.into_iter();
        let check = |d: &Difference| d.check.clone().unwrap_or_default();
        found
            .map(|d| format!("{} {} {} {}", check(&d), d.path, d.kind, d.severity))
            .collect()
    }

    const fn refused(status: u16, at: u64) -> End {
        End::Refused {
            status,
            at,
            taken: None,
        }
    }

    #[test]
    fn a_dead_token_that_is_taken_is_a_hole() {
        let soon = refused(401, 1);
        assert_eq!(found(soon, soon), [""; 0]);
        let hole = ["E08 probe.expiry not-refused breaking"];
        assert_eq!(found(soon, End::Taken(60)), hole);
        assert_eq!(found(End::Taken(60), End::Taken(60)), hole);
        assert_eq!(
            found(End::Taken(60), soon),
            ["E24 probe.expiry refused risky"]
        );
        let status = ["E08 probe.expired-status value breaking"];
        assert_eq!(found(soon, refused(403, 1)), status);
        let late = refused(401, 60);
        assert_eq!(found(late, soon), ["E24 probe.leeway value risky"]);
        assert_eq!(found(soon, late), ["E24 probe.leeway value cosmetic"]);
    }

    #[test]
    fn the_leeway_is_measured_in_three_looks_at_most() {
        let of = |leeway: u64| -> Vec<u64> {
            let looks = looks(Duration::from_secs(leeway)).into_iter();
            looks.map(|look| look.as_secs()).collect()
        };
        assert_eq!(of(0), [1, 2]);
        assert_eq!(of(1), [1, 2]);
        assert_eq!(of(2), [1, 2, 4]);
        assert_eq!(of(60), [1, 30, 60]);
        let long = End::Refused {
            status: 401,
            at: 60,
            taken: Some(30),
        };
        assert_eq!(
            long.words(),
            "taken 30 s after its end, and refused 60 s after, with 401"
        );
    }
}
