//! The parts of two values of one header that differ.

use std::collections::BTreeMap;

use super::cors::Cors;
use super::syntax::{challenges, links, parameter, split};
use super::weight::Weight;
use super::{content, lists, rate_limit};
use crate::compare::{Relation, Standing, time, words};
use crate::pair::Pair;
use crate::results::{Kind, Severity};

/// A difference of a header, or of a part of it.
#[derive(Debug)]
pub(super) struct Part {
    /// The part, for the brackets of the path.
    pub(super) name: Option<String>,
    pub(super) kind: Kind,
    pub(super) severity: Severity,
    pub(super) values: Pair<Option<String>>,
    pub(super) explain: String,
}

impl Part {
    pub(super) fn whole(
        kind: Kind,
        severity: Severity,
        texts: Pair<&str>,
        explain: impl Into<String>,
    ) -> Self {
        let values = texts.map(|text| Some(text.to_owned()));
        Self {
            name: None,
            kind,
            severity,
            values,
            explain: explain.into(),
        }
    }
}

pub(super) type Named = BTreeMap<String, String>;

/// What differs between two values of a header, by its grammar.
pub(super) fn differing(
    name: &str,
    texts: Pair<&str>,
    cors: Cors,
    standing: &Standing,
) -> Vec<Part> {
    match name {
        "content-type" => content::media_type(texts),
        "content-disposition" => content::disposition(texts),
        "strict-transport-security" => by_name(
            &texts.map(|text| named(text, ';')),
            |_| Severity::Risky,
            "browsers keep to https for another time, or on other hosts",
        ),
        "cache-control" => by_name(
            &texts.map(|text| named(text, ',')),
            |_| Severity::Risky,
            "clients and caches keep the answer for another time",
        ),
        "www-authenticate" | "proxy-authenticate" => challenge(texts),
        "link" => link(texts, standing),
        "location" | "content-location" => reference(texts, standing),
        "etag" => etag(texts),
        "retry-after" => retry_after(texts),
        "vary"
        | "allow"
        | "access-control-allow-methods"
        | "access-control-allow-headers"
        | "access-control-expose-headers"
        | "accept-patch"
        | "accept-post"
        | "accept-ranges"
        | "content-language" => lists::set(name, texts, cors),
        "access-control-allow-origin" => cors.origin(texts, standing),
        _ if rate_limit::is_one(name) => rate_limit::differing(name, texts),
        _ => plain(name, texts, standing),
    }
}

fn plain(name: &str, texts: Pair<&str>, standing: &Standing) -> Vec<Part> {
    let place = format!("header:{name}");
    match standing.relation(texts, &place) {
        Relation::Same => Vec::new(),
        Relation::Broken => {
            vec![Part::whole(
                Kind::BrokenReference,
                Severity::Breaking,
                texts,
                words::BROKEN,
            )]
        }
        Relation::Different if words::same_time(texts) => vec![Part::whole(
            Kind::Format,
            Severity::Risky,
            texts,
            words::SAME_TIME,
        )],
        Relation::Different => {
            let severity = Weight::of(name, None).changed;
            vec![Part::whole(
                Kind::Value,
                severity,
                texts,
                words::value(texts, false),
            )]
        }
    }
}

/// Directives or parameters by lower-case name.
pub(super) fn named(text: &str, separator: char) -> Named {
    split(text, separator).into_iter().map(parameter).collect()
}

/// Named parts: lost, added, changed.
pub(super) fn by_name(
    named: &Pair<Named>,
    severity: impl Fn(&str) -> Severity,
    effect: &str,
) -> Vec<Part> {
    let mut parts: Vec<&String> = named.old.keys().chain(named.new.keys()).collect();
    parts.sort_unstable();
    parts.dedup();
    let part = |name: &String| {
        let values = Pair::new(named.old.get(name), named.new.get(name));
        let (kind, what) = match (values.old, values.new) {
            (Some(_), None) => (Kind::Removed, "is gone"),
            (None, Some(_)) => (Kind::Added, "is new"),
            (old, new) if old == new => return None,
            _ => (Kind::Value, "changed"),
        };
        Some(Part {
            name: Some(name.clone()),
            kind,
            severity: severity(name),
            values: values.map(Option::<&String>::cloned),
            explain: format!("`{name}` {what}: {effect}"),
        })
    };
    parts.into_iter().filter_map(part).collect()
}

