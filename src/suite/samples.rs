//! `samples:`: how often each side is asked.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Node, Value};

/// How often each side is asked, at most: more answers teach nothing more.
const MOST: u32 = 100;

/// How often each side is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Samples(pub u32);

impl Samples {
    /// Reads a whole number from 1 to 100.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(number) if (1..=MOST).contains(&number) => Ok(Self(number)),
            _ => Err(format!(
                "`{text}` is no number of samples; write a whole number from 1 to {MOST}: 3 tell what varies"
            )),
        }
    }
}

impl Decode for Samples {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Number(text) = &node.value else {
            return cx.expected(node, "a whole number from 1 to 100");
        };
        match Self::parse(text) {
            Ok(samples) => Some(samples),
            Err(message) => cx.error(node.span, message, "not a number of samples"),
        }
    }
}

impl JsonSchema for Samples {
    fn schema_name() -> Cow<'static, str> {
        "Samples".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "How often each side is asked; what varies within a side is then compared by what it is",
            "type": "integer",
            "minimum": 1,
            "maximum": MOST
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_asked_once_at_least_and_a_hundred_times_at_most() {
        assert_eq!(Samples::parse("3"), Ok(Samples(3)));
        for text in ["0", "101", "-1", "2.5", "many", ""] {
            assert!(Samples::parse(text).is_err(), "{text}");
        }
    }
}
