//! The readiness matrix as a page.

use std::io::{self, Write};

use askama::Template;

use super::look::{Top, foot, head, put};
use super::warnings::Warnings;
use crate::escape::line;
use crate::pair::Pair;
use crate::plural::plural;
use crate::readiness::{Matrix, RowResult, State, Verdict};
use crate::report::readiness::{Told, headline, incomplete, told};

/// Cases of a row that are named.
const NAMED: usize = 200;

/// The matrix.
#[derive(Template)]
#[template(path = "readiness.html")]
struct Body {
    tiles: Vec<(State, usize)>,
    warnings: Warnings,
    targets: Vec<[String; 4]>,
    parts: [(&'static str, &'static str, Vec<Row>); 2],
    changes: Vec<ToldView>,
    runs: Vec<(String, String, String)>,
}

struct Row {
    key: &'static str,
    title: &'static str,
    state: State,
    because: String,
    count: String,
    cases: Vec<[String; 3]>,
    beyond: usize,
}

struct ToldView {
    rows: Vec<String>,
    places: Vec<String>,
    text: String,
    by: String,
    advice: String,
    cases: String,
}

pub(in crate::report) fn write(matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    let tone = match matrix.verdict {
        Verdict::Ready | Verdict::ReadyWithAcceptedChanges => "good",
        Verdict::NotReady if matrix.exit == 1 => "bad",
        Verdict::NotReady => "unsure",
    };
    let top = Top {
        tone,
        alarm: incomplete(matrix),
        kicker: "cutover readiness",
        verdict: &headline(matrix),
        lines: &[format!("Said on {}", matrix.made)],
    };
    head(out, &top)?;
    put(out, &body(matrix))?;
    foot(out)
}

fn safe(text: &str) -> String {
    line(text).into_owned()
}

fn body(matrix: &Matrix) -> Body {
    let rows = |beyond: bool| {
        let rows = matrix.rows.iter().filter(|row| row.beyond == beyond);
        rows.map(row).collect()
    };
    let sides = matrix.pair.iter().flat_map(Pair::iter);
    Body {
        tiles: State::ALL
            .map(|state| (state, matrix.count(state, false)))
            .to_vec(),
        warnings: Warnings::of(matrix.warnings.iter().map(|text| sorted(text))),
        targets: sides
            .map(|(side, target)| {
                [
                    side.to_string(),
                    safe(&target.name),
                    safe(&target.platform),
                    safe(&target.url),
                ]
            })
            .collect(),
        parts: [
            ("rows", "Rows of the comparison", rows(false)),
            ("more", "Beyond the comparison", rows(true)),
        ],
        changes: told(matrix).iter().map(told_view).collect(),
        runs: matrix
            .runs
            .iter()
            .map(|run| {
                let end = if run.complete { "" } else { ", incomplete" };
                let text = format!("{} counted, {} stale{end}", run.counted, run.stale);
                (safe(&run.id), safe(&run.when), text)
            })
            .collect(),
    }
}

/// A warning, with its sort where it has one: `unused-rule: ...`.
fn sorted(text: &str) -> (String, &str) {
    let is_sort = |sort: &str| sort.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    match text.split_once(": ") {
        Some((sort, rest)) if is_sort(sort) => (sort.to_owned(), rest),
        _ => (String::new(), text),
    }
}

fn row(row: &RowResult) -> Row {
    let cases = row.cases.iter().take(NAMED).map(|case| {
        let when = format!("{}, run {}", case.when, case.run);
        [case.verdict.to_string(), safe(&case.id), safe(&when)]
    });
    Row {
        key: row.row,
        title: row.title,
        state: row.state,
        because: safe(&row.because),
        count: plural(row.cases.len(), "case"),
        cases: cases.collect(),
        beyond: row.cases.len().saturating_sub(NAMED),
    }
}

fn told_view(told: &Told<'_>) -> ToldView {
    let change = told.change;
    let until = change.until.as_ref().map(|day| format!(", until {day}"));
    let rule = format!("{}{}", change.rule, until.unwrap_or_default());
    let by = if change.because == change.told {
        rule
    } else {
        format!("{} ({rule})", change.because)
    };
    ToldView {
        rows: told.rows.iter().map(|row| safe(row)).collect(),
        places: told.places.iter().map(|place| safe(place)).collect(),
        text: safe(&change.told),
        by: safe(&by),
        advice: safe(change.advice.as_deref().unwrap_or_default()),
        cases: plural(told.cases, "case"),
    }
}
