//! [`JournalError`].

use std::io;
use std::path::{Path, PathBuf};

/// Why journals cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// The file is no journal.
    #[error("{}: is not a journal of cutover: {why}", path.display())]
    NotAJournal {
        /// The file.
        path: PathBuf,
        /// What was expected and what was found.
        why: String,
    },
    /// A line in the middle is damaged.
    #[error("{}: line {line} is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What was expected and what was found.
        why: String,
    },
    /// The journals are not shards of one run.
    #[error("{} and {} are not shards of one run: {why}", paths.0.display(), paths.1.display())]
    NotOneRun {
        /// Two of the files.
        paths: Box<(PathBuf, PathBuf)>,
        /// What differs, and what to do.
        why: String,
    },
    /// No journal was given.
    #[error("no journal was given: name at least one file")]
    None,
}

impl JournalError {
    /// A file that cannot be read.
    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            error,
        }
    }
}
