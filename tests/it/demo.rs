//! `cutover demo`: the shipped pack holds, and each defect is found as its file says.

use std::collections::BTreeSet;

use cutover::mock::Double;
use cutover::results::{Results, Summary, Verdict};

use crate::command::{code, cutover, said};

fn run(args: &[&str]) -> (i32, Results) {
    let folder = tempfile::tempdir().unwrap();
    let args: Vec<&str> = [&["demo", "--report", "json=r.json"], args].concat();
    let output = cutover(folder.path(), &args);
    let text = std::fs::read_to_string(folder.path().join("r.json"));
    let text = text.unwrap_or_else(|_| panic!("{}", said(&output)));
    (code(&output), serde_json::from_str(&text).unwrap())
}

type Found = BTreeSet<(String, String, String, String)>;

/// The differences that nothing accepts and that make their case `different`.
fn unaccepted(results: &Results) -> Found {
    let cases = results
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::Different);
    cases
        .flat_map(|case| {
            let open = case.differences.iter().filter(|difference| {
                difference.accepted_by.is_none() && difference.severity >= results.run.fail_on
            });
            open.map(|difference| {
                (
                    case.id.clone(),
                    difference.r#where.to_string(),
                    difference.path.clone(),
                    difference.kind.to_string(),
                )
            })
        })
        .collect()
}

#[test]
fn the_pack_holds_and_known_changes_are_accepted_by_name() {
    let (exit, results) = run(&[]);
    let expected = Summary {
        cases: 52,
        same: 42,
        accepted: 10,
        ..Summary::default()
    };
    assert_eq!((exit, results.summary), (0, expected));
    for case in &results.cases {
        for difference in &case.differences {
            let by = difference.accepted_by.as_ref();
            let known =
                by.is_some_and(|by| by.rule.starts_with("known:choreo/") && !by.because.is_empty());
            assert!(
                known || difference.severity < results.run.fail_on,
                "{}",
                case.id
            );
        }
    }
}

#[test]
fn each_defect_is_found_exactly_where_its_file_says() {
    let defects = Double::embedded().unwrap().new.defects();
    assert!(defects.len() >= 8);
    for defect in defects {
        let (exit, results) = run(&["--defect", &defect.name]);
        let expected: Found = defect
            .findings
            .iter()
            .map(|finding| {
                (
                    finding.case.clone(),
                    finding.place.to_string(),
                    finding.path.clone(),
                    finding.kind.to_string(),
                )
            })
            .collect();
        assert_eq!(
            (exit, unaccepted(&results)),
            (1, expected),
            "{}",
            defect.name
        );
    }
}

/// What a case came to: id, verdict, and each difference.
type CaseKey = (String, Verdict, Vec<(String, String, String)>);

#[test]
fn one_job_and_many_give_the_same_verdicts_and_differences_twenty_times() {
    let once = |jobs: &str| -> Vec<CaseKey> {
        let (_, results) = run(&["-j", jobs, "--no-progress"]);
        let cases = results.cases.into_iter();
        cases
            .map(|case| {
                let differences = case.differences.iter().map(|difference| {
                    (
                        difference.r#where.to_string(),
                        difference.path.clone(),
                        difference.kind.to_string(),
                    )
                });
                let differences = differences.collect();
                (case.id, case.verdict, differences)
            })
            .collect()
    };
    let expected = once("1");
    assert_eq!(expected.len(), 52);
    for round in 0..20 {
        for jobs in ["1", "64"] {
            assert_eq!(once(jobs), expected, "round {round}, -j {jobs}");
        }
    }
}
