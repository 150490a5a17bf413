//! [`Context`]: what a command sees of the process it runs in.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;

use serde_json::Value;

use super::args::Colour;
use crate::escape;

/// The environment, the terminal and the two streams.
#[derive(Debug)]
pub struct Context {
    environment: BTreeMap<String, String>,
    /// Whether standard error is a terminal.
    pub(super) err_is_terminal: bool,
    /// Whether standard output gets colours.
    pub(super) out_colour: bool,
    /// Whether standard error gets colours.
    pub(super) err_colour: bool,
    /// Columns of the terminal.
    pub(super) width: usize,
    /// The folder in which the command runs; empty, so that paths are shown as they are typed.
    pub(crate) folder: PathBuf,
}

impl Context {
    /// Reads the process.
    pub fn from_process() -> Self {
        let environment: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let (out_is_terminal, err_is_terminal) =
            (io::stdout().is_terminal(), io::stderr().is_terminal());
        let plain = environment
            .get("NO_COLOR")
            .is_some_and(|value| !value.is_empty());
        let columns = environment
            .get("COLUMNS")
            .and_then(|text| text.parse().ok());
        Self {
            out_colour: out_is_terminal && !plain,
            err_colour: err_is_terminal && !plain,
            width: columns.or_else(terminal_width).unwrap_or(80).clamp(40, 200),
            folder: PathBuf::new(),
            environment,
            err_is_terminal,
        }
    }

    /// Applies `--color`.
    pub(super) fn colour(&mut self, colour: Colour) {
        match colour {
            Colour::Auto => {}
            Colour::Always => (self.out_colour, self.err_colour) = (true, true),
            Colour::Never => (self.out_colour, self.err_colour) = (false, false),
        }
    }

    /// A variable of the environment.
    pub(crate) fn env(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }

    /// The variables of the environment whose names are wanted.
    pub(super) fn environment(&self, wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let all = self.environment.iter().filter(|(name, _)| wanted(name));
        all.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Whether a CI server runs the command.
    pub(super) fn is_ci(&self) -> bool {
        self.environment
            .get("CI")
            .is_some_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
    }

    /// The variables of suites that the environment gives: `CUTOVER_VAR_name`.
    pub(super) fn suite_variables(&self) -> BTreeMap<String, String> {
        let named = self.environment.iter();
        named
            .filter_map(|(name, value)| {
                Some((name.strip_prefix("CUTOVER_VAR_")?.to_owned(), value.clone()))
            })
            .collect()
    }

    /// Whether a bar can be shown on standard error.
    pub(super) fn has_bar(&self) -> bool {
        self.err_is_terminal && !self.is_ci()
    }

    /// Writes a text and a line break to standard output. Nothing in it acts on a terminal: file
    /// names and what servers say are not trusted. A reader that has gone is no error.
    pub(super) fn print(&self, text: &str) -> io::Result<()> {
        self.print_as_is(&escape::lines(text))
    }

    /// The same for JSON, which stays JSON.
    pub(super) fn print_json(&self, value: &Value) -> io::Result<()> {
        self.print_as_is(&escape::json(&format!("{value:#}")))
    }

    /// Writes a text in which nothing comes from outside, or which has its colours already.
    #[expect(clippy::unused_self, reason = "the stream belongs to the context")]
    pub(super) fn print_as_is(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let written = writeln!(out, "{text}").and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }

    /// Writes a text and a line break to standard error, as [`Self::print`] does; there is nobody to
    /// tell where that fails.
    pub(super) fn say(&self, text: &str) {
        self.say_as_is(&escape::lines(text));
    }

    /// Writes a text that has its colours already.
    #[expect(clippy::unused_self, reason = "the stream belongs to the context")]
    pub(super) fn say_as_is(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size()?;
    Some(usize::from(width.0))
}
