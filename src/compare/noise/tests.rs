//! What varies within a side is compared by what it is.

use super::*;
use crate::message::Headers;
use crate::results::Kind;

pub(super) fn answer(body: &str, headers: &[(&str, &str)]) -> Response {
    let headers = [&[("Content-Type", "application/json")], headers].concat();
    Response::plain(200, Headers::of(&headers), body.to_owned().into())
}

pub(super) fn sampled_under(rules: &Rules, old: &[Response], new: &[Response]) -> Sampled {
    let platforms = Pair::both(Platform::generic());
    compare_sampled(Pair::new(old, new), rules, &Standing::default(), platforms)
}

pub(super) fn sampled(old: [&str; 3], new: [&str; 3]) -> Sampled {
    let answers = Pair::new(old, new).map(|all| all.map(|body| answer(body, &[])));
    sampled_under(&Rules::default(), &answers.old, &answers.new)
}

/// Each difference: path, kind, severity.
pub(super) fn short(sampled: &Sampled) -> Vec<String> {
    let all = sampled.comparison.differences.iter();
    all.map(|d| format!("{} {} {}", d.path, d.kind, d.severity))
        .collect()
}

pub(super) fn rules(sampled: &Sampled) -> Vec<String> {
    let all = sampled.learned.iter();
    all.map(|it| {
        it.rule
            .clone()
            .unwrap_or_else(|| format!("none: {}", it.path))
    })
    .collect()
}

pub(super) const IDS: [&str; 6] = [
    "6f9619ff-8b86-4011-b42d-00cf4fc964f1",
    "0b0ee8d2-6cd4-4ee4-90a5-3d2d4e2c9a01",
    "3f1c7a52-11d0-4cbb-8a8e-9a7e6c5d4b32",
    "c0a80164-75b1-4d6a-9f52-1e0b2d3c4f55",
    "9d2e41aa-0d3f-4a10-b6cb-77a8e9f01b66",
    "51b3e9c7-4c7e-4b9b-83a4-2f6d8a1c0e77",
];

