//! What all rules together say of one place.

use regex::Regex;

use super::{Effect, Pattern, Rule, Tolerance};

/// What the rules say of two values that are compared.
#[derive(Debug, Default)]
pub(in crate::compare) struct Effects<'r> {
    pub(in crate::compare) ignore: bool,
    pub(in crate::compare) unordered: bool,
    pub(in crate::compare) bind: bool,
    pub(in crate::compare) varies: bool,
    pub(in crate::compare) keyed: Option<&'r [String]>,
    pub(in crate::compare) tolerance: Option<&'r Tolerance>,
    pub(in crate::compare) pattern: Option<&'r Pattern>,
    pub(in crate::compare) rewrite: Vec<(&'r Regex, &'r str)>,
}

impl<'r> Effects<'r> {
    pub(in crate::compare) fn add(&mut self, rules: &[&'r Rule]) {
        for rule in rules {
            match &rule.effect {
                Effect::Ignore => self.ignore = true,
                Effect::Unordered => self.unordered = true,
                Effect::Bind => self.bind = true,
                Effect::Varies(_) => self.varies = true,
                Effect::Keyed(fields) => self.keyed = Some(fields),
                Effect::Tolerance(tolerance) => self.tolerance = Some(tolerance),
                Effect::Pattern(pattern) => self.pattern = Some(pattern),
                Effect::Rewrite(from, to) => self.rewrite.push((from, to)),
                Effect::Rename(_) => {}
            }
        }
    }

    /// Whether no rule has a say on the value.
    pub(in crate::compare) fn is_plain(&self) -> bool {
        !self.bind && self.tolerance.is_none() && self.pattern.is_none() && self.rewrite.is_empty()
    }

    /// Whether the value need not be the same on both sides.
    pub(in crate::compare) fn is_vague(&self) -> bool {
        self.ignore
            || self.bind
            || self.varies
            || self.pattern.is_some()
            || self.tolerance.is_some()
    }

    /// The old text as the rewrite rules make it.
    pub(in crate::compare) fn rewritten(&self, text: &str) -> String {
        self.rewrite
            .iter()
            .fold(text.to_owned(), |text, (from, to)| {
                from.replace_all(&text, *to).into_owned()
            })
    }
}
