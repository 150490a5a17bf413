//! [`Scalar`]: the value of a variable.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Node, Value};

/// The value of a variable: a text, or a JSON number, `true`, `false` or `null` as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A JSON token that is not a string, with its source text.
    Json(String),
}

impl Scalar {
    /// The value as it stands in a text: a string without quotes, a token as written.
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Json(text) => text,
        }
    }

    /// The value as a JSON text.
    pub fn to_json(&self) -> String {
        match self {
            Self::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
            Self::Json(token) => token.clone(),
        }
    }
}

/// Whether a number of the YAML core schema can be written in JSON as it stands.
pub(crate) fn is_json_number(text: &str) -> bool {
    serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
}

impl Decode for Scalar {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(Self::Text(text.clone())),
            Value::Number(text) if is_json_number(text) => Some(Self::Json(text.clone())),
            Value::Number(text) => {
                let message = format!("`{text}` is no JSON number");
                cx.error(node.span, message, "put it in quotes to send it as text")
            }
            Value::Bool(value) => Some(Self::Json(value.to_string())),
            Value::Null => Some(Self::Json("null".to_owned())),
            Value::List(_) | Value::Map(_) => {
                cx.expected(node, "a text, a number, true, false or null")
            }
        }
    }
}

impl JsonSchema for Scalar {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean", "null"] })
    }
}
