//! What the results of a test's cases come to.

use libtest_mimic::{Completion, Failed};

use crate::report::details;
use crate::results::{CaseResult, Reason, Severity, Verdict};

/// Columns of a failure's text.
const WIDTH: usize = 80;

/// Fails where a case is different or inconclusive, or has no result; is ignored where something
/// was withheld or nothing ran.
pub(super) fn conclude(
    results: &[CaseResult],
    planned: usize,
    fail_on: Severity,
    under_nextest: bool,
) -> Result<Completion, Failed> {
    let failed =
        |case: &&CaseResult| matches!(case.verdict, Verdict::Different | Verdict::Inconclusive);
    let failures: Vec<String> = results
        .iter()
        .filter(failed)
        .map(|case| details(case, fail_on, WIDTH).unwrap_or_else(|error| error.to_string()))
        .collect();
    if !failures.is_empty() {
        return Err(failures.join("\n").into());
    }
    if results.len() < planned {
        let text = format!("{} of {planned} cases have a result", results.len());
        return Err(text.into());
    }
    match not_run(results) {
        None => Ok(Completion::Completed),
        // nextest sees the exit code only and would call it passed.
        Some(reason) if under_nextest => Err(reason.into()),
        Some(reason) => Ok(Completion::ignored_with(reason)),
    }
}

/// Why a test proves nothing, if it does not.
fn not_run(results: &[CaseResult]) -> Option<String> {
    let withheld = |case: &&CaseResult| {
        matches!(
            case.reason,
            Some(Reason::WritesWithheld | Reason::ProbesWithheld)
        )
    };
    let nothing = results.iter().all(|case| case.verdict == Verdict::Skipped);
    let case = results
        .iter()
        .find(withheld)
        .or_else(|| results.first().filter(|_| nothing))?;
    let reason = case.reason.map_or("skip", Reason::word);
    let note = case.note.as_deref().map(|note| format!(": {note}"));
    Some(format!("{reason}{}", note.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::CaseType;

    fn case(verdict: Verdict, reason: Option<Reason>) -> CaseResult {
        CaseResult {
            id: "a.yaml::one".to_owned(),
            r#type: CaseType::Request,
            line: 1,
            suite: "A".to_owned(),
            case: "one".to_owned(),
            feature: None,
            verdict,
            reason,
            note: None,
            differences: Vec::new(),
            old: None,
            new: None,
        }
    }

    fn told(results: &[CaseResult], planned: usize, under_nextest: bool) -> String {
        match conclude(results, planned, Severity::Risky, under_nextest) {
            Ok(Completion::Completed) => "ok".to_owned(),
            Ok(Completion::Ignored { reason }) => format!("ignored {}", reason.unwrap()),
            Err(failed) => format!("failed {}", failed.message().unwrap()),
        }
    }

    #[test]
    fn only_what_ran_and_held_is_ok() {
        let same = case(Verdict::Same, None);
        let accepted = case(Verdict::Accepted, None);
        let withheld = case(Verdict::Skipped, Some(Reason::WritesWithheld));
        let skipped = case(Verdict::Skipped, Some(Reason::Skip));
        let unsure = case(Verdict::Inconclusive, Some(Reason::Timeout));
        let all = |cases: &[&CaseResult]| -> Vec<CaseResult> {
            cases.iter().map(|case| (*case).clone()).collect()
        };
        assert_eq!(told(&all(&[&same, &accepted, &skipped]), 3, false), "ok");
        assert_eq!(
            told(&all(&[&same, &withheld]), 2, false),
            "ignored writes-withheld"
        );
        assert_eq!(
            told(&all(&[&same, &withheld]), 2, true),
            "failed writes-withheld"
        );
        assert_eq!(told(&all(&[&skipped]), 1, false), "ignored skip");
        assert_eq!(
            told(&all(&[&same]), 2, false),
            "failed 1 of 2 cases have a result"
        );
        let text = told(&all(&[&same, &unsure]), 2, false);
        assert_eq!(
            text,
            "failed INCONCLUSIVE a.yaml::one\n  timeout: a side gave no complete answer in time\n"
        );
    }
}
