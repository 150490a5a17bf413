//! What a program's run in one profile says: pure, from observations to differences.
//!
//! A run is held against what was issued to it, and against the same program's run with opaque tokens.

mod cause;
mod ending;
#[cfg(test)]
mod examples;
mod fetches;
mod leaks;
mod output;
mod sent;
mod tokens;

use std::time::Duration;

pub(crate) use ending::last_words;
pub(crate) use leaks::Wanted;

use super::observation::Observation;
use crate::mock::document::{Reissue, TokenDoc};
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
}

impl Terms {
    /// The terms of a token server.
    pub(crate) fn of(server: &TokenDoc) -> Self {
        let life = server.life.as_ref().map_or(3600, |life| life.value);
        Self {
            reissue: server.reissue.unwrap_or(Reissue::Fresh),
            life: Duration::from_secs(life),
            delay: server.delay.unwrap_or_default().0,
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
    found.extend(tokens::refused(run, told));
    found.extend(fetches::findings(run, terms));
    found.extend(ending::findings(run, terms, baseline, &found));
    found.extend(leaks::findings(run));
    // What follows from another finding is not one of its own.
    let explained = found.iter().any(|finding| finding.kind != Kind::Leaked);
    if let Some(baseline) = baseline
        && !explained
    {
        found.extend(output::finding(run, baseline));
    }
    found
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            reissue: Reissue::Fresh,
            life: Duration::from_secs(3600),
            delay: Duration::ZERO,
        }
    }
}

/// What a run could not show, since the program did not come to it.
pub(crate) fn unproved(run: &Observation, terms: &Terms, revoked_after: Option<u64>) -> Option<String> {
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
