//! Changed and forged tokens, each let in by a side that should refuse it.

use crate::probe_founded::founded;
use crate::probe_gate::{Gate, Habits, bench};
use crate::sandbox::outcomes;

fn run(old: Habits, new: Habits, flags: &[&str]) -> (i32, String, Vec<String>) {
    let (old, new) = (Gate::start(old), Gate::start(new));
    let sandbox = bench(
        &old,
        &new,
        "probe: tampered-token, with: { request: GET /orders }",
    );
    let (ran, results) = sandbox.results(&[&["run", "--probes"], flags].concat());
    founded(&results);
    let explained = results.cases[0].differences.iter();
    let explained = explained
        .map(|d| {
            let check = d.check.as_deref().unwrap_or_default();
            format!("{check} {} {}", d.severity, d.explain)
        })
        .collect();
    (ran.code, outcomes(&results)[0].clone(), explained)
}

fn checks(found: &[String]) -> Vec<&str> {
    let ids = found.iter().map(|found| found.split(' ').next().unwrap());
    ids.collect()
}

#[test]
fn a_side_that_refuses_what_it_must_is_the_same() {
    let jwt = |name| Habits {
        name,
        ..Habits::new()
    };
    for (old, new) in [(Habits::old(), Habits::new()), (jwt("old"), jwt("new"))] {
        let (code, outcome, _) = run(old, new, &["--allow-cross-side"]);
        assert_eq!((code, outcome.as_str()), (0, "p: same"));
    }
}

#[test]
fn each_acceptance_is_named_a_security_hole() {
    for (variant, check) in [
        ("truncated", "E19"),
        ("one-character", "E19"),
        ("none", "E20"),
        ("stripped", "E19"),
        ("foreign-key", "E20"),
        ("payload", "E19"),
        ("query", "E04"),
        ("form", "E03"),
        ("two-headers", "E26"),
    ] {
        let lets: &'static [&'static str] = Box::leak(Box::new([variant]));
        let (code, outcome, found) = run(
            Habits::old(),
            Habits {
                lets,
                ..Habits::new()
            },
            &[],
        );
        // Where an altered claim is taken, one character of the signature is not asked any more.
        let wanted = format!("p: different token probe.{variant} not-refused");
        assert_eq!((code, outcome), (1, wanted));
        assert!(
            found[0].starts_with(&format!(
                "{check} breaking security hole: the new side takes "
            )),
            "{found:?}"
        );
    }
}

#[test]
fn a_signature_that_nobody_checks_is_followed_to_its_claims() {
    let lax = Habits {
        lets: &["payload", "expired", "iss"],
        ..Habits::new()
    };
    let (code, outcome, found) = run(Habits::old(), lax, &[]);
    let wanted = "p: different token probe.payload not-refused, token probe.expired not-refused, \
                  token probe.iss not-refused";
    assert_eq!((code, outcome.as_str()), (1, wanted));
    assert_eq!(checks(&found), ["E19", "E08", "E22"]);
    // A token with all three wrong that is let in is three holes.
    let lax = Habits {
        lets: &["claims"],
        ..Habits::new()
    };
    let (_, outcome, found) = run(Habits::old(), lax, &[]);
    let wanted = "p: different token probe.expired not-refused, token probe.aud not-refused, \
                  token probe.iss not-refused";
    assert_eq!(outcome, wanted);
    assert_eq!(checks(&found), ["E08", "E21", "E22"]);
}

#[test]
fn the_other_sides_token_is_sent_with_leave_only() {
    let lax = || Habits {
        lets: &["foreign"],
        ..Habits::new()
    };
    let (code, outcome, _) = run(Habits::old(), lax(), &[]);
    assert_eq!((code, outcome.as_str()), (0, "p: same"));
    let (code, outcome, _) = run(Habits::old(), lax(), &["--allow-cross-side"]);
    let wanted = "p: different token probe.foreign not-refused";
    assert_eq!((code, outcome.as_str()), (1, wanted));
}

#[test]
fn a_client_that_sends_its_token_otherwise_is_locked_out() {
    let strict = Habits {
        refuses: &["lower-case-scheme"],
        ..Habits::new()
    };
    let (code, outcome, found) = run(Habits::old(), strict, &[]);
    let wanted = "p: different token probe.lower-case-scheme refused";
    assert_eq!((code, outcome.as_str()), (1, wanted));
    assert!(found[0].starts_with("E02 breaking"), "{found:?}");
    let lax = Habits {
        lets: &["query"],
        ..Habits::old()
    };
    let (code, outcome, found) = run(lax, Habits::new(), &[]);
    let wanted = "p: different token probe.query refused";
    assert_eq!((code, outcome.as_str()), (1, wanted));
    assert!(found[0].starts_with("E04 risky"), "{found:?}");
    // A hole of the old side that the new one closes stops nobody.
    let lax = Habits {
        lets: &["truncated"],
        ..Habits::old()
    };
    let (code, outcome, _) = run(lax, Habits::new(), &[]);
    assert_eq!(
        (code, outcome.as_str()),
        (0, "p: same token probe.truncated refused")
    );
}

