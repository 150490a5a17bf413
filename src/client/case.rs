//! The case of one profile: from what was observed to a verdict.

use super::execute::{Baseline, ClientRun};
use super::judge::{Terms, judge, last_words, unproved, unrefreshed};
use super::observation::{Ending, Observation};
use super::pass::Trouble;
use super::profile::{BASELINE, Profile};
use crate::mock::document::TokenDoc;
use crate::results::{CaseResult, Difference, Kind, Reason, Severity, SideResult, Verdict};

/// What becomes of a profile whose baseline proves nothing.
pub(super) fn unproved_too(case: &mut CaseResult, trouble: Option<&Trouble>) {
    (case.verdict, case.reason) = (Verdict::Inconclusive, Some(Reason::Needs));
    let mut note = "the program does not work with opaque tokens either (opaque-uuid)";
    if let Some(trouble) = trouble {
        note = "it could not be seen whether the program works with opaque tokens (opaque-uuid)";
        if trouble.verdict() == Verdict::Skipped {
            (case.verdict, case.reason) = (Verdict::Skipped, Some(trouble.reason));
        }
    }
    case.note = Some(note.to_owned());
}

fn server(work: &ClientRun, at: usize) -> Option<&TokenDoc> {
    work.client.profiles.get(at).map(Profile::token)
}

/// The terms of a profile.
pub(super) fn terms(work: &ClientRun, at: usize) -> Terms {
    let profile = work.client.profiles.get(at);
    let terms = profile.map(|profile| Terms {
        together: profile.together,
        ..Terms::of(profile.token())
    });
    terms.unwrap_or_default()
}

/// Why a run proves nothing about other tokens, if it does not.
pub(super) fn broken(run: &Observation) -> Option<String> {
    let served = run
        .calls
        .iter()
        .any(|call| call.status.is_some_and(|status| status != 401));
    if !run.ending.is_good() {
        let last = run.calls.last().and_then(|call| call.status);
        let refused = last.filter(|status| *status >= 400);
        let refused =
            refused.map(|status| format!(" (the API answered {status} to its last call)"));
        Some(format!(
            "the program does not work with opaque tokens: {}{}",
            last_words(run),
            refused.unwrap_or_default()
        ))
    } else if let Some(reply) = bad_reply(run) {
        Some(reply)
    } else if run.asked.is_empty() {
        let text = "the program never asked for a token: is CUTOVER_TOKEN_URL where it takes its address \
                    from?";
        Some(text.to_owned())
    } else if run.calls.is_empty() {
        let text =
            "the program never called the API: is CUTOVER_API_URL where it takes its address from?";
        Some(text.to_owned())
    } else if !served {
        Some(format!(
            "the API took none of its calls: {}",
            last_words(run)
        ))
    } else {
        None
    }
}

/// An answer of a service that shows that it does not work.
fn bad_reply(run: &Observation) -> Option<String> {
    run.replies.iter().flatten().find_map(|reply| {
        let said = match &reply.answer {
            None => "closed the connection".to_owned(),
            Some((status, _)) if *status >= 500 => format!("answered {status}"),
            Some(_) => return None,
        };
        let what = &reply.what;
        let words = last_words(run);
        Some(format!(
            "the service does not work with opaque tokens: asked {what} it {said}; {words}"
        ))
    })
}

/// The case of the baseline.
pub(super) fn baseline_case(
    baseline: &Baseline,
    why: Option<&str>,
    work: &ClientRun,
    mut case: CaseResult,
) -> CaseResult {
    let run = &baseline.run;
    let side = summary(run, BASELINE);
    (case.old, case.new) = (Some(side.clone()), Some(side));
    case.differences = judge(run, &baseline.terms, None);
    match why {
        Some(why) => {
            (case.verdict, case.reason) = match &run.trouble {
                Some(trouble) => (trouble.verdict(), Some(trouble.reason)),
                None => (Verdict::Inconclusive, Some(Reason::BothFailed)),
            };
            case.note = Some(why.to_owned());
            // It is held against nothing.
            of_the_token_itself(&mut case, run);
        }
        None => case.verdict = verdict(&case, work.fail_on),
    }
    work.evidence(&mut case, (run, run), &baseline.secrets);
    work.redact(&mut case, &baseline.secrets);
    case
}

/// Leaves the findings that hold whatever else went wrong: what became of the token itself.
fn of_the_token_itself(case: &mut CaseResult, run: &Observation) {
    // Where not all is kept, a token that was issued and is not known looks like another that was changed.
    let lacking = run
        .trouble
        .as_ref()
        .is_some_and(|trouble| trouble.reason == Reason::BodyLimit);
    case.differences.retain(|finding| match finding.kind {
        Kind::Truncated | Kind::Leaked => true,
        Kind::Altered => !lacking,
        _ => false,
    });
}

/// What was found in a profile, held against the baseline.
pub(super) fn found(
    run: &Observation,
    baseline: &Baseline,
    work: &ClientRun,
    at: usize,
) -> Vec<Difference> {
    let terms = terms(work, at);
    judge(run, &terms, Some((&baseline.run, &baseline.terms)))
}

/// The case of a profile, from what was found in it.
pub(super) fn other_case(
    run: &Observation,
    found: Vec<Difference>,
    baseline: &Baseline,
    work: &ClientRun,
    at: usize,
    mut case: CaseResult,
) -> CaseResult {
    let name = work
        .client
        .profiles
        .get(at)
        .map(|profile| profile.name.as_str());
    let terms = terms(work, at);
    case.new = Some(summary(run, name.unwrap_or_default()));
    case.differences = found;
    if run.trouble.is_some() {
        of_the_token_itself(&mut case, run);
    }
    case.verdict = verdict(&case, work.fail_on);
    if let Some(trouble) = run
        .trouble
        .as_ref()
        .filter(|_| case.verdict == Verdict::Same)
    {
        (case.verdict, case.reason) = (trouble.verdict(), Some(trouble.reason));
        case.note = Some(trouble.message.clone());
    }
    if case.verdict == Verdict::Same {
        let after = server(work, at).and_then(|server| server.revoked_after.as_ref());
        case.note = unproved(run, &terms, after.map(|after| after.value));
        let refresh = server(work, at).and_then(|server| server.refresh);
        case.note = case
            .note
            .or_else(|| unrefreshed(run, &baseline.run, refresh));
    }
    case
}

fn verdict(case: &CaseResult, fail_on: Severity) -> Verdict {
    let counts = case
        .differences
        .iter()
        .any(|finding| finding.severity >= fail_on);
    if counts {
        Verdict::Different
    } else {
        Verdict::Same
    }
}

/// What a program did, in numbers.
pub(super) fn summary(run: &Observation, profile: &str) -> SideResult {
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    SideResult {
        ms: run.ms,
        profile: Some(profile.to_owned()),
        exit: match run.ending {
            Ending::Exit(code) | Ending::Gone(code) => Some(code),
            _ => None,
        },
        token_requests: Some(count(run.asked.len())),
        api_requests: Some(count(run.calls.len())),
        ..SideResult::default()
    }
}

/// Adds a finding to a case, and what follows from it.
pub(super) fn add(case: &mut CaseResult, finding: Difference, fail_on: Severity) {
    case.differences.push(finding);
    case.verdict = verdict(case, fail_on);
    if case.verdict == Verdict::Different {
        case.note = None;
    }
}

/// Whether nothing was found that may have led to more: a token in the wrong place does not.
pub(super) fn is_unexplained(case: &CaseResult) -> bool {
    let leaks = |finding: &Difference| finding.kind == Kind::Leaked;
    case.differences.iter().all(leaks)
}
