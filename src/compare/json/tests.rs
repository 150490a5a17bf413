use std::sync::Arc;

use super::*;
use crate::compare::RulesDoc;
use crate::source::{Cx, Decode, Source, parse};

pub(super) fn rules(text: &str) -> Rules {
    let source: Arc<Source> = Source::new("s.yaml", text);
    let node = parse(&source).expect("YAML");
    let mut cx = Cx::new(&source);
    let doc = RulesDoc::decode(&node, &mut cx);
    Rules::new(
        &doc.unwrap_or_else(|| panic!("{}", cx.diagnostics.render(false))),
        &source,
    )
}

pub(super) fn all(old: &str, new: &str, text: &str) -> Comparison {
    let mut found = Comparison::default();
    let bodies = Pair::new(old.as_bytes(), new.as_bytes());
    let rules = if text.is_empty() {
        Rules::default()
    } else {
        rules(text)
    };
    compare(bodies, &rules, &Standing::default(), &mut found).expect("JSON");
    found
}

/// Path, kind and severity of every difference; the new path behind an arrow where it is another.
pub(super) fn short(found: &Comparison) -> Vec<String> {
    found
        .differences
        .iter()
        .map(|d| {
            let arrow = d
                .new_path
                .as_ref()
                .map(|p| format!(" -> {p}"))
                .unwrap_or_default();
            format!("{}{arrow} {} {}", d.path, d.kind, d.severity)
        })
        .collect()
}

fn diff(old: &str, new: &str) -> Vec<String> {
    short(&all(old, new, ""))
}

pub(super) fn ruled(old: &str, new: &str, rules: &str) -> Vec<String> {
    let found = all(old, new, rules);
    assert!(found.used.len() > 0, "no rule was of use");
    short(&found)
}

