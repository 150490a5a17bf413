//! A program through its profiles: the baseline first, then the others, some at a time.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use super::capacity::{self, Need};
use super::case::{
    add, baseline_case, broken, found, is_unexplained, other_case, summary, terms, unproved_too,
};
use super::evidence;
use super::harness::{ClientError, Outside, observe};
use super::judge::{Terms, said, stderr};
use super::observation::Observation;
use super::profile::{BASELINE, Profile};
use super::program::Client;
use crate::redact::Secrets;
use crate::results::{CaseResult, Difference, Kind, Severity};

/// Waits until the run is to end.
pub type Stopped = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What is to be run, and how.
#[derive(Clone)]
pub struct ClientRun {
    /// The program.
    pub client: Arc<Client>,
    /// Indices of the profiles; the baseline runs also where it is not among them. The one behind the
    /// last stands for the capacity.
    pub wanted: Vec<usize>,
    /// What the new side issues, or why that is not known; where the capacity is wanted.
    pub need: Option<Result<Need, String>>,
    /// Profiles at work at one time.
    pub jobs: usize,
    /// The severity from which a finding counts.
    pub fail_on: Severity,
    /// Whether cases without a finding have their evidence too.
    pub keep_exchanges: bool,
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

impl ClientRun {
    /// Programs at work at one time: a service with a port of its own choice is run alone.
    pub(super) fn at_one_time(&self) -> usize {
        let service = self.client.service.as_ref();
        let alone = service.is_some_and(|service| !service.has_own_port());
        if alone { 1 } else { self.jobs.max(1) }
    }

    /// Takes the secrets of one run of the program out of its case, and those of all: what is learned
    /// while it runs may be either.
    pub(super) fn redact(&self, case: &mut CaseResult, own: &Secrets) {
        own.case(case);
        self.outside.secrets.case(case);
    }

    /// Adds what a program sent in the request that its case is about, and what it was answered.
    pub(super) fn evidence(
        &self,
        case: &mut CaseResult,
        runs: (&Observation, &Observation),
        own: &Secrets,
    ) {
        let secrets = [own, &self.outside.secrets];
        evidence::attach(case, runs, secrets, self.fail_on, self.keep_exchanges);
    }
}

/// The baseline, as the others are held against it.
pub(super) struct Baseline {
    pub(super) run: Observation,
    pub(super) terms: Terms,
    /// The secrets of the run, and the tokens of the baseline.
    pub(super) secrets: Secrets,
    /// Further runs like it, where they were needed: what varies in these is no profile's doing.
    again: [OnceCell<Option<Observation>>; 2],
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
    let secrets = work.outside.secrets.fork();
    let Some(run) = observed_at(work, base, &secrets).await? else {
        return Ok(());
    };
    let terms = terms(work, base);
    let trouble = run.trouble.clone();
    let why = match &trouble {
        Some(trouble) => Some(trouble.message.clone()),
        None => broken(&run),
    };
    let baseline = Arc::new(Baseline {
        run,
        terms,
        secrets,
        again: [OnceCell::new(), OnceCell::new()],
    });
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
    let jobs = work.at_one_time();
    loop {
        while working.len() < jobs
            && let Some(at) = waiting.pop_front()
        {
            let (work, baseline, mut case) = (work.clone(), Arc::clone(baseline), blank(at));
            case.old = Some(summary(&baseline.run, BASELINE));
            working.spawn(async move { other(&work, &baseline, at, case).await });
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

/// The case of one profile, held against the baseline; none where the run was stopped.
async fn other(
    work: &ClientRun,
    baseline: &Arc<Baseline>,
    at: usize,
    case: CaseResult,
) -> Result<Option<CaseResult>, ClientError> {
    let capacity = work.need.as_ref();
    if let Some(need) = capacity.filter(|_| at == work.client.profiles.len()) {
        return capacity::measured(work, baseline, need, case).await;
    }
    // What is looked for in a case is its own: that of all cases is more with each of them.
    let secrets = baseline.secrets.fork();
    let Some(run) = observed_at(work, at, &secrets).await? else {
        return Ok(None);
    };
    let mut found = found(&run, baseline, work, at);
    settle(&run, &mut found, baseline, work).await?;
    let mut case = other_case(&run, found, baseline, work, at, case);
    // What follows from another finding is not one of its own.
    if is_unexplained(&case)
        && let Some(finding) = beside(&run, baseline, work).await?
    {
        add(&mut case, finding, work.fail_on);
    }
    work.evidence(&mut case, (&run, &baseline.run), &secrets);
    work.redact(&mut case, &secrets);
    Ok(Some(case))
}

async fn observed_at(
    work: &ClientRun,
    at: usize,
    secrets: &Secrets,
) -> Result<Option<Observation>, ClientError> {
    match work.client.profiles.get(at) {
        Some(profile) => observed(work, profile, secrets).await,
        None => Ok(None),
    }
}

/// What a program did in a profile; none where the run is to end. `secrets` learns its tokens.
pub(super) async fn observed(
    work: &ClientRun,
    profile: &Profile,
    secrets: &Secrets,
) -> Result<Option<Observation>, ClientError> {
    let stop = || (work.stopped)();
    let outside = Outside {
        secrets: secrets.clone(),
        ..work.outside.clone()
    };
    let run = observe(&work.client, profile, &outside, stop).await?;
    let mut given_up = stop();
    let over =
        std::future::poll_fn(|cx| std::task::Poll::Ready(given_up.as_mut().poll(cx).is_ready()));
    Ok((!over.await).then_some(run))
}

/// What it wrote on standard error and does not write with opaque tokens: those it is given a second time
/// to be sure.
async fn beside(
    run: &Observation,
    baseline: &Baseline,
    work: &ClientRun,
) -> Result<Option<Difference>, ClientError> {
    if run.trouble.is_some() || stderr(run, &[&baseline.run]).is_none() {
        return Ok(None);
    }
    let again = again(baseline, work, 0).await?;
    Ok(again.and_then(|again| stderr(run, &[&baseline.run, again])))
}

/// A further run with opaque tokens; none where the run is to end, or where it shows nothing.
async fn again<'b>(
    baseline: &'b Baseline,
    work: &ClientRun,
    nth: usize,
) -> Result<Option<&'b Observation>, ClientError> {
    let Some(cell) = baseline.again.get(nth) else {
        return Ok(None);
    };
    let run = || async {
        let at = work.client.profiles.iter().position(Profile::is_baseline);
        observed_at(work, at.unwrap_or_default(), &baseline.secrets).await
    };
    let run = cell.get_or_try_init(run).await?.as_ref();
    Ok(run.filter(|run| run.trouble.is_none() && broken(run).is_none()))
}

/// Holds other output and other answers against further runs with opaque tokens: what varies there too is taken
/// out of the findings. Two numbers can be alike by chance, so there are up to two such runs.
async fn settle(
    run: &Observation,
    found: &mut Vec<Difference>,
    baseline: &Baseline,
    work: &ClientRun,
) -> Result<(), ClientError> {
    let is_text = |finding: &Difference| {
        finding.kind == Kind::Value
            && (finding.path == "stdout" || finding.path.ends_with("].body"))
    };
    let mut opaque = vec![&baseline.run];
    for nth in 0..baseline.again.len() {
        let Some(at) = found.iter().position(is_text) else {
            return Ok(());
        };
        let Some(again) = again(baseline, work, nth).await? else {
            return Ok(());
        };
        opaque.push(again);
        found.remove(at);
        let other = said(run, &opaque);
        found.extend(other.filter(|other| found.iter().all(|known| known.path != other.path)));
    }
    Ok(())
}
