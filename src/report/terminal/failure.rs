//! A case that failed: what differs, what a client feels, what to do.

use std::io;

use crate::pair::Side;
use crate::report::curl;
use crate::report::page::{Page, Style, Tone};
use crate::report::words::{accept_line, counts, observation, place, seen, value, why};
use crate::results::{CaseResult, CaseType, Difference, ExchangeRecord, Kind, Severity, Where};

/// Says what a case found.
pub(super) fn failure(page: &mut Page<'_>, fail_on: Severity, case: &CaseResult) -> io::Result<()> {
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
    // Headers of the gateway itself differ in every answer, and how a body is written; their names are enough.
    let in_full = |item: &&Difference| {
        let is_of_each_answer = item.r#where == Where::Header
            || item.r#where == Where::Body && item.kind == Kind::Format && item.path == "$";
        let is_short = is_of_each_answer && item.severity == Severity::Cosmetic;
        verbose || !is_short || item.accepted_by.is_some() || counts(fail_on, item)
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

/// Two lines for a shell. They are not broken, so that they can be copied. None for a program: what it called is
/// there no more.
fn evidence(page: &mut Page<'_>, case: &CaseResult) -> io::Result<()> {
    for (side, result) in case.pair().iter() {
        for seen in result.map_or(&[][..], |result| &result.observations) {
            let lead = format!("  {side}  ");
            page.wrapped(Tone::Faint, &lead, &observation(seen))?;
        }
        let exchange: Option<&ExchangeRecord> = result.and_then(|r| r.exchange.as_ref());
        if let Some(exchange) = exchange.filter(|_| case.r#type != CaseType::Client) {
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
