//! One `accept` item as it is written, and what makes it sound.

use std::borrow::Cow;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::body_path::body_path;
use crate::results::{Kind, Where};
use crate::source::{Cx, Decode, Diagnostic, Node, Span, Spanned, document};
use crate::template::Scalar;
use crate::xml::XPath;

document! {
    /// One `accept` item as it is written.
    pub struct ItemDoc is "an accept item" {
        /// A documented change between the platforms: `PLATFORM/ID`.
        optional known: Option<Spanned<String>>,
        /// The part of the answer.
        optional r#where: Option<Spanned<String>>,
        /// The place in it.
        optional path: Option<Spanned<String>>,
        /// What sort of difference.
        optional kind: Option<Spanned<String>>,
        /// The value of the old side.
        optional old: Stated,
        /// The value of the new side.
        optional new: Stated,
        /// Why this is meant.
        optional because: Option<Spanned<String>>,
        /// The last day (ISO 8601) on which it holds.
        optional until: Option<Day>,
    }
}

/// One `accept` item, found sound.
#[derive(Debug, Clone)]
pub struct AcceptDoc {
    pub(super) what: What,
    pub(super) because: String,
    pub(super) until: Option<Date>,
    pub(super) span: Span,
}

/// What an item accepts.
#[derive(Debug, Clone)]
pub(super) enum What {
    Known(Spanned<String>),
    Place {
        r#where: Where,
        path: Option<String>,
        kind: Option<Kind>,
        old: Option<Scalar>,
        new: Option<Scalar>,
    },
}

impl Decode for AcceptDoc {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let doc = ItemDoc::decode(node, cx)?;
        let span = node.span;
        let until = doc.until.map(|day| day.0);
        if let Some(known) = &doc.known {
            return Self::known(&doc, known, until, span, cx);
        }
        let Some(place) = &doc.r#where else {
            return cx.report(
                Diagnostic::error(cx.source, span, "an accept item needs `known` or `where`")
                    .help("write { known: PLATFORM/ID }, or { where: body, path: \"$.a\", because: \"…\" }"),
            );
        };
        let because = match &doc.because {
            Some(because) if !because.trim().is_empty() => Some(because.value.clone()),
            _ => cx.report(
                Diagnostic::error(cx.source, span, "an accept item needs `because`")
                    .label("no reason is given")
                    .help("say why a consumer may see this: because: \"unused since 2021\""),
            ),
        };
        let what = Self::place(&doc, place, span, cx);
        Some(Self {
            what: what?,
            because: because?,
            until,
            span,
        })
    }
}

