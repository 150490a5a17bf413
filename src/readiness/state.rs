//! [`State`] of a row and [`Verdict`] of all.

use std::fmt;

use serde::Serialize;

/// What is known of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Every case of its suites was run lately and held.
    Proved,
    /// A consumer would notice.
    Differs,
    /// Nothing is known, or too little.
    NotTested,
    /// Somebody vouches for it.
    Attested,
    /// It does not concern these consumers.
    NotApplicable,
}

impl State {
    /// Every state, worst first.
    pub const ALL: [Self; 5] = [
        Self::Differs,
        Self::NotTested,
        Self::Proved,
        Self::Attested,
        Self::NotApplicable,
    ];

    /// The word of the JSON report.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Differs => "differs",
            Self::NotTested => "not-tested",
            Self::Attested => "attested",
            Self::NotApplicable => "not-applicable",
        }
    }
}

impl fmt::Display for State {
    /// As people read it: `not tested`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotTested => "not tested",
            Self::NotApplicable => "not applicable",
            other => other.word(),
        })
    }
}

/// Whether consumers can move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They notice nothing.
    Ready,
    /// They notice what was accepted, and must be told.
    ReadyWithAcceptedChanges,
    /// They would notice something, or nobody knows.
    NotReady,
}

impl Verdict {
    /// The word of the JSON report.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::ReadyWithAcceptedChanges => "ready-with-accepted-changes",
            Self::NotReady => "not-ready",
        }
    }
}

impl fmt::Display for Verdict {
    /// As people read it: `ready with accepted changes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready => "ready",
            Self::ReadyWithAcceptedChanges => "ready with accepted changes",
            Self::NotReady => "not ready",
        })
    }
}
