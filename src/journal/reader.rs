//! [`Reader`]: one journal, as it was written.

use std::path::Path;

use super::error::JournalError;
use super::header::{Footer, Header};
use super::lines::{Line, Lines};
use crate::results::CaseResult;

/// Reads one journal, case by case, in the order in which the cases ended. Holds one line at a time.
#[derive(Debug)]
pub struct Reader {
    lines: Lines,
    header: Header,
    footer: Option<Footer>,
    torn: bool,
    done: bool,
}

impl Reader {
    /// Opens a journal and reads its first line.
    ///
    /// # Errors
    /// [`JournalError::Io`] and [`JournalError::NotAJournal`].
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let (lines, header) = Lines::open(path)?;
        Ok(Self {
            lines,
            header,
            footer: None,
            torn: false,
            done: false,
        })
    }

    /// The first line.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The last line; known once every case has been read. None: the run was killed.
    pub const fn footer(&self) -> Option<&Footer> {
        self.footer.as_ref()
    }

    /// Whether a torn last line was dropped; known once every case has been read.
    pub const fn torn(&self) -> bool {
        self.torn
    }
}

impl Iterator for Reader {
    type Item = Result<CaseResult, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            match self.lines.next(|text| serde_json::from_slice(text)) {
                Ok(Some(Line::Case(case))) => return Some(Ok(case)),
                Ok(Some(Line::Footer(footer))) => self.footer = Some(*footer),
                Ok(Some(Line::Torn)) => self.torn = true,
                Ok(None) => self.done = true,
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}
