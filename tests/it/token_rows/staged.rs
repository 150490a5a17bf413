//! Rows of checks that need another pair than two answers or two gates: each builds its own, and says what the command
//! finds there.

use cutover::results::Results;

use super::told;
use crate::probe_gate::{Gate, Habits, bench_after_a_case};
use crate::probe_shipped::headers_over_http_2;
use crate::probe_tls::with_a_certificate_that_ended;
use crate::sandbox::Sandbox;
use crate::serve::{Seen, Server, answer, json};
use crate::token_uses::{ECHO, gateway, of_three_clients, sandbox};

/// What the command is run on, and what it finds.
struct Staged {
    check: &'static str,
    what: &'static str,
    /// Runs the command; gives its exit code and the results.
    run: fn() -> (i32, Results),
    code: i32,
    /// Of each difference of the last case, in order: check, severity, where, path, kind; of warnings, their code and side.
    found: &'static [&'static str],
}

/// Rows, one a line: the check, what is other on the new side, how it is run, the exit code, and what is found.
macro_rules! staged {
    ($( $check:literal $what:literal: $run:expr => $code:literal, $($found:literal),+; )*) => {
        vec![$(Staged { check: $check, what: $what, run: $run, code: $code, found: &[$($found),+] }),*]
    };
}

fn rows() -> Vec<Staged> {
    staged! {
        "A33" "its certificate has ended": with_a_certificate_that_ended => 1, "A33 breaking tls expiry value";
        "B16" "the JWT of one client is many times the usual one": spread => 0, "B16 token-length-spread new";
        "B17" "the token is longer than its platform says": longer => 1, "B17 risky token $.access_token length";
        "D05" "a second use ends the next refresh token": family => 1, "D05 risky token probe.refresh-family evicted";
        "E01" "it refuses its own token": || refused("app") => 1, "E01 breaking status  value";
        "E05" "it refuses a key in a header": || refused("key") => 1, "E05 breaking status  value";
        "E13" "the token reaches the backend": || echoed(&[], &[], true) => 1,
            "E13 breaking body $.headers.authorization added";
        "E14" "the caller is named no more": || echoed(&[("eg-consumer-id", "c-17")], &[], false) => 1,
            "E14 breaking body $.headers['eg-consumer-id'] removed";
        "E16" "over HTTP/2 less passes": headers_over_http_2 => 1, "E16 risky token probe.header-limit length";
    }
}

fn run(sandbox: &Sandbox, flags: &[&str]) -> (i32, Results) {
    let (ran, results) = sandbox.results(&[&["run"], flags].concat());
    (ran.code, results)
}

fn spread() -> (i32, Results) {
    of_three_clients([10, 100, 200], [10, 100, 4000])
}

fn longer() -> (i32, Results) {
    let (old, new) = (gateway(false, &[], 1200), gateway(false, &[], 1224));
    let case = "  - { name: t, grant: client_credentials }\n";
    let sandbox = sandbox(&old, &new, "  platform: platform.yaml\n", case);
    sandbox.file("platform.yaml", "platform: ours\nlongest_token: 1220\n");
    run(&sandbox, &[])
}

/// A case before the probe leaves it the one request more that the family takes.
fn family() -> (i32, Results) {
    let ends = Habits {
        family: true,
        ..Habits::new()
    };
    let (old, new) = (Gate::start(Habits::old()), Gate::start(ends));
    let sandbox = bench_after_a_case(&old, &new);
    run(&sandbox, &["--probes", "--allow-writes"])
}

/// The new side takes neither tokens nor keys.
fn refused(token: &str) -> (i32, Results) {
    const TOKEN: &str =
        r#"{"access_token":"a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2","token_type":"Bearer"}"#;
    let side = |status: u16| {
        Server::answering(move |seen: &Seen| match seen.target.as_str() {
            "/token" => json(TOKEN),
            _ => answer(status, &[], "alike"),
        })
    };
    let case = format!("  - {{ name: a, request: GET /a, token: {token} }}\n");
    run(&sandbox(&side(200), &side(401), "", &case), &[])
}

/// A backend tells what headers reached it; the old side takes the token away, and the new one where it does not hand
/// it on.
fn echoed(
    old: &'static [(&'static str, &'static str)],
    new: &'static [(&'static str, &'static str)],
    hands_on: bool,
) -> (i32, Results) {
    let (old, new) = (gateway(true, old, 36), gateway(!hands_on, new, 36));
    run(&sandbox(&old, &new, "", ECHO), &[])
}

#[test]
fn what_needs_another_pair_is_found() {
    for row in rows() {
        let (code, results) = (row.run)();
        let name = format!("{} {}", row.check, row.what);
        let case = results.cases.last().unwrap();
        let mut found: Vec<String> = case.differences.iter().map(told).collect();
        let named = results
            .warnings
            .iter()
            .filter(|one| one.message.contains("check "));
        found.extend(named.map(|one| {
            let (_, check) = one.message.rsplit_once("check ").unwrap();
            let side = one.side.map_or("-", |side| side.word());
            format!("{} {} {side}", check.trim_end_matches(')'), one.code)
        }));
        assert_eq!(found, row.found, "{name}: {:?}", case.note);
        assert_eq!(code, row.code, "{name}");
        assert!(
            row.found.iter().any(|found| found.starts_with(row.check)),
            "{name}"
        );
    }
}

/// Every check that has a row here.
pub(super) fn checks() -> Vec<&'static str> {
    rows().iter().map(|row| row.check).collect()
}
