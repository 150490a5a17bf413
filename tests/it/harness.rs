//! `cutover::harness`: this repository's own `tests/parity.rs`, started as libtest and nextest
//! start it, in folders of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cutover::mock::{Doubles, pair_file};
use serde_json::Value;

use crate::command::{code, said};
use crate::mock_support::shipped;

/// The test binary, built as this one is.
fn parity() -> PathBuf {
    let mut build = Command::new(env!("CARGO"));
    build.args([
        "test",
        "--test",
        "parity",
        "--no-run",
        "--message-format=json",
    ]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let built = built.unwrap();
    let lines = String::from_utf8(built.stdout).unwrap();
    let named = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "parity")
        .find_map(|message| Some(message["executable"].as_str()?.to_owned()));
    PathBuf::from(named.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&built.stderr))))
}

fn run(folder: &Path, environment: &[(&str, &str)], args: &[&str]) -> Output {
    let mut command = Command::new(parity());
    for name in ["NEXTEST", "NEXTEST_RUN_ID", "CUTOVER_ALLOW_WRITES"] {
        command.env_remove(name);
    }
    let command = command.args(args).current_dir(folder);
    command.envs(environment.iter().copied()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The lines `test NAME ... RESULT`, sorted, without the blanks that align them.
fn results(output: &Output) -> Vec<String> {
    let text = out(output);
    let lines = text.lines().filter(|line| line.starts_with("test "));
    let lines = lines.filter(|line| !line.starts_with("test result"));
    let mut lines: Vec<String> = lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    lines.sort();
    lines
}

const SUITE: &str = "
name: Orders
feature: rest-apis
api: orders
token: app
compare:
  ignore: [ 'header:access-control-allow-origin', 'header:access-control-allow-methods', 'header:access-control-allow-headers', 'header:etag' ]
  pattern: { $.createdAt: timestamp }
cases:
  - { name: an order, request: GET /orders/ord-1001 }
  - { name: 'an order, once more', request: GET /orders/ord-1002 }
  - { name: create, request: POST /orders, json: { sku: A-1, quantity: 1 }, capture: { id: $.id } }
  - { name: read it back, request: 'GET /orders/{{id}}' }
  - { name: not today, skip: no time, request: GET /orders }
  - { name: nowhere, request: GET /nowhere }
  - { name: wrong, request: GET /orders/ord-1001, expect: { status: 404 } }
";

fn project(doubles: &Doubles) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("suites")).unwrap();
    std::fs::write(folder.path().join("suites/orders.yaml"), SUITE).unwrap();
    let pair = pair_file(doubles.running());
    std::fs::write(folder.path().join("pair.yaml"), pair).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_for_each_case_and_each_chain_with_libtests_results() {
    let doubles = shipped(None).await;
    let folder = project(&doubles);
    let pair = ("CUTOVER_PAIR", "pair.yaml");
    let allowed = ("CUTOVER_ALLOW_WRITES", "1");

    let listed = run(folder.path(), &[pair], &["--list"]);
    let names = [
        "suites/orders.yaml::an order",
        "suites/orders.yaml::an order, once more",
        "suites/orders.yaml::create",
        "suites/orders.yaml::not today",
        "suites/orders.yaml::nowhere",
        "suites/orders.yaml::wrong",
    ];
    let expected: String = names.iter().map(|name| format!("{name}: test\n")).collect();
    assert_eq!((code(&listed), out(&listed)), (0, expected));

    let withheld = run(folder.path(), &[pair], &[]);
    let expected = [
        "test suites/orders.yaml::an order ... ok",
        "test suites/orders.yaml::an order, once more ... ok",
        "test suites/orders.yaml::create ... ignored",
        "test suites/orders.yaml::not today ... ignored",
        "test suites/orders.yaml::nowhere ... FAILED",
        "test suites/orders.yaml::wrong ... FAILED",
    ];
    assert_eq!(
        (code(&withheld), results(&withheld)),
        (101, expected.map(String::from).to_vec())
    );
    let text = out(&withheld);
    assert!(
        text.contains("DIFFERENT suites/orders.yaml::nowhere"),
        "{text}"
    );

    let args = ["--exact", "suites/orders.yaml::create"];
    let written = run(folder.path(), &[pair, allowed], &args);
    let expected = vec!["test suites/orders.yaml::create ... ok".to_owned()];
    assert_eq!(
        (code(&written), results(&written)),
        (0, expected),
        "{}",
        out(&written)
    );
    doubles.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withheld_never_passes_even_if_it_is_asked_for() {
    let doubles = shipped(None).await;
    let folder = project(&doubles);
    let pair = ("CUTOVER_PAIR", "pair.yaml");
    let args = ["--ignored", "--exact", "suites/orders.yaml::create"];
    let asked = run(folder.path(), &[pair], &args);
    let ignored = "test suites/orders.yaml::create ... ignored (writes-withheld)";
    let found = results(&asked);
    assert_eq!(code(&asked), 0);
    assert!(
        found.len() == 1 && found[0].starts_with(ignored),
        "{found:?}"
    );
    let nextest = run(folder.path(), &[pair, ("NEXTEST", "1")], &args);
    let expected = vec!["test suites/orders.yaml::create ... FAILED".to_owned()];
    assert_eq!((code(&nextest), results(&nextest)), (101, expected));
    doubles.stop().await;
}

#[test]
fn what_cannot_be_read_can_be_listed_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let pair = ("CUTOVER_PAIR", "none.yaml");
    let listed = run(folder.path(), &[pair], &["--list"]);
    assert_eq!(
        (code(&listed), out(&listed).as_str()),
        (0, "cutover::load: test\n")
    );
    let ran = run(folder.path(), &[pair], &[]);
    let expected = vec!["test cutover::load ... FAILED".to_owned()];
    assert_eq!((code(&ran), results(&ran)), (101, expected));
    assert!(
        out(&ran).contains("error: cannot read none.yaml"),
        "{}",
        out(&ran)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_processes_of_one_run_share_a_token() {
    let doubles = shipped(None).await;
    let folder = project(&doubles);
    let environment = [
        ("CUTOVER_PAIR", "pair.yaml"),
        ("NEXTEST", "1"),
        ("NEXTEST_RUN_ID", "01234567-89ab-cdef-0123-456789abcdef"),
    ];
    for name in ["an order", "an order, once more"] {
        let id = format!("suites/orders.yaml::{name}");
        let ran = run(folder.path(), &environment, &["--exact", &id]);
        assert_eq!(code(&ran), 0, "{}{}", out(&ran), said(&ran));
    }
    for running in doubles.running() {
        let posts = running.connections().into_iter().filter(|connection| {
            let seen = String::from_utf8_lossy(&connection.bytes).into_owned();
            seen.contains("grant_type=client_credentials")
        });
        assert_eq!(posts.count(), 1, "{}", running.name());
    }
    let meeting = folder
        .path()
        .join(".cutover/nextest")
        .join(environment[2].1);
    let mode = |name: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        let file = std::fs::metadata(meeting.join(name)).unwrap();
        file.permissions().mode() & 0o777
    };
    assert_eq!((mode("old.json"), mode("new.json")), (0o600, 0o600));
    let secret = "test-secret-of-the-old-side";
    let kept = std::fs::read_to_string(meeting.join("old.json")).unwrap();
    assert!(!kept.contains(secret), "the client's secret is not kept");
    doubles.stop().await;
}
