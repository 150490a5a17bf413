//! Parts of a run and earlier runs: what they do not say is not taken from them.

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::Server;

fn bench() -> (Sandbox, Server) {
    let server = Server::json("{\"n\": 5}");
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&server.url(), &server.url()));
    let cases = (1..=4).map(|n| format!("  - {{ name: c{n}, request: GET /{n} }}\n"));
    let cases: String = cases.collect();
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{cases}"));
    (sandbox, server)
}

#[test]
fn a_shard_alone_is_never_taken_for_the_whole_run() {
    let (sandbox, _server) = bench();
    let (ran, results) = sandbox.results(&["run", "--shard", "2/3", "--journal", "2.jsonl"]);
    assert_eq!(
        (ran.code, ran.verdict(), results.run.complete),
        (0, "shard 2 of 3: parity in 1 of 1 cases", true)
    );
    let warnings: Vec<&str> = results
        .warnings
        .iter()
        .map(|w| w.message.as_str())
        .collect();
    assert_eq!(warnings, ["shard 2 of 3: 1 of 4 cases of the plan"]);
    let (ran, results) = sandbox.results(&["report", "2.jsonl"]);
    assert_eq!(
        (ran.code, ran.out.lines().next(), ran.verdict()),
        (
            3,
            Some("INCOMPLETE: 1 of 4 cases"),
            "parity not proved: only 1 of 4 cases have a result"
        )
    );
    assert_eq!(
        (results.run.complete, results.run.planned, results.run.exit),
        (false, 4, Some(3))
    );
    for shard in ["1/3", "3/3"] {
        let journal = format!("{}.jsonl", &shard[..1]);
        sandbox.run(&["run", "--shard", shard, "--journal", &journal]);
    }
    let ran = sandbox.run(&["report", "1.jsonl", "2.jsonl", "3.jsonl"]);
    assert_eq!((ran.code, ran.verdict()), (0, "parity in 4 of 4 cases"));
}

#[test]
fn a_journal_of_another_pair_settles_nothing_and_is_compared_with_nothing() {
    let (sandbox, server) = bench();
    let other = Server::json("{\"n\": 5}");
    sandbox.run(&["run", "--journal", "one.jsonl"]);
    sandbox.file("other.yaml", &pair(&server.url(), &other.url()));
    sandbox.run(&["run", "-c", "other.yaml", "--journal", "two.jsonl"]);
    let seen = (server.seen().len(), other.seen().len());
    let differ = format!(
        "error: one.jsonl is a journal of another pair: the new target is {} (new, generic) in one \
         and {} (new, generic) in the other\n",
        server.url(),
        other.url()
    );
    let ran = sandbox.run(&["report", "two.jsonl", "--since", "one.jsonl"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        ran.err,
        format!("{differ}what is new and what is fixed can be said of one pair only\n")
    );
    let ran = sandbox.run(&["run", "-c", "other.yaml", "--rerun", "one.jsonl"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        ran.err,
        format!(
            "{differ}what is settled there says nothing about this pair: run without --rerun\n"
        )
    );
    // Sides that were exchanged are another pair too.
    let ran = sandbox.run(&["run", "-c", "other.yaml", "--swap", "--rerun", "two.jsonl"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!((server.seen().len(), other.seen().len()), seen);
}

#[test]
fn a_suite_that_was_changed_since_an_earlier_run_is_said() {
    let (sandbox, _server) = bench();
    sandbox.run(&["run", "--journal", "one.jsonl"]);
    let suite = sandbox.read("suites/a.yaml");
    let suite = format!("{suite}  - {{ name: c5, request: GET /5 }}\n");
    sandbox.file("suites/a.yaml", &suite);
    let (ran, results) =
        sandbox.results(&["run", "--rerun", "one.jsonl", "--journal", "two.jsonl"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["c5: same".to_owned()])
    );
    let warning = "warning: suites/a.yaml is not the suite that one.jsonl is about; cases that are \
                   settled there are not run again\n";
    assert!(ran.err.starts_with(warning), "{}", ran.err);
    let ran = sandbox.run(&["report", "two.jsonl", "--since", "one.jsonl"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            0,
            "warning: one.jsonl is about other suites: suites/a.yaml was changed between them (the \
             first is one.jsonl)\n"
        )
    );
}

#[test]
fn two_demos_are_of_one_pair() {
    let sandbox = Sandbox::new();
    let filter = ["demo", "--filter", "reads.yaml"];
    sandbox.run(&[&filter[..], &["--journal", "one.jsonl"]].concat());
    sandbox.run(&[&filter[..], &["--journal", "two.jsonl"]].concat());
    let ran = sandbox.run(&["report", "two.jsonl", "--since", "one.jsonl"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
}

#[test]
fn a_selection_without_a_case_says_what_was_asked_for_and_of_how_many() {
    let (sandbox, server) = bench();
    for (args, code, expected) in [
        (
            &["run", "--filter", "zzz"][..],
            4,
            "error: nothing to run: none of 4 cases fits --filter zzz\n",
        ),
        (
            &["list", "--filter", "zzz", "--tag", "t"],
            4,
            "error: nothing to list: none of 4 cases fits --filter zzz --tag t\n",
        ),
        (
            &["check", "--tag", "t"],
            2,
            "error: nothing to check: none of 4 cases fits --tag t\n",
        ),
    ] {
        let ran = sandbox.run(args);
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (code, "", expected)
        );
    }
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn a_pair_file_of_ones_own_says_what_the_demo_accepts() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "own.yaml",
        "old: { url: https://old.example.com }\nnew: { url: https://new.example.com }\nenvironments:\n  lenient:\n    \
         accept: [ { where: body, path: \"$.price\", kind: type, because: nobody counts } ]\n",
    );
    let broken = ["demo", "--defect", "price-as-string", "-c", "own.yaml"];
    let ran = sandbox.run(&broken);
    assert_eq!(ran.code, 1, "{ran:?}");
    let lenient = [&broken[..], &["--env", "lenient"]].concat();
    let ran = sandbox.run(&lenient);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("nobody counts"), "{ran:?}");
    let ran = sandbox.run(&[&broken[..], &["--env", "strict"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("unknown environment `strict`"), "{ran:?}");
}

#[test]
fn an_unknown_name_is_answered_with_those_that_are_known() {
    let (sandbox, _server) = bench();
    let ran = sandbox.run(&["demo", "--defect", "price-as-strin"]);
    let expected =
        "error: unknown defect `price-as-strin`; did you mean `price-as-string`? known: ";
    assert!(
        ran.code == 2 && ran.err.starts_with(expected),
        "{}",
        ran.err
    );
    let listed = sandbox.run(&["demo", "--list-defects"]).out;
    let names: Vec<&str> = listed.lines().filter_map(|l| l.split(' ').next()).collect();
    let ran = sandbox.run(&["demo", "--defect", "nope"]);
    let expected = format!(
        "error: unknown defect `nope`; known: {}\n",
        names.join(", ")
    );
    assert_eq!((ran.code, ran.err), (2, expected));
    let ran = sandbox.run(&["token", "both", "nosuch"]);
    let expected = "error: the old side has no credential `nosuch`; it has no `tokens`\n";
    assert_eq!((ran.code, ran.err.as_str()), (2, expected));
}
