//! `revocation`: how long a revoked token lives on.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::bench::Bench;
use super::control::{control, is_taken};
use super::finding::{Finding, finding};
use super::found::{Found, at_least_the_new};
use super::kind::LOOK;
use super::stopped::Stopped;
use crate::message::Request;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Reason, Severity};
use crate::token::catalogue::{E08, E09};
use crate::token::{Revoked, Token};

/// Seconds by which one side may be later than the other: below that it is chance.
const CHANCE: u64 = 5;

/// What became of a revoked token.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Life {
    /// Refused so many whole seconds after it was revoked, with this status.
    Ended(u64, u16),
    /// Taken until the end of the wait, of so many seconds.
    StillValid(u64),
    /// Taken so many seconds after it was revoked; then it could not be asked any more.
    Unended(u64),
    /// The server says that it cannot revoke such a token, and it is taken still; its life in seconds, where
    /// that is known.
    Unsupported(Option<u64>),
}

impl Life {
    fn shown(&self) -> Observed {
        Observed::text(&match self {
            Self::Ended(0, status) => format!("refused at once, with {status}"),
            Self::Ended(seconds, status) => format!("refused after {seconds} s, with {status}"),
            Self::StillValid(seconds) | Self::Unended(seconds) => {
                format!("still taken after {seconds} s")
            }
            Self::Unsupported(life) => {
                let life =
                    life.map_or(String::new(), |life| format!(" to the end of its {life} s"));
                format!("still taken{life}: the server revokes no such token")
            }
        })
    }
}

/// What became of it, and why nothing more was seen of it, if that is so.
#[derive(Debug)]
struct Seen {
    life: Life,
    cut: Option<Stopped>,
}

impl From<Life> for Seen {
    fn from(life: Life) -> Self {
        Self { life, cut: None }
    }
}

pub(super) async fn run(benches: &mut Pair<Bench<'_>>) -> Result<Found, Stopped> {
    let Pair { old, new } = benches;
    let (old, new) = tokio::join!(ask(old), ask(new));
    let (seen, stopped) = at_least_the_new(Pair::new(old, new))?;
    let Pair { old, new } = seen.map(|seen| seen.map_or((None, None), |s| (Some(s.life), s.cut)));
    let cut = stopped.or(new.1).or(old.1);
    let seen = Pair::new(old.0, new.0);
    let note = [("old", &seen.old), ("new", &seen.new)]
        .into_iter()
        .filter_map(|(side, life)| {
            let life = life.as_ref()?.shown();
            let life = life.display().unwrap_or_default().into_owned();
            Some(format!("on the {side} side, {life}"))
        })
        .collect::<Vec<_>>()
        .join("; ");
    Ok(Found {
        differences: compare(&seen),
        note: Some(format!("a revoked token is, {note}")),
        stopped: cut,
    })
}

async fn ask(bench: &mut Bench<'_>) -> Result<Seen, Stopped> {
    // One request to the API for each second of the wait.
    let within = LOOK * bench.api_left();
    let token = bench.fresh("token request").await?;
    let request = bench.with_token(secrecy::ExposeSecret::expose_secret(&token.value))?;
    control(bench, "before", &request).await?;
    match bench.revoke("revocation", &token.value).await? {
        Revoked::Done => {}
        Revoked::Unsupported => {
            return unsupported(bench, &token, &request).await.map(Seen::from);
        }
        Revoked::Refused(refusal) => {
            let note = format!("the {} side: {}", bench.side, refusal.message);
            return Err(Stopped::because(Reason::Token, note));
        }
    }
    let revoked = Instant::now();
    let (mut seconds, mut taken) = (0, None);
    if bench.api_left() == 1 {
        seconds = within.as_secs();
        sleep_until(revoked + within).await;
    }
    loop {
        let name = format!("{seconds} s after");
        let status = match (bench.api(&name, &request).await, taken) {
            (Ok(answer), _) => answer.response.status,
            // How long it was taken until then is known.
            (Err(cut), Some(taken)) => {
                return Ok(Seen {
                    life: Life::Unended(taken),
                    cut: Some(cut),
                });
            }
            (Err(cut), None) => return Err(cut),
        };
        let passed = revoked.elapsed().as_secs();
        if !is_taken(status) {
            return Ok(Life::Ended(passed, status).into());
        }
        if bench.api_left() == 0 || revoked.elapsed() >= within {
            return Ok(Life::StillValid(passed).into());
        }
        taken = Some(passed);
        let next = next_look(revoked.elapsed(), within, bench.api_left());
        seconds = next.as_secs();
        sleep_until(revoked + next).await;
    }
}

