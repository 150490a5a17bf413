//! `docs/differences.md` shows one difference of each part and kind as tests found it. `BLESS=1 cargo test`
//! writes what they find now onto the page.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// The page is written by one test at a time.
static TURN: Mutex<()> = Mutex::new(());
const FENCE: &str = "```found\n";

/// The page shows this difference, in its part, under its kind.
pub(crate) fn shows(difference: &impl serde::Serialize) {
    let difference = serde_json::to_value(difference).expect("a difference");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/differences.md");
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut page = fs::read_to_string(&path).expect("the page");
    let wanted = block(&difference);
    let section = section(&page, word(&difference, "where"), word(&difference, "kind"));
    let text = page.get(section.clone()).unwrap_or_default();
    let shown = text.find(FENCE).map(|start| {
        let end = text[start..].find("\n```\n").expect("the end of a block");
        section.start + start..section.start + start + end + "\n```\n".len()
    });
    if shown.clone().and_then(|range| page.get(range)) == Some(wanted.as_str()) {
        return;
    }
    assert!(
        std::env::var_os("BLESS").is_some(),
        "the page does not show this (BLESS=1 writes it):\n{wanted}"
    );
    match shown {
        Some(range) => page.replace_range(range, &wanted),
        None => page.insert_str(
            section.start + text.trim_end().len(),
            &format!("\n\n{}", wanted.trim_end()),
        ),
    }
    fs::write(&path, page).expect("the page is written");
}

fn word<'v>(difference: &'v Value, key: &str) -> &'v str {
    difference[key].as_str().unwrap_or_default()
}

/// Where the section of a kind stands, its heading not included.
fn section(page: &str, part: &str, kind: &str) -> Range<usize> {
    let below = |range: Range<usize>, heading: &str, level: &str| {
        let text = &page[range.clone()];
        let start = text
            .find(heading)
            .unwrap_or_else(|| panic!("no heading {heading:?}"));
        let start = range.start + start + heading.len();
        let end = page[start..range.end].find(level);
        start..end.map_or(range.end, |end| start + end)
    };
    let part = below(0..page.len(), &format!("\n## {part}\n"), "\n## ");
    // The line end before the next heading belongs to it.
    below(part, &format!("\n### {kind}\n"), "\n### ")
}

/// A difference as a block of the page.
fn block(difference: &Value) -> String {
    let mut text = format!(
        "{FENCE}{} {} {}\n",
        word(difference, "path"),
        word(difference, "kind"),
        word(difference, "severity")
    );
    for side in ["old", "new"] {
        if let Some(value) = difference.get(side) {
            text.push_str(&format!("{side}: {value}\n"));
        }
    }
    if let Some(detail) = difference["detail"]
        .as_object()
        .filter(|detail| !detail.is_empty())
    {
        text.push_str(&format!("detail: {}\n", Value::from(detail.clone())));
    }
    text.push_str(&format!("{}\n```\n", word(difference, "explain")));
    text
}
