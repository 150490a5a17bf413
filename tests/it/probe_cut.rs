//! Probes that a side cuts short: what was shown until then is told, and nothing is said of the rest.

use cutover::results::Results;

use crate::probe_founded::founded;
use crate::probe_gate::{Gate, Habits, bench};
use crate::sandbox::outcomes;

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
