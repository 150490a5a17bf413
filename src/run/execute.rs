//! Working through a plan: many chains at a time, each in its order.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::case::{interrupted, run_case};
use super::chain::{Chain, Context};
use super::plan::{Plan, Step, Unit, case_id};
use super::session::Session;
use super::state::RunState;
use super::turns::Turns;
use crate::results::{CaseResult, Finding, RuleUse, Verdict, Warning};
use crate::suite::Suite;

/// Takes the result of each case as it comes.
pub trait Observer: Send + Sync + 'static {
    /// A case begins.
    fn began(&self, _id: &str) {}

    /// A case is through.
    ///
    /// # Errors
    /// The result could not be kept; the run ends.
    fn case(&self, result: &CaseResult) -> io::Result<()>;
}

/// What a run came to, beyond its cases.
#[derive(Debug)]
pub struct Executed {
    /// Cases with a result.
    pub done: usize,
    /// What came up in the run.
    pub warnings: Vec<Warning>,
    /// What only shows across cases.
    pub findings: Vec<Finding>,
    /// How often each rule was of use.
    pub rules: Vec<RuleUse>,
    /// Why results could not be kept, if they could not.
    pub error: Option<io::Error>,
}

/// Works through a plan. Ends early when the session's [`Stop`](super::Stop) says so; clean-up
/// cases of chains that began are run all the same.
pub async fn execute(
    session: Arc<Session>,
    plan: Arc<Plan>,
    observer: Arc<dyn Observer>,
) -> Executed {
    let state = Arc::new(RunState::new(&plan, &session.options));
    execute_part(session, plan, observer, state).await
}

/// Works through a part of a plan, beside others that share the state.
pub async fn execute_part(
    session: Arc<Session>,
    plan: Arc<Plan>,
    observer: Arc<dyn Observer>,
    state: Arc<RunState>,
) -> Executed {
    let workers = session.options.jobs.clamp(1, plan.units.len().max(1));
    let samples = plan.samples(session.options.samples);
    let shared = Arc::new(Shared::new(session, plan, observer, state));
    let session = Arc::clone(&shared.session);
    let limit = tokio::spawn(async move { session.time_up().await });
    work(&shared, workers).await;
    limit.abort();
    let error = shared
        .error
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    Executed {
        done: shared.done.load(Ordering::Relaxed),
        warnings: shared.state.tally.warnings(),
        findings: shared.findings(samples),
        rules: shared.state.tally.rules(),
        error,
    }
}

/// Lets workers go through the chains until all are through. A chain that waits in its midst for
/// another one, which may not have begun, has somebody stand in for its worker: without that, all could wait
/// for what nobody begins.
async fn work(shared: &Arc<Shared>, workers: usize) {
    let (more, mut wanted) = mpsc::unbounded_channel();
    let mut crew = JoinSet::new();
    let hire = |crew: &mut JoinSet<()>| {
        let (shared, more) = (Arc::clone(shared), more.clone());
        crew.spawn(async move { shared.work(&more).await });
    };
    for _ in 0..workers {
        hire(&mut crew);
    }
    loop {
        tokio::select! {
            biased;
            Some(()) = wanted.recv() => hire(&mut crew),
            ended = crew.join_next() => if ended.is_none() { return },
        }
    }
}

/// Asks for somebody who stands in for a worker that waits.
type StandIn = mpsc::UnboundedSender<()>;

struct Shared {
    session: Arc<Session>,
    plan: Arc<Plan>,
    observer: Arc<dyn Observer>,
    state: Arc<RunState>,
    turns: Turns,
    /// As many cases as may be at work, where chains wait for each other.
    at_work: Semaphore,
    next: AtomicUsize,
    done: AtomicUsize,
    failed: AtomicUsize,
    error: Mutex<Option<io::Error>>,
    /// By suite: chains still to end, and the clean-up that waits for them.
    open: HashMap<usize, Open>,
}

/// What became of a chain.
#[derive(Default)]
struct Ran {
    /// Whether any of its cases was begun.
    began: bool,
    /// Whether somebody stands in for its worker.
    stood_in: bool,
}

struct Open {
    left: AtomicUsize,
    cleanup: Mutex<Vec<(Chain, Box<[Step]>)>>,
}

impl Shared {
    fn new(
        session: Arc<Session>,
        plan: Arc<Plan>,
        observer: Arc<dyn Observer>,
        state: Arc<RunState>,
    ) -> Self {
        let mut open: HashMap<usize, Open> = HashMap::new();
        for unit in &plan.units {
            let open = open.entry(unit.suite).or_insert_with(|| Open {
                left: AtomicUsize::new(0),
                cleanup: Mutex::default(),
            });
            open.left.fetch_add(1, Ordering::Relaxed);
        }
        Self {
            turns: Turns::new(&plan, &session.options),
            at_work: Semaphore::new(session.options.jobs.max(1)),
            session,
            plan,
            observer,
            state,
            next: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            failed: AtomicUsize::new(0),
            error: Mutex::default(),
            open,
        }
    }

