//! The way the value of a difference changed, without the values: what differences of one cause share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{number, text, time};
use crate::results::{Difference, Kind, Observed, Where};

/// Longest value that is named in a cause.
const LONGEST: usize = 24;

/// The way a value changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Change {
    /// Words that say more than the values do: `number to string`, `times 100`.
    Way(String),
    /// Another value of the same type, which nothing is known of.
    Other(&'static str),
    /// The start or the end of a text is another: `prefix`, `suffix`.
    Swapped(&'static str),
}

impl Change {
    pub(super) fn of(difference: &Difference) -> Self {
        let way = |words: &str| Self::Way(words.to_owned());
        let (old, new) = (kind_of(&difference.old), kind_of(&difference.new));
        match (difference.r#where, old, new) {
            (Where::Status, ..) => Self::Way(codes(difference)),
            (Where::Expect, ..) => Self::Way(unmet(difference)),
            _ if of_kind(difference).is_some() => {
                Self::Way(of_kind(difference).unwrap_or_default())
            }
            (_, None, None) => way(difference.kind.word()),
            (_, Some("null"), None) => way("null to missing"),
            (_, None, Some("null")) => way("missing to null"),
            (_, Some(old), None) => Self::Way(format!("{} is gone", one(old))),
            (_, None, Some(new)) => Self::Way(format!("{} is new", one(new))),
            (_, Some(old), Some(new)) if old == new => same_type(difference, old),
            (_, Some(old), Some(new)) => Self::Way(retyped(difference, old, new)),
        }
    }

    /// Whether the values alone say as much.
    pub(super) const fn is_plain(&self) -> bool {
        !matches!(self, Self::Way(_))
    }

    /// The change in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Way(words) => words.clone(),
            Self::Other("string") => "changed text".to_owned(),
            Self::Other(kind) => format!("changed {kind}"),
            Self::Swapped(end) => format!("another {end}"),
        }
    }
}

/// `number to string`, `null to missing`, `changed text`; for a status the two codes, for an
/// expectation whose it is.
pub(in crate::report) fn change(difference: &Difference) -> String {
    match Change::of(difference) {
        Change::Swapped(_) => Change::Other("string").words(),
        change => change.words(),
    }
}

/// The two codes of a status.
fn codes(difference: &Difference) -> String {
    match (difference.old.json(), difference.new.json()) {
        (Some(old), Some(new)) => format!("{old} became {new}"),
        _ => "another status".to_owned(),
    }
}

/// Whose answer is not what a suite expects.
fn unmet(difference: &Difference) -> String {
    let side = difference.detail.get("side").and_then(|side| side.as_str());
    match side {
        Some("both") => "not met by both sides".to_owned(),
        Some(side) => format!("not met by the {side} side"),
        None => "not met".to_owned(),
    }
}

/// What kinds say that tell more than their values do.
fn of_kind(difference: &Difference) -> Option<String> {
    let detail = |name: &str| difference.detail.get(name).and_then(|value| value.as_str());
    Some(match difference.kind {
        Kind::Order => "in another order".to_owned(),
        Kind::DuplicateKey => {
            let count = |name: &str| difference.detail.get(name);
            let (old, new) = (count("old_count")?, count("new_count")?);
            format!("{old} of the name became {new}")
        }
        Kind::Dialect => match &difference.known {
            Some(known) => known.clone(),
            None => "the same meaning in another syntax".to_owned(),
        },
        Kind::HostLeak => format!("names {}", detail("host").unwrap_or("the old host")),
        Kind::BrokenReference => "another thing than the one that stands for it".to_owned(),
        Kind::Unparsable => format!("on the {} side", detail("side")?),
        _ => return None,
    })
}

/// Another value of one type.
fn same_type(difference: &Difference, kind: &'static str) -> Change {
    let Some((old, new)) = whole(difference) else {
        return Change::Other(kind);
    };
    let way = match kind {
        "number" => number::way(&old, &new),
        "string" => text::way(&old, &new),
        "boolean" => Some(format!("{old} became {new}")),
        _ => None,
    };
    match way {
        Some(words) => Change::Way(words),
        None if kind == "string" => match text::swapped(&old, &new) {
            Some((end, ..)) => Change::Swapped(end),
            None => Change::Other(kind),
        },
        None => Change::Other(kind),
    }
}

/// A value of another type.
fn retyped(difference: &Difference, from: &'static str, to: &'static str) -> String {
    if let Some(words) = wrapped(difference, from, to) {
        return words.to_owned();
    }
    let plain = format!("{from} to {to}");
    let Some((old, new)) = whole(difference) else {
        return plain;
    };
    match (from, to) {
        ("string", "number") => match time::counted(&old, &new) {
            Some(unit) => format!("time to {unit}"),
            None if old == new => plain,
            None => "string to another number".to_owned(),
        },
        ("number", "string") => match time::counted(&new, &old) {
            Some(unit) => format!("{unit} to time"),
            None if old == new => plain,
            None => "number to another string".to_owned(),
        },
        _ => plain,
    }
}

/// A value that got an array or an object around it, or lost it.
fn wrapped(difference: &Difference, from: &str, to: &str) -> Option<&'static str> {
    let (old, new) = (difference.old.json()?, difference.new.json()?);
    match (from, to) {
        (_, "array") if only_element(new) == Some(old) => Some("wrapped in an array"),
        ("array", _) if only_element(old) == Some(new) => Some("taken out of its array"),
        (_, "object") if only_member(new) == Some(old) => Some("wrapped in an object"),
        ("object", _) if only_member(old) == Some(new) => Some("taken out of its object"),
        _ => None,
    }
}

