//! [`Turns`]: around writes the order of the plan holds, however many cases are at work.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::barrier::{TOKENS, ends_tokens};
use super::options::RunOptions;
use super::plan::{Plan, Step, barrier_key};
use crate::suite::{Case, Suite};

/// Where a case stands: its suite, its place in the file, its row.
type Place = (usize, usize, Option<usize>);

/// What of a barrier that sees a write may be at work. A write waits for all that stands before it, and
/// what stands behind it waits for the write; reads between two writes wait for each other in
/// nothing. A barrier without writes is not in here: its cases never wait.
#[derive(Debug, Default)]
pub(super) struct Turns {
    lines: HashMap<String, Line>,
}

/// One barrier: its cases in turns, of which every write is one, and all reads between two writes.
#[derive(Debug)]
struct Line {
    writes: Vec<Place>,
    /// The turn at hand.
    now: watch::Sender<usize>,
    /// By turn: cases still to end.
    left: Mutex<Vec<usize>>,
}

impl Turns {
    /// The turns of a plan, of which only what the options let through is sent.
    pub(super) fn new(plan: &Plan, options: &RunOptions) -> Self {
        let mut lines: HashMap<String, Line> = HashMap::new();
        for (suite_at, suite, step) in placed(plan) {
            let case = &suite.cases[step.case];
            for (key, writes) in keys(suite, case) {
                if writes && options.writes && (key != TOKENS || options.probes) {
                    let line = lines.entry(key).or_default();
                    line.writes.push((suite_at, step.case, step.row));
                }
            }
        }
        for line in lines.values_mut() {
            line.writes.sort_unstable();
            line.left = Mutex::new(vec![0; 2 * line.writes.len() + 1]);
        }
        let turns = Self { lines };
        if !turns.lines.is_empty() {
            for (suite_at, suite, step) in placed(plan) {
                turns.each(suite_at, suite, step, Line::count);
            }
            turns.lines.values().for_each(Line::go_on);
        }
        turns
    }

    /// Whether a case could begin without waiting.
    pub(super) fn is_up(&self, suite_at: usize, suite: &Suite, step: Step) -> bool {
        let mut up = true;
        self.each(suite_at, suite, step, |line, turn| {
            up &= *line.now.borrow() >= turn;
        });
        up
    }

    /// Waits until all that must have ended before a case has.
    pub(super) async fn wait(&self, suite_at: usize, suite: &Suite, step: Step) {
        let mut waits = Vec::new();
        self.each(suite_at, suite, step, |line, turn| {
            waits.push((line.now.subscribe(), turn));
        });
        for (mut now, turn) in waits {
            // The sender lives as long as this does, so there is no error to come.
            let _ = now.wait_for(|now| *now >= turn).await;
        }
    }

    /// Says that a case has ended, or will not begin.
    pub(super) fn done(&self, suite_at: usize, suite: &Suite, step: Step) {
        self.each(suite_at, suite, step, Line::ended);
    }

    fn each(&self, suite_at: usize, suite: &Suite, step: Step, mut f: impl FnMut(&Line, usize)) {
        if self.lines.is_empty() {
            return;
        }
        let case = &suite.cases[step.case];
        for (key, _) in keys(suite, case) {
            if let Some(line) = self.lines.get(&key) {
                f(line, line.turn((suite_at, step.case, step.row)));
            }
        }
    }
}

impl Default for Line {
    fn default() -> Self {
        Self {
            writes: Vec::new(),
            now: watch::Sender::new(0),
            left: Mutex::default(),
        }
    }
}

impl Line {
    /// The turn of a case: odd for a write.
    fn turn(&self, place: Place) -> usize {
        match self.writes.binary_search(&place) {
            Ok(before) => 2 * before + 1,
            Err(before) => 2 * before,
        }
    }

    fn count(&self, turn: usize) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left[turn] += 1;
    }

    fn ended(&self, turn: usize) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left[turn] = left[turn].saturating_sub(1);
        drop(left);
        self.go_on();
    }

    /// Goes on to the first turn of which a case is still to end.
    fn go_on(&self) {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        self.now.send_if_modified(|now| {
            let before = *now;
            while left.get(*now) == Some(&0) {
                *now += 1;
            }
            *now != before
        });
    }
}

/// Every step with the number of its suite.
fn placed(plan: &Plan) -> impl Iterator<Item = (usize, &Suite, Step)> {
    plan.units.iter().flat_map(|unit| {
        let suite: &Suite = &plan.suites[unit.suite];
        let steps = unit.steps.iter().chain(&unit.cleanup);
        steps.map(move |step| (unit.suite, suite, *step))
    })
}

/// The barriers of a case, and whether it stands alone in them.
fn keys(suite: &Suite, case: &Case) -> impl Iterator<Item = (String, bool)> {
    let own = (barrier_key(suite, case), case.is_write());
    let uses_a_token = case.sides.iter().any(|(_, side)| side.token.is_some());
    let tokens = uses_a_token.then(|| (TOKENS.to_owned(), ends_tokens(case)));
    std::iter::once(own).chain(tokens)
}
