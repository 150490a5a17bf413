//! The page: one file that needs no network and runs nothing that it does not bring along.
//!
//! It is written case by case, as the other reports are. Cases that are the same are counted, not
//! listed; where a page would grow too large for a browser, evidence is left out first, then cases
//! are counted by suite, and the page says so. The causes at its top count all.

mod case;
mod exchange;
mod latency;
mod layout;
mod look;
mod marked;
pub(super) mod readiness;
mod room;
mod run;
mod scan;
mod warnings;
mod words;

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use askama::Template;

use super::ReportError;
use super::causes::{Causes, Shown};
use super::words::{cases, incomplete, is_meant, verdict};
use crate::escape::line;
use crate::journal::{JournalSet, Listed};
use crate::results::Verdict;
use case::CaseView;
use look::{Top, foot, head, put};
use room::{Detail, Room};
use run::{After, Before};
use scan::Scan;

/// The verdicts of the cases that are listed, in this order.
const LISTED: [Verdict; 4] = [
    Verdict::Different,
    Verdict::Inconclusive,
    Verdict::Accepted,
    Verdict::Skipped,
];

pub(super) fn write(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    let scan = Scan::of(journal)?;
    let (causes, capped) = Causes::of(journal)?.finish();
    let mut room = Room::new(out);
    top(journal, &mut room)?;
    put(&mut room, &Before::new(journal, &scan, &causes))?;
    let beyond = listed(journal, &mut room)?;
    if beyond > 0 {
        writeln!(
            room,
            "<p class=\"why\">{} more are counted above and not listed: the page would be too large \
             for a browser. <code>cutover report --report json</code> has all of them.</p>",
            cases(beyond)
        )?;
    }
    let findings: Vec<_> = journal.findings().iter().chain(&capped).collect();
    put(&mut room, &After::new(scan, &findings))?;
    foot(&mut room)?;
    Ok(())
}

fn top(journal: &JournalSet, out: &mut dyn Write) -> io::Result<()> {
    let run = journal.run();
    let until = match &run.finished {
        Some(finished) => format!("{} to {finished}", run.started),
        None => format!("{}, not finished", run.started),
    };
    let env = run.env.as_ref().map(|env| format!(", environment {env}"));
    let lines = [format!(
        "Run {}, {until}{}",
        run.id,
        env.unwrap_or_default()
    )];
    let top = Top {
        tone: tone(journal),
        alarm: incomplete(journal),
        kicker: "cutover",
        verdict: &verdict(journal),
        lines: &lines,
    };
    head(out, &top)
}

fn tone(journal: &JournalSet) -> &'static str {
    let summary = journal.summary();
    if summary.different > 0 {
        "bad"
    } else if summary.inconclusive > 0
        || !journal.run().complete
        || summary.skipped > 0
        || summary.same + summary.accepted == 0
    {
        "unsure"
    } else {
        "good"
    }
}

/// Writes every case that is not the same: what failed first, suite by suite. Gives the number of
/// those for which there was no room.
fn listed(journal: &JournalSet, room: &mut Room<'_>) -> Result<usize, ReportError> {
    let suites: HashMap<&str, usize> = journal
        .suites()
        .iter()
        .enumerate()
        .map(|(number, suite)| (suite.file.as_str(), number))
        .collect();
    let fail_on = journal.run().fail_on;
    let mut shown = Shown::default();
    let mut linked: HashSet<usize> = HashSet::new();
    let mut beyond = 0;
    for verdict in LISTED {
        let mut open: Option<usize> = None;
        let wanted = move |case: Listed<'_>| {
            case.verdict == verdict || verdict == Verdict::Accepted && is_meant(&case)
        };
        for case in journal.cases_where(wanted)? {
            let case = case?;
            let detail = room.detail(shown.is_new(&case));
            if detail == Detail::Count {
                beyond += 1;
                continue;
            }
            let file = case.id.split("::").next().unwrap_or_default();
            let number = suites.get(file).copied().unwrap_or(suites.len());
            let before = open.replace(number);
            if before != Some(number) {
                let head = SuiteHead {
                    closes: before.is_some(),
                    anchor: linked.insert(number),
                    number,
                    name: line(&case.suite).into_owned(),
                    file: line(file).into_owned(),
                };
                put(room, &head)?;
            }
            put(room, &CaseView::new(&case, number, fail_on, detail))?;
            writeln!(room)?;
        }
        if open.is_some() {
            writeln!(room, "</section>")?;
        }
    }
    Ok(beyond)
}

/// How the cases of a suite begin.
#[derive(Template)]
#[template(path = "suite.html")]
struct SuiteHead {
    /// Whether those of another suite end here.
    closes: bool,
    /// Whether links to the suite lead here.
    anchor: bool,
    number: usize,
    name: String,
    file: String,
}
