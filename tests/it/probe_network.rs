//! The probes of the gateway itself: the longest header, browsers, limits.

use std::time::Duration;

use cutover::results::Results;

use crate::probe_founded::founded;
use crate::probe_gate::{Gate, Habits, STAR, bench};
use crate::sandbox::{Ran, outcomes};

fn results(old: Habits, new: Habits, case: &str) -> (Ran, Results) {
    let (old, new) = (Gate::start(old), Gate::start(new));
    let sandbox = bench(&old, &new, case);
    let (ran, results) = sandbox.results(&["run", "--probes"]);
    founded(&results);
    (ran, results)
}

fn run(old: Habits, new: Habits, case: &str) -> (i32, String) {
    let (ran, results) = results(old, new, case);
    (ran.code, outcomes(&results)[0].clone())
}

fn same() -> (i32, String) {
    (0, "p: same".to_owned())
}

#[test]
fn the_longest_token_that_passes_on_both_is_told_to_the_character() {
    // `Authorization: Bearer ` and the blank behind a name: 13, 7 and 2 characters.
    let most = 9_001;
    let longest = most - 22;
    let narrow = |status| Habits {
        header_limit: Some((most, status)),
        ..Habits::new()
    };
    for (case, name) in [
        ("probe: header-limit", "token"),
        (
            "probe: header-limit, with: { grow: header }",
            "header value beside a good token",
        ),
    ] {
        let (ran, results) = results(Habits::old(), narrow(431), case);
        let wanted = "p: different token probe.header-limit length";
        assert_eq!((ran.code, outcomes(&results)[0].as_str()), (1, wanted));
        let found = &results.cases[0].differences[0];
        let told = found.detail["new"].as_u64().unwrap();
        let near = u64::try_from(longest).unwrap();
        assert!((near - 16..=near).contains(&told), "{told} of {near}");
        let note = results.cases[0].note.clone().unwrap();
        assert_eq!(
            note,
            format!("the largest {name} that passes on both sides has {told} characters")
        );
        let new = found.new.display().unwrap().into_owned();
        assert!(new.ends_with("are answered 431"), "{new}");
    }
    let old = |status| Habits {
        header_limit: Some((most, status)),
        ..Habits::old()
    };
    assert_eq!(run(old(431), narrow(431), "probe: header-limit"), same());
    let other = "p: same token probe.header-limit value";
    assert_eq!(
        run(old(431), narrow(400), "probe: header-limit"),
        (0, other.to_owned())
    );
    let wider = "p: same token probe.header-limit length";
    assert_eq!(
        run(old(431), Habits::new(), "probe: header-limit"),
        (0, wider.to_owned())
    );
}

#[test]
fn a_side_that_closes_on_a_long_header_refuses_it() {
    let closes = Habits {
        header_limit: Some((9_001, 0)),
        ..Habits::new()
    };
    let (ran, results) = results(Habits::old(), closes, "probe: header-limit");
    let wanted = "p: different token probe.header-limit length";
    assert_eq!((ran.code, outcomes(&results)[0].as_str()), (1, wanted));
    let new = results.cases[0].differences[0]
        .new
        .display()
        .unwrap()
        .into_owned();
    assert!(new.ends_with("the connection is closed"), "{new}");
}

const CORS: &str = "probe: cors, with: { request: GET /orders, method: PUT, \
                    origin: \"https://app.example.com\", headers: [ Authorization ] }";

#[test]
fn what_a_browser_would_do_otherwise_is_told() {
    let new = |cors| {
        run(
            Habits::old(),
            Habits {
                cors,
                ..Habits::new()
            },
            CORS,
        )
    };
    assert_eq!(new(STAR), same());
    let echo = new(&[
        ("Access-Control-Allow-Origin", "{origin}"),
        ("Access-Control-Allow-Methods", "PUT"),
        ("Access-Control-Allow-Headers", "authorization"),
    ]);
    assert_eq!(echo, same());
    let none = new(&[]);
    let wanted = "p: different header access-control-allow-origin[preflight] removed, \
                  header access-control-allow-origin[request] removed, \
                  header access-control-allow-origin[preflight of a foreign origin] removed, \
                  header access-control-allow-origin[request of a foreign origin] removed";
    assert_eq!(none, (1, wanted.to_owned()));
    let get = new(&[
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", "GET"),
        ("Access-Control-Allow-Headers", "authorization"),
    ]);
    let wanted = "p: different header access-control-allow-methods[preflight] value";
    assert_eq!(get, (1, wanted.to_owned()));
}

