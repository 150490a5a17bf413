//! Runs that do not come to their end: killed, interrupted, stopped by their own limits.

use std::io::Write as _;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};

use crate::sandbox::{Ran, Sandbox, outcomes, pair};
use crate::serve::{Server, json};

/// A run in which three cases have their verdict and the fourth waits for an answer.
struct Halfway {
    sandbox: Sandbox,
    child: Child,
    _servers: [Server; 2],
}

const SUITE: &str = "name: A
cases:
  - { name: one, request: GET /1 }
  - { name: two, request: GET /2 }
  - { name: three, request: GET /3 }
  - { name: four, request: GET /held }
  - { name: five, request: GET /5 }
";

impl Halfway {
    fn start(more: &[&str]) -> Self {
        let (tell, held) = channel();
        let new = Server::start(move |seen, stream| {
            if seen.target == "/held" {
                let _ = tell.send(());
                // Until the command goes.
                let _ = std::io::Read::read(stream, &mut [0; 8]);
            } else {
                let _ = stream.write_all(&json("{}"));
            }
        });
        let old = Server::json("{}");
        let sandbox = Sandbox::new();
        sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
        sandbox.file("suites/a.yaml", SUITE);
        let args = [&["run", "-j", "1", "--journal", "j.jsonl"], more].concat();
        let child = sandbox
            .command(&args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        wait(&held);
        Self {
            sandbox,
            child,
            _servers: [old, new],
        }
    }

    fn signal(self, name: &str) -> (Ran, Sandbox) {
        let id = self.child.id().to_string();
        let sent = std::process::Command::new("kill")
            .args([name, &id])
            .status();
        assert!(sent.unwrap().success());
        let ran = Ran::of(&self.child.wait_with_output().unwrap());
        (ran, self.sandbox)
    }
}

fn wait(held: &Receiver<()>) {
    let patience = std::time::Duration::from_secs(60);
    held.recv_timeout(patience).expect("the fourth case");
}

const DONE: [&str; 3] = ["one: same", "two: same", "three: same"];

#[test]
fn a_poll_that_a_limit_of_the_run_ends_says_nothing_about_the_sides() {
    let (old, new) = (Server::json("{}"), Server::json("{}"));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:\n  - { name: wait, request: GET /x, poll: { until: { status: 404 }, every: 50ms, for: 10m } }\n",
    );
    let (ran, results) = sandbox.results(&["run", "--max-time", "2s"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (3, vec!["wait: inconclusive (interrupted)".to_owned()])
    );
}

#[test]
fn the_time_of_a_run_counts_what_is_asked_before_its_first_case() {
    // A token endpoint that answers when the test is over.
    let new = Server::start(|seen, stream| {
        if seen.target == "/token" {
            let _ = std::io::Read::read(stream, &mut [0; 8]);
        } else {
            let _ = stream.write_all(&json("{}"));
        }
    });
    let old = Server::json(
        r#"{"access_token":"a-token-of-old","token_type":"Bearer","expires_in":3600}"#,
    );
    let sandbox = Sandbox::new();
    let side = |name: &str, server: &Server| {
        let url = server.url();
        format!(
            "{name}: {{ url: \"{url}\", timeout: 10m, tokens: {{ app: {{ token_endpoint: \"{url}/token\", client_id: client, client_secret: a-secret }} }} }}\n"
        )
    };
    sandbox.file("cutover.yaml", &(side("old", &old) + &side("new", &new)));
    sandbox.file(
        "suites/a.yaml",
        "name: A\ntoken: app\ncases:\n  - { name: x, request: GET /x }\n",
    );
    let (ran, results) = sandbox.results(&["run", "--max-time", "1s"]);
    assert_eq!((ran.code, results.run.complete), (3, false), "{}", ran.err);
    assert_eq!(outcomes(&results), [""; 0]);
    assert_eq!(old.asked("/x").len() + new.asked("/x").len(), 0);
}

#[test]
fn a_killed_run_is_read_back_as_incomplete() {
    let (ran, sandbox) = Halfway::start(&[]).signal("-KILL");
    assert_eq!((ran.code, ran.out.as_str()), (-1, ""));
    let (ran, results) = sandbox.results(&["report", "j.jsonl", "--report", "terminal"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (3, DONE.map(str::to_owned).to_vec())
    );
    assert!(!results.run.complete && results.run.exit.is_none_or(|exit| exit == 3));
    assert_eq!(ran.out.lines().next(), Some("INCOMPLETE: 3 of 5 cases"));
    assert_eq!(
        ran.verdict(),
        "parity not proved: only 3 of 5 cases have a result"
    );
    // Every report says so first.
    for format in ["markdown", "junit", "github"] {
        let ran = sandbox.run(&["report", "j.jsonl", "--report", format]);
        assert!(
            ran.code == 3 && ran.out.contains("INCOMPLETE: 3 of 5 cases"),
            "{format} {ran:?}"
        );
    }
}

#[test]
fn a_torn_last_line_is_dropped_and_said() {
    let (_, sandbox) = Halfway::start(&[]).signal("-KILL");
    let journal = sandbox.read("j.jsonl");
    let torn = &journal[..journal.len() - 40];
    sandbox.file("torn.jsonl", torn);
    let (ran, results) = sandbox.results(&["report", "torn.jsonl"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (
            3,
            DONE[..2].to_vec().iter().map(|s| (*s).to_owned()).collect()
        )
    );
    assert_eq!(ran.out.lines().next(), Some("INCOMPLETE: 2 of 5 cases"));
    let codes: Vec<&str> = results.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["incomplete", "torn-line"], "{}", ran.out);
}

#[test]
fn a_signal_ends_the_run_with_its_own_code_and_what_was_done() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let (ran, sandbox) = Halfway::start(&["--report", "json=r.json"]).signal(name);
        assert_eq!(ran.code, code, "{}", ran.err);
        let results = serde_json::from_str(&sandbox.read("r.json")).unwrap();
        let open = "four: inconclusive (interrupted)";
        assert_eq!(outcomes(&results), [&DONE[..], &[open]].concat());
        assert!(!results.run.complete && results.run.exit == Some(u8::try_from(code).unwrap()));
        assert_eq!(ran.out.lines().next(), Some("INCOMPLETE: 4 of 5 cases"));
        let again = sandbox.run(&["report", "j.jsonl"]);
        assert_eq!((again.code, &again.out), (3, &ran.out));
        // What was open is run, and what was settled is not.
        let listed = sandbox.run(&["list", "--rerun", "j.jsonl"]);
        let ids: Vec<&str> = listed
            .out
            .lines()
            .filter(|l| l.starts_with("suites/"))
            .collect();
        assert_eq!(
            ids,
            ["suites/a.yaml::four", "suites/a.yaml::five"],
            "{}",
            listed.out
        );
    }
}

