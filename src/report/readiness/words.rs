//! What every readiness report says in words.

use super::told;
use crate::plural::plural;
use crate::readiness::{Matrix, State, Verdict};

/// The verdict in a line: `not ready: 1 row differs, 8 rows not tested`.
pub(in crate::report) fn headline(matrix: &Matrix) -> String {
    let all = |state: State| matrix.count(state, false) + matrix.count(state, true);
    let (differs, open) = (all(State::Differs), matrix.count(State::NotTested, false));
    let mut why: Vec<String> = Vec::new();
    if differs > 0 {
        let verb = if differs == 1 { "differs" } else { "differ" };
        why.push(format!("{} {verb}", plural(differs, "row")));
    }
    if open > 0 {
        why.push(format!("{} not tested", plural(open, "row")));
    }
    if matrix.verdict == Verdict::ReadyWithAcceptedChanges {
        let changes = plural(told(matrix).len(), "change");
        why.push(format!("{changes} that consumers must be told"));
    }
    match why.as_slice() {
        [] => matrix.verdict.to_string(),
        why => format!("{}: {}", matrix.verdict, why.join(", ")),
    }
}

/// `INCOMPLETE: 412 of 1000 cases of run X`, where runs did not end.
pub(in crate::report) fn incomplete(matrix: &Matrix) -> Option<String> {
    let torn = matrix.runs.iter().filter(|run| !run.complete);
    let torn = torn.map(|run| format!("{} of {} cases of run {}", run.done, run.planned, run.id));
    let torn: Vec<String> = torn.collect();
    (!torn.is_empty()).then(|| format!("INCOMPLETE: {}", torn.join(", ")))
}

/// `7 proved, 1 differs, 15 not tested, 0 attested, 0 not applicable` of the rows of the comparison.
pub(in crate::report) fn counted(matrix: &Matrix) -> String {
    let counts = State::ALL.map(|state| format!("{} {state}", matrix.count(state, false)));
    counts.join(", ")
}
