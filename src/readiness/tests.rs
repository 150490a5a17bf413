use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::{
    CaseNow, Current, Declared, Evidence, Matrix, ROWS, RunSeen, State, Verdict, assess, load,
};
use crate::results::Verdict::{Different, Inconclusive, Same, Skipped};
use crate::results::{
    self, AcceptedBy, CaseResult, CaseType, Difference, Kind, Reason, Severity, SuiteInfo, Where,
};
use crate::source::Source;

const NOW: &str = "2026-11-21T12:00:00Z";
/// Every row of the comparison but the one that the suites speak for.
const WAIVED: &str = "not_applicable: not ours";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn run(id: &str, when: &str, sha256: &str) -> RunSeen {
    let suite = SuiteInfo {
        file: "a.yaml".into(),
        name: "A".into(),
        feature: Some("rest-apis".into()),
        sha256: sha256.into(),
    };
    RunSeen {
        id: id.into(),
        when: at(when),
        complete: true,
        planned: 2,
        done: 2,
        fail_on: Severity::Risky,
        suites: vec![suite],
    }
}

fn case(name: &str, verdict: results::Verdict) -> CaseResult {
    CaseResult {
        id: format!("a.yaml::{name}"),
        r#type: CaseType::Request,
        line: 1,
        suite: "A".into(),
        case: name.into(),
        feature: Some("rest-apis".into()),
        verdict,
        reason: None,
        note: None,
        differences: Vec::new(),
        old: None,
        new: None,
    }
}

fn accepted(name: &str, place: &str) -> CaseResult {
    let item = Difference::new(
        Where::Header,
        place,
        Kind::Removed,
        Severity::Breaking,
        "it is gone",
    );
    let by = AcceptedBy {
        rule: "known:p/x".into(),
        because: "it is gone".into(),
        until: None,
        at: "a.yaml:3".into(),
    };
    CaseResult {
        differences: vec![Difference {
            accepted_by: Some(by),
            ..item
        }],
        ..case(name, results::Verdict::Accepted)
    }
}

fn now(name: &str, row: &str) -> CaseNow {
    CaseNow {
        name: name.into(),
        row: row.into(),
    }
}

/// The suite as it is now: version `v1`, cases `one` and `two`.
fn current() -> BTreeMap<String, Current> {
    let suite = Current {
        sha256: "v1".into(),
        cases: vec![now("one", ""), now("two", "")],
    };
    BTreeMap::from([("a.yaml".to_owned(), suite)])
}

fn declared(rest_apis: &str) -> Declared {
    let rows = ROWS
        .iter()
        .filter(|row| !row.beyond)
        .map(|row| match row.key {
            "rest-apis" => format!("  rest-apis: {{ {rest_apis} }}\n"),
            key => format!("  {key}: {{ {WAIVED} }}\n"),
        });
    let text = format!("rows:\n{}", rows.collect::<String>());
    load(&Source::new("readiness.yaml", text)).expect("sound")
}

/// The matrix of some runs.
fn matrix(runs: Vec<(RunSeen, Vec<CaseResult>)>, max_age: Option<u64>, rest_apis: &str) -> Matrix {
    let (seen, cases): (Vec<RunSeen>, Vec<Vec<CaseResult>>) = runs.into_iter().unzip();
    let max_age = max_age.map(Duration::from_secs);
    let mut evidence = Evidence::new(seen, current(), at(NOW), max_age);
    for (number, cases) in cases.iter().enumerate() {
        for case in cases {
            evidence.add(number, case, |item| item.path.clone());
        }
    }
    assess(&evidence, &declared(rest_apis), None, Vec::new())
}

fn told(matrix: &Matrix) -> (State, &str, Verdict, u8) {
    let row = matrix.rows.iter().find(|row| row.row == "rest-apis");
    let row = row.expect("the row");
    (row.state, &row.because, matrix.verdict, matrix.exit)
}

fn good() -> Vec<CaseResult> {
    ["one", "two"].map(|name| case(name, Same)).to_vec()
}

fn lately(cases: Vec<CaseResult>) -> Vec<(RunSeen, Vec<CaseResult>)> {
    vec![(run("r1", "2026-11-21T11:00:00Z", "v1"), cases)]
}

#[test]
fn all_that_is_proved_is_ready() {
    let made = matrix(lately(good()), None, "");
    let expected = (State::Proved, "2 cases, 2026-11-21", Verdict::Ready, 0);
    assert_eq!(told(&made), expected);
    assert_eq!(made.count(State::NotApplicable, false), 22);
    assert_eq!((made.because.len(), made.changes.len()), (0, 0));
}

