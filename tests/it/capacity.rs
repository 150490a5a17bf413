//! `cutover client --capacity`: the longest token of each program, to the character, and why no longer.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cutover::mock::{Doubles, pair_file};
use cutover::results::{CaseResult, Results};

use crate::client_stops::state;
use crate::client_suites::shell;
use crate::clients::{SEARCH, findings};
use crate::mock_support::{double, shipped, start};
use crate::sandbox::{Ran, Sandbox, outcomes};

/// Measures a program of `tests/clients`.
fn measure(sandbox: &Sandbox, program: &str, more: &[&str]) -> (Ran, Results) {
    let path = format!("{}/tests/clients/{program}", env!("CARGO_MANIFEST_DIR"));
    let args = [
        &[
            "client",
            "--capacity",
            "--timeout",
            "2m",
            "--report",
            "json=results.json",
        ],
        more,
        &["--", "python3", &path],
    ]
    .concat();
    let mut command = sandbox.command(&args);
    command
        .env("PATH", &*SEARCH)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let ran = Ran::of(&command.output().unwrap());
    let results = serde_json::from_str(&sandbox.read("results.json")).unwrap();
    (ran, results)
}

/// The case of the capacity.
fn case(results: &Results) -> &CaseResult {
    let mut cases = results.cases.iter();
    cases.find(|case| case.id.ends_with("[capacity]")).unwrap()
}

/// `OPAQUE JWT NEEDED TOLD-APART TAKEN-FOR-ONE`, `-` for null.
fn numbers(case: &CaseResult) -> String {
    let capacity = case.new.as_ref().unwrap().capacity.as_ref().unwrap();
    assert_eq!(capacity.top, 131_072);
    // What docs/clients.md says.
    assert!((10..=360).contains(&capacity.runs), "{capacity:?}");
    let numbers = [
        capacity.opaque,
        capacity.jwt,
        capacity.needed,
        capacity.told_apart,
        capacity.taken_for_one,
    ];
    let numbers = numbers.map(|number| number.map_or("-".to_owned(), |number| number.to_string()));
    numbers.join(" ")
}

/// Measures a program that nothing else is wrong with, and gives the exit code, the numbers and the
/// findings.
fn measured(program: &str) -> (i32, String, Vec<String>) {
    let (ran, results) = measure(&Sandbox::new(), program, &[]);
    assert!(results.run.complete && results.run.planned == 2, "{ran:?}");
    let case = case(&results);
    let found = findings(std::slice::from_ref(case));
    (ran.code, numbers(case), found)
}

fn broken(program: &str, told: &str, finding: &str) {
    let wanted = (1, told.to_owned(), vec![finding.to_owned()]);
    assert_eq!(measured(program), wanted);
}

#[test]
fn a_token_that_is_cut() {
    broken(
        "cut_255.py",
        "255 255 1459 93 -",
        "capacity truncated capacity=255 cause=length likely=a-column-or-buffer-of-255 needed=1459",
    );
}

#[test]
fn a_limit_that_is_on_no_rung() {
    // The name of the cookie takes 8 of its 4,096 characters.
    let (code, told, found) = measured("cookie_4096.py");
    assert_eq!((code, &*told, found.len()), (0, "4088 4088 1459 600 -", 0));
}

#[test]
fn a_column_with_a_check_of_its_length() {
    broken(
        "sqlite_check.py",
        "255 255 1459 93 -",
        "capacity not-sent capacity=255 cause=length likely=a-column-or-buffer-of-255 needed=1459",
    );
}

#[test]
fn a_pattern_goes_by_the_format() {
    broken(
        "uuid_pattern.py",
        "- - 1459 - -",
        "capacity rejected capacity=0 cause=format needed=1459",
    );
}

#[test]
fn a_program_that_takes_tokens_apart_goes_by_the_format() {
    broken(
        "splits_on_dots.py",
        "131072 - 1459 - -",
        "capacity altered capacity=0 cause=format needed=1459",
    );
}

#[test]
fn tokens_that_begin_alike_are_taken_for_one() {
    broken(
        "same_start.py",
        "131072 131072 1459 - 255",
        "capacity stale alike=255 cause=prefix",
    );
}

