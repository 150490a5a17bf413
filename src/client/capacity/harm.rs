//! What became of a token that is tried.

use crate::client::judge::{Terms, finding, judge};
use crate::client::observation::Observation;
use crate::results::{Difference, Kind, Severity};

/// Why the tokens of a run were not replayed unharmed. What the program does with opaque tokens too, and
/// where else it writes the token, is not asked here.
pub(super) fn harm(
    run: &Observation,
    terms: &Terms,
    baseline: (&Observation, &Terms),
) -> Option<Difference> {
    let harms = |finding: &Difference| {
        matches!(
            finding.kind,
            Kind::Truncated
                | Kind::Altered
                | Kind::NotSent
                | Kind::Rejected
                | Kind::Stale
                | Kind::NotRefreshed
                | Kind::Crashed
                | Kind::Hung
        )
    };
    // What follows from one token for another is not the mechanism.
    mistaken(run).or_else(|| {
        let found = judge(run, terms, Some(baseline));
        found.into_iter().find(harms)
    })
}

/// Whether one run is enough to know: what a busy machine can bring about is looked at twice.
pub(super) const fn is_certain(harm: &Difference) -> bool {
    // A program that hangs takes all of its time each time.
    matches!(harm.kind, Kind::Truncated | Kind::Altered | Kind::Hung)
}

/// A token was issued, and every call behind it has an older one.
fn mistaken(run: &Observation) -> Option<Difference> {
    let newest = run.issued.last()?;
    let sent = |token: &String| {
        let behind = run.calls.iter().filter(move |call| call.at > newest.at);
        let has = |value: &[u8]| value.ends_with(token.as_bytes());
        behind
            .filter(|call| call.message.all("authorization").any(has))
            .count()
    };
    let older = run
        .issued
        .iter()
        .filter(|issued| issued.token != newest.token);
    let older: usize = older.map(|issued| sent(&issued.token)).sum();
    (older > 0 && sent(&newest.token) == 0).then(|| {
        let explain = "sent an older token in place of the one that it had just been given";
        finding("capacity", Kind::Stale, Severity::Breaking, explain)
    })
}

/// Whether the program was given two tokens.
pub(super) fn met(run: &Observation) -> bool {
    let first = run.issued.first().map(|issued| issued.token.as_str());
    run.issued
        .iter()
        .any(|issued| Some(issued.token.as_str()) != first)
}

/// The characters with which two tokens of a run began alike, at most.
pub(super) fn common(run: &Observation) -> usize {
    let tokens: Vec<&str> = run
        .issued
        .iter()
        .map(|issued| issued.token.as_str())
        .collect();
    let pairs = tokens
        .iter()
        .flat_map(|one| tokens.iter().map(move |other| (one, other)));
    let same = |one: &str, other: &str| {
        let pairs = one.bytes().zip(other.bytes());
        pairs.take_while(|(a, b)| a == b).count()
    };
    let different = pairs.filter(|(one, other)| one != other);
    different
        .map(|(one, other)| same(one, other))
        .max()
        .unwrap_or(0)
}
