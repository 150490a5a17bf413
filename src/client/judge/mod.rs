//! What a program's run in one profile says: pure, from observations to differences.
//!
//! A run is held against what was issued to it, and against the same program's run with opaque tokens.

mod cause;
mod change;
mod ending;
#[cfg(test)]
pub(crate) mod examples;
mod fetches;
mod forms;
#[cfg(test)]
mod from_bytes;
mod leaks;
mod login;
mod output;
mod parts;
mod placeholder;
mod replies;
mod sent;
mod stderr;
mod tokens;
mod varying;

use std::time::Duration;

pub(crate) use cause::{number, of_capacity};
pub(crate) use ending::last_words;
pub(crate) use leaks::{Share, Tokens};
pub(crate) use stderr::stderr;
pub(crate) use tokens::finding;

use super::observation::Observation;
use crate::mock::document::{Refresh, Reissue, TokenDoc};
use crate::results::{Difference, Kind};

/// What a profile does that bears on what is right in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// Whether a second request for a token gives the same one.
    pub(crate) reissue: Reissue,
    /// The life of a token.
    pub(crate) life: Duration,
    /// The wait of the token endpoint.
    pub(crate) delay: Duration,
    /// Whether it is about many calls at once.
    pub(crate) together: bool,
}

impl Terms {
    /// The terms of a token server.
    pub(crate) fn of(server: &TokenDoc) -> Self {
        let life = server.life.as_ref().map_or(3600, |life| life.value);
        Self {
            reissue: server.reissue.unwrap_or(Reissue::Fresh),
            life: Duration::from_secs(life),
            delay: server.delay.unwrap_or_default().0,
            together: false,
        }
    }
}

/// What went wrong in a run. `baseline` is the run with opaque tokens, none where this is it: what it
/// shows too is told there, and once.
pub(crate) fn judge(
    run: &Observation,
    terms: &Terms,
    baseline: Option<(&Observation, &Terms)>,
) -> Vec<Difference> {
    let mut found = findings(run, terms, baseline.map(|(run, _)| run));
    if let Some((run, terms)) = baseline {
        let known = findings(run, terms, None);
        found.retain(|finding| !known.iter().any(|known| alike(finding, known)));
    }
    found
}

fn alike(one: &Difference, other: &Difference) -> bool {
    let place = |finding: &Difference| match finding.kind {
        Kind::Leaked => finding.path.clone(),
        _ => String::new(),
    };
    (one.kind, &one.detail, place(one)) == (other.kind, &other.detail, place(other))
}

fn findings(run: &Observation, terms: &Terms, baseline: Option<&Observation>) -> Vec<Difference> {
    let mut found = tokens::sent(run, baseline);
    let told = !found.is_empty();
    found.extend(tokens::refused(run, terms, told));
    found.extend(fetches::findings(run, terms));
    found.extend(ending::findings(run, terms, baseline, &found));
    found.extend(leaks::findings(run));
    // What follows from another finding is not one of its own.
    let explained = found.iter().any(|finding| finding.kind != Kind::Leaked);
    if let Some(baseline) = baseline
        && !explained
    {
        let other = said(run, &[baseline]);
        // A token that was put into an answer is why it is another one.
        found.extend(other.filter(|other| found.iter().all(|known| known.path != other.path)));
    }
    found
}

/// The first answer or line of standard output that is another one than with opaque tokens. `opaque` are such
/// runs, the baseline first: with more than one, what varies by itself is passed over.
pub(crate) fn said(run: &Observation, opaque: &[&Observation]) -> Option<Difference> {
    replies::finding(run, opaque).or_else(|| output::finding(run, opaque))
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            reissue: Reissue::Fresh,
            life: Duration::from_secs(3600),
            delay: Duration::ZERO,
            together: false,
        }
    }
}

