//! Suites as documents.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::body::JsonKey;
use super::multipart::MultipartDoc;
use super::namespaces::Namespaces;
use super::rows::Rows;
use super::samples::Samples;
use super::with::WithDoc;
use crate::compare::RulesDoc;
use crate::config::{Grant, TimeSpan, VarDoc};
use crate::judge::{AcceptDoc, ExpectDoc};
use crate::locator::Locator;
use crate::probe::ProbeName;
use crate::request_line::RequestLine;
use crate::source::{Cx, Decode, Entries, Node, OneOrMany, Spanned, Value, document};
use crate::template::Template;

/// `skip: true`, or the reason in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Skip(pub Option<String>);

impl Decode for Skip {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match &node.value {
            Value::Bool(false) | Value::Null => Some(Self(None)),
            Value::Bool(true) => Some(Self(Some(String::new()))),
            Value::Text(reason) => Some(Self(Some(reason.clone()))),
            _ => cx.expected(node, "true, or the reason in words"),
        }
    }
}

impl JsonSchema for Skip {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Skip".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["boolean", "string", "null"] })
    }
}

document! {
    /// Asking again until an answer is as wanted.
    pub struct PollDoc is "a poll" {
        /// What the answer must be; both sides are asked until theirs is.
        required until: Spanned<ExpectDoc>,
        /// The pause between two requests, 1ms at least; 1s if not given.
        optional every: Option<Spanned<TimeSpan>>,
        /// The time after which the last answer is taken; 30s if not given.
        optional r#for: Option<TimeSpan>,
    }
}

document! {
    /// What is other on one side of a case.
    pub struct SideDoc is "a side of a case" {
        /// Method and path.
        optional request: Option<Spanned<RequestLine>>,
        /// Headers, merged by name; null takes one away.
        optional headers: Entries<Option<Template>>,
        /// A JSON body.
        optional json: JsonKey,
        /// A form.
        optional form: Option<Entries<Template>>,
        /// An XML body.
        optional xml: Option<Template>,
        /// A text body.
        optional text: Option<Template>,
        /// A file to send.
        optional file: Option<Spanned<String>>,
        /// Fields and files of multipart/form-data, by name.
        optional multipart: Option<Box<MultipartDoc>>,
        /// The credential.
        optional token: Option<Spanned<String>>,
        /// The API.
        optional api: Option<Spanned<String>>,
    }
}

document! {
    // What few cases have stands in a box: a suite may have a hundred thousand cases.
    /// One thing that is done on both sides.
    pub struct CaseDoc is "a case" {
        /// Its name, used in every report; unique in its file.
        required name: Spanned<String>,
        /// Method and path: GET /orders.
        optional request: Option<Spanned<RequestLine>>,
        /// A token grant, compared by its contract.
        optional grant: Option<Spanned<Grant>>,
        /// A probe: what neither an answer nor a token tells by itself.
        optional probe: Option<Spanned<ProbeName>>,
        /// The settings of the probe.
        optional with: Option<Box<WithDoc>>,
        /// Words to select it by.
        optional tags: Vec<String>,
        /// Do not run it: true, or why.
        optional skip: Skip,
        /// Cases of this file that must have delivered before.
        optional needs: OneOrMany<Spanned<String>>,
        /// A table: one case for each row.
        optional rows: Option<Spanned<Rows>>,
        /// The API; its base path comes from the pair file.
        optional api: Option<Spanned<String>>,
        /// The credential; `none` sends none.
        optional token: Option<Spanned<String>>,
        /// Headers, merged by name; null takes one away.
        optional headers: Entries<Option<Template>>,
        /// A JSON body.
        optional json: JsonKey,
        /// A form.
        optional form: Option<Entries<Template>>,
        /// An XML body.
        optional xml: Option<Template>,
        /// A text body.
        optional text: Option<Template>,
        /// A file to send.
        optional file: Option<Spanned<String>>,
        /// Fields and files of multipart/form-data, by name.
        optional multipart: Option<Box<MultipartDoc>>,
        /// What each side must answer.
        optional expect: Option<Box<ExpectDoc>>,
        /// Differences that are meant.
        optional accept: Vec<AcceptDoc>,
        /// How answers are compared.
        optional compare: Option<Box<RulesDoc>>,
        /// Values of the answer that later cases use.
        optional capture: Entries<Spanned<Locator>>,
        /// Ask again until the answer is as wanted.
        optional poll: Option<Box<PollDoc>>,
        /// The time for one exchange.
        optional timeout: Option<Spanned<TimeSpan>>,
        /// How often each side is asked, to learn what varies; safe requests only.
        optional samples: Option<Spanned<Samples>>,
        /// Not a write, whatever its method.
        optional safe: bool,
        /// What is other on the old side.
        optional old: Option<Box<SideDoc>>,
        /// What is other on the new side.
        optional new: Option<Box<SideDoc>>,
    }
}

document! {
    /// A suite: cases that belong together.
    pub struct SuiteDoc is "a suite" {
        // Stands first: all that is read after it knows the prefixes.
        /// Prefixes for paths in XML, each with its namespace.
        optional namespaces: Namespaces,
        /// Its name, used in every report.
        required name: Spanned<String>,
        /// The feature that it speaks for.
        optional feature: Option<Spanned<String>>,
        /// The API of its cases.
        optional api: Option<Spanned<String>>,
        /// The credential of its cases; `none` sends none.
        optional token: Option<Spanned<String>>,
        /// Words to select its cases by.
        optional tags: Vec<String>,
        /// Variables; null must be given from outside.
        optional vars: Entries<VarDoc>,
        /// Headers of every request.
        optional headers: Entries<Option<Template>>,
        /// How answers are compared.
        optional compare: Option<RulesDoc>,
        /// Differences that are meant.
        optional accept: Vec<AcceptDoc>,
        /// What else must not be shown, in the whole run.
        optional redact: Vec<Locator>,
        /// The time for one exchange.
        optional timeout: Option<Spanned<TimeSpan>>,
        /// How often each side is asked, to learn what varies; safe requests only.
        optional samples: Option<Spanned<Samples>>,
        /// The cases, in the order in which chains run.
        required cases: Vec<CaseDoc>,
        /// Cases that run after all others, whatever became of those.
        optional cleanup: Vec<CaseDoc>,
    }
}
