//! How far two values may differ: an absolute number, a share, or a time.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Diagnostic, Node, Value};

/// How far two values may differ.
#[derive(Debug, Clone, PartialEq)]
pub enum Tolerance {
    /// By at most this number.
    Absolute(f64),
    /// By at most this share of the larger magnitude (`1%` is 0.01).
    Relative(f64),
    /// Two times by at most so many seconds.
    Time(f64),
}

impl Tolerance {
    /// Reads `0.01`, `1%`, `5s`, `500ms`, `2m`, `1h`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let number = |text: &str, scale: f64| -> Option<f64> {
            let value: f64 = text.trim().parse().ok()?;
            (value.is_finite() && value >= 0.0).then_some(value * scale)
        };
        for (unit, seconds) in [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)] {
            if let Some(amount) = text.strip_suffix(unit) {
                return number(amount, seconds).map(Self::Time);
            }
        }
        match text.strip_suffix('%') {
            Some(share) => number(share, 0.01).map(Self::Relative),
            None => number(text, 1.0).map(Self::Absolute),
        }
    }

    /// Whether the texts of two values are within it. `None` where they are not of its sort
    /// (no numbers, no times): then the rule has no say.
    pub fn allows(&self, old: &str, new: &str) -> Option<bool> {
        let (difference, limit) = match self {
            Self::Absolute(limit) => {
                let (old, new) = (finite(old)?, finite(new)?);
                // A decimal limit has no exact double: 0.03 - 0.02 must be within 0.01.
                let slack = (old.abs() + new.abs()) * f64::EPSILON;
                ((old - new).abs(), limit + slack)
            }
            Self::Relative(share) => {
                let (old, new) = (finite(old)?, finite(new)?);
                let scale = old.abs().max(new.abs());
                ((old - new).abs(), scale * (share + f64::EPSILON))
            }
            Self::Time(limit) => ((seconds(old)? - seconds(new)?).abs(), *limit),
        };
        Some(difference <= limit)
    }
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Seconds since 1970 of an RFC 3339 timestamp, an HTTP date, or a number of seconds
/// (milliseconds, where it has 12 digits or more).
fn seconds(text: &str) -> Option<f64> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_duration().as_secs_f64());
    }
    if let Ok(time) = jiff::fmt::rfc2822::parse(text) {
        return Some(time.timestamp().as_duration().as_secs_f64());
    }
    let number = finite(text)?;
    Some(if number.abs() >= 1e11 {
        number / 1000.0
    } else {
        number
    })
}

impl Decode for Tolerance {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let (Value::Text(text) | Value::Number(text)) = &node.value else {
            return cx.expected(node, "a tolerance such as 0.01, 1% or 5s");
        };
        match Self::parse(text) {
            Some(tolerance) => Some(tolerance),
            None => cx.report(
                Diagnostic::error(cx.source, node.span, format!("`{text}` is not a tolerance"))
                    .help("write a number (0.01), a share (1%) or a time (500ms, 5s, 2m, 1h)"),
            ),
        }
    }
}

impl JsonSchema for Tolerance {
    fn schema_name() -> Cow<'static, str> {
        "Tolerance".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "How far values may differ: a number, a share (1%), or a time (5s)",
            "anyOf": [
                { "type": "number", "minimum": 0 },
                { "type": "string", "pattern": "^[0-9.]+([eE][+-]?[0-9]+)?(%|ms|s|m|h)?$" }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(rule: &str, old: &str, new: &str) -> Option<bool> {
        Tolerance::parse(rule)
            .expect("a tolerance")
            .allows(old, new)
    }

    #[test]
    fn the_limit_itself_is_within() {
        assert_eq!(allows("0.01", "0.03", "0.02"), Some(true));
        assert_eq!(allows("0.01", "0.03", "0.019"), Some(false));
        assert_eq!(allows("1%", "100", "99"), Some(true));
        assert_eq!(allows("1%", "100", "98.9"), Some(false));
    }

    #[test]
    fn times_are_read_in_every_notation() {
        assert_eq!(
            allows("5s", "2026-11-21T22:10:00Z", "2026-11-21T23:10:05+01:00"),
            Some(true)
        );
        assert_eq!(allows("5s", "1763763000", "1763763006"), Some(false));
        assert_eq!(
            allows(
                "1m",
                "Sat, 21 Nov 2026 22:10:00 GMT",
                "Sat, 21 Nov 2026 22:10:59 GMT"
            ),
            Some(true)
        );
    }

    #[test]
    fn what_is_no_number_is_not_its_business() {
        assert_eq!(allows("0.01", "a", "b"), None);
        assert_eq!(allows("5s", "soon", "later"), None);
        for bad in ["much", "-1", "NaN", "5 years", "%"] {
            assert_eq!(Tolerance::parse(bad), None, "{bad}");
        }
    }
}
