//! Secrets of commands that bring their own: `demo`, `mock`, tokens of the environment, `redact:`.

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::canary::Hunter;
use crate::canary_secrets::{CLIENT, Secret, secrets};
use crate::mock_support::{NEW, OLD};
use crate::sandbox::{Ran, Sandbox, outcomes};
use crate::serve::{Server, answer, json};

/// Holds outputs against secrets that are known, and against the shapes of the tokens that doubles give.
fn no_token_in(outputs: Vec<(String, String)>, known: &[Secret]) {
    let hunter = Hunter::new(known);
    let jwt = regex::Regex::new("eyJ[A-Za-z0-9_-]{20,}").unwrap();
    // Opaque tokens of the old side: version 4 or 5 UUIDs behind the scheme.
    let bearer = regex::Regex::new("(?i)bearer [0-9a-f]{8}-").unwrap();
    for (name, text) in outputs {
        hunter.check(&text, &name);
        for shape in [&jwt, &bearer] {
            let found = shape.find(&text).map(|found| found.as_str());
            assert_eq!(found, None, "{name}");
        }
    }
}

/// What a command said, and the files that it made.
fn outputs(sandbox: &Sandbox, ran: Ran, files: &[&str]) -> Vec<(String, String)> {
    let said = [("out".to_owned(), ran.out), ("err".to_owned(), ran.err)];
    let files = files
        .iter()
        .map(|name| ((*name).to_owned(), sandbox.read(name)));
    said.into_iter().chain(files).collect()
}

const REPORTS: [&str; 8] = [
    "--report",
    "json=r.json",
    "--report",
    "junit=r.xml",
    "--report",
    "markdown=r.md",
    "--report",
    "html=r.html",
];

#[test]
fn the_demo_shows_neither_its_clients_nor_its_tokens() {
    let known: Vec<Secret> = [OLD.1, NEW.1]
        .map(|secret| ("client secret", secret.to_owned()))
        .to_vec();
    let sandbox = Sandbox::new();
    let args = [
        "demo",
        "-v",
        "--keep-exchanges",
        "all",
        "--journal",
        "j.jsonl",
    ];
    let args = [&args[..], &["--fail-on", "cosmetic"], &REPORTS].concat();
    let ran = sandbox.run(&args);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let files = ["j.jsonl", "r.json", "r.xml", "r.md", "r.html"];
    no_token_in(outputs(&sandbox, ran, &files), &known);
    assert!(
        sandbox
            .read("r.json")
            .contains("Bearer [secret app.access_token, 36 characters]")
    );
}

/// Every secret of a client and every password that the shipped doubles know.
fn secrets_of_the_doubles() -> Vec<Secret> {
    let named = regex::Regex::new("(secret|password): ([a-z0-9-]+)").unwrap();
    let doubles = [
        include_str!("../../mocks/api-cloud.yaml"),
        include_str!("../../mocks/choreo.yaml"),
    ];
    let found = doubles
        .into_iter()
        .flat_map(|text| named.captures_iter(text));
    found
        .map(|found| ("secret of a double", found[2].to_owned()))
        .collect()
}

