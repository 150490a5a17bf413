//! A platform data file as it is written.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::fault::{Dialect, Meaning, Syntax};
use super::known::{Cover, KnownChange, Shape, SideMatch};
use super::statement::{Documents, Saying, Statement};
use crate::pair::Pair;
use crate::regexp::Regexp;
use crate::source::{Cx, Decode, Entries, Node, OneOrMany, Spanned, document};

document! {
    /// What is particular to a gateway product.
    pub struct PlatformDoc is "a platform" {
        /// The name that a pair file gives.
        required platform: String,
        /// The name for people.
        optional title: Option<String>,
        /// The shape of its tokens: `opaque` or `jwt`.
        optional token: Option<Shape>,
        /// The length of its longest access token in characters, as its documents say.
        optional longest_token: Option<u32>,
        /// Headers that the gateway adds for itself; a trailing `*` covers every name that starts so.
        optional identity: Vec<String>,
        /// How its faults read, most particular first.
        optional faults: Vec<DialectDoc>,
        /// What it does otherwise than another platform, most particular first.
        optional known: Vec<KnownDoc>,
        /// Where its documents contradict each other.
        optional statements: Vec<StatementDoc>,
    }
}

document! {
    /// A feature of which documents of different dates say different things.
    pub struct StatementDoc is "a statement" {
        /// The feature.
        required feature: String,
        /// What they say, the oldest first.
        required says: Vec<SayingDoc>,
    }
}

document! {
    /// What one document says.
    pub struct SayingDoc is "a saying" {
        /// When it said so: a year, or a year and a month.
        required date: String,
        /// What it says.
        required text: String,
        /// Where.
        required source: String,
    }
}

impl StatementDoc {
    pub(super) fn build(self) -> Statement {
        let says = self.says.into_iter().map(|saying| Saying {
            date: saying.date,
            text: saying.text,
            source: saying.source,
        });
        Statement {
            feature: self.feature,
            says: says.collect(),
        }
    }
}

document! {
    /// A syntax in which the gateway writes its faults.
    pub struct DialectDoc is "a fault dialect" {
        /// A name for reports.
        required name: String,
        /// `xml` or `json`.
        required syntax: Spanned<String>,
        /// JSON: the member that holds the fault, if it is wrapped.
        optional wrapper: Option<String>,
        /// XML: how the namespace of the root element starts.
        optional namespace: Option<String>,
        /// The name of the member or element with the code.
        required code: String,
        /// The name of the one with the message.
        required message: String,
        /// The name of the one with the description.
        optional description: Option<String>,
        /// What the codes mean.
        required codes: Entries<CodeDoc>,
    }
}

/// The meaning of a code.
#[derive(Debug, Clone, Copy)]
pub struct CodeDoc(pub Meaning);

impl Decode for CodeDoc {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let word = String::decode(node, cx)?;
        match Meaning::of(&word) {
            Some(meaning) => Some(Self(meaning)),
            None => cx.unknown(node.span, "meaning", &word, Meaning::WORDS),
        }
    }
}

impl JsonSchema for CodeDoc {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Meaning".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Meaning::WORDS })
    }
}

impl DialectDoc {
    pub(super) fn build(self, cx: &mut Cx<'_>) -> Option<Dialect> {
        let syntax = match self.syntax.value.as_str() {
            "xml" => Syntax::Xml,
            "json" => Syntax::Json,
            word => return cx.unknown(self.syntax.span, "syntax", word, &["xml", "json"]),
        };
        let codes = self
            .codes
            .iter()
            .map(|(code, CodeDoc(meaning))| (code.value.clone(), *meaning));
        Some(Dialect {
            name: self.name,
            syntax,
            wrapper: self.wrapper,
            namespace: self.namespace,
            code: self.code,
            message: self.message,
            description: self.description,
            codes: codes.collect(),
        })
    }
}

