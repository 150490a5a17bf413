//! Reports as files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Format, ReportError, Style, write};
use crate::journal::JournalSet;

/// Bytes of a step summary: GitHub takes 1 MiB.
const SUMMARY: usize = 1_000_000;

/// Writes a report to a file: beside it first, then renamed, so that nobody reads half of it. Parent
/// folders are made. A path that is no regular file (`/dev/stdout`) is written as it is.
///
/// # Errors
/// As [`write()`].
pub fn save(
    format: Format,
    journal: &JournalSet,
    path: &Path,
    style: &Style,
) -> Result<(), ReportError> {
    save_as(path, |out| write(format, journal, out, style))
}

/// The same for any report.
pub(super) fn save_as(
    path: &Path,
    report: impl FnOnce(&mut dyn io::Write) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        let mut file = OpenOptions::new().write(true).open(path)?;
        return report(&mut file);
    }
    // A link is followed, so that its target is replaced and not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = beside(&path);
    let made = whole(&beside, report).and_then(|()| Ok(fs::rename(&beside, &path)?));
    if made.is_err() {
        let _ = fs::remove_file(&beside);
    }
    made
}

/// Whether a report can be written to a path. What is there stays as it is.
///
/// # Errors
/// It cannot.
pub fn try_place(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return OpenOptions::new().write(true).open(path).map(drop);
    }
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = beside(&path);
    File::create(&beside)?;
    fs::remove_file(&beside)
}

fn whole(
    path: &Path,
    report: impl FnOnce(&mut dyn io::Write) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    // Not forced to the disk: a report can be made again from its journal, and waiting for the disk
    // takes longer than making it.
    let mut file = File::create(path)?;
    report(&mut file)
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

/// Adds a Markdown report to a file, as `$GITHUB_STEP_SUMMARY` wants it; what is beyond a megabyte
/// is left out, and that is said.
///
/// # Errors
/// As [`write()`].
pub fn append_summary(journal: &JournalSet, path: &Path) -> Result<(), ReportError> {
    let mut short = Short::default();
    write(Format::Markdown, journal, &mut short, &Style::default())?;
    let mut text = short.text;
    if short.cut {
        let line = text
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        text.truncate(line);
        text.extend_from_slice(b"\n\nThe report is too long for this page: see the journal.\n");
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(&text)?;
    Ok(())
}

/// Keeps the first megabyte.
#[derive(Default)]
struct Short {
    text: Vec<u8>,
    cut: bool,
}

impl io::Write for Short {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = SUMMARY.saturating_sub(self.text.len());
        self.cut |= bytes.len() > room;
        self.text.extend(bytes.iter().take(room));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
