//! From evidence and people's word to the [`Matrix`]. What is not known is never taken for good.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::evidence::{Accepted, Evidence, Seen, Stale};
use super::file::{AttestedDoc, Declared};
use super::matrix::{Change, Matrix, Proof, RowResult, RunShown, SCHEMA};
use super::now::names;
use super::rows::{ROWS, Row, Shown};
use super::state::{State, Verdict};
use crate::pair::Pair;
use crate::plural::plural;
use crate::results::{self, Reason, TargetInfo};

/// Judges every row.
pub fn assess(
    evidence: &Evidence,
    declared: &Declared,
    pair: Option<Pair<TargetInfo>>,
    warnings: Vec<String>,
) -> Matrix {
    let rows: Vec<RowResult> = ROWS
        .iter()
        .map(|row| judged(row, evidence, declared))
        .collect();
    let changes = all_changes(evidence);
    let differs = rows.iter().any(|row| row.state == State::Differs);
    let open = |row: &RowResult| !row.beyond && row.state == State::NotTested;
    let (verdict, exit) = if differs {
        (Verdict::NotReady, 1)
    } else if rows.iter().any(open) {
        (Verdict::NotReady, 3)
    } else if changes.is_empty() {
        (Verdict::Ready, 0)
    } else {
        (Verdict::ReadyWithAcceptedChanges, 0)
    };
    let because = rows
        .iter()
        .filter(|row| row.state == State::Differs || open(row))
        .map(|row| format!("{}: {}: {}", row.row, row.state, row.because))
        .collect();
    Matrix {
        schema: SCHEMA,
        cutover: env!("CARGO_PKG_VERSION"),
        made: rfc3339(evidence.now),
        pair,
        verdict,
        exit,
        because,
        changes,
        rows,
        runs: runs(evidence),
        warnings,
    }
}

/// What the cases of a row came to.
#[derive(Debug, Default)]
struct Tally {
    cases: usize,
    good: usize,
    accepted: usize,
    different: usize,
    inconclusive: usize,
    withheld: usize,
    left_out: usize,
}

fn judged(row: &Row, evidence: &Evidence, declared: &Declared) -> RowResult {
    let none = BTreeMap::new();
    let cases = evidence.cases.get(row.key).unwrap_or(&none);
    let tally = tally(cases);
    let missing = missing(row.key, evidence, &tally);
    let said = declared.of(row.key);
    let (state, because) = if tally.different > 0 {
        (State::Differs, different(&tally, cases))
    } else if let Some(not) = said.and_then(|said| said.not_applicable.as_ref()) {
        (State::NotApplicable, not.value.clone())
    } else if tally.good > 0 && missing.is_empty() {
        (State::Proved, proved(&tally, cases, evidence))
    } else {
        let attested = said.and_then(|said| said.attested.as_ref());
        match attested.map(|attested| attested_now(attested, evidence.today())) {
            Some(Ok(word)) => (State::Attested, joined(word, &missing)),
            Some(Err(why)) => (State::NotTested, joined(why, &missing)),
            None if missing.is_empty() => (State::NotTested, nothing(row, &tally)),
            None => (State::NotTested, missing.join("; ")),
        }
    };
    RowResult {
        row: row.key,
        title: row.title,
        beyond: row.beyond,
        state,
        because,
        cases: proofs(cases, evidence),
    }
}

/// The cases of a row, those that differ first.
fn proofs(cases: &BTreeMap<String, Seen>, evidence: &Evidence) -> Vec<Proof> {
    let proofs = cases.iter().map(|(id, seen)| proof(id, seen, evidence));
    let mut proofs: Vec<Proof> = proofs.collect();
    proofs.sort_by_key(|proof| match proof.verdict {
        results::Verdict::Different => 0,
        results::Verdict::Inconclusive => 1,
        results::Verdict::Skipped => 2,
        results::Verdict::Accepted => 3,
        results::Verdict::Same => 4,
    });
    proofs
}

fn tally(cases: &BTreeMap<String, Seen>) -> Tally {
    let mut tally = Tally {
        cases: cases.len(),
        ..Tally::default()
    };
    // `run` leaves client suites to `client`, whose cases have ids of their own.
    let elsewhere = |seen: &Seen| {
        seen.reason == Some(Reason::ClientSuite)
            && cases
                .values()
                .any(|other| other.file == seen.file && other.verdict != results::Verdict::Skipped)
    };
    for seen in cases.values() {
        match seen.verdict {
            results::Verdict::Same => tally.good += 1,
            results::Verdict::Accepted => {
                tally.good += 1;
                tally.accepted += 1;
            }
            results::Verdict::Different => tally.different += 1,
            results::Verdict::Inconclusive => tally.inconclusive += 1,
            results::Verdict::Skipped if seen.reason == Some(Reason::Skip) => tally.left_out += 1,
            results::Verdict::Skipped if elsewhere(seen) => tally.cases -= 1,
            results::Verdict::Skipped => tally.withheld += 1,
        }
    }
    tally
}

