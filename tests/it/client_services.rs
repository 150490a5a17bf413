//! Services: programs that do not end by themselves, and are asked. What broken ones are told stands in
//! `tests/clients`; here are the keys of their suites.

use cutover::results::{Results, Verdict};

use crate::clients::{client, findings};
use crate::sandbox::{Ran, Sandbox};

/// A service in Python. Its answer has what it was asked; `before` runs before it listens, and the
/// handlers of TERM and INT are its own.
fn service(before: &str) -> String {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    format!(
        "import os, sys\nsys.path.insert(0, '{}')\nsys.dont_write_bytecode = True\n\
         from service import Handler, Failed, serve\n{before}\n",
        shared.display()
    )
}

fn suite(keys: &str) -> String {
    format!(
        "name: Shop\nclient:\n  run: [ python3, service.py ]\n  profiles: [ jwt-choreo ]\n{keys}"
    )
}

fn run(sandbox: &Sandbox, args: &[&str]) -> (Ran, Results) {
    client(sandbox, &[&["suite.yaml"], args].concat())
}

/// Writes down each request to it, and the signal or the request that ended it.
const NOTING: &str = r#"
import signal

def note(text):
    with open(os.environ["NOTES"], "a") as file:
        file.write(text + "\n")

class Noting(Handler):
    def orders(self):
        note(" ".join([self.command, self.path, str(self.headers["X-Of"])]))
        return super().orders()
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        note(" ".join([self.command, self.path, str(self.headers["Content-Type"]), body]))
        self.answer(200, {})
        if self.path == "/shutdown":
            note("by request")
            os._exit(3)

def ended(number, frame):
    note("by " + signal.Signals(number).name)
    os._exit(3)

for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
    signal.signal(each, ended)
serve(handler=Noting)
"#;

#[test]
fn a_service_is_asked_what_its_suite_says_and_stopped_as_it_says() {
    for (stop, by) in [
        ("", "by SIGTERM"),
        ("  stop: { signal: INT }\n", "by SIGINT"),
        ("  stop: { signal: HUP, within: 20s }\n", "by SIGHUP"),
        ("  stop: { within: 20s }\n", "by SIGTERM"),
        (
            "  stop: { request: POST /shutdown, within: 20s }\n",
            "by request",
        ),
    ] {
        let sandbox = Sandbox::new();
        let keys = "  env: { NOTES: \"{{notes}}/{{profile}}\" }\n  ready: { port: \"{{port}}\" }\n  requests:\n\
                    \x20   - { request: \"GET /orders?of={{name}}\", headers: { X-Of: \"{{profile}}\" } }\n\
                    \x20   - { request: POST /orders, headers: { Content-Type: application/json }, text: '{\"n\": 1}' }\n";
        sandbox
            .file("service.py", &service(NOTING))
            .file("suite.yaml", &suite(&format!("{keys}{stop}")));
        let notes = format!("notes={}", sandbox.folder().display());
        let (ran, results) = run(&sandbox, &["--var", &notes, "--var", "name=a b"]);
        assert_eq!(ran.code, 0, "{ran:?} {:?}", results.cases);
        for profile in ["opaque-uuid", "jwt-choreo"] {
            let round = format!(
                "GET /orders?of=a%20b {profile}\nPOST /orders application/json {{\"n\": 1}}\n"
            );
            let mut wanted = round.repeat(3);
            if by == "by request" {
                wanted += "POST /shutdown None \n";
            }
            assert_eq!(sandbox.read(profile), format!("{wanted}{by}\n"), "{stop}");
        }
    }
}

#[test]
fn a_service_that_does_not_work_at_all_proves_nothing() {
    let ready = "  ready: { url: \"http://127.0.0.1:{{port}}/health\" }\n  requests: [ { request: GET /orders } ]\n";
    for (program, said) in [
        (
            "import time\nprint('no config', file=sys.stderr, flush=True)\ntime.sleep(60)",
            "it was not ready within 10 s (what `ready:` waits for did not come): no config",
        ),
        (
            "sys.exit('no config')",
            "it ended with exit code 1 while it was to go on: no config",
        ),
        (
            "class Bad(Handler):\n    def orders(self):\n        raise Failed('no config')\nserve(handler=Bad)",
            "asked GET /orders it answered 502",
        ),
    ] {
        let sandbox = Sandbox::new();
        sandbox
            .file("service.py", &service(program))
            .file("suite.yaml", &suite(ready));
        // What ends by itself has the time that a busy machine takes.
        let timeout = if said.contains("10 s") { "10s" } else { "1m" };
        let (ran, results) = run(&sandbox, &["--timeout", timeout]);
        assert_eq!(ran.code, 3, "{ran:?}");
        let wanted = [
            "jwt-choreo inconclusive needs",
            "opaque-uuid inconclusive both-failed",
        ];
        assert_eq!(findings(&results.cases), wanted, "{program}");
        let note = results.cases[1].note.clone().unwrap();
        assert!(note.contains(said), "{note}");
    }
}

