//! What is said of a run as a whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::CaseResult;
use super::difference::{Kind, Severity};
use super::verdict::Verdict;
use crate::pair::Side;

/// The run: when, how much of it, under which conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunInfo {
    /// Start time and a random part: `20261121T221000Z-4f1c`.
    pub id: String,
    /// Start, RFC 3339 in UTC.
    pub started: String,
    /// End, RFC 3339 in UTC; null while it runs and when it was killed.
    pub finished: Option<String>,
    /// Whether every planned case has a result.
    pub complete: bool,
    /// Cases planned.
    pub planned: usize,
    /// The severity from which a difference counts.
    pub fail_on: Severity,
    /// How often each side was asked.
    pub samples: u32,
    /// Whether writes were sent.
    pub writes: Writes,
    /// The environment of the pair file.
    pub env: Option<String>,
    /// The exit code; null while it runs and when it was killed.
    pub exit: Option<u8>,
}

/// Whether writes were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Writes {
    /// Both keys were turned.
    Allowed,
    /// They were not.
    Withheld,
}

/// A target as reports name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetInfo {
    /// Its display name.
    pub name: String,
    /// Its platform.
    pub platform: String,
    /// Its base URL.
    pub url: String,
    /// `latest` where the latest documents of its platform were gone by; absent where it was the comparison
    /// page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<String>,
}

/// A suite file of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuiteInfo {
    /// The path as case ids have it.
    pub file: String,
    /// The suite's name.
    pub name: String,
    /// The feature that it speaks for.
    pub feature: Option<String>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// Something a reader should know before trusting the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// A stable word for it.
    pub code: String,
    /// The side it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// What it means.
    pub message: String,
}

/// A rule or an acceptance of the suites, and how often it was of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleUse {
    /// The rule in short: `ignore $.meta`.
    pub rule: String,
    /// Where it stands: `suites/orders.yaml:31`.
    pub at: String,
    /// At how many places of the answers it was of use, over all cases.
    pub used: usize,
}

/// Differences of many cases that have one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// Their kind.
    pub kind: Kind,
    /// Their path, array indices generalised.
    pub template: String,
    /// How the value changes, in words.
    pub change: String,
    /// Cases that show it.
    pub cases: usize,
}

/// Something that only shows across cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// A stable word for it.
    pub kind: String,
    /// What it means.
    pub message: String,
    /// The ids of the cases that show it.
    pub cases: Vec<String>,
}

/// Cases by verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// All cases with a result.
    pub cases: usize,
    /// See [`Verdict::Same`].
    pub same: usize,
    /// See [`Verdict::Accepted`].
    pub accepted: usize,
    /// See [`Verdict::Different`].
    pub different: usize,
    /// See [`Verdict::Inconclusive`].
    pub inconclusive: usize,
    /// See [`Verdict::Skipped`].
    pub skipped: usize,
}

impl Summary {
    /// Counts a case.
    pub fn add(&mut self, case: &CaseResult) {
        self.count(case.verdict);
    }

    /// Counts a case by its verdict.
    pub const fn count(&mut self, verdict: Verdict) {
        self.cases += 1;
        match verdict {
            Verdict::Same => self.same += 1,
            Verdict::Accepted => self.accepted += 1,
            Verdict::Different => self.different += 1,
            Verdict::Inconclusive => self.inconclusive += 1,
            Verdict::Skipped => self.skipped += 1,
        }
    }

    /// The count of a verdict.
    pub const fn of(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Same => self.same,
            Verdict::Accepted => self.accepted,
            Verdict::Different => self.different,
            Verdict::Inconclusive => self.inconclusive,
            Verdict::Skipped => self.skipped,
        }
    }
}