/// What is missing before the runs prove a row.
fn missing(key: &str, evidence: &Evidence, tally: &Tally) -> Vec<String> {
    let of = plural(tally.cases, "case");
    let mut missing = Vec::new();
    if tally.inconclusive > 0 {
        missing.push(format!("{} of {of} inconclusive", tally.inconclusive));
    }
    if tally.withheld > 0 {
        missing.push(format!("{} of {of} not run", tally.withheld));
    }
    let unseen: BTreeSet<String> = evidence.unseen(key).into_iter().collect();
    let none = BTreeMap::new();
    let stale = evidence.stale.get(key).unwrap_or(&none);
    // A case that its suite no longer has is not missed.
    let is_missed = |id: &str| match unseen.is_empty() {
        true => tally.cases == 0,
        false => names(id).any(|name| unseen.contains(name.as_ref())),
    };
    let missed = stale.iter().filter(|(id, _)| is_missed(id));
    let (old, changed): (Vec<_>, Vec<_>) = missed.partition(|(_, why)| **why == Stale::Old);
    let (old, changed) = (old.len(), changed.len());
    let known: BTreeSet<Cow<'_, str>> = stale.keys().flat_map(|id| names(id)).collect();
    let in_none = unseen.iter().filter(|name| !known.contains(name.as_str()));
    let unknown = in_none.count();
    for (count, why) in [
        (changed, "stale: the suite was changed since"),
        (old, "stale: older than --max-age"),
        (unknown, "in no run"),
    ] {
        if count > 0 {
            missing.push(format!("{} {why}", plural(count, "case")));
        }
    }
    if missing.is_empty() && has_torn_run(key, evidence) {
        missing.push("its run is incomplete".to_owned());
    }
    missing
}

/// Whether cases may be missing that nobody can name: a run that did not end, of a suite whose text
/// is not here.
fn has_torn_run(key: &str, evidence: &Evidence) -> bool {
    let speaks = |file: &str| {
        evidence
            .current
            .get(file)
            .is_none_or(|suite| suite.cases.is_empty())
    };
    let runs_of = |complete: bool| {
        evidence.runs.iter().any(|run| {
            run.complete == complete
                && run
                    .suites
                    .iter()
                    .any(|suite| suite.feature.as_deref() == Some(key) && speaks(&suite.file))
        })
    };
    runs_of(false) && !runs_of(true)
}

fn different(tally: &Tally, cases: &BTreeMap<String, Seen>) -> String {
    let of = format!("{} of {}", tally.different, plural(tally.cases, "case"));
    let ends: Vec<Date> = cases.values().filter_map(|seen| seen.ended).collect();
    match ends.iter().min() {
        Some(end) => format!(
            "{of} different; of {} the acceptance expired on {end}",
            ends.len()
        ),
        None => format!("{of} different"),
    }
}

fn proved(tally: &Tally, cases: &BTreeMap<String, Seen>, evidence: &Evidence) -> String {
    let runs = cases.values().map(|seen| seen.run);
    let oldest = runs
        .filter_map(|run| Some(evidence.runs.get(run)?.when))
        .min();
    let day = oldest.map_or_else(String::new, |when| {
        format!(", {}", when.to_zoned(TimeZone::UTC).date())
    });
    let mut text = format!("{}{day}", plural(tally.good, "case"));
    if tally.accepted > 0 {
        text += &format!("; {} with accepted changes", tally.accepted);
    }
    if tally.left_out > 0 {
        text += &format!("; {} left out by the suite", tally.left_out);
    }
    text
}

fn nothing(row: &Row, tally: &Tally) -> String {
    match row.shown {
        _ if tally.left_out > 0 => "every case is left out by its suite".to_owned(),
        Shown::Wire => "no suite of these runs speaks for it".to_owned(),
        Shown::Word => "no run can show it: somebody has to attest it in readiness.yaml".to_owned(),
    }
}

/// What an attestation is worth on a day.
fn attested_now(attested: &AttestedDoc, today: Date) -> Result<String, String> {
    let AttestedDoc {
        who,
        when,
        evidence,
        until,
    } = attested;
    let (who, when, until) = (&who.value, when.0, until.0);
    if when > today {
        return Err(format!(
            "the attestation by {who} is of a day to come, {when}"
        ));
    }
    if until < today {
        return Err(format!("the attestation by {who} ended on {until}"));
    }
    Ok(format!(
        "by {who} on {when}: {}; until {until}",
        evidence.value
    ))
}

fn joined(word: String, missing: &[String]) -> String {
    missing.iter().fold(word, |text, part| text + "; " + part)
}

fn rfc3339(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn proof(id: &str, seen: &Seen, evidence: &Evidence) -> Proof {
    let run = evidence.runs.get(seen.run);
    Proof {
        id: id.to_owned(),
        verdict: seen.verdict,
        run: run.map(|run| run.id.clone()).unwrap_or_default(),
        when: run.map(|run| rfc3339(run.when)).unwrap_or_default(),
    }
}

/// What was accepted: each rule and what it means to consumers once, with its places and the number
/// of its cases.
fn all_changes(evidence: &Evidence) -> Vec<Change> {
    type Rule<'a> = (&'a str, Accepted);
    let mut found: BTreeMap<Rule<'_>, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for (feature, cases) in &evidence.cases {
        for (id, seen) in cases {
            for accepted in &seen.changes {
                let rule = Accepted {
                    place: String::new(),
                    ..accepted.clone()
                };
                let (places, ids) = found.entry((feature, rule)).or_default();
                places.insert(&accepted.place);
                ids.insert(id);
            }
        }
    }
    let found = found
        .into_iter()
        .map(|((row, rule), (places, ids))| Change {
            row: row.to_owned(),
            rule: rule.rule,
            places: places.into_iter().map(str::to_owned).collect(),
            told: rule.told,
            because: rule.because,
            until: rule.until,
            advice: rule.advice,
            cases: ids.len(),
        });
    found.collect()
}

fn runs(evidence: &Evidence) -> Vec<RunShown> {
    let mut runs: Vec<RunShown> = evidence
        .runs
        .iter()
        .zip(&evidence.tally)
        .map(|(run, (counted, stale))| RunShown {
            id: run.id.clone(),
            when: rfc3339(run.when),
            complete: run.complete,
            planned: run.planned,
            done: run.done,
            counted: *counted,
            stale: *stale,
        })
        .collect();
    runs.sort_by(|a, b| b.when.cmp(&a.when).then_with(|| a.id.cmp(&b.id)));
    runs
}
