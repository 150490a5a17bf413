//! The readiness matrix as a report: for a terminal, as Markdown, as JSON, as a page.

mod markdown;
mod terminal;
mod told;
mod words;

use std::io::{self, Write};
use std::path::Path;

use super::save::save_as;
use super::{Format, ReportError, Style, escape, html, piped};
use crate::readiness::Matrix;

pub(super) use told::{Told, told};
pub(super) use words::{counted, headline, incomplete};

/// The formats that a readiness report can have.
pub const READINESS_FORMATS: [Format; 4] = [
    Format::Terminal,
    Format::Html,
    Format::Markdown,
    Format::Json,
];

/// Writes a readiness report. A reader that closes its end of a pipe is no error.
///
/// # Errors
/// A format that is none of [`READINESS_FORMATS`], an output that cannot be written.
pub fn write_readiness(
    format: Format,
    matrix: &Matrix,
    out: &mut dyn Write,
    style: &Style,
) -> Result<(), ReportError> {
    piped(out, |out| one(format, matrix, out, style))
}

/// Writes a readiness report to a file, as [`super::save`] does.
///
/// # Errors
/// As [`write_readiness`].
pub fn save_readiness(
    format: Format,
    matrix: &Matrix,
    path: &Path,
    style: &Style,
) -> Result<(), ReportError> {
    save_as(path, |out| write_readiness(format, matrix, out, style))
}

fn one(
    format: Format,
    matrix: &Matrix,
    out: &mut dyn Write,
    style: &Style,
) -> Result<(), ReportError> {
    match format {
        Format::Terminal => terminal::write(matrix, out, style)?,
        Format::Markdown => markdown::write(matrix, out)?,
        Format::Html => html::readiness::write(matrix, out)?,
        Format::Json => {
            let text = serde_json::to_string_pretty(matrix).map_err(io::Error::from)?;
            writeln!(out, "{}", escape::json(&text))?;
        }
        Format::Junit | Format::Github => {
            let text = format!("readiness has no {format} report");
            return Err(io::Error::new(io::ErrorKind::Unsupported, text).into());
        }
    }
    Ok(())
}