/// Challenges: the scheme decides how a client authenticates, `error` whether it renews its token.
fn challenge(texts: Pair<&str>) -> Vec<Part> {
    let lists = texts.map(challenges);
    let schemes = lists.as_ref().map(|list| {
        let mut names: Vec<&str> = list
            .iter()
            .map(|challenge| challenge.scheme.as_str())
            .collect();
        names.sort_unstable();
        names.join(", ")
    });
    let mut parts = Vec::new();
    if schemes.old != schemes.new {
        parts.push(Part {
            name: Some("scheme".to_owned()),
            kind: Kind::Value,
            severity: Severity::Breaking,
            values: schemes.map(Some),
            explain: "another authentication scheme: clients that look for the old one do not answer the challenge".to_owned(),
        });
    }
    let named = lists.map(|list| {
        let all = list.into_iter().flat_map(|challenge| challenge.parameters);
        all.collect::<Named>()
    });
    let severity = |name: &str| match name {
        "error_description" | "error_uri" => Severity::Cosmetic,
        "realm" => Severity::Risky,
        _ => Severity::Breaking,
    };
    parts.extend(by_name(
        &named,
        severity,
        "clients that recognise the challenge by it do not renew their token",
    ));
    parts
}

fn link(texts: Pair<&str>, standing: &Standing) -> Vec<Part> {
    let named = texts.map(|text| links(text).into_iter().collect::<Named>());
    let differing = by_name(
        &named,
        |_| Severity::Breaking,
        "clients that follow it go elsewhere, or stop",
    );
    let related = |mut part: Part| {
        let texts = part.values.as_ref().map(Option::as_deref).transpose();
        match texts.map(|texts| same_reference(texts, standing)) {
            Some(Relation::Same) => None,
            Some(Relation::Broken) => {
                part.kind = Kind::BrokenReference;
                words::BROKEN.clone_into(&mut part.explain);
                Some(part)
            }
            Some(Relation::Different) | None => Some(part),
        }
    };
    differing.into_iter().filter_map(related).collect()
}

fn same_reference(texts: Pair<&str>, standing: &Standing) -> Relation {
    let absolute = texts.map_sides(|side, text| standing.absolute(side, text));
    standing.relation(absolute.as_ref().map(String::as_str), "header:location")
}

/// A URI reference: relative and absolute forms of one URI are one (RFC 9110 section 10.2.2).
fn reference(texts: Pair<&str>, standing: &Standing) -> Vec<Part> {
    let relative = texts.map(|text| text.starts_with('/'));
    match same_reference(texts, standing) {
        Relation::Same if relative.old == relative.new => Vec::new(),
        Relation::Same => {
            let explain =
                "the same place, written relative on one side: clients that do not resolve it fail";
            vec![Part::whole(Kind::Format, Severity::Risky, texts, explain)]
        }
        Relation::Broken => vec![Part::whole(
            Kind::BrokenReference,
            Severity::Breaking,
            texts,
            words::BROKEN,
        )],
        Relation::Different => {
            let mut explain = "clients that follow it go elsewhere".to_owned();
            if standing.differ_in_short_ids(texts) {
                explain = format!("{explain}; {}", words::SHORT_ID);
            }
            vec![Part::whole(Kind::Value, Severity::Breaking, texts, explain)]
        }
    }
}

/// Strength and tag (RFC 9110 section 8.8.3).
fn etag(texts: Pair<&str>) -> Vec<Part> {
    let tags = texts.map(|text| text.trim_start_matches("W/"));
    let part = if tags.old == tags.new {
        let explain =
            "the tag is as strong on one side only: clients that write with If-Match are refused";
        Part::whole(Kind::Format, Severity::Risky, texts, explain)
    } else {
        let explain = "another tag for the same state: clients fetch again, and writes with If-Match are refused";
        Part::whole(Kind::Value, Severity::Breaking, texts, explain)
    };
    vec![part]
}

/// Seconds or a date (RFC 9110 section 10.2.3); how long differs between any two answers.
fn retry_after(texts: Pair<&str>) -> Vec<Part> {
    let seconds = texts.map(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()));
    if seconds.old == seconds.new {
        let explain = "another time to wait, which runs down from answer to answer";
        return vec![Part::whole(Kind::Value, Severity::Cosmetic, texts, explain)];
    }
    let explain = "a number of seconds on one side, a date on the other: clients that read one form only fail";
    vec![Part::whole(Kind::Format, Severity::Risky, texts, explain)]
}

/// A moment of expiry, against the moment of each answer, where that is known. What is no date has
/// passed (RFC 9111 section 5.3); when it will differs between any two answers.
pub(super) fn expires(texts: Pair<&str>, dates: Pair<Option<i64>>) -> Vec<Part> {
    let ends = texts.map(time::http_date);
    let passed = Pair::of(|side| match (ends[side], dates[side]) {
        (Some(end), date) => end <= date.unwrap_or_default(),
        (None, _) => true,
    });
    if passed.old != passed.new {
        let explain =
            "the answer has expired on one side only: clients and caches keep it for another time";
        return vec![Part::whole(Kind::Value, Severity::Risky, texts, explain)];
    }
    if ends.old.is_some() == ends.new.is_some() {
        return Vec::new();
    }
    let explain = "a date on one side only; both say that the answer has expired already";
    vec![Part::whole(
        Kind::Format,
        Severity::Cosmetic,
        texts,
        explain,
    )]
}
