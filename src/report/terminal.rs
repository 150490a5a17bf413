//! The report for people: causes first, then each failure, then what to know, then the verdict.

use std::io::{self, Write};

use super::causes::Causes;
use super::clients;
use super::page::{Page, Style, Tone};
use super::words::{
    accept_line, cases, counts, incomplete, is_meant, meant, observation, place, seen,
    skipped_because, value, verdict, why,
};
use super::{ReportError, curl, probes};
use crate::journal::JournalSet;
use crate::pair::Side;
use crate::results::{
    CaseResult, Cause, Difference, ExchangeRecord, Reason, RuleUse, Severity, Summary, Verdict,
    Where,
};

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

fn failure(page: &mut Page<'_>, fail_on: Severity, case: &CaseResult) -> io::Result<()> {
    page.gap()?;
    let word = case.verdict.word().to_uppercase();
    page.wrapped(Tone::of(case.verdict), "", &format!("{word} {}", case.id))?;
    let why = why(case);
    if !why.is_empty() {
        page.wrapped(Tone::Plain, "  ", &why)?;
    }
    for (side, result) in case.pair().iter() {
        if let Some(failure) = result.and_then(|result| result.failure.as_ref()) {
            let text = format!("{}: {}", failure.phase.word(), failure.message);
            page.wrapped(Tone::Plain, &format!("  {side}  "), &text)?;
        }
    }
    let verbose = page.style().verbose;
    // Headers of the gateway itself differ in every answer; their names are enough.
    let in_full = |item: &&Difference| {
        let is_gateways = item.r#where == Where::Header && item.severity == Severity::Cosmetic;
        verbose || !is_gateways || item.accepted_by.is_some() || counts(fail_on, item)
    };
    let mut told = Vec::new();
    for item in case.differences.iter().filter(in_full) {
        difference(page, fail_on, item)?;
        if item.accepted_by.is_none()
            && let Some(known) = &item.known
            && !told.contains(&known)
        {
            told.push(known);
        }
    }
    for known in told {
        let text = format!("{known} is a known change; if its fix is done, accept it:");
        page.wrapped(Tone::Plain, "  ", &text)?;
        page.wrapped(Tone::Plain, "    ", &accept_line(known))?;
    }
    let short: Vec<String> = case
        .differences
        .iter()
        .filter(|item| !in_full(item))
        .map(|item| format!("{} {}", place(item), item.kind))
        .collect();
    if !short.is_empty() {
        let text = format!("{} (-v tells more)", short.join(", "));
        page.wrapped(Tone::Faint, "  below --fail-on: ", &text)?;
    }
    if verbose {
        evidence(page, case)?;
    }
    Ok(())
}

fn difference(page: &mut Page<'_>, fail_on: Severity, item: &Difference) -> io::Result<()> {
    let tone = match (&item.accepted_by, counts(fail_on, item)) {
        (Some(_), _) => Tone::Meant,
        (None, true) => Tone::of_severity(item.severity),
        (None, false) => Tone::Faint,
    };
    let remark = match (&item.accepted_by, counts(fail_on, item)) {
        (Some(_), _) => ", accepted",
        (None, true) => "",
        (None, false) => ", below --fail-on",
    };
    page.wrapped(tone, "  ", &place(item))?;
    page.wrapped(
        tone,
        "    ",
        &format!("{} {}{remark}", item.severity, item.kind),
    )?;
    values(page, item)?;
    for side in Side::BOTH {
        if let Some(text) = seen(item, side) {
            let lead = format!("    seen on the {side} side  ");
            page.wrapped(Tone::Faint, &lead, &text)?;
        }
    }
    if !item.explain.is_empty() {
        page.wrapped(Tone::Plain, "    ", &item.explain)?;
    }
    // What is accepted needs no fix.
    let advice = item.advice.as_ref().filter(|_| item.accepted_by.is_none());
    for (lead, text) in [("    fix  ", advice), ("    see  ", item.r#ref.as_ref())] {
        if let Some(text) = text {
            page.wrapped(Tone::Plain, lead, text)?;
        }
    }
    match &item.accepted_by {
        Some(accepted) => {
            let (rule, at, because) = (&accepted.rule, &accepted.at, &accepted.because);
            let until = accepted.until.as_ref().map(|day| format!(", until {day}"));
            let text = format!("{rule}, {at}{}: {because}", until.unwrap_or_default());
            page.wrapped(Tone::Meant, "    accepted by ", &text)
        }
        None => Ok(()),
    }
}

fn values(page: &mut Page<'_>, item: &Difference) -> io::Result<()> {
    if item.old.is_absent() && item.new.is_absent() {
        return Ok(());
    }
    let most = page.style().width.saturating_sub(9);
    let sides = [
        (Side::Old, &item.old, item.old_bytes),
        (Side::New, &item.new, item.new_bytes),
    ];
    // An expectation is about the side that it failed on; what the other showed may not be known.
    let about = item.detail.get("side").and_then(|side| side.as_str());
    let is_other = |side: Side| {
        item.r#where == Where::Expect && about.is_some_and(|about| about == side.other().word())
    };
    for (side, observed, bytes) in sides {
        if observed.is_absent() && is_other(side) {
            continue;
        }
        let text = value(item.r#where, observed, bytes, most);
        page.wrapped(Tone::Plain, &format!("    {side}  "), &text)?;
    }
    Ok(())
}

/// What a failed case found, as a text: for formats that take it whole. `fail_on` is the severity
/// from which a difference counts, `width` the columns of a line.
///
/// # Errors
/// None that a text in memory can have.
pub fn details(case: &CaseResult, fail_on: Severity, width: usize) -> io::Result<String> {
    let mut text = Vec::new();
    let style = Style {
        width,
        ..Style::default()
    };
    let mut page = Page::new(&mut text, &style);
    failure(&mut page, fail_on, case)?;
    Ok(String::from_utf8_lossy(&text).trim_start().to_owned())
}

/// Two lines for a shell. They are not broken, so that they can be copied.
fn evidence(page: &mut Page<'_>, case: &CaseResult) -> io::Result<()> {
    for (side, result) in case.pair().iter() {
        for seen in result.map_or(&[][..], |result| &result.observations) {
            let lead = format!("  {side}  ");
            page.wrapped(Tone::Faint, &lead, &observation(seen))?;
        }
        let exchange: Option<&ExchangeRecord> = result.and_then(|r| r.exchange.as_ref());
        if let Some(exchange) = exchange {
            let line = curl::line(&exchange.request);
            page.pieces(&[
                (Tone::Faint, "  "),
                (Tone::Faint, side.word()),
                (Tone::Plain, "  "),
                (Tone::Plain, &line),
            ])?;
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
    if summary.different + summary.inconclusive > 0 {
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
