//! Client suites: their keys, what the program is given, and what becomes of it.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cutover::results::{Results, SideResult};

use crate::clients::{SEARCH, client as run, findings, profile};
use crate::sandbox::{Ran, Sandbox, outcomes};

/// A program in shell: one token, one call; what stands before runs first.
pub(crate) fn shell(before: &str) -> String {
    format!(
        "{before}\ntoken=$(curl --silent --fail --user \"$CUTOVER_CLIENT_ID:$CUTOVER_CLIENT_SECRET\" \
         --data grant_type=client_credentials \"$CUTOVER_TOKEN_URL\" | \
         sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n\
         printf 'header = \"Authorization: Bearer %s\"\\n' \"$token\" | \
         curl --silent --fail --config - \"$CUTOVER_API_URL/orders\"\n"
    )
}

/// The state of a process, as Linux tells it.
pub(crate) fn state(pid: &str) -> String {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    let state = |text: String| text.split(' ').nth(2).map(str::to_owned);
    text.ok()
        .and_then(state)
        .unwrap_or_else(|| "gone".to_owned())
}

fn suite(client: &str) -> String {
    format!("name: Orders client\nfeature: token-type\ntags: [ clients ]\nclient:\n{client}")
}

/// What the program has to find; each check has an exit code of its own.
const CHECKS: &str = r#"
[ -z "${SECRET_OF_MINE:-}${http_proxy:-}" ] || exit 3
[ "$PASSED" = on ] || exit 4
[ "$OWN" = "$CUTOVER_PROFILE/token" ] || exit 5
for folder in "$HOME" "$TMPDIR" "$XDG_CACHE_HOME" "$PWD"; do
  case $folder in */cutover-client-*) ;; *) exit 6;; esac
done
[ "$(cat conf/app.ini)" = "url = $CUTOVER_API_URL {{other}}" ] || exit 7
[ "$1" = "$CUTOVER_TOKEN_URL" ] || exit 8
printf '%s' "$HOME" >"$HOME_IS"
"#;

const IN_FULL: &str = r#"
  run: [ sh, client.sh, "{{token_url}}" ]
  cwd: temp
  files: { client.sh: client.sh, conf/app.ini: app.ini }
  env: { OWN: "{{profile}}/token", HOME_IS: "{{home_is}}" }
  pass_env: [ PASSED ]
  timeout: 5m
  profiles: [ opaque-hex ]
  serve: { api: json }
"#;

