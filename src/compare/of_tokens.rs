//! What the rules of a suite say of two token answers: `token:…` names a member of the answer, `claims:…` a claim of
//! the JWT in it, `token:header.…` a member of that one's header. A grant is compared by its contract and not as a body, so rules are held against what was found.

use super::json::located;
use super::rules::{Effect, Pattern, Rule, Rules, Tolerance, Uses};
use super::words;
use crate::locator::{Place, member_path};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// What the place of a member of a JWT's header begins with, in differences and in rules.
const JWT_HEADER: &str = "header.";

/// What a rule can name on a side.
#[derive(Debug, Clone, Copy)]
pub struct TokenTexts<'a> {
    /// The answer, a JSON object.
    pub answer: &'a [u8],
    /// The claims, where the token is a JWT.
    pub claims: Option<&'a [u8]>,
}

/// Takes away the differences that the rules mean, and adds those of a form that one side alone keeps. Gives the rules
/// that were of use: those that name something, or ignore something that is on neither side.
pub fn rule_tokens(
    found: &mut Vec<Difference>,
    sides: Pair<TokenTexts<'_>>,
    rules: &Rules,
) -> Uses {
    let mut used = Uses::default();
    let named: Vec<(&Rule, Named)> = rules
        .iter()
        .filter_map(|rule| Some((rule, Named::of(rule, sides)?)))
        .collect();
    for (rule, named) in &named {
        named.everywhere().iter().for_each(|_| used.add(&rule.id));
        match &rule.effect {
            Effect::Tolerance(tolerance) => {
                found.retain(|one| !(named.is_at(one) && is_within(one, tolerance)));
            }
            Effect::Pattern(pattern) => named.shaped(pattern, found),
            _ => {}
        }
    }
    // Last, so that what is ignored has no form either.
    for (rule, named) in &named {
        if matches!(rule.effect, Effect::Ignore) {
            let before = found.len();
            found.retain(|one| !named.covers(one));
            if named.everywhere().is_empty() && found.len() < before {
                used.add(&rule.id);
            }
        }
    }
    used
}

/// The places that a rule names on each side, with what stands there.
#[derive(Debug)]
struct Named {
    /// What stands before the path of a difference: nothing, or `claims.`.
    prefix: &'static str,
    /// The path as it is written, where it is of names alone: it names a member that is on neither side, too.
    written: Option<String>,
    at: Pair<Vec<(String, String)>>,
}

impl Named {
    fn of(rule: &Rule, sides: Pair<TokenTexts<'_>>) -> Option<Self> {
        let (prefix, path, texts) = match rule.place.place() {
            Place::Token(path) if path.starts_with(JWT_HEADER) => {
                return Some(Self::of_header(path));
            }
            Place::Token(path) => ("", path, sides.map(|side| Some(side.answer))),
            Place::Claims(path) => ("claims.", path, sides.map(|side| side.claims)),
            _ => return None,
        };
        let path = member_path(path).ok()?;
        let at = texts.map(|text| {
            let nodes = text.and_then(|text| located(text, &path).ok());
            let nodes = nodes.unwrap_or_default().into_iter();
            nodes.map(|(path, raw)| (plain(&path), raw)).collect()
        });
        let written = plain(&path.to_string());
        let of_names = !written.contains(['[', '*', '?']) && !written.contains("..");
        Some(Self {
            prefix,
            written: of_names.then_some(written),
            at,
        })
    }

    /// A member of a JWT's header, as differences have it: there is no document of those here.
    fn of_header(path: &str) -> Self {
        Self {
            prefix: "",
            written: Some(path.to_owned()),
            at: Pair::default(),
        }
    }

    /// The places of both sides, each once.
    fn everywhere(&self) -> Vec<&str> {
        let all = self.at.old.iter().chain(&self.at.new);
        let mut all: Vec<&str> = all.map(|(path, _)| path.as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The path of a difference in the document that the rule is about.
    fn path_of(&self, one: &Difference) -> Option<String> {
        let here = one.r#where == Where::Token && one.kind != Kind::NotRefused;
        let path = one.path.strip_prefix(self.prefix).filter(|_| here)?;
        let is_one = path.starts_with('$') || path.starts_with(JWT_HEADER);
        is_one.then(|| plain(path))
    }

    fn is_at(&self, one: &Difference) -> bool {
        let path = self.path_of(one);
        path.is_some_and(|path| self.everywhere().contains(&path.as_str()))
    }

    fn covers(&self, one: &Difference) -> bool {
        let Some(path) = self.path_of(one) else {
            return false;
        };
        let mut named = self.everywhere();
        named.extend(self.written.as_deref());
        named.iter().any(|named| is_below(&path, named))
    }

    /// Holds the values that both sides have against a form: where both keep it nothing else of them counts but their
    /// type, and where one does that is what is told.
    fn shaped(&self, pattern: &Pattern, found: &mut Vec<Difference>) {
        for (path, old) in &self.at.old {
            let new = self.at.new.iter().find(|(other, _)| other == path);
            let Some((_, new)) = new.filter(|(_, new)| same_type(old, new)) else {
                continue;
            };
            let shown = Pair::new(Observed::raw(old), Observed::raw(new));
            let fits = shown.as_ref().map(|value| fits(pattern, value));
            if !fits.old && !fits.new {
                continue;
            }
            let typed = |kind| matches!(kind, Kind::Type | Kind::DuplicateKey);
            found.retain(|one| {
                let at = self.path_of(one);
                typed(one.kind) || !at.is_some_and(|at| is_below(&at, path))
            });
            if fits.old != fits.new {
                let path = format!("{}{path}", self.prefix);
                let explain = words::pattern(&pattern.what(), fits.old);
                let one =
                    Difference::new(Where::Token, path, Kind::Value, Severity::Breaking, explain);
                found.push(one.showing(shown.old, shown.new));
            }
        }
    }
}

fn fits(pattern: &Pattern, value: &Observed) -> bool {
    let text = value.display().unwrap_or_default();
    pattern.matches(&text)
}

fn is_within(one: &Difference, tolerance: &Tolerance) -> bool {
    let values = Pair::new(one.old.display(), one.new.display());
    let Some(values) = values.transpose().filter(|_| one.kind == Kind::Value) else {
        return false;
    };
    tolerance.allows(&values.old, &values.new) == Some(true)
}

/// Whether two JSON texts are of one type: their first character tells.
fn same_type(old: &str, new: &str) -> bool {
    let of = |json: &str| match json.as_bytes().first() {
        Some(first @ (b'{' | b'[' | b'"' | b'n')) => *first,
        Some(b't' | b'f') => b't',
        _ => b'0',
    };
    of(old) == of(new)
}

/// A path in one notation: names in brackets as names behind dots.
fn plain(path: &str) -> String {
    path.replace("['", ".").replace("']", "")
}

fn is_below(path: &str, named: &str) -> bool {
    let rest = path.strip_prefix(named);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
#[path = "of_tokens_tests.rs"]
mod tests;
