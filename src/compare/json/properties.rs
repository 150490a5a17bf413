//! What holds for any document: it equals itself in any dress, and one change is reported once, at
//! its place.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use super::generated::document;
use super::mutations::{CHANGES, Expected, change, class, name, places, text};
use super::*;
use crate::compare::RulesDoc;
use crate::compare::json::path::Step;
use crate::results::{Difference, Kind};
use crate::source::{Cx, Decode, Source, parse};

fn differences(old: &str, new: &str) -> Vec<Difference> {
    let mut found = Comparison::default();
    let bodies = Pair::new(old.as_bytes(), new.as_bytes());
    compare(bodies, &Rules::default(), &Standing::default(), &mut found).expect("JSON");
    found.differences
}

fn short(found: &[Difference]) -> Vec<(String, Kind)> {
    found.iter().map(|d| (d.path.clone(), d.kind)).collect()
}

/// Whether exactly the expected differences were found.
fn is(found: &[Difference], expected: &Expected) -> bool {
    let mut left: Vec<&Difference> = found.iter().collect();
    let all = expected.iter().all(|(paths, kind)| {
        let fits = |d: &&Difference| d.kind == *kind && paths.contains(&d.path);
        let at = left.iter().position(fits);
        at.map(|at| left.remove(at)).is_some()
    });
    all && left.is_empty()
}

/// The difference as it must be with the sides exchanged.
fn mirrored(found: &Difference) -> (String, String, Kind) {
    let kind = match found.kind {
        Kind::Removed => Kind::Added,
        Kind::Added => Kind::Removed,
        Kind::MissingElement => Kind::ExtraElement,
        Kind::ExtraElement => Kind::MissingElement,
        kind => kind,
    };
    let (old, new, _) = straight(found);
    (new, old, kind)
}

fn straight(found: &Difference) -> (String, String, Kind) {
    let new = found.new_path.clone().unwrap_or_else(|| found.path.clone());
    (found.path.clone(), new, found.kind)
}

fn sorted(mut all: Vec<(String, String, Kind)>) -> Vec<(String, String, Kind)> {
    all.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn dress_never_matters(document in document()) {
        let (plain, dressed) = (text(&document, false), text(&document, true));
        prop_assert_eq!(short(&differences(&plain, &plain)), []);
        prop_assert_eq!(short(&differences(&plain, &dressed)), []);
    }

    #[test]
    fn one_change_is_reported_once_at_its_place(
        document in document(),
        place in any::<Index>(),
        first in 0..CHANGES,
    ) {
        let mut all = Vec::new();
        places(&document, &mut Vec::new(), &mut all);
        // The root is first; only a whole other document could stand in its place.
        all.remove(0);
        let path = place.get(&all);
        let mut changed = document.clone();
        // The first change from a random one on that can be made here.
        let made = (0..CHANGES).find_map(|step| {
            changed = document.clone();
            change(&mut changed, path, (first + step) % CHANGES)
        });
        let expected = made.expect("every value can become another");
        let (old, new) = (text(&document, false), text(&changed, false));
        let found = differences(&old, &text(&changed, true));
        prop_assert!(
            is(&found, &expected),
            "expected {expected:?}, found {:?}\n{old}\n{new}", short(&found)
        );
        let back = differences(&new, &old).iter().map(straight).collect();
        let forth = differences(&old, &new).iter().map(mirrored).collect();
        prop_assert_eq!(sorted(back), sorted(forth));
    }

    #[test]
    fn two_changes_are_two(mut document in document(), first in 0..CHANGES, second in 0..CHANGES) {
        let part = |word: &str| {
            let id = format!("text {word} \u{e9}.");
            json!({ "x": { "n": 17, "t": id, "b": true, "u": null }, "l": [id, 18, { "f": 2.5 }] })
        };
        document["aaaa"] = part("first");
        document["bbbb"] = json!([part("second"), part("third")]);
        let mut changed = document.clone();
        let step = |name: &str| Step::Name(name.to_owned());
        let places = |top: &[Step]| {
            let inner = [vec![], vec![step("l")], vec![step("x"), step("t")], vec![step("x"), step("n")]];
            inner.map(|rest| [top, &rest].concat())
        };
        let mut make = |top: &[Step], which: usize| {
            places(top).iter().find_map(|path| change(&mut changed, path, which))
        };
        let one = make(&[step("aaaa")], first);
        let two = make(&[step("bbbb"), Step::Index(1)], second);
        let expected: Expected = one.into_iter().chain(two).flatten().collect();
        let (old, new) = (text(&document, false), text(&changed, false));
        let found = differences(&old, &new);
        prop_assert!(
            is(&found, &expected),
            "expected {expected:?}, found {:?}\n{old}\n{new}", short(&found)
        );
    }

    #[test]
    fn no_bytes_make_it_fail(body in prop::collection::vec(any::<u8>(), 0..60), nested in "[\\[\\]{}:,\"a1 \\\\]{0,40}") {
        let _ = check(&body);
        if let Ok(()) = check(nested.as_bytes()) {
            let value: Result<Value, _> = serde_json::from_str(&nested);
            prop_assert!(value.is_ok(), "{nested}");
        } else {
            let value: Result<Map<String, Value>, _> = serde_json::from_str(&nested);
            prop_assert!(value.is_err(), "{nested}");
        }
    }
}

