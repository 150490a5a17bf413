//! What can be measured of a secret text without showing it.

use serde_json::Value;

use crate::pair::Pair;
use crate::token::shape::payload;

/// Lengths at which stores and hops are known to cut or refuse a token, in characters: columns and cache
/// keys (250 to 2048), credential stores (2560), cookies (4096), header limits of servers and proxies.
const LADDER: [usize; 17] = [
    64, 100, 128, 250, 255, 256, 509, 512, 1_000, 1_023, 1_024, 2_048, 2_560, 4_096, 8_104, 16_384,
    61_355,
];

/// The lengths in which the old text fits and the new one does not.
pub(super) fn crossed(lengths: Pair<usize>) -> Vec<usize> {
    let crossed = LADDER.into_iter();
    crossed
        .filter(|step| lengths.old <= *step && *step < lengths.new)
        .collect()
}

/// The random bits that an opaque token, or the id of a JWT, can have at most: its characters by the
/// smallest alphabet that they come from. None for a JWT without an id.
pub(super) fn bits(token: &str) -> Option<usize> {
    let Some(claims) = payload(token) else {
        return Some(bits_of(token));
    };
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims["jti"].as_str().map(bits_of)
}

fn bits_of(text: &str) -> usize {
    let signs: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let all = |fits: fn(&char) -> bool| signs.iter().all(fits);
    // In tenths of a bit for each character.
    let each = if all(char::is_ascii_digit) {
        33
    } else if all(char::is_ascii_hexdigit) {
        40
    } else if all(|c| !c.is_ascii_uppercase()) || all(|c| !c.is_ascii_lowercase()) {
        51
    } else {
        59
    };
    signs.len() * each / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_enough_and_a_counter_is_not() {
        assert_eq!(bits("1fa22cef-c791-3105-9ac4-58511c199aa0"), Some(128));
        assert_eq!(bits("ca19a540f544777860e44e75f605d927"), Some(128));
        assert_eq!(bits("NtBQkXoKElu0H1a1fQ0DWfo6IX4a"), Some(165));
        assert_eq!(bits("token-000001"), Some(56));
        assert_eq!(bits(""), Some(0));
    }

    #[test]
    fn only_what_no_longer_fits_is_crossed() {
        assert_eq!(crossed(Pair::new(36, 64)), Vec::<usize>::new());
        assert_eq!(crossed(Pair::new(240, 600)), [250, 255, 256, 509, 512]);
        assert_eq!(crossed(Pair::new(600, 240)), Vec::<usize>::new());
    }
}
