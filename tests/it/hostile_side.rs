//! A side that is down, slow, or breaks HTTP: never parity, never a hang.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use std::time::Duration;

use cutover::Side;

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::{Seen, Server, answer, json, nobody};

const PRICE: &str = r#"{"price": 12}"#;
const HEAD: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n";

/// Holds the connection until the client goes.
fn hold(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0; 64]);
}

/// Every way to break an answer, by path.
fn broken(seen: &Seen, stream: &mut TcpStream) {
    let mut say = |text: String| stream.write_all(text.as_bytes()).is_ok();
    match seen.target.as_str() {
        "/silent" => hold(stream),
        "/half-head" => {
            say("HTTP/1.1 200 OK\r\nContent-Ty".to_owned());
            hold(stream);
        }
        "/half-body" => {
            say(format!("{HEAD}Content-Length: 99\r\n\r\n{PRICE}"));
            hold(stream);
        }
        "/closed" => {}
        "/short" => {
            say(format!("{HEAD}Content-Length: 99\r\n\r\n{PRICE}"));
        }
        "/cut-chunks" => {
            say(format!(
                "{HEAD}Transfer-Encoding: chunked\r\n\r\nd\r\n{PRICE}\r\n"
            ));
        }
        "/too-long" => {
            say(format!("{HEAD}Content-Length: 5\r\n\r\n{PRICE}"));
        }
        "/two-lengths" => {
            say(format!(
                "{HEAD}Content-Length: 13\r\nContent-Length: 9\r\n\r\n{PRICE}"
            ));
        }
        "/no-number" => {
            say(format!("{HEAD}Content-Length: many\r\n\r\n{PRICE}"));
        }
        "/no-http" => {
            say("220 mail.example.com ESMTP\r\n".to_owned());
        }
        "/many-fields" => {
            let fields: String = (0..150).map(|n| format!("X-{n}: {n}\r\n")).collect();
            say(format!("{HEAD}{fields}Content-Length: 13\r\n\r\n{PRICE}"));
        }
        "/html" => {
            let page = "<!DOCTYPE html><html><body><h1>Bad Gateway</h1></body></html>";
            let page = answer(200, &[("Content-Type", "text/html; charset=UTF-8")], page);
            let _ = stream.write_all(&page);
        }
        "/endless" => {
            say(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n"));
            let chunk = format!("10000\r\n{}\r\n", "x".repeat(65_536));
            while stream.write_all(chunk.as_bytes()).is_ok() {}
        }
        _ => {
            let _ = stream.write_all(&json(PRICE));
        }
    }
}

/// Path, outcome, what is said of the new side, and how often it is asked: what breaks is asked for
/// once more, what only takes its time is not.
const EXPECTED: [(&str, &str, &str, usize); 14] = [
    (
        "/silent",
        "inconclusive (timeout)",
        "no response in time",
        1,
    ),
    (
        "/half-head",
        "inconclusive (timeout)",
        "no response in time",
        1,
    ),
    (
        "/half-body",
        "inconclusive (timeout)",
        "no complete body in time",
        1,
    ),
    (
        "/closed",
        "different transport headers reset",
        "connection closed before message completed",
        2,
    ),
    (
        "/short",
        "different transport body short-body",
        "end of file before message length reached",
        2,
    ),
    (
        "/cut-chunks",
        "different transport body short-body",
        "unexpected EOF during chunk size line",
        2,
    ),
    ("/too-long", "different body $ unparsable", "", 1),
    (
        "/two-lengths",
        "different transport headers bad-framing",
        "invalid content-length parsed",
        2,
    ),
    (
        "/no-number",
        "different transport headers bad-framing",
        "invalid content-length parsed",
        2,
    ),
    (
        "/no-http",
        "different transport headers bad-framing",
        "invalid HTTP version parsed",
        2,
    ),
    (
        "/html",
        "different header content-type value, body $ type",
        "",
        1,
    ),
    (
        "/endless",
        "inconclusive (body-limit)",
        "the body is larger than 64 MiB",
        1,
    ),
    (
        "/many-fields",
        "inconclusive (body-limit)",
        "the head of the answer is larger than is read: more than 100 header fields, or very long ones",
        1,
    ),
    ("/fine", "same", "", 1),
];

#[test]
fn every_way_to_break_an_answer_has_its_verdict() {
    let (old, new) = (Server::json(PRICE), Server::start(broken));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    // What never ends is given up soon; everything else has all the time that a busy machine needs.
    let cases = EXPECTED.iter().map(|(path, outcome, ..)| {
        let timeout = if outcome.contains("timeout") {
            "3s"
        } else {
            "5m"
        };
        format!("  - {{ name: GET {path}, request: GET {path}, timeout: {timeout} }}\n")
    });
    let suite = format!("name: A\ncases:\n{}", cases.collect::<String>());
    sandbox.file("suites/a.yaml", &suite);
    let (ran, results) = sandbox.results(&["run", "-j", "64"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let found = results
        .cases
        .iter()
        .zip(outcomes(&results))
        .map(|(case, outcome)| {
            let path = case.case.trim_start_matches("GET ").to_owned();
            let failure = case.new.as_ref().and_then(|new| new.failure.as_ref());
            let said = failure
                .map(|failure| failure.message.clone())
                .unwrap_or_default();
            let times = new.asked(&path).len();
            (outcome, said, times)
        });
    let expected = EXPECTED.map(|(path, outcome, said, times)| {
        (format!("GET {path}: {outcome}"), said.to_owned(), times)
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);
    for name in ["GET /closed", "GET /short", "GET /no-http"] {
        let case = results.cases.iter().find(|case| case.case == name).unwrap();
        case.differences.iter().for_each(crate::page::shows);
    }
}

#[test]
fn a_side_that_is_down_is_given_up_after_ten_failures() {
    let old = Server::json(PRICE);
    let suite: String = (0..13)
        .map(|n| format!("  - {{ name: c{n}, request: GET /{n} }}\n"))
        .collect();
    for swapped in [false, true] {
        let sandbox = Sandbox::new();
        let before = old.seen().len();
        let (there, new) = (old.url(), nobody());
        let pair = if swapped {
            pair(&new, &there)
        } else {
            pair(&there, &new)
        };
        sandbox.file("cutover.yaml", &pair);
        sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{suite}"));
        let (ran, results) = sandbox.results(&["run", "-j", "1"]);
        let expected: Vec<String> = (0..13)
            .map(|n| match n {
                ..10 => format!("c{n}: inconclusive (connect)"),
                _ => format!("c{n}: inconclusive (side-down)"),
            })
            .collect();
        assert_eq!((ran.code, outcomes(&results)), (3, expected), "{}", ran.err);
        // From then on the other side is left alone too.
        assert_eq!(old.seen().len() - before, 10);
        let side = if swapped { Side::Old } else { Side::New };
        let warnings: Vec<_> = results
            .warnings
            .iter()
            .map(|w| (w.code.as_str(), w.side))
            .collect();
        assert_eq!(warnings, [("no-connection", Some(side))]);
        assert_eq!(
            ran.verdict(),
            "parity not proved: 13 of 13 cases inconclusive"
        );
    }
}

/// What no pair of answers can come of is not written on one side alone.
#[test]
fn no_write_goes_to_one_side_where_the_other_was_given_up() {
    let old = Server::json(PRICE);
    let cases = (0..14).map(|n| format!("  - {{ name: c{n}, request: POST /w{n}, json: {{}} }}\n"));
    let sandbox = Sandbox::new();
    let allowed = pair(&old.url(), &nobody()).replace(" }", ", writes: allowed }");
    sandbox.file("cutover.yaml", &allowed);
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ncases:\n{}", cases.collect::<String>()),
    );
    let (ran, results) = sandbox.results(&["run", "-j", "1", "--allow-writes"]);
    let expected: Vec<String> = (0..14)
        .map(|n| match n {
            ..10 => format!("c{n}: inconclusive (connect)"),
            _ => format!("c{n}: inconclusive (side-down)"),
        })
        .collect();
    assert_eq!((ran.code, outcomes(&results)), (3, expected), "{}", ran.err);
    let asked: Vec<String> = old.seen().into_iter().map(|seen| seen.target).collect();
    let wanted: Vec<String> = (0..10).map(|n| format!("/w{n}")).collect();
    assert_eq!(asked, wanted);
}

/// A firewall that drops packets: the handshake of TCP never ends.
#[test]
#[cfg(target_os = "linux")]
fn a_side_that_never_takes_the_connection_is_given_up_too() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let _inside = runtime.enter();
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    // Nobody accepts: once the queue is full, the kernel drops what comes.
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let queued: Vec<TcpStream> =
        std::iter::repeat_with(|| TcpStream::connect_timeout(&address, Duration::from_millis(300)))
            .take_while(Result::is_ok)
            .flatten()
            .collect();
    assert!(!queued.is_empty());
    let old = Server::json(PRICE);
    let (old, new) = (old.url(), format!("http://{address}"));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old, &new));
    let cases = (0..12).map(|n| format!("  - {{ name: c{n}, request: GET /{n} }}\n"));
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ncases:\n{}", cases.collect::<String>()),
    );
    let (ran, results) = sandbox.results(&["run", "-j", "1", "--timeout", "1s"]);
    let expected: Vec<String> = (0..12)
        .map(|n| match n {
            ..10 => format!("c{n}: inconclusive (connect)"),
            _ => format!("c{n}: inconclusive (side-down)"),
        })
        .collect();
    assert_eq!((ran.code, outcomes(&results)), (3, expected), "{}", ran.err);
    drop(queued);
}

