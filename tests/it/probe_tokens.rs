//! The probes of token life: reuse, revocation, rotation, expiry, the other side.

use std::time::Duration;

use crate::probe_founded::founded;
use crate::probe_gate::{Gate, Habits, bench, bench_after_a_case};
use crate::sandbox::outcomes;

/// The exit code and the outcome of one probe, with the checks and severities of what it found.
fn run(old: Habits, new: Habits, case: &str) -> (i32, String, Vec<String>) {
    let (old, new) = (Gate::start(old), Gate::start(new));
    let sandbox = bench(&old, &new, case);
    let (ran, results) =
        sandbox.results(&["run", "--probes", "--allow-writes", "--allow-cross-side"]);
    founded(&results);
    let found = results.cases[0].differences.iter();
    let found = found
        .map(|d| {
            let check = d.check.as_deref().unwrap_or_default();
            format!("{check} {} {}", d.severity, d.explain)
        })
        .collect();
    (ran.code, outcomes(&results)[0].clone(), found)
}

fn short(old: Habits, new: Habits, case: &str) -> (i32, String) {
    let (code, outcome, _) = run(old, new, case);
    (code, outcome)
}

const REUSE: &str = "probe: token-reuse";

#[test]
fn tokens_that_end_each_other_are_a_break() {
    let of = |base: Habits, reissue| Habits { reissue, ..base };
    let same = |reissue| {
        short(
            of(Habits::old(), reissue),
            of(Habits::new(), reissue),
            REUSE,
        )
    };
    for reissue in ["same", "fresh", "revokes"] {
        assert_eq!(same(reissue), (0, "p: same".to_owned()));
    }
    let old = of(Habits::old(), "same");
    let fresh = short(old.clone(), of(Habits::new(), "fresh"), REUSE);
    let value = "p: different token probe.token-reuse value".to_owned();
    assert_eq!(fresh, (1, value.clone()));
    let (_, _, found) = run(old.clone(), of(Habits::new(), "fresh"), REUSE);
    assert!(found[0].starts_with("L01 risky asked twice"), "{found:?}");
    let (code, outcome, found) = run(of(Habits::old(), "fresh"), of(Habits::new(), "same"), REUSE);
    assert_eq!((code, outcome), (1, value));
    assert!(found[0].starts_with("B19 risky asked twice"), "{found:?}");
    // Two JWTs without an id are equal where they were signed in one second: that is no token given twice.
    let dated = short(old.clone(), of(Habits::new(), "dated"), REUSE);
    assert_eq!(dated, fresh);
    // Tokens that cannot be told apart by their ids.
    let (code, outcome, found) = run(
        of(Habits::old(), "fresh"),
        of(Habits::new(), "one-id"),
        REUSE,
    );
    let one_id = "p: different token probe.token-id value";
    assert_eq!((code, outcome.as_str()), (1, one_id));
    assert!(found[0].starts_with("F10 risky two tokens"), "{found:?}");
    let (code, outcome, found) = run(old, of(Habits::new(), "revokes"), REUSE);
    let evicted = "p: different token probe.token-reuse evicted";
    assert_eq!((code, outcome.as_str()), (1, evicted));
    assert!(
        found[0].starts_with(
            "L02 breaking two replicas that share a key worked on the old side and evict each other on the new"
        ),
        "{found:?}"
    );
}

#[test]
fn a_revoked_token_that_lives_on_is_a_hole() {
    let case = "probe: revocation, with: { within: 4s }";
    let lag = |lag: Option<u64>| Habits {
        lag: lag.map(Duration::from_secs),
        ..Habits::new()
    };
    assert_eq!(
        short(Habits::old(), Habits::new(), case),
        (0, "p: same".to_owned())
    );
    // Two seconds more or less are chance.
    assert_eq!(
        short(Habits::old(), lag(Some(1)), case),
        (0, "p: same".to_owned())
    );
    let hole = "p: different token probe.revocation still-valid";
    let (code, outcome, found) = run(Habits::old(), lag(None), case);
    assert_eq!((code, outcome.as_str()), (1, hole));
    assert!(
        found[0].starts_with("E09 breaking security hole"),
        "{found:?}"
    );
    let unsupported = Habits {
        refuses: &["revocation"],
        ..Habits::new()
    };
    let (code, outcome, found) = run(Habits::old(), unsupported, case);
    assert_eq!((code, outcome.as_str()), (1, hole));
    assert!(
        found[0].starts_with("E09 breaking security hole"),
        "{found:?}"
    );
    let status = Habits {
        refusal: 403,
        ..Habits::new()
    };
    let other = "p: different token probe.revoked-status value";
    assert_eq!(short(Habits::old(), status, case), (1, other.to_owned()));
    let closed = short(
        Habits {
            lag: None,
            ..Habits::old()
        },
        Habits::new(),
        case,
    );
    assert_eq!(
        closed,
        (0, "p: same token probe.revocation value".to_owned())
    );
}

