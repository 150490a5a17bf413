//! [`Problem`]: why a command ends without doing its work, and with which exit code.

use crate::escape::lines;
use crate::plural::plural;
use crate::results::Outcome;
use crate::source::Diagnostics;

/// Bad usage, a bad pair file or a bad suite: nothing was sent.
pub(super) const BAD_INPUT: u8 = 2;
/// A side could not be asked, or the results could not be kept.
pub(super) const COULD_NOT: u8 = 3;
/// Nothing ran.
pub(super) const NOTHING_RAN: u8 = 4;

/// Why a command ends without doing its work.
#[derive(Debug)]
pub(crate) struct Problem {
    /// The exit code.
    pub(super) code: u8,
    what: What,
}

#[derive(Debug)]
enum What {
    Text(String),
    Diagnostics(Diagnostics),
}

impl Problem {
    /// A problem in words.
    pub(super) fn new(code: u8, text: impl Into<String>) -> Self {
        Self {
            code,
            what: What::Text(text.into()),
        }
    }

    /// The text for standard error.
    pub(crate) fn render(&self, colour: bool) -> String {
        match &self.what {
            What::Text(text) => format!("error: {}", lines(text)),
            What::Diagnostics(diagnostics) if !diagnostics.has_errors() => {
                let why = strict(diagnostics.iter().count());
                format!("{}\n\n{why}", diagnostics.render(colour))
            }
            What::Diagnostics(diagnostics) => diagnostics.render(colour),
        }
    }
}

/// Why a command fails that has warnings only.
pub(super) fn strict(warnings: usize) -> String {
    format!("error: {} (--strict)", plural(warnings, "warning"))
}

/// Why finished work fails under `--strict` alone.
pub(super) fn strict_because(exit: u8, outcome: Outcome, warnings: usize) -> Option<String> {
    let withheld = outcome.withheld;
    match outcome.strict && outcome.complete && exit == COULD_NOT {
        true if withheld > 0 => Some(format!(
            "error: {} not run (--strict)",
            plural(withheld, "case")
        )),
        true if warnings > 0 => Some(strict(warnings)),
        _ => None,
    }
}

impl From<Diagnostics> for Problem {
    fn from(diagnostics: Diagnostics) -> Self {
        Self {
            code: BAD_INPUT,
            what: What::Diagnostics(diagnostics),
        }
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::new(COULD_NOT, error.to_string())
    }
}
