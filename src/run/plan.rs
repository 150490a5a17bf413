//! [`Plan`]: which cases run, tied to chains, cut to a shard.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::escape;
use crate::redact;
use crate::suite::{Case, Chains, Suite};

/// Part K of N of a plan, K from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part.
    pub k: usize,
    /// Of how many.
    pub n: usize,
}

/// Which cases are wanted.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Texts, one of which the id must contain, letter case aside.
    pub filters: Vec<String>,
    /// Tags, one of which the case must have.
    pub tags: Vec<String>,
    /// Ids that are settled and need not run again.
    pub settled: Option<HashSet<String>>,
}

/// One case of a chain: its index in the suite, and its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The case's index.
    pub case: usize,
    /// The row, for a case with rows.
    pub row: Option<usize>,
}

/// A chain: its cases run one after the other, and no other case waits for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The suite's index.
    pub suite: usize,
    /// The cases, in file order; in most chains it is one.
    pub steps: SmallVec<[Step; 1]>,
    /// Those that run after all other cases of the suite.
    pub cleanup: Box<[Step]>,
}

/// Everything that is to run.
#[derive(Debug, Default)]
pub struct Plan {
    /// The suites.
    pub suites: Vec<Arc<Suite>>,
    /// The chains.
    pub units: Vec<Unit>,
    /// Cases of the plan before it was cut to a shard.
    pub total: usize,
}

impl Plan {
    /// Plans the wanted cases of some suites.
    pub fn new(suites: Vec<Suite>, selection: &Selection, shard: Option<Shard>) -> Self {
        let mut units: Vec<Unit> = Vec::new();
        for (at, suite) in suites.iter().enumerate() {
            let wanted = selection.wanted(suite);
            units.reserve(wanted.iter().filter(|wanted| **wanted).count());
            for chain in Chains::of(&suite.cases).iter() {
                let chain: SmallVec<[usize; 1]> = chain.filter(|at| wanted[*at]).collect();
                units.extend(chain_units(at, suite, &chain, selection));
            }
        }
        // By their first case, also where what stood before it in the chain is not wanted.
        units.sort_by_key(|unit| {
            let first = unit.steps.first().or(unit.cleanup.first());
            (unit.suite, first.map(|step| (step.case, step.row)))
        });
        let mut plan = Self {
            total: units.iter().map(Unit::len).sum(),
            suites: suites.into_iter().map(Arc::new).collect(),
            units,
        };
        if let Some(shard) = shard {
            plan.cut(shard);
        }
        plan
    }

    /// The part of the plan that some of its chains make.
    #[must_use]
    pub fn part(&self, units: &[Unit]) -> Self {
        Self {
            suites: self.suites.clone(),
            units: units.to_vec(),
            total: self.total,
        }
    }

    /// Cases to run.
    pub fn len(&self) -> usize {
        self.units.iter().map(Unit::len).sum()
    }

    /// How often each side is asked, in the case that asks most; `given` is what the command line
    /// says.
    pub fn samples(&self, given: Option<u32>) -> u32 {
        let samples = self.steps();
        let samples = samples.map(|(suite, step)| suite.cases[step.case].samples(given));
        samples.max().unwrap_or(1)
    }

    /// Whether nothing is to run.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Every step with its suite, in the order of the files.
    pub fn steps(&self) -> impl Iterator<Item = (&Suite, Step)> {
        self.units.iter().flat_map(|unit| {
            let suite: &Suite = &self.suites[unit.suite];
            unit.steps
                .iter()
                .chain(&unit.cleanup)
                .map(move |step| (suite, *step))
        })
    }

    /// Keeps the units of one shard. Units of an API that sees a write stay together: the barrier
    /// between them holds within one process only.
    fn cut(&mut self, shard: Shard) {
        let writes: HashSet<String> = self
            .units
            .iter()
            .filter(|unit| unit.writes(&self.suites))
            .flat_map(|unit| unit.keys(&self.suites))
            .collect();
        let mut together: Vec<String> = writes.iter().cloned().collect();
        together.sort();
        let suites = &self.suites;
        let mut apart = 0;
        self.units.retain(|unit| {
            let keys = unit.keys(suites);
            let group = together.iter().position(|key| keys.contains(key));
            let number = group.unwrap_or_else(|| {
                apart += 1;
                apart - 1
            });
            number % shard.n == shard.k - 1
        });
    }
}

impl Selection {
    /// Which cases of a suite are wanted, with all that they depend on and the clean-up of what they
    /// made.
    fn wanted(&self, suite: &Suite) -> Vec<bool> {
        let cases = suite.cases.iter();
        let mut wanted: Vec<bool> = cases
            .map(|case| !case.cleanup && self.wants(suite, case))
            .collect();
        // Dependencies stand before what depends on them, so one pass backwards finds all.
        for at in (0..suite.cases.len()).rev() {
            let needed = if wanted[at] {
                &*suite.cases[at].depends
            } else {
                &[]
            };
            for at in needed {
                wanted[*at] = true;
            }
        }
        let any = wanted.contains(&true);
        let cleans = |case: &Case| case.depends.iter().all(|at| wanted[*at]);
        let cleanup: Vec<usize> = suite
            .cases
            .iter()
            .enumerate()
            .filter(|(_, case)| case.cleanup && any && cleans(case))
            .map(|(at, _)| at)
            .collect();
        for at in cleanup {
            wanted[at] = true;
        }
        wanted
    }

