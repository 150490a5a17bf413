//! JSON numbers by exact decimal value, at any length.

use crate::compare::hashing::{bytes, mix};

/// A number as sign, significant digits and power of ten: `-12.50` is `-`, `125`, -1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Decimal {
    negative: bool,
    /// Without leading and trailing zeros; empty for zero.
    digits: Vec<u8>,
    /// The power of ten of the last digit; 0 for zero.
    exponent: i64,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// `12`
    Integer,
    /// `12.0`
    Fraction,
    /// `12e0`, `1.2e1`
    Exponent,
}

impl Decimal {
    /// Reads the text of a JSON number (RFC 8259 section 6); a leading `+` or a missing digit
    /// beside the point, as YAML has them, is no harm. `None` where it is no number, or where the
    /// exponent has more than 18 digits.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power_of(power)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = whole.bytes().chain(fraction.bytes());
        if whole.len() + fraction.len() == 0 || !all.clone().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut digits: Vec<u8> = all.skip_while(|digit| *digit == b'0').collect();
        let significant = digits
            .iter()
            .rposition(|digit| *digit != b'0')
            .map_or(0, |at| at + 1);
        let trailing = digits.len() - significant;
        digits.truncate(significant);
        if digits.is_empty() {
            return Some(Self {
                negative: false,
                digits,
                exponent: 0,
            });
        }
        let shift = i64::try_from(trailing).ok()? - i64::try_from(fraction.len()).ok()?;
        Some(Self {
            negative,
            digits,
            exponent: power.checked_add(shift)?,
        })
    }
}

impl Decimal {
    /// A hash of the value.
    pub(super) fn hash(&self) -> u64 {
        let sign = u64::from(self.negative);
        mix(
            mix(bytes(&self.digits), self.exponent.cast_unsigned()),
            sign,
        )
    }
}

fn power_of(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || digits.len() > 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.strip_prefix('+').unwrap_or(text).parse().ok()
}

/// How a number is written.
pub(super) fn notation(text: &str) -> Notation {
    if text.contains(['e', 'E']) {
        Notation::Exponent
    } else if text.contains('.') {
        Notation::Fraction
    } else {
        Notation::Integer
    }
}

/// Whether two number texts have the same exact value. Texts that are no numbers have none.
pub fn same(a: &str, b: &str) -> bool {
    match (Decimal::read(a), Decimal::read(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_exact_at_any_length() {
        for (a, b) in [
            ("1", "1.0"),
            ("1", "1e0"),
            ("10", "1e1"),
            ("0", "-0"),
            ("0", "0.00e9"),
            ("1.5", "1.50"),
            ("-120", "-1.2E+2"),
            ("0.001", "1e-3"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("9007199254740993", "9007199254740992"),
            ("0.1", "0.10000000000000001"),
            ("1", "-1"),
            ("1", "10"),
            ("1", "x"),
            ("1e99999999999999999999", "1"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
        assert_eq!(Decimal::read("-0.0"), Decimal::read("0"));
    }

    #[test]
    fn notations_are_told_apart() {
        assert_eq!(
            ["1", "1.0", "1e0", "1.0E0"].map(notation),
            [
                Notation::Integer,
                Notation::Fraction,
                Notation::Exponent,
                Notation::Exponent
            ]
        );
    }
}
