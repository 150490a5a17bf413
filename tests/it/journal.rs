//! Journals as they are written, torn, damaged, merged and read back.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]

use std::fs;
use std::path::Path;
use std::thread;

use cutover::journal::{
    Footer, Header, JournalError, JournalSet, Reader, Shard, Writer, default_path,
};
use cutover::results::{
    CaseResult, Finding, Outcome, Reason, Summary, Verdict, Warning, exit_code,
};

use super::journal_support::{because, case, end, header, suite, write};

fn ids(set: &JournalSet) -> Vec<String> {
    let cases = set.cases().expect("the files");
    cases.map(|case| case.expect("a case").id).collect()
}

fn three() -> Vec<CaseResult> {
    vec![
        case("a.yaml", 3, "first", Verdict::Same),
        case("b.yaml", 9, "second", Verdict::Different),
        because(
            case("b.yaml", 2, "third", Verdict::Skipped),
            Reason::WritesWithheld,
        ),
    ]
}

#[test]
fn what_is_written_is_read_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x/y/j.jsonl");
    let mut header = header(3);
    let warning = |code: &str| Warning {
        code: code.into(),
        side: None,
        message: "m".into(),
    };
    header.warnings.push(warning("early"));
    let writer = Writer::create(&path, &header).expect("a journal");
    for case in three() {
        writer.append(&case).expect("a line");
    }
    let finding = Finding {
        kind: "k".into(),
        message: "m".into(),
        cases: vec!["a".into()],
    };
    let footer = Footer {
        findings: vec![finding.clone()],
        warnings: vec![warning("late")],
        ..Footer::new(end(1))
    };
    writer.finish(&footer).expect("the end");

    let mut reader = Reader::open(&path).expect("a journal");
    assert_eq!(reader.header(), &header);
    let cases: Vec<CaseResult> = reader.by_ref().map(|c| c.expect("a case")).collect();
    assert_eq!(cases, three());
    assert_eq!(reader.footer().map(|f| f.end.clone()), Some(end(1)));
    assert!(!reader.torn());

    let set = JournalSet::open(std::slice::from_ref(&path)).expect("a journal");
    assert_eq!(
        ids(&set),
        ["b.yaml::third", "b.yaml::second", "a.yaml::first"],
        "plan order"
    );
    assert_eq!(set.findings(), [finding]);
    assert_eq!(set.warnings(), [warning("early"), warning("late")]);
    assert!(set.run().complete);
    assert_eq!(set.run().exit, Some(1));
    assert_eq!(set.run().finished.as_deref(), Some("2026-11-21T22:10:09Z"));
    let expected = Summary {
        cases: 3,
        same: 1,
        different: 1,
        skipped: 1,
        ..Summary::default()
    };
    assert_eq!(set.summary(), expected);
    assert_eq!(
        set.outcome(true),
        Outcome {
            complete: true,
            ended: true,
            withheld: 1,
            empty_shard: false,
            strict: true
        }
    );
    assert_eq!(set.settled(), ["a.yaml::first".to_owned()].into());
}

#[test]
fn every_line_is_in_the_file_before_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("j.jsonl");
    let writer = Writer::create(&path, &header(3)).expect("a journal");
    for (count, case) in (2..).zip(three()) {
        writer.append(&case).expect("a line");
        let text = fs::read_to_string(&path).expect("text");
        assert_eq!(text.lines().count(), count);
        assert!(text.ends_with('\n'));
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it_and_its_folder_ignores_itself() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = default_path(folder.path(), "r1");
    assert_eq!(path, folder.path().join(".cutover/runs/r1.jsonl"));
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(&path, "something older and longer").expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("a mode");
    write(&path, &header(0), &[], None);
    let mode = fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let ignore = fs::read_to_string(folder.path().join(".cutover/.gitignore")).expect("a file");
    assert_eq!(
        ignore,
        "# Made by cutover: journals are evidence of runs and stay out of version control.\n*\n"
    );
    let elsewhere = folder.path().join("elsewhere/j.jsonl");
    write(&elsewhere, &header(0), &[], None);
    assert!(!folder.path().join("elsewhere/.gitignore").exists());
    assert!(!folder.path().join(".gitignore").exists());
}

