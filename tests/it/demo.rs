//! `cutover demo`: the shipped pack holds, and each defect is found as its file says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use cutover::mock::{DefectInfo, Double};
use cutover::results::{CaseType, Results, Summary, Verdict};
use cutover::source::{Source, Value, parse};

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
    by_both_ways(&results);
    let shipped: BTreeSet<String> = results.suites.iter().map(|s| s.file.clone()).collect();
    assert_eq!(shipped, files_of_the_pack().into_iter().collect());
    let own = results.suites.iter().filter(|suite| {
        !suite.file.contains("/quick/") && !suite.file.ends_with("/staged-cutover.yaml")
    });
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
        .filter_map(|warning| {
            warning
                .message
                .split_once(": documents differ; used is that of 2023: ")
        })
        .map(|(feature, _)| feature)
        .collect();
    assert_eq!(told, ["grant-types", "api-throttling"]);
}

/// Suites that there are over TLS alone.
const TLS_ALONE: [&str; 4] = [
    "client-mutual-ssl",
    "custom-url-gateway",
    "hybrid-gateway",
    "regional-gateways",
];

/// Each case is there over TLS and, unless its suite needs TLS, over plain TCP; what was sent went that way.
fn by_both_ways(results: &Results) {
    let mut ways: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for case in &results.cases {
        let way = if case.id.contains(" [plain]") {
            "plain"
        } else {
            "tls"
        };
        let (before, behind) = case.id.split_once(&format!(" [{way}]")).unwrap();
        ways.entry(before).or_default().insert(way);
        assert!(behind.is_empty() || behind.starts_with(" ["), "{}", case.id);
        let scheme = if way == "plain" {
            "http://"
        } else {
            "https://"
        };
        let line = serde_json::to_value(case).unwrap();
        for side in ["old", "new"] {
            let url = line.pointer(&format!("/{side}/exchange/request/url"));
            let url = url.and_then(serde_json::Value::as_str);
            assert!(
                url.is_none_or(|url| url.starts_with(scheme)),
                "{}: {url:?}",
                case.id
            );
        }
    }
    for (case, ways) in ways {
        let file = case.split("::").next().unwrap();
        let alone = TLS_ALONE.map(|name| format!("suites/api-cloud-to-choreo/{name}.yaml"));
        let wanted: &[&str] = match alone.iter().any(|alone| alone == file) {
            true => &["tls"],
            false => &["plain", "tls"],
        };
        assert_eq!(Vec::from_iter(ways), wanted, "{case}");
    }
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

/// The findings that a defect must lead to in these results: each by every way that its case was run.
fn expected_by_ways(defect: &DefectInfo, results: &Results) -> Found {
    let mut found = Found::new();
    for (case, place, path, kind) in expected(defect) {
        for way in ["plain", "tls"] {
            let id = format!("{case} [{way}]");
            let rows = format!("{id} [");
            let mut cases = results.cases.iter();
            if cases.any(|case| case.id == id || case.id.starts_with(&rows)) {
                found.insert((id, place.clone(), path.clone(), kind.clone()));
            }
        }
    }
    assert!(!found.is_empty(), "{}", defect.name);
    found
}

/// What the whole pack must find of a defect: all that the file says, in no case that it does not name, and
/// in the cases of probes nothing else.
fn found_as_said(defect: &DefectInfo, exit: i32, results: &Results) {
    let found = unaccepted(results);
    let expected = expected_by_ways(defect, results);
    assert_eq!(exit, 1, "{}", defect.name);
    assert!(expected.is_subset(&found), "{}: {found:?}", defect.name);
    let cases = |found: &Found| -> BTreeSet<String> {
        found.iter().map(|(case, ..)| case.clone()).collect()
    };
    assert_eq!(cases(&found), cases(&expected), "{}", defect.name);
    let probes = results
        .cases
        .iter()
        .filter(|case| case.r#type == CaseType::Probe);
    let probes: BTreeSet<&str> = probes.map(|case| case.id.as_str()).collect();
    let of_probes = |found: Found| -> Found {
        let found = found.into_iter();
        found
            .filter(|(case, ..)| probes.contains(case.as_str()))
            .collect()
    };
    assert_eq!(of_probes(found), of_probes(expected), "{}", defect.name);
}

/// It fails by both ways in the suites that see it, and by one of them in no other.
fn fails_its_row(defect: &DefectInfo) {
    let (exit, results) = run(&["--defect", &defect.name]);
    found_as_said(defect, exit, &results);
    let (exit, results) = run(&["--all", "--filter", "[tls]", "--defect", &defect.name]);
    found_as_said(defect, exit, &results);
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
}

/// The table of defects and suites: each suite of a row fails under a defect of its own, which names
/// the row, and no case fails that the file does not name.
#[test]
fn each_row_fails_under_the_defect_made_for_it() {
    let defects = Double::embedded().unwrap().new.defects();
    let defects: Vec<_> = defects
        .into_iter()
        .filter(|defect| !is_quick(defect))
        .collect();
    // A run of the pack waits for tokens to end: several do so at a time.
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(defect) = defects.get(next.fetch_add(1, Ordering::Relaxed)) {
                    fails_its_row(defect);
                }
            });
        }
    });
    let broken: BTreeSet<&str> = defects
        .iter()
        .map(|defect| defect.feature.as_str())
        .collect();
    let broken: Vec<&str> = broken.into_iter().collect();
    assert_eq!(broken, ROWS);
}

