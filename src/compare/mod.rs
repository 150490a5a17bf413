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
mod of_tokens;
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
pub use of_tokens::{TokenTexts, rule_tokens};
pub use rules::{
    AnswerPath, Effect, ListPath, PathMap, Pattern, Renames, RewriteDoc, Rule, RuleId, RulePath,
    Rules, RulesDoc, Tolerance, Uses,
};
pub(crate) use standing::is_short;
pub use standing::{Relation, Standing};
pub use xml::select_xml;

use std::borrow::Cow;

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
    /// The rules that were of use in these answers. One that is of use in no case is worth a warning.
    pub used: Uses,
    /// Rules worth writing down: the key that was inferred for an array.
    pub hints: Vec<String>,
    /// Declared keys that are none: which element lacks one, or which two have the same.
    pub no_keys: Vec<String>,
    /// Values that a `bind` rule tied together here, with their place: later cases of the chain
    /// take them into their [`Standing`].
    pub born: Vec<(String, Pair<String>)>,
    /// How JSON bodies of the same values are written otherwise. Answers of one side may be, too, so it
    /// is no difference until both sides were looked at.
    dress: Option<json::Dress>,
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
    let mut found = compare_values(answers, rules, standing, platforms);
    found.tell_dress(answers);
    found
}

/// The same without the dress of bodies.
fn compare_values(
    answers: Pair<&Response>,
    rules: &Rules,
    standing: &Standing,
    platforms: Pair<&Platform>,
) -> Comparison {
    let mut found = Comparison::default();
    found
        .differences
        .extend(status::compare(answers.map(|answer| answer.status)));
    // What `bind` ties in the body is named in the headers, too: a `Location`, a `Link`.
    let mut in_body = Comparison::default();
    body::compare(answers, rules, standing, platforms, &mut in_body);
    let standing = in_body.tied_to(standing);
    headers::compare(answers, rules, &standing, platforms, &mut found);
    found.extend(in_body);
    found
}

impl Comparison {
    /// What stands for each other once the values that were tied here are added.
    fn tied_to<'s>(&self, standing: &'s Standing) -> Cow<'s, Standing> {
        let mut standing = Cow::Borrowed(standing);
        for (place, values) in &self.born {
            standing
                .to_mut()
                .born(values.as_ref().map(String::as_str), place);
        }
        standing
    }

    /// Makes a difference of the dress of the bodies.
    fn tell_dress(&mut self, answers: Pair<&Response>) {
        let dressed = |dress| body::dressed(dress, answers);
        self.differences.extend(self.dress.take().map(dressed));
    }

    /// Adds what was found in another part of the same answers.
    fn extend(&mut self, other: Self) {
        self.differences.extend(other.differences);
        self.used.extend(&other.used);
        self.hints.extend(other.hints);
        self.no_keys.extend(other.no_keys);
        self.born.extend(other.born);
        self.dress = self.dress.or(other.dress);
    }
}

#[cfg(test)]
mod bind_tests;
#[cfg(test)]
mod examples;