#[test]
fn a_cache_in_memory_is_seen_where_the_program_asks_again() {
    broken(
        "first_40.py",
        "131072 131072 1459 - 40",
        "capacity stale alike=40 cause=prefix",
    );
}

#[test]
fn what_has_no_limit_has_room() {
    // It makes one call and ends, so two runs of it are given a token each.
    let program = "right_one_shot.py";
    let sandbox = Sandbox::new();
    let markdown = ["--report", "markdown=readiness.md"];
    let (ran, results) = measure(&sandbox, program, &markdown);
    let case = case(&results);
    assert_eq!((ran.code, &*numbers(case)), (0, "131072 131072 1459 600 -"));
    assert_eq!(findings(&results.cases), [""; 0]);
    assert_eq!(ran.verdict(), "ready: no finding in 2 of 2 profiles");
    let told = "takes tokens of at least 131,072 characters, the top of the ladder, opaque ones and JWTs \
                alike; a token of the profile jwt-choreo has 1,459: room for at least 129,613 more; it tells tokens \
                apart that begin with the same 600 characters";
    assert_eq!(case.note.as_deref(), Some(told));
    assert!(
        sandbox
            .read("readiness.md")
            .contains(&format!("| capacity | same | {told} |"))
    );
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    assert!(words.join(" ").contains(told), "{}", ran.out);
}

