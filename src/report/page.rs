//! [`Page`]: lines of a width, with or without colour.

use std::io::{self, Write};

use super::escape;
use crate::results::{Severity, Verdict};

/// How the terminal report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours.
    pub colour: bool,
    /// Columns.
    pub width: usize,
    /// Whether to show evidence: two curl lines for each failed case (`-v`).
    pub verbose: bool,
    /// Whether to show no more than the failures by name and the verdict (`-q`).
    pub quiet: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            colour: false,
            width: 80,
            verbose: false,
            quiet: false,
        }
    }
}

/// What a piece of text means, and so its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Good,
    Meant,
    Bad,
    Unsure,
    Faint,
}

impl Tone {
    /// The code of ECMA-48 section 8.3.117.
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Good => "32",
            Self::Meant => "36",
            Self::Bad => "1;31",
            Self::Unsure => "33",
            Self::Faint => "2",
        }
    }

    pub(super) const fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Same => Self::Good,
            Verdict::Accepted => Self::Meant,
            Verdict::Different => Self::Bad,
            Verdict::Inconclusive => Self::Unsure,
            Verdict::Skipped => Self::Faint,
        }
    }

    pub(super) const fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Breaking => Self::Bad,
            Severity::Risky => Self::Unsure,
            Severity::Cosmetic => Self::Faint,
        }
    }
}

/// Lines of a width. Every text that is given is escaped here and nowhere else.
pub(super) struct Page<'a> {
    out: &'a mut dyn Write,
    style: Style,
}

impl<'a> Page<'a> {
    pub(super) fn new(out: &'a mut dyn Write, style: &Style) -> Self {
        let style = Style {
            width: style.width.clamp(40, 400),
            ..*style
        };
        Self { out, style }
    }

    pub(super) const fn style(&self) -> &Style {
        &self.style
    }

    /// An empty line.
    pub(super) fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A heading, with an empty line before it.
    pub(super) fn heading(&mut self, text: &str) -> io::Result<()> {
        self.gap()?;
        self.wrapped(Tone::Strong, "", text)
    }

    /// A text after a lead-in; further lines are indented by the lead-in's width.
    pub(super) fn wrapped(&mut self, tone: Tone, lead: &str, text: &str) -> io::Result<()> {
        let text = escape::line(text);
        let indent = lead.chars().count();
        let room = self.style.width.saturating_sub(indent).max(16);
        for (number, line) in wrap(&text, room).into_iter().enumerate() {
            if number == 0 {
                write!(self.out, "{lead}")?;
            } else {
                write!(self.out, "{:indent$}", "")?;
            }
            let starts = number > 0 || lead.trim().is_empty();
            match line.strip_prefix(':').filter(|_| starts) {
                // `::name::` at the start of a line is a command to GitHub Actions, and blanks
                // before it do not matter.
                Some(rest) => self.painted(tone, &format!("\\u{{3a}}{rest}"))?,
                None => self.painted(tone, line)?,
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    /// A line of words of different tones that is not broken.
    pub(super) fn pieces(&mut self, pieces: &[(Tone, &str)]) -> io::Result<()> {
        for (tone, text) in pieces {
            self.painted(*tone, &escape::line(text))?;
        }
        writeln!(self.out)
    }

    fn painted(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        if self.style.colour && tone != Tone::Plain && !text.is_empty() {
            write!(self.out, "\u{1b}[{}m{text}\u{1b}[0m", tone.code())
        } else {
            write!(self.out, "{text}")
        }
    }
}

/// Breaks a text into lines of at most `room` characters: between words, and inside a word that is
/// longer than a line.
pub(super) fn wrap(text: &str, room: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text.trim_end();
    loop {
        let Some((end, _)) = rest.char_indices().nth(room) else {
            lines.push(rest);
            return lines;
        };
        let head = rest.get(..end).unwrap_or(rest);
        let broken = match head.rfind(' ') {
            _ if rest
                .get(end..)
                .is_some_and(|behind| behind.starts_with(' ')) =>
            {
                end
            }
            // A blank far at the front leaves a line that is nearly empty: break the word instead.
            Some(blank)
                if head
                    .get(..blank)
                    .is_some_and(|h| h.chars().count() * 3 >= room) =>
            {
                blank
            }
            _ => end_of_step(head),
        };
        lines.push(rest.get(..broken).unwrap_or(head).trim_end());
        rest = rest.get(broken..).unwrap_or_default().trim_start();
    }
}

/// Where a long word is best broken: before a step of a path, if one is far enough.
fn end_of_step(head: &str) -> usize {
    let step = head.rfind(['.', '[', '/', '&', ',']);
    step.filter(|at| at * 2 >= head.len()).unwrap_or(head.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_the_room_and_nothing_is_lost() {
        let text = "typed clients fail $.a_very_long_path_without_any_blank.that_goes_on and on";
        for room in 16..80 {
            let lines = wrap(text, room);
            assert!(lines.iter().all(|l| l.chars().count() <= room), "{room}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("", 7), [""]);
    }

    #[test]
    fn no_line_starts_with_a_workflow_command() {
        let mut out = Vec::new();
        let mut page = Page::new(&mut out, &Style::default());
        page.wrapped(Tone::Plain, "  ", "::stop-commands::x")
            .expect("memory");
        page.wrapped(Tone::Plain, "old  ", "::x").expect("memory");
        assert_eq!(
            String::from_utf8_lossy(&out),
            "  \\u{3a}:stop-commands::x\nold  ::x\n"
        );
    }
}
