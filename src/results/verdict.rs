//! [`Verdict`] and [`Reason`].

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a case says about the pair.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A consumer notices nothing.
    Same,
    /// A consumer would notice, and the suite says that this is meant.
    Accepted,
    /// A consumer would notice.
    Different,
    /// There is no complete pair of observations.
    Inconclusive,
    /// Nothing was sent.
    Skipped,
}

impl Verdict {
    /// Every verdict, best first.
    pub const ALL: [Self; 5] = [
        Self::Same,
        Self::Accepted,
        Self::Different,
        Self::Inconclusive,
        Self::Skipped,
    ];

    /// The word of the results format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Accepted => "accepted",
            Self::Different => "different",
            Self::Inconclusive => "inconclusive",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Why a case was skipped or is inconclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The suite says `skip`.
    Skip,
    /// A write, and writes were not allowed by both keys.
    WritesWithheld,
    /// A probe, without `--probes`.
    ProbesWithheld,
    /// A client suite in a `run`.
    ClientSuite,
    /// A case that this one needs did not deliver.
    Needs,
    /// The connection to a side could not be made, or it broke.
    Connect,
    /// A TLS handshake failed.
    Tls,
    /// No complete answer in time.
    Timeout,
    /// A credential's token could not be had.
    Token,
    /// A body larger than the limit.
    BodyLimit,
    /// A side answered 429 or 503 until the retries were used up.
    Throttled,
    /// The side was given up after many connect failures in a row.
    SideDown,
    /// The run was stopped.
    Interrupted,
    /// Both sides failed alike, with a status that the case does not expect.
    BothFailed,
}

impl Reason {
    /// The word of the results format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::WritesWithheld => "writes-withheld",
            Self::ProbesWithheld => "probes-withheld",
            Self::ClientSuite => "client-suite",
            Self::Needs => "needs",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Token => "token",
            Self::BodyLimit => "body-limit",
            Self::Throttled => "throttled",
            Self::SideDown => "side-down",
            Self::Interrupted => "interrupted",
            Self::BothFailed => "both-failed",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
