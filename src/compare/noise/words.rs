//! What is said of noise.

use super::form::Class;
use super::seen::Sort;
use crate::pair::{Pair, Side};

pub(super) const OTHER_CASE: &str = "what varies has letters of the other case: clients that compare or validate the text act otherwise";

/// How a class is called.
pub(super) const fn class(class: Class) -> &'static str {
    match class {
        Class::Bool => "a boolean",
        Class::Uuid => "a UUID",
        Class::Moment => "an RFC 3339 timestamp",
        Class::HttpDate => "an HTTP date",
        Class::Day => "a date",
        Class::Jwt => "a JWT",
        Class::Seconds => "seconds since 1970",
        Class::Milliseconds => "milliseconds since 1970",
        Class::Integer => "a whole number",
        Class::Decimal => "a number with a fraction",
        Class::Hex => "hexadecimal digits",
        Class::Text => "a text of another form",
    }
}

pub(super) fn other_class(classes: Pair<Class>) -> String {
    let (old, new) = (class(classes.old), class(classes.new));
    format!("what varies here was {old} and now is {new}: clients that parse the old form fail")
}

pub(super) fn other_length(lengths: Pair<usize>) -> String {
    format!(
        "what varies here was {} characters long each time and now is {}: clients that keep it in a field of the old length cut it",
        lengths.old, lengths.new
    )
}

pub(super) fn other_alphabet(words: Pair<String>) -> String {
    format!(
        "what varies here was made of {} and now is of {}: clients that validate it refuse it",
        words.old, words.new
    )
}

/// The parts are not shown: what stands in a secret place is masked as a whole only.
pub(super) const OTHER_PART: &str =
    "a part of the text that does not vary is another: clients that look for it do not find it";
pub(super) const OTHER_FRAME: &str =
    "what varies here is put together another way: clients that take it apart fail";

pub(super) fn apart(how_far: &str) -> String {
    format!(
        "the times of this moment are {how_far} apart on the two sides: clients that reckon with them are off by as much"
    )
}

pub(super) fn other_notation(old: &str, new: &str) -> String {
    format!(
        "timestamps {old} became timestamps {new}: clients that parse strictly, or compare text, act otherwise"
    )
}

/// A place that varies on one side only.
pub(super) fn constant(varies: Side, what: Option<Class>, answers: usize) -> String {
    let other = varies.other();
    let what = match what {
        Some(Class::Text) | None => "the value".to_owned(),
        Some(known) => class(known).to_owned(),
    };
    format!(
        "{what} that is another in each answer of the {varies} side is the same in all {answers} of the {other} side: a cache, or something that is no longer counted or made anew"
    )
}

/// A value of a type that the other side never shows.
pub(super) fn odd_type(sort: Sort, answer: usize, side: Side, effect: &str) -> String {
    let what = match sort {
        Sort::Null => "null",
        Sort::Bool => "a boolean",
        Sort::Number => "a number",
        Sort::Text => "a text",
        Sort::Holder => "an object or array",
    };
    let other = side.other();
    format!(
        "{what} in answer {answer} of the {side} side, and in none of the {other} side: {effect}"
    )
}

/// A difference that shows in another answer than the first.
pub(super) fn in_another_answer(side: Side) -> String {
    format!("so in another answer of the {side} side than its first")
}

/// A status that one side alone gives, in some of its answers.
pub(super) fn some_answers(side: Side, times: usize, of: usize) -> String {
    let other = side.other();
    format!("so in {times} of {of} answers of the {side} side, and in none of the {other} side")
}

/// What varies in a way that no rule can name without hiding more.
pub(super) const NO_RULE: &str = "no rule fits: it would hide what does not vary; ask for something that stays (a filter, an order, one page)";
