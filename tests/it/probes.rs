//! What holds for every probe: what it may cost, what withholds it, what a dead side means.

use cutover::results::{CaseType, Results};

use crate::probe_gate::{Gate, Habits, bench, side, suite};
use crate::sandbox::{Sandbox, outcomes};
use crate::serve::nobody;

const ALL: [&str; 3] = ["--probes", "--allow-writes", "--allow-cross-side"];

/// Every probe of tokens and the API, and the most that it may send: to the token endpoint, to the
/// revocation endpoint, to the API.
const MOST: [(&str, (usize, usize, usize)); 9] = [
    ("probe: token-reuse", (2, 0, 2)),
    ("probe: revocation, with: { within: 4s }", (1, 1, 4)),
    ("probe: refresh-rotation, token: user", (3, 0, 0)),
    (
        "probe: expiry, with: { within: 10s, leeway: 1s }",
        (1, 0, 4),
    ),
    ("probe: tampered-token", (1, 0, 12)),
    ("probe: cross-acceptance", (2, 1, 16)),
    ("probe: header-limit", (1, 0, 16)),
    ("probe: cors", (1, 0, 6)),
    ("probe: throttle, with: { limit: 10, per: 1s }", (1, 0, 12)),
];

fn within(counts: (usize, usize, usize), most: (usize, usize, usize)) -> bool {
    counts.0 <= most.0 && counts.1 <= most.1 && counts.2 <= most.2
}

/// A pair on which each probe sends as much as it ever does: revoked and expired tokens work, headers
/// are limited at an odd place, and nothing is throttled before the limit.
fn eager(name: &'static str) -> Habits {
    let base = if name == "old" {
        Habits::old()
    } else {
        Habits::new()
    };
    Habits {
        life: 1,
        lag: None,
        immortal: true,
        header_limit: Some((9_001, 431)),
        limit: Some(10),
        lets: &["payload", "foreign-key"],
        ..base
    }
}

#[test]
fn no_probe_sends_more_than_its_table_says() {
    for (case, most) in MOST {
        // Throttled at the tenth request, a probe of another kind would stop early.
        let limit = if case.contains("throttle") {
            Some(10)
        } else {
            None
        };
        let long = if case.contains("expiry") { 1 } else { 60 };
        let of = |name| {
            Gate::start(Habits {
                limit,
                life: long,
                ..eager(name)
            })
        };
        let (old, new) = (of("old"), of("new"));
        let sandbox = bench(&old, &new, case);
        let (_, results) = sandbox.results(&[&["run"][..], &ALL].concat());
        for (gate, side) in [(&old, &results.cases[0].old), (&new, &results.cases[0].new)] {
            let counts = gate.counts();
            assert!(within(counts, most), "{case}: {counts:?} of {most:?}");
            let sent = counts.0 + counts.1 + counts.2;
            let said = side.as_ref().unwrap().requests.unwrap();
            assert_eq!(sent, usize::try_from(said).unwrap(), "{case}: {results:?}");
        }
    }
}