/// One value on each side in three answers: what is found where the value varies.
fn one(old: [&str; 3], new: [&str; 3]) -> Vec<String> {
    let body = |value: &str| format!(r#"{{"kept":"x","v":{value}}}"#);
    let bodies = Pair::new(old, new).map(|all| all.map(body));
    let answers = bodies.map(|all| all.map(|body| answer(&body, &[])));
    short(&sampled_under(
        &Rules::default(),
        &answers.old,
        &answers.new,
    ))
}

fn text(values: [&str; 3]) -> [String; 3] {
    values.map(|value| format!("\"{value}\""))
}

fn one_text(old: [&str; 3], new: [&str; 3]) -> Vec<String> {
    let (old, new) = (text(old), text(new));
    one(
        old.each_ref().map(String::as_str),
        new.each_ref().map(String::as_str),
    )
}

#[test]
fn what_varies_alike_on_both_sides_is_no_difference() {
    let ids = |at: usize| [IDS[at], IDS[at + 1], IDS[at + 2]];
    assert_eq!(one_text(ids(0), ids(3)), [""; 0]);
    assert_eq!(one(["17", "18", "19"], ["44", "45", "46"]), [""; 0]);
    assert_eq!(one(["0.25", "0.5", "0.75"], ["0.3", "0.9", "0.6"]), [""; 0]);
    assert_eq!(
        one(["true", "false", "true"], ["false", "true", "true"]),
        [""; 0]
    );
    assert_eq!(
        one(["null", "\"a\"", "null"], ["\"a\"", "null", "\"a\""]),
        [""; 0]
    );
    let old = [
        "2026-11-21T22:10:07.101Z",
        "2026-11-21T22:10:07.202Z",
        "2026-11-21T22:10:07.303Z",
    ];
    let new = [
        "2026-11-21T22:10:07.111Z",
        "2026-11-21T22:10:07.212Z",
        "2026-11-21T22:10:08.31Z",
    ];
    assert_eq!(one_text(old, new), [""; 0]);
    let old = [
        "req-9f8e7d6c5b4a-eu",
        "req-0a1b2c3d4e5f-eu",
        "req-1122334455aa-eu",
    ];
    let new = [
        "req-aabbccddeeff-eu",
        "req-001122334455-eu",
        "req-9a8b7c6d5e4f-eu",
    ];
    assert_eq!(one_text(old, new), [""; 0]);
}

#[test]
fn what_became_another_thing_is_a_difference() {
    let old = [IDS[0], IDS[1], IDS[2]];
    let (uuid, other) = (text(old), [IDS[3], IDS[4], IDS[5]]);
    let uuid = uuid.each_ref().map(String::as_str);
    assert_eq!(one(uuid, ["1001", "1002", "1003"]), ["$.v type breaking"]);
    assert_eq!(
        one_text(old, ["100100", "100200", "100300"]),
        ["$.v value breaking"]
    );
    let upper = other.map(str::to_uppercase);
    assert_eq!(
        one_text(old, upper.each_ref().map(String::as_str)),
        ["$.v format risky"]
    );
    let cut = other.map(|id| &id[..30]);
    assert_eq!(one_text(old, cut), ["$.v value breaking"]);

    let times = [
        "2026-11-21T22:10:07.101Z",
        "2026-11-21T22:10:07.202Z",
        "2026-11-21T22:10:07.303Z",
    ];
    let seconds = ["1795299007", "1795299008", "1795299009"];
    assert_eq!(one_text(times, seconds), ["$.v value breaking"]);
    let quoted = text(times);
    assert_eq!(
        one(quoted.each_ref().map(String::as_str), seconds),
        ["$.v type breaking"]
    );
    let milliseconds = ["1795299007001", "1795299007141", "1795299007201"];
    assert_eq!(one(seconds, milliseconds), ["$.v value breaking"]);
    let whole = [
        "2026-11-21T22:10:07Z",
        "2026-11-21T22:10:08Z",
        "2026-11-21T22:10:09Z",
    ];
    assert_eq!(one_text(times, whole), ["$.v format risky"]);
    let shifted = times.map(|time| time.replace("T22", "T23"));
    assert_eq!(
        one_text(times, shifted.each_ref().map(String::as_str)),
        ["$.v value breaking"]
    );
    assert_eq!(
        one(["17", "18", "19"], ["1.5", "2.5", "3.5"]),
        ["$.v format risky"]
    );

    let old = [
        "req-9f8e7d6c5b4a-eu",
        "req-0a1b2c3d4e5f-eu",
        "req-1122334455aa-eu",
    ];
    let new = [
        "req-aabbccddeeff-us",
        "req-001122334455-us",
        "req-9a8b7c6d5e4f-us",
    ];
    assert_eq!(one_text(old, new), ["$.v value breaking"]);
}

#[test]
fn what_no_longer_varies_is_a_difference() {
    assert_eq!(
        one(["17", "18", "19"], ["17", "17", "17"]),
        ["$.v value breaking"]
    );
    assert_eq!(
        one(["17", "18", "19"], ["40", "40", "40"]),
        ["$.v value breaking"]
    );
    let constant = [IDS[4]; 3];
    assert_eq!(
        one_text([IDS[0], IDS[1], IDS[2]], constant),
        ["$.v value breaking"]
    );
    assert_eq!(
        one_text(constant, [IDS[0], IDS[1], IDS[2]]),
        ["$.v value breaking"]
    );
    // A clock of whole seconds may well have stood still in the answers of one side.
    let tick = [
        "2026-11-21T22:10:07Z",
        "2026-11-21T22:10:07Z",
        "2026-11-21T22:10:08Z",
    ];
    assert_eq!(one_text(tick, ["2026-11-21T22:10:08Z"; 3]), [""; 0]);
    assert_eq!(
        one_text(tick, ["2025-01-01T00:00:00Z"; 3]),
        ["$.v value breaking"]
    );
}

#[test]
fn what_does_not_vary_is_compared_as_ever() {
    let old = [0, 1, 2].map(|at| format!(r#"{{"id":"{}","price":12.5,"list":[1,2]}}"#, IDS[at]));
    let new =
        [3, 4, 5].map(|at| format!(r#"{{"id":"{}","price":"12.5","list":[1,2,3]}}"#, IDS[at]));
    let found = sampled(
        old.each_ref().map(String::as_str),
        new.each_ref().map(String::as_str),
    );
    assert_eq!(
        short(&found),
        ["$.price type breaking", "$.list[2] extra-element breaking"]
    );
    assert_eq!(rules(&found), [r#"pattern: { "$.id": uuid }"#]);
    assert_eq!(found.learned[0].seen.old.len(), 3);
}

#[test]
fn ids_that_vary_stand_for_each_other_one_to_one() {
    let body = |id: usize, named: usize| {
        format!(
            r#"{{"id":"{}","next":"/orders/{}?page=2","ref":"{}"}}"#,
            IDS[id], IDS[named], IDS[named]
        )
    };
    let old = [body(0, 0), body(1, 1), body(2, 2)];
    let fine = [body(3, 3), body(4, 4), body(5, 5)];
    // The reference names another order than the one asked for.
    let wrong = [body(3, 4), body(4, 5), body(5, 3)];
    let run = |new: &[String; 3]| {
        let (old, new) = (
            old.each_ref().map(String::as_str),
            new.each_ref().map(String::as_str),
        );
        short(&sampled(old, new))
    };
    assert_eq!(run(&fine), [""; 0]);
    let found = run(&wrong);
    assert!(
        !found.is_empty() && found.iter().all(|it| it.contains("broken-reference")),
        "{found:?}"
    );
}

#[test]
fn noise_that_is_gone_with_what_held_it_is_not_told_again() {
    let body =
        |at: usize, user: &str| format!(r#"{{"n":1,"user":{}}}"#, user.replace("ID", IDS[at]));
    let run = |user: &str| {
        let old = [0, 1, 2].map(|at| body(at, r#"{"id":"ID","list":[{"id":"ID"}]}"#));
        let new = [3, 4, 5].map(|at| body(at, user));
        let (old, new) = (
            old.each_ref().map(String::as_str),
            new.each_ref().map(String::as_str),
        );
        short(&sampled(old, new))
    };
    assert_eq!(run("null"), ["$.user type breaking"]);
    assert_eq!(run("[]"), ["$.user type breaking"]);
    assert_eq!(
        run(r#"{"id":"ID","list":[]}"#),
        ["$.user.list[0] missing-element breaking"]
    );
    assert_eq!(
        run(r#"{"id":["ID"],"list":[{"id":"ID"}]}"#),
        ["$.user.id type breaking"]
    );
    assert_eq!(
        run(r#"{"wrapped":{"id":"ID","list":[{"id":"ID"}]}}"#),
        [
            "$.user.id removed breaking",
            "$.user.list removed breaking",
            "$.user.wrapped added risky"
        ]
    );
}

#[test]
fn headers_and_xml_are_learned_too() {
    let with = |at: usize, body: &str| {
        let headers = [("Content-Type", "application/xml"), ("X-Trace", IDS[at])];
        Response::plain(200, Headers::of(&headers), body.to_owned().into())
    };
    let body = |at: usize| format!("<o><id>{}</id><n>7</n></o>", IDS[at]);
    let answers = |from: usize| [0, 1, 2].map(|at| with(from + at, &body(from + at)));
    let found = sampled_under(&Rules::default(), &answers(0), &answers(3));
    assert_eq!(short(&found), [""; 0]);
    assert_eq!(
        rules(&found),
        [
            r#"pattern: { "header:x-trace": uuid }"#,
            r#"pattern: { "/o/id": uuid }"#
        ]
    );
    let numbers = [1, 2, 3].map(|at| with(3, &format!("<o><id>{at}</id><n>7</n></o>")));
    let found = sampled_under(&Rules::default(), &answers(0), &numbers);
    assert_eq!(
        short(&found),
        ["x-trace value risky", "/o/id value breaking"]
    );
}

#[test]
fn a_side_compared_with_itself_tells_what_is_false() {
    let body = |at: usize, price: &str| format!(r#"{{"id":"{}","price":{price}}}"#, IDS[at]);
    let old = [body(0, "1"), body(1, "1"), body(2, "1")];
    let new = [body(3, "1"), body(4, "1"), body(5, "2")];
    let found = sampled(
        old.each_ref().map(String::as_str),
        new.each_ref().map(String::as_str),
    );
    let alarms = |ruled, held_back| Alarms {
        ruled,
        held_back: Some(held_back),
    };
    assert_eq!(found.alarms.old, alarms(Some(Severity::Breaking), None));
    assert_eq!(
        found.alarms.new,
        alarms(Some(Severity::Breaking), Some(Severity::Breaking))
    );
    let stable = r#"{"id":1}"#;
    let found = sampled([stable; 3], [stable; 3]);
    assert_eq!(found.alarms, Pair::both(alarms(None, None)));
}

#[test]
fn answers_of_another_status_have_no_say_and_one_answer_is_compared_as_ever() {
    let ids = [0, 1, 2].map(|at| format!(r#"{{"id":"{}"}}"#, IDS[at]));
    let mut old = ids.each_ref().map(|body| answer(body, &[]));
    let new = old.clone();
    old[1].status = 503;
    old[2].status = 503;
    let found = sampled_under(&Rules::default(), &old, &new[1..]);
    assert_eq!(short(&found), [" value breaking", "$.id value breaking"]);
    assert_eq!(found.alarms, Pair::default());
    assert!(
        found
            .comparison
            .differences
            .iter()
            .all(|it| it.kind == Kind::Value)
    );
}

#[test]
fn what_a_side_writes_otherwise_each_time_is_no_difference() {
    let (plain, turned) = (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#);
    assert_eq!(
        short(&sampled([plain; 3], [turned; 3])),
        ["$ format cosmetic"]
    );
    for (old, new) in [
        ([plain, turned, plain], [turned; 3]),
        ([plain; 3], [turned, turned, plain]),
    ] {
        let found = sampled(old, new);
        assert_eq!((short(&found), rules(&found)), (vec![], vec![]));
        let alarm = Alarms {
            ruled: None,
            held_back: Some(None),
        };
        assert_eq!(found.alarms, Pair::both(alarm));
    }
}
