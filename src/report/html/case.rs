//! [`CaseView`]: a case as the page shows it. Every text in it does nothing but show.

use std::collections::HashMap;

use askama::Template;

use super::exchange::{Exchange, exchanges};
use super::marked::{Marked, marked};
use super::room::Detail;
use super::words::{anchor_of, case_anchor, milliseconds};
use crate::escape::line;
use crate::pair::{Pair, Side};
use crate::report::words::{accept_line, counts, place, seen, skipped_because, why};
use crate::results::{
    CaseResult, CaseType, Difference, Phase, Severity, SideResult, TokenSummary, Verdict,
};

/// Differences of one case that are shown; what is beyond is counted.
const SHOWN: usize = 300;

/// A case.
#[derive(Template)]
#[template(path = "case.html")]
pub(super) struct CaseView {
    anchor: String,
    name: String,
    verdict: Verdict,
    /// The number of its suite on the page.
    suite: usize,
    /// The severities that a filter finds it by.
    severities: String,
    about: String,
    why: String,
    failures: Vec<(String, String)>,
    items: Vec<Item>,
    /// Those that are too slight to count.
    slight: Vec<Item>,
    beyond: usize,
    known: Vec<String>,
    sides: Option<Pair<Option<Exchange>>>,
}

/// A difference.
struct Item {
    anchor: String,
    place: String,
    kind: &'static str,
    severity: Severity,
    sides: Pair<Marked>,
    /// Whether either side has something to show.
    has_sides: bool,
    /// What several answers of each side showed.
    seen: Vec<(Side, String)>,
    felt: String,
    advice: String,
    reference: String,
    accepted: String,
}

impl CaseView {
    /// The view of a case.
    pub(super) fn new(case: &CaseResult, suite: usize, fail_on: Severity, detail: Detail) -> Self {
        let mut seen = HashMap::new();
        let (mut items, mut slight) = (Vec::new(), Vec::new());
        let mut severities: Vec<&str> = Vec::new();
        let mut known: Vec<String> = Vec::new();
        for difference in case.differences.iter().take(SHOWN) {
            let nth = seen
                .entry((difference.r#where, &difference.path, difference.kind))
                .and_modify(|nth| *nth += 1)
                .or_insert(0_usize);
            let item = Item::new(case, difference, *nth);
            if !severities.contains(&difference.severity.word()) {
                severities.push(difference.severity.word());
            }
            if difference.accepted_by.is_some() || counts(fail_on, difference) {
                items.push(item);
            } else {
                slight.push(item);
            }
            let open = difference.known.as_ref();
            if let Some(open) = open.filter(|_| difference.accepted_by.is_none()) {
                let text = line(&accept_line(open)).into_owned();
                if !known.contains(&text) {
                    known.push(text);
                }
            }
        }
        said_once(&mut items);
        said_once(&mut slight);
        Self {
            anchor: case_anchor(case),
            name: line(&case.case).into_owned(),
            verdict: case.verdict,
            suite,
            severities: severities.join(" "),
            about: about(case),
            why: reason(case),
            failures: failures(case),
            items,
            slight,
            beyond: case.differences.len().saturating_sub(SHOWN),
            known,
            sides: match detail {
                Detail::Evidence => exchanges(case),
                Detail::Differences | Detail::Count => None,
            },
        }
    }
}

impl Item {
    fn new(case: &CaseResult, item: &Difference, nth: usize) -> Self {
        let sides = marked(item);
        let accepted = item.accepted_by.as_ref().map(|by| {
            let until = by.until.as_ref().map(|day| format!(", until {day}"));
            let rule = format!("{}, {}{}", by.rule, by.at, until.unwrap_or_default());
            // A known change is accepted because of what it is: that stands above.
            if by.because == item.explain {
                rule
            } else {
                format!("{} ({rule})", by.because)
            }
        });
        let text =
            |text: Option<&String>| text.map(|text| line(text).into_owned()).unwrap_or_default();
        Self {
            anchor: anchor_of(case, item, nth),
            place: line(&place(item)).into_owned(),
            kind: item.kind.word(),
            severity: item.severity,
            has_sides: !(sides.old.absent && sides.new.absent),
            sides,
            seen: Side::BOTH
                .into_iter()
                .filter_map(|side| Some((side, line(&seen(item, side)?).into_owned())))
                .collect(),
            felt: line(&item.explain).into_owned(),
            // What is accepted needs no fix on the new side, and its consumers all the more to be told.
            advice: text(item.advice.as_ref()),
            reference: text(item.r#ref.as_ref()),
            accepted: text(accepted.as_ref()),
        }
    }
}

/// Leaves what is said of several differences in a row to the last of them.
fn said_once(items: &mut [Item]) {
    for at in 1..items.len() {
        let (before, here) = items.split_at_mut(at);
        if let (Some(before), Some(here)) = (before.last_mut(), here.first())
            && before.felt == here.felt
            && before.accepted == here.accepted
            && before.advice == here.advice
        {
            before.felt.clear();
            before.accepted.clear();
            before.advice.clear();
        }
    }
}

/// Why it was skipped or is inconclusive.
fn reason(case: &CaseResult) -> String {
    let text = match (case.verdict, &case.note) {
        (Verdict::Skipped, None) => skipped_because(case.reason).to_owned(),
        (Verdict::Skipped, Some(note)) => format!("{}: {note}", skipped_because(case.reason)),
        _ => why(case),
    };
    line(&text).into_owned()
}

fn failures(case: &CaseResult) -> Vec<(String, String)> {
    let of = |side: &SideResult| {
        let failure = side.failure.as_ref()?;
        let phase: Phase = failure.phase;
        Some(format!("{}: {}", phase.word(), failure.message))
    };
    let sides = case.pair();
    let failures = sides.iter().filter_map(|(side, result)| {
        let text = of((*result)?)?;
        Some((side.to_string(), line(&text).into_owned()))
    });
    failures.collect()
}

/// What it does, its line, and how each side answered: `request, line 11: 200 in 12 ms; 404 in 8 ms`.
fn about(case: &CaseResult) -> String {
    let kind = match case.r#type {
        CaseType::Request => "request",
        CaseType::Token => "token",
        CaseType::Probe => "probe",
        CaseType::Client => "client",
    };
    let mut text = format!("{kind}, line {}", case.line);
    for (side, result) in case.pair().iter() {
        let Some(status) = result.and_then(|result| result.status) else {
            continue;
        };
        let ms = result.map_or(0.0, |result| result.ms);
        text += &format!(" · {side} {status} in {}", milliseconds(ms));
        if let Some(token) = result.and_then(|result| result.token.as_ref()) {
            text += &format!(", {}", token_words(token));
        }
        match result.map(|result| result.attempts) {
            Some(attempts) if attempts > 1 => text += &format!(", {attempts} attempts"),
            _ => {}
        }
    }
    text
}

/// `jwt of 1459 characters, 900 s`.
pub(super) fn token_words(token: &TokenSummary) -> String {
    let life = match token.expires_in {
        Some(seconds) => format!("{seconds} s"),
        None => "no life named".to_owned(),
    };
    format!(
        "{} of {} characters, {life}",
        token.shape.word(),
        token.length
    )
}
