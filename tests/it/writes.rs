//! Writes are sent only where both keys are turned.

use std::sync::{Arc, Mutex};

use cutover::pair::{Pair, Side};
use cutover::results::Writes;

use crate::sandbox::{Sandbox, outcomes};
use crate::serve::{Seen, Server, answer, json};

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

/// An API whose list shows all that was ever made, in order; each side makes ids of its own.
fn shop(prefix: &'static str) -> Server {
    let made = Arc::new(Mutex::new(Vec::<String>::new()));
    Server::answering(move |seen| {
        let mut made = made.lock().unwrap();
        if seen.method == "POST" {
            let id = format!("{prefix}-{}", made.len());
            made.push(id.clone());
            let kind = [("Content-Type", "application/json")];
            return answer(201, &kind, &format!("{{\"id\":\"{id}\"}}"));
        }
        if seen.method == "DELETE" {
            made.pop();
        }
        json(&format!("{{\"count\":{}}}", made.len()))
    })
}

/// Every request of a run with so many jobs, as each side saw it, and what the cases came to.
fn with_jobs(files: &[(&str, &str)], jobs: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let servers = [shop("old"), shop("new")];
    let sandbox = Sandbox::new();
    let side = |name: &str, server: &Server| {
        format!("{name}: {{ url: \"{}\", writes: allowed }}\n", server.url())
    };
    let pair = side("old", &servers[0]) + &side("new", &servers[1]);
    sandbox.file(
        "cutover.yaml",
        &format!("apis: {{ a: {{ old: /a, new: /a }} }}\n{pair}"),
    );
    for (name, text) in files {
        sandbox.file(name, text);
    }
    let (_, results) = sandbox.results(&["run", "--allow-writes", "-j", jobs]);
    let seen = |server: &Server| {
        let seen = server.seen().into_iter();
        seen.map(|seen| format!("{} {}", seen.method, seen.target))
            .collect()
    };
    let mut outcomes = outcomes(&results);
    outcomes.sort();
    (servers.iter().map(seen).collect(), outcomes)
}

#[test]
fn around_writes_the_order_of_the_file_holds_whatever_the_jobs() {
    // The chain of `make` has its second case behind writes of others, and its clean-up last.
    let suite = "name: A
compare: { ignore: [ $.id ] }
cases:
  - { name: before, request: GET /list?1 }
  - { name: make, request: POST /i?2, json: {}, capture: { id: $.id } }
  - { name: first list, request: GET /list?3, needs: [make] }
  - { name: other, request: POST /i?4, json: {} }
  - { name: remove other, request: DELETE /i?5, needs: [other] }
  - { name: second list, request: GET /list?6 }
  - { name: read, request: \"GET /i?7={{id}}\" }
  - { name: third, request: POST /i?8, json: {}, needs: [make] }
  - { name: last list, request: GET /list?9 }
cleanup:
  - { name: clean, request: \"DELETE /i?99={{id}}\" }
";
    let numbers = |seen: &[String]| -> Vec<u32> {
        let number = |line: &String| {
            let (_, number) = line.split_once('?').unwrap();
            number.split('=').next().unwrap().parse().unwrap()
        };
        seen.iter().map(number).collect()
    };
    for jobs in ["1", "2", "8", "64"] {
        let (seen, outcomes) = with_jobs(&[("suites/a.yaml", suite)], jobs);
        for side in &seen {
            let mut numbers = numbers(side);
            // Two reads between two writes go as they like.
            numbers[5..7].sort_unstable();
            assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 99], "-j {jobs}");
        }
        let same = outcomes.iter().filter(|outcome| outcome.ends_with("same"));
        assert_eq!(same.count(), 10, "-j {jobs}: {outcomes:?}");
    }
}

#[test]
fn the_order_of_the_files_of_one_api_holds_around_writes() {
    let files = [
        (
            "suites/a.yaml",
            "name: A\napi: a\ncases:\n  - { name: a1, request: GET /list?1 }\n  - { name: a2, request: GET /list?2 }\n",
        ),
        (
            "suites/b.yaml",
            "name: B\napi: a\ncompare: { ignore: [ $.id ] }\ncases:\n  - { name: b1, request: POST /i?3, json: {} }\ncleanup:\n  - { name: b2, request: DELETE /i?4 }\n",
        ),
        (
            "suites/c.yaml",
            "name: C\napi: a\ncases:\n  - { name: c1, request: GET /list?5 }\n",
        ),
    ];
    for jobs in ["1", "64"] {
        let (seen, outcomes) = with_jobs(&files, jobs);
        for side in seen {
            let mut side = side;
            side[..2].sort_unstable();
            let expected = [
                "GET /a/list?1",
                "GET /a/list?2",
                "POST /a/i?3",
                "DELETE /a/i?4",
                "GET /a/list?5",
            ];
            assert_eq!(side, expected, "-j {jobs}");
        }
        let expected = ["a1: same", "a2: same", "b1: same", "b2: same", "c1: same"];
        assert_eq!(outcomes, expected, "-j {jobs}");
    }
}