#[test]
fn workers_share_one_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("j.jsonl");
    let writer = Writer::create(&path, &header(800)).expect("a journal");
    thread::scope(|scope| {
        for worker in 0..8 {
            let writer = &writer;
            scope.spawn(move || {
                for number in 0..100 {
                    let name = format!("case {worker} {number} {}", "x".repeat(number * 40));
                    let case = case("a.yaml", number + 1, &name, Verdict::Same);
                    writer.append(&case).expect("a line");
                }
            });
        }
    });
    writer.finish(&Footer::new(end(0))).expect("the end");
    let set = JournalSet::open(&[path]).expect("a journal");
    assert_eq!(set.summary().same, 800);
    assert!(set.run().complete);
    assert_eq!(ids(&set).len(), 800);
}

/// A run is killed at every byte of its last line, be it a case or the end.
#[test]
fn a_journal_torn_anywhere_in_its_last_line_keeps_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("j.jsonl");
    for ended in [false, true] {
        write(&path, &header(3), &three(), ended.then(|| end(1)).as_ref());
        let whole = fs::read(&path).expect("bytes");
        let last = whole[..whole.len() - 1]
            .iter()
            .rposition(|b| *b == b'\n')
            .expect("lines")
            + 1;
        let before = if ended { 3 } else { 2 };
        for cut in last..whole.len() {
            fs::write(&path, &whole[..cut]).expect("a file");
            let set = JournalSet::open(std::slice::from_ref(&path)).expect("a journal");
            // Only the line break is missing: the line itself is whole.
            let only_break = cut == whole.len() - 1;
            let torn = cut > last && !only_break;
            assert_eq!(
                set.warnings().iter().any(|w| w.code == "torn-line"),
                torn,
                "{cut}"
            );
            let cases = before + usize::from(only_break && !ended);
            assert_eq!(set.summary().cases, cases, "{cut}");
            assert_eq!(ids(&set).len(), cases, "{cut}");
            let complete = ended && only_break;
            assert_eq!(set.run().complete, complete, "{cut}");
            if !complete {
                assert_eq!(set.run().finished, None);
                assert_eq!(exit_code(&set.summary(), set.outcome(false)), 3);
            }
            let mut reader = Reader::open(&path).expect("a journal");
            assert!(reader.by_ref().all(|case| case.is_ok()));
            assert_eq!(reader.torn(), torn);
        }
    }
}

#[test]
fn a_missing_case_makes_a_run_incomplete_even_with_an_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(
        &folder.path().join("j"),
        &header(4),
        &three(),
        Some(&end(1)),
    );
    let set = JournalSet::open(&[path]).expect("a journal");
    assert!(!set.run().complete);
}

fn open(folder: &Path, text: &str) -> String {
    let path = folder.join("j.jsonl");
    fs::write(&path, text).expect("a file");
    let error = JournalSet::open(std::slice::from_ref(&path))
        .expect_err("an error")
        .to_string();
    error.replace(&path.display().to_string(), "J")
}

#[test]
fn what_is_no_journal_is_refused_with_what_was_expected() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = "J: is not a journal of cutover: its first line should be an object with `\"schema\":\"cutover.journal/1\"`";
    for text in ["hello\n", "{}\n", "[1]\n", "\u{0}\n", "{\"schema\":1}"] {
        assert_eq!(open(folder.path(), text), expected);
    }
    assert_eq!(
        open(folder.path(), ""),
        "J: is not a journal of cutover: it is empty"
    );
    assert!(
        open(folder.path(), "{\"schema\":\"cutover.journal/2\"}\n")
            .contains("reads `cutover.journal/1`")
    );
    assert!(
        open(folder.path(), "{\"schema\":\"cutover.results/1\"}\n").contains("name the journal")
    );
    let missing = JournalSet::open(&[folder.path().join("none")]).expect_err("an error");
    assert!(matches!(missing, JournalError::Io { .. }));
    assert!(matches!(JournalSet::open(&[]), Err(JournalError::None)));
}

#[test]
fn a_damaged_line_that_is_not_the_last_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(
        &folder.path().join("j"),
        &header(3),
        &three(),
        Some(&end(0)),
    );
    let text = fs::read_to_string(path).expect("text");
    let damaged = text.replacen("\"line\":9", "\"line\":", 1);
    assert!(open(folder.path(), &damaged).starts_with("J: line 3 is damaged: expected a case"));
    let doubled = format!("{text}{}\n", text.lines().nth(1).expect("a line"));
    assert_eq!(
        open(folder.path(), &doubled),
        "J: line 6 is damaged: nothing may follow the end line"
    );
}

fn shard(k: usize, n: usize, planned: usize) -> Header {
    Header {
        shard: Some(Shard { k, n, total: 3 }),
        ..header(planned)
    }
}