#[test]
fn a_service_with_a_port_of_its_own_choice_is_run_alone() {
    // Whoever finds the port taken ends, so two at one time would be a finding.
    let sandbox = Sandbox::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let keys = format!(
        "  ready: {{ port: {port} }}\n  requests: [ {{ request: GET /orders }} ]\n  for: 300ms\n"
    );
    let keys = keys.replace("  ready", "  env: { PYTHONUNBUFFERED: \"1\" }\n  ready");
    sandbox
        .file("service.py", &service(&format!("serve(port={port})")))
        .file(
            "suite.yaml",
            &suite(&keys).replace(
                "[ jwt-choreo ]",
                "[ jwt-choreo, opaque-hex, jwt-rs256, jwt-es256, no-scope ]",
            ),
        );
    let (ran, results) = run(&sandbox, &["--jobs", "6"]);
    assert_eq!(ran.code, 0, "{ran:?} {:?}", results.cases);
    let same = |case: &cutover::results::CaseResult| case.verdict == Verdict::Same;
    assert_eq!(results.cases.iter().filter(|case| same(case)).count(), 6);
}

#[test]
fn the_services_of_the_page_are_in_force() {
    const PAGE: &str = include_str!("../../docs/clients.md");
    let sandbox = Sandbox::new();
    let shop =
        "class Shop(Handler):\n    def do_POST(self):\n        self.do_GET()\nserve(handler=Shop)";
    sandbox
        .file("shop.py", &service(shop))
        .file("suite.yaml", crate::docs::blocks(PAGE, "yaml service")[0]);
    let (ran, results) = run(&sandbox, &["--profiles", "jwt-choreo"]);
    assert_eq!(ran.code, 0, "{ran:?} {:?}", results.cases);
    // The port is in a line of its own, as the table of keys has it.
    let told = PAGE.split("`line: \"").nth(1).unwrap();
    let line = told.split('"').next().unwrap();
    assert!(line.contains("(?<port>"), "{line}");
    let keys =
        format!("  ready: {{ line: \"{line}\" }}\n  requests: [ {{ request: GET /orders }} ]\n");
    sandbox
        .file("service.py", &service("serve(port=0)"))
        .file("suite.yaml", &suite(&keys));
    let (ran, results) = run(&sandbox, &[]);
    assert_eq!(ran.code, 0, "{ran:?} {:?}", results.cases);
}

#[test]
fn every_mistake_of_a_service_is_told() {
    let sandbox = Sandbox::new();
    let told = |keys: &str, parts: &[&str]| {
        sandbox.file("suite.yaml", &suite(keys));
        let ran = sandbox.run(&["client", "suite.yaml"]);
        assert_eq!(ran.code, 2, "{keys}: {ran:?}");
        for part in parts {
            assert!(ran.err.contains(part), "{part}: {}", ran.err);
        }
    };
    told(
        "  requests: [ { request: GET /orders } ]\n  stop: { signal: TERM }\n",
        &[
            "`requests` without `ready`",
            "`stop` is for a program that does not end",
        ],
    );
    told(
        "  ready: { port: \"{{port}}\" }\n",
        &["nothing to do", "how long it is left alone"],
    );
    told(
        "  ready: { url: \"http://gateway.example.com/health\" }\n  for: 1s\n",
        &["no http address of this machine"],
    );
    told(
        "  ready: {}\n  for: 1s\n",
        &["one of `url`, `port` and `line`"],
    );
    told(
        "  ready: { line: \"/(/\" }\n  for: 1s\n",
        &["bad regular expression"],
    );
    told(
        "  ready: { port: 70000 }\n  for: 1s\n",
        &["`70000` is no port"],
    );
    told(
        "  ready: { prt: 1 }\n  for: 1s\n  stop: { signal: KILL }\n",
        &["`port`?", "unknown signal `KILL`"],
    );
    told(
        "  ready: { line: up }\n  requests: [ { request: GET /, headers: { \"a b\": x } }, { request: \"GET /{{prot}}\" } ]\n\
         \x20 stop: { signal: INT, request: POST / }\n",
        &[
            "`a b` is no header name",
            "did you mean `port`?",
            "not both",
        ],
    );
    told(
        "  env: { P: \"{{port}}\" }\n  for: 1s\n  stop: { request: POST / }\n",
        &[
            "it is given to services",
            "a request to stop is for a service",
        ],
    );
}
