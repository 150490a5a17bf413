//! Probes that a side cuts short: what was shown until then is told, and nothing is said of the rest.

use std::io::Write as _;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cutover::results::Results;

use crate::probe_founded::founded;
use crate::probe_gate::{Gate, Habits, bench, side, suite};
use crate::sandbox::{Ran, Sandbox, outcomes};
use crate::serve::{Server, json};

fn run(old: Habits, new: Habits, case: &str) -> (i32, String, String, Results) {
    run_with(old, new, case, &[])
}

fn run_with(
    old: Habits,
    new: Habits,
    case: &str,
    flags: &[&str],
) -> (i32, String, String, Results) {
    let (old, new) = (Gate::start(old), Gate::start(new));
    let sandbox = bench(&old, &new, case);
    let all = ["run", "--probes", "--allow-writes"];
    let (ran, results) = sandbox.results(&[&all[..], flags].concat());
    founded(&results);
    let note = results.cases[0].note.clone().unwrap_or_default();
    (ran.code, outcomes(&results)[0].clone(), note, results)
}

/// A new side that takes these and goes away after so many calls.
fn leaves(lets: &'static [&'static str], after: usize, status: u16) -> Habits {
    Habits {
        lets,
        away: Some((after, status)),
        ..Habits::new()
    }
}

const TAMPERED: &str = "probe: tampered-token";

#[test]
fn a_hole_that_was_shown_stays_one_when_the_side_goes_away() {
    for (status, said) in [
        (
            429,
            "the new side answered 429 (Too Many Requests): what it makes of one-character",
        ),
        (
            503,
            "the new side answered 503: what stands behind it did not answer, and what it makes of one-character",
        ),
    ] {
        // The scheme in lower case, the altered scope, and the cut token, which is taken; then nothing more.
        let cut = || leaves(&["truncated"], 3, status);
        let (code, outcome, note, results) = run(Habits::old(), cut(), TAMPERED);
        let hole = "p: different token probe.truncated not-refused";
        assert_eq!((code, outcome.as_str()), (1, hole), "{note}");
        assert!(note.contains(said), "{note}");
        let asked = results.cases[0].new.as_ref().unwrap();
        assert_eq!(asked.observations.last().unwrap().status, Some(status));
        // A hole on the new side needs nothing of the old one.
        let away = Habits {
            away: Some((0, status)),
            ..Habits::old()
        };
        let (code, outcome, note, _) = run(away, lets(&["truncated"]), TAMPERED);
        assert_eq!((code, outcome.as_str()), (1, hole), "{note}");
        assert!(
            note.contains(&format!("the old side answered {status}")),
            "{note}"
        );
    }
}

fn lets(lets: &'static [&'static str]) -> Habits {
    Habits {
        lets,
        ..Habits::new()
    }
}

#[test]
fn what_a_side_refused_until_it_went_away_is_no_parity() {
    let (code, outcome, note, _) = run(Habits::old(), leaves(&[], 3, 503), TAMPERED);
    assert_eq!(
        (code, outcome.as_str()),
        (3, "p: inconclusive (needs)"),
        "{note}"
    );
    let (code, outcome, note, _) = run(Habits::old(), leaves(&[], 3, 429), TAMPERED);
    assert_eq!(
        (code, outcome.as_str()),
        (3, "p: inconclusive (throttled)"),
        "{note}"
    );
    // A request that nothing was refused for may need no token at all: taking an altered one shows nothing.
    let (code, outcome, note, _) = run(Habits::old(), leaves(&["payload"], 2, 503), TAMPERED);
    assert_eq!(
        (code, outcome.as_str()),
        (3, "p: inconclusive (needs)"),
        "{note}"
    );
    // An acceptance that is accepted leaves the rest open.
    let case = "probe: tampered-token, accept: [ { where: token, path: probe.truncated, because: known } ]";
    let (code, outcome, note, _) = run(Habits::old(), leaves(&["truncated"], 3, 503), case);
    let open = "p: inconclusive (needs) token probe.truncated not-refused";
    assert_eq!((code, outcome.as_str()), (3, open), "{note}");
}

#[test]
fn a_forged_key_that_was_taken_stays_a_hole() {
    let case = "probe: tampered-token, with: { forge: key }";
    // The untouched token, `nOnE`, the foreign key; then nothing more.
    let (code, outcome, note, _) = run(Habits::old(), leaves(&["foreign-key"], 3, 504), case);
    let hole = "p: different token probe.foreign-key not-refused";
    assert_eq!((code, outcome.as_str()), (1, hole), "{note}");
    assert!(
        note.contains("what it makes of key-url is not known"),
        "{note}"
    );
}