#[test]
fn members_that_differ_are_said_once_each() {
    assert_eq!(
        diff(r#"{"a":1,"b":2}"#, "{ \"b\" : 2, \"a\" : 1 }\n"),
        [""; 0]
    );
    assert_eq!(
        diff(r#"{"a":1,"b":2}"#, r#"{"b":2}"#),
        ["$.a removed breaking"]
    );
    assert_eq!(diff(r#"{"b":2}"#, r#"{"a":1,"b":2}"#), ["$.a added risky"]);
    assert_eq!(diff(r#"{"a":null}"#, "{}"), ["$.a removed risky"]);
    assert_eq!(diff("{}", r#"{"a":null}"#), ["$.a added risky"]);
    assert_eq!(diff(r#"{"a":1}"#, r#"{"a":null}"#), ["$.a type breaking"]);
    assert_eq!(
        diff(r#"{"a":12.5}"#, r#"{"a":"12.5"}"#),
        ["$.a type breaking"]
    );
    assert_eq!(
        diff(r#"{"a b":"x"}"#, r#"{"a b":"X"}"#),
        ["$['a b'] value breaking"]
    );
}

#[test]
fn numbers_are_exact_and_their_notation_counts() {
    assert_eq!(
        diff("9007199254740993", "9007199254740992"),
        ["$ value breaking"]
    );
    assert_eq!(
        diff("[0.1]", "[0.10000000000000001]"),
        ["$[0] value breaking"]
    );
    assert_eq!(diff(r#"{"a":1}"#, r#"{"a":1.0}"#), ["$.a format risky"]);
    assert_eq!(diff(r#"{"a":1.0}"#, r#"{"a":1e0}"#), ["$.a format risky"]);
    assert_eq!(
        diff(r#"{"a":1.5}"#, r#"{"a":1.50}"#),
        ["$.a format cosmetic"]
    );
}

#[test]
fn one_moment_in_two_notations_is_a_format() {
    for other in ["2026-11-21T22:10:00.000Z", "2026-11-21T23:10:00+01:00"] {
        let (old, new) = (r#"["2026-11-21T22:10:00Z"]"#, format!("[\"{other}\"]"));
        assert_eq!(diff(old, &new), ["$[0] format risky"]);
        let rules = "tolerance: { \"$[0]\": 0s }";
        assert_eq!(ruled(old, &new, rules), [""; 0]);
    }
}

#[test]
fn escapes_are_decoded_and_forms_of_unicode_differ() {
    assert_eq!(diff(r#"["\u00e9\/"]"#, "[\"é/\"]"), [""; 0]);
    assert_eq!(diff(r#"{"\u0061":1}"#, r#"{"a":1}"#), [""; 0]);
    assert_eq!(
        diff("[\"\u{e9}\"]", "[\"e\u{301}\"]"),
        ["$[0] value breaking"]
    );
    assert_eq!(
        diff(r#"["\ud83d"]"#, r#"["\ud83e"]"#),
        ["$[0] value breaking"]
    );
}

#[test]
fn a_key_that_stands_twice_is_seen() {
    assert_eq!(
        diff(r#"{"a":1}"#, r#"{"a":2,"a":1}"#),
        ["$.a duplicate-key risky"]
    );
    assert_eq!(diff(r#"{"a":2,"a":1}"#, r#"{"a":2, "a":1}"#), [""; 0]);
    assert_eq!(
        diff(r#"{"a":2,"a":1}"#, r#"{"a":3,"a":1}"#),
        ["$.a value breaking"]
    );
}

#[test]
fn one_inserted_element_is_one_difference() {
    let list = |range: std::ops::Range<u32>| {
        let items: Vec<String> = range
            .map(|i| format!("{{\"n\":{i},\"v\":\"x\"}}"))
            .collect();
        format!("{{\"items\":[{}]}}", items.join(","))
    };
    assert_eq!(
        diff(&list(1..2000), &list(0..2000)),
        ["$.items[0] extra-element breaking"]
    );
    assert_eq!(
        diff(&list(0..2000), &list(1..2000)),
        ["$.items[0] missing-element breaking"]
    );
    assert_eq!(
        diff("[1,2,3,4]", "[1,3,4]"),
        ["$[1] missing-element breaking"]
    );
    assert_eq!(
        diff("[1,2,3,4]", "[1,9,3,4,5]"),
        ["$[1] value breaking", "$[4] extra-element breaking"]
    );
    assert_eq!(diff("[1,1,2]", "[1,2,2]"), ["$[1] value breaking"]);
}

#[test]
fn a_change_in_a_moved_element_is_found_inside_it() {
    let old = r#"[{"id":1,"a":"x","b":"y"},{"id":2,"a":"z","b":"w"},{"id":3,"a":"q","b":"r"}]"#;
    let new = r#"[{"id":3,"a":"q","b":"r"},{"id":1,"a":"x","b":"y"},{"id":2,"a":"z","b":"W"}]"#;
    let found = all(old, new, "");
    assert_eq!(
        short(&found),
        ["$ order breaking", "$[1].b -> $[2].b value breaking"]
    );
    assert_eq!(found.hints, ["keyed: { \"$\": id }"]);
    let found = all(
        r#"[["a","b","c"],["d","e","f"],1]"#,
        r#"[["d","e","f"],1,["a","b","C"]]"#,
        "",
    );
    assert_eq!(
        short(&found),
        ["$ order breaking", "$[0][2] -> $[2][2] value breaking"]
    );
}

#[test]
fn a_pure_reordering_is_one_difference_with_its_rule() {
    let found = all(r#"{"t":["a","b","c"]}"#, r#"{"t":["c","a","b"]}"#, "");
    assert_eq!(short(&found), ["$.t order breaking"]);
    assert_eq!(found.hints, [""; 0]);
    assert_eq!(
        found.differences[0].advice.as_deref(),
        Some("if the order means nothing: compare: { unordered: [ \"$.t\" ] }")
    );
    assert_eq!(
        ruled(
            r#"{"t":["a","b","c"]}"#,
            r#"{"t":["c","a","b"]}"#,
            "unordered: [ \"$.t\" ]"
        ),
        [""; 0]
    );
    assert_eq!(
        ruled("[1,1,2]", "[2,1,2]", "unordered: [ \"$\" ]"),
        [
            "$[1] missing-element breaking",
            "$[2] extra-element breaking"
        ]
    );
}

#[test]
fn a_key_that_changed_is_a_value_and_not_two_elements() {
    let old = r#"[{"id":1,"a":"x","b":"p"},{"id":2,"a":"y","b":"q"},{"id":3,"a":"z","b":"r"}]"#;
    let new = old.replace("\"id\":2", "\"id\":20");
    assert_eq!(diff(old, &new), ["$[1].id value breaking"]);
}

#[test]
fn declared_keys_join_and_say_when_they_are_none() {
    let old = r#"{"l":[{"s":"a","c":"x","n":1},{"s":"a","c":"y","n":2}]}"#;
    let new = r#"{"l":[{"s":"a","c":"y","n":2},{"s":"a","c":"x","n":5}]}"#;
    assert_eq!(
        ruled(old, new, "keyed: { \"$.l\": [ s, c ] }"),
        ["$.l[0].n -> $.l[1].n value breaking"]
    );
    let found = all(old, new, "keyed: { \"$.l\": s }");
    assert_eq!(
        found.no_keys[0],
        "keyed \"$.l\": s is no key here: elements 0 and 1 of the old side have the same"
    );
}

#[test]
fn a_leak_is_told_even_where_both_sides_are_equal() {
    let mut standing = Standing::default();
    standing.base(Pair::new("https://old.example/a", "https://new.example/b"));
    let body = br#"{"self":"https://old.example/a/1","x":[{"u":"https://old.example/"}]}"#;
    let mut found = Comparison::default();
    compare(Pair::both(body), &Rules::default(), &standing, &mut found).expect("JSON");
    assert_eq!(
        short(&found),
        ["$.self host-leak breaking", "$.x[0].u host-leak breaking"]
    );
    let new = br#"{"self":"https://new.example/b/1","x":[{"u":"https://new.example/"}]}"#;
    let mut found = Comparison::default();
    compare(
        Pair::new(body, new),
        &Rules::default(),
        &standing,
        &mut found,
    )
    .expect("JSON");
    assert_eq!(short(&found), [""; 0]);
}

#[test]
fn the_deepest_documents_fit_the_stack() {
    let deep = |leaf: &str| format!("{}{leaf}{}", "[{\"a\":".repeat(100), "}]".repeat(100));
    let found = all(&deep("1"), &deep("2"), "");
    assert_eq!(found.differences.len(), 1);
    assert!(found.differences[0].path.ends_with("[0].a"));
}

#[test]
fn worst_cases_are_bounded() {
    let list = |from: u32| {
        let items: Vec<String> = (from..from + 6000).map(|i| i.to_string()).collect();
        format!("[{}]", items.join(","))
    };
    let found = all(&list(0), &list(100_000), "");
    assert_eq!(found.differences.len(), 6000);
    // Without a common element they are taken side by side. What moved far is told as such.
    let moved: Vec<String> = (0..6_000)
        .map(|at| ((at * 7) % 6_000).to_string())
        .collect();
    let found = all(&list(0), &format!("[{}]", moved.join(",")), "");
    let said = "more than 4096 edits apart: matched by value and likeness";
    assert_eq!(found.differences[0].detail["alignment"], said);
    assert!(found.differences[0].explain.ends_with(&format!("({said})")));
}
