use bytes::Bytes;

use super::*;
use crate::compare::RulesDoc;
use crate::message::Headers;
use crate::source::{Cx, Decode, Source, parse as yaml};

fn all(old: &str, new: &str, rules: &str) -> Comparison {
    let source = Source::new("s.yaml", rules);
    let mut cx = Cx::new(&source);
    let doc = (!rules.is_empty()).then(|| RulesDoc::decode(&yaml(&source).expect("YAML"), &mut cx));
    let rules = doc
        .map(|doc| Rules::new(&doc.expect("rules"), &source))
        .unwrap_or_default();
    let answers = Pair::new(old, new).map(|text| {
        Response::plain(
            200,
            Headers::default(),
            Bytes::copy_from_slice(text.as_bytes()),
        )
    });
    let mut found = Comparison::default();
    compare(answers.as_ref(), &rules, &Standing::default(), &mut found).expect("XML");
    found
}

fn short(found: &Comparison) -> Vec<String> {
    let line = |d: &crate::results::Difference| format!("{} {} {}", d.path, d.kind, d.severity);
    found.differences.iter().map(line).collect()
}

fn items(ids: impl IntoIterator<Item = u32>) -> String {
    let item = |id: u32| format!("<i id='{id}'><a>{}</a><b>{}</b></i>", id % 3, id * 2);
    format!("<l>{}</l>", ids.into_iter().map(item).collect::<String>())
}

#[test]
fn a_reordering_and_an_inferred_key_print_their_rules() {
    let found = all(&items(0..4), &items([3, 1, 2, 0]), "");
    assert_eq!(short(&found), ["/l order breaking"]);
    assert_eq!(found.hints, ["keyed: { \"/l\": \"@id\" }"]);
    assert_eq!(
        found.differences[0].advice.as_deref(),
        Some("if the order means nothing: compare: { unordered: [ \"/l\" ] }")
    );
}

#[test]
fn the_rules_that_are_printed_can_be_read() {
    let hints = all(&items(0..4), &items([3, 1, 2, 0]), "").hints;
    for rule in hints
        .into_iter()
        .chain(["unordered: [ \"/l\" ]".to_owned()])
    {
        let found = all(&items(0..4), &items([3, 1, 2, 0]), &rule);
        assert_eq!((short(&found), found.used.len()), (vec![], 1), "{rule}");
    }
}

#[test]
fn declared_keys_say_when_they_are_none() {
    let found = all(&items(0..4), &items([3, 1, 2, 0]), "keyed: { /l: a }");
    assert_eq!(
        found.no_keys[0],
        "keyed \"/l\": a is no key here: elements 0 and 3 of the old side have the same"
    );
}

#[test]
fn a_new_name_and_a_near_number_print_their_rules() {
    let advice = |old: &str, new: &str| {
        let found = all(old, new, "");
        found.differences[0].advice.clone().unwrap_or_default()
    };
    assert_eq!(
        advice("<o><no>5</no><x/></o>", "<o><x/><number>5</number></o>"),
        "it seems to have a new name; if this is meant: compare: { rename: { \"/o/no\": \"/o/number\" } }"
    );
    assert_eq!(
        advice("<o><n>10.01</n></o>", "<o><n>10.02</n></o>"),
        "if this is meant: compare: \"/o/n\": 0.01 (under `tolerance`)"
    );
}

#[test]
fn bound_values_are_born_with_their_place() {
    let found = all("<o id='a-100'/>", "<o id='b-200'/>", "bind: [ \"/o/@id\" ]");
    assert_eq!(short(&found), [""; 0]);
    let born = (
        "/o/@id".to_owned(),
        Pair::new("a-100".to_owned(), "b-200".to_owned()),
    );
    assert_eq!(found.born, [born]);
}

#[test]
fn rules_hold_at_attributes_texts_and_whole_elements() {
    let old = "<o a='1' b='2'><t>one</t><p>x<b/>y</p><q><r/></q></o>";
    let new = "<o a='9' b='3'><t>two</t><p>x<b/>z</p><q><s/></q></o>";
    let found = all(
        old,
        new,
        "ignore: [ \"/o/@a\", \"/o/t/text()\", \"/o/p/text()[2]\" ]\npattern: { /o/q: any }",
    );
    assert_eq!(short(&found), ["/o/@b value breaking"]);
    assert_eq!(found.used.len(), 4);
    let found = all(old, new, "ignore: [ //@*, //t, //p, //r, //s, //none ]");
    assert_eq!((short(&found), found.used.len()), (vec![], 5));
}

#[test]
fn a_changed_namespace_says_both() {
    let found = all("<o xmlns='urn:1'><a/></o>", "<o><a/></o>", "");
    let one = &found.differences[0];
    assert_eq!(
        (one.old.display().as_deref(), one.new.display()),
        (Some("urn:1"), None)
    );
    assert_eq!(found.differences.len(), 1);
}

#[test]
fn worst_cases_are_bounded() {
    let list = |from: u32| {
        let item = |i: u32| format!("<i>{i}</i>");
        format!(
            "<l>{}</l>",
            (from..from + 6000).map(item).collect::<String>()
        )
    };
    let found = all(&list(0), &list(100_000), "");
    assert_eq!(found.differences.len(), 6000);
    let found = all(&items(1..5000), &items(0..5000), "");
    assert_eq!(short(&found), ["/l/i[1] extra-element breaking"]);
    let deep = |leaf: &str| format!("{}{leaf}{}", "<a>".repeat(200), "</a>".repeat(200));
    assert_eq!(all(&deep("1"), &deep("2"), "").differences.len(), 1);
}

#[test]
fn a_name_that_nothing_on_the_new_side_has_stays_the_old_one() {
    let rule = "rename: { \"/o/no\": \"/o/number\", \"/o/@a\": \"/o/@b\" }";
    let found = all(
        "<o a='1'><no>1</no></o>",
        "<o b='1'><number>1</number></o>",
        rule,
    );
    assert_eq!((short(&found), found.used.len()), (vec![], 2));
    let found = all("<o a='1'><no>1</no></o>", "<o a='1'><no>2</no></o>", rule);
    let told = (short(&found), found.used.len());
    assert_eq!(told, (vec!["/o/no value breaking".to_owned()], 0));
}

#[test]
fn a_rewriting_is_used_where_it_changed_something() {
    let rule = "rewrite: [ { path: \"/o/*\", from: \"/v1/\", to: \"/v2/\" } ]";
    for (old, new, used) in [
        ("<o><a>/v1/a</a></o>", "<o><a>/v2/a</a></o>", 1),
        ("<o><a>/v0/a</a></o>", "<o><a>/v0/a</a><!-- --></o>", 0),
    ] {
        let found = all(old, new, rule);
        assert_eq!((short(&found), found.used.len()), (vec![], used), "{old}");
    }
}