#[test]
fn the_program_works_in_folders_of_its_own_and_sees_nothing_else() {
    let sandbox = Sandbox::new();
    sandbox
        .file("suites/client.sh", &shell(CHECKS))
        .file("suites/app.ini", "url = {{api_url}} {{other}}")
        .file("suites/client.yaml", &suite(IN_FULL));
    let variable = format!("home_is={}", sandbox.path("home").display());
    let args = [
        "client",
        "--var",
        &variable,
        "--report",
        "json=results.json",
    ];
    let mut command = sandbox.command(&args);
    command.env("PATH", &*SEARCH).env("PASSED", "on");
    command
        .env("SECRET_OF_MINE", "x")
        .env("http_proxy", "http://127.0.0.1:1");
    let ran = Ran::of(&command.output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    let home = sandbox.read("home");
    assert!(
        !std::path::Path::new(&home).exists(),
        "{home} is still there"
    );
    let results: Results = serde_json::from_str(&sandbox.read("results.json")).unwrap();
    let wanted = [
        "Orders client [opaque-hex]: same",
        "Orders client [opaque-uuid]: same",
    ];
    assert_eq!(outcomes(&results), wanted);
    let hex = &results.cases[0];
    assert_eq!(hex.id, "suites/client.yaml::Orders client [opaque-hex]");
    assert_eq!(hex.feature.as_deref(), Some("token-type"));
    let told = |side: &Option<SideResult>| {
        let side = side.as_ref().unwrap();
        (
            side.profile.clone().unwrap(),
            side.exit,
            side.token_requests,
            side.api_requests,
        )
    };
    assert_eq!(
        told(&hex.old),
        ("opaque-uuid".to_owned(), Some(0), Some(1), Some(1))
    );
    assert_eq!(
        told(&hex.new),
        ("opaque-hex".to_owned(), Some(0), Some(1), Some(1))
    );
    assert!(results.pair.is_none());
}

#[test]
fn run_leaves_client_suites_alone() {
    let sandbox = Sandbox::new();
    sandbox
        .file(
            "suites/client.yaml",
            &suite("  run: [ touch, ran ]\n  profiles: [ jwt-4k ]\n"),
        )
        .file(
            "cutover.yaml",
            &crate::sandbox::pair("http://127.0.0.1:9", "http://127.0.0.1:9"),
        );
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    let wanted = [
        "Orders client [jwt-4k]: skipped (client-suite)",
        "Orders client [opaque-uuid]: skipped (client-suite)",
    ];
    assert_eq!(outcomes(&results), wanted);
    assert!(!sandbox.path("ran").exists() && !sandbox.path("suites/ran").exists());
    let list = sandbox.run(&["list"]);
    assert!(
        list.out.contains("`cutover client` runs the program"),
        "{}",
        list.out
    );
}

#[test]
fn a_program_that_does_not_work_at_all_proves_nothing() {
    let sandbox = Sandbox::new();
    for (script, said) in [
        ("echo broken >&2; exit 3", "exit code 3: broken"),
        ("exit 0", "never asked for a token"),
        (
            "curl --silent --output /dev/null --user \"$CUTOVER_CLIENT_ID:$CUTOVER_CLIENT_SECRET\" --data grant_type=client_credentials $CUTOVER_TOKEN_URL",
            "never called the API",
        ),
    ] {
        sandbox.file("client.sh", script);
        let (ran, results) = run(&sandbox, &["--profiles", "jwt-4k", "--", "sh", "client.sh"]);
        assert_eq!(ran.code, 3, "{ran:?}");
        let wanted = [
            "jwt-4k inconclusive needs",
            "opaque-uuid inconclusive both-failed",
        ];
        let told: Vec<String> = findings(&results.cases);
        assert_eq!(told, wanted, "{script}");
        let note = results.cases[1].note.clone().unwrap();
        assert!(note.contains(said), "{note}");
    }
}

#[test]
fn what_cannot_be_started_is_bad_usage() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["client", "--", "no-such-program-anywhere"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains("cannot start `no-such-program-anywhere`"),
        "{}",
        ran.err
    );
}

#[test]
fn every_mistake_of_a_client_suite_is_told() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "suites/client.yaml",
        "name: Mistakes\nfeature: token-typ\nclient:\n  run: []\n  cwd: tmp\n  env: { A: \"{{token_uri}}\" }\n\
         \x20 profiles: [ jwt-4, own.yaml ]\n  timeout: 0s\n  request: []\n  files: { ../up: client.yaml }\n",
    );
    let ran = sandbox.run(&["client"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    for part in ["`tmp`", "did you mean `requests`?"] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    sandbox.file(
        "suites/client.yaml",
        "name: Mistakes\nfeature: token-typ\nclient:\n  run: []\n  env: { A: \"{{token_uri}}\", HOME: /root, \
         XDG_CACHE_HOME: /var, CUTOVER_API_URL: x }\n  pass_env: [ TMPDIR ]\n\
         \x20 profiles: [ jwt-4, own.yaml ]\n  timeout: 0s\n  files: { ../up: client.yaml }\n",
    );
    let ran = sandbox.run(&["client"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    for part in [
        "`token-typ`",
        "nothing to run",
        "`token_url`?",
        "`jwt-4k`?",
        "`HOME` is set by every run: it leads into the temporary folder",
        "`XDG_CACHE_HOME` is set by every run",
        "`CUTOVER_API_URL` is set by every run",
        "`TMPDIR` is set by every run",
        "own.yaml",
        "time of nothing",
        "`../up`",
    ] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    let both = "name: Both\ncases: []\nclient: { run: [ \"true\" ] }\n";
    sandbox.file("suites/client.yaml", both);
    let ran = sandbox.run(&["client"]);
    assert!(ran.code == 2 && ran.err.contains("not both"), "{ran:?}");
}

#[test]
fn what_has_no_client_is_not_run() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "suites/cases.yaml",
        "name: Cases\ncases:\n  - { name: one, request: GET / }\n",
    );
    let named = sandbox.run(&["client", "suites/cases.yaml"]);
    assert!(
        named.code == 2 && named.err.contains("`cutover run` runs it"),
        "{named:?}"
    );
    let found = sandbox.run(&["client"]);
    assert!(
        found.code == 4 && found.err.contains("no client suite found"),
        "{found:?}"
    );
}

#[test]
fn tokens_are_never_shown() {
    let sandbox = Sandbox::new();
    let script = shell("") + "echo \"$token\" >&2; echo \"$token\"; exit 1\n";
    sandbox.file("client.sh", &script);
    let args = ["--profiles", "jwt-choreo", "-v", "--", "sh", "client.sh"];
    let (ran, _) = run(&sandbox, &args);
    let journal = sandbox.path(".cutover/runs");
    let journal = std::fs::read_dir(journal)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let kept = std::fs::read_to_string(journal).unwrap();
    for text in [&ran.out, &ran.err, &kept, &sandbox.read("results.json")] {
        assert!(
            !text.contains("eyJ") && !text.contains("test-secret-of"),
            "{text}"
        );
    }
    assert!(
        kept.contains("[secret access_token, 36 characters]"),
        "{kept}"
    );
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

#[test]
fn a_service_runs_for_its_time_and_over_tls() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "client.sh",
        &(shell("case $CUTOVER_API_URL in https:*) ;; *) exit 3;; esac") + "sleep 60\n"),
    );
    sandbox.file(
        "suite.yaml",
        &suite("  run: [ sh, client.sh ]\n  tls: true\n  for: 10s\n  profiles: [ jwt-4k ]\n"),
    );
    let (ran, results) = run(&sandbox, &["suite.yaml"]);
    assert_eq!(ran.code, 0, "{ran:?} {:?}", results.cases);
    let calls: Vec<_> = results
        .cases
        .iter()
        .map(|case| case.new.as_ref().unwrap().api_requests)
        .collect();
    assert_eq!(calls, [Some(1), Some(1)]);
}

