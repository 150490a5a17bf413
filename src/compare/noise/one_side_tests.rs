//! What goes wrong on one side only, and not always.

use super::tests::{IDS, answer, rules, sampled, sampled_under, short};
use super::*;
use crate::results::Kind;

/// One value on each side in three answers.
fn one(old: [&str; 3], new: [&str; 3]) -> Sampled {
    let body = |value: &str| format!("{{\"kept\":\"x\",\"v\":{value}}}");
    let bodies = Pair::new(old, new).map(|all| all.map(body));
    let texts = bodies
        .as_ref()
        .map(|all| all.each_ref().map(String::as_str));
    sampled(texts.old, texts.new)
}

/// The side on which a place is said to vary without being a difference.
fn only(sampled: &Sampled) -> Vec<(String, Option<Side>)> {
    let all = sampled.learned.iter();
    all.map(|it| (it.path.clone(), it.only)).collect()
}

fn statuses(old: [u16; 3], new: [u16; 3]) -> Vec<String> {
    let answers = Pair::new(old, new).map(|all| {
        all.map(|status| {
            let mut answer = answer("{}", &[]);
            answer.status = status;
            answer
        })
    });
    let found = sampled_under(&Rules::default(), &answers.old, &answers.new);
    let all = found.comparison.differences.iter();
    all.map(|d| format!("{} {} {}: {}", d.r#where, d.kind, d.severity, d.explain))
        .collect()
}

#[test]
fn a_status_that_one_side_gives_now_and_then_is_a_difference() {
    let told = |times: u8, side: Side, from: &str, to: &str| {
        format!(
            "status value breaking: {from} became {to}: clients take the other branch; so in {times} of 3 answers of the {side} side, and in none of the {} side",
            side.other()
        )
    };
    let (fine, error) = ("a success", "a server error");
    assert_eq!(
        statuses([200; 3], [200, 500, 500]),
        [told(2, Side::New, fine, error)]
    );
    assert_eq!(
        statuses([200; 3], [200, 200, 500]),
        [told(1, Side::New, fine, error)]
    );
    assert_eq!(
        statuses([200, 503, 200], [200; 3]),
        [told(1, Side::Old, error, fine)]
    );
    assert_eq!(statuses([200, 503, 200], [200, 200, 503]), [""; 0]);
    assert_eq!(statuses([200; 3], [200, 429, 429]), [""; 0]);
    assert_eq!(
        statuses([200; 3], [500, 200, 200]),
        ["status value breaking: a success became a server error: clients take the other branch"]
    );
}

#[test]
fn what_comes_and_goes_in_later_answers_of_one_side_is_a_difference() {
    let (with, without) = (r#"{"a":1,"b":1}"#, r#"{"a":1}"#);
    let found = sampled([with; 3], [with, without, with]);
    assert_eq!(short(&found), ["$.b removed breaking"]);
    let said = &found.comparison.differences[0].explain;
    assert!(
        said.ends_with("; so in another answer of the new side than its first"),
        "{said}"
    );
    assert_eq!(
        short(&sampled([with, with, without], [with; 3])),
        ["$.b added risky"]
    );
    assert_eq!(
        short(&sampled([without; 3], [without, without, with])),
        ["$.b added risky"]
    );
    assert_eq!(
        short(&sampled([with, without, with], [with, with, without])),
        [""; 0]
    );
    let (list, shuffled) = (r#"{"l":[1,2,3]}"#, r#"{"l":[3,1,2]}"#);
    assert_eq!(
        short(&sampled([list; 3], [list, shuffled, list])),
        ["$.l order breaking"]
    );
    assert_eq!(
        short(&sampled([list; 3], [list, list, r#"{"l":[1,2]}"#])),
        ["$.l[2] missing-element breaking"]
    );
    assert_eq!(
        short(&sampled([list; 3], [list, "{\"l\":", list])),
        ["$ unparsable breaking"]
    );
}

#[test]
fn a_type_that_one_side_never_shows_is_a_difference() {
    let ids = [0, 1, 2].map(|at| format!("\"{}\"", IDS[at]));
    let [a, b, c] = ids.each_ref().map(String::as_str);
    let (number, text, null) = (["1"; 3], ["1", "\"x\"", "1"], ["1", "null", "1"]);
    let prices = ["1.5", "1.6", "1.7"];
    for (old, new) in [
        (number, text),
        (number, null),
        (number, ["\"x\"", "1", "1"]),
        (number, ["2", "\"x\"", "1"]),
        (prices, ["\"1.5\"", "1.6", "1.7"]),
        (prices, ["1.5", "\"1.6\"", "1.7"]),
        (prices, ["1.8", "1.9", "\"2.1\""]),
        ([a, b, c], ["null", b, c]),
        ([a, b, c], [a, b, "null"]),
        ([a, b, c], [c, a, "null"]),
        ([a, b, c], ["1001", "1002", "1003"]),
    ] {
        let found = one(old, new);
        assert_eq!(short(&found), ["$.v type breaking"], "{old:?} {new:?}");
        assert_eq!(rules(&found), [""; 0], "{old:?} {new:?}");
        let advice = found.comparison.differences[0].advice.as_deref();
        assert_eq!(
            advice,
            Some(
                "if this is meant: accept: [ { where: body, path: \"$.v\", kind: type, because: \"…\" } ]"
            )
        );
    }
    // What the old side showed now and then and the new one does not: nothing new to meet.
    let found = one(null, number);
    assert_eq!(short(&found), ["$.v type risky"]);
    let said = &found.comparison.differences[0].explain;
    let expected = "null in answer 2 of the old side, and in none of the new side: clients that wait for it meet none";
    assert_eq!(said, expected);
    assert_eq!(short(&one(null, ["1", "1", "null"])), [""; 0]);
    assert_eq!(short(&one(["null", "1", "null"], null)), [""; 0]);
}

#[test]
fn elements_of_a_list_may_differ_in_type_among_themselves() {
    let list = |order: [usize; 3]| {
        let items = [
            "{\"k\":\"a\",\"v\":1}",
            "{\"k\":\"b\",\"v\":\"x\"}",
            "{\"k\":\"c\",\"v\":null}",
        ];
        format!("{{\"l\":[{}]}}", order.map(|at| items[at]).join(","))
    };
    let orders = [[0, 1, 2], [2, 0, 1], [1, 2, 0]].map(list);
    let [a, b, c] = orders.each_ref().map(String::as_str);
    assert_eq!(short(&sampled([a, b, c], [b, c, a])), [""; 0]);
    assert_eq!(short(&sampled([a, b, c], [a, c, b])), [""; 0]);
}

#[test]
fn what_varies_on_one_side_by_chance_is_told_without_a_rule() {
    for (old, new) in [
        (["1"; 3], ["2", "1", "1"]),
        (["1"; 3], ["1", "2", "1"]),
        (["true"; 3], ["true", "false", "true"]),
        (["\"a\""; 3], ["\"a\"", "\"b\"", "\"a\""]),
    ] {
        let found = one(old, new);
        assert_eq!(short(&found), [""; 0], "{new:?}");
        assert_eq!(only(&found), [("$.v".to_owned(), Some(Side::New))]);
        assert_eq!(found.learned[0].rule, None);
        assert_eq!(found.learned[0].seen.new.len(), 2);
    }
    let told = one(["17", "18", "19"], ["17"; 3]);
    assert_eq!(only(&told), [], "a difference says so");
    assert!(
        told.comparison
            .differences
            .iter()
            .all(|d| d.kind == Kind::Value)
    );
}
