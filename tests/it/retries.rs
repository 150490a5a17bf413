//! `--retries`: safe requests only, for the reasons of the contract only; `--swap`; `--get`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::sandbox::{Ran, Sandbox, outcomes, pair};
use crate::serve::{Server, answer, json};

/// Answers so often with an error, and then well.
fn recovering(errors: usize, status: u16, after: &'static str) -> Server {
    let asked = Arc::new(AtomicUsize::new(0));
    Server::answering(move |_| {
        if asked.fetch_add(1, Ordering::SeqCst) < errors {
            let headers: &[_] = &[("Retry-After", after)];
            answer(status, if after.is_empty() { &[] } else { headers }, "")
        } else {
            json("{}")
        }
    })
}

fn run(new: &Server, case: &str, retries: &str) -> (i32, String, usize, u32) {
    let old = Server::json("{}");
    let sandbox = Sandbox::new();
    let allowed = pair(&old.url(), &new.url()).replace(" }", ", writes: allowed }");
    sandbox.file("cutover.yaml", &allowed);
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ncases:\n  - {{ name: x, {case} }}\n"),
    );
    let (ran, results) = sandbox.results(&["run", "--allow-writes", "--retries", retries]);
    let attempts = results.cases[0].new.as_ref().map_or(0, |new| new.attempts);
    (
        ran.code,
        outcomes(&results).remove(0),
        new.seen().len(),
        attempts,
    )
}

#[test]
fn a_side_that_is_busy_is_asked_again_as_often_as_it_was_said() {
    let fine = (0, "x: same".to_owned(), 3, 3);
    for (status, after) in [
        (503, ""),
        (429, "0"),
        (503, "Wed, 21 Oct 2015 07:28:00 GMT"),
    ] {
        let new = recovering(2, status, after);
        assert_eq!(run(&new, "request: GET /x", "2"), fine, "{status} {after}");
    }
    let new = recovering(2, 429, "0");
    let throttled = (3, "x: inconclusive (throttled)".to_owned(), 2, 2);
    assert_eq!(run(&new, "request: GET /x", "1"), throttled);
}

#[test]
fn nothing_else_is_asked_again() {
    // An error that is no invitation, a wait that is too long, a write, a status that was wanted.
    let got = run(&recovering(1, 500, ""), "request: GET /x", "2");
    assert_eq!((got.0, got.2, got.3), (1, 1, 1), "{got:?}");
    let got = run(&recovering(1, 429, "3600"), "request: GET /x", "2");
    assert_eq!(got, (3, "x: inconclusive (throttled)".to_owned(), 1, 1));
    let got = run(&recovering(1, 503, "0"), "request: POST /x, json: {}", "2");
    assert_eq!((got.0, got.2, got.3), (1, 1, 1), "{got:?}");
    let wanted = "request: GET /x, expect: { new: { status: 429 } }";
    let got = run(&recovering(1, 429, "0"), wanted, "2");
    assert_eq!((got.2, got.3), (1, 1), "{got:?}");
    // A difference never is a reason.
    let new = Server::json("{\"a\": 1}");
    let got = run(&new, "request: GET /x", "2");
    assert_eq!(got, (1, "x: different body $.a added".to_owned(), 1, 1));
}

#[test]
fn a_broken_write_is_not_repeated_and_stays_open() {
    let new = Server::start(|_, _| {});
    let got = run(&new, "request: POST /x, json: {}", "2");
    assert_eq!(got, (3, "x: inconclusive (connect)".to_owned(), 1, 1));
}

#[test]
fn swapped_sides_and_paths_of_the_command_line() {
    let (old, new) = (Server::json("{\"a\": 1}"), Server::json("{}"));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let args = ["run", "--get", "/a?x=1&y=%20", "--get", "/b"];
    let (ran, results) = sandbox.results(&args);
    let removed = [
        "GET /a?x=1&y=%20: different body $.a removed",
        "GET /b: different body $.a removed",
    ];
    assert_eq!(
        (ran.code, outcomes(&results)),
        (1, removed.map(str::to_owned).to_vec())
    );
    assert_eq!(
        old.seen()[0].target.len() + old.seen()[1].target.len(),
        "/a?x=1&y=%20/b".len()
    );
    let (ran, results) = sandbox.results(&[&args[..], &["--swap"]].concat());
    let added = removed.map(|text| text.replace("removed", "added"));
    assert_eq!((ran.code, outcomes(&results)), (1, added.to_vec()));
    let pair = results.pair.unwrap();
    assert_eq!((pair.old.url, pair.new.url), (new.url(), old.url()));
}

/// Both sides would be asked without a token, and the one that was given never sent.
#[test]
fn a_token_of_the_command_line_for_one_side_alone_is_refused() {
    let (old, new) = (Server::json("{}"), Server::json("{}"));
    let (old_url, new_url) = (old.url(), new.url());
    for (this, that) in [("old", "new"), ("new", "old")] {
        let flag = format!("--{this}-bearer-env");
        let args = [
            "run", "--old", &old_url, "--new", &new_url, &flag, "TOKEN", "--get", "/x",
        ];
        let sandbox = Sandbox::new();
        let mut command = sandbox.command(&args);
        let ran = Ran::of(&command.env("TOKEN", "a-bearer-token").output().unwrap());
        let told = format!(
            "{flag} alone: --get sends a token on both sides or on none; give --{that}-bearer-env NAME too"
        );
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains(&told), "{}", ran.err);
    }
    assert_eq!((old.seen().len(), new.seen().len()), (0, 0));
}
