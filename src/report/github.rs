//! Annotations for GitHub Actions: workflow commands on standard output.

use std::collections::HashSet;
use std::io::{self, Write};

use super::ReportError;
use super::causes::Shown;
use super::escape::{line, lines};
use super::words::{counts, incomplete, is_meant, meant, place, value, verdict, why};
use crate::journal::JournalSet;
use crate::results::{CaseResult, Verdict};

/// Differences that one annotation names; all are in the other reports.
const NAMED: usize = 5;
/// Annotations of one kind that GitHub shows of a step.
const SHOWN: usize = 10;
/// The verdicts of cases that failed.
const FAILED: [Verdict; 2] = [Verdict::Different, Verdict::Inconclusive];
/// Room for a value.
const ROOM: usize = 70;

pub(super) fn write(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    if let Some(text) = incomplete(journal) {
        command(out, "error", &[("title", "cutover")], &text)?;
    }
    failed(journal, out)?;
    let text = said(journal);
    command(out, "notice", &[("title", "cutover")], &text)?;
    for case in journal.cases_where(|case| is_meant(&case))? {
        let case = case?;
        let text: Vec<String> = accepted(&case)
            .iter()
            .map(|part| line(part).into_owned())
            .collect();
        at(out, "notice", &case, &text.join("\n"))?;
    }
    for warning in journal.warnings() {
        let title = format!("cutover: {}", warning.code);
        command(out, "warning", &[("title", &title)], &warning.message)?;
    }
    Ok(())
}

/// An annotation for each case that failed. Those that show a cause for the first time come first, since only
/// the first few are seen on the page of the run.
fn failed(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut shown = Shown::default();
    let mut first: HashSet<String> = HashSet::new();
    for verdict in FAILED {
        for case in journal.cases_where(move |case| case.verdict == verdict)? {
            let case = case?;
            if shown.is_new(&case) {
                annotation(journal, out, &case)?;
                first.insert(case.id);
            }
        }
    }
    for verdict in FAILED {
        for case in journal.cases_where(move |case| case.verdict == verdict)? {
            let case = case?;
            if !first.contains(&case.id) {
                annotation(journal, out, &case)?;
            }
        }
    }
    Ok(())
}

/// The verdict; it stands before the other notices, and says where the rest of the errors is.
fn said(journal: &JournalSet) -> String {
    let summary = journal.summary();
    let failed: usize = FAILED.iter().map(|verdict| summary.of(*verdict)).sum();
    let verdict = verdict(journal);
    if failed > SHOWN {
        format!(
            "{verdict}\nGitHub shows {SHOWN} errors of a step; all {failed} are in its log and in the summary"
        )
    } else {
        verdict
    }
}

fn annotation(journal: &JournalSet, out: &mut dyn Write, case: &CaseResult) -> io::Result<()> {
    let mut text = vec![why(case)];
    for (side, result) in case.pair().iter() {
        if let Some(failure) = result.and_then(|result| result.failure.as_ref()) {
            text.push(format!(
                "{side}: {}: {}",
                failure.phase.word(),
                failure.message
            ));
        }
    }
    let counted: Vec<_> = case
        .differences
        .iter()
        .filter(|item| counts(journal.run().fail_on, item))
        .collect();
    for item in counted.iter().take(NAMED) {
        let shown = |observed, bytes| value(item.r#where, observed, bytes, ROOM);
        let (old, new) = (
            shown(&item.old, item.old_bytes),
            shown(&item.new, item.new_bytes),
        );
        text.push(format!(
            "{} {}: {old} to {new}: {}",
            place(item),
            item.kind,
            item.explain
        ));
    }
    if counted.len() > NAMED {
        text.push(format!("and {} more differences", counted.len() - NAMED));
    }
    text.extend(accepted(case));
    text.retain(|part| !part.is_empty());
    let text: Vec<_> = text.iter().map(|part| line(part)).collect();
    at(out, "error", case, &text.join("\n"))
}

/// What rules accept in a case: a line for each rule, since one may accept thousands of places.
fn accepted(case: &CaseResult) -> Vec<String> {
    let mut rules: Vec<(String, Vec<String>)> = Vec::new();
    for item in &case.differences {
        let Some(rule) = &item.accepted_by else {
            continue;
        };
        let (place, reason) = (place(item), meant(rule));
        match rules.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, places)) => places.push(place),
            None => rules.push((reason, vec![place])),
        }
    }
    let said = |(reason, places): &(String, Vec<String>)| {
        let more = match places.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named = places.get(..NAMED).unwrap_or(places).join(", ");
        format!("accepted at {named}{more}: {reason}")
    };
    rules.iter().map(said).collect()
}

/// An annotation at the line of a case.
fn at(out: &mut dyn Write, name: &str, case: &CaseResult, text: &str) -> io::Result<()> {
    let file = case.id.split("::").next().unwrap_or_default();
    let number = case.line.to_string();
    let title = format!("{}: {}", case.verdict, case.case);
    let place = [("file", file), ("line", &number), ("title", &title)];
    command(out, name, &place, text)
}

/// One workflow command, escaped as the runner undoes it.
fn command(
    out: &mut dyn Write,
    name: &str,
    properties: &[(&str, &str)],
    data: &str,
) -> io::Result<()> {
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| {
            let value = data_of(&line(value))
                .replace(':', "%3A")
                .replace(',', "%2C");
            format!("{name}={value}")
        })
        .collect();
    writeln!(
        out,
        "::{name} {}::{}",
        properties.join(","),
        data_of(&lines(data))
    )
}

fn data_of(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
