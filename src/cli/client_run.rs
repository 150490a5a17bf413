//! From client suites to an exit code: programs, journal, reports.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::args::ClientArgs;
use super::context::Context;
use super::earlier;
use super::journal_place;
use super::keeper::Keeper;
use super::output::Outputs;
use super::perform::{close, progress, report, unkept};
use super::prepare::{now, run_id};
use super::problem::{BAD_INPUT, Problem};
use super::real_side::Real;
use super::setup::{self, PairSetup};
use super::signals;
use crate::client::{Client, ClientRun, Need, Outside, Stopped, run_client};
use crate::config::TimeSpan;
use crate::journal::{self, Header, Writer};
use crate::pair::{Pair, Side};
use crate::redact::Secrets;
use crate::results::{CaseResult, Outcome, RunInfo, TargetInfo, Writes, exit_code};
use crate::run::{Executed, Observer as _, Plan, Selection, Step, Stop, unjudged};
use crate::suite::{Given, Suite};
use crate::template::{Scalar, Scope};

/// Variables of the environment that every program is given.
const PASSED: [&str; 3] = ["PATH", "LANG", "TZ"];

/// What programs are given from outside.
pub(super) struct From {
    /// Values of placeholders.
    pub(super) given: Given,
    /// The pair, where calls are passed on to a side of it.
    pub(super) pair: Option<PairSetup>,
    /// What the new side issues, where the capacity is measured.
    pub(super) need: Option<Result<Need, String>>,
}

/// Runs the programs and makes the reports; gives the exit code.
pub(super) async fn perform(
    args: &ClientArgs,
    suites: Vec<Suite>,
    from: From,
    context: &Context,
) -> Result<u8, Problem> {
    let outputs = Outputs::new(&args.how.reports, args.how.look)?;
    let id = run_id();
    let real = from
        .pair
        .map(|pair| Real::new(pair, args, &id))
        .transpose()?;
    let sides = real.as_ref().map(Real::sides);
    let plan = plan(args, suites, sides.as_ref(), context)?;
    if plan.total == 0 {
        return Err(setup::nothing("run", &plan, &args.select));
    }
    let path = journal_place::place(args.how.journal.as_deref(), &id, &outputs, context)?;
    let header = header(args, &plan, &id, real.as_ref());
    let writer = Writer::create(&path, &header).map_err(|error| unkept(&path, &error))?;
    let say_where = || {
        if !args.how.look.quiet {
            context.say(&format!("journal: {}", path.display()));
        }
    };
    say_where();
    let stop = Stop::default();
    signals::listen(stop.clone());
    let keeper = Keeper::new(writer, progress(&args.how, context));
    keeper.progress.started(plan.len());
    let mut work = Work {
        args,
        keeper: &keeper,
        stop: stop.clone(),
        given: Arc::new(from.given),
        need: from.need,
        secrets: real.as_ref().map_or_else(Secrets::new, Real::secrets),
        real,
        run: id,
        error: None,
    };
    let ended = work.all(&plan, context).await;
    keeper.progress.finished();
    let outcome = outcome(args, &plan, &keeper);
    let exit = code(&stop, &keeper, outcome);
    let executed = Executed {
        done: keeper.summary().cases,
        warnings: work.secrets.warnings(),
        findings: Vec::new(),
        rules: Vec::new(),
        error: work.error,
    };
    close(&keeper, outcome.complete, exit, executed).map_err(|error| unkept(&path, &error))?;
    // A program that is not there is bad usage, whatever came of others.
    ended?;
    let reported = report(&path, &outputs, exit, context);
    say_where();
    reported.map(|()| exit)
}

fn outcome(args: &ClientArgs, plan: &Plan, keeper: &Keeper) -> Outcome {
    Outcome {
        complete: keeper.summary().cases == plan.len(),
        ended: true,
        withheld: keeper.withheld(),
        empty_shard: plan.is_empty() && args.select.shard.is_some(),
        strict: args.select.strict,
    }
}

/// A signal has its own code.
fn code(stop: &Stop, keeper: &Keeper, outcome: Outcome) -> u8 {
    signals::code(stop).unwrap_or_else(|| exit_code(&keeper.summary(), outcome))
}

fn plan(
    args: &ClientArgs,
    suites: Vec<Suite>,
    sides: Option<&Pair<TargetInfo>>,
    context: &Context,
) -> Result<Plan, Problem> {
    let settled = match &args.select.rerun {
        None => None,
        Some(path) => Some(earlier::settled(path, &suites, sides, context)?),
    };
    let selection = Selection {
        filters: args.select.filter.clone(),
        tags: args.select.tag.clone(),
        settled,
    };
    Ok(Plan::new(suites, &selection, args.select.shard))
}

fn header(args: &ClientArgs, plan: &Plan, id: &str, real: Option<&Real>) -> Header {
    let run = RunInfo {
        id: id.to_owned(),
        started: now(),
        finished: None,
        complete: false,
        planned: plan.len(),
        fail_on: args.how.fail_on.severity(),
        samples: 1,
        writes: real.map_or(Writes::Withheld, Real::writes),
        env: args.env.clone(),
        exit: None,
    };
    let suites = plan.suites.iter().map(|suite| suite.info.clone());
    let mut header = Header::new(run, real.map(Real::sides), suites.collect());
    header.warnings = real.map(|real| real.warnings.clone()).unwrap_or_default();
    header.shard = args.select.shard.map(|shard| journal::Shard {
        k: shard.k,
        n: shard.n,
        total: plan.total,
    });
    header
}

