//! What holds for any document: it equals itself in any dress, and one change is reported once, at
//! its place.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::compare::json::path::{Step, write};
use crate::results::{Difference, Kind};

/// A document whose leaves are all different, so that a change has one right answer.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        2 => Just(json!("text")),
        2 => Just(json!(0)),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let shape = leaf.prop_recursive(4, 40, 5, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..5).prop_map(|items| {
            // A list holds no null and no boolean: two of them would be one too many to tell apart.
            let plain = |item: &Value| item.is_null() || item.is_boolean();
            Value::Array(
                items
                    .into_iter()
                    .map(|item| if plain(&item) { json!(0) } else { item })
                    .collect(),
            )
        });
        let object = prop::collection::btree_map("[a-z]{1,3}|[a-z] [a-z]", inner, 1..5)
            .prop_map(|members| Value::Object(members.into_iter().collect()));
        prop_oneof![list, object]
    });
    prop::collection::btree_map("[a-z]{1,3}", shape, 1..5).prop_map(|members| {
        let mut document = Value::Object(members.into_iter().collect());
        number(&mut document, &mut 1_000);
        document
    })
}

fn number(value: &mut Value, next: &mut u32) {
    *next += 7;
    match value {
        Value::Number(_) => *value = json!(*next),
        Value::String(text) => *text = format!("text{next}é"),
        Value::Array(items) => items.iter_mut().for_each(|item| number(item, next)),
        Value::Object(members) => members.values_mut().for_each(|member| number(member, next)),
        _ => {}
    }
}

fn places(value: &Value, at: &mut Vec<Step>, all: &mut Vec<Vec<Step>>) {
    all.push(at.clone());
    let below: Vec<(Step, &Value)> = match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, v)| (Step::Index(i), v))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(k, v)| (Step::Name(k.clone()), v))
            .collect(),
        _ => Vec::new(),
    };
    for (step, child) in below {
        at.push(step);
        places(child, at, all);
        at.pop();
    }
}

fn find<'v>(value: &'v mut Value, path: &[Step]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match step {
        Step::Name(name) => &mut value[name.as_str()],
        Step::Index(index) => &mut value[*index],
    })
}

/// What a change must be reported as: any of these paths, one kind.
type Expected = (Vec<String>, Kind);

const CHANGES: usize = 24;

/// Makes one change at a place, if it can be made there.
#[expect(clippy::too_many_lines, reason = "a table of changes")]
fn change(document: &mut Value, path: &[Step], which: usize) -> Option<Expected> {
    let here = vec![write(path)];
    let below = |step: Step| {
        let mut path = path.to_vec();
        path.push(step);
        write(&path)
    };
    let (last, parent) = path.split_last()?;
    let value = find(document, path);
    let replaced: Option<(Value, Kind)> = match (which, &*value) {
        (0, Value::Number(n)) => Some((json!(n.to_string()), Kind::Type)),
        (1, Value::String(_)) => Some((json!(5), Kind::Type)),
        (2, Value::Bool(b)) => Some((json!(b.to_string()), Kind::Type)),
        (3, Value::Null) => Some((json!(""), Kind::Type)),
        (4, old) if !old.is_null() => Some((Value::Null, Kind::Type)),
        (5, old) if !old.is_array() => Some((json!([old]), Kind::Type)),
        (6, old) if !old.is_object() => Some((json!({ "wrapped": old }), Kind::Type)),
        (7, Value::Array(_)) => Some((json!({}), Kind::Type)),
        (8, Value::Object(_)) => Some((json!([]), Kind::Type)),
        (9, Value::Number(n)) => Some((json!(n.as_i64()? + 1), Kind::Value)),
        (10, Value::Number(n)) => Some((json!(-n.as_i64()?), Kind::Value)),
        (11, Value::Bool(b)) => Some((json!(!b), Kind::Value)),
        (12, Value::String(s)) => Some((json!(s.to_uppercase()), Kind::Value)),
        (13, Value::String(s)) => Some((json!(s[..4]), Kind::Value)),
        (14, Value::String(s)) => Some((json!(format!("{s}x")), Kind::Value)),
        (15, Value::String(s)) => Some((json!(s.replace('é', "e\u{301}")), Kind::Value)),
        (16, Value::String(_)) => Some((json!(""), Kind::Value)),
        (17, Value::String(s)) => Some((json!(format!(" {s}")), Kind::Value)),
        (18, Value::Number(n)) => {
            Some((serde_json::from_str(&format!("{n}.0")).ok()?, Kind::Format))
        }
        _ => None,
    };
    if let Some((new, kind)) = replaced {
        *value = new;
        return Some((here, kind));
    }
    match (which, value) {
        (19, Value::Object(members)) => {
            members.insert("zzzz".into(), json!("new"));
            Some((vec![below(Step::Name("zzzz".into()))], Kind::Added))
        }
        (20, Value::Array(items)) => {
            let at = items.len() / 2;
            items.insert(at, json!({ "an": "extra", "element": 1 }));
            Some((vec![below(Step::Index(at))], Kind::ExtraElement))
        }
        (21, Value::Array(items)) => {
            let at = items.len() / 2;
            items.insert(at, items[at].clone());
            Some((
                vec![below(Step::Index(at)), below(Step::Index(at + 1))],
                Kind::ExtraElement,
            ))
        }
        (22, Value::Array(items)) if items.len() > 1 => {
            let end = items.len() - 1;
            items.swap(0, end);
            Some((here, Kind::Order))
        }
        (23, _) => match (find(document, parent), last) {
            (Value::Object(members), Step::Name(name)) => {
                members.remove(name);
                Some((here, Kind::Removed))
            }
            (Value::Array(items), Step::Index(at)) => {
                items.remove(*at);
                Some((here, Kind::MissingElement))
            }
            _ => None,
        },
        _ => None,
    }
}

