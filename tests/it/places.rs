//! Where journals, reports and pair files go: asked before anything is sent, and nothing is lost.

use crate::sandbox::{Sandbox, pair};
use crate::serve::Server;

fn bench(case: &str) -> (Sandbox, Server) {
    let server = Server::json("{\"n\": 5}");
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&server.url(), &server.url()));
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{case}"));
    (sandbox, server)
}

const CASE: &str = "  - { name: x, request: GET /x }\n";

#[test]
fn a_journal_replaces_nothing() {
    let (sandbox, server) = bench(CASE);
    sandbox.file("kept.jsonl", "kept\n");
    for (place, expected) in [
        (
            "kept.jsonl",
            "error: kept.jsonl is there already and is no journal; choose another path or remove it\n",
        ),
        (
            "suites",
            "error: suites is a folder; --journal names a file\n",
        ),
        (
            "/dev/null",
            "error: /dev/null cannot be read again, and reports are made from the journal; \
             --journal names a file\n",
        ),
    ] {
        let ran = sandbox.run(&["run", "--journal", place]);
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (2, "", expected)
        );
    }
    assert_eq!(sandbox.read("kept.jsonl"), "kept\n");
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn the_journal_of_an_earlier_run_is_put_aside() {
    let (sandbox, _server) = bench(CASE);
    let again = ["run", "--journal", "j.jsonl", "--no-progress"];
    assert_eq!(sandbox.run(&again).code, 0);
    let first = sandbox.read("j.jsonl");
    let ran = sandbox.run(&again);
    let said = "the journal of an earlier run is now j.jsonl.earlier\n\
                journal: j.jsonl\njournal: j.jsonl\n";
    assert_eq!((ran.code, ran.err.as_str()), (0, said));
    assert_eq!(sandbox.read("j.jsonl.earlier"), first);
    assert_ne!(sandbox.read("j.jsonl"), first);
}