#[test]
fn the_matrix_says_what_it_has() {
    let flags = ["--allow-cross-side"];
    let case = "probe: cross-acceptance";
    // Fresh tokens of both sides, and the changed one of the old side.
    let cut = leaves(&["foreign"], 3, 502);
    let (code, outcome, note, _) = run_with(Habits::old(), cut, case, &flags);
    let found = "p: different token probe.changed-old-token-at-new not-refused, \
                 token probe.new-token-at-old refused";
    assert_eq!((code, outcome.as_str()), (1, found), "{note}");
    assert!(
        note.contains("changed: old token at old 401, old token at new 200")
            && note.contains("the new side answered 502"),
        "{note}"
    );
    // A side that never took its own token shows nothing.
    let (code, outcome, note, _) = run_with(Habits::old(), leaves(&[], 0, 502), case, &flags);
    assert_eq!(
        (code, outcome.as_str()),
        (3, "p: inconclusive (needs)"),
        "{note}"
    );
}

#[test]
fn a_token_that_outlives_its_life_is_a_hole_whatever_became_of_the_old_side() {
    let brief = |base: Habits| Habits { life: 3, ..base };
    let away = Habits {
        away: Some((1, 503)),
        ..brief(Habits::old())
    };
    let immortal = Habits {
        immortal: true,
        ..brief(Habits::new())
    };
    let case = "probe: expiry, with: { within: 20s, leeway: 1s }";
    let (code, outcome, note, _) = run(away.clone(), immortal, case);
    let hole = "p: different token probe.expiry not-refused";
    assert_eq!((code, outcome.as_str()), (1, hole), "{note}");
    assert!(note.contains("the old side answered 503"), "{note}");
    let (code, outcome, note, _) = run(away, brief(Habits::new()), case);
    assert_eq!(
        (code, outcome.as_str()),
        (3, "p: inconclusive (needs)"),
        "{note}"
    );
}

/// A token endpoint that is away has not refused a refresh token.
#[test]
fn a_token_endpoint_that_is_away_refuses_nothing() {
    let keeps = |base: Habits| Habits {
        refresh: "keep",
        ..base
    };
    for (status, reason) in [(429, "throttled"), (503, "needs")] {
        // The token of the user, and its first refresh.
        let tired = Habits {
            endpoint_away: Some((2, status)),
            ..keeps(Habits::new())
        };
        let case = "probe: refresh-rotation, token: user";
        let (code, outcome, note, _) = run(keeps(Habits::old()), tired, case);
        let open = format!("p: inconclusive ({reason})");
        assert_eq!((code, outcome), (3, open), "{note}");
    }
}

/// What each side was asked, by name.
fn asked(results: &Results) -> [Vec<String>; 2] {
    let case = &results.cases[0];
    [&case.old, &case.new].map(|side| {
        let seen = side.as_ref().unwrap().observations.iter();
        seen.map(|one| one.name.clone()).collect()
    })
}

#[test]
fn a_revoked_token_that_lives_on_is_a_hole_whatever_became_of_the_old_side() {
    let case = "probe: revocation, with: { within: 2s }";
    let away = |calls| Habits {
        away: Some((calls, 503)),
        ..Habits::old()
    };
    let for_ever = Habits {
        lag: None,
        ..Habits::new()
    };
    let hole = "p: different token probe.revocation still-valid";
    for calls in [0, 1] {
        let (code, outcome, note, _) = run(away(calls), for_ever.clone(), case);
        assert_eq!((code, outcome.as_str()), (1, hole), "{note}");
        assert!(note.contains("the old side answered 503"), "{note}");
    }
    // What both did until then is listed.
    let (code, outcome, note, results) = run(away(1), leaves(&[], 1, 429), case);
    let open = "p: inconclusive (throttled)";
    assert_eq!((code, outcome.as_str()), (3, open), "{note}");
    let until = ["token request", "before", "revocation", "2 s after"];
    assert_eq!(asked(&results), [until, until]);
}

#[test]
fn what_two_token_answers_show_stands_when_the_api_goes_away() {
    let same = || Habits {
        reissue: "same",
        ..Habits::old()
    };
    let case = "probe: token-reuse";
    for calls in [0, 1] {
        let (code, outcome, note, _) = run(same(), leaves(&[], calls, 503), case);
        let fresh = "p: different token probe.token-reuse value";
        assert_eq!((code, outcome.as_str()), (1, fresh), "{note}");
        assert!(note.contains("the new side answered 503"), "{note}");
        // Whether the first of two lives on was not seen.
        let (code, outcome, note, results) = run(Habits::old(), leaves(&[], calls, 503), case);
        let open = "p: inconclusive (needs)";
        assert_eq!((code, outcome.as_str()), (3, open), "{note}");
        let both = [
            "first token request",
            "second token request",
            "the second token",
        ];
        assert_eq!(asked(&results)[1][..3], both);
    }
}

