//! Client programs through `cutover client`: each broken one has exactly its findings, each right one
//! none. What is expected of `tests/clients/X.py` stands beside it in `X.expected`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use cutover::results::{CaseResult, Results};

use crate::sandbox::{Ran, Sandbox};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// PATH with the folder of the interpreter itself in front: a shim in its place may need the home
/// folder, which a client does not have.
pub(crate) static SEARCH: LazyLock<String> = LazyLock::new(|| {
    let script = "import os, sys; print(os.path.dirname(os.path.realpath(sys.executable)))";
    let output = Command::new("python3").args(["-c", script]).output();
    let output = output.expect("the clients of these tests need python3");
    let folder = String::from_utf8(output.stdout).unwrap();
    format!("{}:{}", folder.trim(), std::env::var("PATH").unwrap())
});

/// Runs `cutover client` with a JSON report, and reads it.
pub(crate) fn client(sandbox: &Sandbox, args: &[&str]) -> (Ran, Results) {
    let args = [&["client", "--report", "json=results.json"], args].concat();
    let mut command = sandbox.command(&args);
    let ran = Ran::of(&command.env("PATH", &*SEARCH).output().unwrap());
    let text = std::fs::read_to_string(sandbox.path("results.json"));
    let text = text.unwrap_or_else(|_| panic!("no report: {ran:?}"));
    (ran, serde_json::from_str(&text).unwrap())
}

/// The profile of a case.
pub(crate) fn profile(case: &CaseResult) -> &str {
    let (_, name) = case.id.rsplit_once('[').unwrap();
    name.strip_suffix(']').unwrap()
}

/// `PROFILE KIND NAME=VALUE ..` for each finding, in the order of the report.
pub(crate) fn findings(cases: &[CaseResult]) -> Vec<String> {
    let mut lines = Vec::new();
    for case in cases {
        for finding in &case.differences {
            let mut words = vec![profile(case).to_owned(), finding.kind.to_string()];
            for (name, value) in &finding.detail {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                words.push(format!("{name}={}", value.replace(' ', "-")));
            }
            lines.push(words.join(" "));
        }
        if let Some(reason) = case.reason {
            lines.push(format!("{} {} {reason}", profile(case), case.verdict));
        }
    }
    lines
}

/// The suite of a service: its own, or that of all.
fn suite_of(program: &Path) -> PathBuf {
    let own = program.with_extension("yaml");
    if own.is_file() {
        own
    } else {
        folder().join("service.yaml")
    }
}

fn check(name: &str) {
    let program = folder().join(name);
    let expected = std::fs::read_to_string(program.with_extension("expected")).unwrap();
    let mut lines = expected.lines();
    let profiles = lines.next().unwrap().strip_prefix("profiles ").unwrap();
    let exit = lines.next().unwrap().strip_prefix("exit ").unwrap();
    // What ends by itself has time to, however busy the machine is.
    let hangs = expected.contains(" hung ");
    let mut args = vec![
        "client",
        "--timeout",
        if hangs { "20s" } else { "2m" },
        "--report",
        "json=results.json",
    ];
    match profiles {
        "all" => {}
        "fast" => args.push("--fast"),
        some => args.extend(["--profiles", some]),
    }
    let interpreter = match program.extension().unwrap().to_str().unwrap() {
        "py" => Some("python3"),
        "mjs" => Some("node"),
        _ => None,
    };
    let suite = suite_of(&program);
    let variables = [
        format!("interpreter={}", interpreter.unwrap_or_default()),
        format!("program={}", program.display()),
    ];
    if name.starts_with("service_") {
        args.extend(variables.iter().flat_map(|variable| ["--var", variable]));
        args.push(suite.to_str().unwrap());
    } else {
        args.push("--");
        args.extend(interpreter);
        args.push(program.to_str().unwrap());
    }
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&args);
    command
        .env("PATH", &*SEARCH)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = sandbox.read("results.json");
    let results: Results = serde_json::from_str(&report).unwrap();
    let wanted: Vec<&str> = lines.collect();
    assert_eq!(findings(&results.cases), wanted, "{said}");
    assert_eq!(output.status.code().unwrap().to_string(), exit, "{said}");
    for finding in results.cases.iter().flat_map(|case| &case.differences) {
        assert!(finding.advice.is_some(), "no advice: {}", finding.explain);
    }
    assert_eq!(results.run.planned, results.cases.len());
}