/// No pair of answers can come of it: the write would stand on the other side alone.
#[test]
fn nothing_is_sent_to_a_side_while_the_other_has_no_token() {
    let refusing = |refuses: bool| {
        Server::answering(move |seen| match (seen.target.as_str(), refuses) {
            ("/token", true) => answer(401, &[], r#"{"error":"invalid_client"}"#),
            ("/token", false) => {
                json(r#"{"access_token":"t-1234567","token_type":"Bearer","expires_in":600}"#)
            }
            _ => json("{}"),
        })
    };
    for refused in [Side::Old, Side::New] {
        let servers = Pair::of(|side| refusing(side == refused));
        let target = |side: Side| {
            let url = servers[side].url();
            format!(
                "{side}: {{ url: \"{url}\", writes: allowed, tokens: {{ app: {{ token_endpoint: \"{url}/token\", client_id: me, client_secret: s3cretive }} }} }}\n"
            )
        };
        let sandbox = Sandbox::new();
        sandbox.file("cutover.yaml", &(target(Side::Old) + &target(Side::New)));
        sandbox.file(
            "suites/a.yaml",
            "name: A\ntoken: app\ncases:\n  - { name: write, request: POST /w, json: {} }\n  - { name: read, request: GET /r }\n",
        );
        let (ran, results) = sandbox.results(&["run", "--allow-writes"]);
        let open = ["write: inconclusive (token)", "read: inconclusive (token)"];
        assert_eq!(
            (ran.code, outcomes(&results)),
            (3, open.map(str::to_owned).to_vec())
        );
        for (_, server) in servers.iter() {
            assert_eq!(server.asked("/w").len() + server.asked("/r").len(), 0);
        }
        let case = &results.cases[0];
        let told = Pair::new(&case.old, &case.new).map(Option::is_some);
        assert_eq!(told, Pair::of(|side| side == refused));
    }
}

#[test]
fn a_case_that_is_not_sent_asks_for_no_token() {
    let token = |seen: &Seen| match seen.target.as_str() {
        "/x" => json("{}"),
        _ => {
            json(r#"{"access_token":"a-token-that-works","token_type":"Bearer","expires_in":3600}"#)
        }
    };
    let servers = [Server::answering(token), Server::answering(token)];
    let side = |name: &str, server: &Server| {
        let url = server.url();
        let credential = |name: &str| {
            format!(
                "    {name}: {{ token_endpoint: \"{url}/{name}\", client_id: {name}, client_secret: secret-of-{name} }}\n"
            )
        };
        let tokens: String = ["read", "write", "after", "skipped"]
            .map(credential)
            .concat();
        format!("{name}:\n  url: \"{url}\"\n  writes: allowed\n  tokens:\n{tokens}")
    };
    let sandbox = Sandbox::new();
    sandbox.file(
        "cutover.yaml",
        &(side("old", &servers[0]) + &side("new", &servers[1])),
    );
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:
  - { name: read, request: GET /x, token: read }
  - { name: write, request: POST /x, token: write }
  - { name: after, request: GET /x, token: after, needs: [ write ] }
  - { name: skipped, request: GET /x, token: skipped, skip: true }
",
    );
    let (ran, results) = sandbox.results(&["run"]);
    let mut outcomes = outcomes(&results);
    outcomes.sort();
    let expected = [
        "after: skipped (needs)",
        "read: same",
        "skipped: skipped (skip)",
        "write: skipped (writes-withheld)",
    ];
    assert_eq!(
        (ran.code, outcomes),
        (0, expected.map(str::to_owned).to_vec()),
        "{}",
        ran.err
    );
    for server in &servers {
        assert_eq!(methods(server), ["GET/x", "POST/read"]);
    }
    let ran = sandbox.run(&["run", "--allow-writes"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for server in &servers {
        let seen = methods(server);
        let count = |what: &str| seen.iter().filter(|one| *one == what).count();
        let asked = ["POST/read", "POST/write", "POST/after", "POST/skipped"].map(count);
        assert_eq!(asked, [2, 1, 1, 0], "{seen:?}");
    }
}
