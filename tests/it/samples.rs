//! `--samples`: what varies within a side, and what only shows across cases.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cutover::results::{Finding, Results};

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::{Seen, Server, answer, json};

/// A UUID of a seed.
fn uuid(seed: usize) -> String {
    let mut digits = String::new();
    let mut state = seed as u64 + 1;
    for _ in 0..2 {
        state = state.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29) ^ 0xD1B5;
        digits.push_str(&format!("{state:016x}"));
    }
    let part = |from: usize, to: usize| &digits[from..to];
    let (a, b, c) = (part(0, 8), part(8, 12), part(13, 16));
    format!("{a}-{b}-4{c}-a{}-{}", part(17, 20), part(20, 32))
}

/// A server whose answers are made from the number of the request.
fn counting(from: usize, body: impl Fn(&Seen, usize) -> Vec<u8> + Send + Sync + 'static) -> Server {
    let (count, body) = (Arc::new(AtomicUsize::new(from)), Arc::new(body));
    Server::answering(move |seen| body(seen, count.fetch_add(1, Ordering::SeqCst)))
}

fn order(n: usize) -> String {
    let id = uuid(n);
    let (minute, ms) = (n % 50 + 10, n * 37 % 900 + 100);
    format!(
        r#"{{"id":"{id}","self":"/orders/{id}","hits":{},"at":"2026-11-21T22:10:{minute}.{ms}Z","price":12.5}}"#,
        1000 + n
    )
}

fn bench(old: &Server, new: &Server, suite: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    sandbox.file("suites/a.yaml", suite);
    sandbox
}

fn findings<'r>(results: &'r Results, kind: &str) -> Vec<&'r Finding> {
    let all = results.findings.iter();
    all.filter(|finding| finding.kind == kind).collect()
}

/// The rules that a run prints for what varies.
fn rules(results: &Results) -> Vec<String> {
    let all = findings(results, "noise").into_iter();
    let rule = |finding: &Finding| {
        let (_, rule) = finding.message.split_once("compare: { ")?;
        let (rule, _) = rule.split_once(" } (seen").unwrap_or((rule, ""));
        Some(rule.to_owned())
    };
    all.filter_map(rule).collect()
}

const LIST: &str = "name: A\ncases:\n  - { name: list, request: GET /orders }\n";

#[test]
fn what_goes_wrong_now_and_then_on_the_new_side_only_is_a_difference() {
    let order = r#"{"id":7,"note":"x","tags":[1,2,3]}"#;
    let old = Server::json(order);
    for (bad, status, expected) in [
        (order, 500, "list: different status  value"),
        (
            r#"{"id":7,"tags":[1,2,3]}"#,
            200,
            "list: different body $.note removed",
        ),
        (
            r#"{"id":7,"note":"x","tags":[3,1,2]}"#,
            200,
            "list: different body $.tags order",
        ),
        (
            r#"{"id":7,"note":null,"tags":[1,2,3]}"#,
            200,
            "list: different body $.note type",
        ),
    ] {
        let new = counting(0, move |_, n| match n {
            1 => answer(status, &[("Content-Type", "application/json")], bad),
            _ => json(order),
        });
        let sandbox = bench(&old, &new, LIST);
        let (ran, results) = sandbox.results(&["run", "--samples", "3"]);
        assert_eq!(
            (ran.code, outcomes(&results)),
            (1, vec![expected.to_owned()]),
            "{}",
            ran.out
        );
        assert_eq!(rules(&results), [""; 0]);
    }
    let new = counting(0, move |_, n| {
        json(&order.replace('7', if n == 1 { "8" } else { "7" }))
    });
    let sandbox = bench(&old, &new, LIST);
    let (ran, results) = sandbox.results(&["run", "--samples", "3"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["list: same".to_owned()])
    );
    let said = findings(&results, "noise");
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(
        said[0].message,
        "body $.id varies on the new side only; the old side may have shown the same each time by chance, so it is no difference, and no rule fits (seen on the new side: 7, 8)"
    );
}