#[test]
fn the_whole_pack_and_the_pages_of_its_readiness_show_none_either() {
    let known = secrets_of_the_doubles();
    assert!(known.len() >= 14, "{known:?}");
    let sandbox = Sandbox::new();
    let args = ["demo", "--all", "-v", "--keep-exchanges", "all"];
    let args = [
        &args[..],
        &["--no-progress", "--journal", "j.jsonl"],
        &REPORTS,
    ]
    .concat();
    let ran = sandbox.run(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let files = ["j.jsonl", "r.json", "r.xml", "r.md", "r.html"];
    no_token_in(outputs(&sandbox, ran, &files), &known);
    // Credentials of every kind were at work, and both ways.
    let journal = sandbox.read("j.jsonl");
    for mark in [
        "app.access_token, 36",
        "app-tls.access_token, 1459",
        "end_user",
    ] {
        assert!(journal.contains(mark), "{mark}");
    }
    let pages = ["html=ready.html", "markdown=ready.md", "json=ready.json"];
    let args = pages.iter().flat_map(|page| ["--report", page]);
    let args: Vec<&str> = ["readiness", "j.jsonl"].into_iter().chain(args).collect();
    let ran = sandbox.run(&args);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let files = ["ready.html", "ready.md", "ready.json"];
    no_token_in(outputs(&sandbox, ran, &files), &known);
}

#[test]
#[cfg(unix)]
fn mock_writes_test_secrets_into_the_pair_file_and_nowhere_else() {
    let sandbox = Sandbox::new();
    let secret = ("client secret", secrets("old")[0].1.clone());
    let double = |name: &str| {
        format!(
            "{{ name: {name}, platform: generic, token: {{ path: /token, clients: [ {{ id: {CLIENT}, secret: {} }} ] }}, gateway: {{ base: /api }} }}",
            serde_json::Value::from(secret.1.as_str())
        )
    };
    sandbox
        .file("a.yaml", &double("a"))
        .file("b.yaml", &double("b"));
    let mut command = sandbox.command(&["mock", "a.yaml", "b.yaml", "--write-pair", "pair.yaml"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A line for each double, and the file before them.
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    for _ in 0..2 {
        std::io::BufRead::read_line(&mut lines, &mut said).unwrap();
    }
    let ran = sandbox.run(&["token", "both", "-c", "pair.yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let mock = Ran::of(&child.wait_with_output().unwrap());
    assert_eq!((mock.code, mock.err.as_str()), (0, ""));
    let hunter = Hunter::new(&[secret]);
    for text in [&said, &ran.out, &ran.err] {
        hunter.check(text, "mock or token");
    }
    assert!(!hunter.found(&sandbox.read("pair.yaml")).is_empty());
    let mode = std::fs::metadata(sandbox.path("pair.yaml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn tokens_of_the_environment_are_secrets_too() {
    let known = secrets("old");
    let hunter = Hunter::new(&known);
    // The access token as API Cloud would give it, and one with every character that is encoded.
    for (_, token) in [&known[5], &known[6]] {
        let body = serde_json::json!({ "you sent": token, "of": "old" }).to_string();
        let (old, new) = (
            Server::answering(move |_| json(&body)),
            Server::json("{\"you sent\": 1}"),
        );
        let sandbox = Sandbox::new();
        let (old, new) = (old.url(), new.url());
        let mut command = sandbox.command(&[
            "run",
            "--old",
            &old,
            "--new",
            &new,
            "--old-bearer-env",
            "OLD",
            "--new-bearer-env",
            "NEW",
            "--get",
            "/x",
            "-v",
            "--journal",
            "j.jsonl",
        ]);
        command.env("OLD", token).env("NEW", token);
        let ran = Ran::of(&command.output().unwrap());
        assert_eq!(ran.code, 1, "{}", ran.err);
        for text in [&ran.out, &ran.err, &sandbox.read("j.jsonl")] {
            hunter.check(text, "run with tokens of the environment");
        }
        assert!(ran.out.contains("[secret app.value, "), "{}", ran.out);
    }
    // One that is not there is named, not guessed.
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&[
        "run",
        "--old",
        "http://a.example",
        "--new",
        "http://b.example",
        "--old-bearer-env",
        "NOT_SET",
        "--new-bearer-env",
        "NOT_SET",
        "--get",
        "/",
    ]);
    assert!(ran.code == 2 && ran.err.contains("NOT_SET"), "{}", ran.err);
}

#[test]
fn what_redact_names_is_never_shown() {
    let serve = |mail: &'static str| {
        Server::answering(move |_| {
            let body = format!(
                "{{\"email\": \"{mail}\", \"deep\": [ {{ \"email\": \"{mail}\" }} ], \"n\": 1}}"
            );
            answer(
                200,
                &[
                    ("Content-Type", "application/json"),
                    ("X-Customer-Id", mail),
                ],
                &body,
            )
        })
    };
    let (old, new) = (
        serve("old-person@example.com"),
        serve("new-person@example.com"),
    );
    let sandbox = Sandbox::new();
    sandbox.file(
        "cutover.yaml",
        &format!(
            "redact: [ \"$..email\", \"header:x-customer-id\" ]\nold: {{ url: \"{}\" }}\nnew: {{ url: \"{}\" }}\n",
            old.url(), new.url()
        ),
    );
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:\n  - { name: x, request: GET /x }\n",
    );
    let (ran, results) = sandbox.results(&[
        "run",
        "-v",
        "--journal",
        "j.jsonl",
        "--keep-exchanges",
        "all",
    ]);
    assert_eq!(
        outcomes(&results),
        ["x: different header x-customer-id value, body $.email value, body $.deep[0].email value"]
    );
    for text in [
        &ran.out,
        &ran.err,
        &sandbox.read("j.jsonl"),
        &sandbox.read("results.json"),
    ] {
        assert!(!text.contains("person@example.com"), "{text}");
    }
    assert!(
        ran.out.contains("[secret email, 22 characters]"),
        "{}",
        ran.out
    );
}

#[test]
#[cfg(unix)]
fn what_a_client_program_says_of_its_token_is_in_no_output() {
    const SCRIPT: &str = r#"
answer=$(curl -s -u "$CUTOVER_CLIENT_ID:$CUTOVER_CLIENT_SECRET" -d grant_type=client_credentials "$CUTOVER_TOKEN_URL")
token=$(printf '%s' "$answer" | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/')
printf '%s\n%s\n' "$token" "$CUTOVER_CLIENT_SECRET" >>"$SEEN"
echo "token $token"
printf '%s' "$token" | base64 -w0
echo
echo "$answer $CUTOVER_CLIENT_SECRET" >&2
printf '%s' "$CUTOVER_CLIENT_SECRET" | base64 -w0 >&2
curl -s -H "Authorization: Bearer $token" "$CUTOVER_API_URL/orders?token=$token" >/dev/null
"#;
    let sandbox = Sandbox::new();
    let aside = tempfile::tempdir().unwrap();
    let seen = aside.path().join("seen");
    sandbox.file("client.sh", SCRIPT);
    let args = ["client", "-v", "--keep-exchanges", "all"];
    let chosen = [
        "--pass-env",
        "SEEN",
        "--profiles",
        "jwt-choreo,reissue-fresh",
    ];
    let journal = ["--journal", "j.jsonl"];
    let program = ["--", "sh", "client.sh"];
    let args = [&args[..], &chosen, &journal, &REPORTS, &program].concat();
    let mut command = sandbox.command(&args);
    let ran = Ran::of(&command.env("SEEN", &seen).output().unwrap());
    assert_eq!(ran.code, 1, "{}", ran.err);
    let known = std::fs::read_to_string(&seen).unwrap();
    let known: Vec<Secret> = known
        .lines()
        .map(|line| ("token or client secret", line.to_owned()))
        .collect();
    assert!(known.len() >= 6, "three runs or more");
    let hunter = Hunter::new(&known);
    let files = ["j.jsonl", "r.json", "r.xml", "r.md", "r.html"];
    let outputs = outputs(&sandbox, ran, &files);
    for (name, text) in outputs {
        hunter.check(&text, &name);
    }
    assert!(sandbox.read("r.json").contains("leaked"));
}
