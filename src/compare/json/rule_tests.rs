use super::tests::{all, ruled, rules, short};
use super::*;

#[test]
fn rules_cover_their_place_and_never_its_neighbour() {
    let old = r#"{"at":"2026-11-21T22:10:00Z","n":1,"m":{"x":1,"y":2}}"#;
    let new = r#"{"at":"2026-11-21T22:10:04Z","n":2,"m":{"x":5}}"#;
    assert_eq!(
        ruled(old, new, "ignore: [ \"$.m\" ]\ntolerance: { \"$.at\": 5s }"),
        ["$.n value breaking"]
    );
    assert_eq!(
        ruled(
            old,
            new,
            "ignore: [ \"$.m.y\" ]\npattern: { \"$.at\": timestamp, \"$.n\": any }"
        ),
        ["$.m.x value breaking"]
    );
    assert_eq!(
        ruled(
            r#"{"id":"6f9619ff-8b86-d011-b42d-00cf4fc964ff"}"#,
            r#"{"id":"17"}"#,
            "pattern: { \"$.id\": uuid }"
        ),
        ["$.id value breaking"]
    );
    assert_eq!(
        ruled(
            r#"{"no":1}"#,
            r#"{"number":1}"#,
            "rename: { \"$.no\": \"$.number\" }"
        ),
        [""; 0]
    );
    assert_eq!(
        ruled(
            r#"[{"href":"/v1/a"}]"#,
            r#"[{"href":"/v2/a"}]"#,
            "rewrite: [ { path: \"$..href\", from: \"/v1/\", to: \"/v2/\" } ]"
        ),
        [""; 0]
    );
}

#[test]
fn bound_ids_rename_one_to_one() {
    let bind = "bind: [ \"$.items[*].id\" ]";
    let old =
        r#"{"first":"a-100","items":[{"id":"a-100","n":1},{"id":"a-200","n":2}],"last":"a-200"}"#;
    let new =
        r#"{"first":"b-900","items":[{"id":"b-900","n":1},{"id":"b-800","n":2}],"last":"b-800"}"#;
    let found = all(old, new, bind);
    assert_eq!(short(&found), [""; 0]);
    assert_eq!(
        found.born[0],
        (
            "$.items[0].id".into(),
            Pair::new("a-100".into(), "b-900".into())
        )
    );
    let wrong = new.replace("\"last\":\"b-800\"", "\"last\":\"b-900\"");
    assert_eq!(
        ruled(old, &wrong, bind),
        ["$.last broken-reference breaking"]
    );
}

#[test]
fn short_bound_ids_are_tied_one_to_one_too() {
    let bind = "bind: [ \"$[*]\" ]";
    for (old, new, found) in [
        (
            r#"["a","a"]"#,
            r#"["b","c"]"#,
            vec!["$[1] broken-reference breaking"],
        ),
        (
            r#"["a","c"]"#,
            r#"["b","b"]"#,
            vec!["$[1] broken-reference breaking"],
        ),
        (
            r#"["a","b"]"#,
            r#"["b","b"]"#,
            vec!["$[1] broken-reference breaking"],
        ),
        ("[1,2,1]", "[2,1,2]", vec![]),
        ("[1,2]", "[1,3]", vec![]),
        ("[1,2]", "[1,1]", vec!["$[1] broken-reference breaking"]),
    ] {
        assert_eq!(ruled(old, new, bind), found, "{old} {new}");
    }
}

/// The differences, and how often each rule was of use.
fn counted(old: &str, new: &str, text: &str) -> (Vec<String>, Vec<usize>) {
    let found = all(old, new, text);
    let used = rules(text).ids().map(|id| found.used.of(id)).collect();
    (short(&found), used)
}

fn told(lines: &[&str], used: &[usize]) -> (Vec<String>, Vec<usize>) {
    let lines = lines.iter().map(|line| (*line).to_owned());
    (lines.collect(), used.to_vec())
}

