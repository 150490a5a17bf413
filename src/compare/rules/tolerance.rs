//! How far two values may differ: an absolute number, a share, or a time.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::compare::json::Decimal;
use crate::compare::time;
use crate::source::{Cx, Decode, Diagnostic, Node, Value};

/// How far two values may differ. Everything is exact: two ids that a float cannot tell apart are
/// two.
#[derive(Debug, Clone, PartialEq)]
pub struct Tolerance {
    sort: Sort,
    limit: Decimal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// By at most this number.
    Absolute,
    /// By at most this share of the larger magnitude (`1%` is 0.01).
    Relative,
    /// Two times by at most so many seconds.
    Time,
}

impl Tolerance {
    /// Reads `0.01`, `1%`, `5s`, `500ms`, `2m`, `1h`.
    pub fn parse(text: &str) -> Option<Self> {
        let units = [
            ("ms", "0.001", Sort::Time),
            ("s", "1", Sort::Time),
            ("m", "60", Sort::Time),
            ("h", "3600", Sort::Time),
            ("%", "0.01", Sort::Relative),
            ("", "1", Sort::Absolute),
        ];
        let text = text.trim();
        let (amount, scale, sort) = units.into_iter().find_map(|(unit, scale, sort)| {
            let amount = text.strip_suffix(unit)?;
            Some((amount.trim(), scale, sort))
        })?;
        let amount = Decimal::read(amount).filter(|amount| !amount.is_negative())?;
        let limit = amount.times(&Decimal::read(scale)?)?;
        Some(Self { sort, limit })
    }

    /// Whether the texts of two values are within it. `None` where they are not of its sort
    /// (no numbers, no times): then the rule has no say.
    pub fn allows(&self, old: &str, new: &str) -> Option<bool> {
        if self.sort == Sort::Time {
            return Some(seconds(old)?.within(&seconds(new)?, &self.limit));
        }
        let (old, new) = (Decimal::read(old)?, Decimal::read(new)?);
        if self.sort == Sort::Absolute {
            return Some(old.within(&new, &self.limit));
        }
        let of_either = |number: &Decimal| {
            let limit = number.magnitude().times(&self.limit);
            limit.is_some_and(|limit| old.within(&new, &limit))
        };
        Some(of_either(&old) || of_either(&new))
    }
}

/// Seconds since 1970 of an RFC 3339 timestamp, an HTTP date, or a number of seconds
/// (milliseconds, where it has 12 digits or more).
fn seconds(text: &str) -> Option<Decimal> {
    if let Some(time) = time::moment(text) {
        return Some(Decimal::nanoseconds(time.as_nanosecond()));
    }
    let number = Decimal::read(text)?;
    let hundred_billion = Decimal::read("1e11")?;
    if number.within(&Decimal::read("0")?, &hundred_billion) && number != hundred_billion {
        return Some(number);
    }
    number.times(&Decimal::read("0.001")?)
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
        assert_eq!(allows("1%", "-98.9", "-100"), Some(false));
    }

    #[test]
    fn numbers_that_a_float_cannot_tell_apart_are_two() {
        let (big, other) = ("12345678901234567890", "12345678901234567000");
        assert_eq!(allows("1", big, other), Some(false));
        assert_eq!(allows("890", big, other), Some(true));
        let ids = ("9007199254740993", "9007199254740992");
        assert_eq!(allows("0", ids.0, ids.1), Some(false));
        assert_eq!(allows("0%", ids.0, ids.1), Some(false));
        assert_eq!(allows("1", ids.0, ids.1), Some(true));
        let near = ("2026-11-21T22:10:00.0000001Z", "2026-11-21T22:10:00Z");
        assert_eq!(allows("0s", near.0, near.1), Some(false));
        assert_eq!(allows("1ms", near.0, near.1), Some(true));
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
