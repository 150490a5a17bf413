//! The results document, streamed: a case is in memory only while it is written.

use std::io::Write;

use serde::Serialize;

use super::ReportError;
use super::causes::Causes;
use super::words::{counts, incomplete};
use crate::journal::JournalSet;
use crate::results::{SCHEMA, Verdict, Warning};

pub(super) fn write(journal: &JournalSet, out: &mut dyn Write) -> Result<(), ReportError> {
    out.write_all(b"{\n")?;
    member(out, "schema", SCHEMA)?;
    member(out, "cutover", env!("CARGO_PKG_VERSION"))?;
    member(out, "run", journal.run())?;
    member(out, "pair", &journal.pair())?;
    member(out, "suites", journal.suites())?;
    let unfinished = incomplete(journal).map(|message| Warning {
        code: "incomplete".to_owned(),
        side: None,
        message,
    });
    let warnings: Vec<_> = unfinished.iter().chain(journal.warnings()).collect();
    member(out, "warnings", &warnings)?;
    out.write_all(b"\"cases\": [")?;
    let mut causes = Causes::default();
    for (number, case) in journal.cases()?.enumerate() {
        let case = case?;
        if case.verdict == Verdict::Different {
            causes.add(&case.differences, |difference| {
                counts(journal.run().fail_on, difference)
            });
        }
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        value(out, &case)?;
    }
    out.write_all(b"\n],\n")?;
    let (causes, capped) = causes.finish();
    member(out, "causes", &causes)?;
    let findings: Vec<_> = journal.findings().iter().chain(&capped).collect();
    member(out, "findings", &findings)?;
    out.write_all(b"\"summary\": ")?;
    value(out, &journal.summary())?;
    out.write_all(b"\n}\n")?;
    Ok(())
}

fn member<T: Serialize + ?Sized>(
    out: &mut dyn Write,
    name: &str,
    content: &T,
) -> Result<(), ReportError> {
    write!(out, "\"{name}\": ")?;
    value(out, content)?;
    out.write_all(b",\n")?;
    Ok(())
}

fn value<T: Serialize + ?Sized>(out: &mut dyn Write, content: &T) -> Result<(), ReportError> {
    serde_json::to_writer(out, content).map_err(std::io::Error::from)?;
    Ok(())
}
