//! One file for each report format. Every report is made from a journal that was read back, never
//! from what a run still holds, so that it can be made again at any time; cases are read one by one.

mod at_work;
mod causes;
mod clients;
mod curl;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod page;
mod probes;
mod progress;
mod readiness;
mod save;
mod since;
mod terminal;
mod words;

use std::fmt;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::str::FromStr;

use crate::journal::{JournalError, JournalSet};

pub use crate::escape;
pub use causes::template as place_of;
pub use page::Style;
pub use progress::{Progress, ProgressMode};
pub use readiness::{READINESS_FORMATS, save_readiness, write_readiness};
pub use save::{append_summary, save, try_place};
pub use terminal::details;

/// The formats of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people at a terminal.
    Terminal,
    /// The results document: [`crate::results::Results`].
    Json,
    /// For CI servers.
    Junit,
    /// For pull requests and wikis.
    Markdown,
    /// Annotations for GitHub Actions; its summary is [`append_summary`]'s.
    Github,
    /// A page for a browser.
    Html,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::Terminal,
        Self::Json,
        Self::Junit,
        Self::Markdown,
        Self::Github,
        Self::Html,
    ];

    /// The word of `--report`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Github => "github",
            Self::Html => "html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.word() == word);
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::word);
            match crate::source::nearest(word, known) {
                Some(near) => format!("unknown report format `{word}`: did you mean `{near}`?"),
                None => format!(
                    "unknown report format `{word}`: known are {}",
                    known.join(", ")
                ),
            }
        })
    }
}

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The output cannot be written.
    #[error("the report cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// Writes a report. A reader that closes its end of a pipe is no error: it has seen enough.
///
/// # Errors
/// A journal that can no longer be read, an output that cannot be written.
pub fn write(
    format: Format,
    journal: &JournalSet,
    out: &mut dyn Write,
    style: &Style,
) -> Result<(), ReportError> {
    piped(out, |out| match format {
        Format::Terminal => terminal::write(journal, out, style),
        Format::Json => json::write(journal, out),
        Format::Junit => junit::write(journal, out),
        Format::Markdown => markdown::write(journal, out),
        Format::Github => github::write(journal, out),
        Format::Html => html::write(journal, out),
    })
}

/// Writes what is new, still there and fixed since an earlier run. A reader that closes its end of a
/// pipe is no error.
///
/// # Errors
/// A journal that can no longer be read, an output that cannot be written.
pub fn write_since(
    before: &JournalSet,
    now: &JournalSet,
    out: &mut dyn Write,
    style: &Style,
) -> Result<(), ReportError> {
    piped(out, |out| since::write(before, now, out, style))
}

fn piped(
    out: &mut dyn Write,
    report: impl FnOnce(&mut dyn Write) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    let mut buffered = BufWriter::with_capacity(64 * 1024, out);
    let written = report(&mut buffered).and_then(|()| Ok(buffered.flush()?));
    match written {
        Err(ReportError::Io(error)) if error.kind() == ErrorKind::BrokenPipe => {
            // What is still in the buffer has no reader either.
            let _ = buffered.into_parts();
            Ok(())
        }
        other => other,
    }
}
