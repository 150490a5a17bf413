//! Parts of a plan: `--rerun`, `--shard`, `report` of several journals, `--since`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::{Server, answer, json};

/// Six cases; on the new side `/5` is wrong and `/6` is missing on both sides, until they are mended.
struct Bench {
    sandbox: Sandbox,
    mended: Arc<AtomicBool>,
    old: Server,
    new: Server,
}

fn bench() -> Bench {
    let mended = Arc::new(AtomicBool::new(false));
    let serve = |side: &'static str| {
        let mended = Arc::clone(&mended);
        Server::answering(move |seen| {
            let mended = mended.load(Ordering::SeqCst);
            match seen.target.as_str() {
                "/5" if side == "new" && !mended => json("{\"n\": \"5\"}"),
                "/6" if !mended => answer(404, &[], ""),
                _ => json("{\"n\": 5}"),
            }
        })
    };
    let (old, new) = (serve("old"), serve("new"));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let cases = (1..=6).map(|n| format!("  - {{ name: c{n}, request: GET /{n} }}\n"));
    let cases: String = cases.collect();
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{cases}"));
    Bench {
        sandbox,
        mended,
        old,
        new,
    }
}

#[test]
fn a_rerun_asks_only_what_is_not_settled() {
    let bench = bench();
    let run = |args: &[&str]| bench.sandbox.results(args);
    let (ran, _) = run(&["run", "--journal", "first.jsonl"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    bench.mended.store(true, Ordering::SeqCst);
    let before = bench.old.seen().len();
    let (ran, results) = run(&["run", "--rerun", "first.jsonl", "--journal", "second.jsonl"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["c5: same".to_owned(), "c6: same".to_owned()])
    );
    assert_eq!(bench.old.seen().len() - before, 2);
    assert_eq!(ran.verdict(), "parity in 2 of 2 cases");
    bench.sandbox.run(&["run", "--journal", "whole.jsonl"]);
    let ran = bench.sandbox.run(&["run", "--rerun", "whole.jsonl"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            4,
            "error: nothing to run: all 6 cases are settled in whole.jsonl\n"
        )
    );
    let ran = bench.sandbox.run(&["run", "--rerun", "none.jsonl"]);
    assert!(
        ran.code == 2 && ran.err.contains("none.jsonl"),
        "{}",
        ran.err
    );
}

#[test]
fn since_says_what_is_new_still_there_and_fixed() {
    let bench = bench();
    bench.sandbox.run(&["run", "--journal", "first.jsonl"]);
    bench.mended.store(true, Ordering::SeqCst);
    bench.sandbox.run(&["run", "--journal", "second.jsonl"]);
    let ran = bench
        .sandbox
        .run(&["report", "second.jsonl", "--since", "first.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let at = |text: &str| {
        ran.out
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {}", ran.out))
    };
    assert!(
        at("FIXED") < at("suites/a.yaml::c5") && at("suites/a.yaml::c5") < at("suites/a.yaml::c6")
    );
    let ran = bench
        .sandbox
        .run(&["report", "first.jsonl", "--since", "second.jsonl"]);
    assert!(ran.code == 1 && ran.out.contains("NEW"), "{}", ran.out);
}

#[test]
fn shards_make_one_report_and_no_case_is_in_two() {
    let bench = bench();
    let mut ids = Vec::new();
    for k in 1..=3 {
        let (shard, journal) = (format!("{k}/3"), format!("{k}.jsonl"));
        let args = ["run", "--shard", &shard, "--journal", &journal];
        let (_, results) = bench.sandbox.results(&args);
        ids.extend(results.cases.into_iter().map(|case| case.id));
    }
    let apart: BTreeSet<&String> = ids.iter().collect();
    assert_eq!((ids.len(), apart.len()), (6, 6));
    let (ran, results) = bench
        .sandbox
        .results(&["report", "1.jsonl", "2.jsonl", "3.jsonl"]);
    let whole: BTreeSet<String> = results.cases.iter().map(|case| case.id.clone()).collect();
    assert_eq!(
        (ran.code, whole.len(), results.run.complete),
        (1, 6, true),
        "{}",
        ran.err
    );
    let (ran, results) = bench.sandbox.results(&["report", "1.jsonl", "2.jsonl"]);
    assert_eq!((results.run.complete, ran.code), (false, 3));
    assert_eq!(ran.out.lines().next(), Some("INCOMPLETE: 4 of 6 cases"));
}

#[test]
fn shards_of_another_pair_or_another_suite_are_refused() {
    let bench = bench();
    let sandbox = &bench.sandbox;
    sandbox.run(&["run", "--shard", "1/2", "--journal", "1.jsonl"]);
    sandbox.run(&["run", "--shard", "1/2", "--journal", "again.jsonl"]);
    let other = Server::json("{\"n\": 5}");
    sandbox.file("other.yaml", &pair(&bench.old.url(), &other.url()));
    sandbox.run(&[
        "run",
        "-c",
        "other.yaml",
        "--shard",
        "2/2",
        "--journal",
        "pair.jsonl",
    ]);
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:\n  - { name: c1, request: GET /1 }\n  - { name: c2, request: GET /2 }\n",
    );
    sandbox.run(&["run", "--shard", "2/2", "--journal", "suite.jsonl"]);
    for (other, why) in [
        ("pair.jsonl", "the new target is "),
        ("suite.jsonl", "suites/a.yaml was changed between them"),
        ("again.jsonl", "both are shard 1/2"),
    ] {
        let ran = sandbox.run(&["report", "1.jsonl", other]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{other}");
        let expected = format!("error: 1.jsonl and {other} are not shards of one run: {why}");
        assert!(ran.err.starts_with(&expected), "{}", ran.err);
    }
    assert!(!bench.new.seen().is_empty());
}

#[test]
fn an_empty_shard_of_a_plan_is_no_failure_and_says_so() {
    let bench = bench();
    let (ran, results) = bench
        .sandbox
        .results(&["run", "--filter", "c1", "--shard", "2/2"]);
    assert_eq!((ran.code, outcomes(&results).len()), (0, 0), "{}", ran.err);
    assert_eq!(
        ran.verdict(),
        "shard 2 of 2: nothing to do: this shard of the plan has no case"
    );
    assert_eq!(bench.new.seen().len(), 0);
    // A shard of a plan that is empty is nothing at all.
    let ran = bench
        .sandbox
        .run(&["run", "--filter", "nothing", "--shard", "2/2"]);
    assert_eq!(ran.code, 4);
}
