//! Runs of client programs: a table of profiles and findings, and the page "client readiness".

use std::io::{self, Write};

use super::ReportError;
use super::markdown::plain;
use super::page::{Page, Tone};
use super::words::{cases, counts, verdict, why};
use crate::journal::JournalSet;
use crate::results::{CaseResult, CaseType, Difference, Reason, Severity, SideResult, Verdict};

/// Columns of a profile's name.
const NAME: usize = 22;

/// What one profile came to.
struct Row {
    /// The suite, and the program with it.
    suite: String,
    profile: String,
    verdict: Verdict,
    /// What the program did; in a case without a finding, what was not seen.
    said: Vec<String>,
    /// What is to be done about what counts, and how much that is felt.
    advice: Vec<(Severity, String)>,
    /// Requests for tokens and to the API.
    requests: Option<(u32, u32)>,
}

/// Whether a journal is that of a run of client programs: there is no pair then, unless calls are passed
/// on to a side of one. Other runs only pass over client suites.
pub(super) fn is_of_clients(journal: &JournalSet) -> bool {
    let first = journal.list().next();
    journal.pair().is_none()
        || first.is_some_and(|first| {
            first.r#type == CaseType::Client && first.reason != Some(Reason::ClientSuite)
        })
}

/// How a run of client programs ended, in a line.
pub(super) fn outcome(journal: &JournalSet) -> String {
    let summary = journal.summary();
    let planned = journal.run().planned.max(summary.cases);
    let good = summary.same + summary.accepted;
    let run = journal.run();
    let mut line = if summary.different > 0 {
        format!(
            "not ready: {} of {planned} profiles different",
            summary.different
        )
    } else if summary.inconclusive > 0 {
        format!(
            "readiness not proved: {} of {planned} profiles inconclusive",
            summary.inconclusive
        )
    } else if !run.complete {
        format!(
            "readiness not proved: only {} of {planned} profiles have a result",
            summary.cases
        )
    } else if good == 0 {
        format!("nothing ran: none of {planned} profiles")
    } else {
        format!("ready: no finding in {good} of {planned} profiles")
    };
    if summary.different > 0 && summary.inconclusive > 0 {
        line += &format!("; {} inconclusive", summary.inconclusive);
    }
    if summary.different > 0 && !run.complete {
        line += &format!("; incomplete: {} of {planned}", cases(summary.cases));
    }
    line
}

/// One row for each profile, the baseline of each suite first.
fn rows(journal: &JournalSet) -> Result<Vec<Row>, ReportError> {
    let mut rows: Vec<Row> = Vec::new();
    for case in journal.cases()? {
        let case = case?;
        let row = row(&case, journal.run().fail_on);
        let is_baseline = profile_of(case.old.as_ref())
            .is_some_and(|old| profile_of(case.new.as_ref()) == Some(old));
        let first = rows.iter().position(|known| known.suite == row.suite);
        match first.filter(|_| is_baseline) {
            Some(first) => rows.insert(first, row),
            None => rows.push(row),
        }
    }
    Ok(rows)
}

fn profile_of(side: Option<&SideResult>) -> Option<&str> {
    side?.profile.as_deref()
}

fn row(case: &CaseResult, fail_on: Severity) -> Row {
    let named = case
        .case
        .rsplit_once(" [")
        .and_then(|(_, name)| name.strip_suffix(']'));
    let below = |item: &Difference| {
        if counts(fail_on, item) {
            ""
        } else {
            ", below --fail-on"
        }
    };
    let mut said: Vec<String> = case
        .differences
        .iter()
        .map(|item| {
            format!(
                "{} ({}{}): {}",
                item.kind,
                item.severity,
                below(item),
                item.explain
            )
        })
        .collect();
    let why = why(case);
    if !why.is_empty() {
        said.push(why);
    }
    let felt = case.differences.iter().filter(|item| counts(fail_on, item));
    let advice = felt.filter_map(|item| Some((item.severity, item.advice.clone()?)));
    let new = case.new.as_ref();
    Row {
        suite: case.suite.clone(),
        profile: named.unwrap_or(&case.case).to_owned(),
        verdict: case.verdict,
        said,
        advice: advice.collect(),
        requests: new.and_then(|side| Some((side.token_requests?, side.api_requests?))),
    }
}

/// The table of the terminal report.
pub(super) fn table(page: &mut Page<'_>, journal: &JournalSet) -> Result<(), ReportError> {
    let rows = rows(journal)?;
    let mut suite = None;
    for row in &rows {
        if suite != Some(&row.suite) {
            page.heading("PROFILES")?;
            page.wrapped(Tone::Plain, "  ", &row.suite)?;
            suite = Some(&row.suite);
        }
        let lead = format!("  {:<NAME$} {:<13} ", row.profile, row.verdict.word());
        let text = row.said.join("; ");
        // Nothing stands behind the verdict of most.
        let lead = if text.is_empty() {
            lead.trim_end()
        } else {
            &lead
        };
        page.wrapped(Tone::of(row.verdict), lead, &text)?;
    }
    let things = things(&rows);
    if !things.is_empty() {
        page.heading("WHAT TO CHANGE")?;
    }
    for (advice, profiles) in things {
        page.wrapped(
            Tone::Plain,
            "  - ",
            &format!("{advice} ({})", profiles.join(", ")),
        )?;
    }
    Ok(())
}

