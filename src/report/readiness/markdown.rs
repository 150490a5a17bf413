//! The matrix as Markdown.

use std::io::{self, Write};

use super::{counted, headline, incomplete, told};
use crate::pair::Pair;
use crate::plural::plural;
use crate::readiness::{Change, Matrix};
use crate::report::markdown::{cell, plain};

pub(super) fn write(matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    if let Some(text) = incomplete(matrix) {
        writeln!(out, "**{}**\n", plain(&text))?;
    }
    writeln!(out, "# cutover readiness: {}\n", plain(&headline(matrix)))?;
    writeln!(out, "{}\n", plain(&counted(matrix)))?;
    for warning in &matrix.warnings {
        writeln!(out, "- {}", plain(warning))?;
    }
    if !matrix.warnings.is_empty() {
        writeln!(out)?;
    }
    if let Some(pair) = &matrix.pair {
        writeln!(out, "| side | gateway | URL |\n|---|---|---|")?;
        for (side, target) in Pair::iter(pair) {
            let (name, url) = (plain(&target.name), cell(&target.url));
            writeln!(out, "| {side} | {name} | {url} |")?;
        }
        writeln!(out)?;
    }
    for (heading, beyond) in [
        ("Rows of the comparison", false),
        ("Beyond the comparison", true),
    ] {
        writeln!(out, "## {heading}\n\n| row | state | why |\n|---|---|---|")?;
        for row in matrix.rows.iter().filter(|row| row.beyond == beyond) {
            let because = plain(&row.because);
            writeln!(out, "| {} | {} | {because} |", cell(row.row), row.state)?;
        }
        writeln!(out)?;
    }
    changes(matrix, out)?;
    writeln!(out, "## Runs\n")?;
    for run in &matrix.runs {
        let (counted, stale) = (plural(run.counted, "case"), run.stale);
        let end = if run.complete { "" } else { ", incomplete" };
        let (id, when) = (cell(&run.id), plain(&run.when));
        writeln!(
            out,
            "- {id} of {when}: {counted} counted, {stale} stale{end}"
        )?;
    }
    Ok(())
}

fn felt(change: &Change) -> String {
    let advice = change.advice.as_ref();
    let advice = advice.map(|advice| format!("<br>{}", plain(advice)));
    format!("{}{}", plain(&change.told), advice.unwrap_or_default())
}

fn changes(matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    if matrix.changes.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "## What consumers must be told\n\n| rows | where | what they notice | accepted by | cases |\n|---|---|---|---|---|"
    )?;
    for each in told(matrix) {
        let change = each.change;
        let mut by = cell(&change.rule);
        if change.because != change.told {
            by = format!("{by}: {}", plain(&change.because));
        }
        if let Some(day) = &change.until {
            by += &format!(" until {}", plain(day));
        }
        writeln!(
            out,
            "| {} | {} | {} | {by} | {} |",
            cell(&each.rows()),
            cell(&each.places()),
            felt(change),
            each.cases
        )?;
    }
    writeln!(out)
}
