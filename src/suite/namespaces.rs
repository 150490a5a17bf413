//! `namespaces:`: prefixes for the XPaths of a suite.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Node, Prefixes, Value};

/// What a prefix is made of, as the schema has it.
const NAME: &str = r"^[\p{L}_][\p{L}\p{N}_.\u00b7-]*$";

/// Prefixes, each with its namespace. Once read, they hold for all that is read of the file after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Namespaces(pub Prefixes);

impl Decode for Namespaces {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            return cx.expected(node, "a mapping from prefixes to namespaces");
        };
        let mut declared = Vec::new();
        let mut sound = true;
        for entry in entries {
            let prefix = &entry.key.value;
            if !crate::xml::is_name(prefix) {
                let message = format!("`{prefix}` is no prefix");
                let label = "letters, digits, `_`, `-` and `.`, a letter or `_` first";
                cx.error::<()>(entry.key.span, message, label);
                sound = false;
            }
            match String::decode(&entry.value, cx) {
                Some(uri) => {
                    if uri.is_empty() {
                        let label = "a name without a prefix fits in any namespace, and in none";
                        cx.error::<()>(entry.value.span, "no namespace has a prefix", label);
                        sound = false;
                    }
                    declared.push((prefix.clone(), uri));
                }
                None => sound = false,
            }
        }
        // What could be read holds too, so that its use is no second mistake.
        cx.prefixes = Prefixes::new(declared);
        sound.then(|| Self(cx.prefixes.clone()))
    }
}

impl JsonSchema for Namespaces {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Namespaces".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "propertyNames": { "pattern": NAME },
            "additionalProperties": { "type": "string", "minLength": 1 }
        })
    }
}
