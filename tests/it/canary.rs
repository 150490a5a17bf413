//! No secret leaves by any output of any command, in any form.

use std::path::Path;

use aho_corasick::AhoCorasick;

use crate::canary_secrets::{CLIENT, Secret, echo, forms, secrets};
use crate::sandbox::{Ran, Sandbox};
use crate::serve::Server;

/// Finds the forms of secrets in outputs.
pub(crate) struct Hunter {
    /// What must not be there is called so, in the order of the search.
    names: Vec<String>,
    search: AhoCorasick,
}

impl Hunter {
    /// Every form of every secret, and every part of a raw one that is long enough to be useful.
    pub(crate) fn new(secrets: &[Secret]) -> Self {
        let (mut names, mut wanted) = (Vec::new(), Vec::new());
        for (what, secret) in secrets {
            for (form, text) in forms(secret) {
                names.push(format!("{what}, {form}"));
                wanted.push(text);
            }
            let characters: Vec<char> = secret.chars().collect();
            for part in characters.windows(10) {
                names.push(format!("a part of {what}"));
                wanted.push(part.iter().collect());
            }
        }
        let search = AhoCorasick::new(&wanted).unwrap();
        Self { names, search }
    }

    pub(crate) fn found(&self, output: &str) -> Vec<&str> {
        let hits = self.search.find_overlapping_iter(output);
        hits.map(|hit| self.names[hit.pattern().as_usize()].as_str())
            .collect()
    }

    pub(crate) fn check(&self, output: &str, place: &str) {
        let Some(hit) = self.search.find_overlapping_iter(output).next() else {
            return;
        };
        let start = output.floor_char_boundary(hit.start().saturating_sub(200));
        let (what, before) = (
            &self.names[hit.pattern().as_usize()],
            &output[start..hit.start()],
        );
        panic!("{place} shows {what} behind: {before}");
    }
}

const CREDENTIALS: [&str; 8] = [
    "app", "user", "seeded", "fixed", "key", "query", "broken", "page",
];

fn target(side: &str, url: &str, secrets: &[Secret]) -> String {
    let quoted = |n: usize| serde_json::Value::from(secrets[n].1.as_str()).to_string();
    let client = format!(
        "token_endpoint: \"{url}/token\", client_id: {CLIENT}, client_secret: {}",
        quoted(0)
    );
    format!(
        "{side}:
  url: \"{url}\"
  writes: allowed
  tokens:
    app: {{ {client} }}
    user: {{ grant: password, {client}, username: somebody, password: {} }}
    seeded: {{ grant: refresh_token, {client}, client_auth: client_secret_post, refresh_token: {} }}
    fixed: {{ grant: static, value: {} }}
    key: {{ grant: api_key, header: X-Special, value: {} }}
    query: {{ grant: api_key, query: special, value: {} }}
    broken: {{ {client}, scope: broken }}
    page: {{ {client}, scope: page }}
",
        quoted(1),
        quoted(2),
        quoted(3),
        quoted(4),
        quoted(4)
    )
}