document! {
    /// A documented difference from another platform.
    pub struct KnownDoc is "a known change" {
        /// Its name below the platform's.
        required id: String,
        /// The platforms that it is a change from.
        required from: OneOrMany<String>,
        /// What changes, in a line.
        required description: String,
        /// What the old side's answer must be for this change to be it.
        optional old: Option<SideDoc>,
        /// What the new side's answer must be.
        optional new: Option<SideDoc>,
        /// The places that it explains: `status`, `body`, `header:NAME`, `token:PATH`; a trailing `*`
        /// covers what starts so.
        required covers: Vec<Spanned<String>>,
        /// The document that says so, where those of different dates differ: `page` or `latest`.
        optional said_by: Option<Documents>,
        /// The grants that it is about, as a suite writes them; none: any, and what is no token case.
        optional grants: Vec<String>,
        /// What a client feels.
        required explain: String,
        /// What to do about it.
        required advice: String,
        /// Where this is documented.
        required source: String,
    }
}

document! {
    /// What an answer must be for a known change.
    pub struct SideDoc is "the conditions of a side" {
        /// The path of the request as it was sent, base path and all: a regular expression.
        optional path: Option<Regexp>,
        /// One of these status codes.
        optional status: Option<OneOrMany<u16>>,
        /// A fault of one of these meanings.
        optional meaning: Option<OneOrMany<CodeDoc>>,
        /// A fault with one of these codes.
        optional code: Option<OneOrMany<String>>,
        /// A fault in this syntax.
        optional syntax: Option<String>,
        /// Headers by name: a regular expression, or null for absent.
        optional headers: Entries<Option<Regexp>>,
        /// The value of the difference itself: a regular expression.
        optional value: Option<Regexp>,
        /// The values of differences at some paths, by path: regular expressions.
        optional values: Entries<Regexp>,
        /// A refusal of a token endpoint with one of these (`error` of RFC 6749 section 5.2).
        optional error: Option<OneOrMany<String>>,
    }
}

impl SideDoc {
    fn build(self) -> SideMatch {
        let headers = self.headers.0.into_iter();
        SideMatch {
            path: self.path.map(|regex| regex.0),
            status: self.status.map(|list| list.0).unwrap_or_default(),
            meaning: self
                .meaning
                .map_or_else(Vec::new, |list| list.0.iter().map(|m| m.0).collect()),
            code: self.code.map(|list| list.0).unwrap_or_default(),
            syntax: self.syntax.and_then(|word| Syntax::of(&word)),
            headers: headers
                .map(|(name, value)| (name.value.clone(), value.map(|r| r.0)))
                .collect(),
            value: self.value.map(|regex| regex.0),
            values: self
                .values
                .0
                .into_iter()
                .map(|(path, regex)| (path.value, regex.0))
                .collect(),
            error: self.error.map(|list| list.0).unwrap_or_default(),
        }
    }
}

impl KnownDoc {
    pub(super) fn build(self, platform: &str, cx: &mut Cx<'_>) -> Option<KnownChange> {
        let covers = self
            .covers
            .iter()
            .map(|text| match Cover::parse(&text.value) {
                Some(cover) => Some(cover),
                None => cx.error(
                    text.span,
                    format!("`{}` is nothing that a known change covers", text.value),
                    "write status, body, header:NAME or token:PATH",
                ),
            });
        let covers: Vec<Option<Cover>> = covers.collect();
        let side = |doc: Option<SideDoc>| doc.map(SideDoc::build).unwrap_or_default();
        Some(KnownChange {
            platform: platform.to_owned(),
            id: self.id,
            from: self.from.0,
            description: self.description,
            when: Pair::new(side(self.old), side(self.new)),
            covers: covers.into_iter().collect::<Option<_>>()?,
            explain: self.explain,
            advice: self.advice,
            source: self.source,
            said_by: self.said_by,
            grants: self.grants,
        })
    }
}
