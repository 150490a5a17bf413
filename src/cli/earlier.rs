//! Journals of earlier runs: `--rerun` and `--since` hold a run against them.

use std::collections::HashSet;
use std::path::Path;

use super::context::Context;
use super::problem::{BAD_INPUT, Problem};
use crate::config::BaseUrl;
use crate::journal::JournalSet;
use crate::pair::Pair;
use crate::results::{SuiteInfo, TargetInfo};
use crate::shipped;
use crate::suite::Suite;

/// Ids of the cases that an earlier run of this pair has settled.
pub(super) fn settled(
    path: &Path,
    suites: &[Suite],
    pair: Option<&Pair<TargetInfo>>,
    context: &Context,
) -> Result<HashSet<String>, Problem> {
    let journal = open(path)?;
    let infos: Vec<SuiteInfo> = suites.iter().map(|suite| suite.info.clone()).collect();
    let why = "what is settled there says nothing about this pair: run without --rerun";
    one_pair(path, &journal, pair, &infos, why)?;
    // Less than all suites is a choice; another text of one is not what was settled.
    let known = journal.suites();
    let other = infos.iter().find(|suite| !known.contains(suite));
    if let Some(suite) = other {
        context.say(&format!(
            "warning: {} is not the suite that {} is about; cases that are settled there are not \
             run again",
            suite.file,
            path.display()
        ));
    }
    Ok(journal.settled())
}

/// The earlier run that `--since` names, of the pair of this one.
pub(super) fn before(
    path: &Path,
    now: &JournalSet,
    context: &Context,
) -> Result<JournalSet, Problem> {
    let before = open(path)?;
    let why = "what is new and what is fixed can be said of one pair only";
    one_pair(path, &before, now.pair(), now.suites(), why)?;
    if let Some(other) = before.other_suites(now.suites()) {
        let path = path.display();
        context.say(&format!(
            "warning: {path} is about other suites: {other} (the first is {path})"
        ));
    }
    Ok(before)
}

fn open(path: &Path) -> Result<JournalSet, Problem> {
    let journal = JournalSet::open(std::slice::from_ref(&path.to_owned()));
    journal.map_err(|error| Problem::new(BAD_INPUT, error.to_string()))
}

/// Whether a journal is about a pair.
pub(super) fn one_pair(
    path: &Path,
    before: &JournalSet,
    pair: Option<&Pair<TargetInfo>>,
    suites: &[SuiteInfo],
    why: &str,
) -> Result<(), Problem> {
    if is_demo(suites)
        && is_demo(before.suites())
        && before.pair().map(on_any_port) == pair.map(on_any_port)
    {
        return Ok(());
    }
    match before.other_pair(pair) {
        None => Ok(()),
        Some(other) => {
            let path = path.display();
            let text = format!("{path} is a journal of another pair: {other}\n{why}");
            Err(Problem::new(BAD_INPUT, text))
        }
    }
}

/// Whether these are the suites of `cutover demo`, whose doubles take another port each time.
fn is_demo(suites: &[SuiteInfo]) -> bool {
    let is_shipped = |suite: &SuiteInfo| shipped::suites(true).any(|(name, _)| name == suite.file);
    !suites.is_empty() && suites.iter().all(is_shipped)
}

/// A pair without the ports of this machine.
fn on_any_port(pair: &Pair<TargetInfo>) -> Pair<TargetInfo> {
    let plain = |target: &TargetInfo| {
        let url = BaseUrl::parse(&target.url).ok();
        let url = url.filter(|url| url.url().host_str() == Some("127.0.0.1"));
        let url = url.map(|url| url.url().path().to_owned());
        TargetInfo {
            url: url.unwrap_or_else(|| target.url.clone()),
            ..target.clone()
        }
    };
    pair.as_ref().map(plain)
}