fn suite() -> String {
    let paths = [
        "values",
        "names",
        "middle",
        "nested",
        "bytes",
        "text",
        "unnamed",
        "xml",
        "form",
        "binary",
        "headers",
        "fails",
        "both-fail",
        "short",
        "same",
    ];
    let mut text = "name: Canary\ncases:\n".to_owned();
    for (n, path) in paths.iter().enumerate() {
        let token = CREDENTIALS[n % 6];
        text.push_str(&format!(
            "  - {{ name: {path}, request: GET /{path}, token: {token} }}\n"
        ));
    }
    for name in CREDENTIALS {
        text.push_str(&format!(
            "  - {{ name: with {name}, request: GET /values, token: {name} }}\n"
        ));
    }
    text.push_str(
        "  - { name: grant, grant: client_credentials, token: app, expect: { body: { \"$.you_sent\": no }, claims: { sub: nobody } } }
  - { name: refresh, grant: refresh_token, token: user }
  - { name: refused, grant: client_credentials, token: broken }
  - name: expect
    request: GET /values
    expect: { body: { \"$.m0\": no, \"$.m1\": { pattern: \"/^no$/\" }, \"$.m2\": { type: number } }, headers: { location: no } }
  - { name: take, request: GET /values, capture: { it: \"$.m0\", cookie: \"$.m3\" } }
  - name: give
    request: POST /take/{{it}}?x={{it}}
    headers: { Cookie: \"c={{cookie}}\", X-Given: \"{{cookie}}\" }
    json: { password: \"{{it}}\", other: \"{{it}}\" }
",
    );
    text
}

struct Bench {
    sandbox: Sandbox,
    hunter: Hunter,
    _servers: [Server; 2],
}

fn bench() -> Bench {
    let servers = [echo("old"), echo("new")];
    let [old, new] = ["old", "new"].map(secrets);
    let sandbox = Sandbox::new();
    let pair = target("old", &servers[0].url(), &old) + &target("new", &servers[1].url(), &new);
    sandbox
        .file("cutover.yaml", &pair)
        .file("suites/a.yaml", &suite());
    let all: Vec<Secret> = old.into_iter().chain(new).collect();
    Bench {
        sandbox,
        hunter: Hunter::new(&all),
        _servers: servers,
    }
}

impl Bench {
    fn run(&self, args: &[&str]) -> Ran {
        let mut command = self.sandbox.command(args);
        command.env("GITHUB_STEP_SUMMARY", self.sandbox.path("summary.md"));
        let ran = Ran::of(&command.output().unwrap());
        self.hunter
            .check(&ran.out, &format!("{args:?} on standard output"));
        self.hunter
            .check(&ran.err, &format!("{args:?} on standard error"));
        ran
    }

    fn files(&self, names: &[&str]) {
        for name in names {
            self.hunter.check(&self.sandbox.read(name), name);
        }
    }
}

#[test]
fn no_command_shows_a_secret_in_any_form() {
    let bench = bench();
    let reports = [
        "json=r.json",
        "junit=r.xml",
        "markdown=r.md",
        "html=r.html",
        "terminal=r.txt",
    ];
    let run = "run -v -j 4 --allow-writes --keep-exchanges all --fail-on cosmetic --journal j.jsonl \
               --report github";
    let mut run: Vec<&str> = run.split(' ').collect();
    run.extend(reports.iter().flat_map(|report| ["--report", report]));
    let ran = bench.run(&run);
    assert_eq!(ran.code, 1, "{}", ran.err);
    bench.files(&[
        "j.jsonl",
        "r.json",
        "r.xml",
        "r.md",
        "r.html",
        "r.txt",
        "summary.md",
    ]);
    // All of it was there to be shown.
    let results = bench.sandbox.read("r.json");
    assert!(results.matches("[secret app.client_secret, ").count() > 100);
    assert!(results.matches("[secret ").count() > 1_000);
    only_the_owner_reads(&bench.sandbox.path("j.jsonl"));
    for format in ["terminal", "json", "junit", "markdown", "github"] {
        bench.run(&["report", "j.jsonl", "-v", "--report", format]);
    }
    for format in ["terminal", "json", "markdown", "html=/dev/stdout"] {
        bench.run(&["readiness", "j.jsonl", "--report", format]);
    }
    bench.run(&["report", "j.jsonl", "--since", "j.jsonl"]);
    bench.run(&["list"]);
    bench.run(&["check"]);
    let connected = bench.run(&["check", "--connect"]);
    assert_eq!(connected.code, 3, "{}", connected.err);
    for name in CREDENTIALS {
        bench.run(&["token", "both", name]);
        let told = bench.run(&["token", "both", name, "--json"]);
        assert_eq!(
            told.code,
            if ["broken", "page"].contains(&name) {
                3
            } else {
                0
            },
            "{name} {}",
            told.out
        );
    }
    for what in ["suite", "pair", "double", "results"] {
        bench.run(&["schema", what]);
    }
}

#[test]
fn mistakes_in_a_pair_file_do_not_show_its_secrets() {
    let bench = bench();
    let pair = bench.sandbox.read("cutover.yaml");
    for (from, to) in [
        ("client_id:", "client_idd:"),
        ("client_id:", "client_secret: again, client_id:"),
        ("username:", "user_name:"),
        ("grant: static", "grant: statik"),
        ("grant: static", "grant: static, scope: a"),
        (
            "grant: api_key, header: X-Special, value: \"",
            "grant: api_key, header: X-Special, value: [], client_secret: \"",
        ),
        ("writes: allowed", "writes: perhaps"),
        ("password: \"", "password: [\"x\", \""),
    ] {
        bench.sandbox.file("wrong.yaml", &pair.replace(from, to));
        let ran = bench.run(&["check", "-c", "wrong.yaml"]);
        assert_eq!(ran.code, 2, "{to}: {}", ran.err);
    }
}

#[cfg(unix)]
fn only_the_owner_reads(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", path.display());
}

#[cfg(not(unix))]
fn only_the_owner_reads(_: &Path) {}

#[test]
fn a_token_is_shown_to_whoever_asks_for_it() {
    let bench = bench();
    let ran = bench.sandbox.run(&["token", "old", "app", "--show"]);
    assert!(ran.out.contains(&secrets("old")[5].1), "{}", ran.out);
}

/// The hunt is no good if it finds nothing where something is.
#[test]
fn the_hunter_finds_every_form_that_is_planted() {
    for (what, secret) in secrets("old") {
        let hunter = Hunter::new(&[(what, secret.clone())]);
        for (form, text) in forms(&secret) {
            let output = format!("{{\"old\": \"{text}\"}}");
            let name = format!("{what}, {form}");
            assert!(hunter.found(&output).contains(&name.as_str()), "{name}");
        }
        let half: String = secret.chars().take(secret.chars().count() / 2).collect();
        assert!(!hunter.found(&format!("{half}…")).is_empty(), "{what}");
        assert!(hunter.found("nothing here").is_empty());
    }
}