#[test]
fn an_empty_file_is_no_evidence() {
    let (sandbox, _server) = bench(CASE);
    sandbox.file("made-by-mktemp", "");
    let ran = sandbox.run(&["run", "--journal", "made-by-mktemp"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn a_report_that_cannot_be_written_is_said_before_anything_is_sent() {
    let (sandbox, server) = bench(CASE);
    sandbox.file("r.json", "as it was");
    let args = [
        "run",
        "--report",
        "junit=suites",
        "--report",
        "json=cutover.yaml/r.json",
    ];
    let ran = sandbox.run(&[&args[..], &["--report", "markdown=r.json"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let lines: Vec<&str> = ran.err.lines().collect();
    assert!(
        lines.len() == 2
            && lines[0].starts_with("error: cannot write the junit report to suites: ")
            && lines[1].starts_with("cannot write the json report to cutover.yaml/r.json: "),
        "{}",
        ran.err
    );
    assert_eq!(sandbox.read("r.json"), "as it was");
    assert_eq!(server.seen().len(), 0);
    let ran = sandbox.run(&["run", "--report", "markdown=r.json"]);
    assert_eq!(
        (ran.code, sandbox.read("r.json").is_empty()),
        (0, false),
        "{}",
        ran.err
    );
}

#[test]
fn a_pair_file_of_somebody_else_is_not_replaced() {
    let (sandbox, _server) = bench(CASE);
    let before = sandbox.read("cutover.yaml");
    for name in ["old", "new"] {
        let text = format!("name: {name}\nplatform: generic\n");
        sandbox.file(&format!("{name}.yaml"), &text);
    }
    let args = [
        "mock",
        "old.yaml",
        "new.yaml",
        "--write-pair",
        "cutover.yaml",
    ];
    let ran = sandbox.run(&args);
    let expected = "error: cutover.yaml is there already, and --write-pair did not write it; choose \
                    another path or remove it\n";
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (2, "", expected)
    );
    assert_eq!(sandbox.read("cutover.yaml"), before);
}

#[test]
fn a_pair_file_of_doubles_is_replaced() {
    let sandbox = Sandbox::new();
    sandbox.file("old.yaml", "name: old\nplatform: generic\n");
    sandbox.file(
        "cutover.yaml",
        "# Doubles of cutover. The secrets are test values.\n",
    );
    let mut mock = sandbox
        .command(&[
            "mock",
            "old.yaml",
            "old.yaml",
            "--write-pair",
            "cutover.yaml",
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let out = std::io::BufReader::new(mock.stdout.take().unwrap());
    let ready = std::io::BufRead::lines(out)
        .take(2)
        .map(Result::unwrap)
        .count();
    let text = sandbox.read("cutover.yaml");
    let _ = mock.kill();
    let _ = mock.wait();
    assert_eq!(ready, 2);
    assert!(
        text.starts_with("# Doubles of cutover. The secrets are test values.\napis:\n  main: "),
        "{text}"
    );
}

#[test]
fn what_strict_fails_for_is_said() {
    let unused = "  - { name: x, request: GET /x, capture: { id: \"$.n\" } }\n";
    let (sandbox, server) = bench(unused);
    let ran = sandbox.run(&["run", "--strict"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        (ran.err.lines().next(), ran.err.lines().last()),
        (
            Some("warning: nobody uses the capture `id`"),
            Some("error: 1 warning (--strict)")
        )
    );
    let ran = sandbox.run(&["check", "--strict"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (1, "1 suite, 1 case: 1 warning\n")
    );
    assert_eq!(ran.err.lines().last(), Some("error: 1 warning (--strict)"));
    let ran = sandbox.run(&["check"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "1 suite, 1 case: no mistakes, 1 warning\n")
    );
    assert_eq!(server.seen().len(), 0);
    let rule = "  - { name: x, request: GET /x, compare: { ignore: [ \"$.zzz\" ] } }\n";
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{rule}"));
    let ran = sandbox.run(&["run", "--strict"]);
    assert_eq!(
        (ran.code, ran.err.lines().last()),
        (3, Some("error: 1 warning (--strict)"))
    );
    let write = format!("{CASE}  - {{ name: y, request: POST /y }}\n");
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{write}"));
    for args in [
        &["run", "--strict", "--journal", "j.jsonl"][..],
        &["report", "--strict", "j.jsonl"],
    ] {
        let ran = sandbox.run(args);
        assert_eq!(
            (ran.code, ran.err.lines().last()),
            (3, Some("error: 1 case not run (--strict)"))
        );
    }
}

#[test]
fn no_report_takes_the_place_of_another_or_of_the_journal() {
    let (sandbox, server) = bench(CASE);
    for (args, expected) in [
        (
            ["--report", "json=a", "--report", "junit=a"],
            "error: two reports go to a: the junit report would take the place of the other\n\
             give each a path of its own\n",
        ),
        (
            ["--journal", "a", "--report", "json=a"],
            "error: the journal and the json report both go to a\ngive each a path of its own\n",
        ),
    ] {
        let ran = sandbox.run(&[&["run"], &args[..]].concat());
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (2, "", expected)
        );
    }
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn reports_are_written_beside_what_is_new() {
    let (sandbox, _server) = bench(CASE);
    sandbox.run(&["run", "--journal", "one.jsonl"]);
    sandbox.run(&["run", "--journal", "two.jsonl"]);
    let since = ["report", "two.jsonl", "--since", "one.jsonl"];
    let plain = sandbox.run(&since);
    let ran = sandbox.run(&[&since[..], &["--report", "json=r.json"]].concat());
    assert_eq!((ran.code, ran.out, ran.err), (0, plain.out, plain.err));
    assert!(sandbox.read("r.json").contains("cutover.results/1"));
    let ran = sandbox.run(&[&since[..], &["--report", "json"]].concat());
    let expected = "error: only one report can go to standard output; give the others a path\n";
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (2, "", expected)
    );
}
