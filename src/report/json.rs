//! The results document, streamed: a case is in memory only while it is written.

use std::io::Write;

use serde::Serialize;

use super::ReportError;
use super::causes::Causes;
use super::words::incomplete;
use crate::journal::JournalSet;
use crate::results::{SCHEMA, Warning};

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
    let shard = journal.shard().map(|shard| Warning {
        code: "shard".to_owned(),
        side: None,
        message: format!(
            "shard {} of {}: {} of {} cases of the plan",
            shard.k,
            shard.n,
            journal.run().planned,
            shard.total
        ),
    });
    let first = unfinished.iter().chain(&shard);
    let warnings: Vec<_> = first.chain(journal.warnings()).collect();
    member(out, "warnings", &warnings)?;
    out.write_all(b"\"cases\": [")?;
    // A case of a journal is a case of the results: it is copied as it stands.
    let mut cases = journal.cases()?;
    let mut between: &[u8] = b"\n";
    while let Some(text) = cases.next_text() {
        out.write_all(between)?;
        out.write_all(text?)?;
        between = b",\n";
    }
    out.write_all(b"\n],\n")?;
    let (causes, capped) = Causes::of(journal)?.finish();
    member(out, "causes", &causes)?;
    let findings: Vec<_> = journal.findings().iter().chain(&capped).collect();
    member(out, "findings", &findings)?;
    member(out, "rules", journal.rules())?;
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
