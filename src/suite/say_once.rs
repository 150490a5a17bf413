//! Reporting once what is looked at once for each side.

use super::compile::Compiler;
use crate::pair::Side;
use crate::source::{Diagnostic, Span};

impl Compiler<'_, '_> {
    /// Reports what is the same on both sides once.
    pub(super) fn once<T>(
        &mut self,
        side: Side,
        span: Span,
        message: &str,
        label: &str,
    ) -> Option<T> {
        let diagnostic = Diagnostic::error(self.cx.source, span, message).label(label);
        self.once_with(side, diagnostic)
    }

    pub(super) fn once_with<T>(&mut self, side: Side, diagnostic: Diagnostic) -> Option<T> {
        let seen = |d: &Diagnostic| {
            d.span == diagnostic.span && (side == Side::New || d.message == diagnostic.message)
        };
        if self.cx.diagnostics.iter().any(seen) {
            return None;
        }
        self.cx.report(diagnostic)
    }

    /// Whether a place has its problem already: what a suite says is looked at for each case.
    pub(super) fn said(&self, span: Span) -> bool {
        self.cx.diagnostics.iter().any(|d| d.span == span)
    }
}
