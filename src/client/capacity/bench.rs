//! [`Bench`]: runs the program with one setting, or with several at one time.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;

use super::harm::{common, harm, is_certain, met};
use super::setting::Setting;
use crate::client::execute::{Baseline, ClientRun, observed};
use crate::client::harness::ClientError;
use crate::client::judge::Terms;
use crate::client::observation::Observation;
use crate::client::pass::Trouble;
use crate::results::Difference;

/// Why nothing more is measured.
pub(super) enum Halt {
    /// The run is to end.
    Stopped,
    /// The program cannot be run.
    Failed(ClientError),
    /// The real side that its calls are passed on to could not be asked.
    Trouble(Trouble),
}

impl From<ClientError> for Halt {
    fn from(error: ClientError) -> Self {
        Self::Failed(error)
    }
}

/// What was spent on a measure.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spent {
    /// Runs of the program.
    pub(crate) runs: u32,
    /// The time of all of them, in milliseconds.
    pub(crate) ms: f64,
    /// Requests for tokens.
    pub(crate) asked: usize,
    /// Requests to the API.
    pub(crate) calls: usize,
}

/// What came of a setting.
pub(super) struct Tried {
    /// Why the token was not replayed unharmed; none: it was.
    pub(super) harm: Option<Difference>,
    /// Whether the program was given two tokens.
    pub(super) met: bool,
    /// Characters with which they began alike.
    pub(super) common: usize,
}

/// Where a program is measured.
#[derive(Clone)]
pub(super) struct Bench {
    work: ClientRun,
    baseline: Arc<Baseline>,
    spent: Arc<Mutex<Spent>>,
}

impl Bench {
    pub(super) fn new(work: &ClientRun, baseline: &Arc<Baseline>) -> Self {
        Self {
            work: work.clone(),
            baseline: Arc::clone(baseline),
            spent: Arc::default(),
        }
    }

    pub(super) fn spent(&self) -> Spent {
        *self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Programs at work at one time.
    pub(super) fn jobs(&self) -> usize {
        self.work.at_one_time()
    }

    /// Tries a setting; what a busy machine can bring about counts when it is seen twice.
    pub(super) async fn tried(&self, setting: &Setting) -> Result<Tried, Halt> {
        let first = self.once(setting).await?;
        match &first.harm {
            Some(harm) if !is_certain(harm) => self.once(setting).await,
            _ => Ok(first),
        }
    }

    /// Tries some at one time; the results stand in the same order.
    pub(super) async fn all(&self, settings: Vec<Setting>) -> Result<Vec<Tried>, Halt> {
        let mut working = JoinSet::new();
        for (at, setting) in settings.into_iter().enumerate() {
            let bench = self.clone();
            working.spawn(async move { (at, bench.tried(&setting).await) });
        }
        let mut results = Vec::new();
        let mut halted = None;
        // All are waited for, so that no program is left behind.
        while let Some(joined) = working.join_next().await {
            match joined {
                Ok((at, Ok(tried))) => results.push((at, tried)),
                Ok((_, Err(halt))) => halted = Some(halt),
                Err(error) => halted = Some(ClientError::Profile(error.to_string()).into()),
            }
        }
        match halted {
            Some(halt) => Err(halt),
            None => {
                results.sort_by_key(|(at, _)| *at);
                Ok(results.into_iter().map(|(_, tried)| tried).collect())
            }
        }
    }

    /// Tries a setting, and takes it at its word.
    pub(super) async fn once(&self, setting: &Setting) -> Result<Tried, Halt> {
        let profile = setting.profile();
        let profile = profile.map_err(|problems| ClientError::Profile(problems.render(false)))?;
        // Its tokens are long, and many: each is looked for in what came of it, and nowhere else.
        let secrets = self.baseline.secrets.fork();
        let run = observed(&self.work, &profile, &secrets).await?;
        let run = run.ok_or(Halt::Stopped)?;
        self.spend(&run);
        if let Some(trouble) = run.trouble {
            return Err(Halt::Trouble(trouble));
        }
        let terms = Terms::of(profile.token());
        let baseline = (&self.baseline.run, &self.baseline.terms);
        let mut harm = harm(&run, &terms, baseline);
        if let Some(harm) = &mut harm {
            secrets.difference(harm);
        }
        Ok(Tried {
            harm,
            met: met(&run),
            common: common(&run),
        })
    }

    fn spend(&self, run: &Observation) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.runs += u32::try_from(run.runs.len()).unwrap_or(u32::MAX);
        spent.ms += run.ms;
        spent.asked += run.asked.len();
        spent.calls += run.calls.len();
    }
}