#[test]
fn without_its_flag_a_probe_is_skipped_and_nothing_is_sent() {
    for (case, _) in MOST.into_iter().chain([("probe: tls", (0, 0, 0))]) {
        let (old, new) = (Gate::start(Habits::old()), Gate::start(Habits::new()));
        let sandbox = bench(&old, &new, case);
        let (ran, results) = sandbox.results(&["run", "--allow-writes"]);
        assert_eq!(
            (ran.code, outcomes(&results)),
            (4, vec!["p: skipped (probes-withheld)".to_owned()])
        );
        assert_eq!(results.cases[0].r#type, CaseType::Probe);
        assert_eq!((old.counts(), new.counts()), ((0, 0, 0), (0, 0, 0)));
    }
}

#[test]
fn what_ends_tokens_needs_both_keys_of_a_write() {
    for (case, write) in [
        ("probe: token-reuse", true),
        ("probe: revocation, with: { within: 2s }", true),
        ("probe: refresh-rotation, token: user", true),
        ("probe: cross-acceptance", true),
        ("probe: tampered-token", false),
        ("probe: header-limit", false),
        ("probe: cors", false),
    ] {
        let (old, new) = (Gate::start(Habits::old()), Gate::start(Habits::new()));
        let sandbox = bench(&old, &new, case);
        let (_, results) = sandbox.results(&["run", "--probes", "--allow-cross-side"]);
        let withheld = outcomes(&results) == ["p: skipped (writes-withheld)"];
        assert_eq!(withheld, write, "{case}: {:?}", outcomes(&results));
        assert_eq!(old.counts() == (0, 0, 0), write, "{case}");
        // One key of the pair file is not enough.
        let closed = sandbox.read("cutover.yaml").replacen("allowed", "never", 1);
        sandbox.file("cutover.yaml", &closed);
        let (_, results) = sandbox.results(&[&["run"][..], &ALL].concat());
        let withheld = outcomes(&results) == ["p: skipped (writes-withheld)"];
        assert_eq!(withheld, write, "{case}: {:?}", outcomes(&results));
    }
}

#[test]
fn a_side_that_is_not_there_leaves_a_probe_open() {
    for (case, _) in MOST.into_iter().chain([("probe: tls", (0, 0, 0))]) {
        let old = Gate::start(Habits {
            limit: Some(10),
            life: 1,
            ..Habits::old()
        });
        let sandbox = Sandbox::new();
        let https = case.contains("tls");
        let scheme = |url: String| {
            if https {
                url.replace("http:", "https:")
            } else {
                url
            }
        };
        let pair = old.side() + &side("new", &scheme(nobody()));
        sandbox.file("cutover.yaml", &pair);
        sandbox.file("suites/p.yaml", &suite(case));
        let (ran, results) = sandbox.results(&[&["run"][..], &ALL].concat());
        let open = |reason: &str| vec![format!("p: inconclusive ({reason})")];
        let got = outcomes(&results);
        assert!(
            got == open("connect") || got == open("token"),
            "{case}: {got:?}"
        );
        assert_eq!(ran.code, 3, "{case}");
        let failure = results.cases[0].new.as_ref().unwrap().failure.as_ref();
        assert!(failure.is_some(), "{case}: {:?}", results.cases[0]);
    }
}

#[test]
fn probes_are_marked_in_the_list() {
    let (old, new) = (Gate::start(Habits::old()), Gate::start(Habits::new()));
    let sandbox = bench(
        &old,
        &new,
        "probe: revocation, with: { within: 5s, request: GET /orders }",
    );
    let listed = sandbox.run(&["list"]);
    let url = old.server.url();
    let line =
        format!("  old  probe revocation GET {url}/orders  (token: app; at most 7 requests)");
    assert!(
        listed.out.starts_with("suites/p.yaml::p  [probe, write]\n"),
        "{}",
        listed.out
    );
    assert!(listed.out.contains(&line), "{}", listed.out);
    assert!(
        listed
            .out
            .ends_with("1 case in 1 suite: 1 write, 1 probe, 0 skipped\n"),
        "{}",
        listed.out
    );
    assert_eq!(old.counts(), (0, 0, 0));
}

fn side_keys(results: &str) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(results).unwrap();
    let side = json["cases"][0]["new"].as_object().unwrap();
    side.keys().cloned().collect()
}

#[test]
fn the_results_of_a_probe_have_its_requests_and_what_it_saw() {
    let (old, new) = (Gate::start(Habits::old()), Gate::start(Habits::new()));
    let sandbox = bench(&old, &new, "probe: cors");
    let (ran, results): (_, Results) = sandbox.results(&["run", "--probes"]);
    assert_eq!((ran.code, ran.verdict()), (0, "parity in 1 of 1 cases"));
    let keys = side_keys(&sandbox.read("results.json"));
    assert_eq!(keys, ["failure", "observations", "requests"]);
    let side = results.cases[0].old.as_ref().unwrap();
    let seen: Vec<_> = side
        .observations
        .iter()
        .map(|o| (o.name.as_str(), o.status))
        .collect();
    assert_eq!(
        seen,
        [
            ("preflight", Some(204)),
            ("preflight of a foreign origin", Some(204)),
            ("OPTIONS without a requested method", Some(204)),
            ("request", Some(200)),
            ("request of a foreign origin", Some(200)),
        ]
    );
    assert_eq!(side.requests, Some(6));
}