#[test]
fn shards_become_one_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let cases = three();
    let one = write(&at("1"), &shard(1, 3, 2), &cases[..2], Some(&end(1)));
    let two = write(&at("2"), &shard(2, 3, 1), &cases[2..], Some(&end(4)));
    let three = write(&at("3"), &shard(3, 3, 0), &[], Some(&end(0)));

    let all = JournalSet::open(&[three.clone(), one.clone(), two.clone()]).expect("one run");
    assert_eq!(all.run().planned, 3);
    assert!(all.run().complete);
    assert_eq!(all.run().exit, Some(1));
    assert_eq!(
        ids(&all),
        ["b.yaml::third", "b.yaml::second", "a.yaml::first"]
    );

    let some = JournalSet::open(&[one.clone(), three.clone()]).expect("part of a run");
    assert_eq!((some.run().planned, some.run().complete), (3, false));

    let alone = JournalSet::open(std::slice::from_ref(&one)).expect("a shard");
    assert_eq!((alone.run().planned, alone.run().complete), (3, false));
    assert_eq!(exit_code(&alone.summary(), alone.outcome(false)), 3);
    let own = JournalSet::open_own(&one).expect("a shard that has just ended");
    assert_eq!((own.run().planned, own.run().complete), (2, true));

    let empty = JournalSet::open_own(&three).expect("an empty shard");
    assert_eq!(exit_code(&empty.summary(), empty.outcome(false)), 0);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn journals_of_other_runs_are_refused_with_what_differs() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = write(
        &folder.path().join("1"),
        &shard(1, 2, 1),
        &three()[..1],
        Some(&end(0)),
    );
    let refused = |change: &dyn Fn(&mut Header)| {
        let mut header = shard(2, 2, 1);
        change(&mut header);
        let other = write(
            &folder.path().join("2"),
            &header,
            &three()[1..2],
            Some(&end(0)),
        );
        let error = JournalSet::open(&[first.clone(), other])
            .expect_err("two runs")
            .to_string();
        error
            .rsplit_once("one run: ")
            .expect("a reason")
            .1
            .to_owned()
    };
    assert_eq!(
        refused(&|h| h.suites[0].sha256 = "cd".repeat(32)),
        "b.yaml was changed between them"
    );
    assert_eq!(
        refused(&|h| h.suites.push(suite("c.yaml"))),
        "c.yaml is a suite of the second only"
    );
    assert_eq!(
        refused(&|h| drop(h.suites.pop())),
        "a.yaml is a suite of the first only"
    );
    assert_eq!(
        refused(&|h| h.pair.as_mut().expect("a pair").new.url = "https://x".into()),
        "the new target is https://new.example.dev (Choreo, choreo) in one and https://x (Choreo, choreo) in the other"
    );
    assert_eq!(
        refused(&|h| h.shard = Some(Shard {
            k: 1,
            n: 2,
            total: 3
        })),
        "both are shard 1/2"
    );
    assert_eq!(refused(&|h| h.shard = None), "only one of them is a shard");
    assert_eq!(
        refused(&|h| h.shard = Some(Shard {
            k: 2,
            n: 3,
            total: 3
        })),
        "one is shard 1/2 of 3 cases, the other 2/3 of 3"
    );
    let whole = write(
        &folder.path().join("3"),
        &header(1),
        &three()[..1],
        Some(&end(0)),
    );
    let error = JournalSet::open(&[whole.clone(), whole])
        .expect_err("twice")
        .to_string();
    assert!(
        error.contains("`a.yaml::first` stands twice") && error.contains("--since"),
        "{error}"
    );
}

/// A hundred thousand cases: an index of a few megabytes, and one case in memory at a time.
#[test]
fn a_large_journal_is_read_case_by_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("j.jsonl");
    let count = 100_000;
    let writer = Writer::create(&path, &header(count)).expect("a journal");
    let mut case = case("a.yaml", 5, "rows", Verdict::Same);
    for row in (0..count).rev() {
        case.id = format!("a.yaml::rows [page={row}]");
        writer.append(&case).expect("a line");
    }
    writer.finish(&Footer::new(end(0))).expect("the end");
    let set = JournalSet::open(&[path]).expect("a journal");
    let mut cases = set.cases().expect("the file");
    for row in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] {
        let case = cases.next().expect("a case").expect("a case");
        assert_eq!(case.id, format!("a.yaml::rows [page={row}]"));
    }
    assert_eq!(set.list().count(), count);
    assert!(set.run().complete);
}
