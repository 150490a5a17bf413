//! Markdown for pull requests and wikis (GitHub Flavored Markdown).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::causes::Causes;
use super::clients;
use super::escape::line;
use super::words::{
    accept_line, cases, counts, incomplete, is_meant, meant, place, seen, skipped_because, value,
    verdict, why,
};
use super::{ReportError, probes};
use crate::journal::JournalSet;
use crate::pair::Side;
use crate::results::{CaseResult, Difference, Verdict};

/// Room for a value.
const ROOM: usize = 70;

pub(super) fn write(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    if let Some(text) = incomplete(journal) {
        writeln!(out, "**{}**\n", plain(&text))?;
    }
    if clients::is_of_clients(journal) {
        clients::page(journal, out)?;
        return Ok(notes(journal, out)?);
    }
    writeln!(out, "# cutover: {}\n", plain(&verdict(journal)))?;
    if let Some(pair) = journal.pair() {
        writeln!(out, "| side | gateway | URL |\n|---|---|---|")?;
        for (side, target) in pair.iter() {
            writeln!(
                out,
                "| {side} | {} | {} |",
                plain(&target.name),
                cell(&target.url)
            )?;
        }
        writeln!(out)?;
    }
    counted(journal, out)?;
    causes(journal, out)?;
    for verdict in [Verdict::Different, Verdict::Inconclusive] {
        section(journal, out, verdict, |out, case| {
            writeln!(out, "### {}\n", plain(&case.id))?;
            let why = why(case);
            if !why.is_empty() {
                writeln!(out, "{}\n", plain(&why))?;
            }
            failed(journal, out, case)
        })?;
    }
    all_accepted(journal, out)?;
    let seen = probes::seen(journal)?;
    if !seen.is_empty() {
        writeln!(out, "## What probes saw\n")?;
        for case in seen {
            let note = case.note.as_deref().unwrap_or_default();
            writeln!(out, "- {}: {}", plain(&case.id), plain(note))?;
        }
        writeln!(out)?;
    }
    section(journal, out, Verdict::Skipped, |out, case| {
        let note = case.note.as_ref().map(|note| format!(": {note}"));
        let why = skipped_because(case.reason).to_owned() + &note.unwrap_or_default();
        writeln!(out, "- {}: {}", plain(&case.id), plain(&why))
    })?;
    notes(journal, out)?;
    Ok(())
}

fn counted(journal: &JournalSet, out: &mut dyn Write) -> io::Result<()> {
    let summary = journal.summary();
    let words = Verdict::ALL.map(Verdict::word);
    let counts = Verdict::ALL.map(|verdict| summary.of(verdict).to_string());
    writeln!(
        out,
        "| {} |\n|{}\n| {} |\n",
        words.join(" | "),
        "---|".repeat(5),
        counts.join(" | ")
    )
}

fn causes(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    if journal.summary().different == 0 {
        return Ok(());
    }
    let (causes, capped) = Causes::of(journal)?.finish();
    writeln!(
        out,
        "## Causes\n\n| cases | kind | where | change |\n|---|---|---|---|"
    )?;
    for cause in &causes {
        let (template, change) = (cell(&cause.template), cell(&cause.change));
        writeln!(
            out,
            "| {} | {} | {template} | {change} |",
            cause.cases, cause.kind
        )?;
    }
    writeln!(out)?;
    if let Some(finding) = capped {
        writeln!(out, "{}\n", plain(&finding.message))?;
    }
    Ok(())
}

fn section(
    journal: &JournalSet,
    out: &mut dyn Write,
    verdict: Verdict,
    mut each: impl FnMut(&mut dyn Write, &CaseResult) -> io::Result<()>,
) -> Result<(), ReportError> {
    let count = journal.summary().of(verdict);
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "## {}: {}\n", capitalised(verdict), cases(count))?;
    for case in journal.cases_where(move |case| case.verdict == verdict)? {
        each(out, &case?)?;
    }
    writeln!(out)?;
    Ok(())
}

fn failed(journal: &JournalSet, out: &mut dyn Write, case: &CaseResult) -> io::Result<()> {
    for (side, result) in case.pair().iter() {
        if let Some(failure) = result.and_then(|result| result.failure.as_ref()) {
            let text = format!("{side}: {}: {}", failure.phase.word(), failure.message);
            writeln!(out, "- {}", plain(&text))?;
        }
    }
    if case.differences.is_empty() {
        return writeln!(out);
    }
    writeln!(
        out,
        "| where | change | old | new | what a client feels |\n|---|---|---|---|---|"
    )?;
    for item in &case.differences {
        let (old, new) = values(item);
        let mut felt = vec![plain(&item.explain)];
        match (&item.accepted_by, &item.known) {
            (Some(rule), _) => felt.push(format!("accepted: {}", plain(&meant(rule)))),
            (None, Some(known)) => {
                felt.push(format!("to accept it: {}", cell(&accept_line(known))));
            }
            (None, None) if !counts(journal.run().fail_on, item) => {
                felt.push("below `--fail-on`".to_owned());
            }
            (None, None) => {}
        }
        if let Some(advice) = &item.advice {
            felt.push(format!("what to do: {}", plain(advice)));
        }
        for side in Side::BOTH {
            if let Some(text) = seen(item, side) {
                felt.push(format!("seen on the {side} side: {}", cell(&text)));
            }
        }
        let felt = felt.join("<br>");
        let place = cell(&place(item));
        writeln!(
            out,
            "| {place} | {} {} | {old} | {new} | {felt} |",
            item.severity, item.kind
        )?;
    }
    writeln!(out)
}

