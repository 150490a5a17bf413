//! `Set-Cookie` by name and attributes (RFC 6265 section 4.1); the values are each side's own.

use std::collections::BTreeMap;

use super::syntax::parameter;
use crate::compare::Standing;
use crate::message::Response;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

type Attributes = BTreeMap<String, String>;

pub(super) fn compare(
    answers: Pair<&Response>,
    standing: &Standing,
    differences: &mut Vec<Difference>,
) {
    let cookies = answers.map(read);
    let mut names: Vec<&String> = cookies.old.keys().chain(cookies.new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let found = Pair::new(cookies.old.get(name), cookies.new.get(name));
        let (kind, severity, explain) = match (found.old, found.new) {
            (Some(_), None) => (
                Kind::Removed,
                Severity::Breaking,
                "the cookie is gone: clients lose what it keeps",
            ),
            (None, Some(_)) => (
                Kind::Added,
                Severity::Risky,
                "clients that keep cookies now send one more",
            ),
            (Some(old), Some(new)) if same(old, new, standing) => continue,
            _ => {
                let explain =
                    "the cookie has other attributes: clients send it elsewhere, or not at all";
                (Kind::Value, Severity::Risky, explain)
            }
        };
        let shown = found
            .map(|found| found.map_or(Observed::Absent, |found| Observed::text(&written(found))));
        let path = format!("set-cookie[{name}]");
        let difference = Difference::new(Where::Header, path, kind, severity, explain);
        differences.push(difference.showing(shown.old, shown.new));
    }
}

/// The cookies of an answer, without their values.
fn read(answer: &Response) -> BTreeMap<String, Attributes> {
    let mut cookies = BTreeMap::new();
    for value in answer.headers.all("set-cookie") {
        let text = String::from_utf8_lossy(value);
        let mut pieces = text.split(';');
        let pair = pieces.next().unwrap_or_default();
        let name = pair.split('=').next().unwrap_or_default().trim().to_owned();
        // When a cookie ends is as volatile as its value; that it ends is not.
        let attributes = pieces.map(parameter).filter(|(name, _)| !name.is_empty());
        let attributes = attributes.map(|(name, value)| match name.as_str() {
            "expires" | "max-age" => (name, "…".to_owned()),
            "samesite" => (name, value.to_ascii_lowercase()),
            _ => (name, value),
        });
        cookies.insert(name, attributes.collect());
    }
    cookies
}

fn same(old: &Attributes, new: &Attributes, standing: &Standing) -> bool {
    use crate::compare::Relation::Same;
    old.len() == new.len()
        && old.iter().all(|(name, value)| {
            new.get(name).is_some_and(|other| {
                standing.relation(Pair::new(value, other), "header:set-cookie") == Same
            })
        })
}

fn written(attributes: &Attributes) -> String {
    let pieces: Vec<String> = attributes
        .iter()
        .map(|(name, value)| {
            if value.is_empty() {
                name.clone()
            } else {
                format!("{name}={value}")
            }
        })
        .collect();
    pieces.join("; ")
}
