//! Tables in CSV files, with the place of every mistake in them.

use std::path::Path;
use std::sync::Arc;

use super::rows::Table;
use crate::config::Folder;
use crate::source::{Cx, Diagnostic, Source, Span, Spanned};
use crate::template::Scalar;

/// Reads a CSV file beside a suite; reports what is wrong with it.
pub(super) fn csv_table(path: &Spanned<String>, folder: &Folder, cx: &mut Cx<'_>) -> Option<Table> {
    let file = match open(path, folder, cx.source) {
        Ok(file) => file,
        Err(message) => return cx.error(path.span, message, "a CSV file with a header line"),
    };
    match table(&file) {
        Ok(table) => Some(table),
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                cx.report::<()>(diagnostic);
            }
            None
        }
    }
}

/// Where a row stands in its file, for those who have something to say of it.
pub(super) fn row_place(
    path: &Spanned<String>,
    row: usize,
    folder: &Folder,
    suite: &Arc<Source>,
) -> Option<(Arc<Source>, Span)> {
    let file = open(path, folder, suite).ok()?;
    let mut reader = reader(&file);
    let record = reader.records().nth(row)?.ok()?;
    let span = line_at(&file, record.position());
    Some((file, span))
}

/// The file as a text that diagnostics can point into, named as the suite's neighbour.
fn open(path: &str, folder: &Folder, suite: &Arc<Source>) -> Result<Arc<Source>, String> {
    let text = folder.text(path).map_err(|error| error.to_string())?;
    let name = Path::new(&suite.name).with_file_name(path);
    Ok(Source::new(name.display().to_string(), text))
}

fn reader(file: &Source) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().from_reader(file.text.as_bytes())
}

fn table(file: &Arc<Source>) -> Result<Table, Vec<Diagnostic>> {
    // The reader takes an open quotation mark for one that is closed at the end of the file.
    if let Some(at) = unclosed_quote(&file.text) {
        let message = "this quotation mark is never closed";
        let help = "write a quotation mark inside of a quoted value twice: \"\"";
        let mark = Diagnostic::error(file, Span::new(at, at + 1), message);
        return Err(vec![mark.help(help)]);
    }
    let mut reader = reader(file);
    let header = reader.headers().map_err(|error| vec![said(file, &error)])?;
    let columns: Vec<String> = header.iter().map(str::to_owned).collect();
    let at = line_at(file, header.position());
    let problems = header_problems(&columns, file, at);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut cells = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| vec![said(file, &error)])?;
        cells.extend(record.iter().map(|cell| Scalar::Text(cell.to_owned())));
    }
    Ok(Table::new(columns, cells))
}

fn header_problems(columns: &[String], file: &Arc<Source>, at: Span) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut report = |message: String, help: &str| {
        problems.push(Diagnostic::error(file, at, message).help(help));
    };
    if let [only] = columns
        && only.contains(';')
    {
        let message = "the header line has one column, with `;` in its name".to_owned();
        report(message, "columns are parted by commas: write `,` for `;`");
    }
    for (index, column) in columns.iter().enumerate() {
        if column.trim().is_empty() {
            let message = format!("column {} of the header line has no name", index + 1);
            report(
                message,
                "a column's name is what {{name}} in the case means",
            );
        } else if columns.get(..index).is_some_and(|s| s.contains(column)) {
            let message = format!("two columns are named `{column}`");
            report(message, "which would {{name}} mean? Rename or remove one");
        }
    }
    problems
}

/// An error of the reader, at its place.
fn said(file: &Arc<Source>, error: &csv::Error) -> Diagnostic {
    let at = line_at(file, error.position());
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("this line has {len} values, the header line has {expected_len} columns"),
        _ => format!("this is no CSV: {error}"),
    };
    let help = "a value with a comma in it stands in quotation marks";
    Diagnostic::error(file, at, message).help(help)
}

/// The line that a record starts on.
fn line_at(file: &Source, position: Option<&csv::Position>) -> Span {
    let text = &file.text;
    let start = position.and_then(|position| usize::try_from(position.byte()).ok());
    let mut start = start.unwrap_or_default().min(text.len());
    // The reader counts the line breaks before a record, and a byte order mark, as its own.
    let skipped = |rest: &str| rest.len() - rest.trim_start_matches(['\r', '\n', '\u{feff}']).len();
    start += text.get(start..).map_or(0, skipped);
    let length = text.get(start..).and_then(|rest| rest.find(['\r', '\n']));
    let end = length.map_or(text.len(), |length| start + length);
    Span::new(start, end)
}

/// Where a quotation mark opens a value that nothing ends (RFC 4180 section 2).
fn unclosed_quote(text: &str) -> Option<usize> {
    let mut open = None;
    let mut at_start = true;
    let mut marks = text.bytes().enumerate().peekable();
    if text.starts_with('\u{feff}') {
        let _ = marks.nth(2);
    }
    while let Some((at, byte)) = marks.next() {
        match (open, byte) {
            (Some(_), b'"') if marks.next_if(|(_, next)| *next == b'"').is_none() => open = None,
            (Some(_), _) => {}
            (None, b'"') if at_start => open = Some(at),
            (None, _) => at_start = matches!(byte, b',' | b'\n' | b'\r'),
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_mark_opens_a_value_only_at_its_start() {
        for text in [
            "a\n\"b\"\n",
            "a,b\n1\",2\n",
            "a\n\"b\"\"c\"\n",
            "\u{feff}\"a\"\n",
            "",
        ] {
            assert_eq!(unclosed_quote(text), None, "{text}");
        }
        assert_eq!(unclosed_quote("a,b\n1,\"2\n3,4\n"), Some(6));
        assert_eq!(unclosed_quote("a\n\"b\"\"\n"), Some(2));
    }
}
