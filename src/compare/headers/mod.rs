//! Header fields, each by its own grammar.

mod content;
mod cookie;
mod cors;
mod lists;
mod parts;
mod rate_limit;
mod syntax;
mod weight;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Comparison, Rules, Standing, scalar, time, words};
use crate::locator::Place;
use crate::message::Response;
use crate::pair::Pair;
use crate::platform::Platform;
use crate::results::{Difference, Kind, Observed, Severity, Where};

use cors::Cors;
use parts::Part;
use weight::Weight;

/// Fields of the message's framing, or that differ between any two answers: never differences.
const SKIPPED: [&str; 5] = [
    "content-length",
    "transfer-encoding",
    "date",
    "content-encoding",
    "age",
];

/// A field on both sides: all its values, in order, joined by commas as RFC 9110 section 5.3 has it.
type Values = Pair<Option<String>>;

pub(super) fn compare(
    answers: Pair<&Response>,
    rules: &Rules,
    standing: &Standing,
    platforms: Pair<&Platform>,
    found: &mut Comparison,
) {
    let mut names: BTreeSet<Cow<'_, str>> = BTreeSet::new();
    for (_, answer) in answers.iter() {
        names.extend(answer.headers.0.iter().map(|(name, _)| lower(name)));
    }
    let cors = Cors::of(answers);
    for name in names
        .iter()
        .map(AsRef::as_ref)
        .filter(|name| !SKIPPED.contains(name))
    {
        let is_named = |place: &Place| matches!(place, Place::Header(header) if header == name);
        let effects = rules.effects(is_named, &mut found.used);
        if effects.ignore || (effects.is_plain() && is_equal(answers, name, standing)) {
            continue;
        }
        let field = Field {
            name,
            values: answers.map(|answer| joined(answer, name)),
            own: platforms.old.is_identity(name) || platforms.new.is_identity(name),
            cors,
            standing,
        };
        if effects.is_plain() {
            field.compare(answers, &mut found.differences);
        } else if let Some(texts) = field.values.as_ref().map(Option::as_deref).transpose() {
            // A rule takes the whole value as a text; the grammar has no say then.
            let place = format!("header:{name}");
            let differs = scalar::compare(texts, &effects, standing, &place, found);
            if let Some((kind, explain)) = differs {
                found.differences.push(field.whole(kind, explain));
            }
        } else {
            field.presence(&mut found.differences);
        }
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Whether both sides send the same, and nothing of the old side's: most fields of most answers.
fn is_equal(answers: Pair<&Response>, name: &str, standing: &Standing) -> bool {
    let leaks = |value: &[u8]| standing.leaked(value).is_some();
    answers
        .old
        .headers
        .all(name)
        .eq(answers.new.headers.all(name))
        && !answers.new.headers.all(name).any(leaks)
}

fn joined(answer: &Response, name: &str) -> Option<String> {
    let values: Vec<String> = answer
        .headers
        .all(name)
        .map(|value| String::from_utf8_lossy(value).trim().to_owned())
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// When each answer was given, by its `Date`; that of the other side where it has none.
fn dates(answers: Pair<&Response>) -> Pair<Option<i64>> {
    let own = answers.map(|answer| {
        let date = answer.headers.text("date");
        date.and_then(|date| time::http_date(&date))
    });
    Pair::new(own.old.or(own.new), own.new.or(own.old))
}

/// The charset that `Content-Type` names, by one name for each.
pub(super) fn charset_of(answer: &Response) -> Option<String> {
    let value = answer.headers.text("content-type")?;
    let parameters = syntax::split(&value, ';')
        .into_iter()
        .map(syntax::parameter);
    let mut charsets = parameters.filter(|(name, _)| name == "charset");
    charsets.next().map(|(_, value)| content::charset(&value))
}

/// One field and all that decides what its differences weigh.
struct Field<'a> {
    name: &'a str,
    values: Values,
    /// Whether it is a gateway's own.
    own: bool,
    /// What both answers say to pages of other origins.
    cors: Cors,
    standing: &'a Standing,
}

impl Field<'_> {
    fn compare(&self, answers: Pair<&Response>, differences: &mut Vec<Difference>) {
        if let Some(host) = self.leak() {
            let difference = self
                .whole(Kind::HostLeak, words::host_leak(&host))
                .detail("host", host);
            differences.push(difference);
            return;
        }
        if self.name == "set-cookie" {
            cookie::compare(answers, self.standing, differences);
            return;
        }
        let Some(texts) = self.values.as_ref().map(Option::as_deref).transpose() else {
            self.presence(differences);
            return;
        };
        if texts.old == texts.new {
            return;
        }
        let differing = if self.name == "expires" {
            parts::expires(texts, dates(answers))
        } else {
            parts::differing(self.name, texts, self.cors, self.standing)
        };
        differences.extend(differing.into_iter().map(|part| self.part(part)));
    }

    fn leak(&self) -> Option<String> {
        let value = self.values.new.as_deref().filter(|_| !self.own)?;
        self.standing.leaked(value.as_bytes()).map(str::to_owned)
    }

    /// A field that one side lacks.
    fn presence(&self, differences: &mut Vec<Difference>) {
        let value = self.values.new.as_deref().or(self.values.old.as_deref());
        let weight = if self.name == "vary" && value.is_some_and(|value| self.cors.explains(value))
        {
            Weight::of_nothing(cors::VARIES)
        } else {
            Weight::of(self.name, value)
        };
        let (kind, severity, explain) = match (&self.values.old, &self.values.new) {
            (Some(_), None) => (Kind::Removed, weight.lost, weight.when_lost),
            (None, Some(_)) => (Kind::Added, weight.added, weight.when_added),
            _ => return,
        };
        differences.push(self.difference(
            self.name.to_owned(),
            kind,
            severity,
            explain.to_owned(),
            &self.values,
        ));
    }

    fn part(&self, part: Part) -> Difference {
        let path = match part.name {
            Some(name) => format!("{}[{name}]", self.name),
            None => self.name.to_owned(),
        };
        self.difference(path, part.kind, part.severity, part.explain, &part.values)
    }

    fn whole(&self, kind: Kind, explain: String) -> Difference {
        let severity = if matches!(kind, Kind::HostLeak | Kind::BrokenReference) {
            Severity::Breaking
        } else {
            Weight::of(self.name, None).changed
        };
        self.difference(self.name.to_owned(), kind, severity, explain, &self.values)
    }

    fn difference(
        &self,
        path: String,
        kind: Kind,
        severity: Severity,
        explain: String,
        values: &Values,
    ) -> Difference {
        let shown = values.as_ref().map(|value| match value {
            Some(text) => Observed::text(text),
            None => Observed::Absent,
        });
        let (severity, explain) = if self.own {
            (
                Severity::Cosmetic,
                "a header of the gateway itself, which says nothing of the API".to_owned(),
            )
        } else {
            (severity, explain)
        };
        let difference = Difference::new(Where::Header, path, kind, severity, explain);
        difference.showing(shown.old, shown.new)
    }
}

#[cfg(test)]
mod tests;