#[test]
fn a_defect_is_found_by_both_ways_in_the_whole_pack() {
    let defects = Double::embedded().unwrap().new.defects();
    let defect = defects
        .iter()
        .find(|defect| defect.name == "opaque-admitted");
    let (exit, results) = run(&["--all", "--defect", "opaque-admitted"]);
    found_as_said(defect.unwrap(), exit, &results);
    assert_eq!(results.summary.different, 8);
}

/// A defect that the quick pack cannot see is looked for where it can be seen, without being asked.
#[test]
fn a_defect_alone_is_looked_for_in_the_suites_that_see_it() {
    let defects = Double::embedded().unwrap().new.defects();
    let defect = defects.iter().find(|one| one.name == "no-refresh-token");
    let (exit, results) = run(&["--defect", "no-refresh-token"]);
    found_as_said(defect.unwrap(), exit, &results);
    let files: BTreeSet<&str> = results.suites.iter().map(|s| s.file.as_str()).collect();
    let expected = ["end-user-authentication", "grant-types", "token-type"];
    let expected = expected.map(|name| format!("suites/api-cloud-to-choreo/{name}.yaml"));
    assert_eq!(Vec::from_iter(files), expected);
    let folder = tempfile::tempdir().unwrap();
    let output = cutover(folder.path(), &["demo", "--defect", "region-unknown"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    let told = "the quick pack does not see region-unknown: running the suite that sees it; --all runs every suite\n";
    assert!(said(&output).contains(told), "{}", said(&output));
}

/// The probe of each case of the pack that is one.
fn probes_of_the_pack() -> BTreeMap<String, String> {
    let mut probes = BTreeMap::new();
    for file in files_of_the_pack() {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file));
        let tree = parse(&Source::new(file.as_str(), text.unwrap())).unwrap();
        let Value::List(cases) = &tree.get("cases").unwrap().value else {
            panic!("{file}");
        };
        for case in cases {
            let text = |key: &str| match case.get(key).map(|node| &node.value) {
                Some(Value::Text(text)) => Some(text.clone()),
                _ => None,
            };
            if let Some(probe) = text("probe") {
                probes.insert(format!("{file}::{}", text("name").unwrap()), probe);
            }
        }
    }
    probes
}

#[test]
fn each_probe_is_in_the_pack_and_has_a_defect() {
    let probes = probes_of_the_pack();
    let defects = Double::embedded().unwrap().new.defects();
    let found = defects.iter().flat_map(|defect| &defect.findings);
    let found: BTreeSet<&str> = found
        .filter_map(|finding| probes.get(&finding.case).map(String::as_str))
        .collect();
    let known = include_str!("../../docs/probes.md");
    let known = known.lines().filter_map(|line| line.strip_prefix("### "));
    assert_eq!(found, known.collect());
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