/// When to look next, counted from the revocation like `passed`: a second later or a little more, so that the last
/// of the looks that are `left` stands at the end of the wait. A slow answer must not make them run after each other.
fn next_look(passed: Duration, within: Duration, left: u32) -> Duration {
    let pause = within.saturating_sub(passed) / left.max(1);
    (passed + pause.max(LOOK)).min(within)
}

/// What the API makes of a token that its server does not revoke: some refuse it all the same.
async fn unsupported(
    bench: &mut Bench<'_>,
    token: &Token,
    request: &Request,
) -> Result<Life, Stopped> {
    if bench.api_left() > 0 {
        let answer = bench.api("after", request).await?;
        if !is_taken(answer.response.status) {
            return Ok(Life::Ended(0, answer.response.status));
        }
    }
    Ok(Life::Unsupported(token.summary().expires_in))
}

/// What is certain, whether or not a side was asked to the end.
fn compare(seen: &Pair<Option<Life>>) -> Vec<Difference> {
    let mut found = Vec::new();
    let shown = seen
        .as_ref()
        .map(|life| life.as_ref().map_or(Observed::Absent, Life::shown));
    let of = |kind, severity, explain: &str| {
        finding(E09, "revocation", kind, severity, explain).seen(shown.clone())
    };
    let lives =
        |words: &str| format!("a revoked token lives {words} on the new side than on the old");
    match (&seen.old, &seen.new) {
        (_, None) | (None | Some(Life::Unended(_)), Some(Life::Ended(..))) => {}
        (Some(Life::Ended(old, before)), Some(Life::Ended(new, after))) => {
            if before != after {
                found.push(status(Pair::new(*before, *after)));
            }
            if *new > old + CHANCE {
                found.push(of(Kind::Value, Severity::Risky, &lives("longer")));
            } else if *old > new + CHANCE {
                found.push(of(Kind::Value, Severity::Cosmetic, &lives("less long")));
            }
        }
        (old, Some(Life::Unended(new))) => {
            if let Some(Life::Ended(old, _)) = old
                && *new > old + CHANCE
            {
                found.push(of(Kind::Value, Severity::Risky, &lives("longer")));
            }
        }
        (_, Some(Life::Ended(..))) => found.push(of(
            Kind::Value,
            Severity::Cosmetic,
            "the new side refuses a revoked token, which the old side went on taking",
        )),
        (old, _) => {
            let explain = match old {
                Some(Life::Ended(..)) => {
                    "security hole: a token that was revoked still works on the new side, and was refused \
                     on the old: whoever found or stole it keeps it"
                }
                Some(Life::StillValid(_) | Life::Unsupported(_)) => {
                    "security hole: a token that was revoked still works, on the old side and on the new"
                }
                _ => {
                    "security hole: a token that was revoked still works on the new side: whoever found or stole \
                     it keeps it"
                }
            };
            found.push(of(Kind::StillValid, Severity::Breaking, explain));
        }
    }
    found
}

