//! `cutover demo`: the shipped pack holds, and each defect is found as its file says.

use std::collections::BTreeSet;
use std::path::Path;

use cutover::mock::{DefectInfo, Double};
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

/// Whether the quick pack finds all of a defect.
fn is_quick(defect: &DefectInfo) -> bool {
    let mut findings = defect.findings.iter();
    findings.all(|finding| finding.case.contains("/quick/"))
}

#[test]
fn each_defect_is_found_exactly_where_its_file_says() {
    let defects = Double::embedded().unwrap().new.defects();
    let quick = defects.into_iter().filter(is_quick);
    let quick: Vec<DefectInfo> = quick.collect();
    assert!(quick.len() >= 8);
    for defect in quick {
        let (exit, results) = run(&["--defect", &defect.name]);
        let expected = expected(&defect);
        assert_eq!(
            (exit, unaccepted(&results)),
            (1, expected),
            "{}",
            defect.name
        );
    }
}

/// The findings that a defect must lead to.
fn expected(defect: &DefectInfo) -> Found {
    let findings = defect.findings.iter();
    findings
        .map(|finding| {
            (
                finding.case.clone(),
                finding.place.to_string(),
                finding.path.clone(),
                finding.kind.to_string(),
            )
        })
        .collect()
}

/// The rows of the comparison that a wire can show, and those beyond it.
const ROWS: &[&str] = &[
    "api-restful-apis",
    "api-scopes",
    "api-throttling",
    "client-mutual-ssl",
    "cors",
    "custom-url-gateway",
    "end-user-authentication",
    "environment-support",
    "fault-formats",
    "grant-types",
    "hybrid-gateway",
    "limits",
    "message-mediation",
    "oauth2-authentication",
    "paths-and-versions",
    "payloads",
    "regional-gateways",
    "rest-apis",
    "soap-backends",
    "token-type",
];

#[test]
fn the_whole_pack_holds_and_has_a_suite_for_each_row() {
    let (exit, results) = run(&["--all"]);
    let summary = results.summary;
    assert_eq!(exit, 0);
    assert_eq!(summary.cases, summary.same + summary.accepted);
    let own = results
        .suites
        .iter()
        .filter(|suite| !suite.file.contains("/quick/"));
    let mut rows: Vec<&str> = own
        .map(|suite| {
            let feature = suite.feature.as_deref().unwrap();
            assert!(
                suite.file.ends_with(&format!("/{feature}.yaml")),
                "{}",
                suite.file
            );
            feature
        })
        .collect();
    rows.sort_unstable();
    assert_eq!(rows, ROWS);
    let told: Vec<&str> = results
        .warnings
        .iter()
        .filter(|warning| warning.code == "documents-differ")
        .filter_map(|warning| warning.message.split_once(": documents differ; used is "))
        .map(|(feature, _)| feature)
        .collect();
    assert_eq!(told, ["grant-types", "api-throttling"]);
}

/// The suites in the folder of the pack, by their paths from the root of the project.
pub(crate) fn files_of_the_pack() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "suites/api-cloud-to-choreo",
        "suites/api-cloud-to-choreo/quick",
    ];
    let mut files = Vec::new();
    for folder in folders {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let is_suite = path.extension().is_some_and(|ending| ending == "yaml")
                && path
                    .file_name()
                    .is_some_and(|name| name != "readiness.yaml");
            if is_suite {
                let inside = path.strip_prefix(root).unwrap();
                files.push(inside.to_str().unwrap().to_owned());
            }
        }
    }
    files
}

#[test]
fn the_whole_pack_is_what_stands_in_the_folder() {
    let (_, results) = run(&["--all"]);
    let shipped: BTreeSet<String> = results.suites.iter().map(|s| s.file.clone()).collect();
    let there: BTreeSet<String> = files_of_the_pack().into_iter().collect();
    assert_eq!(shipped, there);
}

/// The table of defects and suites: each suite of a row fails under a defect of its own, which names
/// the row, and no case fails that the file does not name.
#[test]
fn each_row_fails_under_the_defect_made_for_it() {
    let defects = Double::embedded().unwrap().new.defects();
    let mut broken = BTreeSet::new();
    for defect in defects.into_iter().filter(|defect| !is_quick(defect)) {
        let (exit, results) = run(&["--all", "--defect", &defect.name]);
        let found = unaccepted(&results);
        let expected = expected(&defect);
        assert_eq!(exit, 1, "{}", defect.name);
        assert!(expected.is_subset(&found), "{}: {found:?}", defect.name);
        let cases = |found: &Found| -> BTreeSet<String> {
            found.iter().map(|(case, ..)| case.clone()).collect()
        };
        assert_eq!(cases(&found), cases(&expected), "{}", defect.name);
        let own = format!("/api-cloud-to-choreo/{}.yaml::", defect.feature);
        let mut in_row = results.cases.iter().filter(|case| case.id.contains(&own));
        assert!(
            in_row.any(|case| {
                case.verdict == Verdict::Different
                    && case.feature.as_deref() == Some(defect.feature.as_str())
            }),
            "{}",
            defect.name
        );
        broken.insert(defect.feature);
    }
    let broken: Vec<&str> = broken.iter().map(String::as_str).collect();
    assert_eq!(broken, ROWS);
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
