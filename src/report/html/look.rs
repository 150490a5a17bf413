//! [`Look`]: style and script of a page, and the hashes by which its policy knows them.

use std::io::{self, Write};

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::escape::{line, lines};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Style and script. The page allows no other (Content Security Policy Level 3, section 2.3.1), so
/// that nothing that a server sent can act, even if it got through.
pub(super) struct Look {
    pub(super) style: &'static str,
    pub(super) script: &'static str,
    pub(super) style_hash: String,
    pub(super) script_hash: String,
}

impl Look {
    fn new() -> Self {
        let hash = |text: &str| format!("sha256-{}", STANDARD.encode(Sha256::digest(text)));
        Self {
            style: STYLE,
            script: SCRIPT,
            style_hash: hash(STYLE),
            script_hash: hash(SCRIPT),
        }
    }
}

/// How a page begins: the verdict first.
#[derive(Template)]
#[template(path = "head.html")]
struct Head<'a> {
    look: Look,
    title: String,
    /// `good`, `unsure` or `bad`.
    tone: &'a str,
    /// What comes before all else, if anything does.
    alarm: String,
    kicker: String,
    verdict: String,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "foot.html")]
struct Foot {
    look: Look,
    text: String,
}

/// What the top of a page says.
pub(super) struct Top<'a> {
    /// `good`, `unsure` or `bad`.
    pub(super) tone: &'a str,
    /// What comes before all else, if anything does.
    pub(super) alarm: Option<String>,
    /// The small line above the verdict.
    pub(super) kicker: &'a str,
    pub(super) verdict: &'a str,
    /// What stands below it.
    pub(super) lines: &'a [String],
}

/// Writes the start of a page.
pub(super) fn head(out: &mut dyn Write, top: &Top<'_>) -> io::Result<()> {
    let safe = |text: &str| line(text).into_owned();
    let alarm = top.alarm.as_deref().map(safe);
    let before = alarm.as_ref().map(|text| format!("{text} - "));
    let before = before.unwrap_or_default();
    let head = Head {
        look: Look::new(),
        title: safe(&format!("{before}{}: {}", top.kicker, top.verdict)),
        alarm: alarm.unwrap_or_default(),
        tone: top.tone,
        kicker: safe(top.kicker),
        verdict: safe(top.verdict),
        lines: top.lines.iter().map(|text| safe(text)).collect(),
    };
    put(out, &head)
}

/// Writes the end of a page.
pub(super) fn foot(out: &mut dyn Write) -> io::Result<()> {
    let text = format!("Made by cutover {}.", env!("CARGO_PKG_VERSION"));
    let foot = Foot {
        look: Look::new(),
        text,
    };
    put(out, &foot)
}

/// Writes a part of a page.
pub(super) fn put(out: &mut dyn Write, part: &impl Template) -> io::Result<()> {
    Template::write_into(part, &mut Output(out)).map_err(io::Error::other)
}

/// The last door before the page: whatever a part forgot to escape does nothing but show.
struct Output<'a>(&'a mut dyn Write);

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(lines(text).as_bytes())?,
            Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_gets_through() {
        let mut page = Vec::new();
        write!(Output(&mut page), "a\n\u{1b}[2J\u{202e}b").expect("memory");
        assert_eq!(page, b"a\n\\u{1b}[2J\\u{202e}b");
    }

    #[test]
    fn the_hashes_are_those_of_what_stands_in_the_page() {
        let mut page = Vec::new();
        let top = Top {
            tone: "good",
            alarm: None,
            kicker: "k",
            verdict: "v",
            lines: &[],
        };
        head(&mut page, &top).expect("memory");
        foot(&mut page).expect("memory");
        let page = String::from_utf8(page).expect("text");
        for (start, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
            let inner = page.split(start).nth(1).and_then(|p| p.split(end).next());
            let hash = STANDARD.encode(Sha256::digest(inner.expect("its part")));
            assert!(page.contains(&format!("'sha256-{hash}'")), "{start}");
            assert_eq!(page.matches(start).count(), 1);
        }
    }
}
