//! [`Chain`] and [`Context`]: what a case finds when it begins.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::across::Across;
use super::barrier::Barriers;
use super::session::Session;
use super::tally::Tally;
use crate::pair::Pair;
use crate::probe::ProbeLog;
use crate::results::Verdict;
use crate::suite::Suite;

/// What the cases of a chain leave to those behind them.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// Which chain of the plan it is.
    pub(super) number: usize,
    pub(super) captured: Pair<BTreeMap<String, String>>,
    pub(super) born: Vec<(String, Pair<String>)>,
    /// The path of the case at hand on each side, without base path and query.
    pub(super) asked: Option<Pair<String>>,
    /// The paths that were asked for so far, and those of what was made: they stand for each other.
    pub(super) paths: Vec<Pair<String>>,
    /// What became of the cases, by index: whether a case that needs them can run.
    pub(super) delivered: HashMap<usize, Verdict>,
    /// Cases whose poll ended without what it waited for: nothing that needs them can run.
    pub(super) waiting: HashSet<usize>,
    /// What the probe that is at work has seen of each side.
    pub(super) probing: Option<Pair<ProbeLog>>,
}

/// What running a case needs beside the case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) session: &'a Session,
    pub(super) barriers: &'a Barriers,
    pub(super) tally: &'a Tally,
    pub(super) across: &'a Across,
    pub(super) suite: &'a Suite,
}
