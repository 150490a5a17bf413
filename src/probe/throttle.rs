//! `throttle`: what a client meets above a limit, and when it may go on.

use std::time::Duration;

use tokio::time::sleep;

use super::bench::Bench;
use super::control::{is_taken, not_taken};
use super::finding::{Finding as _, finding, weighing};
use super::perform::Judges;
use super::stopped::Stopped;
use super::window;
use crate::compare::{Rules, compare as compare_answers};
use crate::exchange::retry_after;
use crate::judge::mark_known;
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Reason, Severity, Where};
use crate::token::catalogue::C11;

/// What a side did.
#[derive(Debug)]
struct Seen {
    /// Requests that passed before the first refusal.
    passed: u32,
    /// The refusal.
    refusal: Option<Response>,
    /// Whether a request passed again after the wait; none where that was not asked.
    recovered: Option<bool>,
    /// Whether a window ended while the side was asked: more passed than belong to one.
    two_windows: bool,
}

pub(super) async fn run(
    benches: &mut Pair<Bench<'_>>,
    limit: u32,
    per: Duration,
    judges: &Judges<'_>,
) -> Result<(Vec<Difference>, Option<String>), Stopped> {
    let Pair { old, new } = benches;
    let (old, new) = tokio::try_join!(ask(old, per), ask(new, per))?;
    let seen = Pair::new(old, new);
    if seen.old.refusal.is_none() && seen.new.refusal.is_none() {
        let note = format!(
            "neither side refused one of {} requests: no limit of {limit} is in force for this request",
            seen.old.passed
        );
        return Err(Stopped::because(Reason::Needs, note));
    }
    let more = match (&seen.old.refusal, &seen.new.refusal) {
        (Some(_), Some(_)) if seen.old.passed == seen.new.passed => None,
        (Some(_), Some(_)) if seen.old.passed > seen.new.passed => Some((Side::Old, &seen.old)),
        (None, _) => Some((Side::Old, &seen.old)),
        (_, _) => Some((Side::New, &seen.new)),
    };
    if let Some((side, seen)) = more.filter(|(_, seen)| seen.two_windows) {
        let note = format!(
            "the {side} side took {} requests, but a window of {} s ended while it was asked: run the case again",
            seen.passed,
            per.as_secs_f64()
        );
        return Err(Stopped::because(Reason::Needs, note));
    }
    let shown = seen.as_ref().map(words);
    let note = format!("the old side {}; the new side {}", shown.old, shown.new);
    Ok((compare(&seen, judges), Some(note)))
}

async fn ask(bench: &mut Bench<'_>, per: Duration) -> Result<Seen, Stopped> {
    let request = bench.ordinary().await?;
    let mut seen = Seen {
        passed: 0,
        refusal: None,
        recovered: None,
        two_windows: false,
    };
    sleep(window::wait(now(), per)).await;
    let start = now();
    while bench.api_left() > 0 && seen.refusal.is_none() {
        let name = format!("request {}", seen.passed + 1);
        let answer = bench.try_api(&name, &request).await?;
        let response = answer
            .map_err(|failure| Stopped::by(bench.side, failure))?
            .response;
        match response.status {
            429 => seen.refusal = Some(response),
            status if seen.passed == 0 && !is_taken(status) => {
                return Err(not_taken(bench, &name, status));
            }
            _ => seen.passed += 1,
        }
    }
    seen.two_windows = window::ended(start, now(), per);
    if let Some(refusal) = &seen.refusal
        && bench.api_left() > 0
    {
        sleep(pause(refusal, per)).await;
        let answer = bench.try_api("after the wait", &request).await?;
        let answer = answer.map_err(|failure| Stopped::by(bench.side, failure))?;
        seen.recovered = Some(answer.response.status != 429);
    }
    Ok(seen)
}

/// The time since 1970.
fn now() -> Duration {
    jiff::Timestamp::now().as_duration().unsigned_abs()
}

/// How long a refusal asks to wait (RFC 9110 section 10.2.3; draft-polli-ratelimit-headers-03): never
/// longer than a window, and a second more, since clocks tick in seconds.
fn pause(refusal: &Response, per: Duration) -> Duration {
    let said = |name: &str| refusal.headers.text(name);
    let after = said("retry-after").and_then(|text| retry_after(&text));
    let reset = said("x-ratelimit-reset").and_then(|text| text.trim().parse().ok());
    let wait = after.or(reset.map(Duration::from_secs)).unwrap_or(per);
    wait.min(per) + Duration::from_secs(1)
}