/// A test for each program.
macro_rules! clients {
    ($( $test:ident: $file:literal, )*) => {
        const FILES: &[&str] = &[$( $file ),*];
        $(
            #[test]
            fn $test() {
                check($file);
            }
        )*
    };
}

clients! {
    base64_lines: "base64_lines.py",
    bearer_with_case: "bearer_with_case.py",
    cookie_4096: "cookie_4096.py",
    crashes: "crashes.py",
    cut_36: "cut_36.py",
    cut_64: "cut_64.py",
    cut_128: "cut_128.py",
    cut_255: "cut_255.py",
    cut_256: "cut_256.py",
    cut_512: "cut_512.py",
    cut_1024: "cut_1024.py",
    cut_2048: "cut_2048.py",
    cut_4096: "cut_4096.py",
    cut_late: "cut_late.py",
    expires_in_number: "expires_in_number.py",
    fetch_per_call: "fetch_per_call.py",
    first_40: "first_40.py",
    folds_headers: "folds_headers.py",
    gives_up: "gives_up.py",
    hangs: "hangs.py",
    ignores_expires_in: "ignores_expires_in.py",
    insists_on_refresh: "insists_on_refresh.py",
    lower_cased: "lower_cased.py",
    never_refreshes: "never_refreshes.py",
    no_single_flight: "no_single_flight.py",
    old_refresh_token: "old_refresh_token.py",
    one_error_text: "one_error_text.py",
    part_in_file: "part_in_file.py",
    plus_decoded: "plus_decoded.py",
    reads_claims: "reads_claims.py",
    right_chatty: "right_chatty.py",
    right_curl: "right_curl.sh",
    right_file_cache: "right_file_cache.py",
    right_form_auth: "right_form_auth.py",
    right_keep_alive: "right_keep_alive.py",
    right_lead: "right_lead.py",
    right_masks: "right_masks.py",
    right_many_calls: "right_many_calls.py",
    right_node: "right_node.mjs",
    right_one_shot: "right_one_shot.py",
    right_parallel: "right_parallel.py",
    right_password: "right_password.py",
    right_reactive: "right_reactive.py",
    right_session: "right_session.py",
    right_timed: "right_timed.py",
    right_upload: "right_upload.py",
    right_urllib: "right_urllib.py",
    same_start: "same_start.py",
    says_format: "says_format.py",
    says_none: "says_none.py",
    splits_on_dots: "splits_on_dots.py",
    service_at_once: "service_at_once.py",
    service_crashes: "service_crashes.py",
    service_cut_255: "service_cut_255.py",
    service_drops: "service_drops.py",
    service_hangs: "service_hangs.py",
    service_masks: "service_masks.py",
    service_never_ready: "service_never_ready.py",
    service_never_refreshes: "service_never_refreshes.py",
    service_other_answer: "service_other_answer.py",
    service_right: "service_right.py",
    service_right_node: "service_right_node.mjs",
    service_right_own_port: "service_right_own_port.py",
    service_right_worker: "service_right_worker.py",
    service_shows_token: "service_shows_token.py",
    sqlite_check: "sqlite_check.py",
    strict_members: "strict_members.py",
    token_at_endpoint: "token_at_endpoint.py",
    token_in_part: "token_in_part.py",
    token_in_url: "token_in_url.py",
    token_printed: "token_printed.py",
    trailing_newline: "trailing_newline.py",
    two_headers: "two_headers.py",
    uuid_pattern: "uuid_pattern.py",
    warns_of_length: "warns_of_length.py",
}

#[test]
fn every_client_of_the_folder_is_run() {
    let entries = std::fs::read_dir(folder()).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    let programs = names.filter(|name| {
        let ending = Path::new(name).extension().unwrap_or_default();
        let shared = ["client.py", "service.py", "upload.py"].contains(&name.as_str());
        (ending == "py" || ending == "sh" || ending == "mjs") && !shared
    });
    let programs: BTreeSet<String> = programs.collect();
    let listed: BTreeSet<String> = FILES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(programs, listed);
    let right = programs
        .iter()
        .filter(|name| name.starts_with("right_") || name.starts_with("service_right"))
        .count();
    assert!(
        right >= 12 && programs.len() - right >= 25,
        "{right} of {}",
        programs.len()
    );
}