#[test]
fn a_refresh_token_that_works_once_only_is_told() {
    let case = "probe: refresh-rotation, token: user";
    let keeps = |base: Habits| Habits {
        refresh: "keep",
        ..base
    };
    assert_eq!(
        short(Habits::old(), Habits::new(), case),
        (0, "p: same".to_owned())
    );
    assert_eq!(
        short(keeps(Habits::old()), keeps(Habits::new()), case),
        (0, "p: same".to_owned())
    );
    let (code, outcome, found) = run(keeps(Habits::old()), Habits::new(), case);
    let both =
        "p: different token probe.refresh-token value, token probe.used-refresh-token refused";
    assert_eq!((code, outcome.as_str()), (1, both));
    assert!(
        found[0].starts_with("D02 risky") && found[1].starts_with("D07 breaking"),
        "{found:?}"
    );
    let lenient = Habits {
        reuse: true,
        ..Habits::new()
    };
    let hole = "p: different token probe.used-refresh-token not-refused";
    assert_eq!(short(Habits::old(), lenient, case), (1, hole.to_owned()));
    let omits = Habits {
        refresh: "omit",
        ..Habits::new()
    };
    let lost = "p: different token probe.refresh-token removed";
    assert_eq!(
        short(keeps(Habits::old()), omits, case),
        (1, lost.to_owned())
    );
}

/// Where another case has used the credential a probe has a request left for the family.
#[test]
fn a_refresh_token_whose_second_use_ends_the_next_one_is_told() {
    let run = |family| {
        let (old, new) = (
            Gate::start(Habits::old()),
            Gate::start(Habits {
                family,
                ..Habits::new()
            }),
        );
        let sandbox = bench_after_a_case(&old, &new);
        let after = "  - { name: after, request: GET /, token: user, needs: p }\n";
        sandbox.file("suites/p.yaml", &(sandbox.read("suites/p.yaml") + after));
        let (ran, results) =
            sandbox.results(&["run", "--probes", "--allow-writes", "--fail-on", "breaking"]);
        let asked = [&old, &new].map(|gate| gate.counts().0);
        let mut found = results.cases[1].differences.iter();
        assert!(found.all(|d| d.check.as_deref() == Some("D05")));
        (ran.code, outcomes(&results)[1..].to_vec(), asked)
    };
    let good = "after: same".to_owned();
    // One grant, and the three requests of the probe; the last token serves the case behind it.
    assert_eq!(
        run(false),
        (0, vec!["p: same".to_owned(), good.clone()], [4, 4])
    );
    let family = "p: same token probe.refresh-family evicted".to_owned();
    // Behind a family that was ended the next token is refused a refresh and asked for afresh.
    assert_eq!(run(true), (0, vec![family, good], [4, 6]));
}

#[test]
fn a_token_that_outlives_its_life_is_a_hole() {
    let case = "probe: expiry, with: { within: 10s, leeway: 1s }";
    let brief = |base: Habits| Habits { life: 3, ..base };
    let (old, new) = (brief(Habits::old()), brief(Habits::new()));
    assert_eq!(
        short(old.clone(), new.clone(), case),
        (0, "p: same".to_owned())
    );
    let immortal = |base: &Habits| Habits {
        immortal: true,
        ..base.clone()
    };
    let hole = "p: different token probe.expiry not-refused";
    let (code, outcome, found) = run(old.clone(), immortal(&new), case);
    assert_eq!((code, outcome.as_str()), (1, hole));
    assert!(
        found[0].starts_with("E08 breaking security hole"),
        "{found:?}"
    );
    let late = "p: different token probe.expiry refused";
    let (code, outcome, found) = run(immortal(&old), new.clone(), case);
    assert_eq!((code, outcome.as_str()), (1, late));
    assert!(found[0].starts_with("E24 risky the old side"), "{found:?}");
    let status = Habits {
        refusal: 403,
        ..new
    };
    let other = "p: different token probe.expired-status value";
    assert_eq!(short(old, status, case), (1, other.to_owned()));
}

