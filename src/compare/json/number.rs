//! JSON numbers by exact decimal value, at any length.

use crate::compare::hashing::{bytes, mix};

/// A number as sign, significant digits and power of ten: `-12.50` is `-`, `125`, -1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::compare) struct Decimal {
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
    pub(in crate::compare) fn read(text: &str) -> Option<Self> {
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

/// The most digits that are written out to compare a difference with a limit.
const WRITTEN: i64 = 20_000;

impl Decimal {
    /// Nanoseconds as seconds.
    pub(in crate::compare) fn nanoseconds(count: i128) -> Self {
        Self::read(&format!("{count}e-9")).unwrap_or(Self {
            negative: false,
            digits: Vec::new(),
            exponent: 0,
        })
    }

    /// Whether it is below zero.
    pub(in crate::compare) const fn is_negative(&self) -> bool {
        self.negative
    }

    /// The number without its sign.
    pub(in crate::compare) fn magnitude(&self) -> Self {
        Self {
            negative: false,
            ..self.clone()
        }
    }

    /// The product of two numbers; `None` where its exponent is out of all bounds.
    pub(in crate::compare) fn times(&self, other: &Self) -> Option<Self> {
        let mut places = vec![0_u32; self.digits.len() + other.digits.len()];
        for (i, a) in self.digits.iter().rev().enumerate() {
            let mut carry = 0;
            for (j, b) in other.digits.iter().rev().chain([&b'0']).enumerate() {
                let place = places.get_mut(i + j)?;
                let sum = *place + u32::from(a - b'0') * u32::from(b - b'0') + carry;
                *place = sum % 10;
                carry = sum / 10;
            }
        }
        let digits: String = places
            .iter()
            .rev()
            .filter_map(|digit| char::from_digit(*digit, 10))
            .collect();
        let sign = if self.negative == other.negative {
            ""
        } else {
            "-"
        };
        let exponent = self.exponent.checked_add(other.exponent)?;
        Self::read(&format!("{sign}0{digits}e{exponent}"))
    }

    /// Whether two numbers are apart by at most `limit`, exactly. Numbers of such different size
    /// that their digits cannot be written out in one row are not.
    pub(in crate::compare) fn within(&self, other: &Self, limit: &Self) -> bool {
        let all = [self, other, limit];
        let used = || all.iter().filter(|number| !number.digits.is_empty());
        let (Some(low), Some(high)) = (
            used().map(|number| number.exponent).min(),
            used().map(|number| number.top()).max(),
        ) else {
            return true;
        };
        let width = usize::try_from(high.saturating_sub(low))
            .ok()
            .filter(|_| high.saturating_sub(low) <= WRITTEN);
        let Some(width) = width else {
            let most = self.top().max(other.top());
            return self == other || most < limit.top().saturating_sub(2);
        };
        let rows = all.map(|number| number.row(low, width));
        let [one, two, limit] = &rows;
        let apart = if self.negative != other.negative {
            sum(one, two)
        } else if one >= two {
            difference(one, two)
        } else {
            difference(two, one)
        };
        apart <= *limit
    }

    /// The power of ten above its first digit; zero is below everything.
    fn top(&self) -> i64 {
        if self.digits.is_empty() {
            return i64::MIN;
        }
        let digits = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        self.exponent.saturating_add(digits)
    }

    /// Its digits from a power of ten on, the first one first, with one place to spare.
    fn row(&self, low: i64, width: usize) -> Vec<u8> {
        let behind = usize::try_from(self.exponent.saturating_sub(low)).unwrap_or_default();
        let behind = if self.digits.is_empty() { 0 } else { behind };
        let before = (width + 1).saturating_sub(self.digits.len() + behind);
        let mut row = vec![0; before];
        row.extend(self.digits.iter().map(|digit| digit - b'0'));
        row.resize(width + 1, 0);
        row
    }

    /// A hash of the value.
    pub(super) fn hash(&self) -> u64 {
        let sign = u64::from(self.negative);
        mix(
            mix(bytes(&self.digits), self.exponent.cast_unsigned()),
            sign,
        )
    }
}

/// The sum of two rows of one length.
fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut row: Vec<u8> = a
        .iter()
        .zip(b)
        .rev()
        .map(|(a, b)| {
            let sum = a + b + carry;
            carry = sum / 10;
            sum % 10
        })
        .collect();
    row.reverse();
    row
}

/// The larger row without the smaller, both of one length.
fn difference(larger: &[u8], smaller: &[u8]) -> Vec<u8> {
    let mut borrowed = 0;
    let mut row: Vec<u8> = larger
        .iter()
        .zip(smaller)
        .rev()
        .map(|(a, b)| {
            let taken = b + borrowed;
            borrowed = u8::from(*a < taken);
            a + 10 * borrowed - taken
        })
        .collect();
    row.reverse();
    row
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
    fn distances_and_products_are_exact() {
        let read = |text: &str| Decimal::read(text).expect("a number");
        for (a, b, limit, holds) in [
            ("0.03", "0.02", "0.01", true),
            ("12345678901234567890", "12345678901234567000", "1", false),
            ("12345678901234567890", "12345678901234567000", "890", true),
            (
                "12345678901234567890",
                "12345678901234567000",
                "889.999",
                false,
            ),
            ("9007199254740993", "9007199254740992", "0", false),
            ("-1", "1", "2", true),
            ("-1", "1", "1.9", false),
            ("-5", "-5.0", "0", true),
            ("999", "-1", "1000", true),
            ("0", "0", "0", true),
            ("0", "1e-5", "1e-4", true),
            ("1e400", "2e400", "1e399", false),
            ("1e400", "2e400", "1e400", true),
            ("1e-900000", "2e-900000", "0.01", true),
            ("1e-900000", "0", "0.01", true),
            ("1e900000", "2", "0.01", false),
            ("1e900000", "1e900000", "0.01", true),
        ] {
            assert_eq!(
                read(a).within(&read(b), &read(limit)),
                holds,
                "{a} {b} {limit}"
            );
            assert_eq!(
                read(b).within(&read(a), &read(limit)),
                holds,
                "{b} {a} {limit}"
            );
        }
        for (a, b, product) in [
            ("12", "0.01", "0.12"),
            ("-99", "99", "-9801"),
            ("0", "5", "0"),
            ("12345678901234567890", "1e3", "12345678901234567890000"),
        ] {
            assert_eq!(read(a).times(&read(b)), Some(read(product)));
        }
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