#[test]
fn what_a_browser_was_told_stands_when_a_side_goes_away() {
    let closed = |calls| Habits {
        cors: &[],
        ..leaves(&[], calls, 502)
    };
    let case = "probe: cors, with: { request: GET /orders, method: PUT, origin: \"https://app.example.com\", \
                headers: [ Authorization ] }";
    let (code, outcome, note, _) = run(Habits::old(), closed(2), case);
    let found = "p: different header access-control-allow-origin[preflight] removed, \
                 header access-control-allow-origin[preflight of a foreign origin] removed";
    assert_eq!((code, outcome.as_str()), (1, found), "{note}");
    assert!(note.contains("the new side answered 502"), "{note}");
    let (code, outcome, note, results) = run(Habits::old(), leaves(&[], 2, 502), case);
    let open = "p: inconclusive (needs)";
    assert_eq!((code, outcome.as_str()), (3, open), "{note}");
    assert_eq!(asked(&results).map(|asked| asked.len()), [5, 3]);
}

#[test]
fn a_length_that_was_refused_stays_one_when_the_side_goes_away() {
    let case = "probe: header-limit";
    let short = |calls, status| Habits {
        header_limit: Some((8_192, 431)),
        ..leaves(&[], calls, status)
    };
    for status in [429, 503] {
        // The token at hand, 8 KiB, and the first size between.
        let (code, outcome, note, _) = run(Habits::old(), short(3, status), case);
        let found = "p: different token probe.header-limit length";
        assert_eq!((code, outcome.as_str()), (1, found), "{note}");
        assert!(
            note.contains(&format!("the new side answered {status}")),
            "{note}"
        );
    }
    // What stands behind a gateway is away before anything was refused.
    for calls in [0, 2] {
        let (code, outcome, note, _) = run(Habits::old(), leaves(&[], calls, 503), case);
        let open = "p: inconclusive (needs)";
        assert_eq!((code, outcome.as_str()), (3, open), "{note}");
    }
    // A hop that refuses a long header with 502 does so again and again, and takes a short one.
    let hop = Habits {
        header_limit: Some((8_192, 502)),
        ..Habits::new()
    };
    let (code, outcome, note, _) = run(Habits::old(), hop, case);
    let found = "p: different token probe.header-limit length";
    assert_eq!((code, outcome.as_str()), (1, found), "{note}");
}

/// A run that a person ends keeps what its probe saw.
#[test]
fn what_a_probe_saw_until_the_run_was_ended_is_listed() {
    let (tell, held) = std::sync::mpsc::channel();
    let calls = Arc::new(AtomicUsize::new(0));
    let new = Server::start(move |seen, stream| {
        let body = match seen.target.as_str() {
            "/token" => {
                r#"{"access_token":"new-token-000000000000000000000001","token_type":"Bearer"}"#
            }
            _ => "{}",
        };
        let is_call = !["/token", "/revoke"].contains(&seen.target.as_str());
        if is_call && calls.fetch_add(1, Ordering::SeqCst) > 0 {
            let _ = tell.send(());
            // Until the command goes.
            let _ = std::io::Read::read(stream, &mut [0; 8]);
        } else {
            let _ = stream.write_all(&json(body));
        }
    });
    let old = Gate::start(Habits::old());
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &(old.side() + &side("new", &new.url())));
    sandbox.file(
        "suites/p.yaml",
        &suite("probe: revocation, with: { within: 2s }"),
    );
    let args = [
        "run",
        "--probes",
        "--allow-writes",
        "--report",
        "json=r.json",
    ];
    let mut command = sandbox.command(&args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    held.recv_timeout(Duration::from_secs(60))
        .expect("the revoked token");
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(sent.unwrap().success());
    assert_eq!(Ran::of(&child.wait_with_output().unwrap()).code, 130);
    let results: Results = serde_json::from_str(&sandbox.read("r.json")).unwrap();
    assert_eq!(outcomes(&results), ["p: inconclusive (interrupted)"]);
    assert_eq!(
        asked(&results)[1],
        ["token request", "before", "revocation"]
    );
    assert_eq!(results.cases[0].new.as_ref().unwrap().requests, Some(4));
    assert!(!sandbox.read("r.json").contains("-token-0000"));
}