#[test]
fn a_profile_of_ones_own_and_an_api_of_ones_own() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "own.yaml",
        "name: vendor-x\nabout: tokens of vendor X\nseen_in: vendor X\nexpectation: works\ntoken: { format: jwt, length: 3000 }\n",
    );
    sandbox.file(
        "api.yaml",
        "name: API\nplatform: generic\ngateway: { base: /shop/v1 }\nroutes:\n  - { request: GET /orders, json: { orders: 7 } }\n",
    );
    sandbox.file("client.sh", &shell(""));
    sandbox.file(
        "suite.yaml",
        &suite("  run: [ sh, client.sh ]\n  profiles: [ own.yaml ]\n  serve: { api: api.yaml }\n"),
    );
    let (ran, results) = run(&sandbox, &["suite.yaml"]);
    assert_eq!(ran.code, 0, "{ran:?} {:?}", results.cases);
    let names: Vec<&str> = results.cases.iter().map(profile).collect();
    assert_eq!(names, ["opaque-uuid", "vendor-x"]);
    let listed = sandbox.run(&["client", "--list-profiles", "--profiles", "own.yaml"]);
    assert_eq!(
        listed.out,
        "vendor-x\n  tokens of vendor X\n  seen in: vendor X\n  expected: works\n"
    );
    let all = sandbox.run(&["client", "--list-profiles"]);
    assert_eq!(listed_names(&all.out).len(), 29);
    let told = |mark: &str| {
        all.out
            .lines()
            .filter(|line| line.starts_with(mark))
            .count()
    };
    assert_eq!((told("  seen in: "), told("  expected: ")), (29, 29));
    assert!(all.out.lines().all(|line| line.chars().count() <= 60));
    let fast = sandbox.run(&["client", "--list-profiles", "--fast"]);
    assert_eq!(listed_names(&fast.out).len(), 22);
}

fn listed_names(list: &str) -> Vec<&str> {
    list.lines().filter(|line| !line.starts_with(' ')).collect()
}

const PAGE: &str = include_str!("../../docs/clients.md");

