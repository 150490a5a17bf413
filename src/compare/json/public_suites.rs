//! The public suites: `JSONTestSuite` for what is JSON, and the JSONPath compliance suite for the paths of
//! rules. Both are in `tests/vectors/` with their licences.

use std::fmt::Write;

use serde_json::Value;

use super::parse::parse;
use super::path::{Finder, Step, write as path_of};
use super::tree::{Id, ROOT, Tree, Type};
use super::*;
use crate::locator::{Locator, Place};
use crate::message::{Headers, Response};
use crate::platform::Platform;

const CASES: &str = include_str!("../../../tests/vectors/json/cases.json");
/// Cases that are no UTF-8, in hexadecimal. Two more, of deep nesting, are made where they are used.
const BYTES: &str = include_str!("../../../tests/vectors/json/bytes.json");
const PATHS: &str = include_str!("../../../tests/vectors/jsonpath/cts.json");

/// The cases whose name starts with a letter.
fn cases(letter: &str) -> Vec<(String, String)> {
    let all: Vec<(String, String)> = serde_json::from_str(CASES).expect("the vectors");
    all.into_iter()
        .filter(|(name, _)| name.starts_with(letter))
        .collect()
}

/// What is found between two answers that are said to be JSON.
fn kinds(old: &[u8], new: &[u8]) -> Vec<String> {
    let answer = |body: &[u8]| {
        let headers = Headers(vec![("Content-Type".into(), b"application/json".to_vec())]);
        Response::plain(200, headers, body.to_vec().into())
    };
    let answers = Pair::new(answer(old), answer(new));
    let (rules, standing) = (Rules::default(), Standing::default());
    let platforms = Pair::both(Platform::generic());
    let found = crate::compare::compare(answers.as_ref(), &rules, &standing, platforms);
    let short = |d: &crate::results::Difference| format!("{} {}", d.path, d.kind);
    found.differences.iter().map(short).collect()
}

/// A document in another dress: other white space, every sign escaped, the members of objects without
/// duplicate keys in reverse.
fn dressed(tree: &Tree<'_>, id: Id, out: &mut String) {
    let children: Vec<Id> = tree.children(id).collect();
    match tree.what(id) {
        Type::Array => {
            out.push_str("[\n");
            for (at, child) in children.iter().enumerate() {
                out.push_str(if at > 0 { " ,\t" } else { "" });
                dressed(tree, *child, out);
            }
            out.push_str("\r\n]");
        }
        Type::Object => {
            let mut members = children;
            let keys: std::collections::HashSet<_> = members.iter().map(|m| tree.key(*m)).collect();
            if keys.len() == members.len() {
                members.reverse();
            }
            out.push('{');
            for (at, member) in members.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                escaped(&tree.key(*member), out);
                out.push_str(" : ");
                dressed(tree, *member, out);
            }
            out.push_str(" }");
        }
        Type::Text => escaped(&tree.string(id), out),
        _ => out.push_str(tree.raw(id)),
    }
}

/// Generalised UTF-8 as a JSON string of nothing but escapes.
fn escaped(bytes: &[u8], out: &mut String) {
    out.push('"');
    let mut rest = bytes;
    while !rest.is_empty() {
        // Half of a surrogate pair is three bytes, of which the first is no start of UTF-8 text.
        let sound = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        for unit in sound.encode_utf16() {
            let _ = write!(out, "\\u{unit:04X}");
        }
        rest = &rest[sound.len()..];
        if let [0xED, middle, last, behind @ ..] = rest {
            let unit = 0xD000 | u16::from(middle & 0x3F) << 6 | u16::from(last & 0x3F);
            let _ = write!(out, "\\u{unit:04X}");
            rest = behind;
        }
    }
    out.push('"');
}

fn rewritten(text: &str) -> String {
    let tree = parse(text.as_bytes()).expect("JSON");
    let mut out = String::from(" ");
    dressed(&tree, ROOT, &mut out);
    out + "\n"
}

/// All that is told of a document in another dress: cosmetic, once.
const DRESSED: [&str; 1] = ["$ format"];

