//! How often tokens were asked for, and what the program made of an endpoint that was out of order.

use std::time::Duration;

use super::Terms;
use super::tokens::finding;
use crate::client::observation::{Asked, Observation};
use crate::mock::document::Reissue;
use crate::results::{Difference, Kind, Severity};

/// A life below this is one in time lapse: a program that renews its token a minute ahead asks before
/// each call then, and is right.
const LAPSE: Duration = Duration::from_secs(60);
/// A wait of the endpoint above this is what the profile is about.
const SLOW: Duration = Duration::from_secs(2);

pub(super) fn findings(run: &Observation, terms: &Terms) -> Vec<Difference> {
    if let Some(finding) = gave_up(run, terms) {
        return vec![finding];
    }
    hammered(run)
        .or_else(|| too_often(run, terms))
        .into_iter()
        .collect()
}

/// No token was had, though one could have been.
fn gave_up(run: &Observation, terms: &Terms) -> Option<Difference> {
    let last = run.asked.last()?;
    let advice = "wait as `Retry-After` says and ask again, at most a few times (`curl --retry 3`)";
    let (cause, explain) = if last.status == 503 || last.status == 429 {
        let status = last.status;
        let explain = format!(
            "gave up when the token endpoint answered {status}, though it said to ask again in a second"
        );
        (status.to_string(), explain)
    } else if terms.delay > SLOW && run.calls.is_empty() && last.issued.is_some() {
        let seconds = terms.delay.as_secs();
        let explain = format!("gave up on a token endpoint that took {seconds} seconds");
        ("slow".to_owned(), explain)
    } else {
        return None;
    };
    let advice = if cause == "slow" {
        "give the token request at least 30 seconds"
    } else {
        advice
    };
    let path = format!("token[{}]", run.asked.len() - 1);
    Some(
        finding(path, Kind::NotRefreshed, Severity::Risky, explain)
            .advice(advice)
            .detail("cause", cause),
    )
}

/// Asked again and again before the time that the endpoint had named.
fn hammered(run: &Observation) -> Option<Difference> {
    let first = run.asked.iter().find(|asked| refused(asked))?;
    // A second, as the profiles say; some clocks are coarse.
    let until = first.at + Duration::from_millis(900);
    let early = run
        .asked
        .iter()
        .filter(|asked| asked.at > first.at && asked.at < until);
    let early = early.count();
    let explain = format!(
        "asked {early} times more within the second that the token endpoint had said to wait"
    );
    (early > 1).then(|| {
        finding("token[1]", Kind::OverFetched, Severity::Risky, explain)
            .advice("wait as `Retry-After` says")
            .detail("cause", "retry-after")
    })
}

fn refused(asked: &Asked) -> bool {
    matches!(asked.status, 429 | 503)
}

fn too_often(run: &Observation, terms: &Terms) -> Option<Difference> {
    let wasteful: Vec<usize> = (0..run.asked.len())
        .filter(|at| is_wasteful(run, *at, terms))
        .collect();
    let first = *wasteful.first()?;
    let fetched = run.issued.len();
    let calls = run.calls.len();
    let mut earlier = run.asked[..first].iter();
    let together = earlier.any(|earlier| is_open(earlier, &run.asked[first], terms));
    let how = if together {
        "asked for a token while it was already asking for one"
    } else {
        "asked for a token though it had one that was good"
    };
    let costs = match terms.reissue {
        Reissue::Same => return None,
        Reissue::Fresh => "each request makes a new token here, and counts against the quota",
        Reissue::Revokes => {
            "each request ends the token before it here, also that of another instance"
        }
    };
    let explain = format!("{how}: {fetched} tokens for {calls} calls; {costs}");
    let path = format!("token[{first}]");
    let cause = if together { "at once" } else { "good token" };
    Some(
        finding(path, Kind::OverFetched, Severity::Risky, explain)
            .advice(
                "keep the token for `expires_in` seconds, in one place for all calls, and let one of them \
                 ask while the others wait",
            )
            .detail("cause", cause),
    )
}

/// Whether a request was still without an answer when another one came: by the order in which the listener saw
/// them, whatever the time between. Only where the endpoint takes its time: else it is chance who is first.
fn is_open(earlier: &Asked, asked: &Asked, terms: &Terms) -> bool {
    !terms.delay.is_zero() && earlier.answered.is_none_or(|answered| asked.at < answered)
}

