//! What all rules together say of one place.

use regex::Regex;

use super::{Effect, Pattern, Rule, RuleId, Tolerance, Uses};

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
    pub(in crate::compare) rewrite: Vec<(&'r RuleId, &'r Regex, &'r str)>,
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
                Effect::Rewrite(from, to) => self.rewrite.push((&rule.id, from, to)),
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
        self.rewritten_by(text, |_| {})
    }

    /// As [`Self::rewritten`]; each rule that changed something is counted as used.
    pub(in crate::compare) fn rewrite(&self, text: &str, used: &mut Uses) -> String {
        self.rewritten_by(text, |rule| used.add(rule))
    }

    fn rewritten_by(&self, text: &str, mut changed: impl FnMut(&RuleId)) -> String {
        let mut text = text.to_owned();
        for (rule, from, to) in &self.rewrite {
            let rewritten = from.replace_all(&text, *to);
            if rewritten != text {
                changed(rule);
                text = rewritten.into_owned();
            }
        }
        text
    }
}
