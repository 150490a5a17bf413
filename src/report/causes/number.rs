//! The way in which one number became another.

/// Factors, beside the powers of ten, by which units differ: seconds and minutes, hours, days, bytes.
const UNITS: [i128; 5] = [60, 3_600, 24, 86_400, 1_024];
/// Powers of ten by which units differ.
const MOST_ZEROS: i64 = 12;
/// Digits of a number that is looked at as an integer of 128 bits.
const MOST_DIGITS: usize = 30;

/// A decimal: its digits without zeros at either end, and the power of ten of the last of them.
#[derive(Debug, PartialEq, Eq)]
struct Decimal<'a> {
    negative: bool,
    digits: String,
    power: i64,
    /// Digits behind the point, as written; none where an exponent moves the point.
    decimals: Option<&'a str>,
}

impl<'a> Decimal<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, power) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, Some(power.parse::<i32>().ok()?)),
            None => (unsigned, None),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if whole.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let significant = all.trim_end_matches('0');
        let zeros = i64::try_from(all.len() - significant.len()).ok()?;
        let behind = i64::try_from(fraction.len()).ok()?;
        Some(Self {
            negative,
            digits: significant.trim_start_matches('0').to_owned(),
            power: i64::from(power.unwrap_or(0)) + zeros - behind,
            decimals: power.is_none().then_some(fraction),
        })
    }

    /// The value times a power of ten, where that is an integer of a fair size.
    fn scaled(&self, zeros: i64) -> Option<i128> {
        let more = usize::try_from(self.power.checked_add(zeros)?).ok()?;
        let length = self.digits.len().checked_add(more)?;
        if length > MOST_DIGITS {
            return None;
        }
        let digits = format!("0{}{}", self.digits, "0".repeat(more));
        let value: i128 = digits.parse().ok()?;
        Some(if self.negative { -value } else { value })
    }
}

/// `times 100`, `the sign changed`, `rounded`, `1 more`: in words that hold for other numbers alike.
pub(super) fn way(old: &str, new: &str) -> Option<String> {
    let (a, b) = (Decimal::read(old)?, Decimal::read(new)?);
    let same_digits = a.digits == b.digits && !a.digits.is_empty();
    if a.digits == b.digits && (a.digits.is_empty() || a.power == b.power) {
        let opposite = same_digits && a.negative != b.negative;
        let words = if opposite {
            "the sign changed"
        } else {
            "the same number in another notation"
        };
        return Some(words.to_owned());
    }
    let zeros = b.power - a.power;
    if same_digits && a.negative == b.negative && zeros.abs() <= MOST_ZEROS {
        return Some(factor(
            zeros > 0,
            &format!("1{}", "0".repeat(usize::try_from(zeros.abs()).ok()?)),
        ));
    }
    if let (Some(of_old), Some(of_new)) = (a.decimals, b.decimals) {
        if rounds(&a, of_old, &b, of_new) {
            return Some("rounded".to_owned());
        }
        if rounds(&b, of_new, &a, of_old) {
            return Some("more decimals".to_owned());
        }
    }
    if one_double(old, new) {
        return Some("rounded to a number of 64 bits".to_owned());
    }
    match (a.scaled(0), b.scaled(0)) {
        (Some(a), Some(b)) if b - a == 1 => return Some("1 more".to_owned()),
        (Some(a), Some(b)) if a - b == 1 => return Some("1 less".to_owned()),
        _ => {}
    }
    let zeros = -a.power.min(b.power).min(0);
    let (a, b) = (a.scaled(zeros)?, b.scaled(zeros)?);
    UNITS.into_iter().find_map(|unit| {
        let more = a.checked_mul(unit) == Some(b);
        let less = b.checked_mul(unit) == Some(a);
        (more || less).then(|| factor(more, &unit.to_string()))
    })
}

fn factor(more: bool, by: &str) -> String {
    if more {
        format!("times {by}")
    } else {
        format!("divided by {by}")
    }
}

/// Whether the second is the first with fewer digits behind the point, the last of them rounded or not.
fn rounds(fine: &Decimal<'_>, of_fine: &str, rough: &Decimal<'_>, of_rough: &str) -> bool {
    if of_rough.len() >= of_fine.len() {
        return false;
    }
    let zeros = i64::try_from(of_fine.len()).unwrap_or(i64::MAX);
    let (Some(exact), Some(rounded)) = (fine.scaled(zeros), rough.scaled(zeros)) else {
        return false;
    };
    let lost = u32::try_from(of_fine.len() - of_rough.len()).unwrap_or(u32::MAX);
    10_i128
        .checked_pow(lost)
        .is_some_and(|unit| (exact - rounded).abs() < unit)
}

/// Whether a program that reads numbers as 64-bit floats takes the two for one.
fn one_double(old: &str, new: &str) -> bool {
    let doubles = [old, new].map(str::parse::<f64>);
    matches!(doubles, [Ok(a), Ok(b)] if a.is_finite() && a.to_bits() == b.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_hold_for_every_number_that_went_them() {
        for (old, new, expected) in [
            ("12.5", "1250", Some("times 100")),
            ("3", "0.003", Some("divided by 1000")),
            ("90", "1.5", Some("divided by 60")),
            ("2", "7200", Some("times 3600")),
            ("12.5", "-12.5", Some("the sign changed")),
            ("1", "1.0", Some("the same number in another notation")),
            ("0", "-0.0", Some("the same number in another notation")),
            ("12.456", "12.46", Some("rounded")),
            ("12.456", "12.45", Some("rounded")),
            ("-0.996", "-1", Some("rounded")),
            ("12.46", "12.456", Some("more decimals")),
            (
                "9007199254740993",
                "9007199254740992",
                Some("rounded to a number of 64 bits"),
            ),
            ("5", "6", Some("1 more")),
            ("-1", "-2", Some("1 less")),
            ("0", "1", Some("1 more")),
            ("5", "8", None),
            ("0", "100", None),
            ("1.2", "3.4", None),
            ("1e999999999", "2", None),
            ("x", "2", None),
        ] {
            assert_eq!(way(old, new).as_deref(), expected, "{old} {new}");
        }
    }
}
