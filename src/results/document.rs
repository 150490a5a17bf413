//! [`Results`]: the JSON report, whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::CaseResult;
use super::run::{Cause, Finding, RuleUse, RunInfo, SuiteInfo, Summary, TargetInfo, Warning};
use crate::pair::Pair;

/// The name and version of the results format.
pub const SCHEMA: &str = "cutover.results/1";

/// What `--report json` writes. The report itself is streamed; this is its shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Results {
    /// [`SCHEMA`].
    pub schema: String,
    /// The version of `cutover` that made it.
    pub cutover: String,
    /// The run.
    pub run: RunInfo,
    /// The targets; null in a client run without pass-through.
    pub pair: Option<Pair<TargetInfo>>,
    /// The suite files.
    pub suites: Vec<SuiteInfo>,
    /// What a reader should know first.
    pub warnings: Vec<Warning>,
    /// The cases, in the order of their files.
    pub cases: Vec<CaseResult>,
    /// Differences grouped by cause, most cases first.
    pub causes: Vec<Cause>,
    /// What only shows across cases.
    pub findings: Vec<Finding>,
    /// Every rule that held for a case, and how often it was of use.
    #[serde(default)]
    pub rules: Vec<RuleUse>,
    /// Cases by verdict.
    pub summary: Summary,
}