#[test]
fn a_life_that_is_too_long_to_wait_for_leaves_expiry_open() {
    let (old, new) = (Gate::start(Habits::old()), Gate::start(Habits::new()));
    let sandbox = bench(&old, &new, "probe: expiry, with: { within: 10s }");
    let (ran, results) = sandbox.results(&["run", "--probes"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (3, vec!["p: inconclusive (timeout)".to_owned()])
    );
    let note = results.cases[0].note.clone().unwrap();
    assert!(note.contains("and `within` is 10 s"), "{note}");
    assert_eq!((old.counts().2, new.counts().2), (0, 0));
}

#[test]
fn a_gateway_that_cannot_reach_its_backend_refuses_nothing() {
    let away = Habits {
        refusal: 503,
        ..Habits::new()
    };
    let (old, new) = (Gate::start(Habits::old()), Gate::start(away));
    for case in [
        "probe: tampered-token",
        CROSS,
        "probe: revocation, with: { within: 2s }",
    ] {
        let sandbox = bench(&old, &new, case);
        let flags = ["run", "--probes", "--allow-writes", "--allow-cross-side"];
        let (ran, results) = sandbox.results(&flags);
        assert_eq!(
            (ran.code, outcomes(&results)),
            (3, vec!["p: inconclusive (needs)".to_owned()]),
            "{case}"
        );
        let note = results.cases[0].note.clone().unwrap();
        assert!(
            note.contains("the new side answered 503: what stands behind it"),
            "{note}"
        );
    }
}

/// Of two refreshes at once both are taken where refresh tokens are kept, and one where they rotate.
#[test]
fn two_refreshes_at_once_are_counted() {
    let case = "probe: refresh-rotation, token: user, with: { parallel: true }";
    let keeps = |base: Habits| Habits {
        refresh: "keep",
        ..base
    };
    let same = (0, "p: same".to_owned());
    assert_eq!(short(Habits::old(), Habits::new(), case), same);
    assert_eq!(
        short(keeps(Habits::old()), keeps(Habits::new()), case),
        same
    );
    let (code, outcome, found) = run(keeps(Habits::old()), Habits::new(), case);
    let fewer = "p: different token probe.parallel-refresh refused";
    assert_eq!((code, outcome.as_str()), (1, fewer));
    let told = "D07 breaking of two refreshes at the same time the new side takes one";
    assert!(found[0].starts_with(told), "{found:?}");
    let more = short(Habits::old(), keeps(Habits::new()), case);
    let lenient = "p: same token probe.parallel-refresh value".to_owned();
    assert_eq!(more, (0, lenient));
}

#[test]
fn a_refresh_token_of_another_client_that_is_taken_is_a_hole() {
    let case = "probe: refresh-rotation, token: user, with: { client: other }";
    let lax = |base: Habits| Habits {
        lets: &["foreign-client"],
        ..base
    };
    let same = (0, "p: same".to_owned());
    assert_eq!(short(Habits::old(), Habits::new(), case), same);
    let hole = "p: different token probe.foreign-client not-refused";
    for old in [Habits::old(), lax(Habits::old())] {
        let (code, outcome, found) = run(old, lax(Habits::new()), case);
        assert_eq!((code, outcome.as_str()), (1, hole));
        assert!(
            found[0].starts_with("D09 breaking security hole"),
            "{found:?}"
        );
    }
    let closed = "p: same token probe.foreign-client refused".to_owned();
    assert_eq!(short(lax(Habits::old()), Habits::new(), case), (0, closed));
    // The same client under another name proves nothing.
    let own = "probe: refresh-rotation, token: user, with: { client: app }";
    let open = "p: inconclusive (needs)".to_owned();
    assert_eq!(short(Habits::old(), Habits::new(), own), (3, open));
}

/// Whether users stay signed in when their client is switched, and when it is switched back.
#[test]
fn refresh_tokens_are_sent_across_with_leave() {
    let case = "probe: cross-acceptance, token: user";
    let (code, outcome, found) = run(Habits::old(), Habits::new(), case);
    let apart = "p: different token probe.old-token-at-new refused, \
                 token probe.old-refresh-token-at-new refused, token probe.new-token-at-old refused, \
                 token probe.new-refresh-token-at-old refused";
    assert_eq!((code, outcome.as_str()), (1, apart));
    assert!(
        found[1].starts_with("D11 breaking the new side refuses the old side's refresh tokens"),
        "{found:?}"
    );
    let takes = Habits {
        lets: &["foreign-refresh"],
        ..Habits::new()
    };
    let (_, outcome, _) = run(Habits::old(), takes, case);
    let one_way = "p: different token probe.old-token-at-new refused, \
                   token probe.new-token-at-old refused, token probe.new-refresh-token-at-old refused";
    assert_eq!(outcome, one_way);
}

/// A wait takes the second token request: that refresh tokens were not asked about is said.
#[test]
fn what_the_matrix_lacks_is_told() {
    let brief = |base: Habits| Habits { life: 3, ..base };
    let silent = Habits {
        refuses: &["revocation"],
        ..brief(Habits::new())
    };
    let (old, new) = (Gate::start(brief(Habits::old())), Gate::start(silent));
    let case = "probe: cross-acceptance, token: user, with: { within: 10s, leeway: 1s }";
    let sandbox = bench(&old, &new, case);
    let flags = ["run", "--probes", "--allow-writes", "--allow-cross-side"];
    let (_, results) = sandbox.results(&flags);
    let note = results.cases[0].note.clone().unwrap();
    let revoked = "revoked: old token at old 401, old token at new 401; refresh tokens were not sent across: \
                   `within` takes the request that it needs; revoked: the server of the new side revokes no such \
                   token";
    assert!(note.ends_with(revoked), "{note}");
}

const CROSS: &str = "probe: cross-acceptance";

#[test]
fn the_matrix_says_whether_a_staged_cutover_can_work() {
    let (code, outcome, found) = run(Habits::old(), Habits::new(), CROSS);
    let apart =
        "p: different token probe.old-token-at-new refused, token probe.new-token-at-old refused";
    assert_eq!((code, outcome.as_str()), (1, apart));
    assert!(
        found[0].starts_with("E17 risky") && found[1].starts_with("E18 risky"),
        "{found:?}"
    );
    // A side that takes whatever looks like a token of the other takes changed and revoked ones too.
    let trusting = Habits {
        lets: &["foreign"],
        ..Habits::new()
    };
    let holes = "p: different token probe.changed-old-token-at-new not-refused, \
                 token probe.revoked-old-token-at-new not-refused, \
                 token probe.new-token-at-old refused";
    assert_eq!(short(Habits::old(), trusting, CROSS), (1, holes.to_owned()));
}

#[test]
fn the_matrix_has_expired_tokens_where_there_is_time() {
    let brief = |base: Habits| Habits { life: 3, ..base };
    let lax = Habits {
        immortal: true,
        ..brief(Habits::new())
    };
    let case = "probe: cross-acceptance, with: { within: 10s, leeway: 1s }";
    let (code, outcome, _) = run(brief(Habits::old()), lax, case);
    let found = "p: different token probe.old-token-at-new refused, \
                 token probe.new-token-at-old refused, token probe.expired-token-at-new not-refused";
    assert_eq!((code, outcome.as_str()), (1, found));
}

#[test]
fn without_leave_no_token_crosses() {
    let (old, new) = (Gate::start(Habits::old()), Gate::start(Habits::new()));
    let sandbox = bench(&old, &new, CROSS);
    let (ran, results) = sandbox.results(&["run", "--probes", "--allow-writes"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (4, vec!["p: skipped (probes-withheld)".to_owned()])
    );
    assert!(
        results.cases[0]
            .note
            .as_ref()
            .unwrap()
            .contains("--allow-cross-side")
    );
    sandbox.file(
        "suites/p.yaml",
        &crate::probe_gate::suite("probe: tampered-token"),
    );
    sandbox.run(&["run", "--probes"]);
    let crossed = |gate: &Gate, other: &str| {
        let seen = gate.server.seen();
        let all = seen
            .iter()
            .filter_map(|seen| seen.header("authorization").map(str::to_owned));
        all.filter(|value| value.contains(other)).count()
    };
    assert_eq!((crossed(&old, "eyJ"), crossed(&new, "old-token")), (0, 0));
    sandbox.run(&["run", "--probes", "--allow-cross-side"]);
    assert_eq!((crossed(&old, "eyJ"), crossed(&new, "old-token")), (1, 1));
}