    fn findings(&self, samples: u32) -> Vec<Finding> {
        let across = &self.state.across;
        across.findings(samples, &self.session.secrets)
    }

    async fn work(&self, more: &StandIn) {
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(unit) = self.plan.units.get(at) else {
                return;
            };
            let mut chain = Chain {
                number: at,
                ..Chain::default()
            };
            let ran = self.steps(unit, &mut chain, more).await;
            let Some(open) = self.open.get(&unit.suite) else {
                continue;
            };
            // What a chain knows is kept for its clean-up only: there may be a hundred thousand chains.
            if ran.began || unit.steps.is_empty() {
                if !unit.cleanup.is_empty() {
                    let mut waiting = open.cleanup.lock().unwrap_or_else(PoisonError::into_inner);
                    waiting.push((chain, unit.cleanup.clone()));
                }
            } else {
                self.passed(unit.suite, &unit.cleanup);
            }
            if open.left.fetch_sub(1, Ordering::AcqRel) == 1 {
                self.clean_up(unit.suite, open).await;
            }
            if ran.stood_in {
                return;
            }
        }
    }

    /// Runs the cases of a chain until the run is to end.
    async fn steps(&self, unit: &Unit, chain: &mut Chain, more: &StandIn) -> Ran {
        let suite = unit.suite;
        let mut ran = Ran::default();
        let mut ended = 0;
        for (at, step) in unit.steps.iter().enumerate() {
            // What a first case waits for has begun, so nobody need stand in.
            if at > 0 && !ran.stood_in && !self.turns.is_up(suite, self.suite(suite), *step) {
                ran.stood_in = more.send(()).is_ok();
            }
            tokio::select! {
                () = self.turns.wait(suite, self.suite(suite), *step) => {}
                () = self.session.stop.set() => {}
            }
            let _permit = self.at_work.acquire().await;
            if self.session.stop.is_set() {
                break;
            }
            ran.began = true;
            tokio::select! {
                result = self.run(suite, *step, chain) => self.keep(&result),
                () = self.session.stop.urgent() => {
                    // It may have been sent already: whoever reads the journal is to know.
                    self.note(&interrupted(self.context(suite), *step, chain));
                    break;
                }
            }
            self.turns.done(suite, self.suite(suite), *step);
            ended = at + 1;
        }
        self.passed(suite, &unit.steps[ended..]);
        ran
    }

    /// Cases that will not begin are in nobody's way.
    fn passed(&self, suite: usize, steps: &[Step]) {
        for step in steps {
            self.turns.done(suite, self.suite(suite), *step);
        }
    }

    fn suite(&self, suite: usize) -> &Suite {
        &self.plan.suites[suite]
    }

    async fn clean_up(&self, suite: usize, open: &Open) {
        let mut waiting = {
            let mut waiting = open.cleanup.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *waiting)
        };
        let mut steps: Vec<(usize, Step)> = Vec::new();
        for (at, (_, cleanup)) in waiting.iter().enumerate() {
            steps.extend(cleanup.iter().map(|step| (at, *step)));
        }
        steps.sort_by_key(|(_, step)| (step.case, step.row));
        for (at, step) in steps {
            if let Some((chain, _)) = waiting.get_mut(at) {
                self.turns.wait(suite, self.suite(suite), step).await;
                let _permit = self.at_work.acquire().await;
                let result = self.run(suite, step, chain).await;
                self.keep(&result);
                self.turns.done(suite, self.suite(suite), step);
            }
        }
    }

    async fn run(&self, suite: usize, step: Step, chain: &mut Chain) -> CaseResult {
        let cx = self.context(suite);
        self.observer.began(&case_id(cx.suite, step));
        // On the heap, since it is large and would be moved with every future around it.
        Box::pin(run_case(cx, step, chain)).await
    }

    fn context(&self, suite: usize) -> Context<'_> {
        Context {
            session: &self.session,
            barriers: &self.state.barriers,
            tally: &self.state.tally,
            across: &self.state.across,
            suite: &self.plan.suites[suite],
        }
    }

    fn keep(&self, result: &CaseResult) {
        self.done.fetch_add(1, Ordering::Relaxed);
        if result.verdict == Verdict::Different {
            let failed = self.failed.fetch_add(1, Ordering::Relaxed) + 1;
            if self
                .session
                .options
                .max_fail
                .is_some_and(|most| failed >= most)
            {
                self.session.stop.stop(1);
            }
        }
        self.note(result);
    }

    fn note(&self, result: &CaseResult) {
        if let Err(error) = self.observer.case(result) {
            let mut kept = self.error.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get_or_insert(error);
            self.session.stop.stop(1);
        }
    }
}
