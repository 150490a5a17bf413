//! Client programs that are stopped: by their time, by one interruption, by two. None is left behind.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cutover::results::Results;

use crate::client_suites::{shell, suite};
use crate::clients::{SEARCH, client as run, profile};
use crate::sandbox::{Sandbox, outcomes};

/// The state of a process, as Linux tells it.
pub(crate) fn state(pid: &str) -> String {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    let state = |text: String| text.split(' ').nth(2).map(str::to_owned);
    text.ok()
        .and_then(state)
        .unwrap_or_else(|| "gone".to_owned())
}

#[test]
fn a_program_and_what_it_started_end_at_their_time() {
    let sandbox = Sandbox::new();
    // A child that does not listen to TERM, and says where it is.
    let child = "sh -c 'trap \"\" TERM; echo $$ >\"$PID_FILE\"; while :; do sleep 0.1; done' &\n";
    let script = shell(child) + "sleep 120\n";
    sandbox.file("client.sh", &script);
    sandbox.file(
        "suite.yaml",
        &suite("  run: [ sh, client.sh ]\n  timeout: 8s\n  env: { PID_FILE: \"{{pid_file}}\" }\n  profiles: [ opaque-uuid ]\n"),
    );
    let variable = format!("pid_file={}", sandbox.path("pid").display());
    let start = Instant::now();
    let (ran, results) = run(&sandbox, &["--var", &variable, "suite.yaml"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        results.cases[0]
            .note
            .as_ref()
            .unwrap()
            .contains("did not end within 8 s")
    );
    assert_eq!(profile(&results.cases[0]), "opaque-uuid");
    assert!(
        start.elapsed() < Duration::from_secs(90),
        "it was waited for"
    );
    let pid = sandbox.read("pid");
    // It was killed; the system may take a moment, and nobody may take note of its end (Z).
    let end = Instant::now() + Duration::from_secs(20);
    while !matches!(&*state(&pid), "gone" | "Z" | "X") {
        assert!(Instant::now() < end, "{pid} is alive");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The suite, begun and not waited for.
fn started(sandbox: &Sandbox, variable: &str) -> Child {
    let args = [
        "client",
        "--var",
        variable,
        "--report",
        "json=results.json",
        "suite.yaml",
    ];
    let mut command = sandbox.command(&args);
    command.env("PATH", &*SEARCH);
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.spawn().unwrap()
}

#[test]
fn an_interruption_ends_every_program_and_keeps_what_was_done() {
    let sandbox = Sandbox::new();
    // With opaque tokens it ends; else it waits, and says who it is.
    let script = shell("") + "case ${#token} in 36) ;; *) echo $$ >>\"$PIDS\"; sleep 60;; esac\n";
    let suite = suite(
        "  run: [ sh, client.sh ]\n  env: { PIDS: \"{{pids}}\" }\n  profiles: [ jwt-4k, jwt-8k ]\n",
    );
    sandbox
        .file("client.sh", &script)
        .file("suite.yaml", &suite);
    let variable = format!("pids={}", sandbox.path("pids").display());
    let mut child = started(&sandbox, &variable);
    let end = Instant::now() + Duration::from_secs(60);
    let pids = || std::fs::read_to_string(sandbox.path("pids")).unwrap_or_default();
    while pids().lines().count() < 2 {
        assert!(Instant::now() < end, "the programs did not begin");
        std::thread::sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let results: Results = serde_json::from_str(&sandbox.read("results.json")).unwrap();
    assert_eq!(outcomes(&results), ["Orders client [opaque-uuid]: same"]);
    assert!(!results.run.complete);
    for pid in pids().lines() {
        while !matches!(&*state(pid), "gone" | "Z" | "X") {
            assert!(Instant::now() < end, "{pid} is alive");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn a_second_interruption_ends_at_once_and_leaves_no_program() {
    let sandbox = Sandbox::new();
    // It and its child do not listen to TERM; the file says that they were told, and where they live.
    let script = shell("")
        + "case ${#token} in 36) ;; *) trap 'echo >\"$TOLD\"' TERM\n\
           sh -c 'trap \"\" TERM; echo $$ >>\"$PIDS\"; while :; do sleep 0.1; done' &\n\
           echo \"$HOME\" >\"$HOME_IS\"; echo $$ >>\"$PIDS\"; while :; do sleep 0.1; done;; esac\n";
    let suite = suite(
        "  run: [ sh, client.sh ]\n  env: { PIDS: \"{{at}}/pids\", TOLD: \"{{at}}/told\", HOME_IS: \"{{at}}/home\" }\n\
         \x20 profiles: [ jwt-4k ]\n",
    );
    sandbox
        .file("client.sh", &script)
        .file("suite.yaml", &suite);
    let variable = format!("at={}", sandbox.folder().display());
    let mut child = started(&sandbox, &variable);
    let end = Instant::now() + Duration::from_secs(60);
    let until = |what: &str, there: &dyn Fn() -> bool| {
        while !there() {
            assert!(Instant::now() < end, "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let read = |name| std::fs::read_to_string(sandbox.path(name)).unwrap_or_default();
    let id = child.id().to_string();
    let interrupt = || Command::new("kill").args(["-INT", &id]).status().unwrap();
    until("the program did not begin", &|| {
        read("pids").lines().count() == 2
    });
    assert!(interrupt().success());
    until("the program was not told to end", &|| {
        sandbox.path("told").exists()
    });
    assert!(interrupt().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    for pid in read("pids").lines() {
        let gone = || matches!(&*state(pid), "gone" | "Z" | "X");
        until("a program is alive", &gone);
    }
    let home = read("home");
    assert!(home.contains("cutover-client-"), "{home}");
    assert!(!std::path::Path::new(home.trim()).exists(), "{home}");
}