/// What a run could not show, since the program did not come to it.
pub(crate) fn unproved(
    run: &Observation,
    terms: &Terms,
    revoked_after: Option<u64>,
) -> Option<String> {
    let last = run.calls.iter().map(|call| call.at).max()?;
    let first = run.issued.first()?;
    if terms.life < Duration::from_secs(60) && last < first.until {
        let seconds = terms.life.as_secs();
        return Some(format!(
            "the program made no call after its first token had ended ({seconds} s): what it would do \
             then was not seen"
        ));
    }
    let most = usize::try_from(revoked_after?).unwrap_or(usize::MAX);
    (run.calls.len() <= most).then(|| {
        "the program made its only call before its token was revoked: what it would do at a 401 was \
         not seen"
            .to_owned()
    })
}

/// What a profile of refresh tokens could not show: the program had none, with opaque tokens neither.
pub(crate) fn unrefreshed(
    run: &Observation,
    baseline: &Observation,
    refresh: Option<Refresh>,
) -> Option<String> {
    let had = |run: &Observation| run.issued.iter().any(|issued| issued.refresh.is_some());
    let shows = match refresh? {
        Refresh::Rotate | Refresh::Overlap | Refresh::Omit => had(run),
        Refresh::None => had(baseline),
        Refresh::Keep => true,
    };
    (!shows).then(|| {
        "the program is given no refresh token, since its grant has none: the profile had nothing to show \
         about that"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::examples::{Story, terms};
    use super::*;
    use crate::client::observation::Ending;

    const OPAQUE: &str = "2f9c1a7e-53d4-4b1a-9c55-0a1b2c3d4e5f";
    const LONG: &str =
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJBY21lIiwiYWJjIjoxMjN9.c2lnbmF0dXJlLW9mLXRva2Vu";

    fn told(run: &Observation, terms: &Terms, baseline: Option<&Observation>) -> Vec<String> {
        let usual = Terms {
            reissue: Reissue::Same,
            ..Terms::default()
        };
        let found = judge(run, terms, baseline.map(|run| (run, &usual)));
        let told = found.iter().map(|f| {
            let detail = serde_json::Value::Object(f.detail.clone());
            format!("{} {} {detail}", f.path, f.kind)
        });
        told.collect()
    }

    fn good() -> Observation {
        let mut story = Story::default();
        story
            .fetch(0, OPAQUE)
            .call(1, OPAQUE, 200)
            .ends(Ending::Exit(0), "2 items\n", "");
        story.run()
    }

    #[test]
    fn a_right_run_has_no_finding() {
        let same = terms(Reissue::Same, 3600);
        assert_eq!(told(&good(), &same, None), [""; 0]);
        assert_eq!(told(&good(), &same, Some(&good())), [""; 0]);
    }

    #[test]
    fn a_cut_token_explains_what_follows_from_it() {
        let mut story = Story::default();
        story
            .fetch(0, LONG)
            .call(1, &LONG[..40], 401)
            .ends(Ending::Exit(1), "", "401\n");
        let wanted = [r#"request[0].authorization truncated {"issued":78,"sent":40}"#];
        let fresh = terms(Reissue::Fresh, 3600);
        assert_eq!(LONG.len(), 78);
        assert_eq!(told(&story.run(), &fresh, Some(&good())), wanted);
    }

    #[test]
    fn a_program_that_ends_before_its_first_call_refused_the_token_or_lost_it() {
        let fresh = terms(Reissue::Fresh, 3600);
        let ended = |ending, stderr: &str| {
            let mut story = Story::default();
            story.fetch(0, LONG).ends(ending, "", stderr);
            told(&story.run(), &fresh, Some(&good()))
        };
        assert_eq!(ended(Ending::Exit(1), "no UUID\n"), ["exit rejected {}"]);
        assert_eq!(ended(Ending::Exit(0), "no UUID\n"), ["stderr rejected {}"]);
        assert_eq!(
            ended(Ending::Exit(0), ""),
            [r#"exit not-sent {"issued":78}"#]
        );
        assert_eq!(
            ended(Ending::Signal(11), ""),
            [r#"exit crashed {"signal":11}"#]
        );
        let hung = Ending::TimedOut(Duration::from_secs(30));
        assert_eq!(ended(hung, ""), [r#"exit hung {"seconds":30}"#]);
        // A service that ends at its first token refused it, whatever its exit code.
        assert_eq!(ended(Ending::Gone(0), "no UUID\n"), ["exit rejected {}"]);
        let late = Ending::NeverReady(Duration::from_secs(30));
        assert_eq!(ended(late, ""), [r#"ready hung {"seconds":30}"#]);
    }

    #[test]
    fn a_service_goes_on_until_it_is_stopped() {
        let same = terms(Reissue::Same, 3600);
        let mut story = Story::default();
        story.fetch(0, LONG).call(1, LONG, 200);
        let ended = |ending, stderr: &str| {
            let run = story.clone().ends(ending, "2 items\n", stderr).run();
            told(&run, &same, Some(&good()))
        };
        assert_eq!(ended(Ending::Stopped, ""), [""; 0]);
        assert_eq!(ended(Ending::Gone(0), ""), [r#"exit crashed {"exit":0}"#]);
        let silent = Ending::Silent(Duration::from_secs(30));
        assert_eq!(ended(silent, ""), [r#"answer[0] hung {"seconds":30}"#]);
        // How often a service comes to a line hangs on when it is stopped.
        let run = story.ends(Ending::Stopped, "2 items\n2 items\n", "").run();
        let base = story.ends(Ending::Stopped, "2 items\n", "").run();
        assert_eq!(told(&run, &same, Some(&base)), [""; 0]);
    }

    #[test]
    fn what_a_program_does_at_the_end_of_a_token() {
        let lapse = terms(Reissue::Fresh, 3);
        let mut never = Story::default();
        never
            .life(3)
            .fetch(0, OPAQUE)
            .call(1, OPAQUE, 200)
            .call(6000, OPAQUE, 401);
        never.ends(Ending::Exit(1), "", "");
        let wanted = [r#"request[1].authorization not-refreshed {"cause":"expired"}"#];
        assert_eq!(told(&never.run(), &lapse, Some(&good())), wanted);
        let mut late = Story::default();
        late.life(3)
            .fetch(0, OPAQUE)
            .call(5500, OPAQUE, 401)
            .call(8500, OPAQUE, 401);
        late.fetch(9000, LONG)
            .call(9001, LONG, 200)
            .ends(Ending::Exit(0), "2 items\n", "");
        let wanted = [r#"request[1].authorization stale {"cause":"refused"}"#];
        assert_eq!(told(&late.run(), &lapse, Some(&good())), wanted);
        // Its last call came when the second token had ended too: what it does then is known.
        late.call(16_000, LONG, 401)
            .ends(Ending::Exit(0), "2 items\n", "");
        assert_eq!(told(&late.run(), &lapse, Some(&good())), wanted);
        let mut reacts = Story::default();
        reacts
            .life(3)
            .fetch(0, OPAQUE)
            .call(6000, OPAQUE, 401)
            .fetch(6001, LONG);
        reacts
            .call(6002, LONG, 200)
            .ends(Ending::Exit(0), "2 items\n", "");
        assert_eq!(told(&reacts.run(), &lapse, Some(&good())), [""; 0]);
        // A thread whose turn came late: the new token had been asked for.
        let mut busy = Story::default();
        busy.life(3).fetch(0, OPAQUE).call(6000, OPAQUE, 401);
        busy.fetch(6100, LONG).call(9500, OPAQUE, 401);
        busy.call(9600, LONG, 200)
            .ends(Ending::Exit(0), "2 items\n", "");
        assert_eq!(told(&busy.run(), &lapse, Some(&good())), [""; 0]);
    }

    #[test]
    fn what_the_baseline_shows_too_is_told_there() {
        let mut story = Story::default();
        story.fetch(0, OPAQUE).call(1, OPAQUE, 200);
        story.ends(Ending::Exit(0), "2 items\n", &format!("got {OPAQUE}\n"));
        let base = story.run();
        let mut story = Story::default();
        story.fetch(0, LONG).call(1, LONG, 200);
        story.ends(Ending::Exit(0), "2 items\n", &format!("got {LONG}\n"));
        let same = terms(Reissue::Same, 3600);
        assert_eq!(
            told(&base, &same, None),
            [r#"stderr leaked {"place":"stderr"}"#]
        );
        assert_eq!(told(&story.run(), &same, Some(&base)), [""; 0]);
    }

    #[test]
    fn what_was_not_seen_is_said() {
        let mut story = Story::default();
        story.life(3).fetch(0, OPAQUE).call(1, OPAQUE, 200);
        let run = story.run();
        assert!(unproved(&run, &terms(Reissue::Fresh, 3), None).is_some());
        assert!(unproved(&run, &terms(Reissue::Same, 3600), None).is_none());
        assert!(unproved(&run, &terms(Reissue::Same, 3600), Some(1)).is_some());
        story.call(6000, OPAQUE, 401);
        assert!(unproved(&story.run(), &terms(Reissue::Fresh, 3), None).is_none());
    }

    #[test]
    fn a_program_without_refresh_tokens_is_shown_nothing_of_them() {
        let without = good();
        let mut with = good();
        with.issued[0].refresh = Some(LONG.to_owned());
        let told = |run, baseline, refresh| unrefreshed(run, baseline, Some(refresh)).is_some();
        assert!(told(&without, &without, Refresh::Rotate));
        assert!(!told(&with, &with, Refresh::Rotate));
        assert!(told(&without, &without, Refresh::None));
        assert!(!told(&without, &with, Refresh::None));
        assert!(!told(&without, &without, Refresh::Keep));
    }

    #[test]
    fn the_page_shows_one_of_each_kind() {
        let shows = |story: &Story, terms: &Terms| {
            let usual = self::terms(Reissue::Same, 3600);
            let found = judge(&story.run(), terms, Some((&good(), &usual)));
            assert_eq!(found.len(), 1, "{found:?}");
            found.iter().for_each(crate::page::shows);
        };
        let fresh = terms(Reissue::Fresh, 3600);
        for (sent, status) in [(&LONG[..40], 401), (&*LONG.to_lowercase(), 401)] {
            let mut story = Story::default();
            story.fetch(0, LONG).call(1, sent, status);
            shows(story.ends(Ending::Exit(1), "", "401\n"), &fresh);
        }
        for (ending, stderr) in [
            (Ending::Exit(1), "no UUID\n"),
            (Ending::Exit(0), ""),
            (Ending::Signal(11), ""),
            (Ending::TimedOut(Duration::from_secs(30)), ""),
        ] {
            let mut story = Story::default();
            shows(story.fetch(0, LONG).ends(ending, "", stderr), &fresh);
        }
        let lapse = terms(Reissue::Fresh, 3);
        let mut never = Story::default();
        never.life(3).fetch(0, OPAQUE).call(1, OPAQUE, 200);
        never.call(6000, OPAQUE, 401);
        shows(never.ends(Ending::Exit(1), "", ""), &lapse);
        let mut late = Story::default();
        late.life(3).fetch(0, OPAQUE).call(5500, OPAQUE, 401);
        late.call(8500, OPAQUE, 401).fetch(9000, LONG);
        late.call(9001, LONG, 200);
        shows(late.ends(Ending::Exit(0), "2 items\n", ""), &lapse);
        let mut greedy = Story::default();
        for at in [0, 10, 20] {
            greedy.fetch(at, LONG).call(at + 1, LONG, 200);
        }
        shows(greedy.ends(Ending::Exit(0), "2 items\n", ""), &fresh);
        let mut leaky = Story::default();
        leaky.fetch(0, LONG).call(1, LONG, 200);
        let said = format!("got {LONG}\n");
        shows(leaky.ends(Ending::Exit(0), "2 items\n", &said), &fresh);
        let mut other = Story::default();
        other.fetch(0, LONG).call(1, LONG, 200);
        shows(other.ends(Ending::Exit(0), "0 items\n", ""), &fresh);
    }
}