#[test]
fn failing_alike_is_not_parity_unless_the_case_says_so() {
    let gone = || Server::answering(|_| answer(404, &[], ""));
    let (old, new) = (gone(), gone());
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:\n  - { name: unnamed, request: GET /x }\n  - { name: named, request: GET /x, expect: { status: 404 } }\n",
    );
    let (ran, results) = sandbox.results(&["run"]);
    let expected = ["unnamed: inconclusive (both-failed)", "named: same"];
    assert_eq!(
        (ran.code, outcomes(&results)),
        (3, expected.map(str::to_owned).to_vec())
    );
    assert_eq!(
        ran.verdict(),
        "parity not proved: 1 of 2 cases inconclusive"
    );
}

#[test]
fn breaking_alike_is_not_parity_either() {
    let (old, new) = (Server::start(broken), Server::start(broken));
    let (old, new) = (old.url(), new.url());
    let mut args = vec!["run", "--old", &old, "--new", &new, "--timeout", "5m"];
    let paths = ["/closed", "/short", "/no-http", "/endless"];
    args.extend(paths.iter().flat_map(|path| ["--get", *path]));
    let (ran, results) = Sandbox::new().results(&args);
    let reasons = ["connect", "connect", "connect", "body-limit"];
    let expected = paths.iter().zip(reasons);
    let expected: Vec<String> = expected
        .map(|(path, reason)| format!("GET {path}: inconclusive ({reason})"))
        .collect();
    assert_eq!((ran.code, outcomes(&results)), (3, expected));
}

#[test]
fn a_run_of_nothing_is_no_parity() {
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&nobody(), &nobody()));
    assert_eq!(sandbox.run(&["run"]).code, 4);
    let suite = "name: A\ncases:\n  - { name: x, request: GET /x, skip: later }\n";
    sandbox.file("suites/a.yaml", suite);
    assert_eq!(sandbox.run(&["run", "--filter", "no such case"]).code, 4);
    let ran = sandbox.run(&["run"]);
    assert_eq!(
        (ran.code, ran.verdict()),
        (
            4,
            "nothing ran: none of 1 cases; 1 not run: skipped by the suite"
        )
    );
    sandbox.file("suites/a.yaml", "name: A\ncases: []\n");
    assert_eq!(sandbox.run(&["run"]).code, 4);
}
