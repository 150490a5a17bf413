//! [`Stopped`]: why a probe has nothing to compare.

use crate::exchange::Failure;
use crate::pair::Side;
use crate::results::Reason;

/// Why a probe has nothing to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stopped {
    pub(super) reason: Reason,
    pub(super) note: String,
    /// The failure and its side, where an exchange failed.
    pub(super) failure: Option<(Side, Failure)>,
}

impl Stopped {
    /// An exchange of a side failed.
    pub(super) fn by(side: Side, failure: Failure) -> Self {
        Self {
            reason: failure.reason(),
            note: format!("the {side} side: {}", failure.message),
            failure: Some((side, failure)),
        }
    }

    /// What came shows that nothing can be learned.
    pub(super) fn because(reason: Reason, note: impl Into<String>) -> Self {
        Self {
            reason,
            note: note.into(),
            failure: None,
        }
    }
}
