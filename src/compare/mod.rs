//! Finds every difference between two answers that a consumer would feel. Pure: no I/O, no clock.

mod align;
mod assign;
mod binary;
mod body;
mod characters;
mod charset;
mod fault;
mod form;
mod hashing;
mod headers;
mod json;
mod key;
mod lcs;
mod marks;
mod noise;
mod packing;
mod records;
mod ruled;
mod rules;
mod scalar;
mod standing;
mod status;
mod text;
mod time;
mod words;
mod xml;

pub(crate) use characters::without_code_points;
pub use json::{same_number, select};
pub use noise::{Alarms, Learned, Sampled, Worst, compare_sampled, shows_a_clock};
pub use rules::{
    Effect, ListPath, PathMap, Pattern, Renames, RewriteDoc, Rule, RuleId, RulePath, Rules,
    RulesDoc, Tolerance,
};
pub(crate) use standing::is_short;
pub use standing::{Relation, Standing};
pub use xml::select_xml;

use std::collections::BTreeSet;

use crate::message::Response;
use crate::pair::Pair;
use crate::platform::Platform;
use crate::results::Difference;

/// What comparing two answers gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Every difference, worst or not, in the order status, headers, body. Values are whole:
    /// redact and shorten them before they are shown.
    pub differences: Vec<Difference>,
    /// The rules that named a place in these answers. A rule that no case uses is worth a warning.
    pub used: BTreeSet<RuleId>,
    /// Rules worth writing down: the key that was inferred for an array, `unordered` for a reordered one.
    pub hints: Vec<String>,
    /// Declared keys that are none: which element lacks one, or which two have the same.
    pub no_keys: Vec<String>,
    /// Values that a `bind` rule tied together here, with their place: later cases of the chain
    /// take them into their [`Standing`].
    pub born: Vec<(String, Pair<String>)>,
}

/// Compares two answers to the same request.
///
/// `platforms` tell which headers are the gateways' own and how their faults read.
pub fn compare(
    answers: Pair<&Response>,
    rules: &Rules,
    standing: &Standing,
    platforms: Pair<&Platform>,
) -> Comparison {
    let mut found = Comparison::default();
    found
        .differences
        .extend(status::compare(answers.map(|answer| answer.status)));
    headers::compare(answers, rules, standing, platforms, &mut found);
    body::compare(answers, rules, standing, platforms, &mut found);
    found
}

#[cfg(test)]
mod examples;
