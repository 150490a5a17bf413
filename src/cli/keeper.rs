//! [`Keeper`]: what becomes of the result of each case while a run goes on.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::journal::Writer;
use crate::report::Progress;
use crate::results::{CaseResult, Reason, Summary};
use crate::run::Observer;

/// Keeps every result: in the journal first, then on the screen.
pub(super) struct Keeper {
    pub(super) writer: Writer,
    pub(super) progress: Progress,
    counts: Mutex<(Summary, usize)>,
}

impl Keeper {
    pub(super) fn new(writer: Writer, progress: Progress) -> Self {
        Self {
            writer,
            progress,
            counts: Mutex::default(),
        }
    }

    fn counts(&self) -> (Summary, usize) {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn summary(&self) -> Summary {
        self.counts().0
    }

    pub(super) fn withheld(&self) -> usize {
        self.counts().1
    }
}

impl Observer for Keeper {
    fn began(&self, id: &str) {
        self.progress.began(id);
    }

    fn case(&self, result: &CaseResult) -> io::Result<()> {
        self.writer.append(result)?;
        self.progress.case(result);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.0.add(result);
        let withheld = matches!(
            result.reason,
            Some(Reason::WritesWithheld | Reason::ProbesWithheld)
        );
        counts.1 += usize::from(withheld);
        Ok(())
    }
}