#[test]
fn another_status_of_a_refusal_is_told() {
    let other = Habits {
        refusal: 403,
        ..Habits::new()
    };
    let (code, outcome, found) = run(Habits::old(), other, &[]);
    let variants = ["truncated", "one-character", "two-headers", "query", "form"];
    let wanted: Vec<String> = variants
        .iter()
        .map(|v| format!("token probe.{v} value"))
        .collect();
    assert_eq!(
        (code, outcome),
        (1, format!("p: different {}", wanted.join(", ")))
    );
    let weights = found.iter().map(|found| found.split(' ').nth(1).unwrap());
    let weights: Vec<&str> = weights.collect();
    // What must be refused, and what clients may send: a renewal on 401 hangs on the first.
    let expected = ["breaking", "breaking", "risky", "risky", "risky"];
    assert_eq!(weights, expected);
    assert_eq!(checks(&found), ["E07", "E07", "E26", "E04", "E03"]);
}

/// An ID token that came with the access token opens no API.
#[test]
fn an_id_token_is_no_access_token() {
    let with = |base: Habits| Habits {
        id_token: true,
        ..base
    };
    let probe = |new: Habits, flags: &[&str]| {
        let (old, new) = (Gate::start(with(Habits::old())), Gate::start(with(new)));
        let sandbox = bench(&old, &new, "probe: tampered-token, token: user");
        let (ran, results) = sandbox.results(&[&["run", "--probes"], flags].concat());
        founded(&results);
        let case = results.cases[0].clone();
        let checks = case.differences.iter().map(|d| d.check.clone().unwrap());
        let checks: Vec<String> = checks.collect();
        (ran.code, outcomes(&results)[0].clone(), checks, case.note)
    };
    let sound = probe(Habits::new(), &[]);
    let elsewhere =
        "other forged keys are not asked about here, but by a case with: { forge: key }";
    let note = Some(elsewhere.to_owned());
    assert_eq!(sound, (0, "p: same".to_owned(), vec![], note));
    let lax = Habits {
        lets: &["id-token"],
        ..Habits::new()
    };
    let (code, outcome, checks, _) = probe(lax, &[]);
    let hole = "p: different token probe.id-token not-refused";
    assert_eq!((code, outcome.as_str()), (1, hole));
    assert_eq!(checks, ["E23"]);
    // With the other side's token there is one variant more than requests.
    let (code, _, _, note) = probe(Habits::new(), &["--allow-cross-side"]);
    let untold = format!("no request was left to ask the new side about foreign; {elsewhere}");
    assert_eq!((code, note), (0, Some(untold)));
}

#[test]
fn what_needs_no_token_says_nothing_about_tokens() {
    let open = Habits {
        lets: &["anything", "two-headers"],
        ..Habits::new()
    };
    let (code, outcome, _) = run(Habits::old(), open, &[]);
    assert_eq!((code, outcome.as_str()), (3, "p: inconclusive (needs)"));
}

/// One of the forged keys, or the sound side: exit code, outcome, what was found, the note, and the requests to the
/// API of the new side.
fn forged_key(
    old: Habits,
    new: Habits,
    keys: bool,
) -> (i32, String, Vec<String>, Option<String>, usize) {
    let (old, new) = (Gate::start(old), Gate::start(new));
    let case = "probe: tampered-token, with: { request: GET /orders, forge: key }";
    let sandbox = bench(&old, &new, case);
    if keys {
        let pair = sandbox.read("cutover.yaml");
        let url = new.server.url();
        let endpoint = format!("token_endpoint: \"{url}/token\"");
        let more = format!("{endpoint}, jwks_uri: \"{url}/keys\"");
        sandbox.file("cutover.yaml", &pair.replace(&endpoint, &more));
    }
    let (ran, results) = sandbox.results(&["run", "--probes"]);
    founded(&results);
    let case = &results.cases[0];
    let found = case.differences.iter();
    let found = found.map(|d| format!("{} {}", d.check.as_deref().unwrap_or_default(), d.severity));
    let found = found.collect();
    (
        ran.code,
        outcomes(&results)[0].clone(),
        found,
        case.note.clone(),
        new.counts().2,
    )
}

#[test]
fn a_gateway_that_can_be_talked_into_another_key_has_a_hole() {
    let sound = forged_key(Habits::old(), Habits::new(), true);
    assert_eq!(sound, (0, "p: same".to_owned(), vec![], None, 9));
    for variant in [
        "none-mixed-case",
        "foreign-key",
        "key-url",
        "certificate",
        "certificate-url",
        "public-key",
        "public-key-trimmed",
        "key-path",
    ] {
        let lets: &'static [&'static str] = Box::leak(Box::new([variant]));
        let lax = Habits {
            lets,
            ..Habits::new()
        };
        let (code, outcome, found, ..) = forged_key(Habits::old(), lax, true);
        let hole = format!("p: different token probe.{variant} not-refused");
        let told = vec!["E20 breaking".to_owned()];
        assert_eq!((code, outcome, found), (1, hole, told));
    }
}

/// What cannot be asked is told, and what has no key to forge is left open.
#[test]
fn a_key_that_is_not_known_is_told() {
    let (code, outcome, _, note, asked) = forged_key(Habits::old(), Habits::new(), false);
    assert_eq!((code, outcome.as_str(), asked), (0, "p: same", 7));
    let told = "not asked: the new side about public-key, public-key-trimmed; ";
    assert!(note.as_deref().unwrap().starts_with(told), "{note:?}");
    let opaque = Habits {
        jwt: false,
        ..Habits::new()
    };
    let (code, outcome, _, note, asked) = forged_key(Habits::old(), opaque, false);
    let open = "p: inconclusive (needs)";
    assert_eq!((code, outcome.as_str(), asked), (3, open, 0));
    let why = "neither side's token is a JWT: there is no key to forge";
    assert_eq!(note.as_deref(), Some(why));
}
