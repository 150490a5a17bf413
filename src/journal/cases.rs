//! [`Cases`]: the cases of journals, read from the files one by one.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::error::JournalError;
use super::index::{Entry, Index, Listed};
use crate::results::CaseResult;

/// Bytes that are read at once: cases stand nearly in the order in which they are asked for.
const BUFFER: usize = 32 * 1024;

/// A journal, and where its reader stands.
struct Opened<'a> {
    path: &'a Path,
    file: BufReader<File>,
    at: u64,
}

impl<'a> Opened<'a> {
    fn new(path: &'a Path) -> Result<Self, JournalError> {
        let file = File::open(path).map_err(|error| JournalError::io(path, error))?;
        Ok(Self {
            path,
            file: BufReader::with_capacity(BUFFER, file),
            at: 0,
        })
    }

    /// Reads a stretch of the file.
    fn read(&mut self, offset: u64, text: &mut [u8]) -> io::Result<()> {
        match (i64::try_from(offset), i64::try_from(self.at)) {
            (Ok(to), Ok(from)) => self.file.seek_relative(to - from)?,
            _ => drop(self.file.seek(SeekFrom::Start(offset))?),
        }
        self.file.read_exact(text)?;
        self.at = offset + text.len() as u64;
        Ok(())
    }
}

/// Whether a case is wanted.
type Wanted<'a> = Box<dyn Fn(Listed<'a>) -> bool + 'a>;

/// The cases of a [`JournalSet`](super::JournalSet), read one by one.
pub struct Cases<'a> {
    index: &'a Index,
    files: Vec<Opened<'a>>,
    wanted: Wanted<'a>,
    next: usize,
    line: Vec<u8>,
}

impl std::fmt::Debug for Cases<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cases")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl<'a> Cases<'a> {
    /// The cases of an index that are wanted, from the journals that it was made of.
    pub(super) fn of(
        index: &'a Index,
        paths: impl Iterator<Item = &'a Path>,
        wanted: Wanted<'a>,
    ) -> Result<Self, JournalError> {
        Ok(Self {
            index,
            files: paths.map(Opened::new).collect::<Result<_, _>>()?,
            wanted,
            next: 0,
            line: Vec::new(),
        })
    }

    /// The next case as it stands in the journal, without its line break; it is not read as one.
    pub fn next_text(&mut self) -> Option<Result<&[u8], JournalError>> {
        match self.advance()? {
            Ok(_) => Some(Ok(self.line.trim_ascii_end())),
            Err(error) => Some(Err(error)),
        }
    }

    /// Reads the line of the next case that is wanted.
    fn advance(&mut self) -> Option<Result<Entry, JournalError>> {
        let index = self.index;
        loop {
            let entry = *index.entries.get(self.next)?;
            self.next += 1;
            if (self.wanted)(index.listed(&entry)) {
                return Some(self.fetch(entry).map(|()| entry));
            }
        }
    }

    fn fetch(&mut self, entry: Entry) -> Result<(), JournalError> {
        let Some(file) = self.files.get_mut(entry.journal as usize) else {
            return Err(JournalError::None);
        };
        self.line.resize(entry.length as usize, 0);
        file.read(entry.offset, &mut self.line)
            .map_err(|error| JournalError::io(file.path, error))
    }
}

impl Iterator for Cases<'_> {
    type Item = Result<CaseResult, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        let entry = match self.advance()? {
            Ok(entry) => entry,
            Err(error) => return Some(Err(error)),
        };
        Some(serde_json::from_slice(&self.line).map_err(|error| {
            let file = self.files.get(entry.journal as usize);
            let path = file.map_or(Path::new(""), |file| file.path);
            JournalError::Damaged {
                line: line_number(path, entry.offset),
                path: path.to_owned(),
                why: format!("expected a case as cutover writes it: {error}"),
            }
        }))
    }
}

/// The line, from 1, that starts at an offset; only for messages.
fn line_number(path: &Path, offset: u64) -> usize {
    File::open(path).map_or(0, |file| {
        BufReader::new(file.take(offset)).split(b'\n').count() + 1
    })
}