#[test]
fn each_use_of_a_rule_is_counted() {
    let text = "ignore: [ \"$.items[*].at\", \"$.none\" ]\nunordered: [ \"$.tags\" ]";
    let old = r#"{"items":[{"at":1,"n":1},{"at":2,"n":2}],"tags":[1,2]}"#;
    let new = r#"{"items":[{"at":3,"n":1},{"n":3},{"at":9,"n":9}],"tags":[2,1]}"#;
    let found = counted(old, new, text);
    assert_eq!(
        found,
        told(
            &[
                "$.items[1].n value breaking",
                "$.items[2] extra-element breaking"
            ],
            &[2, 0, 1]
        )
    );
}

#[test]
fn a_rename_is_used_where_the_new_side_has_the_new_name() {
    let text = "rename: { \"$.no\": \"$.number\" }";
    assert_eq!(
        counted(r#"{"no":1,"x":1}"#, r#"{"number":1,"x":2}"#, text),
        told(&["$.x value breaking"], &[1])
    );
    // Nothing was renamed: consumers find what they found.
    assert_eq!(
        counted(r#"{"no":1,"x":1}"#, r#"{"no":1,"x":2}"#, text),
        told(&["$.x value breaking"], &[0])
    );
    assert_eq!(
        counted(r#"{"no":1}"#, r#"{"x":1}"#, text),
        told(&["$.no removed breaking", "$.x added risky"], &[0])
    );
}

#[test]
fn a_rename_onto_a_member_that_is_there_says_so() {
    let text = "rename: { \"$.a\": \"$.b\" }";
    let found = all(r#"{"a":1,"b":2}"#, r#"{"b":2}"#, text);
    assert_eq!(short(&found), ["$.a removed breaking"]);
    assert_eq!(found.used.len(), 0);
    assert_eq!(
        found.differences[0].explain,
        "the field is gone: clients that read it find nothing; the rename rule had no say: the old side has `b`, \
         the name that it gives, beside it"
    );
    assert_eq!(
        counted(r#"{"a":1,"b":2}"#, r#"{"b":3,"a":1}"#, text),
        told(&["$.b value breaking"], &[0])
    );
}

#[test]
fn two_members_may_change_names() {
    let text = "rename: { \"$.a\": \"$.b\", \"$.b\": \"$.a\" }";
    assert_eq!(
        counted(r#"{"a":1,"b":2}"#, r#"{"a":2,"b":1}"#, text),
        told(&[], &[1, 1])
    );
}

#[test]
fn a_rewriting_is_used_where_it_changed_something() {
    let text = "rewrite: [ { path: \"$..href\", from: \"/v1/\", to: \"/v2/\" } ]";
    assert_eq!(
        counted(
            r#"[{"href":"/v1/a"},{"href":"/v1/b"},{"href":"/c"}]"#,
            r#"[{"href":"/v2/a"},{"href":"/v2/b"},{"href":"/d"}]"#,
            text
        ),
        told(&["$[2].href value breaking"], &[2])
    );
    // What is the same needs no rewriting.
    assert_eq!(
        counted(r#"[{"href":"/v1/a"}]"#, r#"[ {"href":"/v1/a"} ]"#, text),
        told(&[], &[0])
    );
}

/// The rule for the order, from the advice, and that for the key.
fn printed(found: &Comparison) -> [String; 2] {
    let advice = found.differences[0].advice.as_deref().expect("advice");
    let (_, rule) = advice.split_once("compare: { ").expect("a rule");
    let rule = rule.strip_suffix(" }").expect("the end of the rules");
    [rule.to_owned(), found.hints[0].clone()]
}

#[test]
fn rules_that_are_printed_can_be_read_whatever_a_name_is() {
    let list = |ids: [u32; 3]| {
        let item = |id: u32| format!(r#"{{"@i \"d":{id},"n":1}}"#);
        let items: Vec<String> = ids.into_iter().map(item).collect();
        format!(r#"{{"a\"b":[{}]}}"#, items.join(","))
    };
    let (old, new) = (list([1, 2, 3]), list([3, 1, 2]));
    for rule in printed(&all(&old, &new, "")) {
        assert_eq!(ruled(&old, &new, &rule), [""; 0], "{rule}");
    }
}
