//! [`Place`]: values of a JSON body that a defect changes: `$.items[0].price`, `$.items[*].id`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::mock::json::Json;
use crate::source::{Cx, Decode, Node, Value};

/// A path to one value, or with `[*]` to one in each element of an array.
///
/// The part of RFC 9535 that names a value to change: member names, indices and `[*]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Index(usize),
    Every,
}

impl Place {
    /// Reads `$.a[0]['b c'][*]`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('$')?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let (name, after) = after.split_at(end);
                if name.is_empty() || name.contains('*') {
                    return None;
                }
                steps.push(Step::Member(name.to_owned()));
                rest = after;
            } else if let Some(after) = rest.strip_prefix("['") {
                let (name, after) = after.split_once("']")?;
                steps.push(Step::Member(name.to_owned()));
                rest = after;
            } else {
                let (inside, after) = rest.strip_prefix('[')?.split_once(']')?;
                steps.push(match inside {
                    "*" => Step::Every,
                    digits => Step::Index(digits.parse().ok()?),
                });
                rest = after;
            }
        }
        Some(Self(steps))
    }

    /// Applies `change` to every value at this place; says how many there were.
    pub(crate) fn edit(&self, body: &mut Json, change: &mut dyn FnMut(&mut Json)) -> usize {
        edit(&self.0, body, change)
    }

    /// Removes the member or element at this place; says how many there were.
    pub(crate) fn remove(&self, body: &mut Json) -> usize {
        let Some((last, above)) = self.0.split_last() else {
            return 0;
        };
        let mut removed = 0;
        edit(above, body, &mut |parent| match (last, parent) {
            (Step::Member(name), parent) => removed += usize::from(parent.remove(name).is_some()),
            (Step::Index(at), Json::List(items)) if *at < items.len() => {
                items.remove(*at);
                removed += 1;
            }
            (Step::Every, Json::List(items)) => {
                removed += items.len();
                items.clear();
            }
            _ => {}
        });
        removed
    }

    /// Sets the value at this place; a member that is not there is added. Says how many were set.
    pub(crate) fn set(&self, body: &mut Json, value: &Json) -> usize {
        let Some((Step::Member(name), above)) = self.0.split_last() else {
            return self.edit(body, &mut |slot| *slot = value.clone());
        };
        edit(above, body, &mut |parent| parent.set(name, value.clone()))
    }
}

fn edit(steps: &[Step], at: &mut Json, change: &mut dyn FnMut(&mut Json)) -> usize {
    let Some((step, below)) = steps.split_first() else {
        change(at);
        return 1;
    };
    match (step, at) {
        (Step::Member(name), Json::Map(members)) => members
            .iter_mut()
            .find(|(member, _)| member == name)
            .map_or(0, |(_, value)| edit(below, value, change)),
        (Step::Index(index), Json::List(items)) => items
            .get_mut(*index)
            .map_or(0, |item| edit(below, item, change)),
        (Step::Every, Json::List(items)) => {
            items.iter_mut().map(|item| edit(below, item, change)).sum()
        }
        _ => 0,
    }
}

impl Decode for Place {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let read = match &node.value {
            Value::Text(text) => Self::parse(text),
            _ => None,
        };
        match read {
            Some(place) => Some(place),
            None => cx.expected(
                node,
                "a place in a JSON body such as $.items[0].price or $.items[*].id",
            ),
        }
    }
}

impl JsonSchema for Place {
    fn schema_name() -> Cow<'static, str> {
        "BodyPlace".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Member names, indices and [*]: $.items[0].price",
            "type": "string",
            "pattern": "^\\$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(body: &str, work: impl Fn(&mut Json) -> usize) -> (usize, String) {
        let mut json = Json::parse(body).expect("JSON");
        (work(&mut json), json.to_string())
    }

    fn place(text: &str) -> Place {
        Place::parse(text).expect("a place")
    }

    #[test]
    fn values_are_changed_where_they_stand() {
        let body = r#"{"a":[{"b":1},{"b":2}],"c d":3}"#;
        let null = |json: &mut Json| place("$.a[*].b").edit(json, &mut |b| *b = Json::Null);
        assert_eq!(
            after(body, null),
            (2, r#"{"a":[{"b":null},{"b":null}],"c d":3}"#.into())
        );
        let cut = |json: &mut Json| place("$['c d']").remove(json) + place("$.a[0]").remove(json);
        assert_eq!(after(body, cut), (2, r#"{"a":[{"b":2}]}"#.into()));
        let add = |json: &mut Json| place("$.a[1].x").set(json, &Json::Bool(true));
        assert_eq!(
            after(body, add),
            (1, r#"{"a":[{"b":1},{"b":2,"x":true}],"c d":3}"#.into())
        );
        let miss = |json: &mut Json| place("$.a[7].b").edit(json, &mut |b| *b = Json::Null);
        assert_eq!(after(body, miss), (0, body.into()));
    }

    #[test]
    fn anything_but_names_indices_and_stars_is_refused() {
        for bad in ["", "a", "$..a", "$.", "$.a[", "$.a[x]", "$.*"] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
    }
}
