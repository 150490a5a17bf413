//! Each check against the table that it was made from: which checks there are, and how much each weighs.
//!
//! The rule: what breaks clients or security or is a major matter (B, M) and is no expected change (X) is breaking; a
//! minor matter (m) that is none, and what hangs on the client or the plan (C), is risky; what is expected (E) is
//! cosmetic; of what is looked at on the new side alone (-), B is breaking and M risky; a token or proof that is taken and must be refused is breaking, whatever else.

use super::*;
use crate::results::Severity::{self, Breaking, Cosmetic, Risky};

/// A check: its id, how grave it is (B, M, m, i), and whether a difference is a breach (X), hangs on something (C),
/// is expected (E), or none, since one side alone is looked at (-).
type Row = (&'static str, char, char);

/// Every check that has to be looked for: those marked B of the answers, refusals, refreshes, uses and JWTs, and
/// all of B13 to B44.
const ASKED: [Row; 69] = [
    ("B01", 'B', 'X'),
    ("B02", 'B', 'X'),
    ("B06", 'B', 'X'),
    ("B09", 'B', 'X'),
    ("B10", 'B', 'X'),
    ("B12", 'B', 'X'),
    ("B13", 'i', 'E'),
    ("B14", 'M', 'C'),
    ("B15", 'M', 'E'),
    ("B16", 'M', 'C'),
    ("B17", 'm', 'C'),
    ("B18", 'M', 'X'),
    ("B19", 'm', 'C'),
    ("B20", 'B', 'X'),
    ("B21", 'B', 'X'),
    ("B22", 'm', 'E'),
    ("B23", 'B', 'X'),
    ("B24", 'B', 'X'),
    ("B25", 'B', 'X'),
    ("B26", 'B', 'X'),
    ("B27", 'M', 'C'),
    ("B28", 'M', 'C'),
    ("B29", 'M', 'X'),
    ("B30", 'M', 'X'),
    ("B31", 'B', 'X'),
    ("B32", 'B', 'X'),
    ("B33", 'B', 'X'),
    ("B34", 'M', 'C'),
    ("B35", 'M', 'E'),
    ("B36", 'B', 'X'),
    ("B37", 'i', 'E'),
    ("B38", 'M', 'C'),
    ("B39", 'M', 'X'),
    ("B40", 'M', 'X'),
    ("B41", 'm', 'X'),
    ("B42", 'm', 'C'),
    ("B43", 'm', 'C'),
    ("B44", 'M', 'C'),
    ("C03", 'B', 'X'),
    ("C05", 'B', 'X'),
    ("C06", 'B', 'X'),
    ("C09", 'B', 'X'),
    ("D01", 'B', 'X'),
    ("D02", 'B', 'C'),
    ("D03", 'B', 'C'),
    ("D07", 'B', 'X'),
    ("D09", 'B', 'X'),
    ("D11", 'B', 'X'),
    ("E01", 'B', 'X'),
    ("E02", 'B', 'X'),
    ("E05", 'B', 'C'),
    ("E08", 'B', 'X'),
    ("E09", 'B', 'E'),
    ("E13", 'B', 'X'),
    ("E14", 'B', 'X'),
    ("E15", 'B', 'X'),
    ("E16", 'B', 'X'),
    ("E17", 'B', 'C'),
    ("E18", 'B', 'C'),
    ("E19", 'B', 'X'),
    ("E20", 'B', 'X'),
    ("E21", 'B', 'X'),
    ("E22", 'B', 'X'),
    ("E23", 'B', 'X'),
    ("F01", 'B', '-'),
    ("F03", 'B', '-'),
    ("F04", 'B', '-'),
    ("F05", 'B', '-'),
    ("F06", 'B', '-'),
];

/// The rest of those that were asked for, of JWTs.
const ASKED_OF_JWTS: [Row; 6] = [
    ("F07", 'B', '-'),
    ("F08", 'B', 'X'),
    ("F09", 'B', 'X'),
    ("F11", 'B', 'X'),
    ("F16", 'B', '-'),
    ("F19", 'B', '-'),
];

/// What is looked for besides.
const MORE: [Row; 27] = [
    ("A33", 'B', 'X'),
    ("A36", 'M', 'X'),
    ("B04", 'M', 'X'),
    ("B07", 'M', 'X'),
    ("B11", 'M', 'X'),
    ("B45", 'M', 'C'),
    ("C01", 'M', 'X'),
    ("C04", 'M', 'X'),
    ("C07", 'i', 'E'),
    ("C08", 'm', 'X'),
    ("C10", 'm', 'E'),
    ("C11", 'M', 'C'),
    ("C17", 'B', 'X'),
    ("D04", 'M', 'E'),
    ("D05", 'M', 'C'),
    ("E03", 'M', 'C'),
    ("E04", 'M', 'C'),
    ("E07", 'M', 'X'),
    ("E24", 'M', 'C'),
    ("E26", 'm', 'C'),
    ("F02", 'M', 'C'),
    ("F10", 'M', '-'),
    ("F14", 'M', '-'),
    ("F15", 'M', '-'),
    ("F18", 'M', '-'),
    ("L01", 'M', 'C'),
    ("L02", 'B', 'X'),
];

/// Where the weight is another than the rule's, and why.
const OTHERWISE: [(&str, Severity, &str); 11] = [
    (
        "B13",
        Risky,
        "expected only where the suite says so: then it is cosmetic, and unchanged is breaking",
    ),
    (
        "B15",
        Risky,
        "what clients have room for is not declared: between expected and a breach",
    ),
    (
        "B35",
        Risky,
        "as B15; other characters are a breach, and breaking",
    ),
    (
        "B42",
        Cosmetic,
        "packing of the same content is cosmetic in every answer",
    ),
    (
        "C11",
        Breaking,
        "429 where there was none is a change of status",
    ),
    ("D04", Breaking, "a proof that is taken and must be refused"),
    (
        "E05",
        Breaking,
        "401 where there was success is a change of status",
    ),
    ("E09", Breaking, "a token that is taken and must be refused"),
    (
        "F18",
        Breaking,
        "an ID token in place of an access token must be refused",
    ),
    ("T01", Breaking, "of our own: gateways refuse such a token"),
    ("T02", Risky, "of our own: the next token may be refused"),
];

fn by_rule(gravity: char, difference: char) -> Severity {
    match (gravity, difference) {
        ('B' | 'M', 'X') | ('B', '-') => Breaking,
        ('m', 'X') | ('M', '-') | (_, 'C') => Risky,
        _ => Cosmetic,
    }
}

#[test]
fn every_check_weighs_what_the_rule_says_or_why_it_does_not() {
    let rows = || ASKED.iter().chain(&ASKED_OF_JWTS).chain(&MORE);
    let mut pinned: Vec<(&str, Severity)> = rows()
        .map(|(id, gravity, difference)| (*id, by_rule(*gravity, *difference)))
        .collect();
    for (id, severity, why) in OTHERWISE {
        assert!(!why.is_empty());
        match pinned.iter_mut().find(|(pinned, _)| *pinned == id) {
            Some(pinned) => {
                assert_ne!(pinned.1, severity, "{id} needs no exception");
                pinned.1 = severity;
            }
            None => pinned.push((id, severity)),
        }
    }
    pinned.sort_unstable_by_key(|(id, _)| *id);
    let mut table: Vec<(&str, Severity)> = all().map(|c| (c.id, c.severity)).collect();
    table.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!(table, pinned);
}

/// Nothing that was asked for is left to a person: a token case, a request case, a probe or the preflight looks.
#[test]
fn what_was_asked_for_is_looked_for() {
    for (id, ..) in ASKED.iter().chain(&ASKED_OF_JWTS) {
        let check = check(id).unwrap_or_else(|| panic!("{id} is missing"));
        assert!(!check.by.words().is_empty());
        // What no standard says has no section; everything else names one.
        let own = ["B13", "B38", "B44", "E05", "E13", "E14", "E17", "E18"];
        assert_eq!(check.rfc.is_empty(), own.contains(id), "{id}");
    }
}
