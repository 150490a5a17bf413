//! The first and the last line of a journal.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::pair::Pair;
use crate::results::{Finding, RuleUse, RunInfo, SuiteInfo, TargetInfo, Warning};

/// The name and version of the journal format.
pub const SCHEMA: &str = "cutover.journal/1";

/// The first line: what was planned, and under which conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`SCHEMA`].
    pub schema: String,
    /// The run, as far as it is known at the start.
    pub run: RunInfo,
    /// The targets; null in a client run without pass-through.
    pub pair: Option<Pair<TargetInfo>>,
    /// The suite files, in plan order.
    pub suites: Vec<SuiteInfo>,
    /// Cases planned in this journal: in a shard, the shard's.
    pub planned: usize,
    /// The part of a plan that this journal holds, if it is a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// What was known at the start that a reader should know first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// One part of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which part, from 1.
    pub k: usize,
    /// Of how many.
    pub n: usize,
    /// Cases of the whole plan.
    pub total: usize,
}

impl Header {
    /// The header of a run that is not sharded and has no warnings; `planned` is the run's.
    pub fn new(run: RunInfo, pair: Option<Pair<TargetInfo>>, suites: Vec<SuiteInfo>) -> Self {
        let planned = run.planned;
        Self {
            schema: SCHEMA.to_owned(),
            run,
            pair,
            suites,
            planned,
            shard: None,
            warnings: Vec::new(),
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// When, RFC 3339 in UTC.
    pub finished: String,
    /// Whether it came to its end: false when it was stopped before.
    pub complete: bool,
    /// The exit code.
    pub exit: Option<u8>,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    /// How it ended.
    pub end: End,
    /// What only shows across cases.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// How often each rule was of use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleUse>,
    /// What came up during the run that a reader should know first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl Footer {
    /// The end of a run of which nothing else is to be said.
    pub const fn new(end: End) -> Self {
        Self {
            end,
            findings: Vec::new(),
            rules: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// Where a run's journal goes unless the user says otherwise: `.cutover/runs/ID.jsonl` under a folder.
pub fn default_path(folder: &Path, run_id: &str) -> PathBuf {
    let name = format!("{run_id}.jsonl");
    let runs = Path::new(".cutover").join("runs").join(name);
    // As a person would type it.
    if folder == Path::new(".") {
        runs
    } else {
        folder.join(runs)
    }
}