fn differences(old: &str, new: &str) -> Vec<Difference> {
    let mut found = Comparison::default();
    let bodies = Pair::new(old.as_bytes(), new.as_bytes());
    compare(bodies, &Rules::default(), &Standing::default(), &mut found).expect("JSON");
    found.differences
}

fn short(found: &[Difference]) -> Vec<(String, Kind)> {
    found.iter().map(|d| (d.path.clone(), d.kind)).collect()
}

/// The document with its members the other way round.
fn reversed(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .rev()
                .map(|(key, value)| format!(" {} :\n{}", json!(key), reversed(value)))
                .collect();
            format!("{{{}}}\t", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(reversed).collect();
            format!("[ {} ]", items.join(" , "))
        }
        // Escapes are dress too.
        Value::String(text) => json!(text).to_string().replace('t', "\\u0074"),
        other => other.to_string(),
    }
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
    let new = found.new_path.clone().unwrap_or_else(|| found.path.clone());
    (new, found.path.clone(), kind)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn dress_never_matters(document in document()) {
        let text = document.to_string();
        prop_assert_eq!(short(&differences(&text, &text)), []);
        prop_assert_eq!(short(&differences(&text, &reversed(&document))), []);
    }

    #[test]
    fn one_change_is_reported_once_at_its_place(
        document in document(),
        place in any::<prop::sample::Index>(),
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
        prop_assume!(made.is_some());
        let (paths, kind) = made.expect("assumed");
        let found = differences(&document.to_string(), &reversed(&changed));
        prop_assert!(
            found.len() == 1 && found[0].kind == kind && paths.contains(&found[0].path),
            "expected {paths:?} {kind}, found {:?}\n{document}\n{changed}", short(&found)
        );
        let back: Vec<_> = differences(&changed.to_string(), &document.to_string())
            .iter()
            .map(|d| (d.path.clone(), d.new_path.clone().unwrap_or_else(|| d.path.clone()), d.kind))
            .collect();
        let forth: Vec<_> = differences(&document.to_string(), &changed.to_string()).iter().map(mirrored).collect();
        prop_assert_eq!(back, forth);
    }

    #[test]
    fn two_changes_are_two(mut document in document(), which in 0..CHANGES) {
        document["aaaa"] = json!({ "x": "one", "y": 2 });
        document["bbbb"] = json!([{ "x": "three" }, 4, "five"]);
        let mut changed = document.clone();
        changed["aaaa"]["x"] = json!("other");
        let which = [4, 7, 19, 20, 21, 22, 23][which % 7];
        let list = [Step::Name("bbbb".into())];
        let made = change(&mut changed, if which == 19 { &[] } else { &list }, which);
        prop_assert_eq!(made.is_some(), which != 19);
        if which == 19 {
            changed["cccc"] = json!(1);
        }
        let found = differences(&document.to_string(), &changed.to_string());
        prop_assert_eq!(found.len(), 2, "{:?}", short(&found));
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