#[test]
fn no_token_of_a_probe_is_shown() {
    let lax = Habits {
        lets: &["payload", "none", "foreign"],
        ..Habits::new()
    };
    let (old, new) = (Gate::start(Habits::old()), Gate::start(lax));
    for case in [
        "probe: tampered-token",
        "probe: cross-acceptance",
        "probe: token-reuse",
    ] {
        let sandbox = bench(&old, &new, case);
        let run = [
            &[
                "run",
                "-v",
                "--report",
                "junit=r.xml",
                "--keep-exchanges",
                "all",
            ][..],
            &ALL,
        ]
        .concat();
        let (ran, _) = sandbox.results(&run);
        let all = ran.out + &ran.err + &sandbox.read("results.json") + &sandbox.read("r.xml");
        for secret in [
            "old-token-0",
            "new-token-0",
            "client-secret",
            "eyJ",
            "c2lnbmF0dXJl",
        ] {
            assert!(!all.contains(secret), "{case}: {secret} in {all}");
        }
    }
}

#[test]
fn what_a_probe_finds_is_accepted_as_any_difference_is() {
    let narrow = Habits {
        header_limit: Some((9_001, 431)),
        ..Habits::new()
    };
    let (old, new) = (Gate::start(Habits::old()), Gate::start(narrow));
    let run = |until: &str| {
        let case = format!(
            "probe: header-limit, accept: [ {{ where: token, path: probe.header-limit, kind: length, \
             because: short tokens{until} }} ]"
        );
        let sandbox = bench(&old, &new, &case);
        let (ran, results) = sandbox.results(&["run", "--probes", "--strict"]);
        (ran.code, outcomes(&results)[0].clone())
    };
    let accepted = "p: accepted token probe.header-limit length";
    assert_eq!(run(""), (0, accepted.to_owned()));
    let different = "p: different token probe.header-limit length";
    assert_eq!(run(", until: 2020-01-01"), (1, different.to_owned()));
}

#[test]
fn the_terminal_tells_each_request_with_v() {
    let (old, new) = (
        Gate::start(Habits::old()),
        Gate::start(Habits {
            cors: &[],
            ..Habits::new()
        }),
    );
    let sandbox = bench(&old, &new, "probe: cors");
    let told = sandbox.run(&["run", "--probes", "-v"]).out;
    assert!(told.contains("  old  preflight: 204\n"), "{told}");
    assert!(
        told.contains("  new  request of a foreign origin: 200\n"),
        "{told}"
    );
    let short = sandbox.run(&["run", "--probes"]).out;
    assert!(!short.contains("preflight: 204"), "{short}");
}

#[test]
fn what_a_sound_probe_saw_is_told_too() {
    let (old, new) = (Gate::start(Habits::old()), Gate::start(Habits::new()));
    let sandbox = bench(&old, &new, "probe: header-limit");
    let ran = sandbox.run(&["run", "--probes", "--report", "markdown=r.md"]);
    let most = "the largest token that passes on both sides has at least 61440 characters";
    let told = format!("WHAT PROBES SAW\n  suites/p.yaml::p\n    {most}\n");
    assert!(ran.out.contains(&told), "{}", ran.out);
    let told = format!("## What probes saw\n\n- suites/p.yaml::p: {most}\n");
    assert!(
        sandbox.read("r.md").contains(&told),
        "{}",
        sandbox.read("r.md")
    );
}

/// A probe that ends tokens is alone with them: no other case meets a 401 through it.
#[test]
fn other_cases_do_not_lose_their_token_to_a_probe() {
    for reissue in ["same", "revokes"] {
        let of = |base: Habits| Gate::start(Habits { reissue, ..base });
        let (old, new) = (of(Habits::old()), of(Habits::new()));
        let sandbox = bench(&old, &new, "probe: revocation, with: { within: 2s }");
        let cases = (0..20).map(|n| format!("  - {{ name: c{n}, request: GET /{n} }}\n"));
        let text = format!("name: A\ntoken: app\ncases:\n{}", cases.collect::<String>());
        sandbox.file("suites/a.yaml", &text);
        let (ran, results) = sandbox.results(&["run", "-j", "16", "--probes", "--allow-writes"]);
        assert_eq!(
            (ran.code, ran.verdict()),
            (0, "parity in 21 of 21 cases"),
            "{}",
            ran.out
        );
        let renewed =
            |side: &Option<cutover::results::SideResult>| side.as_ref().unwrap().reacquired;
        assert!(
            !results
                .cases
                .iter()
                .any(|case| renewed(&case.old) || renewed(&case.new))
        );
    }
}
