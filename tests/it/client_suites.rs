//! Client suites: their keys, and what the program is given.

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

pub(crate) fn suite(client: &str) -> String {
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