impl AcceptDoc {
    fn known(
        doc: &ItemDoc,
        known: &Spanned<String>,
        until: Option<Date>,
        span: Span,
        cx: &mut Cx<'_>,
    ) -> Option<Self> {
        let more = [&doc.r#where, &doc.path, &doc.kind];
        if let Some(extra) = more.into_iter().flatten().next() {
            let message = "`known` accepts the whole change that it names";
            return cx.error(extra.span, message, "take this away");
        }
        let because = doc.because.as_ref().map(|because| because.value.clone());
        Some(Self {
            what: What::Known(known.clone()),
            because: because.unwrap_or_default(),
            until,
            span,
        })
    }

    fn place(doc: &ItemDoc, place: &Spanned<String>, span: Span, cx: &mut Cx<'_>) -> Option<What> {
        let words = PLACES.map(Where::word);
        let Some(r#where) = PLACES.into_iter().find(|w| w.word() == place.value) else {
            return cx.unknown(place.span, "place", &place.value, &words);
        };
        let kind = match &doc.kind {
            None => None,
            Some(word) => Some(named_kind(word, cx)?),
        };
        let mut path = doc.path.as_ref().map(|path| path.value.clone());
        if let (Where::Body, Some(written)) = (r#where, &doc.path)
            && !whole(written)
        {
            path = Some(body_path(written, cx)?);
        }
        if r#where == Where::Status {
            if [&doc.old, &doc.new].into_iter().any(Stated::says_nothing) {
                return cx.report(
                    Diagnostic::error(cx.source, span, "accepting a status needs `old` and `new`")
                        .help("name both: { where: status, old: 405, new: 404, because: \"…\" }"),
                );
            }
        } else if r#where == Where::Token
            && kind == Some(Kind::Evicted)
            && path.as_deref().is_none_or(str::is_empty)
        {
            // This one is of the token as a whole, and a report shows no path of it.
            path = Some(String::new());
        } else if path.as_deref().is_none_or(whole) {
            let at = doc.path.as_ref().map_or(span, |path| path.span);
            let message = format!("this would accept every difference of the {}", place.value);
            return cx.report(Diagnostic::error(cx.source, at, message).help(
                "name the place that the report shows: path: \"$.legacy\", path: x-request-id",
            ));
        }
        if r#where == Where::Body
            && let Some(path) = &doc.path
        {
            sound_xpath(path, cx)?;
        }
        Some(What::Place {
            r#where,
            path,
            kind,
            old: doc.old.0.clone(),
            new: doc.new.0.clone(),
        })
    }
}

/// Refuses an XPath that names no place as a report does.
fn sound_xpath(path: &Spanned<String>, cx: &mut Cx<'_>) -> Option<()> {
    if !path.value.starts_with('/') {
        return Some(());
    }
    let (message, help) = match XPath::read(&path.value.replace("[*]", ""), &cx.prefixes) {
        Ok(xpath) if xpath.has_prefix() => (
            format!("`{}` is not as a report shows a place", path.value),
            "reports show local names: leave the prefixes out".to_owned(),
        ),
        Ok(xpath) if xpath.is_plain() => return Some(()),
        Ok(_) => (
            format!("`{}` would accept more than the place that a report shows", path.value),
            "write names and positions only: /order/line[2]/price, or /order/line/price for every line".to_owned(),
        ),
        Err(error) => (error.message, error.help),
    };
    cx.report(Diagnostic::error(cx.source, path.span, message).help(help))
}

/// The kind of a word.
fn named_kind(word: &Spanned<String>, cx: &mut Cx<'_>) -> Option<Kind> {
    let found = Kind::ALL.iter().find(|kind| kind.word() == word.value);
    if found.is_none() {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        return cx.unknown(word.span, "kind", &word.value, &known);
    }
    found.copied()
}

/// The places that an item can name.
const PLACES: [Where; 7] = [
    Where::Status,
    Where::Header,
    Where::Body,
    Where::Token,
    Where::Transport,
    Where::Tls,
    Where::Client,
];

/// Whether a path names everything.
fn whole(path: &str) -> bool {
    matches!(
        path.trim(),
        "" | "$" | "$.*" | "$..*" | "$[*]" | "$..[*]" | "*" | "/" | "/*" | "//*"
    )
}

impl JsonSchema for AcceptDoc {
    fn schema_name() -> Cow<'static, str> {
        "AcceptDoc".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = ItemDoc::json_schema(generator);
        let mut properties = item.get("properties").cloned().unwrap_or_default();
        let words = Kind::ALL.iter().map(|kind| Some(kind.word()));
        let kinds: Vec<Option<&str>> = words.chain([None]).collect();
        properties["where"]["enum"] = PLACES.map(Where::word).to_vec().into();
        properties["kind"]["enum"] = kinds.into();
        let there = json_schema!({ "not": { "type": "null" } });
        json_schema!({
            "description": "A difference that is meant: a known change, or a place with its reason",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "oneOf": [
                { "required": ["known"], "properties": { "known": there } },
                {
                    "required": ["where", "because", "old", "new"],
                    "properties": {
                        "where": { "const": "status" },
                        "because": there, "old": there, "new": there
                    }
                },
                {
                    "required": ["where", "because", "path"],
                    "properties": {
                        "where": { "not": { "enum": ["status", "body", null] } },
                        "because": there, "path": { "type": "string", "minLength": 1 }
                    }
                },
                {
                    "required": ["where", "because", "kind"],
                    "properties": {
                        "where": { "const": "token" },
                        "kind": { "const": "evicted" },
                        "because": there,
                        "path": { "enum": ["", null] }
                    }
                },
                {
                    "required": ["where", "because", "path"],
                    "properties": {
                        "where": { "const": "body" },
                        "because": there,
                        "path": {
                            "type": "string",
                            "pattern": "^\\s*(\\$|/|form:.|line [0-9]+\\s*$|offset [0-9]+\\s*$)"
                        }
                    }
                }
            ]
        })
    }
}

/// A value of an item, if it names one: `null` is JSON's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated(Option<Scalar>);

impl Stated {
    /// Whether it names no value that a status can have.
    fn says_nothing(&self) -> bool {
        self.0
            .as_ref()
            .is_none_or(|value| value.as_text() == "null")
    }
}

impl Decode for Stated {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        Scalar::decode(node, cx).map(|value| Self(Some(value)))
    }
}

impl JsonSchema for Stated {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Stated".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean", "null"] })
    }
}

/// A day, ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub Date);

impl Decode for Day {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let text = String::decode(node, cx)?;
        match text.parse() {
            Ok(date) => Some(Self(date)),
            Err(_) => cx.report(
                Diagnostic::error(cx.source, node.span, format!("`{text}` is not a date"))
                    .help("write year-month-day: 2027-01-31"),
            ),
        }
    }
}

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        })
    }
}
