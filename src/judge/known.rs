//! Tying differences to the documented changes between two platforms.

use crate::message::Response;
use crate::pair::Pair;
use crate::platform::{AnswerTo, Answers, Platform};
use crate::results::Difference;

/// Sets `known` on every difference that a documented change from the old platform to the new one
/// explains, with what a client feels and what to do. Reports add the line that would accept it. `answers` is `None` where
/// there are none to look at (a probe).
///
/// A difference has at most one: the first of the platform's file that covers it.
pub fn mark_known(
    differences: &mut [Difference],
    answers: Option<Pair<&Response>>,
    platforms: Pair<&Platform>,
) {
    let answers = answers.map(|responses| (responses, AnswerTo::Anything));
    mark(differences, answers, platforms);
}

/// The same for the answers to a request of each side, to these paths of their hosts: some changes are about some
/// paths only.
pub fn mark_known_of_request(
    differences: &mut [Difference],
    answers: Pair<&Response>,
    paths: Pair<&str>,
    platforms: Pair<&Platform>,
) {
    mark(
        differences,
        Some((answers, AnswerTo::Paths(paths))),
        platforms,
    );
}

/// The same for the answers of token endpoints to a grant, as a suite writes it.
pub fn mark_known_of_grant(
    differences: &mut [Difference],
    answers: Pair<&Response>,
    grant: &str,
    platforms: Pair<&Platform>,
) {
    mark(
        differences,
        Some((answers, AnswerTo::Grant(grant))),
        platforms,
    );
}

fn mark(
    differences: &mut [Difference],
    answers: Option<(Pair<&Response>, AnswerTo<'_>)>,
    platforms: Pair<&Platform>,
) {
    // Most pairs are alike: their bodies are not read as faults for nothing.
    if differences.is_empty() {
        return;
    }
    let answers = answers.map(|(responses, to)| Answers::read(responses, to, platforms));
    let from = |names: &[String]| names.contains(&platforms.old.name);
    let shown = platforms.new.changes().filter(|known| from(&known.from));
    for known in shown.filter(|known| known.shown_by(answers.as_ref())) {
        let fresh = differences
            .iter_mut()
            .filter(|difference| difference.known.is_none());
        for difference in fresh.filter(|difference| known.explains(difference)) {
            let name = known.name();
            known.explain.trim().clone_into(&mut difference.explain);
            difference.advice = Some(known.advice.trim().trim_end_matches('.').to_owned());
            difference.known = Some(name);
        }
    }
}

#[cfg(test)]
#[path = "known_tests.rs"]
mod tests;
