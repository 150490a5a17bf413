//! The report for people: causes first, then each failure, then what to know, then the verdict.

mod failure;

use std::io::{self, Write};

use super::causes::Causes;
use super::clients;
use super::page::{Page, Style, Tone};
use super::words::{cases, incomplete, is_meant, meant, place, skipped_because, value, verdict};
use super::{ReportError, probes};
use crate::journal::JournalSet;
use crate::results::{Cause, Reason, RuleUse, Summary, Verdict};
pub use failure::details;
use failure::failure;

/// Causes that are shown; `-v` shows all.
const CAUSES: usize = 20;
/// Cases of a finding that are named; `-v` names all.
const FOUND: usize = 5;
/// Skipped cases of one reason that are named; `-v` names all.
const SKIPPED: usize = 10;

pub(super) fn write(
    journal: &JournalSet,
    out: &mut dyn Write,
    style: &Style,
) -> Result<(), ReportError> {
    let mut page = Page::new(out, style);
    banner(&mut page, journal)?;
    if !style.quiet {
        targets(&mut page, journal)?;
        if clients::is_of_clients(journal) {
            clients::table(&mut page, journal)?;
        } else {
            causes(&mut page, journal)?;
        }
        if style.verbose || !clients::is_of_clients(journal) {
            failures(&mut page, journal)?;
        }
        accepted(&mut page, journal)?;
        probes::on_terminal(&mut page, journal)?;
        skipped(&mut page, journal)?;
        findings(&mut page, journal)?;
        if style.verbose {
            rules(&mut page, journal)?;
        }
    }
    warnings(&mut page, journal)?;
    summary(&mut page, journal)
}

fn banner(page: &mut Page<'_>, journal: &JournalSet) -> io::Result<()> {
    match incomplete(journal) {
        Some(text) => page.wrapped(Tone::Bad, "", &text),
        None => Ok(()),
    }
}

fn targets(page: &mut Page<'_>, journal: &JournalSet) -> io::Result<()> {
    let run = journal.run();
    page.wrapped(Tone::Faint, "", &format!("run {}", run.id))?;
    if let Some(pair) = journal.pair() {
        for (side, target) in pair.iter() {
            let text = format!("{} {}", target.name, target.url);
            page.wrapped(Tone::Plain, &format!("{side}  "), &text)?;
        }
    }
    Ok(())
}

fn causes(page: &mut Page<'_>, journal: &JournalSet) -> Result<(), ReportError> {
    if journal.summary().different == 0 {
        return Ok(());
    }
    let (causes, capped) = Causes::of(journal)?.finish();
    let shown = if page.style().verbose {
        causes.len()
    } else {
        CAUSES
    };
    page.heading("CAUSES")?;
    for cause in causes.iter().take(shown) {
        one_cause(page, cause)?;
    }
    if causes.len() > shown {
        let more = format!("and {} more causes (-v)", causes.len() - shown);
        page.wrapped(Tone::Faint, "  ", &more)?;
    }
    if let Some(finding) = capped {
        page.wrapped(Tone::Unsure, "  ", &finding.message)?;
    }
    Ok(())
}

fn one_cause(page: &mut Page<'_>, cause: &Cause) -> io::Result<()> {
    let lead = format!("  {:>9}  ", cases(cause.cases));
    let text = format!("{} {}: {}", cause.template, cause.kind, cause.change);
    page.wrapped(Tone::Plain, &lead, &text)
}

fn failures(page: &mut Page<'_>, journal: &JournalSet) -> Result<(), ReportError> {
    for verdict in [Verdict::Different, Verdict::Inconclusive] {
        for case in journal.cases_where(move |case| case.verdict == verdict)? {
            failure(page, journal.run().fail_on, &case?)?;
        }
    }
    Ok(())
}

