//! The types of what a run found: what the journal keeps, what every report is made from, and what
//! `cutover schema results` describes. They know nothing of how results come about.

mod case;
mod difference;
mod document;
mod exchange;
mod exit;
mod observed;
mod run;
mod verdict;

pub use case::{
    Capacity, CaseResult, CaseType, FailureSummary, Phase, ProbeObservation, SideResult,
    TokenShape, TokenSummary,
};
pub use difference::{AcceptedBy, Difference, Kind, NEW_SEEN, OLD_SEEN, Severity, Where};
pub use document::{Results, SCHEMA};
pub use exchange::{ExchangeRecord, MessageRecord, PayloadEncoding};
pub use exit::{Outcome, exit_code};
pub use observed::Observed;
pub use run::{Cause, Finding, RuleUse, RunInfo, SuiteInfo, Summary, TargetInfo, Warning, Writes};
pub use verdict::{Reason, Verdict};