#[test]
fn what_was_accepted_must_be_told_once_for_each_rule() {
    let cases = vec![accepted("one", "etag"), accepted("two", "link")];
    let made = matrix(lately(cases), None, "");
    let expected = "2 cases, 2026-11-21; 2 with accepted changes";
    let verdict = Verdict::ReadyWithAcceptedChanges;
    assert_eq!(told(&made), (State::Proved, expected, verdict, 0));
    let [change] = made.changes.as_slice() else {
        panic!("{:?}", made.changes);
    };
    assert_eq!(change.places, ["etag", "link"]);
    assert_eq!((change.told.as_str(), change.cases), ("it is gone", 2));
}

#[test]
fn what_was_accepted_until_a_day_that_has_passed_differs_again() {
    let made = |until: &str, severity: Severity| {
        let mut case = accepted("one", "retry-after");
        let item = &mut case.differences[0];
        item.severity = severity;
        item.accepted_by.as_mut().expect("a rule").until = Some(until.into());
        let mut cases = good();
        cases[0] = case;
        matrix(lately(cases), None, "")
    };
    let last_day = made("2026-11-21", Severity::Breaking);
    let why = "2 cases, 2026-11-21; 1 with accepted changes";
    let ready = Verdict::ReadyWithAcceptedChanges;
    assert_eq!(told(&last_day), (State::Proved, why, ready, 0));
    let passed = made("2026-11-20", Severity::Breaking);
    let why = "1 of 2 cases different; of 1 the acceptance expired on 2026-11-20";
    assert_eq!(told(&passed), (State::Differs, why, Verdict::NotReady, 1));
    assert_eq!(passed.changes, []);
    let of_proof = |made: &Matrix| {
        let row = made.rows.iter().find(|row| row.row == "rest-apis");
        row.expect("the row").cases[0].verdict
    };
    assert_eq!(of_proof(&passed), Different);
    // What did not count in its run does not count now.
    let slight = made("2026-11-20", Severity::Cosmetic);
    assert_eq!(told(&slight).3, 0);
}

#[test]
fn a_difference_weighs_more_than_any_word() {
    let differs = vec![case("one", Different), case("two", Same)];
    let attested = "attested: { who: J, when: 2026-11-01, evidence: T, until: 2027-01-01 }";
    for said in ["", attested, WAIVED] {
        let made = matrix(lately(differs.clone()), None, said);
        let expected = (
            State::Differs,
            "1 of 2 cases different",
            Verdict::NotReady,
            1,
        );
        assert_eq!(told(&made), expected);
        let row = made.rows.iter().find(|row| row.row == "rest-apis");
        assert_eq!(row.expect("the row").cases[0].id, "a.yaml::one");
    }
}

#[test]
fn what_is_missing_is_never_taken_for_good() {
    let mut withheld = case("two", Skipped);
    withheld.reason = Some(Reason::WritesWithheld);
    let one = || case("one", Same);
    for (cases, why) in [
        (vec![one()], "1 case in no run"),
        (vec![one(), withheld], "1 of 2 cases not run"),
        (
            vec![one(), case("two", Inconclusive)],
            "1 of 2 cases inconclusive",
        ),
        (vec![], "2 cases in no run"),
    ] {
        let made = matrix(lately(cases), None, "");
        assert_eq!(told(&made), (State::NotTested, why, Verdict::NotReady, 3));
    }
    let mut left_out = case("two", Skipped);
    left_out.reason = Some(Reason::Skip);
    let made = matrix(lately(vec![one(), left_out]), None, "");
    let expected = "1 case, 2026-11-21; 1 left out by the suite";
    assert_eq!(told(&made), (State::Proved, expected, Verdict::Ready, 0));
}

#[test]
fn stale_evidence_does_not_count() {
    let old = || vec![(run("r0", "2026-11-01T00:00:00Z", "v1"), good())];
    let made = matrix(old(), Some(7 * 86_400), "");
    let why = "2 cases stale: older than --max-age";
    assert_eq!(told(&made), (State::NotTested, why, Verdict::NotReady, 3));
    assert_eq!((made.runs[0].counted, made.runs[0].stale), (0, 2));
    assert_eq!(told(&matrix(old(), Some(30 * 86_400), "")).3, 0);

    // Not even a difference, and not even when it is newer than what counts.
    let changed = run("r2", "2026-11-21T11:30:00Z", "v2");
    let wrong = vec![case("one", Different)];
    let made = matrix(vec![(changed.clone(), wrong)], None, "");
    let why = "1 case stale: the suite was changed since; 1 case in no run";
    assert_eq!(told(&made), (State::NotTested, why, Verdict::NotReady, 3));
    let mut both = lately(good());
    both.push((changed, vec![case("one", Different)]));
    assert_eq!(told(&matrix(both, None, "")).0, State::Proved);
}

