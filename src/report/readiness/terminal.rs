//! The matrix for people at a terminal; the verdict comes last, where it stays in sight.

use std::io::{self, Write};

use super::{Told, counted, headline, incomplete, told};
use crate::plural::plural;
use crate::readiness::{Matrix, RowResult, State, Verdict};
use crate::report::page::{Page, Style, Tone};

/// Columns below which what is said of a row stands on lines of its own.
const NARROW: usize = 76;

pub(super) fn write(matrix: &Matrix, out: &mut dyn Write, style: &Style) -> io::Result<()> {
    let mut page = Page::new(out, style);
    if let Some(text) = incomplete(matrix) {
        page.wrapped(Tone::Bad, "", &text)?;
    }
    if !style.quiet {
        for (side, target) in matrix.pair.iter().flat_map(crate::Pair::iter) {
            let text = format!("{} {}", target.name, target.url);
            page.wrapped(Tone::Plain, &format!("{side}  "), &text)?;
        }
        rows(&mut page, matrix, "ROWS OF THE COMPARISON", false)?;
        rows(&mut page, matrix, "BEYOND THE COMPARISON", true)?;
        changes(&mut page, matrix)?;
        runs(&mut page, matrix)?;
    }
    if !matrix.warnings.is_empty() {
        page.heading("WARNINGS")?;
        for warning in &matrix.warnings {
            page.wrapped(Tone::Unsure, "  ", warning)?;
        }
    }
    page.gap()?;
    page.wrapped(Tone::Plain, "", &counted(matrix))?;
    let tone = match matrix.verdict {
        Verdict::Ready => Tone::Good,
        Verdict::ReadyWithAcceptedChanges => Tone::Meant,
        Verdict::NotReady if matrix.exit == 1 => Tone::Bad,
        Verdict::NotReady => Tone::Unsure,
    };
    page.wrapped(tone, "", &headline(matrix))
}

const fn tone(state: State) -> Tone {
    match state {
        State::Proved => Tone::Good,
        State::Differs => Tone::Bad,
        State::NotTested => Tone::Unsure,
        State::Attested => Tone::Meant,
        State::NotApplicable => Tone::Faint,
    }
}

fn rows(page: &mut Page<'_>, matrix: &Matrix, heading: &str, beyond: bool) -> io::Result<()> {
    page.heading(heading)?;
    for row in matrix.rows.iter().filter(|row| row.beyond == beyond) {
        one(page, row)?;
    }
    Ok(())
}

fn one(page: &mut Page<'_>, row: &RowResult) -> io::Result<()> {
    let state = row.state.to_string();
    if page.style().width < NARROW {
        let text = format!("{:<24} {state}", row.row);
        page.wrapped(tone(row.state), "  ", &text)?;
        page.wrapped(Tone::Plain, "    ", &row.because)
    } else {
        let lead = format!("  {:<24} {state:<15} ", row.row);
        page.wrapped(tone(row.state), &lead, &row.because)
    }
}

fn changes(page: &mut Page<'_>, matrix: &Matrix) -> io::Result<()> {
    if matrix.changes.is_empty() {
        return Ok(());
    }
    page.heading("WHAT CONSUMERS MUST BE TOLD")?;
    for each in told(matrix) {
        one_change(page, &each)?;
    }
    Ok(())
}

fn one_change(page: &mut Page<'_>, told: &Told<'_>) -> io::Result<()> {
    let change = told.change;
    let cases = plural(told.cases, "case");
    let text = format!("{}: {} ({cases})", told.rows(), told.places());
    page.wrapped(Tone::Meant, "  ", &text)?;
    page.wrapped(Tone::Plain, "    ", &change.told)?;
    if let Some(advice) = &change.advice {
        page.wrapped(Tone::Plain, "    fix  ", advice)?;
    }
    let until = change.until.as_ref().map(|day| format!(" until {day}"));
    let rule = format!("accepted by {}{}", change.rule, until.unwrap_or_default());
    let rule = if change.because == change.told {
        rule
    } else {
        format!("{rule}: {}", change.because)
    };
    page.wrapped(Tone::Faint, "    ", &rule)
}

fn runs(page: &mut Page<'_>, matrix: &Matrix) -> io::Result<()> {
    page.heading("RUNS")?;
    for run in &matrix.runs {
        let mut text = format!(
            "{} of {}: {} counted",
            run.id,
            run.when,
            plural(run.counted, "case")
        );
        if run.stale > 0 {
            text += &format!(", {} stale", run.stale);
        }
        if !run.complete {
            text += ", incomplete";
        }
        page.wrapped(Tone::Plain, "  ", &text)?;
    }
    Ok(())
}