#[test]
fn a_door_that_opens_to_every_page_is_a_hole() {
    let cors = &[
        ("Access-Control-Allow-Origin", "{origin}"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Allow-Methods", "PUT"),
        ("Access-Control-Allow-Headers", "authorization"),
    ];
    let (ran, results) = results(
        Habits::old(),
        Habits {
            cors,
            ..Habits::new()
        },
        CORS,
    );
    let wanted = "p: different header access-control-allow-origin[preflight of a foreign origin] not-refused, \
                  header access-control-allow-origin[request of a foreign origin] not-refused";
    assert_eq!((ran.code, outcomes(&results)[0].as_str()), (1, wanted));
    let explain = &results.cases[0].differences[0].explain;
    assert!(
        explain.starts_with("security hole: a page of any origin"),
        "{explain}"
    );
}

const THROTTLE: &str = "probe: throttle, with: { limit: 10, per: 8s }";

#[test]
fn what_a_client_meets_above_a_limit_is_compared() {
    let limited = |base: Habits, limit| Habits {
        limit: Some(limit),
        ..base
    };
    let old = || limited(Habits::old(), 10);
    assert_eq!(run(old(), limited(Habits::new(), 10), THROTTLE), same());
    let fewer = "p: different token probe.limit value";
    assert_eq!(
        run(old(), limited(Habits::new(), 5), THROTTLE),
        (1, fewer.to_owned())
    );
    let more = "p: same token probe.limit value";
    assert_eq!(
        run(old(), limited(Habits::new(), 11), THROTTLE),
        (0, more.to_owned())
    );
    let unlimited = "p: different status  value";
    assert_eq!(
        run(old(), Habits::new(), THROTTLE),
        (1, unlimited.to_owned())
    );
    assert_eq!(
        run(Habits::old(), limited(Habits::new(), 10), THROTTLE),
        (1, unlimited.to_owned())
    );
    let silent = Habits {
        throttled: &[],
        ..limited(Habits::new(), 10)
    };
    let lost = "p: different header retry-after removed";
    assert_eq!(run(old(), silent, THROTTLE), (1, lost.to_owned()));
}

#[test]
fn a_limit_that_nobody_sets_proves_nothing() {
    let (ran, results) = results(Habits::old(), Habits::new(), THROTTLE);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (3, vec!["p: inconclusive (needs)".to_owned()])
    );
    let note = results.cases[0].note.clone().unwrap();
    assert!(
        note.starts_with("neither side refused one of 12 requests"),
        "{note}"
    );
}

#[test]
fn a_window_that_ends_between_the_requests_proves_nothing() {
    let old = Habits {
        limit: Some(10),
        ..Habits::old()
    };
    // Twelve answers take longer than the window.
    let slow = Habits {
        slow: Duration::from_millis(100),
        ..Habits::new()
    };
    let case = "probe: throttle, with: { limit: 10, per: 1s }";
    let (ran, results) = results(old, slow, case);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (3, vec!["p: inconclusive (needs)".to_owned()])
    );
    let note = results.cases[0].note.clone().unwrap();
    assert!(
        note.ends_with(
            "the new side took 12 requests, but a window of 1 s ended while it was asked: run the case again"
        ),
        "{note}"
    );
}

#[test]
fn a_limit_that_outlasts_its_own_wait_is_told() {
    // The second side counts no window: it refuses for good.
    let old = Habits {
        limit: Some(10),
        ..Habits::old()
    };
    let forever = Habits {
        limit: Some(10),
        refuses: &["recovery"],
        ..Habits::new()
    };
    let wanted = "p: different token probe.recovery refused";
    assert_eq!(run(old, forever, THROTTLE), (1, wanted.to_owned()));
}