fn only_element(json: &str) -> Option<&str> {
    let elements: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    elements
        .first()
        .filter(|_| elements.len() == 1)
        .map(|raw| raw.get())
}

fn only_member(json: &str) -> Option<&str> {
    let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(json).ok()?;
    let only = members.values().next().filter(|_| members.len() == 1);
    only.map(|raw| raw.get())
}

/// Both values as people read them; none where one of them was shortened or holds a secret, of which
/// nothing can be told.
fn whole(difference: &Difference) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    if difference.old_bytes.is_some() || difference.new_bytes.is_some() {
        return None;
    }
    let (old, new) = (difference.old.display()?, difference.new.display()?);
    let masked = |text: &str| text.contains("[secret ");
    (!masked(&old) && !masked(&new)).then_some((old, new))
}

/// The two values, where both are short and plain: `5 became 6`.
pub(super) fn pair(difference: &Difference) -> Option<String> {
    let plain = |observed: &Observed| {
        let json = observed.json()?;
        let is_plain = !json.starts_with(['{', '[']) && json.chars().count() <= LONGEST;
        is_plain.then(|| json.to_owned())
    };
    let is_said = matches!(difference.r#where, Where::Expect | Where::Status)
        || matches!(kind_of(&difference.old), Some("boolean"));
    if is_said || kind_of(&difference.old) != kind_of(&difference.new) {
        return None;
    }
    let (old, new) = (plain(&difference.old)?, plain(&difference.new)?);
    Some(format!("{old} became {new}"))
}

/// What was swapped for what: `prefix "http://a" became "https://b"`.
pub(super) fn exact(difference: &Difference) -> Option<String> {
    let Change::Swapped(_) = Change::of(difference) else {
        return None;
    };
    let (old, new) = whole(difference)?;
    let (end, old, new) = text::swapped(&old, &new)?;
    let is_short = |text: &str| text.chars().count() <= LONGEST;
    (is_short(old) && is_short(new)).then(|| format!("{end} {old:?} became {new:?}"))
}

/// A value of a kind, in words.
fn one(kind: &str) -> String {
    match kind {
        "string" => "a text".to_owned(),
        "object" | "array" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

/// The JSON type of what a side showed; none where it showed nothing.
fn kind_of(observed: &Observed) -> Option<&'static str> {
    let first = observed.json()?.bytes().next()?;
    Some(match first {
        b'n' => "null",
        b't' | b'f' => "boolean",
        b'"' => "string",
        b'{' => "object",
        b'[' => "array",
        _ => "number",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Severity;

    fn of(kind: Kind, old: Option<&str>, new: Option<&str>) -> String {
        let observed = |json: Option<&str>| json.map_or(Observed::Absent, Observed::raw);
        let difference = Difference::new(Where::Body, "$.x", kind, Severity::Breaking, "")
            .showing(observed(old), observed(new));
        Change::of(&difference).words()
    }

    #[test]
    fn a_change_is_told_without_the_values() {
        for (old, new, expected) in [
            (Some("12.5"), Some("\"12.5\""), "number to string"),
            (Some("12.5"), Some("\"13\""), "number to another string"),
            (Some("\"5\""), Some("5"), "string to number"),
            (Some("\"x\""), Some("5"), "string to another number"),
            (
                Some("\"2026-11-21T22:10:00Z\""),
                Some("1795299000"),
                "time to seconds since 1970",
            ),
            (
                Some("1795299000000"),
                Some("\"2026-11-21T22:10:00Z\""),
                "milliseconds since 1970 to time",
            ),
            (Some("null"), Some("\"\""), "null to string"),
            (Some("null"), None, "null to missing"),
            (None, Some("null"), "missing to null"),
            (Some("\"a\""), None, "a text is gone"),
            (None, Some("[]"), "an array is new"),
            (Some("5"), Some("[5]"), "wrapped in an array"),
            (
                Some("[{\"a\":1}]"),
                Some("{\"a\":1}"),
                "taken out of its array",
            ),
            (Some("5"), Some("{\"value\":5}"), "wrapped in an object"),
            (Some("5"), Some("[5,6]"), "number to array"),
            (Some("true"), Some("false"), "true became false"),
            (Some("1"), Some("100"), "times 100"),
            (Some("5"), Some("8"), "changed number"),
            (Some("\"A\""), Some("\"a\""), "letter case changed"),
            (Some("\"red\""), Some("\"blue\""), "changed text"),
            (
                Some("\"ord-4711\""),
                Some("\"sale-4711\""),
                "another prefix",
            ),
            (
                Some("\"[secret x, 9 characters]\""),
                Some("\"[secret x, 8 characters]\""),
                "changed text",
            ),
            (None, None, "value"),
        ] {
            assert_eq!(of(Kind::Value, old, new), expected, "{old:?} {new:?}");
        }
        assert_eq!(
            of(Kind::Order, Some("[1,2]"), Some("[2,1]")),
            "in another order"
        );
        let twice = Difference::new(Where::Body, "$.a", Kind::DuplicateKey, Severity::Risky, "")
            .detail("old_count", 1)
            .detail("new_count", 2);
        assert_eq!(change(&twice), "1 of the name became 2");
    }

    #[test]
    fn what_was_shortened_is_not_looked_into() {
        let long = |sign: char| Observed::text(&format!("{}{sign}", "x".repeat(300)));
        let mut difference =
            Difference::new(Where::Body, "$.x", Kind::Value, Severity::Breaking, "")
                .showing(long('a'), long('A'));
        assert_eq!(Change::of(&difference).words(), "letter case changed");
        difference.shorten();
        assert_eq!(Change::of(&difference).words(), "changed text");
        assert_eq!(exact(&difference), None);
    }
}
