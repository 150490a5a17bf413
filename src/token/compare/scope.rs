//! `scope`: what was granted, as a set.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Answered, catalogue, shown};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Severity};

const PATH: &str = "$.scope";

/// What a side granted: what its answer says, or what was asked for where it does not say (RFC 6749
/// section 5.1).
fn granted(side: Answered<'_>) -> BTreeSet<String> {
    match side.member("scope") {
        Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        Some(Value::Array(items)) => {
            let words = items.iter().filter_map(Value::as_str);
            words.map(str::to_owned).collect()
        }
        _ => side.credential.scope.iter().cloned().collect(),
    }
}

pub(super) fn scope(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let value = pair.map(|side| side.member("scope"));
    let (old, new) = shown(pair, "scope");
    let is_text = value.map(|value| value.is_none_or(Value::is_string));
    if is_text.old != is_text.new {
        let explain =
            "`scope` changed between a text and something else: typed clients fail to decode it";
        let difference = catalogue::B32.differs(PATH, Kind::Type, explain);
        return Some(difference.showing(old, new));
    }
    let words = pair.map(granted);
    // `default` is what a server says when nothing was asked for; it grants nothing.
    let mut changed = words.old.symmetric_difference(&words.new);
    let meaningless = changed.all(|word| word == "default");
    let lost: Vec<&str> = words
        .old
        .difference(&words.new)
        .map(String::as_str)
        .collect();
    let difference = if value.old.is_some() && value.new.is_none() && words.old != words.new {
        let explain =
            "the answer does not say any more what was granted, and it is not what was asked for";
        catalogue::B30.differs(PATH, Kind::Removed, explain)
    } else if words.old == words.new {
        return None;
    } else if lost.is_empty() {
        let explain = "the token carries scopes that the old one did not";
        let wider = catalogue::B31.differs(PATH, Kind::Added, explain);
        catalogue::B31.otherwise(wider)
    } else {
        let explain = format!(
            "the token lacks {}: calls that need it are refused",
            lost.join(", ")
        );
        catalogue::B31.differs(PATH, Kind::Value, explain)
    };
    let severity = match meaningless {
        true => Severity::Cosmetic,
        false => difference.severity,
    };
    Some(
        Difference {
            severity,
            ..difference
        }
        .showing(old, new),
    )
}
