//! Reading of `answer:`: free member names, and the list `remove`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::mock::document::TokenAnswer;
use crate::mock::json::Json;
use crate::source::{Cx, Decode, Node, Value};

impl TokenAnswer {
    /// Applies the changes to a token answer.
    pub(crate) fn apply(&self, body: &mut Json) {
        for (name, value) in &self.set {
            body.set(name, Json::from(value));
        }
        for name in &self.remove {
            body.remove(name);
        }
    }
}

impl Decode for TokenAnswer {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            return cx.expected(node, "a mapping");
        };
        let mut answer = Self::default();
        for entry in entries {
            match entry.key.value.as_str() {
                "remove" => answer.remove = Vec::decode(&entry.value, cx)?,
                name => answer.set.push((name.to_owned(), entry.value.clone())),
            }
        }
        Some(answer)
    }
}

impl JsonSchema for TokenAnswer {
    fn schema_name() -> Cow<'static, str> {
        "TokenAnswer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Members of the token answer: added or replaced by name; `remove` takes away",
            "type": "object",
            "properties": { "remove": { "type": "array", "items": { "type": ["string", "number"] } } },
            "additionalProperties": true
        })
    }
}
