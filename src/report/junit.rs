//! JUnit XML for CI servers: one `testsuite` for each suite file.

use std::io::{self, Write};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::ReportError;
use super::escape::line;
use super::terminal::details;
use super::words::{counts, incomplete, meant, place, skipped_because, verdict, why};
use crate::journal::JournalSet;
use crate::results::{CaseResult, Verdict};

/// Columns of the texts in it.
const WIDTH: usize = 100;

pub(super) fn write(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut report = Report::new("cutover");
    if let Some(text) = incomplete(journal) {
        report.add_test_suite(unfinished(&text));
    }
    let mut suite: Option<TestSuite> = None;
    for case in journal.cases()? {
        let case = case?;
        let file = case.id.split("::").next().unwrap_or_default().to_owned();
        if suite
            .as_ref()
            .is_none_or(|suite| suite.name.as_str() != line(&file))
        {
            report.add_test_suites(suite.take());
            suite = Some(TestSuite::new(&*line(&file)));
        }
        if let Some(suite) = &mut suite {
            suite.add_test_case(test_case(journal, &case, &file)?);
        }
    }
    report.add_test_suites(suite);
    for suite in &mut report.test_suites {
        suite.add_property(Property::new(
            "verdict of the run",
            &*line(&verdict(journal)),
        ));
    }
    // Once, since there is no place for what holds for the whole run.
    if let Some(first) = report.test_suites.first_mut() {
        for warning in journal.warnings() {
            let name = format!("warning: {}", warning.code);
            first.add_property(Property::new(&*line(&name), &*line(&warning.message)));
        }
    }
    let mut kept = Kept { out, error: None };
    match report.serialize(&mut kept) {
        Ok(()) => Ok(()),
        Err(error) => Err(kept.error.unwrap_or_else(|| io::Error::other(error)).into()),
    }
}

/// Keeps the error of the output, whose kind the serializer's own error does not tell.
struct Kept<'a> {
    out: &'a mut dyn Write,
    error: Option<io::Error>,
}

impl Write for Kept<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).map_err(|error| {
            let kind = error.kind();
            self.error = Some(error);
            kind.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A run that did not end is an error of its own: what is missing has no case here.
fn unfinished(text: &str) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type("incomplete").set_message(text);
    let mut case = TestCase::new("the run came to its end", status);
    case.set_classname("cutover");
    let mut suite = TestSuite::new(text);
    suite.add_test_case(case);
    suite
}

fn test_case(journal: &JournalSet, case: &CaseResult, file: &str) -> io::Result<TestCase> {
    let status = status(journal, case)?;
    let name = case
        .id
        .strip_prefix(file)
        .and_then(|rest| rest.strip_prefix("::"));
    let mut test = TestCase::new(&*line(name.unwrap_or(&case.case)), status);
    test.set_classname(&*line(file));
    test.set_time(time(case));
    for item in &case.differences {
        if let Some(rule) = &item.accepted_by {
            let reason = format!("{}: {}", place(item), meant(rule));
            test.add_property(Property::new("accepted", &*line(&reason)));
        }
    }
    Ok(test)
}

fn status(journal: &JournalSet, case: &CaseResult) -> io::Result<TestCaseStatus> {
    let mut status = match case.verdict {
        Verdict::Same | Verdict::Accepted => return Ok(TestCaseStatus::success()),
        Verdict::Skipped => TestCaseStatus::skipped(),
        Verdict::Different => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Inconclusive => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    status.set_type(
        case.reason
            .map_or(case.verdict.word(), |reason| reason.word()),
    );
    let said = match case.verdict {
        Verdict::Skipped => {
            let note = case.note.as_ref().map(|note| format!(": {note}"));
            skipped_because(case.reason).to_owned() + &note.unwrap_or_default()
        }
        Verdict::Different => different(journal, case),
        _ => why(case),
    };
    status.set_message(&*line(&said));
    if case.verdict != Verdict::Skipped {
        status.set_description(details(case, journal.run().fail_on, WIDTH)?);
    }
    Ok(status)
}

/// The first difference that counts, and how many more there are.
fn different(journal: &JournalSet, case: &CaseResult) -> String {
    let mut counted = case
        .differences
        .iter()
        .filter(|item| counts(journal.run().fail_on, item));
    let Some(first) = counted.next() else {
        return why(case);
    };
    let more = match counted.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    format!("{} {}: {}{more}", place(first), first.kind, first.explain)
}

/// Both sides, one after the other.
fn time(case: &CaseResult) -> Duration {
    let ms: f64 = case
        .pair()
        .iter()
        .filter_map(|(_, side)| side.map(|side| side.ms))
        .sum();
    Duration::try_from_secs_f64(ms / 1000.0).unwrap_or_default()
}
