//! Reports as files, and what becomes of one that cannot be written.

use std::fs;
use std::io::{self, Write};

use cutover::report::{Format, Style, append_summary, save, write};

use super::journal_support::journal;
use super::report_support::{cases, full_header, text};

#[test]
fn files_are_written_whole_and_summaries_are_added() {
    let (folder, set) = journal(&full_header(), &cases());
    let path = folder.path().join("out/deep/report.json");
    for _ in 0..2 {
        save(Format::Json, &set, &path, &Style::default()).expect("a file");
        let names: Vec<_> = fs::read_dir(folder.path().join("out/deep"))
            .expect("a folder")
            .collect();
        assert_eq!(names.len(), 1, "nothing beside the report");
    }
    let written = fs::read_to_string(&path).expect("text");
    assert_eq!(written, text(Format::Json, &set, &Style::default()));
    assert!(save(Format::Json, &set, &path.join("below"), &Style::default()).is_err());

    let page = folder.path().join("summary.md");
    fs::write(&page, "before\n").expect("a file");
    append_summary(&set, &page).expect("a summary");
    let report = text(Format::Markdown, &set, &Style::default());
    assert_eq!(
        fs::read_to_string(&page).expect("text"),
        format!("before\n{report}")
    );
}

struct Closed {
    room: usize,
    kind: io::ErrorKind,
}

impl Write for Closed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            return Err(self.kind.into());
        }
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
    let (_folder, set) = journal(&full_header(), &cases());
    for format in Format::ALL {
        for room in [0, 100] {
            let style = Style::default();
            let mut pipe = Closed {
                room,
                kind: io::ErrorKind::BrokenPipe,
            };
            write(format, &set, &mut pipe, &style).expect("no error");
            let mut disk = Closed {
                room,
                kind: io::ErrorKind::StorageFull,
            };
            assert!(write(format, &set, &mut disk, &style).is_err(), "{format}");
        }
    }
}