/// A pair of which the new side is this double.
fn pair(new: &Doubles) -> String {
    let sides = pair_file(new.running());
    let (_, new) = sides.split_once("\nnew:\n").unwrap();
    format!("old: {{ url: \"http://127.0.0.1:9\" }}\nnew:\n{new}")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_side_says_what_is_needed() {
    let doubles = shipped(None).await;
    let sandbox = Sandbox::new();
    sandbox.file("pair.yaml", &pair(&doubles));
    let with = ["-c", "pair.yaml"];
    let (ran, results) = measure(&sandbox, "cut_1024.py", &with);
    let told = case(&results);
    assert_eq!((ran.code, &*numbers(told)), (1, "1024 1024 1482 600 -"));
    let explain = &told.differences[0].explain;
    assert!(
        explain.contains("` of Choreo has 1,482, 458 too many"),
        "{explain}"
    );
    // Nobody is there to be asked: the number is told, and proves nothing.
    doubles.stop().await;
    let (ran, results) = measure(&sandbox, "cut_1024.py", &with);
    let told = case(&results);
    assert_eq!((ran.code, &*numbers(told)), (3, "1024 1024 - 600 -"));
    assert_eq!(
        findings(std::slice::from_ref(told)),
        ["capacity inconclusive token"]
    );
    let note = told.note.as_deref().unwrap();
    assert!(
        note.contains("what the new side issues is not known: `app`"),
        "{note}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_side_with_opaque_tokens_needs_little() {
    let text = "name: New\nplatform: generic\ntoken:\n  path: /token\n  format: hex\n  length: 128\n  clients: [ { id: a-client, secret: a-secret-of-it } ]\n";
    let doubles = start(vec![double(text)]).await;
    let url = doubles.running()[0].url();
    let sandbox = Sandbox::new();
    sandbox.file(
        "cutover.yaml",
        &format!(
            "old: {{ url: \"http://127.0.0.1:9\" }}\nnew:\n  url: {url}\n  writes: never\n  tokens:\n    app: {{ \
             token_endpoint: \"{url}/token\", client_id: a-client, client_secret: a-secret-of-it }}\n"
        ),
    );
    // The pair of the working folder needs no name.
    let (ran, results) = measure(&sandbox, "cut_255.py", &[]);
    let told = case(&results);
    assert_eq!((ran.code, &*numbers(told)), (0, "255 255 128 93 -"));
    assert!(
        told.note
            .as_deref()
            .unwrap()
            .contains("has 128: room for 127 more")
    );
}

#[test]
fn a_service_is_measured_as_any_other() {
    let sandbox = Sandbox::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");
    let suite = std::fs::read_to_string(format!("{folder}/service.yaml")).unwrap();
    let suite = suite
        .replace("{{interpreter}}", "python3")
        .replace("{{program}}", &format!("{folder}/service_cut_255.py"));
    sandbox.file("suite.yaml", &suite);
    let args = [
        "client",
        "--capacity",
        "--report",
        "json=results.json",
        "suite.yaml",
    ];
    let mut command = sandbox.command(&args);
    let ran = Ran::of(&command.env("PATH", &*SEARCH).output().unwrap());
    let results: Results = serde_json::from_str(&sandbox.read("results.json")).unwrap();
    let told = case(&results);
    assert_eq!(
        (ran.code, &*numbers(told)),
        (1, "255 255 1459 93 -"),
        "{ran:?}"
    );
    let wanted =
        "capacity truncated capacity=255 cause=length likely=a-column-or-buffer-of-255 needed=1459";
    assert_eq!(findings(&results.cases), [wanted]);
}

#[test]
fn a_program_that_does_not_work_has_no_capacity() {
    let sandbox = Sandbox::new();
    sandbox.file("client.sh", "exit 3");
    let args = [
        "client",
        "--capacity",
        "--report",
        "json=results.json",
        "--",
        "sh",
        "client.sh",
    ];
    let ran = sandbox.run(&args);
    let results: Results = serde_json::from_str(&sandbox.read("results.json")).unwrap();
    let wanted = [
        "capacity inconclusive needs",
        "opaque-uuid inconclusive both-failed",
    ];
    assert_eq!(
        (ran.code, findings(&results.cases)),
        (3, wanted.map(str::to_owned).to_vec())
    );
}

#[test]
fn profiles_that_are_named_are_run_beside_it() {
    let sandbox = Sandbox::new();
    let (ran, results) = measure(&sandbox, "cut_36.py", &["--profiles", "jwt-4k"]);
    assert_eq!(ran.code, 1);
    let wanted = [
        "capacity truncated capacity=36 cause=length likely=a-column-or-pattern-for-a-UUID needed=1459",
        "jwt-4k truncated issued=4096 sent=36",
    ];
    assert_eq!(findings(&results.cases), wanted);
}

#[test]
fn the_name_is_taken() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "own.yaml",
        "name: capacity\nabout: a\nseen_in: b\nexpectation: c\ntoken: {}\n",
    );
    let ran = sandbox.run(&["client", "--profiles", "own.yaml", "--", "true"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("`capacity` is no name of a profile"),
        "{}",
        ran.err
    );
}

#[test]
fn an_interruption_ends_every_program_at_work() {
    let sandbox = Sandbox::new();
    // With a UUID it ends; else it says who it is, and waits.
    let script = shell("") + "case $token in *-*) ;; *) echo $$ >>pids; sleep 60;; esac\n";
    sandbox.file("client.sh", &script);
    let args = [
        "client",
        "--capacity",
        "--report",
        "json=results.json",
        "--",
        "sh",
        "client.sh",
    ];
    let mut command = sandbox.command(&args);
    command.env("PATH", &*SEARCH);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    let pids = || std::fs::read_to_string(sandbox.path("pids")).unwrap_or_default();
    while pids().lines().count() < 4 {
        assert!(Instant::now() < end, "the programs did not begin");
        std::thread::sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status();
    assert!(sent.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let results: Results = serde_json::from_str(&sandbox.read("results.json")).unwrap();
    assert_eq!(outcomes(&results), ["sh client.sh [opaque-uuid]: same"]);
    assert!(!results.run.complete && results.run.planned == 2);
    for pid in pids().lines() {
        while !matches!(&*state(pid), "gone" | "Z" | "X") {
            assert!(Instant::now() < end, "{pid} is alive");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn the_page_tells_what_is_said() {
    let page = include_str!("../../docs/clients.md");
    let block = |words: &str| crate::docs::blocks(page, words)[0].trim();
    let sandbox = Sandbox::new();
    sandbox.file("client.sh", block("sh client"));
    let mut command = sandbox.command(&["client", "--capacity", "--", "sh", "client.sh"]);
    let ran = Ran::of(&command.env("PATH", &*SEARCH).output().unwrap());
    assert_eq!(ran.code, 1, "{ran:?}");
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    assert!(
        words.join(" ").contains(block("text capacity")),
        "{}",
        ran.out
    );
}
