//! Which tests a plan makes.

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::Trial;
use tokio::runtime::Runtime;

use super::conclude::conclude;
use crate::cli::Ready;
use crate::results::CaseResult;
use crate::run::{Observer, Plan, RunState, Session, Step, Unit, case_id, execute_part};
use crate::suite::{Case, Suite};

/// What all tests share.
struct Common {
    session: Arc<Session>,
    plan: Plan,
    state: Arc<RunState>,
    runtime: Arc<Runtime>,
    under_nextest: bool,
}

/// The tests of a plan, in the order of the files.
pub(super) fn of(ready: Ready, runtime: &Arc<Runtime>, under_nextest: bool) -> Vec<Trial> {
    let common = Arc::new(Common {
        state: Arc::new(RunState::new(&ready.plan, &ready.session.options)),
        session: ready.session,
        plan: ready.plan,
        runtime: Arc::clone(runtime),
        under_nextest,
    });
    let groups = groups(&common.plan);
    let trials = groups.into_iter().map(|units| trial(&common, units));
    trials.collect()
}

/// The chains of each test: one, or all of a suite whose clean-up depends on no case. That must wait
/// for all the others, which only one test can promise.
fn groups(plan: &Plan) -> Vec<Vec<Unit>> {
    let free = plan.units.iter().filter(|unit| unit.steps.is_empty());
    let whole: HashSet<usize> = free.map(|unit| unit.suite).collect();
    let mut groups: Vec<Vec<Unit>> = Vec::new();
    for unit in &plan.units {
        match groups.last_mut() {
            Some(last) if whole.contains(&unit.suite) && last[0].suite == unit.suite => {
                last.push(unit.clone());
            }
            _ => groups.push(vec![unit.clone()]),
        }
    }
    groups
}

fn trial(common: &Arc<Common>, units: Vec<Unit>) -> Trial {
    let name = name(&common.plan, &units);
    let ignored = is_withheld(common, &units);
    let common = Arc::clone(common);
    Trial::ignorable_test(name, move || {
        let part = Arc::new(common.plan.part(&units));
        let planned = part.len();
        let gathered = Arc::new(Gathered::default());
        let observer: Arc<dyn Observer> = Arc::<Gathered>::clone(&gathered);
        let session = Arc::clone(&common.session);
        let state = Arc::clone(&common.state);
        let work = execute_part(session, part, observer, state);
        common.runtime.block_on(work);
        let results = gathered.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fail_on = common.session.options.fail_on;
        conclude(&results, planned, fail_on, common.under_nextest)
    })
    .with_ignored_flag(ignored)
}

fn name(plan: &Plan, units: &[Unit]) -> String {
    let first = &units[0];
    let suite = &plan.suites[first.suite];
    match first.steps.first().or_else(|| first.cleanup.first()) {
        Some(step) if units.len() == 1 => case_id(suite, *step),
        _ => suite.info.file.clone(),
    }
}

/// Whether a case of the test is a write that will not be sent, or all are skipped or client programs.
fn is_withheld(common: &Common, units: &[Unit]) -> bool {
    let suite: &Suite = &common.plan.suites[units[0].suite];
    let steps = units
        .iter()
        .flat_map(|unit| unit.steps.iter().chain(&unit.cleanup));
    let cases = steps.map(|step: &Step| &suite.cases[step.case]);
    let options = &common.session.options;
    let withheld = cases.clone().any(|case| {
        let write = !options.writes && case.is_write();
        let probe = !options.probes && case.probe().is_some();
        case.skip().is_none() && (write || probe)
    });
    let mut cases = cases;
    let left_out = |case: &Case| case.skip().is_some() || case.is_client();
    withheld || cases.all(|case| left_out(case))
}

/// The results of a test.
#[derive(Default)]
struct Gathered(Mutex<Vec<CaseResult>>);

impl Observer for Gathered {
    fn case(&self, result: &CaseResult) -> io::Result<()> {
        let mut results = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        results.push(result.clone());
        Ok(())
    }
}
