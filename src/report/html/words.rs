//! Numbers and anchors of the page.

use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::results::{CaseResult, Difference};

/// `0.4 ms`, `12 ms`, `1.8 s`.
pub(super) fn milliseconds(ms: f64) -> String {
    match ms {
        ..0.95 => format!("{ms:.1} ms"),
        ..9.95 if ms.fract() > 0.05 => format!("{ms:.1} ms"),
        ..999.5 => format!("{ms:.0} ms"),
        ..9_950.0 if (ms / 1000.0).fract() > 0.05 => format!("{:.1} s", ms / 1000.0),
        _ => format!("{:.0} s", ms / 1000.0),
    }
}

/// The anchor of a case: the same in every report of it.
pub(super) fn case_anchor(case: &CaseResult) -> String {
    anchor("c", &[&case.id])
}

/// The anchor of a difference: the same as long as the case shows it at this place. `nth` counts
/// those of one kind at one place.
pub(super) fn anchor_of(case: &CaseResult, item: &Difference, nth: usize) -> String {
    let place = [item.r#where.word(), &item.path, item.kind.word()];
    let [part, path, kind] = place;
    anchor("d", &[&case.id, part, path, kind, &nth.to_string()])
}

fn anchor(letter: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    format!("{letter}-{}", hex(&hash.finalize()[..6]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_two_digits_that_count() {
        let told = [0.04, 0.4, 5.0, 5.25, 12.4, 1800.0, 2000.0, 12_345.0].map(milliseconds);
        let expected = [
            "0.0 ms", "0.4 ms", "5 ms", "5.2 ms", "12 ms", "1.8 s", "2 s", "12 s",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn anchors_differ_by_each_part() {
        assert_eq!(anchor("d", &["a", "b"]), anchor("d", &["a", "b"]));
        assert_ne!(anchor("d", &["a", "b"]), anchor("d", &["ab", ""]));
        assert_eq!(anchor("c", &["a"]).len(), 14);
    }
}
