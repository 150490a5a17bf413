//! `accept`: the suite's statement that a difference is meant, with its reason.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::compare::RuleId;
use crate::platform::{Platform, known_change};
use crate::results::{AcceptedBy, Difference, Kind, Observed, Where};
use crate::source::{
    Cx, Decode, Diagnostic, Document, Node, Source, Span, Spanned, Value, document,
};

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
        optional old: Option<Scalar>,
        /// The value of the new side.
        optional new: Option<Scalar>,
        /// Why this is meant.
        optional because: Option<Spanned<String>>,
        /// The last day (ISO 8601) on which it holds.
        optional until: Option<Day>,
    }
}

/// One `accept` item, found sound.
#[derive(Debug, Clone)]
pub struct AcceptDoc {
    what: What,
    because: String,
    until: Option<Date>,
    span: Span,
}

/// What an item accepts.
#[derive(Debug, Clone)]
enum What {
    Known(Spanned<String>),
    Place {
        r#where: Where,
        path: Option<String>,
        kind: Option<Kind>,
        old: Option<String>,
        new: Option<String>,
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
            Some(word) => match Kind::ALL.iter().find(|kind| kind.word() == word.value) {
                Some(kind) => Some(*kind),
                None => {
                    let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
                    return cx.unknown(word.span, "kind", &word.value, &known);
                }
            },
        };
        let path = doc.path.as_ref().map(|path| path.value.clone());
        if r#where == Where::Status {
            if doc.old.is_none() || doc.new.is_none() {
                return cx.report(
                    Diagnostic::error(cx.source, span, "accepting a status needs `old` and `new`")
                        .help("name both: { where: status, old: 405, new: 404, because: \"…\" }"),
                );
            }
        } else if path.as_deref().is_none_or(whole) {
            let at = doc.path.as_ref().map_or(span, |path| path.span);
            let message = format!("this would accept every difference of the {}", place.value);
            return cx.report(Diagnostic::error(cx.source, at, message).help(
                "name the place that the report shows: path: \"$.legacy\", path: x-request-id",
            ));
        }
        Some(What::Place {
            r#where,
            path,
            kind,
            old: doc.old.as_ref().map(|value| value.0.clone()),
            new: doc.new.as_ref().map(|value| value.0.clone()),
        })
    }
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
        let properties = item.get("properties").cloned().unwrap_or_default();
        debug_assert_eq!(ItemDoc::REQUIRED.len(), 0);
        json_schema!({
            "description": "A difference that is meant: a known change, or a place with its reason",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "oneOf": [ { "required": ["known"] }, { "required": ["where", "because"] } ]
        })
    }
}

/// A scalar as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar(pub String);

impl Decode for Scalar {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(text) | Value::Number(text) => Some(Self(text.clone())),
            Value::Bool(value) => Some(Self(value.to_string())),
            _ => cx.expected(node, "a text, a number or a boolean"),
        }
    }
}

impl JsonSchema for Scalar {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
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
        json_schema!({ "type": "string", "format": "date" })
    }
}

/// One `accept` item with its identity.
#[derive(Debug, Clone)]
pub struct Accept {
    /// Which one it is.
    pub id: RuleId,
    /// The last day on which it holds; `check` warns when that is near.
    pub until: Option<Date>,
    what: What,
    because: String,
}

/// The `accept` items that hold for a case.
#[derive(Debug, Clone, Default)]
pub struct Accepts {
    list: Vec<Accept>,
}

impl Accepts {
    /// Takes the items of a file, and reports every known change that no platform has: neither a
    /// shipped one nor one of `platforms`.
    pub fn new<'a>(
        docs: &[AcceptDoc],
        platforms: impl IntoIterator<Item = &'a Platform> + Clone,
        cx: &mut Cx<'_>,
    ) -> Self {
        for doc in docs {
            if let What::Known(name) = &doc.what
                && let Err(near) = known_change(name, platforms.clone())
            {
                let message = format!("unknown known change `{}`", name.value);
                let diagnostic = Diagnostic::error(cx.source, name.span, message);
                cx.diagnostics.push(match near {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic
                        .help("a report names the known change of a difference: PLATFORM/ID"),
                });
            }
        }
        let list = docs.iter().map(|doc| Accept::new(doc, cx.source)).collect();
        Self { list }
    }

    /// These items and `more`: a case adds to its suite, a suite to its pair file.
    #[must_use]
    pub fn merge(&self, more: &Self) -> Self {
        let list = self.list.iter().chain(&more.list).cloned().collect();
        Self { list }
    }

    /// Every item, in the order written.
    pub fn iter(&self) -> impl Iterator<Item = &Accept> {
        self.list.iter()
    }
}

