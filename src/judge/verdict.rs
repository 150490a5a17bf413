//! The verdict of a case: the first line of the table that holds.

use crate::pair::Pair;
use crate::results::{Difference, Kind, Reason, Severity, Verdict, Where};

/// What is known of a case when it is judged.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Why it was not attempted, if it was not.
    pub skipped: Option<Reason>,
    /// Why there is no complete pair of observations, if there is none.
    pub failed: Option<Reason>,
    /// Everything that was found, accepted or not.
    pub differences: &'a [Difference],
    /// The severity from which a difference counts.
    pub fail_on: Severity,
    /// The status of each side's final answer; `None` for cases that are not about one.
    pub statuses: Option<Pair<u16>>,
    /// Whether the case's `expect` names the status that each side gave.
    pub expected: Pair<bool>,
}

/// A verdict with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it was skipped or is inconclusive.
    pub reason: Option<Reason>,
    /// The reason in words, where there is more to say.
    pub note: Option<String>,
}

impl Judgement {
    const fn plain(verdict: Verdict, reason: Option<Reason>) -> Self {
        Self {
            verdict,
            reason,
            note: None,
        }
    }
}

/// Judges a case.
///
/// In this order: `skipped`, no complete pair (`inconclusive`), a failed `expect` or a difference
/// that counts and that nothing accepts (`different`), both sides failing with a status that the
/// case does not expect (`inconclusive`), a difference that counts and is accepted (`accepted`),
/// and else `same`.
pub fn verdict(facts: &Facts<'_>) -> Judgement {
    if let Some(reason) = facts.skipped {
        return Judgement::plain(Verdict::Skipped, Some(reason));
    }
    if let Some(reason) = facts.failed {
        return Judgement::plain(Verdict::Inconclusive, Some(reason));
    }
    let counts = |difference: &&Difference| {
        difference.severity >= facts.fail_on || difference.kind == Kind::Expectation
    };
    let accepted = |difference: &Difference| difference.accepted_by.is_some();
    if facts
        .differences
        .iter()
        .filter(counts)
        .any(|difference| !accepted(difference))
    {
        return Judgement::plain(Verdict::Different, None);
    }
    if let Some(statuses) = facts.statuses
        && both_failed(facts, statuses)
    {
        let note = if statuses.old == statuses.new {
            format!("both sides answered {}", statuses.old)
        } else {
            format!(
                "the old side answered {}, the new side {}",
                statuses.old, statuses.new
            )
        };
        return Judgement {
            note: Some(format!(
                "{note}; if that is what the case is about, write it in `expect`"
            )),
            ..Judgement::plain(Verdict::Inconclusive, Some(Reason::BothFailed))
        };
    }
    if facts.differences.iter().filter(counts).any(accepted) {
        return Judgement::plain(Verdict::Accepted, None);
    }
    Judgement::plain(Verdict::Same, None)
}

/// Whether both sides failed alike, and the case does not say that they should. An accepted change
/// of status names both statuses, so the case knows of it.
fn both_failed(facts: &Facts<'_>, statuses: Pair<u16>) -> bool {
    let named = facts.expected.old && facts.expected.new;
    let accepted = facts
        .differences
        .iter()
        .any(|difference| difference.r#where == Where::Status && difference.accepted_by.is_some());
    statuses.old >= 400 && statuses.new >= 400 && !named && !accepted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::AcceptedBy;

    fn difference(place: Where, kind: Kind, severity: Severity, accepted: bool) -> Difference {
        let mut difference = Difference::new(place, "", kind, severity, "");
        difference.accepted_by = accepted.then(|| AcceptedBy {
            rule: String::new(),
            because: String::new(),
            until: None,
            at: String::new(),
        });
        difference
    }

    fn judged(
        differences: &[Difference],
        statuses: Pair<u16>,
        expected: bool,
    ) -> (Verdict, Option<Reason>) {
        let judgement = verdict(&Facts {
            skipped: None,
            failed: None,
            differences,
            fail_on: Severity::Risky,
            statuses: Some(statuses),
            expected: Pair::both(expected),
        });
        (judgement.verdict, judgement.reason)
    }

    #[test]
    fn the_first_line_that_holds_is_the_verdict() {
        let ok = Pair::both(200);
        let failed = Pair::both(401);
        let breaking =
            |accepted| difference(Where::Body, Kind::Value, Severity::Breaking, accepted);
        let cosmetic = difference(Where::Header, Kind::Value, Severity::Cosmetic, false);
        let both_failed = (Verdict::Inconclusive, Some(Reason::BothFailed));
        assert_eq!(judged(&[], ok, false), (Verdict::Same, None));
        assert_eq!(judged(&[cosmetic], ok, false), (Verdict::Same, None));
        assert_eq!(
            judged(&[breaking(true)], ok, false),
            (Verdict::Accepted, None)
        );
        assert_eq!(
            judged(&[breaking(true), breaking(false)], ok, false),
            (Verdict::Different, None)
        );
        assert_eq!(judged(&[], failed, false), both_failed);
        assert_eq!(judged(&[breaking(true)], failed, false), both_failed);
        assert_eq!(
            judged(&[breaking(true)], failed, true),
            (Verdict::Accepted, None)
        );
        assert_eq!(
            judged(&[breaking(false)], failed, false),
            (Verdict::Different, None)
        );
        assert_eq!(judged(&[], failed, true), (Verdict::Same, None));
    }

    #[test]
    fn an_accepted_status_is_not_a_common_failure() {
        let status = difference(Where::Status, Kind::Value, Severity::Risky, true);
        assert_eq!(
            judged(&[status], Pair::new(405, 404), false),
            (Verdict::Accepted, None)
        );
    }

    #[test]
    fn a_failed_expectation_counts_whatever_fail_on_says() {
        let expectation = difference(Where::Expect, Kind::Expectation, Severity::Cosmetic, false);
        assert_eq!(
            judged(&[expectation], Pair::both(500), false),
            (Verdict::Different, None)
        );
    }

    #[test]
    fn what_was_not_seen_is_never_parity() {
        let facts = Facts {
            skipped: Some(Reason::WritesWithheld),
            failed: Some(Reason::Connect),
            differences: &[],
            fail_on: Severity::Breaking,
            statuses: None,
            expected: Pair::both(true),
        };
        assert_eq!(verdict(&facts).verdict, Verdict::Skipped);
        let failed = Facts {
            skipped: None,
            ..facts
        };
        assert_eq!(verdict(&failed).reason, Some(Reason::Connect));
    }
}