/// Both sides refuse, each with its own status.
fn status(statuses: Pair<u16>) -> Difference {
    finding(
        E08,
        "revoked-status",
        Kind::Value,
        Severity::Breaking,
        "a revoked token is refused with another status: clients that ask for a new token on 401 act \
         otherwise",
    )
    .seen(statuses.map(|status| Observed::of(&status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(old: Life, new: Life) -> Vec<(String, Kind, Severity)> {
        let found = compare(&Pair::new(Some(old), Some(new)));
        let found = found.into_iter();
        found.map(|d| (d.path, d.kind, d.severity)).collect()
    }

    #[test]
    fn what_lives_on_is_a_hole_and_the_time_is_compared() {
        let (now, soon, late) = (
            Life::Ended(0, 401),
            Life::Ended(4, 401),
            Life::Ended(20, 401),
        );
        let alive = Life::StillValid(60);
        assert_eq!(found(now.clone(), now.clone()), []);
        assert_eq!(found(now.clone(), soon), []);
        let path = || "probe.revocation".to_owned();
        let slow = [(path(), Kind::Value, Severity::Risky)];
        assert_eq!(found(now.clone(), late.clone()), slow);
        let fast = [(path(), Kind::Value, Severity::Cosmetic)];
        assert_eq!(found(late, now.clone()), fast);
        assert_eq!(found(alive.clone(), now.clone()), fast);
        let hole = [(path(), Kind::StillValid, Severity::Breaking)];
        assert_eq!(found(now.clone(), alive.clone()), hole);
        assert_eq!(found(alive.clone(), alive.clone()), hole);
        assert_eq!(found(now.clone(), Life::Unsupported(Some(900))), hole);
        assert_eq!(
            Life::Unsupported(Some(900)).shown().display().as_deref(),
            Some("still taken to the end of its 900 s: the server revokes no such token")
        );
        // What was seen until a side could not be asked any more.
        let cut = Life::Unended;
        assert_eq!(found(now.clone(), cut(5)), []);
        assert_eq!(found(now.clone(), cut(6)), slow);
        assert_eq!(found(cut(20), now.clone()), []);
        assert_eq!(found(cut(20), alive.clone()), hole);
        assert_eq!(found(alive.clone(), cut(20)), []);
        let other = found(now, Life::Ended(1, 403));
        let status = (
            "probe.revoked-status".to_owned(),
            Kind::Value,
            Severity::Breaking,
        );
        assert_eq!(other, [status]);
    }

    #[test]
    fn the_last_look_stands_at_the_end_of_the_wait() {
        let looks = |within: u32, slow: f64| {
            let mut at = vec![Duration::ZERO];
            // One of its requests is the control before the revocation, one the look at once.
            for left in (1..within.saturating_sub(1)).rev() {
                let passed = at[at.len() - 1] + Duration::from_secs_f64(slow);
                if passed >= LOOK * within {
                    break;
                }
                at.push(next_look(passed, LOOK * within, left));
            }
            at
        };
        let seconds = |at: Vec<Duration>| at.iter().map(Duration::as_secs).collect::<Vec<_>>();
        assert_eq!(seconds(looks(3, 0.0)), [0, 3]);
        assert_eq!(seconds(looks(5, 0.0)), [0, 1, 3, 5]);
        for slow in [0.0, 0.3, 1.5, 40.0] {
            for within in 3..=120 {
                let at = looks(within, slow);
                assert!(at.len() < within as usize);
                let last = at[at.len() - 1] + Duration::from_secs_f64(slow);
                assert!(last >= LOOK * within, "{within} {slow} {at:?}");
                let mut pauses = at.windows(2).map(|two| two[1].saturating_sub(two[0]));
                assert!(pauses.all(|pause| pause >= LOOK || slow > 0.0), "{at:?}");
            }
        }
    }

    #[test]
    fn the_page_shows_a_token_that_lives_on() {
        compare(&Pair::new(
            Some(Life::Ended(0, 401)),
            Some(Life::StillValid(60)),
        ))
        .iter()
        .for_each(crate::page::shows);
    }
}