/// Every change can be made somewhere, and is seen: none of them is dead.
#[test]
fn every_kind_of_change_is_seen() {
    let document = json!({
        "a": { "b": "Text one \u{e9}.", "t": "2026-11-21T22:10:07Z", "n": 1007, "f": 12.25 },
        "c": { "d": true, "e": null },
        "l": ["one \u{e9} two", 17, { "x": 1 }],
    });
    let mut all = Vec::new();
    places(&document, &mut Vec::new(), &mut all);
    all.remove(0);
    let mut dead = Vec::new();
    for which in 0..CHANGES {
        let mut made = 0;
        for path in &all {
            let mut changed = document.clone();
            let Some(expected) = change(&mut changed, path, which) else {
                continue;
            };
            made += 1;
            let found = differences(&text(&document, false), &text(&changed, false));
            assert!(
                is(&found, &expected),
                "{which}: expected {expected:?}, found {:?}",
                short(&found)
            );
        }
        if made == 0 {
            dead.push(which);
        }
    }
    assert_eq!(dead, [0; 0], "of {CHANGES}");
    let names: std::collections::BTreeSet<_> =
        (0..CHANGES).map(|at| (class(at), name(at))).collect();
    assert_eq!(
        names.len(),
        CHANGES,
        "each has a name of its own: {names:?}"
    );
}

/// A rule at a place, of each sort that two documents which are read together may have.
fn ruled(path: &str, which: usize) -> Rules {
    let path = Value::from(path);
    let text = match which % 6 {
        0 => format!("ignore: [ {path} ]"),
        1 => format!("unordered: [ {path} ]"),
        2 => format!("keyed: {{ {path}: id }}"),
        3 => format!("pattern: {{ {path}: any }}"),
        4 => format!("tolerance: {{ {path}: 10% }}"),
        _ => format!("rewrite: [ {{ path: {path}, from: a, to: b }} ]"),
    };
    let source = Source::new("rules.yaml", text);
    let node = parse(&source).expect("YAML");
    let mut cx = Cx::new(&source);
    let doc = RulesDoc::decode(&node, &mut cx).expect("rules");
    Rules::new(&doc, &source)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Rules hold, and are counted, in two documents that are read together as in two that are not.
    #[test]
    fn rules_hold_in_what_is_read_together(
        document in document(), place in any::<Index>(), ruled_place in any::<Index>(),
        first in 0..CHANGES, which in 0_usize..6,
    ) {
        let mut all = Vec::new();
        places(&document, &mut Vec::new(), &mut all);
        let mut changed = document.clone();
        let at = place.get(&all);
        let _ = (0..CHANGES).find_map(|step| change(&mut changed, at, (first + step) % CHANGES));
        let steps: &Vec<Step> = ruled_place.get(&all);
        let rules = ruled(&path::write(steps), which);
        let texts = Pair::new(text(&document, false), text(&changed, false));
        let bodies = texts.as_ref().map(String::as_bytes);
        let found = |trees: Pair<Tree<'_>>| {
            let mut found = Comparison::default();
            walk(trees.as_ref(), &rules, &Standing::default(), &mut found);
            (found.differences, found.used, found.hints)
        };
        let together = found(together::parse(bodies).expect("JSON"));
        prop_assert_eq!(together, found(together::apart(bodies).expect("JSON")));
        let mut counted = (Comparison::default(), Comparison::default());
        let same = Pair::both(bodies.old);
        count_used(bodies.old, &rules, &mut counted.0);
        walk(together::apart(same).expect("JSON").as_ref(), &rules, &Standing::default(), &mut counted.1);
        prop_assert_eq!(counted.0.used, counted.1.used);
    }
}