#[test]
fn what_must_be_read_equals_itself_in_another_dress() {
    let all = cases("y_");
    assert_eq!(all.len(), 95);
    for (name, text) in all {
        let tree = parse(text.as_bytes()).unwrap_or_else(|why| panic!("{name}: {why}"));
        let value: Value =
            serde_json::from_str(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(tree.value(ROOT), value, "{name}");
        let other = rewritten(&text);
        assert_eq!(
            kinds(text.as_bytes(), other.as_bytes()),
            DRESSED,
            "{name}: {other}"
        );
        assert_eq!(
            kinds(other.as_bytes(), text.as_bytes()),
            DRESSED,
            "{name}: {other}"
        );
    }
}

#[test]
fn what_must_not_be_read_is_unparsable_on_its_side() {
    let mut all = cases("n_");
    assert_eq!(all.len(), 174);
    all.push(("nested arrays".into(), "[".repeat(100_000)));
    all.push(("nested objects".into(), "[{\"\":".repeat(50_000)));
    for (name, text) in all {
        let Err(why) = parse(text.as_bytes()) else {
            panic!("{name} was read");
        };
        assert!(why.offset <= text.len(), "{name}: {why}");
        let expected = if text.is_empty() {
            "$ removed"
        } else {
            "$ unparsable"
        };
        assert_eq!(kinds(b"[0]", text.as_bytes()), [expected], "{name}");
        let expected = if text.is_empty() {
            "$ added"
        } else {
            "$ unparsable"
        };
        assert_eq!(kinds(text.as_bytes(), b"[0]"), [expected], "{name}");
        assert_eq!(kinds(text.as_bytes(), text.as_bytes()), [""; 0], "{name}");
        // Two answers that are both no JSON are compared as what they are.
        let other = format!("{text}x");
        assert!(
            !kinds(text.as_bytes(), other.as_bytes()).is_empty(),
            "{name}"
        );
    }
}

#[test]
fn what_may_be_read_is_read_or_refused_in_words() {
    let mut all = cases("i_");
    all.extend(cases("t_"));
    assert_eq!(all.len(), 41);
    let mut refused = Vec::new();
    for (name, text) in all {
        match parse(text.as_bytes()) {
            Ok(_) => assert_eq!(
                kinds(text.as_bytes(), rewritten(&text).as_bytes()),
                DRESSED,
                "{name}"
            ),
            Err(why) => refused.push(format!("{name}: {why}")),
        }
        // A number out of the range of a float is a number: only its own value equals it.
        assert!(!kinds(text.as_bytes(), b"[0.5,{}]").is_empty(), "{name}");
    }
    assert_eq!(
        refused,
        [
            "i_structure_500_nested_arrays: more than 200 arrays and objects inside each other at byte 200",
            "i_structure_UTF-8_BOM_empty_object: a byte order mark at byte 0",
        ]
    );
}

#[test]
fn files_that_are_no_utf_8_are_unparsable_on_their_side() {
    let all: Vec<(String, String)> = serde_json::from_str(BYTES).expect("the vectors");
    assert_eq!(all.len(), 25);
    for (name, digits) in all {
        let pairs = digits.as_bytes().chunks(2);
        let digit = |pair: &[u8]| {
            let pair = std::str::from_utf8(pair).expect("digits");
            u8::from_str_radix(pair, 16).expect("a byte")
        };
        let body: Vec<u8> = pairs.map(digit).collect();
        let why = parse(&body).expect_err(&name);
        assert!(why.offset <= body.len(), "{name}: {why}");
        assert_eq!(kinds(b"[0]", &body), ["$ unparsable"], "{name}");
        assert_eq!(kinds(&body, b"[0]"), ["$ unparsable"], "{name}");
        assert_eq!(kinds(&body, &body), [""; 0], "{name}");
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_unparsable_on_their_side() {
    let broken: [&[u8]; 10] = [
        b"\xE9",                     // ISO 8859-1
        b"\x80",                     // a continuation alone
        b"\xC0\xAF",                 // two bytes where one does
        b"\xE0\x80\xAF",             // three where one does
        b"\xFC\x83\xBF\xBF\xBF\xBF", // six
        b"\xED\xA0\x80",             // half of a surrogate pair
        b"\xF4\xBF\xBF\xBF",         // beyond U+10FFFF
        b"\xE0\xFF",                 // cut
        b"\xFF",
        b"\xEF\xBB", // part of a byte order mark
    ];
    for bytes in broken {
        for (before, behind) in [
            (&b"[\""[..], &b"\"]"[..]),
            (b"[", b"]"),
            (b"{\"", b"\":1}"),
            (b"[1", b"]"),
            (b"[1e1", b"]"),
            (b"[\"\\u", b"\"]"),
            (b"", b"{}"),
        ] {
            let body = [before, bytes, behind].concat();
            let why = parse(&body).expect_err("no UTF-8");
            let expected = ("invalid UTF-8".to_owned(), before.len());
            assert_eq!((why.what, why.offset), expected, "{body:?}");
            assert_eq!(kinds(&body, b"[0]"), ["$ unparsable"], "{body:?}");
        }
    }
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide: Vec<u8> = "[\"\u{e9}\"]".encode_utf16().flat_map(order).collect();
        assert_eq!(kinds(b"[0]", &wide), ["$ unparsable"]);
    }
}

/// The normalised path of a node (RFC 9535 section 2.7), by way of the paths that reports show.
fn place(tree: &Tree<'_>, wanted: Id) -> String {
    let mut steps = Vec::new();
    let mut at = ROOT;
    while at != wanted {
        let array = tree.what(at) == Type::Array;
        let holder = tree
            .children(at)
            .enumerate()
            .find(|(_, child)| (*child..tree.node(*child).next).contains(&wanted));
        let (index, child) = holder.expect("the node is below");
        steps.push(if array {
            Step::Index(index)
        } else {
            Step::Name(String::from_utf8_lossy(&tree.key(child)).into_owned())
        });
        at = child;
    }
    path_of(&steps)
}

/// Values and paths that one case of the suite allows.
fn allowed(case: &Value, many: &str, one: &str) -> Vec<Value> {
    match (case.get(many), case.get(one)) {
        (Some(Value::Array(all)), _) => all.clone(),
        (_, Some(only)) => vec![only.clone()],
        _ => Vec::new(),
    }
}

#[test]
fn paths_of_rules_name_what_the_standard_says() {
    let all: Vec<Value> = serde_json::from_str(PATHS).expect("the vectors");
    assert_eq!(all.len(), 687);
    let mut failed = Vec::new();
    for case in all {
        let name = case["name"].as_str().unwrap_or_default().to_owned();
        let selector = case["selector"].as_str().unwrap_or_default();
        let read = Locator::parse(selector);
        if case["invalid_selector"] == true {
            if read.is_ok_and(|locator| matches!(locator.place(), Place::Json(_))) {
                failed.push(format!("{name}: {selector} was read"));
            }
            continue;
        }
        let Ok(Place::Json(path)) = read.as_ref().map(Locator::place) else {
            failed.push(format!("{name}: {selector} was refused"));
            continue;
        };
        let text = case["document"].to_string();
        let tree = parse(text.as_bytes()).expect("JSON");
        let found = Finder::new(&tree).find(path);
        let values: Value = found.iter().map(|id| tree.value(*id)).collect();
        if !allowed(&case, "results", "result").contains(&values) {
            failed.push(format!("{name}: {selector} gave {values}"));
        }
        // A path that a report shows names the same node again when it stands in a rule.
        for id in found {
            let shown = place(&tree, id);
            let Ok(Place::Json(back)) = Locator::parse(&shown).map(|l| l.place().clone()) else {
                failed.push(format!("{name}: {shown} is no path"));
                continue;
            };
            if Finder::new(&tree).find(&back) != [id] {
                failed.push(format!("{name}: {shown} names something else"));
            }
        }
    }
    assert_eq!(failed, [""; 0]);
}
