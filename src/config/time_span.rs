//! Durations as people write them: `500ms`, `2s`, `5m`.

use std::borrow::Cow;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Node, Spanned, Value};

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan(pub Duration);

impl TimeSpan {
    /// The same for a time that must be longer than nothing.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse_some(text: &str) -> Result<Self, String> {
        let span = Self::parse(text)?;
        if span.0.is_zero() {
            return Err("a time of nothing is over before anything was sent".to_owned());
        }
        Ok(span)
    }

    /// Reads a number and its unit: `ms`, `s`, `m`, `h` or `d`.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no duration; write 500ms, 2s, 5m, 1h or 7d");
        let digits = text
            .find(|c: char| c.is_ascii_alphabetic())
            .ok_or_else(wrong)?;
        let (number, unit) = text.split_at(digits);
        let number: f64 = number.trim().parse().map_err(|_| wrong())?;
        let seconds = match unit {
            "ms" => number / 1000.0,
            "s" => number,
            "m" => number * 60.0,
            "h" => number * 3600.0,
            "d" => number * 86_400.0,
            _ => return Err(wrong()),
        };
        Duration::try_from_secs_f64(seconds)
            .map(Self)
            .map_err(|_| wrong())
    }
}

impl Spanned<TimeSpan> {
    /// Reports a time in which nothing can be done.
    pub fn check_some(&self, cx: &mut Cx<'_>) {
        if self.value.0.is_zero() {
            let message = "a time of nothing is over before anything was sent";
            cx.error::<()>(self.span, message, "such as 500ms, 10s or 2m");
        }
    }
}

impl Decode for TimeSpan {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return cx.expected(node, "a duration such as 500ms, 2s or 5m");
        };
        match Self::parse(text) {
            Ok(span) => Some(span),
            Err(message) => cx.error(node.span, message, "not a duration"),
        }
    }
}

impl JsonSchema for TimeSpan {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A duration: 500ms, 2s, 5m, 1h, 7d",
            "type": "string",
            "pattern": "^[0-9]+(\\.[0-9]+)?\\s*(ms|s|m|h|d)$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_needs_its_unit() {
        assert_eq!(
            TimeSpan::parse("1.5s"),
            Ok(TimeSpan(Duration::from_millis(1500)))
        );
        assert_eq!(
            TimeSpan::parse("5m"),
            Ok(TimeSpan(Duration::from_secs(300)))
        );
        for text in ["5", "s", "-1s", "5 minutes", ""] {
            assert!(TimeSpan::parse(text).is_err(), "{text}");
        }
    }
}