/// The page that a team attaches to its ticket.
pub(super) fn page(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    let rows = rows(journal)?;
    let run = journal.run();
    writeln!(out, "# Client readiness: {}\n", plain(&verdict(journal)))?;
    let suites: Vec<String> = journal
        .suites()
        .iter()
        .map(|suite| plain(&suite.name))
        .collect();
    writeln!(
        out,
        "{} was run with {} of token servers, each on a server of its own, and held against its own run with \
         opaque tokens (`opaque-uuid`). Run {}, {}.\n",
        suites.join(", "),
        plural(rows.len()),
        plain(&run.id),
        plain(&run.started)
    )?;
    if let Some(pair) = journal.pair() {
        let sides = pair.iter().map(|(side, target)| {
            let (name, url) = (plain(&target.name), plain(&target.url));
            format!("{side}: {name}, {url}")
        });
        let sides: Vec<String> = sides.collect();
        writeln!(
            out,
            "Calls were passed on to a side of a real pair ({}).\n",
            sides.join("; ")
        )?;
    }
    to_do(&rows, out)?;
    let mut suite = None;
    for row in &rows {
        if suite != Some(&row.suite) {
            let title = match suites.len() {
                0 | 1 => "What was seen".to_owned(),
                _ => plain(&row.suite),
            };
            let before = if suite.is_some() { "\n" } else { "" };
            writeln!(out, "{before}## {title}\n")?;
            writeln!(
                out,
                "| profile | result | what the program did | token, API requests |\n|---|---|---|---|"
            )?;
            suite = Some(&row.suite);
        }
        one(row, out)?;
    }
    let foot = "What each profile is, and what a right program does in it: `cutover client --list-profiles`.";
    writeln!(out, "\n{foot}")?;
    Ok(())
}

fn plural(count: usize) -> String {
    crate::plural::plural(count, "behaviour")
}

fn one(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    let said: Vec<String> = row.said.iter().map(|said| plain(said)).collect();
    let requests = row
        .requests
        .map(|(tokens, calls)| format!("{tokens}, {calls}"));
    writeln!(
        out,
        "| {} | {} | {} | {} |",
        plain(&row.profile),
        row.verdict,
        said.join("<br>"),
        requests.unwrap_or_default()
    )
}

/// What is to be done, each thing once, with the profiles that ask for it; what is felt most comes first.
fn things(rows: &[Row]) -> Vec<(&str, Vec<&str>)> {
    let mut things: Vec<(Severity, &str, Vec<&str>)> = Vec::new();
    for row in rows.iter().filter(|row| row.verdict == Verdict::Different) {
        for (severity, advice) in &row.advice {
            match things.iter_mut().find(|(_, known, _)| known == advice) {
                Some((felt, _, profiles)) => {
                    *felt = (*felt).max(*severity);
                    if profiles.last() != Some(&row.profile.as_str()) {
                        profiles.push(&row.profile);
                    }
                }
                None => things.push((*severity, advice, vec![&row.profile])),
            }
        }
    }
    things.sort_by_key(|(severity, ..)| std::cmp::Reverse(*severity));
    let things = things.into_iter();
    things
        .map(|(_, advice, profiles)| (advice, profiles))
        .collect()
}

fn to_do(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let things = things(rows);
    if things.is_empty() {
        return Ok(());
    }
    writeln!(out, "## What to change\n")?;
    for (advice, profiles) in things {
        writeln!(out, "- {} ({})", plain(advice), plain(&profiles.join(", ")))?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_felt_most_is_to_be_changed_first() {
        let row = |profile: &str, advice: &[(Severity, &str)]| Row {
            suite: "a".to_owned(),
            profile: profile.to_owned(),
            verdict: Verdict::Different,
            said: Vec::new(),
            advice: advice
                .iter()
                .map(|(severity, text)| (*severity, (*text).to_owned()))
                .collect(),
            requests: None,
        };
        let (risky, breaking) = (Severity::Risky, Severity::Breaking);
        let rows = [
            row("one", &[(risky, "mask it"), (risky, "wait")]),
            row("two", &[(breaking, "make room"), (risky, "mask it")]),
            row("three", &[(breaking, "wait"), (breaking, "wait")]),
        ];
        let wanted = [
            ("wait", vec!["one", "three"]),
            ("make room", vec!["two"]),
            ("mask it", vec!["one", "two"]),
        ];
        assert_eq!(things(&rows), wanted);
    }
}