#[test]
fn what_varies_on_both_sides_is_parity_and_its_rules_hold_without_samples() {
    let old = counting(1, |_, n| json(&order(n)));
    let new = counting(400, |_, n| json(&order(n)));
    let sandbox = bench(&old, &new, LIST);
    let (ran, results) = sandbox.results(&["run", "--samples", "3"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["list: same".to_owned()]),
        "{}",
        ran.out
    );
    assert_eq!(results.run.samples, 3);
    assert_eq!((old.seen().len(), new.seen().len()), (3, 3));
    let rules = rules(&results);
    let expected = [
        r#"pattern: { "$.at": timestamp }"#.to_owned(),
        r#"pattern: { "$.hits": integer }"#.to_owned(),
        r#"pattern: { "$.id": uuid }"#.to_owned(),
    ];
    assert_eq!(rules[..3], expected);
    assert!(
        rules[3].starts_with(r#"pattern: { "$.self": "/^/orders/"#),
        "{rules:?}"
    );
    let noise = findings(&results, "noise");
    assert!(
        noise.iter().all(|it| it.cases == ["suites/a.yaml::list"]),
        "{noise:?}"
    );
    assert!(
        noise[2].message.contains(&uuid(1)) && noise[2].message.contains(&uuid(400)),
        "{noise:?}"
    );

    needs_no_more(&sandbox, &rules);
}

/// As the report prints them, the rules are all that the suite needs.
fn needs_no_more(sandbox: &Sandbox, rules: &[String]) {
    let (_, results) = sandbox.results(&["run"]);
    assert_eq!(
        outcomes(&results),
        ["list: different body $.id value, body $.self value, body $.hits value, body $.at value"]
    );
    let patterns: Vec<&str> = rules
        .iter()
        .map(|rule| {
            rule.trim_start_matches("pattern: { ")
                .trim_end_matches(" }")
        })
        .collect();
    let suite = format!(
        "{LIST}compare: {{ pattern: {{ {} }} }}\n",
        patterns.join(", ")
    );
    sandbox.file("suites/a.yaml", &suite);
    let (ran, results) = sandbox.results(&["run", "--strict"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["list: same".to_owned()]),
        "{}{suite}",
        ran.err
    );
    let (_, results) = sandbox.results(&["run", "--samples", "3"]);
    assert!(findings(&results, "noise").is_empty());
}

#[test]
fn what_varies_and_became_another_thing_is_a_difference_with_its_evidence() {
    let old = counting(1, |_, n| json(&order(n)));
    let new = counting(400, |_, n| {
        let order = order(n).replace(
            &format!(r#""id":"{}""#, uuid(n)),
            &format!(r#""id":{}"#, 7_000_000 + n),
        );
        json(&order.replace(&format!(r#""hits":{}"#, 1000 + n), r#""hits":1400"#))
    });
    let sandbox = bench(&old, &new, LIST);
    let (ran, results) = sandbox.results(&["run", "--samples", "3", "--report", "terminal"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        outcomes(&results),
        ["list: different body $.id type, body $.hits value"]
    );
    let hits = &results.cases[0].differences[1];
    assert!(
        hits.explain
            .contains("is the same in all 3 of the new side"),
        "{}",
        hits.explain
    );
    assert_eq!(hits.detail["new_seen"], serde_json::json!(["1400"]));
    assert_eq!(
        hits.advice.as_deref(),
        Some(r#"if this is meant: compare: { pattern: { "$.hits": integer } }"#)
    );
    assert!(
        ran.out.contains("seen on the old side  1001, 1002, 1003"),
        "{}",
        ran.out
    );
}

#[test]
fn only_safe_requests_are_asked_again_and_each_key_has_its_say() {
    let serve = || counting(1, |_, n| json(&format!(r#"{{"n":{n}}}"#)));
    let (old, new) = (serve(), serve());
    let suite = "name: A\nsamples: 2\ncases:\n  - { name: twice, request: GET /twice }\n  \
                 - { name: once, request: GET /once, samples: 1 }\n  \
                 - { name: search, request: POST /search, safe: true, samples: 4 }\n  \
                 - { name: write, request: POST /write }\n";
    let sandbox = bench(&old, &new, suite);
    let pair = pair(&old.url(), &new.url()).replace(" }", ", writes: allowed }");
    sandbox.file("cutover.yaml", &pair);
    let (_, results) = sandbox.results(&["run", "--allow-writes"]);
    let asked = |path: &str| (old.asked(path).len(), new.asked(path).len());
    let counts = ["/twice", "/once", "/search", "/write"].map(asked);
    assert_eq!(counts, [(2, 2), (1, 1), (4, 4), (1, 1)]);
    assert_eq!(results.run.samples, 4);
    let listed = sandbox.run(&["list"]).out;
    assert!(
        listed.contains("::twice  [asked 2 times]") && listed.contains("::once\n"),
        "{listed}"
    );
    sandbox.run(&["run", "--allow-writes", "--samples", "3"]);
    let counts = ["/twice", "/once", "/search", "/write"].map(asked);
    assert_eq!(counts, [(5, 5), (4, 4), (7, 7), (2, 2)]);
}

#[test]
fn mistakes_in_samples_are_told_before_anything_is_sent() {
    let server = Server::json("{}");
    let suite = "name: A\ncases:\n  - { name: a, request: POST /a, samples: 3 }\n  \
                 - { name: b, request: GET /b, samples: 0 }\n  - { name: c, request: GET /c, samples: many }\n";
    let sandbox = bench(&server, &server, suite);
    let ran = sandbox.run(&["check"]);
    assert_eq!(ran.code, 2);
    for text in [
        "only a safe request can be asked several times",
        "`0` is no number of samples; write a whole number from 1 to 100",
        "a whole number from 1 to 100",
    ] {
        assert!(ran.err.contains(text), "{text}: {}", ran.err);
    }
    assert_eq!(sandbox.run(&["run", "--samples", "0"]).code, 2);
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn the_false_alarms_of_the_suite_itself_are_stated() {
    // The price of the new side changes in its third answer: no learning from the first two knows that.
    let old = counting(1, |_, n| json(&order(n)));
    let new = counting(400, |_, n| {
        let price = if n == 402 { "13.5" } else { "12.5" };
        json(&order(n).replace("12.5", price))
    });
    let sandbox = bench(&old, &new, LIST);
    let (ran, results) = sandbox.results(&["run", "--samples", "3", "--report", "terminal"]);
    let expected = "old against old: the rules of the suites alone raise a false alarm in 1 of 1 case (100 %), with \
                    what the other samples showed 0 of 1 case (0 %); new against new: the rules of the suites alone \
                    raise a false alarm in 1 of 1 case (100 %), with what the other samples showed 1 of 1 case \
                    (100 %) (samples: 3; the last sample was kept back from learning)";
    let found = findings(&results, "false-alarm-rate");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].message.as_str(), found[0].cases.as_slice()),
        (expected, &["suites/a.yaml::list".to_owned()][..])
    );
    assert!(ran.out.contains("ACROSS CASES"), "{}", ran.out);
    // Without samples nothing is said.
    let (_, results) = sandbox.results(&["run"]);
    assert!(results.findings.is_empty());
}

#[test]
fn evidence_shows_no_secret() {
    let body = |n: usize| {
        let id = uuid(n);
        json(&format!(
            r#"{{"access_token":"tok_{id}","mail":"u{n}x@example.org","url":"/a?code={id}"}}"#
        ))
    };
    let old = counting(1, move |_, n| body(n));
    let upper = move |n: usize| {
        let text = String::from_utf8(body(n)).unwrap();
        text.replace("tok_", "key_")
            .replace("example.org", "example.com")
            .into_bytes()
    };
    let new = counting(400, move |_, n| upper(n));
    let suite = format!("{LIST}redact: [ \"$.mail\" ]\n");
    let sandbox = bench(&old, &new, &suite);
    let reports = [
        "--report",
        "terminal",
        "--report",
        "markdown=r.md",
        "--journal",
        "j.jsonl",
    ];
    let (ran, results) = sandbox.results(&[&["run", "--samples", "3"][..], &reports].concat());
    assert_eq!(ran.code, 1, "{}", ran.out);
    let all = [
        ran.out,
        ran.err,
        sandbox.read("r.md"),
        sandbox.read("j.jsonl"),
        sandbox.read("results.json"),
    ]
    .concat();
    for n in [1, 2, 3, 400, 401, 402] {
        let (id, mail) = (uuid(n), format!("u{n}x"));
        assert!(!all.contains(&id) && !all.contains(&mail), "{n}: {all}");
    }
    assert!(
        !all.contains("tok_") && !all.contains("key_") && !all.contains("example.com"),
        "{all}"
    );
    assert_eq!(
        outcomes(&results),
        ["list: different body $.access_token value, body $.mail value"]
    );
}

#[test]
fn a_clock_of_whole_seconds_is_seen_to_move() {
    let clock = |ahead: i64| {
        counting(0, move |_, _| {
            let now = jiff::Timestamp::now();
            let date = jiff::fmt::rfc2822::DateTimePrinter::new();
            let date = date.timestamp_to_rfc9110_string(&now).unwrap();
            let shown = jiff::Timestamp::from_second(now.as_second() + ahead).unwrap();
            let body = format!(r#"{{"at":"{shown}","price":1}}"#);
            answer(
                200,
                &[("Content-Type", "application/json"), ("Date", &date)],
                &body,
            )
        })
    };
    // The clocks are never equal, and in one second neither moves.
    let (old, new) = (clock(0), clock(-5));
    let sandbox = bench(&old, &new, LIST);
    let (ran, results) = sandbox.results(&["run", "--samples", "2"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (0, vec!["list: same".to_owned()]),
        "{}",
        ran.out
    );
    assert_eq!(rules(&results), [r#"pattern: { "$.at": timestamp }"#]);
}

#[test]
fn an_id_that_stands_for_two_in_two_chains_is_a_finding_of_the_run() {
    let id = |n: usize| format!("order-{n:06}");
    let serve = move |ids: [usize; 2]| {
        Server::answering(move |seen: &Seen| {
            let at = usize::from(seen.target.starts_with("/second"));
            json(&format!(r#"{{"id":"{}"}}"#, id(ids[at])))
        })
    };
    let suite = "name: A\ncases:\n  - { name: first, request: GET /first, capture: { a: \"$.id\" } }\n  \
                 - { name: again, request: \"GET /first/{{a}}\" }\n  \
                 - { name: second, request: GET /second, capture: { b: \"$.id\" } }\n  \
                 - { name: second again, request: \"GET /second/{{b}}\" }\n";
    let run = |old: [usize; 2], new: [usize; 2]| {
        let (old, new) = (serve(old), serve(new));
        let sandbox = bench(&old, &new, suite);
        let (ran, results) = sandbox.results(&["run", "-j", "4"]);
        assert_eq!(ran.code, 0, "{}", ran.out);
        results
    };
    assert!(run([1, 2], [91, 92]).findings.is_empty());
    let results = run([1, 1], [91, 92]);
    let found = findings(&results, "contradiction");
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "`order-000001` of the old side stands for `order-000091` and for `order-000092` of the new side: one of these answers is about another thing"
    );
    assert_eq!(
        found[0].cases,
        ["suites/a.yaml::first", "suites/a.yaml::second"]
    );
}

#[test]
fn the_demo_has_parity_with_samples_too_and_its_defects_are_found() {
    let sandbox = Sandbox::new();
    let (ran, results) = sandbox.results(&["demo", "--samples", "3"]);
    assert_eq!((ran.code, results.run.samples), (0, 3), "{}", ran.out);
    let rate = findings(&results, "false-alarm-rate");
    assert!(
        rate.len() == 1 && rate[0].cases.is_empty(),
        "{:?}",
        results.findings
    );
    let args = ["demo", "--samples", "2", "--defect", "price-as-string"];
    let (ran, results) = sandbox.results(&args);
    let different = |case: &&cutover::results::CaseResult| {
        let mut all = case.differences.iter();
        all.any(|d| d.path.ends_with("price") && d.kind == cutover::results::Kind::Type)
    };
    assert_eq!(ran.code, 1);
    assert!(results.cases.iter().any(|case| different(&case)));
}
