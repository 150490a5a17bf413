//! [`Matrix`]: what `cutover readiness` says; every report of it is made from this.

use serde::Serialize;

use super::state::{State, Verdict};
use crate::pair::Pair;
use crate::results::{self, TargetInfo};

/// The name and version of the JSON report.
pub const SCHEMA: &str = "cutover.readiness/1";

/// Every row, and the verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matrix {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The version of `cutover`.
    pub cutover: &'static str,
    /// When this was said, RFC 3339 in UTC.
    pub made: String,
    /// The targets; null where no journal names them.
    pub pair: Option<Pair<TargetInfo>>,
    /// Whether consumers can move.
    pub verdict: Verdict,
    /// 0 ready, 1 not ready, 3 evidence missing or stale.
    pub exit: u8,
    /// What stands in the way, a line for each.
    pub because: Vec<String>,
    /// What consumers must be told.
    pub changes: Vec<Change>,
    /// The rows of the comparison and those beyond it, in order.
    pub rows: Vec<RowResult>,
    /// The runs that were looked at, newest first.
    pub runs: Vec<RunShown>,
    /// What a reader should know first.
    pub warnings: Vec<String>,
}

impl Matrix {
    /// Rows in a state; those of the comparison, or those beyond it.
    pub fn count(&self, state: State, beyond: bool) -> usize {
        let rows = self.rows.iter().filter(|row| row.beyond == beyond);
        rows.filter(|row| row.state == state).count()
    }
}

/// What is known of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowResult {
    /// Its name.
    pub row: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// Whether it is beyond the comparison.
    pub beyond: bool,
    /// What is known.
    pub state: State,
    /// Why, in words.
    pub because: String,
    /// The cases that count: those that differ first, then by id.
    pub cases: Vec<Proof>,
}

/// A case that says something about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Its id.
    pub id: String,
    /// What it found.
    pub verdict: results::Verdict,
    /// The run in which.
    pub run: String,
    /// When, RFC 3339 in UTC.
    pub when: String,
}

/// A change that was accepted, and that consumers notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The row.
    pub row: String,
    /// The rule that accepts it.
    pub rule: String,
    /// Where it shows: `status`, `header:retry-after`, `$.code`.
    pub places: Vec<String>,
    /// What consumers notice, in words.
    pub told: String,
    /// Why it is accepted.
    pub because: String,
    /// The last day on which it is accepted.
    pub until: Option<String>,
    /// What consumers can do.
    pub advice: Option<String>,
    /// Cases that show it.
    pub cases: usize,
}

/// A run that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunShown {
    /// Its id.
    pub id: String,
    /// When it ended (or began, where it did not end), RFC 3339 in UTC.
    pub when: String,
    /// Whether every planned case has a result.
    pub complete: bool,
    /// The cases that were planned.
    pub planned: usize,
    /// The cases that have a result.
    pub done: usize,
    /// Cases that count.
    pub counted: usize,
    /// Cases that are too old, or of another text of their suite.
    pub stale: usize,
}
