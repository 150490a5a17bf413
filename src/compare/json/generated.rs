//! Generated documents.

use proptest::prelude::*;
use serde_json::{Value, json};

/// A document whose leaves are all different, so that a change has one right answer.
pub(super) fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        2 => Just(json!("text")),
        1 => Just(json!("time")),
        2 => Just(json!(0)),
        1 => Just(json!(0.5)),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let shape = leaf.prop_recursive(4, 40, 5, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..5).prop_map(|items| {
            // A list holds no null and no boolean: two of them would be one too many to tell apart.
            let plain = |item: &Value| item.is_null() || item.is_boolean();
            let kept = |item: Value| if plain(&item) { json!(0) } else { item };
            Value::Array(items.into_iter().map(kept).collect())
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
        Value::Number(old) if old.is_f64() => *value = json!(f64::from(*next) + 0.25),
        Value::Number(_) => *value = json!(*next),
        Value::String(text) if text == "time" => {
            *text = format!(
                "2026-11-{:02}T{:02}:10:07Z",
                *next % 28 + 1,
                *next / 28 % 23
            );
        }
        Value::String(text) => *text = format!("text{next} \u{e9}."),
        Value::Array(items) => items.iter_mut().for_each(|item| number(item, next)),
        Value::Object(members) => members.values_mut().for_each(|member| number(member, next)),
        _ => {}
    }
}
