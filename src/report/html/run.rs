//! What the page of a run says before and after its cases.

use askama::Template;

use super::case::token_words;
use super::latency::Picture;
use super::scan::{Scan, TokenCase};
use super::warnings::Warnings;
use crate::escape::line;
use crate::journal::JournalSet;
use crate::pair::Pair;
use crate::readiness::{ROWS, State};
use crate::report::words;
use crate::results::{Cause, Finding, SuiteInfo, TokenSummary, Verdict};

/// Causes that are shown.
const CAUSES: usize = 100;
/// Cases that a finding names.
const NAMED: usize = 20;

/// What stands before the cases.
#[derive(Template)]
#[template(path = "run.html")]
pub(super) struct Before {
    tiles: Vec<(Verdict, usize)>,
    warnings: Warnings,
    targets: Vec<[String; 4]>,
    features: Vec<Feature>,
    other_rows: Vec<&'static str>,
    causes: Vec<[String; 4]>,
    more_causes: usize,
    suites: Vec<Suite>,
    same: String,
    listed: usize,
    /// Whether there are cases that are the same and show something accepted; they are not shown at first.
    meant_same: bool,
}

/// A row of the comparison, as far as this run shows it.
struct Feature {
    key: &'static str,
    title: &'static str,
    beyond: bool,
    state: State,
    text: String,
}

struct Suite {
    number: usize,
    name: String,
    file: String,
    counts: [usize; 5],
    /// Whether it has cases that are listed.
    listed: bool,
}

impl Before {
    pub(super) fn new(journal: &JournalSet, scan: &Scan, causes: &[Cause]) -> Self {
        let summary = journal.summary();
        let features = features(journal.suites(), scan);
        let named = |key: &str| features.iter().any(|row| row.key == key);
        let others = ROWS.iter().filter(|row| !row.beyond && !named(row.key));
        Self {
            tiles: Verdict::ALL
                .map(|verdict| (verdict, summary.of(verdict)))
                .to_vec(),
            warnings: warnings(journal),
            targets: targets(journal),
            other_rows: others.map(|row| row.key).collect(),
            features,
            more_causes: causes.len().saturating_sub(CAUSES),
            causes: causes.iter().take(CAUSES).map(cause).collect(),
            suites: suites(journal.suites(), scan),
            same: words::cases(summary.same),
            listed: summary.cases - summary.same,
            meant_same: journal
                .list()
                .any(|case| case.verdict == Verdict::Same && words::is_meant(&case)),
        }
    }
}

fn safe(text: &str) -> String {
    line(text).into_owned()
}

fn cause(cause: &Cause) -> [String; 4] {
    [
        cause.cases.to_string(),
        cause.kind.to_string(),
        safe(&cause.template),
        safe(&cause.change),
    ]
}

fn warnings(journal: &JournalSet) -> Warnings {
    let all = journal.warnings().iter().map(|warning| {
        let side = warning.side.map(|side| format!(" ({side})"));
        let code = format!("{}{}", warning.code, side.unwrap_or_default());
        (code, warning.message.as_str())
    });
    Warnings::of(all)
}

fn targets(journal: &JournalSet) -> Vec<[String; 4]> {
    let sides = journal.pair().into_iter().flat_map(Pair::iter);
    let rows = sides.map(|(side, target)| {
        [
            side.to_string(),
            safe(&target.name),
            safe(&target.platform),
            safe(&target.url),
        ]
    });
    rows.collect()
}