impl Accept {
    fn new(doc: &AcceptDoc, source: &Arc<Source>) -> Self {
        let text = match &doc.what {
            What::Known(name) => format!("known:{}", name.value),
            What::Place {
                r#where,
                path,
                kind,
                old,
                new,
            } => {
                let mut text = r#where.word().to_owned();
                if let Some(path) = path {
                    text = format!("{text} {path}");
                }
                if let Some(kind) = kind {
                    text = format!("{text} {kind}");
                }
                match (old, new) {
                    (Some(old), Some(new)) => format!("{text} {old} to {new}"),
                    _ => text,
                }
            }
        };
        Self {
            id: RuleId {
                file: source.name.clone(),
                line: source.line(doc.span.start),
                text,
            },
            until: doc.until,
            what: doc.what.clone(),
            because: doc.because.clone(),
        }
    }

    /// Whether it is about this difference.
    fn fits(&self, difference: &Difference) -> bool {
        match &self.what {
            What::Known(name) => difference.known.as_deref() == Some(name.value.as_str()),
            What::Place {
                r#where,
                path,
                kind,
                old,
                new,
            } => {
                difference.r#where == *r#where
                    && difference.kind != Kind::Expectation
                    && path
                        .as_deref()
                        .is_none_or(|path| same_place(*r#where, path, difference))
                    && kind.is_none_or(|kind| kind == difference.kind)
                    && same_value(old.as_deref(), &difference.old)
                    && same_value(new.as_deref(), &difference.new)
            }
        }
    }
}

/// Whether a path of an item is the path of a difference; `[*]` stands for any index.
fn same_place(place: Where, path: &str, difference: &Difference) -> bool {
    let path = match place {
        Where::Header => Cow::Owned(path.trim_start_matches("header:").to_ascii_lowercase()),
        _ => Cow::Borrowed(path),
    };
    let found = [Some(&difference.path), difference.new_path.as_ref()];
    found
        .into_iter()
        .flatten()
        .any(|shown| matches_template(&path, shown))
}

fn matches_template(template: &str, path: &str) -> bool {
    let mut pieces = template.split("[*]");
    let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    for piece in pieces {
        let Some((index, behind)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) else {
            return false;
        };
        let Some(next) = behind.strip_prefix(piece) else {
            return false;
        };
        if index.is_empty() || !index.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        rest = next;
    }
    rest.is_empty()
}

fn same_value(wanted: Option<&str>, shown: &Observed) -> bool {
    wanted.is_none_or(|wanted| shown.display().is_some_and(|text| text == wanted))
}

/// Applies the items to differences whose `known` is already set. `today` is the date that `until`
/// is held against: an item holds through its last day. Gives the items that were about something.
pub fn accept(differences: &mut [Difference], accepts: &Accepts, today: Date) -> Vec<RuleId> {
    let mut used = Vec::new();
    for difference in differences {
        let fitting: Vec<&Accept> = accepts
            .iter()
            .filter(|accept| accept.fits(difference))
            .collect();
        used.extend(fitting.iter().map(|accept| accept.id.clone()));
        let live = |accept: &&&Accept| accept.until.is_none_or(|until| today <= until);
        if let Some(accept) = fitting.iter().find(live) {
            difference.accepted_by = Some(AcceptedBy {
                rule: accept.id.text.clone(),
                because: accept.reason(difference),
                until: accept.until.map(|date| date.to_string()),
                at: format!("{}:{}", accept.id.file, accept.id.line),
            });
        } else if let Some(until) = fitting.iter().find_map(|accept| accept.until) {
            difference.explain = format!("{} (acceptance expired on {until})", difference.explain);
        }
    }
    used
}

impl Accept {
    /// The reason given; a known change brings its own.
    fn reason(&self, difference: &Difference) -> String {
        if self.because.is_empty() {
            difference.explain.clone()
        } else {
            self.because.clone()
        }
    }
}

#[cfg(test)]
#[path = "accept_tests.rs"]
mod tests;
