//! Making a difference of what a probe found.

use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};
use crate::token::Check;

/// A difference about tokens, at `probe.VARIANT`: its id, its section and its advice are those of the check, and
/// its weight is one of the check's.
pub(super) fn finding(
    check: Check,
    variant: &str,
    kind: Kind,
    severity: Severity,
    explain: impl Into<String>,
) -> Difference {
    let path = format!("probe.{variant}");
    weighing(check, Where::Token, &path, kind, severity, explain)
}

/// A difference anywhere that a check tells of, with one of the check's weights.
pub(super) fn weighing(
    check: Check,
    place: Where,
    path: &str,
    kind: Kind,
    severity: Severity,
    explain: impl Into<String>,
) -> Difference {
    let difference = check.at(place, path, kind, explain);
    Difference {
        severity,
        ..difference
    }
}

/// What a difference still lacks.
pub(super) trait Finding: Sized {
    /// What each side showed.
    fn seen(self, seen: Pair<Observed>) -> Self;
}

impl Finding for Difference {
    fn seen(self, seen: Pair<Observed>) -> Self {
        self.showing(seen.old, seen.new)
    }
}
