//! Runs, cases and journals for the tests of journal and reports.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]

use std::path::{Path, PathBuf};

use cutover::Pair;
use cutover::journal::{End, Footer, Header, JournalSet, Writer};
use cutover::results::{
    CaseResult, CaseType, Difference, Reason, RunInfo, Severity, SideResult, SuiteInfo, TargetInfo,
    Verdict, Writes,
};

/// A run with so many planned cases.
pub(crate) fn run(planned: usize) -> RunInfo {
    RunInfo {
        id: "20261121T221000Z-4f1c".into(),
        started: "2026-11-21T22:10:00Z".into(),
        finished: None,
        complete: false,
        planned,
        fail_on: Severity::Risky,
        samples: 1,
        writes: Writes::Withheld,
        env: None,
        exit: None,
    }
}

/// The targets.
pub(crate) fn pair() -> Pair<TargetInfo> {
    let target = |name: &str, platform: &str, url: &str| TargetInfo {
        name: name.into(),
        platform: platform.into(),
        url: url.into(),
        documents: None,
    };
    Pair::new(
        target("API Cloud", "wso2-api-cloud", "https://old.example.com"),
        target("Choreo", "choreo", "https://new.example.dev"),
    )
}

/// A suite by its file.
pub(crate) fn suite(file: &str) -> SuiteInfo {
    SuiteInfo {
        file: file.into(),
        name: format!("Suite {file}"),
        feature: None,
        sha256: "ab".repeat(32),
    }
}

/// A header over suites `a.yaml` and `b.yaml`, in the order b, a.
pub(crate) fn header(planned: usize) -> Header {
    Header::new(
        run(planned),
        Some(pair()),
        vec![suite("b.yaml"), suite("a.yaml")],
    )
}

/// How a run ended.
pub(crate) fn end(exit: u8) -> End {
    End {
        finished: "2026-11-21T22:10:09Z".into(),
        complete: true,
        exit: Some(exit),
    }
}

/// A case of a file.
pub(crate) fn case(file: &str, line: usize, name: &str, verdict: Verdict) -> CaseResult {
    CaseResult {
        id: format!("{file}::{name}"),
        r#type: CaseType::Request,
        line,
        suite: format!("Suite {file}"),
        case: name.into(),
        feature: None,
        verdict,
        reason: None,
        note: None,
        differences: Vec::new(),
        old: Some(answer(200)),
        new: Some(answer(200)),
    }
}

/// The same with a reason.
pub(crate) fn because(mut case: CaseResult, reason: Reason) -> CaseResult {
    case.reason = Some(reason);
    if case.verdict == Verdict::Skipped {
        case.old = None;
        case.new = None;
    }
    case
}

/// The same with differences.
pub(crate) fn with(mut case: CaseResult, differences: Vec<Difference>) -> CaseResult {
    case.differences = differences;
    case
}

/// An answer with a status.
pub(crate) fn answer(status: u16) -> SideResult {
    SideResult {
        status: Some(status),
        ms: 12.1,
        bytes: 1834,
        http: Some("1.1".into()),
        attempts: 1,
        ..SideResult::default()
    }
}

/// Writes a journal and gives its path.
pub(crate) fn write(
    path: &Path,
    header: &Header,
    cases: &[CaseResult],
    end: Option<&End>,
) -> PathBuf {
    let writer = Writer::create(path, header).expect("a journal");
    for case in cases {
        writer.append(case).expect("a line");
    }
    if let Some(end) = end {
        writer.finish(&Footer::new(end.clone())).expect("the end");
    }
    path.to_owned()
}

/// Writes a complete journal into a folder of its own and opens it.
pub(crate) fn journal(header: &Header, cases: &[CaseResult]) -> (tempfile::TempDir, JournalSet) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(&folder.path().join("j.jsonl"), header, cases, Some(&end(0)));
    let set = JournalSet::open(&[path]).expect("a journal");
    (folder, set)
}
