//! The lines of a journal file, and what each of them is.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::error::JournalError;
use super::header::{Footer, Header, SCHEMA};

/// Longest line: a case with two exchanges has four bodies of 64 KiB, and its differences.
const LONGEST: u64 = 256 * 1024 * 1024;

/// A line as it stands in the file.
pub(super) enum Line<T> {
    /// A case, and what was read of it.
    Case(T),
    /// The last line.
    Footer(Box<Footer>),
    /// A line that was not written to its end.
    Torn,
}

/// Reads a journal line by line.
#[derive(Debug)]
pub(super) struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    text: Vec<u8>,
    number: usize,
    /// Where the current line starts.
    offset: u64,
    ended: bool,
}

impl Lines {
    /// Opens a journal and reads its first line.
    pub(super) fn open(path: &Path) -> Result<(Self, Header), JournalError> {
        let file = File::open(path).map_err(|error| JournalError::io(path, error))?;
        let mut lines = Self {
            path: path.to_owned(),
            file: BufReader::with_capacity(64 * 1024, file),
            text: Vec::new(),
            number: 0,
            offset: 0,
            ended: false,
        };
        let found = lines
            .advance()
            .map_err(|error| JournalError::io(path, error))?;
        let header = if found {
            header(&lines.text)
        } else {
            Err("it is empty".to_owned())
        };
        match header {
            Ok(header) => Ok((lines, header)),
            Err(why) => Err(JournalError::NotAJournal {
                path: path.to_owned(),
                why,
            }),
        }
    }

    /// Where the current line starts, and its length.
    pub(super) fn place(&self) -> (u64, usize) {
        (self.offset, self.text.len())
    }

    /// The next line, read by `read` if it is a case.
    pub(super) fn next<T>(
        &mut self,
        read: impl FnOnce(&[u8]) -> serde_json::Result<T>,
    ) -> Result<Option<Line<T>>, JournalError> {
        if !self
            .advance()
            .map_err(|error| JournalError::io(&self.path, error))?
        {
            return Ok(None);
        }
        if self.ended {
            return Err(self.damaged("nothing may follow the end line"));
        }
        let parsed = if self.text.starts_with(b"{\"end\":") {
            self.ended = true;
            serde_json::from_slice(&self.text).map(|footer| Line::Footer(Box::new(footer)))
        } else {
            read(&self.text).map(Line::Case)
        };
        match parsed {
            Ok(line) => Ok(Some(line)),
            Err(_) if self.text.last() != Some(&b'\n') => Ok(Some(Line::Torn)),
            Err(error) => {
                Err(self.damaged(&format!("expected a case as cutover writes it: {error}")))
            }
        }
    }

    fn damaged(&self, why: &str) -> JournalError {
        JournalError::Damaged {
            path: self.path.clone(),
            line: self.number,
            why: why.to_owned(),
        }
    }

    /// Reads the next line; false at the end of the file.
    fn advance(&mut self) -> io::Result<bool> {
        self.offset += self.text.len() as u64;
        self.text.clear();
        self.number += 1;
        let mut limited = self.file.by_ref().take(LONGEST);
        Ok(limited.read_until(b'\n', &mut self.text)? > 0)
    }
}

/// Whether a file begins as a journal that this version reads.
pub fn is_journal(path: &Path) -> bool {
    Lines::open(path).is_ok()
}

fn header(line: &[u8]) -> Result<Header, String> {
    let expected = format!("its first line should be an object with `\"schema\":\"{SCHEMA}\"`");
    let value: serde_json::Value = serde_json::from_slice(line).map_err(|_| expected.clone())?;
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => serde_json::from_slice(line)
            .map_err(|error| format!("its first line is damaged: {error}")),
        Some(other) if other.starts_with("cutover.journal/") => Err(format!(
            "it is of the format `{other}`, this version reads `{SCHEMA}`: use the version of cutover that wrote it"
        )),
        Some(other) if other.starts_with("cutover.results/") => Err(
            "it is a JSON report (`--report json`): name the journal of the run instead, a .jsonl file"
                .to_owned(),
        ),
        _ => Err(expected),
    }
}