fn values(item: &Difference) -> (String, String) {
    let shown = |observed, bytes| cell(&value(item.r#where, observed, bytes, ROOM));
    (
        shown(&item.old, item.old_bytes),
        shown(&item.new, item.new_bytes),
    )
}

fn all_accepted(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    let count = journal.list().filter(is_meant).count();
    if count == 0 {
        return Ok(());
    }
    // The number is that of the verdict; the rest is the same but for what no verdict counts.
    let by_verdict = journal.summary().accepted;
    let mut parts = Vec::new();
    if by_verdict > 0 {
        parts.push(cases(by_verdict));
    }
    if count > by_verdict {
        let slight = count - by_verdict;
        let verb = if slight == 1 { "is" } else { "are" };
        let slight = cases(slight);
        parts.push(format!(
            "below `--fail-on` in {slight} that {verb} the same"
        ));
    }
    writeln!(out, "## Accepted: {}\n", parts.join("; "))?;
    what_to_do(journal, out)?;
    for case in journal.cases_where(|case| is_meant(&case))? {
        accepted(out, &case?)?;
    }
    writeln!(out)?;
    Ok(())
}

/// What to do about what is accepted: a line for each rule and advice, with the number of its cases.
fn what_to_do(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut told: BTreeMap<(String, String), usize> = BTreeMap::new();
    for case in journal.cases_where(|case| is_meant(&case))? {
        let case = case?;
        let advised = case.differences.iter().filter_map(|item| {
            let (rule, advice) = item.accepted_by.as_ref().zip(item.advice.as_ref())?;
            Some((rule.rule.clone(), advice.clone()))
        });
        for each in advised.collect::<BTreeSet<_>>() {
            *told.entry(each).or_default() += 1;
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    writeln!(out, "What to do:\n")?;
    for ((rule, advice), count) in &told {
        let count = cases(*count);
        writeln!(out, "- {} ({count}): {}", cell(rule), plain(advice))?;
    }
    Ok(writeln!(out, "\nWhere:\n")?)
}

fn accepted(out: &mut dyn Write, case: &CaseResult) -> io::Result<()> {
    writeln!(out, "- {}", plain(&case.id))?;
    for item in &case.differences {
        if let Some(rule) = &item.accepted_by {
            let (old, new) = values(item);
            let place = cell(&place(item));
            let reason = plain(&meant(rule));
            writeln!(out, "  - {place}: {old} to {new}: {reason}")?;
        }
    }
    Ok(())
}

fn notes(journal: &JournalSet, out: &mut dyn Write) -> io::Result<()> {
    if !journal.findings().is_empty() {
        writeln!(out, "## Across cases\n")?;
        for finding in journal.findings() {
            let ids: Vec<String> = finding.cases.iter().map(|id| plain(id)).collect();
            writeln!(
                out,
                "- {}: {} ({})",
                plain(&finding.kind),
                plain(&finding.message),
                ids.join(", ")
            )?;
        }
        writeln!(out)?;
    }
    if !journal.warnings().is_empty() {
        writeln!(out, "## Warnings\n")?;
        for warning in journal.warnings() {
            writeln!(
                out,
                "- {}: {}",
                plain(&warning.code),
                plain(&warning.message)
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn capitalised(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "Same",
        Verdict::Accepted => "Accepted",
        Verdict::Different => "Different",
        Verdict::Inconclusive => "Inconclusive",
        Verdict::Skipped => "Not run",
    }
}

/// A text in which nothing is markup, mention or link.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in line(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            c => out.push(c),
        }
    }
    // `https://…` and `www.…` become links by themselves.
    out.replace("://", ":&#47;&#47;")
        .replace("www.", "www&#46;")
}

/// A code span that can stand in a table.
pub(super) fn cell(text: &str) -> String {
    let text = line(text).replace('|', "\\|");
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_server_is_markup() {
        assert_eq!(
            plain("<b>*x* @all [a](b) https://h a|b\n# c"),
            "&lt;b&gt;\\*x\\* &#64;all \\[a\\](b) https:&#47;&#47;h a\\|b\\\\n\\# c"
        );
        assert_eq!(cell("a`b|c"), "``a`b\\|c``");
        assert_eq!(cell("`"), "`` ` ``");
    }
}
