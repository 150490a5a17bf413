//! [`Seen`]: the values that one side showed at one place, answer by answer.

use crate::results::Observed;

/// The values that one side showed at one place, in the order of its answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) values: Vec<Observed>,
    /// Whether a difference between two of them would be more than cosmetic.
    pub(super) weighs: bool,
}

/// The JSON type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Null,
    Bool,
    Number,
    Text,
    Holder,
}

impl Sort {
    pub(super) fn of(value: &Observed) -> Self {
        match value.json().map(str::as_bytes) {
            Some([b'"', ..]) => Self::Text,
            Some([b't' | b'f', ..]) => Self::Bool,
            Some([b'{' | b'[', ..]) => Self::Holder,
            Some([b'-' | b'0'..=b'9', ..]) => Self::Number,
            _ => Self::Null,
        }
    }
}

impl Seen {
    /// One value, as often as it was seen.
    pub(super) fn constant(value: Observed, times: usize) -> Self {
        Self {
            values: vec![value; times],
            weighs: false,
        }
    }

    /// The values behind one that was seen in an answer which is not among them, or is the first.
    pub(super) fn behind(&self, first: &Observed) -> Self {
        let values = std::iter::once(first).chain(self.values.iter().skip(1));
        Self {
            values: values.cloned().collect(),
            weighs: self.weighs,
        }
    }

    /// Whether they are of several types.
    pub(super) fn is_mixed(&self) -> bool {
        let mut sorts = self.values.iter().map(Sort::of);
        let first = sorts.next();
        sorts.any(|sort| Some(sort) != first)
    }

    /// The texts of the values that have one: neither null nor holding others.
    pub(super) fn texts(&self) -> Vec<String> {
        let scalar = |value: &&Observed| !matches!(Sort::of(value), Sort::Null | Sort::Holder);
        let scalars = self.values.iter().filter(scalar);
        scalars
            .filter_map(|value| value.display().map(std::borrow::Cow::into_owned))
            .collect()
    }

    /// The first `most` values that are not the same.
    pub(super) fn distinct(&self, most: usize) -> Vec<Observed> {
        let mut distinct: Vec<Observed> = Vec::new();
        for value in &self.values {
            if distinct.len() < most && !distinct.contains(value) {
                distinct.push(value.clone());
            }
        }
        distinct
    }
}