#[test]
fn the_page_on_clients_is_in_force() {
    let block = |words: &str| crate::docs::blocks(PAGE, words)[0];
    let sandbox = Sandbox::new();
    sandbox.file("client.sh", block("sh client"));
    let (ran, results) = run(
        &sandbox,
        &[
            "--profiles",
            "opaque-hex,jwt-choreo",
            "--",
            "sh",
            "client.sh",
        ],
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    let told = block("text client").trim();
    let cut = results
        .cases
        .iter()
        .find(|case| profile(case) == "jwt-choreo")
        .unwrap();
    assert_eq!(cut.differences[0].explain, told);
    let lines = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(lines.contains(told), "{}", ran.out);
    assert_eq!(ran.verdict(), "not ready: 1 of 3 profiles different");

    sandbox
        .file("suites/client.sh", block("sh client"))
        .file("suites/app.ini", "url = {{api_url}}")
        .file("suites/own.yaml", block("yaml profile"))
        .file("suites/client.yaml", block("yaml client"));
    let (ran, results) = run(
        &sandbox,
        &["suites/client.yaml", "--report", "markdown=readiness.md"],
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    let told = findings(&results.cases);
    let wanted = [
        "jwt-choreo truncated issued=1459 sent=255",
        "vendor-x truncated issued=3000 sent=255",
    ];
    assert_eq!(told, wanted);
    let page = sandbox.read("readiness.md");
    assert!(
        page.starts_with("# Client readiness: not ready: 2 of 4 profiles different\n"),
        "{page}"
    );
    let row = "| jwt-choreo | different | truncated (breaking): sent the first 255 of 1,459 characters: looks like a \
               column or buffer of 255 | 1, 1 |\n";
    assert!(page.contains(row), "{page}");
    assert_eq!(page.matches("| opaque-uuid | same |").count(), 1, "{page}");
    // What is to be done stands above what was seen.
    let (to_do, seen) = page.split_once("## What was seen").unwrap();
    assert!(
        to_do.contains("## What to change\n\n- find what holds the token"),
        "{page}"
    );
    assert!(to_do.contains(" (jwt-choreo, vendor-x)\n"), "{page}");
    assert!(seen.contains("`cutover client --list-profiles`"), "{page}");
}

#[test]
fn the_page_on_clients_lists_every_profile() {
    let listed: Vec<&str> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    let known = cutover::client::Profile::shipped().unwrap();
    for profile in known {
        assert!(listed.contains(&profile.name.as_str()), "{}", profile.name);
    }
}

#[test]
fn a_right_program_is_ready() {
    let sandbox = Sandbox::new();
    sandbox.file("client.sh", &shell(""));
    let args = [
        "--profiles",
        "jwt-choreo,short-lived",
        "--report",
        "junit=report.xml",
        "--",
        "sh",
        "client.sh",
    ];
    let (ran, results) = run(&sandbox, &args);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.verdict(), "ready: no finding in 3 of 3 profiles");
    // It ends before its token does, which is said.
    let short = results
        .cases
        .iter()
        .find(|case| profile(case) == "short-lived")
        .unwrap();
    assert!(
        short.note.as_ref().unwrap().contains("was not seen"),
        "{short:?}"
    );
    let xml = sandbox.read("report.xml");
    assert!(
        xml.contains("tests=\"3\" ") && xml.contains("[jwt-choreo]"),
        "{xml}"
    );
}

#[test]
fn flags_of_run_that_change_nothing_are_taken_with_a_warning() {
    let sandbox = Sandbox::new();
    sandbox.file("client.sh", &shell(""));
    let all = ["--samples", "2", "--probes", "--allow-cross-side", "--swap"];
    let rest = [
        "--profiles",
        "opaque-hex,no-refresh-token",
        "--",
        "sh",
        "client.sh",
    ];
    let (ran, results) = run(&sandbox, &[&all[..], &rest[..]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    for flag in ["--samples", "--probes", "--allow-cross-side"] {
        let text = format!("warning: {flag} has no meaning for client programs: it is passed over");
        assert!(ran.err.contains(&text), "{text}: {}", ran.err);
    }
    // A program of client credentials has no refresh token to do without, which is said.
    let notes: Vec<bool> = results
        .cases
        .iter()
        .map(|case| {
            case.note
                .as_deref()
                .is_some_and(|note| note.contains("no refresh token"))
        })
        .collect();
    assert_eq!(notes, [true, false, false]);
    let mut strict = vec!["client", "--strict", "--probes"];
    strict.extend(rest);
    let ran = sandbox.run(&strict);
    assert!(
        ran.code == 2 && ran.err.contains("--probes has no meaning"),
        "{ran:?}"
    );
}
