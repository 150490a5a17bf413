//! [`Regexp`]: a regular expression in a file.

use std::borrow::Cow;

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Node, Span};

/// A regular expression in a file, in the syntax of the `regex` crate; it matches anywhere in a
/// text unless it is anchored.
#[derive(Debug, Clone)]
pub struct Regexp(pub Regex);

/// Two expressions are one where they are written alike.
impl PartialEq for Regexp {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Regexp {
    /// Compiles a text that stands at `span`, or reports what is wrong with it.
    pub fn read(text: &str, span: Span, cx: &mut Cx<'_>) -> Option<Self> {
        match Regex::new(text) {
            Ok(regex) => Some(Self(regex)),
            Err(error) => {
                // The last line says what is wrong; those above are a drawing of where.
                let error = error.to_string();
                let last = error.lines().last().unwrap_or_default();
                let reason = last.trim_start_matches("error: ");
                let message = format!("bad regular expression: {reason}");
                cx.error(span, message, "not a regular expression")
            }
        }
    }
}

impl Decode for Regexp {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let text = String::decode(node, cx)?;
        Self::read(&text, node.span, cx)
    }
}

impl JsonSchema for Regexp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Regexp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number"], "format": "regex" })
    }
}