/// Whether a request for a token was not needed.
fn is_wasteful(run: &Observation, at: usize, terms: &Terms) -> bool {
    let asked = &run.asked[at];
    let Some(issued) = asked.issued.and_then(|issued| run.issued.get(issued)) else {
        return false;
    };
    let began = run.runs.iter().rev().find(|began| **began <= asked.at);
    let began = began.copied().unwrap_or_default();
    let earlier = run.asked[..at].iter().filter(|earlier| earlier.at >= began);
    let earlier = earlier.filter_map(|e| Some((e, run.issued.get(e.issued?)?)));
    let mut earlier = earlier.filter(|(_, token)| token.holder == issued.holder);
    let Some((before, _)) = earlier.next_back() else {
        return false;
    };
    if is_open(before, asked, terms) {
        return true;
    }
    if terms.life < LAPSE {
        return false;
    }
    // Whatever it made of the token: a 401 is a reason to ask for another.
    let refused = |at: Duration| at >= before.at && at < asked.at;
    !run.calls
        .iter()
        .any(|call| call.status == Some(401) && refused(call.at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::judge::examples::{Story, terms};

    fn told(story: &Story, terms: &Terms) -> Vec<String> {
        let found = findings(&story.run(), terms).into_iter();
        found
            .map(|f| format!("{} {} {}", f.path, f.kind, f.detail["cause"]))
            .collect()
    }

    #[test]
    fn a_fetch_for_each_call_counts_where_tokens_are_not_served_again() {
        let mut story = Story::default();
        for at in [0, 10, 20] {
            story.fetch(at, "a").call(at + 1, "a", 200);
        }
        assert_eq!(told(&story, &terms(Reissue::Same, 3600)), [""; 0]);
        for reissue in [Reissue::Fresh, Reissue::Revokes] {
            let wanted = ["token[1] over-fetched \"good token\""];
            assert_eq!(told(&story, &terms(reissue, 3600)), wanted);
        }
        // In time lapse a program may renew ahead each time.
        assert_eq!(told(&story, &terms(Reissue::Fresh, 3)), [""; 0]);
    }

    #[test]
    fn a_token_that_was_refused_may_be_replaced() {
        let mut story = Story::default();
        story
            .fetch(0, "a")
            .call(1, "a", 401)
            .fetch(2, "b")
            .call(3, "b", 200);
        assert_eq!(told(&story, &terms(Reissue::Fresh, 3600)), [""; 0]);
    }

    #[test]
    fn two_at_once_are_one_too_many() {
        let mut story = Story::default();
        story
            .slow(500)
            .fetch(0, "a")
            .fetch(200, "b")
            .call(900, "b", 200);
        let waits = |delay| Terms {
            delay: Duration::from_millis(delay),
            ..terms(Reissue::Fresh, 3)
        };
        let wanted = ["token[1] over-fetched \"at once\""];
        assert_eq!(told(&story, &waits(500)), wanted);
        // An endpoint that answers at once tells nothing of them.
        assert_eq!(told(&story, &waits(0)), [""; 0]);
        // It is the order that counts: the answer to the first left late, and the second came later still.
        let mut busy = Story::default();
        busy.slow(4000).fetch(0, "a").fetch(4001, "b");
        assert_eq!(told(&busy, &waits(500)), [""; 0]);
        let mut busy = Story::default();
        busy.slow(4000).fetch(0, "a").fetch(3999, "b");
        assert_eq!(told(&busy, &waits(500)), wanted);
    }

    #[test]
    fn an_endpoint_that_is_out_of_order_is_asked_again_later() {
        let mut gave_up = Story::default();
        gave_up.refuse(0, 503);
        let terms = terms(Reissue::Same, 3600);
        assert_eq!(told(&gave_up, &terms), ["token[0] not-refreshed \"503\""]);
        let mut patient = Story::default();
        patient.refuse(0, 429).fetch(1000, "a").call(1001, "a", 200);
        assert_eq!(told(&patient, &terms), [""; 0]);
        let mut eager = Story::default();
        eager
            .refuse(0, 503)
            .fetch(10, "a")
            .fetch(20, "a")
            .fetch(30, "a");
        assert_eq!(
            told(&eager, &terms),
            ["token[1] over-fetched \"retry-after\""]
        );
    }
}
