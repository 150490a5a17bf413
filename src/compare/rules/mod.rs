//! The rules of a suite or a case: which differences are meant, and how two values are to be read.

mod document;
mod effects;
mod pattern;
mod place;
mod tolerance;
mod uses;

use std::fmt;
use std::sync::Arc;

use crate::locator::{Locator, Place};
use crate::pair::Side;
use crate::source::{Source, Span};

pub(in crate::compare) use effects::Effects;

pub use document::{PathMap, RewriteDoc, RulesDoc};
pub use pattern::Pattern;
pub use place::{AnswerPath, ListPath, Renames, RulePath};
pub use tolerance::Tolerance;
pub use uses::Uses;

/// Which rule it is: for counting its use and for naming it in a warning.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId {
    /// The file, as it was given.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The rule in short: `ignore $.meta.generatedAt`.
    pub text: String,
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.text)
    }
}

/// What a rule says of the places that it names.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Nothing there counts: neither value nor presence.
    Ignore,
    /// The elements of the array may stand in any order.
    Unordered,
    /// The elements of the array are matched by these members.
    Keyed(Vec<String>),
    /// Values may differ by so much.
    Tolerance(Tolerance),
    /// Values need only be of this form, on both sides.
    Pattern(Pattern),
    /// The member has this name on the new side.
    Rename(String),
    /// The old value is rewritten before it is compared.
    Rewrite(regex::Regex, String),
    /// Each side makes its own value here; they stand for each other from here on.
    Bind,
    /// The value was seen to vary within this side.
    Varies(Side),
}

impl Effect {
    /// Whether it says anything of the places of a side.
    pub(super) const fn is_about(&self, side: Side) -> bool {
        match self {
            Self::Rename(_) | Self::Rewrite(..) | Self::Varies(Side::Old) => {
                matches!(side, Side::Old)
            }
            Self::Varies(Side::New) => matches!(side, Side::New),
            _ => true,
        }
    }

    /// Whether it is of use only where it changed something, not wherever it names a place.
    pub(super) const fn must_change(&self) -> bool {
        matches!(self, Self::Rename(_) | Self::Rewrite(..))
    }

    /// What a rule of no use in a whole run did not do, and what to do about it.
    pub const fn when_unused(&self) -> &'static str {
        match self {
            Self::Rename(_) => {
                "renamed nothing: no answer of the old side had the old name where the new side had the new one: take it away, or mend its paths"
            }
            Self::Rewrite(..) => {
                "rewrote nothing that differed: take it away, or mend its path or its `from`"
            }
            _ => "matched nothing: take it away, or mend its path",
        }
    }
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Which one it is.
    pub id: RuleId,
    /// The places that it is about.
    pub place: Locator,
    /// What it says of them.
    pub effect: Effect,
}

/// The rules that hold for a case.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    /// Whether elements that nothing else tells apart are paired by their index.
    pub(super) by_index: bool,
}

impl Rules {
    /// Takes the rules from a decoded document of `source`.
    pub fn new(doc: &RulesDoc, source: &Arc<Source>) -> Self {
        let mut rules = Self::default();
        let mut add = |word: &str, span: Span, place: &Locator, effect: Effect| {
            let id = RuleId {
                file: source.name.clone(),
                line: source.line(span.start),
                text: format!("{word} {place}"),
            };
            let place = place.clone();
            rules.rules.push(Rule { id, place, effect });
        };
        for place in &doc.ignore {
            add("ignore", place.span, &place.locator, Effect::Ignore);
        }
        for ListPath(place) in &doc.unordered {
            add("unordered", place.span, &place.locator, Effect::Unordered);
        }
        for (ListPath(place), fields) in &doc.keyed.0 {
            let effect = Effect::Keyed(fields.0.clone());
            add("keyed", place.span, &place.locator, effect);
        }
        for (place, tolerance) in &doc.tolerance.0 {
            let effect = Effect::Tolerance(tolerance.clone());
            add("tolerance", place.span, &place.locator, effect);
        }
        for (place, pattern) in &doc.pattern.0 {
            let effect = Effect::Pattern(pattern.clone());
            add("pattern", place.span, &place.locator, effect);
        }
        for (place, name) in &doc.rename.0 {
            let effect = Effect::Rename(name.clone());
            add("rename", place.span, &place.locator, effect);
        }
        for rewrite in &doc.rewrite {
            let effect = Effect::Rewrite(rewrite.from.0.clone(), rewrite.to.value.clone());
            let AnswerPath(path) = &rewrite.path;
            add("rewrite", path.span, &path.locator, effect);
        }
        for AnswerPath(place) in &doc.bind {
            add("bind", place.span, &place.locator, Effect::Bind);
        }
        rules
    }

    /// These rules and `more`: a case adds to its suite.
    #[must_use]
    pub fn merge(&self, more: &Self) -> Self {
        let rules = self.rules.iter().chain(&more.rules).cloned().collect();
        let by_index = self.by_index;
        Self { rules, by_index }
    }

    /// The rules that hold between two answers of one side: what has another name or value on the new
    /// side has none here.
    #[must_use]
    pub(super) fn within_a_side(&self) -> Self {
        let both = |rule: &&Rule| !matches!(rule.effect, Effect::Rename(_) | Effect::Rewrite(..));
        Self {
            rules: self.rules.iter().filter(both).cloned().collect(),
            by_index: true,
        }
    }

    /// These rules and some that were learned.
    #[must_use]
    pub(super) fn with(&self, learned: Vec<Rule>) -> Self {
        let mut rules = self.clone();
        rules.rules.extend(learned);
        rules
    }

    /// Every rule, in the order written.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// The identity of every rule: what was not used in a whole run is worth a warning.
    pub fn ids(&self) -> impl Iterator<Item = &RuleId> {
        self.rules.iter().map(|rule| &rule.id)
    }

    /// What the rules say of the places that `names` takes, each such rule counted as used; one that
    /// rewrites is counted where it does so.
    pub(super) fn effects(&self, names: impl Fn(&Place) -> bool, used: &mut Uses) -> Effects<'_> {
        let mut effects = Effects::default();
        for rule in self.rules.iter().filter(|rule| names(rule.place.place())) {
            if !rule.effect.must_change() {
                used.add(&rule.id);
            }
            effects.add(&[rule]);
        }
        effects
    }

    /// Whether any rule binds values.
    pub(super) fn binds(&self) -> bool {
        self.rules
            .iter()
            .any(|rule| matches!(rule.effect, Effect::Bind))
    }

    /// Whether any rule is about a JSON body.
    pub(super) fn has_json(&self) -> bool {
        let is_json = |rule: &Rule| matches!(rule.place.place(), Place::Json(_));
        self.rules.iter().any(is_json)
    }

    /// Whether any rule is about an XML body.
    pub(super) fn has_xml(&self) -> bool {
        let is_xml = |rule: &Rule| matches!(rule.place.place(), Place::XPath(_));
        self.rules.iter().any(is_xml)
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}