    fn wants(&self, suite: &Suite, case: &Case) -> bool {
        let tagged = self.tags.is_empty() || self.tags.iter().any(|tag| case.tags.contains(tag));
        tagged && (self.takes_every_id() || self.wants_a_row(suite, case))
    }

    fn wants_a_row(&self, suite: &Suite, case: &Case) -> bool {
        (0..case.count())
            .any(|row| self.wants_id(&id(suite, case, case.rows.as_ref().map(|_| row))))
    }

    /// Whether ids have no say: then nobody needs to make them.
    fn takes_every_id(&self) -> bool {
        self.filters.is_empty() && self.settled.is_none()
    }

    fn wants_id(&self, id: &str) -> bool {
        let id_folded = id.to_lowercase();
        let named = self.filters.is_empty()
            || self
                .filters
                .iter()
                .any(|text| id_folded.contains(&text.to_lowercase()));
        named
            && self
                .settled
                .as_ref()
                .is_none_or(|settled| !settled.contains(id))
    }
}

impl Unit {
    /// Cases in it.
    pub fn len(&self) -> usize {
        self.steps.len() + self.cleanup.len()
    }

    /// Whether there is no case in it.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.cleanup.is_empty()
    }

    fn cases<'a>(&'a self, suites: &'a [Arc<Suite>]) -> impl Iterator<Item = &'a Arc<Case>> {
        let suite = &suites[self.suite];
        self.steps
            .iter()
            .chain(&self.cleanup)
            .map(|step| &suite.cases[step.case])
    }

    fn writes(&self, suites: &[Arc<Suite>]) -> bool {
        self.cases(suites).any(|case| case.is_write())
    }

    fn keys(&self, suites: &[Arc<Suite>]) -> HashSet<String> {
        let suite = &suites[self.suite];
        self.cases(suites)
            .map(|case| barrier_key(suite, case))
            .collect()
    }
}

/// The id of a step: the same in every report, in libtest and for `--rerun`.
pub fn case_id(suite: &Suite, step: Step) -> String {
    id(suite, &suite.cases[step.case], step.row)
}

/// The barrier that a case belongs to: its API's, or its file's where it has none.
pub(super) fn barrier_key(suite: &Suite, case: &Case) -> String {
    match &case.sides.old.api {
        Some(api) => format!("api:{api}"),
        None => format!("file:{}", suite.info.file),
    }
}

/// The id of a case: the same in every report, in libtest and for `--rerun`.
pub(super) fn id(suite: &Suite, case: &Case, row: Option<usize>) -> String {
    let file = escape::line(&suite.info.file);
    format!("{file}::{}", name(suite, case, row))
}

/// The name of a case, its row behind it. A parameter of a secret name (`--get '/x?code=…'`) is
/// masked; where two names are one then, the later ones are numbered. What acts on a terminal is written as
/// reports show it, so that all of them have one id.
pub(super) fn name(suite: &Suite, case: &Case, row: Option<usize>) -> String {
    let mut name = redact::name(&case.name).into_owned();
    if name != *case.name {
        let before = suite.cases.iter().take_while(|c| c.name != case.name);
        let alike = before.filter(|other| redact::name(&other.name) == name);
        match alike.count() {
            0 => {}
            count => name = format!("{name} ({})", count + 1),
        }
    }
    if let (Some(table), Some(row)) = (&case.rows, row) {
        name += &table.suffix(row);
    }
    match escape::line(&name) {
        Cow::Borrowed(_) => name,
        Cow::Owned(shown) => shown,
    }
}

/// The units of a chain: one, or one for each row of a case that is tied to no other.
fn chain_units(
    suite_at: usize,
    suite: &Suite,
    chain: &[usize],
    selection: &Selection,
) -> Vec<Unit> {
    let alone = chain.len() == 1;
    let steps = |at: usize| {
        let case = &suite.cases[at];
        let rows = case.rows.as_ref();
        let rows: Vec<Option<usize>> = match rows {
            None => vec![None],
            Some(_) => (0..case.count()).map(Some).collect(),
        };
        let wanted = move |row: &Option<usize>| {
            !alone
                || selection.takes_every_id()
                || selection.wants_id(&id(suite, case, *row))
                || case.cleanup
        };
        let rows: Vec<Option<usize>> = rows.into_iter().filter(wanted).collect();
        rows.into_iter().map(move |row| Step { case: at, row })
    };
    let (cleanup, main): (Vec<usize>, Vec<usize>) =
        chain.iter().partition(|at| suite.cases[**at].cleanup);
    let main: SmallVec<[Step; 1]> = main.into_iter().flat_map(steps).collect();
    let cleanup: Box<[Step]> = cleanup.into_iter().flat_map(steps).collect();
    if alone && cleanup.is_empty() {
        let unit = |step| Unit {
            suite: suite_at,
            steps: SmallVec::from_buf([step]),
            cleanup: Box::default(),
        };
        return main.into_iter().map(unit).collect();
    }
    let unit = Unit {
        suite: suite_at,
        steps: main,
        cleanup,
    };
    if unit.is_empty() {
        Vec::new()
    } else {
        vec![unit]
    }
}