/// The programs of a run, one after the other; the profiles of each, some at a time.
struct Work<'a> {
    args: &'a ClientArgs,
    keeper: &'a Keeper,
    stop: Stop,
    given: Arc<Given>,
    /// What the new side issues, where the capacity is measured.
    need: Option<Result<Need, String>>,
    secrets: Secrets,
    /// The pair, where calls are passed on to it.
    real: Option<Real>,
    run: String,
    /// Why a result could not be kept.
    error: Option<std::io::Error>,
}

impl Work<'_> {
    async fn all(&mut self, plan: &Plan, context: &Context) -> Result<(), Problem> {
        let limit = self.args.how.max_time.map(|span| span.0);
        if let Some(limit) = limit {
            let stop = self.stop.clone();
            tokio::spawn(async move {
                tokio::time::sleep(limit).await;
                stop.stop(1);
            });
        }
        for (at, suite) in plan.suites.iter().enumerate() {
            let units = plan.units.iter().filter(|unit| unit.suite == at);
            let steps: BTreeSet<usize> = units
                .flat_map(|unit| &unit.steps)
                .map(|step| step.case)
                .collect();
            if !steps.is_empty() && !self.stop.is_set() && self.error.is_none() {
                self.one(suite, steps.into_iter().collect(), context)
                    .await?;
            }
        }
        Ok(())
    }

    async fn one(
        &mut self,
        suite: &Suite,
        wanted: Vec<usize>,
        context: &Context,
    ) -> Result<(), Problem> {
        let Some(client) = adjusted(self.args, suite) else {
            return Ok(());
        };
        let environment = self.passed_on(&client.pass_env, context);
        let stop = self.stop.clone();
        let stopped: Stopped = Arc::new(move || {
            let stop = stop.clone();
            Box::pin(async move { stop.urgent().await })
        });
        let real = self.real.as_ref().zip(client.pass.as_ref());
        let real = real.map(|(real, pass)| real.passage(pass));
        let work = ClientRun {
            client,
            wanted,
            need: self.need.clone(),
            jobs: self.args.how.jobs,
            fail_on: self.args.how.fail_on.severity(),
            keep_exchanges: self.args.how.keep_exchanges.is_some(),
            outside: Outside {
                scope: Arc::new(Values {
                    run: self.run.clone(),
                    now: now(),
                    given: Arc::clone(&self.given),
                }),
                environment: Arc::new(environment),
                secrets: self.secrets.clone(),
                real,
            },
            stopped,
        };
        let most = if self.args.how.fail_fast {
            Some(1)
        } else {
            self.args.how.max_fail
        };
        let blank = |case: usize| unjudged(suite, Step { case, row: None });
        let ended = run_client(&work, blank, |case| self.kept(case, most)).await;
        ended.map_err(|error| {
            Problem::new(
                BAD_INPUT,
                self.secrets.text(&error.to_string()).into_owned(),
            )
        })
    }

    /// What a program is given of our own environment. What it is given by name is a key or a password as
    /// often as not: it is a secret from here on.
    fn passed_on(&self, names: &[String], context: &Context) -> Vec<(String, String)> {
        let environment = environment(names, context);
        for name in names {
            match environment.iter().find(|(known, _)| known == name) {
                Some((_, value)) => self.secrets.add(name, value),
                None => context.say(&format!(
                    "warning: {name} of `pass_env` is not set here: the program does not get it"
                )),
            }
        }
        environment
    }

    /// Keeps a result; says whether to go on.
    fn kept(&mut self, case: &CaseResult, most: Option<usize>) -> bool {
        if let Err(error) = self.keeper.case(case) {
            self.error = Some(error);
            return false;
        }
        let enough = most.is_some_and(|most| self.keeper.summary().different >= most);
        if enough {
            self.stop.stop(1);
        }
        !self.stop.is_set()
    }
}

/// The program of each suite, with what the command line says of all.
fn adjusted(args: &ClientArgs, suite: &Suite) -> Option<Arc<Client>> {
    let client = suite.client.as_ref()?;
    let mut client = client.as_ref().clone();
    if let Some(TimeSpan(timeout)) = args.how.timeout {
        client.timeout = timeout;
    }
    client.pass_env.extend(args.pass_env.iter().cloned());
    Some(Arc::new(client))
}

/// The variables of our own environment that every program is given, and those that are named.
fn environment(names: &[String], context: &Context) -> Vec<(String, String)> {
    let wanted = |name: &str| {
        PASSED.contains(&name) || name.starts_with("LC_") || names.iter().any(|known| known == name)
    };
    context.environment(wanted)
}

/// The values of placeholders that are no run's own.
struct Values {
    run: String,
    now: String,
    given: Arc<Given>,
}

impl Scope for Values {
    fn get(&self, name: &str) -> Option<Cow<'_, Scalar>> {
        let text = |text: String| Some(Cow::Owned(Scalar::Text(text)));
        match name {
            "run.id" => text(self.run.clone()),
            "now" => text(self.now.clone()),
            "uuid" => text(uuid::Uuid::new_v4().to_string()),
            _ => self.given.get(name, Side::New),
        }
    }
}