/// The new side's price is wrong for every path but `/same`.
fn wrong_prices() -> (Sandbox, [Server; 2]) {
    let old = Server::json("{\"price\": 1}");
    let new = Server::answering(|seen| {
        json(if seen.target == "/same" {
            "{\"price\": 1}"
        } else {
            "{\"price\": 2}"
        })
    });
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let cases = (1..=6).map(|n| {
        let path = if n == 1 {
            "same".to_owned()
        } else {
            n.to_string()
        };
        format!("  - {{ name: c{n}, request: GET /{path} }}\n")
    });
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ncases:\n{}", cases.collect::<String>()),
    );
    (sandbox, [old, new])
}

#[test]
fn a_run_stops_at_its_own_limits_and_keeps_its_verdict() {
    let (sandbox, _servers) = wrong_prices();
    for (flags, most) in [(&["--fail-fast"][..], 1), (&["--max-fail", "3"], 3)] {
        let args = [&["run", "-j", "1"], flags].concat();
        let (ran, results) = sandbox.results(&args);
        let summary = results.summary;
        assert_eq!(
            (ran.code, summary.same, summary.different),
            (1, 1, most),
            "{}",
            ran.err
        );
        let banner = format!("INCOMPLETE: {} of 6 cases", most + 1);
        assert_eq!(ran.out.lines().next(), Some(banner.as_str()));
        assert!(!results.run.complete);
    }
}

