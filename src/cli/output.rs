//! Where reports go.

use std::io::{self, Write};
use std::path::PathBuf;

use super::args::{LookArgs, ReportTarget};
use super::context::Context;
use super::problem::{BAD_INPUT, COULD_NOT, Problem};
use crate::journal::JournalSet;
use crate::report::{Format, Style, append_summary, save, write};

/// The reports of a command, sorted by where they go.
#[derive(Debug)]
pub(super) struct Outputs {
    /// The one that takes standard output, if any does.
    standard: Option<Format>,
    files: Vec<(Format, PathBuf)>,
    github: bool,
    look: LookArgs,
}

impl Outputs {
    /// Sorts the reports asked for.
    pub(super) fn new(targets: &[ReportTarget], look: LookArgs) -> Result<Self, Problem> {
        let mut outputs = Self {
            standard: None,
            files: Vec::new(),
            github: false,
            look,
        };
        for target in targets {
            match (&target.path, target.format) {
                (Some(path), format) => outputs.files.push((format, path.clone())),
                (None, Format::Github) => outputs.github = true,
                (None, format) if outputs.standard.is_some_and(|taken| taken != format) => {
                    let text = "only one report can go to standard output; give the others a path";
                    return Err(Problem::new(BAD_INPUT, text));
                }
                (None, format) => outputs.standard = Some(format),
            }
        }
        Ok(outputs)
    }

    /// Writes every report.
    pub(super) fn write(&self, journal: &JournalSet, context: &Context) -> Result<(), Problem> {
        let failed = |error: crate::report::ReportError| Problem::new(COULD_NOT, error.to_string());
        for (format, path) in &self.files {
            save(*format, journal, path, &self.style(false, context)).map_err(failed)?;
        }
        if self.github {
            let mut out = io::stdout().lock();
            write(
                Format::Github,
                journal,
                &mut out,
                &self.style(false, context),
            )
            .map_err(failed)?;
            if let Some(summary) = context.env("GITHUB_STEP_SUMMARY") {
                append_summary(journal, &PathBuf::from(summary)).map_err(failed)?;
            }
        }
        let standard = self.standard.unwrap_or(Format::Terminal);
        let colour = context.out_colour && standard == Format::Terminal;
        write(
            standard,
            journal,
            &mut io::stdout().lock(),
            &self.style(colour, context),
        )
        .map_err(failed)?;
        if standard != Format::Terminal {
            let style = self.style(context.err_colour, context);
            write(Format::Terminal, journal, &mut io::stderr().lock(), &style).map_err(failed)?;
        }
        // A reader that has gone is no error, here as in the reports.
        let _ = io::stdout().flush();
        Ok(())
    }

    /// How a report looks.
    pub(super) fn style(&self, colour: bool, context: &Context) -> Style {
        Style {
            colour,
            width: context.width,
            verbose: self.look.verbose,
            quiet: self.look.quiet,
        }
    }
}