/// The rows that the suites of the run speak for.
fn features(suites: &[SuiteInfo], scan: &Scan) -> Vec<Feature> {
    let rows = ROWS.iter().filter_map(|row| {
        let own = suites.iter().zip(&scan.suites).zip(&scan.withheld);
        let own: Vec<_> = own
            .filter(|((suite, _), _)| suite.feature.as_deref() == Some(row.key))
            .collect();
        if own.is_empty() {
            return None;
        }
        let of = |verdict: Verdict| -> usize {
            let counts = own
                .iter()
                .filter_map(|((_, counts), _)| counts.get(&verdict));
            counts.sum()
        };
        let good = of(Verdict::Same) + of(Verdict::Accepted);
        let withheld: usize = own.iter().map(|(_, withheld)| **withheld).sum();
        let state = if of(Verdict::Different) > 0 {
            State::Differs
        } else if good == 0 || withheld > 0 || of(Verdict::Inconclusive) > 0 {
            State::NotTested
        } else {
            State::Proved
        };
        let told = Verdict::ALL.map(|verdict| (verdict, of(verdict)));
        let told = told.into_iter().filter(|(_, count)| *count > 0);
        let told: Vec<String> = told
            .map(|(verdict, count)| format!("{count} {verdict}"))
            .collect();
        Some(Feature {
            key: row.key,
            title: row.title,
            beyond: row.beyond,
            state,
            text: told.join(", "),
        })
    });
    rows.collect()
}

fn suites(suites: &[SuiteInfo], scan: &Scan) -> Vec<Suite> {
    let all = suites.iter().zip(&scan.suites).enumerate();
    let all = all.map(|(number, (suite, counts))| {
        let counts = Verdict::ALL.map(|verdict| counts.get(&verdict).copied().unwrap_or(0));
        Suite {
            number,
            name: safe(&suite.name),
            file: safe(&suite.file),
            listed: counts.iter().skip(1).any(|count| *count > 0),
            counts,
        }
    });
    all.collect()
}

/// What stands after the cases.
#[derive(Template)]
#[template(path = "after.html")]
pub(super) struct After {
    picture: Option<Picture>,
    tokens: Vec<TokenRow>,
    more_tokens: usize,
    token_lines: Vec<String>,
    findings: Vec<(String, String, String)>,
}

/// What each side issued in a token case: shape, characters, life.
struct TokenRow {
    name: String,
    sides: Pair<[String; 3]>,
}

impl After {
    pub(super) fn new(scan: Scan, findings: &[&Finding]) -> Self {
        Self {
            picture: scan.latency.picture(),
            token_lines: token_lines(&scan.tokens),
            tokens: scan.tokens.iter().map(token_row).collect(),
            more_tokens: scan.more_tokens,
            findings: findings.iter().map(|finding| found(finding)).collect(),
        }
    }
}

fn found(finding: &Finding) -> (String, String, String) {
    let named: Vec<&str> = finding
        .cases
        .iter()
        .take(NAMED)
        .map(String::as_str)
        .collect();
    (
        safe(&finding.kind),
        safe(&finding.message),
        safe(&named.join(", ")),
    )
}

fn token_row(case: &TokenCase) -> TokenRow {
    let told = |token: Option<&TokenSummary>| match token {
        None => ["none".to_owned(), String::new(), String::new()],
        Some(token) => [
            token.shape.word().to_owned(),
            token.length.to_string(),
            token
                .expires_in
                .map_or_else(String::new, |seconds| format!("{seconds} s")),
        ],
    };
    TokenRow {
        name: safe(&case.id),
        sides: case.sides.as_ref().map(|side| told(side.as_ref())),
    }
}

/// What the tokens of the two sides mean for clients.
fn token_lines(cases: &[TokenCase]) -> Vec<String> {
    let both = cases.iter().find_map(|case| {
        let Pair { old, new } = case.sides.as_ref();
        Some((old.as_ref()?, new.as_ref()?))
    });
    let Some((old, new)) = both else {
        return Vec::new();
    };
    let mut lines = vec![format!(
        "The first of them: old {}; new {}.",
        token_words(old),
        token_words(new)
    )];
    if let (Some(before), Some(after)) = (old.expires_in, new.expires_in)
        && after > 0
        && before > after
    {
        #[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
        let times = before as f64 / after as f64;
        lines.push(format!(
            "Clients ask for a token {times:.1} times as often as before."
        ));
    }
    lines
}
