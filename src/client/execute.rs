//! A program through its profiles: the baseline first, then the others, some at a time.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::harness::{ClientError, Outside, observe};
use super::judge::{Terms, judge, last_words, unproved};
use super::observation::{Ending, Observation};
use super::pass::Trouble;
use super::profile::{BASELINE, Profile};
use super::program::Client;
use crate::mock::document::TokenDoc;
use crate::results::{CaseResult, Kind, Reason, Severity, SideResult, Verdict};

/// Waits until the run is to end.
pub type Stopped = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What is to be run, and how.
#[derive(Clone)]
pub struct ClientRun {
    /// The program.
    pub client: Arc<Client>,
    /// Indices of the profiles; the baseline runs also where it is not among them.
    pub wanted: Vec<usize>,
    /// Profiles at work at one time.
    pub jobs: usize,
    /// The severity from which a finding counts.
    pub fail_on: Severity,
    /// What the program is given from outside.
    pub outside: Outside,
    /// Waits until the run is to be given up.
    pub stopped: Stopped,
}

impl std::fmt::Debug for ClientRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientRun")
            .field("wanted", &self.wanted)
            .field("jobs", &self.jobs)
            .finish_non_exhaustive()
    }
}

/// The baseline, as the others are held against it.
struct Baseline {
    run: Observation,
    terms: Terms,
}

/// Runs a program through its profiles. `blank` gives the case of a profile, not yet filled in; `done`
/// is told each result, and says whether to go on.
///
/// # Errors
/// The program cannot be started at all.
pub async fn run_client(
    work: &ClientRun,
    blank: impl Fn(usize) -> CaseResult,
    mut done: impl FnMut(&CaseResult) -> bool,
) -> Result<(), ClientError> {
    let base = work.client.profiles.iter().position(Profile::is_baseline);
    let Some(base) = base else {
        return Err(ClientError::Profile(format!(
            "the profile {BASELINE} is missing"
        )));
    };
    let Some(run) = observed(work, base).await? else {
        return Ok(());
    };
    let terms = terms(work, base);
    let trouble = run.trouble.clone();
    let why = match &trouble {
        Some(trouble) => Some(trouble.message.clone()),
        None => broken(&run),
    };
    let baseline = Arc::new(Baseline { run, terms });
    if work.wanted.contains(&base) {
        let case = baseline_case(&baseline, why.as_deref(), work, blank(base));
        if !done(&case) {
            return Ok(());
        }
    }
    let rest: Vec<usize> = work
        .wanted
        .iter()
        .copied()
        .filter(|at| *at != base)
        .collect();
    if why.is_some() {
        for at in rest {
            let mut case = blank(at);
            unproved_too(&mut case, trouble.as_ref());
            if !done(&case) {
                return Ok(());
            }
        }
        return Ok(());
    }
    others(work, &baseline, rest, blank, done).await
}

/// What becomes of a profile whose baseline proves nothing.
fn unproved_too(case: &mut CaseResult, trouble: Option<&Trouble>) {
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

async fn others(
    work: &ClientRun,
    baseline: &Arc<Baseline>,
    rest: Vec<usize>,
    blank: impl Fn(usize) -> CaseResult,
    mut done: impl FnMut(&CaseResult) -> bool,
) -> Result<(), ClientError> {
    let mut waiting: VecDeque<usize> = rest.into();
    let mut working: JoinSet<Result<Option<CaseResult>, ClientError>> = JoinSet::new();
    let mut ended = Ok(());
    let service = work.client.service.as_ref();
    let alone = service.is_some_and(|service| !service.has_own_port());
    let jobs = if alone { 1 } else { work.jobs.max(1) };
    loop {
        while working.len() < jobs
            && let Some(at) = waiting.pop_front()
        {
            let (work, baseline, case) = (work.clone(), Arc::clone(baseline), blank(at));
            working.spawn(async move {
                let Some(run) = observed(&work, at).await? else {
                    return Ok(None);
                };
                Ok(Some(other_case(&run, &baseline, &work, at, case)))
            });
        }
        let Some(joined) = working.join_next().await else {
            return ended;
        };
        match joined {
            Ok(Ok(Some(case))) if done(&case) => {}
            // The run is to end: nothing begins any more, and what is at work comes to its own end, so
            // that no program is left behind.
            Ok(Ok(_)) => waiting.clear(),
            Ok(Err(error)) => {
                waiting.clear();
                ended = Err(error);
            }
            Err(error) => {
                waiting.clear();
                ended = Err(ClientError::Profile(error.to_string()));
            }
        }
    }
}

/// What a program did in a profile; none where the run is to end.
async fn observed(work: &ClientRun, at: usize) -> Result<Option<Observation>, ClientError> {
    let Some(profile) = work.client.profiles.get(at) else {
        return Ok(None);
    };
    let stop = || (work.stopped)();
    let run = observe(&work.client, profile, &work.outside, stop).await?;
    let mut given_up = stop();
    let over =
        std::future::poll_fn(|cx| std::task::Poll::Ready(given_up.as_mut().poll(cx).is_ready()));
    Ok((!over.await).then_some(run))
}

fn server(work: &ClientRun, at: usize) -> Option<&TokenDoc> {
    work.client.profiles.get(at).map(Profile::token)
}

fn terms(work: &ClientRun, at: usize) -> Terms {
    server(work, at).map(Terms::of).unwrap_or_default()
}

/// Why a run proves nothing about other tokens, if it does not.
fn broken(run: &Observation) -> Option<String> {
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

fn baseline_case(
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
            of_the_token_itself(&mut case);
        }
        None => case.verdict = verdict(&case, work.fail_on),
    }
    work.outside.secrets.case(&mut case);
    case
}

/// Leaves the findings that hold whatever else went wrong: what became of the token itself.
fn of_the_token_itself(case: &mut CaseResult) {
    let told = [Kind::Truncated, Kind::Altered, Kind::Leaked];
    case.differences
        .retain(|finding| told.contains(&finding.kind));
}

fn other_case(
    run: &Observation,
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
    case.old = Some(summary(&baseline.run, BASELINE));
    case.new = Some(summary(run, name.unwrap_or_default()));
    case.differences = judge(run, &terms, Some((&baseline.run, &baseline.terms)));
    if run.trouble.is_some() {
        of_the_token_itself(&mut case);
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
    }
    work.outside.secrets.case(&mut case);
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

fn summary(run: &Observation, profile: &str) -> SideResult {
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