#[test]
fn the_time_for_the_whole_run_ends_it() {
    // Slower than the limit by far: the first case is through, the last ones are never begun.
    let new = Server::answering(|_| {
        std::thread::sleep(std::time::Duration::from_millis(300));
        json("{}")
    });
    let old = Server::json("{}");
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let cases = (0..200).map(|n| format!("  - {{ name: c{n}, request: GET /{n} }}\n"));
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ncases:\n{}", cases.collect::<String>()),
    );
    let (ran, results) = sandbox.results(&["run", "-j", "1", "--max-time", "3s"]);
    let done = results.cases.len();
    assert!((1..200).contains(&done), "{done}");
    assert_eq!(
        (ran.code, results.run.complete, results.run.planned),
        (3, false, 200)
    );
    assert_eq!(
        ran.out.lines().next(),
        Some(format!("INCOMPLETE: {done} of 200 cases").as_str())
    );
    assert_eq!(
        ran.verdict(),
        format!("parity not proved: only {done} of 200 cases have a result")
    );
}

#[test]
fn a_signal_before_the_first_case_is_heard() {
    // The token endpoint takes the request and never answers.
    let (tell, held) = channel();
    let new = Server::start(move |_, stream| {
        let _ = tell.send(());
        let _ = std::io::Read::read(stream, &mut [0; 8]);
    });
    let old = Server::json("{}");
    let sandbox = Sandbox::new();
    let tokens =
        "tokens: { app: { token_endpoint: \"URL/token\", client_id: a, client_secret: secret-b } }";
    let tokens = tokens.replace("URL", &new.url());
    sandbox.file(
        "cutover.yaml",
        &format!(
            "old: {{ url: \"{}\" }}\nnew: {{ url: \"{}\", {tokens} }}\n",
            old.url(),
            new.url()
        ),
    );
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:\n  - { name: x, request: GET /x, new: { token: app } }\n",
    );
    let mut command = sandbox.command(&["run", "--journal", "j.jsonl", "--timeout", "5m"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let halfway = Halfway {
        sandbox,
        child,
        _servers: [old, new],
    };
    wait(&held);
    let (ran, sandbox) = halfway.signal("-INT");
    assert_eq!(ran.code, 130, "{}", ran.err);
    assert_eq!(ran.out.lines().next(), Some("INCOMPLETE: 0 of 1 cases"));
    assert_eq!(sandbox.run(&["report", "j.jsonl"]).code, 3);
}

#[test]
fn what_was_made_is_removed_after_an_interruption_too() {
    let (tell, held) = channel();
    let serve = |held: Option<std::sync::mpsc::Sender<()>>| {
        Server::start(move |seen, stream| match &held {
            Some(tell) if seen.target == "/held" => {
                let _ = tell.send(());
                let _ = std::io::Read::read(stream, &mut [0; 8]);
            }
            _ => {
                let _ = stream.write_all(&json("{\"id\": 7}"));
            }
        })
    };
    let (old, new) = (serve(None), serve(Some(tell)));
    let sandbox = Sandbox::new();
    let pair = pair(&old.url(), &new.url()).replace(" }", ", writes: allowed }");
    sandbox.file("cutover.yaml", &pair);
    sandbox.file(
        "suites/a.yaml",
        "name: A
cases:
  - { name: make, request: POST /things, json: {}, capture: { id: \"$.id\" } }
  - { name: look, request: GET /held, needs: [make] }
  - { name: never, request: GET /never, needs: [look] }
cleanup:
  - { name: remove, request: \"DELETE /things/{{id}}\" }
",
    );
    let mut command = sandbox.command(&["run", "--allow-writes", "--journal", "j.jsonl"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait(&held);
    let halfway = Halfway {
        sandbox,
        child,
        _servers: [Server::json("{}"), Server::json("{}")],
    };
    let (ran, sandbox) = halfway.signal("-INT");
    assert_eq!(ran.code, 130, "{}", ran.err);
    for server in [&old, &new] {
        assert_eq!(server.asked("/things/7").len(), 1, "{}", ran.out);
        assert_eq!(server.asked("/never").len(), 0);
    }
    let (_, results) = sandbox.results(&["report", "j.jsonl"]);
    assert_eq!(
        outcomes(&results),
        [
            "make: same",
            "look: inconclusive (interrupted)",
            "remove: same"
        ]
    );
}