fn words(seen: &Seen) -> String {
    let passed = seen.passed;
    match (&seen.refusal, seen.recovered) {
        (None, _) => format!("refused none of {passed} requests"),
        (Some(_), None) => format!("answered 429 after {passed} requests"),
        (Some(_), Some(true)) => {
            format!("answered 429 after {passed} requests, and took the next after the wait")
        }
        (Some(_), Some(false)) => {
            format!("answered 429 after {passed} requests, and after the wait too")
        }
    }
}

fn compare(seen: &Pair<Seen>, judges: &Judges<'_>) -> Vec<Difference> {
    let shown = || seen.as_ref().map(|side| Observed::text(&words(side)));
    let of = |variant: &str, kind, severity, explain: &str| {
        finding(C11, variant, kind, severity, explain).seen(shown())
    };
    let (old, new) = match (&seen.old.refusal, &seen.new.refusal) {
        (Some(old), Some(new)) => (old, new),
        (Some(_), None) => {
            let explain = "the new side sets no limit where the old one did: what kept one consumer \
                           from the share of the others is gone";
            return vec![status(429, 200, Severity::Risky, explain)];
        }
        (None, _) => {
            let explain = "the new side refuses requests that the old side takes: consumers that send \
                           as many as today meet 429";
            return vec![status(200, 429, Severity::Breaking, explain)];
        }
    };
    let answers = Pair::new(old, new);
    let compared = compare_answers(
        answers,
        &Rules::default(),
        &judges.standing,
        judges.platforms,
    );
    let mut found = compared.differences;
    found.iter_mut().for_each(of_the_limit);
    mark_known(&mut found, Some(answers), judges.platforms);
    if seen.old.passed != seen.new.passed {
        let fewer = seen.new.passed < seen.old.passed;
        let (severity, explain) = if fewer {
            (
                Severity::Risky,
                "the new side takes fewer requests in a window than the old one",
            )
        } else {
            (
                Severity::Cosmetic,
                "the new side takes more requests in a window than the old one",
            )
        };
        found.push(of("limit", Kind::Value, severity, explain));
    }
    if let (Some(true), Some(false)) = (seen.old.recovered, seen.new.recovered) {
        let explain = "after the wait that it asks for the new side still refuses: consumers that \
                       wait as they are told are refused again";
        found.push(of("recovery", Kind::Refused, Severity::Breaking, explain));
    }
    found
}

/// What two refusals differ in is told by the comparison of answers; that it is about a limit, by the check.
fn of_the_limit(difference: &mut Difference) {
    difference.check.get_or_insert_with(|| C11.id.to_owned());
    difference.r#ref.get_or_insert_with(|| C11.rfc.to_owned());
    let advice = advised(difference.r#where, &difference.path);
    difference.advice.get_or_insert_with(|| advice.to_owned());
}

/// What to do about a part of a refusal. What the check advises is said of what tells the limit alone.
fn advised(place: Where, path: &str) -> &'static str {
    match place {
        Where::Status => C11.advice,
        Where::Header if path == "retry-after" || path.contains("ratelimit") => C11.advice,
        Where::Header if path.starts_with("access-control-") => {
            "send it where pages of other origins must read the refusal"
        }
        _ => "have clients go by the status of a refusal, not by the rest of it",
    }
}

fn status(old: u16, new: u16, severity: Severity, explain: &str) -> Difference {
    weighing(C11, Where::Status, "", Kind::Value, severity, explain)
        .showing(Observed::of(&old), Observed::of(&new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_about_limits_stands_on_what_tells_a_limit() {
        for header in ["retry-after", "x-ratelimit-limit", "ratelimit-reset"] {
            assert_eq!(advised(Where::Header, header), C11.advice);
        }
        assert_eq!(advised(Where::Status, ""), C11.advice);
        let others = [
            (Where::Header, "access-control-allow-headers"),
            (Where::Header, "content-type"),
            (Where::Body, "$.code"),
        ];
        for (place, path) in others {
            assert_ne!(advised(place, path), C11.advice, "{path}");
        }
    }
}