fn accepted(page: &mut Page<'_>, journal: &JournalSet) -> Result<(), ReportError> {
    if !journal.list().any(|case| is_meant(&case)) {
        return Ok(());
    }
    page.heading("ACCEPTED")?;
    for case in journal.cases_where(|case| is_meant(&case))? {
        let case = case?;
        page.wrapped(Tone::Meant, "  ", &case.id)?;
        for item in &case.differences {
            let Some(rule) = &item.accepted_by else {
                continue;
            };
            let shown = |observed, bytes| value(item.r#where, observed, bytes, WHOLE_LINE);
            let change = format!(
                "{}: {} to {}",
                place(item),
                shown(&item.old, item.old_bytes),
                shown(&item.new, item.new_bytes)
            );
            page.wrapped(Tone::Plain, "    ", &change)?;
            page.wrapped(Tone::Faint, "      ", &meant(rule))?;
        }
    }
    Ok(())
}

/// Room for one value of an accepted difference.
const WHOLE_LINE: usize = 50;

fn skipped(page: &mut Page<'_>, journal: &JournalSet) -> Result<(), ReportError> {
    if journal.summary().skipped == 0 {
        return Ok(());
    }
    page.heading("NOT RUN")?;
    let mut reasons: Vec<Option<Reason>> = Vec::new();
    for case in journal.list().filter(|c| c.verdict == Verdict::Skipped) {
        if !reasons.contains(&case.reason) {
            reasons.push(case.reason);
        }
    }
    for reason in reasons {
        let of_reason = move |case: &crate::journal::Listed<'_>| {
            case.verdict == Verdict::Skipped && case.reason == reason
        };
        let count = journal.list().filter(of_reason).count();
        page.wrapped(
            Tone::Plain,
            "  ",
            &format!("{}: {}", skipped_because(reason), cases(count)),
        )?;
        let shown = if page.style().verbose { count } else { SKIPPED };
        for case in journal
            .cases_where(move |case| of_reason(&case))?
            .take(shown)
        {
            let case = case?;
            let note = case
                .note
                .map(|note| format!(": {note}"))
                .unwrap_or_default();
            page.wrapped(Tone::Faint, "    ", &format!("{}{note}", case.id))?;
        }
        if count > shown {
            let more = format!("and {} more (-v)", count - shown);
            page.wrapped(Tone::Faint, "    ", &more)?;
        }
    }
    Ok(())
}

fn findings(page: &mut Page<'_>, journal: &JournalSet) -> io::Result<()> {
    if journal.findings().is_empty() {
        return Ok(());
    }
    page.heading("ACROSS CASES")?;
    for finding in journal.findings() {
        let text = format!("{}: {}", finding.kind, finding.message);
        page.wrapped(Tone::Plain, "  ", &text)?;
        let count = finding.cases.len();
        let shown = if page.style().verbose { count } else { FOUND };
        for id in finding.cases.iter().take(shown) {
            page.wrapped(Tone::Faint, "    ", id)?;
        }
        if count > shown {
            let more = format!("and {} more (-v)", count - shown);
            page.wrapped(Tone::Faint, "    ", &more)?;
        }
    }
    Ok(())
}

/// How much each rule took out of the comparison: one that names many places hides many.
fn rules(page: &mut Page<'_>, journal: &JournalSet) -> io::Result<()> {
    if journal.rules().is_empty() {
        return Ok(());
    }
    page.heading("RULES")?;
    for RuleUse { rule, at, used } in journal.rules() {
        let times = if *used == 1 { "place" } else { "places" };
        let text = format!("{at}: {rule}: of use at {used} {times}");
        page.wrapped(Tone::Plain, "  ", &text)?;
    }
    Ok(())
}

fn warnings(page: &mut Page<'_>, journal: &JournalSet) -> io::Result<()> {
    if journal.warnings().is_empty() {
        return Ok(());
    }
    page.heading("WARNINGS")?;
    for warning in journal.warnings() {
        let side = warning
            .side
            .map(|side| format!(" ({side})"))
            .unwrap_or_default();
        let text = format!("{}{side}: {}", warning.code, warning.message);
        page.wrapped(Tone::Unsure, "  ", &text)?;
    }
    Ok(())
}

fn summary(page: &mut Page<'_>, journal: &JournalSet) -> Result<(), ReportError> {
    let summary = journal.summary();
    // The table of a client run has them, and ends with what to change: that is to be the last on the screen.
    let told = clients::is_of_clients(journal) && !page.style().quiet;
    if summary.different + summary.inconclusive > 0 && !told {
        page.heading("FAILED")?;
        for verdict in [Verdict::Different, Verdict::Inconclusive] {
            for case in journal.list().filter(|case| case.verdict == verdict) {
                let reason = case.reason.map(|r| format!(" ({r})")).unwrap_or_default();
                let lead = format!("  {:<12}  ", verdict.word());
                page.wrapped(Tone::of(verdict), &lead, &format!("{}{reason}", case.id))?;
            }
        }
    }
    page.gap()?;
    page.wrapped(Tone::Plain, "", &counted(&summary))?;
    page.wrapped(verdict_tone(journal), "", &verdict(journal))?;
    Ok(())
}

/// `14 same, 1 accepted, 2 different, 0 inconclusive, 8 skipped`.
fn counted(summary: &Summary) -> String {
    let counts = Verdict::ALL.map(|verdict| format!("{} {verdict}", summary.of(verdict)));
    counts.join(", ")
}

fn verdict_tone(journal: &JournalSet) -> Tone {
    let summary = journal.summary();
    if summary.different > 0 {
        Tone::Bad
    } else if summary.inconclusive > 0 || !journal.run().complete || summary.skipped > 0 {
        Tone::Unsure
    } else {
        Tone::Good
    }
}
