//! [`Writer`]: the journal of a run while it runs.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::header::{Footer, Header};
use crate::private;
use crate::results::CaseResult;

/// Bytes that a case without differences takes, and some more.
const LINE: usize = 1024;

/// Writes a journal. All workers share one.
///
/// Each line goes to the system in one write before the call returns: what was appended survives
/// the end of the process, however it ends.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: Mutex<File>,
}

impl Writer {
    /// Makes the file, readable by its owner only (mode 0600), and writes the first line. Parent
    /// folders are made; a folder `.cutover` among them gets its own `.gitignore`. A file that is
    /// there is replaced.
    pub fn create(path: &Path, header: &Header) -> io::Result<Self> {
        private::make_parents(path)?;
        let writer = Self {
            path: path.to_owned(),
            file: Mutex::new(private::create(path)?),
        };
        writer.line(header)?;
        Ok(writer)
    }

    /// Makes the file without a line in it, to see whether it can be made.
    ///
    /// # Errors
    /// It cannot.
    pub fn try_place(path: &Path) -> io::Result<()> {
        private::make_parents(path)?;
        private::create(path).map(drop)
    }

    /// Where the journal is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one case: one line, one write.
    pub fn append(&self, case: &CaseResult) -> io::Result<()> {
        self.line(case)
    }

    /// Writes the last line. Its warnings are those that came up after [`Self::create`].
    pub fn finish(&self, footer: &Footer) -> io::Result<()> {
        self.line(footer)
    }

    /// The text is made before the lock is taken, so that workers wait for the write only.
    fn line(&self, value: &impl Serialize) -> io::Result<()> {
        let mut line = Vec::with_capacity(LINE);
        serde_json::to_writer(&mut line, value)?;
        line.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&line)
    }
}
