//! What a consumer feels, in words.

use crate::pair::Pair;
use crate::results::{Difference, Kind, Severity};

pub(super) const REMOVED: &str = "the field is gone: clients that read it find nothing";
pub(super) const ADDED: &str = "a new field: clients that refuse unknown fields fail on it";
pub(super) const NULL_TO_MISSING: &str =
    "a null became a missing field: clients that tell the two apart act otherwise";
pub(super) const MISSING_TO_NULL: &str =
    "a missing field became null: clients that tell the two apart act otherwise";
pub(super) const BROKEN: &str = "an id that stands for another one elsewhere in this case or its chain: the answer is about another thing";
pub(super) const REORDERED: &str = "the same elements in another order: clients that take the first, or show the list, act otherwise";
const GAVE_UP: &str = "more than 4096 edits apart: matched by value and likeness";
/// What to do where ids that are too short differ.
pub(super) const SHORT_ID: &str = "the ids here were captured, but are shorter than 4 characters, and such values stand for each other only where they were captured: write `bind` for this path, or `rewrite`";
/// One moment in two notations.
pub(super) const SAME_TIME: &str =
    "the same time in another notation: clients that compare text or parse strictly act otherwise";
/// How an advice begins that names a rule.
pub(super) const RULE: &str = "compare:";

/// Says of a difference that the two lists were not aligned as they should be.
pub(super) fn say_gave_up(difference: &mut Difference) {
    difference.explain.push_str(&format!(" ({GAVE_UP})"));
    difference
        .detail
        .insert("alignment".to_owned(), GAVE_UP.into());
}

/// The effect of another type.
pub(super) const fn retyped(from_null: bool, to_null: bool) -> &'static str {
    if to_null {
        "clients that read the value meet none"
    } else if from_null {
        "clients that expect nothing here, or test for null, act otherwise"
    } else {
        "typed clients fail to decode it"
    }
}

/// A value that has a form on one side only.
pub(super) fn pattern(what: &str, was: bool) -> String {
    if was {
        format!("the value is no longer {what}: clients that parse it as such fail")
    } else {
        format!("the value was not {what} and now is: clients that parse the old form fail")
    }
}

/// Fields that a rule calls a key and that are none.
pub(super) fn no_key(path: &str, fields: &[String], why: &str) -> String {
    let fields = fields.join(", ");
    format!("keyed \"{path}\": {fields} is no key here: {why}")
}

/// Something that is gone, and that a rule was meant to give the name of another.
pub(super) fn name_taken(explain: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!(
            "{explain}; the rename rule had no say: the old side has `{name}`, the name that it gives, beside it"
        ),
        None => explain.to_owned(),
    }
}

/// A member that stands more than once on one side.
pub(super) fn duplicate(count: Pair<usize>) -> String {
    let side = if count.new > count.old { "new" } else { "old" };
    let times = count.old.max(count.new);
    format!(
        "the key stands {times} times on the {side} side: one client takes the first, another the last"
    )
}

pub(super) fn host_leak(host: &str) -> String {
    format!(
        "the new side sends consumers back to {host}, the old host: they break on the day it is switched off"
    )
}

/// Another value, or the same one in another notation.
pub(super) fn other_value(texts: Pair<&str>, number: bool) -> (Kind, Severity, String) {
    if !number && same_time(texts) {
        return (Kind::Format, Severity::Risky, SAME_TIME.to_owned());
    }
    (Kind::Value, Severity::Breaking, value(texts, number))
}

/// Another value.
pub(super) fn value(texts: Pair<&str>, number: bool) -> String {
    let (old, new) = (texts.old, texts.new);
    let alike = super::characters::alike(texts);
    let words = if let Some(alike) = &alike {
        alike
    } else if old == new {
        "the text holds another half of a surrogate pair, which is no character"
    } else if number {
        "the number changed"
    } else if old.is_empty() {
        "an empty text is now filled"
    } else if new.is_empty() {
        "the text is now empty"
    } else if old.to_lowercase() == new.to_lowercase() {
        "the letter case changed"
    } else if old.split_whitespace().eq(new.split_whitespace()) {
        "the white space changed"
    } else if !new.is_empty() && old.starts_with(new) {
        "the text was cut short"
    } else {
        "the value changed"
    };
    format!("{words}: clients get another answer to the same question")
}

/// A text as a value or a key of YAML that any reader takes for that text.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A field as a rule names it: quoted where YAML would read something else, as it does in `@id` or `true`.
fn field(name: &str) -> String {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let word = ["true", "false", "null"].contains(&name.to_ascii_lowercase().as_str());
    if starts && plain && !word {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// The rule that says what the elements of a list are matched by.
pub(super) fn keyed_rule(path: &str, fields: &[String]) -> String {
    let path = quoted(path);
    let fields: Vec<String> = fields.iter().map(|name| field(name)).collect();
    match fields.as_slice() {
        [one] => format!("keyed: {{ {path}: {one} }}"),
        several => format!("keyed: {{ {path}: [ {} ] }}", several.join(", ")),
    }
}

/// The rule that takes the meaning from the order of a list.
pub(super) fn unordered_rule(path: &str) -> String {
    format!("unordered: [ {} ]", quoted(path))
}

/// The advice to write a rule for a place.
pub(super) fn if_meant(path: &str, rule: &str) -> String {
    format!("if this is meant: {RULE} \"{path}\": {rule}")
}

/// Whether two texts mean one moment.
pub(super) fn same_time(texts: Pair<&str>) -> bool {
    let moments = texts.map(super::time::moment);
    moments.old.is_some() && moments.old == moments.new
}

/// The rule that would allow a number to vary by as much as it does.
pub(super) fn number_advice(texts: Pair<&str>) -> Option<String> {
    let (old, new): (f64, f64) = (texts.old.parse().ok()?, texts.new.parse().ok()?);
    let difference = (old - new).abs();
    // A number that is far off is no rounding: there is no rule to offer.
    let near = difference <= old.abs().max(new.abs()) * 0.01;
    let fraction = texts.old.contains('.') || texts.new.contains('.');
    (near && fraction).then(|| {
        let step = 10_f64.powf(difference.log10().ceil());
        format!("{step} (under `tolerance`)")
    })
}

/// The rule for two texts of one recognisable form.
pub(super) fn text_advice(texts: Pair<&str>) -> Option<String> {
    if same_time(texts) {
        return Some("0s (under `tolerance`)".to_owned());
    }
    ["uuid", "timestamp", "jwt"].into_iter().find_map(|name| {
        let pattern = super::Pattern::named(name)?;
        let fits = pattern.matches(texts.old) && pattern.matches(texts.new);
        let more = if name == "uuid" {
            ", or `bind` where later answers name it again"
        } else {
            ""
        };
        fits.then(|| format!("{name} (under `pattern`{more})"))
    })
}
