//! Making a difference of what a probe found.

use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// A difference about tokens, at `probe.VARIANT`.
pub(super) fn finding(
    variant: &str,
    kind: Kind,
    severity: Severity,
    explain: impl Into<String>,
) -> Difference {
    let path = format!("probe.{variant}");
    Difference::new(Where::Token, path, kind, severity, explain)
}

/// What a difference still lacks.
pub(super) trait Finding: Sized {
    /// What each side showed.
    fn seen(self, seen: Pair<Observed>) -> Self;
    /// The paragraph that it is about.
    fn cites(self, paragraph: &str) -> Self;
}

impl Finding for Difference {
    fn seen(self, seen: Pair<Observed>) -> Self {
        self.showing(seen.old, seen.new)
    }

    fn cites(mut self, paragraph: &str) -> Self {
        self.r#ref = Some(paragraph.to_owned());
        self
    }
}
