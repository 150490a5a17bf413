//! What probes saw that found nothing to stop a run: how long a revoked token lives on each side, the
//! longest token that passes on both.

use super::ReportError;
use super::page::{Page, Tone};
use crate::journal::JournalSet;
use crate::results::{CaseResult, CaseType, Verdict};

/// The probes without a failure, each with its outcome in words. Those that failed are told with their
/// failures.
pub(super) fn seen(journal: &JournalSet) -> Result<Vec<CaseResult>, ReportError> {
    let good = |verdict| matches!(verdict, Verdict::Same | Verdict::Accepted);
    let probes =
        journal.cases_where(move |case| case.r#type == CaseType::Probe && good(case.verdict))?;
    let mut told = Vec::new();
    for case in probes {
        let case = case?;
        if case.note.is_some() {
            told.push(case);
        }
    }
    Ok(told)
}

/// Their section of the terminal report.
pub(super) fn on_terminal(page: &mut Page<'_>, journal: &JournalSet) -> Result<(), ReportError> {
    let told = seen(journal)?;
    if !told.is_empty() {
        page.heading("WHAT PROBES SAW")?;
    }
    for case in told {
        page.wrapped(Tone::Plain, "  ", &case.id)?;
        page.wrapped(
            Tone::Faint,
            "    ",
            case.note.as_deref().unwrap_or_default(),
        )?;
    }
    Ok(())
}
