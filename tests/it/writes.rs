//! Writes are sent only where both keys are turned.

use cutover::results::Writes;

use crate::sandbox::{Sandbox, outcomes};
use crate::serve::{Server, json};

const SUITE: &str = "name: A
cases:
  - { name: read, request: GET /r }
  - { name: write, request: POST /w, json: { a: 1 } }
  - { name: query, request: POST /q, safe: true, json: { a: 1 } }
cleanup:
  - { name: remove, request: DELETE /w }
";

fn bench(old: &str, new: &str) -> (Sandbox, [Server; 2]) {
    let servers = [Server::json("{}"), Server::answering(|_| json("{}"))];
    let sandbox = Sandbox::new();
    let side = |name: &str, server: &Server, writes: &str| {
        let writes = match writes {
            "" => String::new(),
            writes => format!(", writes: {writes}"),
        };
        format!("{name}: {{ url: \"{}\"{writes} }}\n", server.url())
    };
    let pair = side("old", &servers[0], old) + &side("new", &servers[1], new);
    sandbox.file("cutover.yaml", &pair);
    sandbox.file("suites/a.yaml", SUITE);
    (sandbox, servers)
}

fn methods(server: &Server) -> Vec<String> {
    let mut seen: Vec<String> = server
        .seen()
        .into_iter()
        .map(|s| s.method + &s.target)
        .collect();
    seen.sort();
    seen
}

#[test]
fn one_key_alone_opens_nothing() {
    let both = ["--allow-writes"];
    let missing = |sides: &str| {
        format!(
            "--allow-writes was given, but the pair file does not say `writes: allowed` for {sides}: no write was sent"
        )
    };
    for (old, new, flags, told) in [
        ("allowed", "allowed", &[][..], vec![]),
        ("allowed", "", &both, vec![missing("the new side")]),
        ("", "allowed", &both, vec![missing("the old side")]),
        ("allowed", "never", &both, vec![missing("the new side")]),
        ("", "", &both, vec![missing("either side")]),
    ] {
        let (sandbox, servers) = bench(old, new);
        let (ran, results) = sandbox.results(&[&["run"], flags].concat());
        assert_eq!(
            outcomes(&results),
            [
                "read: same",
                "write: skipped (writes-withheld)",
                "query: same",
                "remove: skipped (writes-withheld)",
            ]
        );
        assert_eq!(
            (ran.code, ran.verdict()),
            (
                0,
                "parity in 2 of 4 cases; 2 not run: writes withheld (--allow-writes)"
            )
        );
        assert_eq!(results.run.writes, Writes::Withheld);
        let warnings = results.warnings.into_iter().map(|warning| warning.message);
        assert_eq!(warnings.collect::<Vec<_>>(), told);
        for server in &servers {
            assert_eq!(methods(server), ["GET/r", "POST/q"]);
        }
        let strict = sandbox.run(&[&["run", "--strict"], flags].concat());
        assert_eq!((strict.code, strict.verdict()), (3, ran.verdict()));
    }
}

#[test]
fn both_keys_open_and_the_report_says_so() {
    let (sandbox, servers) = bench("allowed", "allowed");
    let (ran, results) = sandbox.results(&["run", "--allow-writes", "--strict"]);
    assert_eq!(
        (ran.code, ran.verdict()),
        (0, "parity in 4 of 4 cases"),
        "{}",
        ran.err
    );
    assert_eq!(results.run.writes, Writes::Allowed);
    for server in &servers {
        assert_eq!(methods(server), ["DELETE/w", "GET/r", "POST/q", "POST/w"]);
    }
}

#[test]
fn without_a_pair_file_the_flag_is_the_only_key() {
    let (sandbox, servers) = bench("", "");
    std::fs::remove_file(sandbox.path("cutover.yaml")).unwrap();
    let (old, new) = (servers[0].url(), servers[1].url());
    let run = |flags: &[&str]| {
        let args = [&["run", "--old", &old, "--new", &new], flags].concat();
        let ran = sandbox.run(&args);
        (ran.code, ran.verdict().to_owned())
    };
    let withheld = "parity in 2 of 4 cases; 2 not run: writes withheld (--allow-writes)";
    assert_eq!(run(&[]), (0, withheld.to_owned()));
    assert_eq!(
        run(&["--allow-writes"]),
        (0, "parity in 4 of 4 cases".to_owned())
    );
}
