//! What servers and files say is not trusted with a terminal.

use cutover::results::Results;

use crate::sandbox::{Sandbox, pair};
use crate::serve::{Server, answer};

/// Clears the screen, turns the direction of writing, starts a command in eight bits.
const EVIL: &str = "\u{1b}[2J\u{202e}\u{9b}31m\u{7}";

/// Every report of the journal of the first run.
const REPORTS: [&str; 10] = [
    "report j.jsonl -v",
    "report j.jsonl --report markdown",
    "report j.jsonl --report junit",
    "report j.jsonl --report github",
    "report j.jsonl --report json",
    "report j.jsonl --report html=/dev/stdout",
    "readiness j.jsonl",
    "readiness j.jsonl --report json",
    "readiness j.jsonl --report markdown",
    "readiness j.jsonl --report html=/dev/stdout",
];

fn hostile(name: &'static str) -> Server {
    Server::answering(move |seen| match seen.target.as_str() {
        "/token" if name == "bad" => answer(
            400,
            &[],
            r#"{"error":"invalid_\u001b[2Jclient","error_description":"No \u001b[2J\u202e\u009b31m\u0007 here"}"#,
        ),
        "/token" => answer(
            200,
            &[],
            r#"{"access_token":"a-token-that-works","token_type":"Bea\u001b[2Jrer","scope":"a\u202eb \u009b31m","expires_in":3600}"#,
        ),
        _ => {
            let field = format!("{name}\u{202e}\u{9b}31m");
            let headers = [
                ("Content-Type", "application/json"),
                ("X-Evil", field.as_str()),
                ("Location", field.as_str()),
            ];
            let body = format!(
                "{{\"{name}{EVIL}\": 1, \"text\": \"{name}{EVIL}\", \"json\": \"{name} \\u001b[2J\\u202e\\u009b31m\"}}"
            );
            // Raw control characters are no JSON: one answer is text.
            match seen.target.as_str() {
                "/text" => answer(200, &[("Content-Type", "text/plain")], &body),
                _ => answer(200, &headers, &body.replace(['\u{1b}', '\u{7}'], "")),
            }
        }
    })
}

fn acts(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{9b}')
}

fn check(what: &str, text: &str) {
    let line = text.lines().find(|line| line.chars().any(acts));
    assert_eq!(
        line.map(str::escape_debug).map(|l| l.to_string()),
        None,
        "{what}"
    );
}

fn bench() -> (Sandbox, [Server; 2]) {
    let (old, new) = (hostile("old"), hostile("bad"));
    let sandbox = Sandbox::new();
    let side = |name: &str, url: &str, shown: &str| {
        format!(
            "{name}:\n  name: \"{shown}\"\n  url: \"{url}\"\n  tokens: {{ app: {{ token_endpoint: \"{url}/token\", client_id: a, client_secret: secret-value }} }}\n"
        )
    };
    let pair = side("old", &old.url(), "Old \\u001b[2J\\u202e") + &side("new", &new.url(), "new");
    sandbox.file("cutover.yaml", &pair);
    sandbox.file(
        &format!("suites/a{EVIL}.yaml"),
        "name: \"A \\e[2J\"\ncases:
  - { name: \"json \\e[2J\\u202e\", request: GET /json }
  - { name: text, request: GET /text }
  - { name: token, request: GET /t, token: app }
  - { name: skipped, request: GET /s, skip: \"because \\e[2J\" }
  - { name: unmet, request: GET /u, expect: { headers: { location: \"\\e[2J\" } } }
",
    );
    (sandbox, [old, new])
}

#[test]
fn nothing_that_a_server_or_a_file_says_acts_on_a_terminal() {
    let (sandbox, _servers) = bench();
    let bad = format!("bad{EVIL}.yaml");
    sandbox.file(
        &bad,
        "name: \"x \u{1b}[2J\u{202e}\"\nkey: \u{202e}\ncases: []\n",
    );
    sandbox.file("mistakes.yaml", "name: A\n\"ke\\e[2J\\u202ey\": \"\u{9b}31m\"\ncases:\n  - { name: x, request: \"G\\e[2JT /x\" }\n");
    let evil_journal = format!("j{EVIL}.jsonl");
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["run", "-v", "--journal", "j.jsonl"],
        vec!["run", "--journal", &evil_journal],
        vec!["run", &bad],
        vec!["run", "mistakes.yaml"],
        vec!["check", "mistakes.yaml"],
        vec!["check", "--connect"],
        vec!["check", &bad],
        vec!["list"],
        vec!["token", "old"],
        vec!["token", "new"],
        vec!["token", "both", "--json"],
        vec!["token", "old", EVIL],
        vec!["mock", &bad],
        vec!["mock", EVIL],
        vec!["report", EVIL],
        vec!["report", &bad],
        vec!["report", "j.jsonl", "--since", &evil_journal],
        vec!["run", "--filter", EVIL],
        vec!["run", "--report", EVIL],
        vec!["run", "--var", EVIL],
        vec!["demo", "--defect", EVIL],
        vec![EVIL],
    ];
    commands.extend(REPORTS.map(|line| line.split(' ').collect()));
    let mut said = String::new();
    for args in commands {
        let ran = sandbox.run(&args);
        check(&format!("{args:?} standard output"), &ran.out);
        check(&format!("{args:?} standard error"), &ran.err);
        said.push_str(&ran.out);
        said.push_str(&ran.err);
    }
    // Colours of our own are the only thing that acts, where they are asked for.
    let colour = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for file in [&bad, "mistakes.yaml"] {
        let ran = sandbox.run(&["check", "--color", "always", file]);
        assert!(colour.is_match(&ran.err));
        check(file, &colour.replace_all(&ran.err, ""));
    }
    // It was all there to be said.
    for text in [
        "old\\u{202e}\\u{9b}31m",
        "No \\u{1b}[2J\\u{202e}\\u{9b}31m\\u{7} here",
        "because \\u{1b}[2J",
    ] {
        assert!(said.contains(text), "{text}");
    }
}

#[test]
fn a_case_has_one_id_in_every_report() {
    let server = Server::json("{}");
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&server.url(), &server.url()));
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:
  - { name: \"a\\tb\\u0007\", request: GET /x }
  - { name: rows, request: \"GET /{{n}}\", rows: [ { n: \"c\\td\" }, { n: e } ] }
",
    );
    let ids = |results: &Results| -> Vec<String> {
        let mut ids: Vec<String> = results.cases.iter().map(|case| case.id.clone()).collect();
        ids.sort();
        ids
    };
    let expected = [
        r"suites/a.yaml::a\tb\u{7}",
        r"suites/a.yaml::rows [n=c\td]",
        "suites/a.yaml::rows [n=e]",
    ];
    let (ran, results) = sandbox.results(&["run", "--journal", "j.jsonl"]);
    assert_eq!(
        (ran.code, ids(&results)),
        (0, expected.map(str::to_owned).to_vec()),
        "{}",
        ran.err
    );
    let junit = sandbox.run(&["report", "j.jsonl", "--report", "junit"]).out;
    let list = sandbox.run(&["list"]).out;
    for id in expected {
        let (file, name) = id.split_once("::").unwrap();
        let case = format!("<testcase name=\"{name}\" classname=\"{file}\"");
        assert!(junit.contains(&case), "{id}\n{junit}");
        assert!(list.lines().any(|line| line == id), "{id}\n{list}");
    }
}