#[test]
fn the_newest_run_of_a_case_counts_whatever_the_order() {
    let runs = |first: results::Verdict, second: results::Verdict| {
        let mut later = run("r2", "2026-11-21T11:30:00Z", "v1");
        later.complete = false;
        let mut runs = lately(vec![case("one", first), case("two", Same)]);
        runs.insert(0, (later, vec![case("one", second)]));
        told(&matrix(runs, None, "")).0
    };
    assert_eq!(runs(Different, Same), State::Proved);
    assert_eq!(runs(Same, Different), State::Differs);
    assert_eq!(runs(Same, Inconclusive), State::NotTested);
    assert_eq!(runs(Same, Skipped), State::Proved);
}

#[test]
fn a_word_counts_while_it_lasts() {
    let attested = |when: &str, until: &str| {
        let said =
            format!("attested: {{ who: J. Doe, when: {when}, evidence: T-1, until: {until} }}");
        let made = matrix(Vec::new(), None, &said);
        let (state, because, _, exit) = told(&made);
        (state, because.to_owned(), exit)
    };
    let because = "by J. Doe on 2026-11-01: T-1; until 2026-11-21";
    assert_eq!(
        attested("2026-11-01", "2026-11-21"),
        (State::Attested, because.to_owned(), 0)
    );
    let ended = "the attestation by J. Doe ended on 2026-11-20";
    assert_eq!(
        attested("2026-11-01", "2026-11-20"),
        (State::NotTested, ended.to_owned(), 3)
    );
    let early = "the attestation by J. Doe is of a day to come, 2026-11-22";
    assert_eq!(
        attested("2026-11-22", "2027-11-20"),
        (State::NotTested, early.to_owned(), 3)
    );
}

#[test]
fn a_run_that_did_not_end_proves_nothing_of_a_suite_that_is_not_here() {
    let mut torn = run("r1", "2026-11-21T11:00:00Z", "v1");
    torn.complete = false;
    let mut evidence = Evidence::new(vec![torn], BTreeMap::new(), at(NOW), None);
    for case in good() {
        evidence.add(0, &case, |item| item.path.clone());
    }
    let made = assess(&evidence, &declared(""), None, Vec::new());
    let why = "its run is incomplete";
    assert_eq!(told(&made), (State::NotTested, why, Verdict::NotReady, 3));
}

/// What a run shows of a suite whose case `pages` has two rows, and whose case `one` has none.
fn rows_seen(names: &[&str]) -> (State, String) {
    let suite = Current {
        sha256: "v1".into(),
        cases: vec![
            now("pages", " [page=1]"),
            now("pages", " [page=2]"),
            now("one", ""),
        ],
    };
    let seen = vec![run("r1", "2026-11-21T11:00:00Z", "v1")];
    let current = BTreeMap::from([("a.yaml".to_owned(), suite)]);
    let mut evidence = Evidence::new(seen, current, at(NOW), None);
    for name in names {
        evidence.add(0, &case(name, Same), |item| item.path.clone());
    }
    let made = assess(&evidence, &declared(""), None, Vec::new());
    let (state, because, ..) = told(&made);
    (state, because.to_owned())
}

#[test]
fn every_row_of_a_case_and_every_way_of_a_suite_is_wanted() {
    let missing = |count: &str| (State::NotTested, format!("{count} in no run"));
    let proved = |count: &str| (State::Proved, format!("{count}, 2026-11-21"));
    let (one, two) = ("pages [page=1]", "pages [page=2]");
    assert_eq!(rows_seen(&[one, "one"]), missing("1 case"));
    assert_eq!(rows_seen(&[one, two]), missing("1 case"));
    assert_eq!(rows_seen(&[one, two, "one"]), proved("3 cases"));
    let plain = [
        "pages [plain] [page=1]",
        "pages [plain] [page=2]",
        "one [plain]",
    ];
    assert_eq!(rows_seen(&plain), proved("3 cases"));
    let mut both = plain.to_vec();
    both.extend(["pages [tls] [page=1]", "one [tls]"]);
    assert_eq!(rows_seen(&both), missing("1 case"));
    both.push("pages [tls] [page=2]");
    assert_eq!(rows_seen(&both), proved("6 cases"));
}
