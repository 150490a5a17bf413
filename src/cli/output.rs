//! Where reports go.

use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use super::args::LookArgs;
use super::context::Context;
use super::problem::{BAD_INPUT, COULD_NOT, Problem};
use super::typed::ReportTarget;
use crate::escape::JsonLines;
use crate::journal::JournalSet;
use crate::report::{Format, ReportError, Style, append_summary, save, try_place, write};

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
                    return Err(only_one());
                }
                (None, format) => outputs.standard = Some(format),
            }
        }
        if let Some((format, path)) = outputs.twice() {
            return Err(Problem::new(
                BAD_INPUT,
                format!(
                    "two reports go to {}: the {format} report would take the place of the other\ngive each a path of its own",
                    path.display()
                ),
            ));
        }
        // Annotations are lines among others in a log; between them and a document nobody can choose.
        if outputs.github && !matches!(outputs.standard, None | Some(Format::Terminal)) {
            return Err(only_one());
        }
        Ok(outputs)
    }

    /// A report with the path of another one.
    fn twice(&self) -> Option<&(Format, PathBuf)> {
        let mut files = self.files.iter().enumerate();
        let (_, file) = files.find(|(at, (_, path))| {
            let before = self.files.iter().take(*at);
            before.map(|(_, path)| path).any(|other| other == path)
        })?;
        Some(file)
    }

    /// Whether a journal can stand at a path without a report taking its place.
    fn spare(&self, journal: &Path) -> Result<(), Problem> {
        match self.files.iter().find(|(_, path)| path == journal) {
            None => Ok(()),
            Some((format, path)) => Err(Problem::new(
                BAD_INPUT,
                format!(
                    "the journal and the {format} report both go to {}\ngive each a path of its own",
                    path.display()
                ),
            )),
        }
    }

    /// Whether every report can be written beside the journal: asked before anything is sent.
    pub(super) fn try_places(&self, journal: &Path) -> Result<(), Problem> {
        self.spare(journal)?;
        let failed = self.files.iter().filter_map(|(format, path)| {
            let error = try_place(path).err()?;
            let path = path.display();
            Some(format!(
                "cannot write the {format} report to {path}: {error}"
            ))
        });
        let failed: Vec<String> = failed.collect();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(Problem::new(BAD_INPUT, failed.join("\n")))
        }
    }

    /// Writes every report. Where one cannot be written the others are, and the exit code is that of
    /// the results unless it would say that all is well.
    pub(super) fn write(
        &self,
        journal: &JournalSet,
        exit: u8,
        context: &Context,
    ) -> Result<(), Problem> {
        self.deliver(journal, exit, context, || self.streams(journal, context))
    }

    /// Writes the reports that were asked for, where standard output holds something else already.
    pub(super) fn write_beside(
        &self,
        journal: &JournalSet,
        exit: u8,
        context: &Context,
    ) -> Result<(), Problem> {
        self.deliver(journal, exit, context, || {
            self.annotations(journal, context)
        })
    }

    /// Whether standard output is left for something that is no report.
    pub(super) fn leaves_standard(&self) -> Result<(), Problem> {
        match self.standard {
            None | Some(Format::Terminal) => Ok(()),
            Some(_) => Err(only_one()),
        }
    }

    fn deliver(
        &self,
        journal: &JournalSet,
        exit: u8,
        context: &Context,
        streams: impl FnOnce() -> Result<(), ReportError>,
    ) -> Result<(), Problem> {
        let style = self.style(false, context);
        let (mut failed, streams) = thread::scope(|scope| {
            // Beside each other: each goes through the whole journal by itself.
            let saving = self.files.iter().map(|(format, path)| {
                let style = &style;
                scope.spawn(move || saved(*format, journal, path, style))
            });
            let saving: Vec<_> = saving.collect();
            let streams = streams();
            let saved = saving.into_iter().filter_map(|saving| match saving.join() {
                Ok(saved) => saved.err(),
                Err(panic) => resume_unwind(panic),
            });
            (saved.collect::<Vec<String>>(), streams)
        });
        let summary = context.env("GITHUB_STEP_SUMMARY").filter(|_| self.github);
        if let Some(path) = summary
            && let Err(error) = append_summary(journal, &PathBuf::from(&path))
        {
            let reason = reason(error);
            failed.push(format!("cannot write the summary to {path}: {reason}"));
        }
        failed.extend(streams.err().map(reason));
        // A reader that has gone is no error, here as in the reports.
        let _ = io::stdout().flush();
        if failed.is_empty() {
            return Ok(());
        }
        let code = if exit == 0 { COULD_NOT } else { exit };
        let help =
            "the results are in the journal: `cutover report` makes every report of it again";
        Err(Problem::new(code, format!("{}\n{help}", failed.join("\n"))))
    }

    fn annotations(&self, journal: &JournalSet, context: &Context) -> Result<(), ReportError> {
        if !self.github {
            return Ok(());
        }
        let style = self.style(false, context);
        write(Format::Github, journal, &mut io::stdout().lock(), &style)
    }

    /// The reports of standard output and standard error.
    fn streams(&self, journal: &JournalSet, context: &Context) -> Result<(), ReportError> {
        self.annotations(journal, context)?;
        let standard = self.standard.or((!self.github).then_some(Format::Terminal));
        if let Some(format) = standard {
            let colour = context.out_colour && format == Format::Terminal;
            let style = self.style(colour, context);
            let mut out = io::stdout().lock();
            match format {
                // It ends with a line break, and so does each case.
                Format::Json => write(format, journal, &mut JsonLines::new(out), &style)?,
                _ => write(format, journal, &mut out, &style)?,
            }
        }
        if standard != Some(Format::Terminal) {
            let style = self.style(context.err_colour, context);
            write(Format::Terminal, journal, &mut io::stderr().lock(), &style)?;
        }
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

fn saved(format: Format, journal: &JournalSet, path: &Path, style: &Style) -> Result<(), String> {
    save(format, journal, path, style).map_err(|error| {
        let (path, reason) = (path.display(), reason(error));
        format!("cannot write the {format} report to {path}: {reason}")
    })
}

fn only_one() -> Problem {
    let text = "only one report can go to standard output; give the others a path";
    Problem::new(BAD_INPUT, text)
}

/// The error without what is said of every report.
fn reason(error: ReportError) -> String {
    match error {
        ReportError::Io(error) => error.to_string(),
        error @ ReportError::Journal(_) => error.to_string(),
    }
}
