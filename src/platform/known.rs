//! Documented differences between two platforms.

use std::borrow::Cow;

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::fault::{Fault, Meaning, Syntax};
use super::statement::Documents;
use super::{Platform, covers};
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Observed, TokenShape, Where};
use crate::source::{Cx, Decode, Node};

/// A documented difference of a platform from another one.
#[derive(Debug, Clone)]
pub struct KnownChange {
    /// The platform that has it.
    pub platform: String,
    /// Its name below the platform's.
    pub id: String,
    /// The platforms that it is a change from.
    pub from: Vec<String>,
    /// What changes, in a line.
    pub description: String,
    /// What a client feels.
    pub explain: String,
    /// What to do about it.
    pub advice: String,
    /// Where this is documented.
    pub source: String,
    /// The document that says so, where those of different dates differ.
    pub said_by: Option<Documents>,
    /// The grants that it is about, as `grant_type` of a case writes them; none: any, and what is no token case.
    pub(super) grants: Vec<String>,
    pub(super) when: Pair<SideMatch>,
    pub(super) covers: Vec<Cover>,
}

/// What an answer must be for a known change. Empty conditions always hold.
#[derive(Debug, Clone, Default)]
pub(super) struct SideMatch {
    pub(super) path: Option<Regex>,
    pub(super) status: Vec<u16>,
    pub(super) meaning: Vec<Meaning>,
    pub(super) code: Vec<String>,
    pub(super) syntax: Option<Syntax>,
    pub(super) headers: Vec<(String, Option<Regex>)>,
    pub(super) value: Option<Regex>,
    /// The values of differences at these paths.
    pub(super) values: Vec<(String, Regex)>,
    /// The `error` of a refusal (RFC 6749 section 5.2).
    pub(super) error: Vec<String>,
}

/// A place that a known change explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cover {
    place: Where,
    path: String,
}

impl Cover {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (place, path) = match text.split_once(':') {
            None if text == "status" => (Where::Status, "*".to_owned()),
            None if text == "body" => (Where::Body, "*".to_owned()),
            Some(("header", name)) => (Where::Header, name.to_ascii_lowercase()),
            Some(("token", path)) => (Where::Token, path.to_owned()),
            _ => return None,
        };
        Some(Self { place, path })
    }

    fn has(&self, difference: &Difference) -> bool {
        let path = difference.path.as_str();
        // A header's parts (`www-authenticate[realm]`) belong to it.
        let name = match difference.r#where {
            Where::Header => path.split('[').next().unwrap_or_default(),
            _ => path,
        };
        self.place == difference.r#where && covers(&self.path, name)
    }
}

/// The two answers that a change is looked for in, and their faults.
#[derive(Debug, Clone)]
pub(crate) struct Answers<'a> {
    pub(crate) responses: Pair<&'a Response>,
    pub(crate) faults: Pair<Option<Fault>>,
    /// What they answer.
    pub(crate) to: AnswerTo<'a>,
}

/// What two answers are to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AnswerTo<'a> {
    /// Nothing that a known change could name.
    Anything,
    /// A grant, as a suite writes it.
    Grant(&'a str),
    /// A request of each side to this path of its host.
    Paths(Pair<&'a str>),
}

impl<'a> AnswerTo<'a> {
    const fn grant(self) -> &'a str {
        match self {
            Self::Grant(grant) => grant,
            Self::Anything | Self::Paths(_) => "",
        }
    }

    fn path(self, side: Side) -> Option<&'a str> {
        match self {
            Self::Paths(paths) => Some(paths[side]),
            Self::Anything | Self::Grant(_) => None,
        }
    }
}

impl<'a> Answers<'a> {
    /// Reads both answers as faults, each in its own platform's dialects.
    pub(crate) fn read(
        responses: Pair<&'a Response>,
        to: AnswerTo<'a>,
        platforms: Pair<&Platform>,
    ) -> Self {
        let faults = responses.zip(platforms);
        let faults = faults.map(|(answer, platform)| platform.fault(answer.status, &answer.body));
        Self {
            responses,
            faults,
            to,
        }
    }

    /// Whether both faults are of one meaning that is known, or have one code.
    fn mean_the_same(&self) -> bool {
        let faults = self.faults.as_ref().map(Option::as_ref);
        faults.transpose().is_some_and(|faults| {
            let meaning = faults.old.meaning.is_some() && faults.old.meaning == faults.new.meaning;
            meaning || faults.old.code == faults.new.code
        })
    }
}

impl KnownChange {
    /// Its full name: `choreo/wrong-method-404`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.platform, self.id)
    }

    /// Whether these answers show this change, as far as answers tell.
    pub(crate) fn shown_by(&self, answers: Option<&Answers<'_>>) -> bool {
        let Some(answers) = answers else {
            let mut sides = Side::BOTH.into_iter();
            return self.grants.is_empty() && sides.all(|side| self.when[side].needs_no_answer());
        };
        let grant = answers.to.grant();
        if !self.grants.is_empty() && !self.grants.iter().any(|one| one == grant) {
            return false;
        }
        let holds = |side: Side| {
            let fault = answers.faults[side].as_ref();
            self.when[side].is_of(answers.to.path(side))
                && self.when[side].holds(answers.responses[side], fault)
        };
        Side::BOTH.into_iter().all(holds) && (!self.is_of_syntax_alone() || answers.mean_the_same())
    }

    /// Whether it says that faults are written another way, and of which meaning they are not: it
    /// holds for faults of one meaning only.
    fn is_of_syntax_alone(&self) -> bool {
        Side::BOTH.into_iter().all(|side| {
            let when = &self.when[side];
            let any = when.status.is_empty() && when.meaning.is_empty() && when.code.is_empty();
            any && when.syntax.is_some()
        })
    }

    /// Whether a difference is explained by this change.
    pub(crate) fn explains(&self, difference: &Difference) -> bool {
        let shown = Pair::new(&difference.old, &difference.new);
        let fits = |side: Side| {
            let when = &self.when[side];
            let mut at = when.values.iter();
            let at = at.find(|(path, _)| *path == difference.path);
            let wanted = at.map(|(_, regex)| regex).or(when.value.as_ref());
            value_fits(wanted, shown[side])
        };
        self.covers.iter().any(|cover| cover.has(difference)) && Side::BOTH.into_iter().all(fits)
    }
}

fn value_fits(wanted: Option<&Regex>, shown: &Observed) -> bool {
    wanted.is_none_or(|regex| shown.display().is_some_and(|text| regex.is_match(&text)))
}

impl SideMatch {
    fn needs_no_answer(&self) -> bool {
        self.path.is_none()
            && self.status.is_empty()
            && self.meaning.is_empty()
            && self.code.is_empty()
            && self.syntax.is_none()
            && self.headers.is_empty()
            && self.error.is_empty()
    }

    /// Whether it is about requests to a path; a path that is not known is none of those that it names.
    fn is_of(&self, path: Option<&str>) -> bool {
        let wanted = self.path.as_ref();
        wanted.is_none_or(|regex| path.is_some_and(|path| regex.is_match(path)))
    }

    fn holds(&self, response: &Response, fault: Option<&Fault>) -> bool {
        let status = self.status.is_empty() || self.status.contains(&response.status);
        let meaning = fault.and_then(|fault| fault.meaning);
        let meaning = self.meaning.is_empty() || meaning.is_some_and(|m| self.meaning.contains(&m));
        let code = self.code.is_empty() || fault.is_some_and(|f| self.code.contains(&f.code));
        let syntax = self
            .syntax
            .is_none_or(|wanted| fault.is_some_and(|f| f.syntax == wanted));
        status && meaning && code && syntax && self.headers_hold(response) && self.refuses(response)
    }

    fn refuses(&self, response: &Response) -> bool {
        let said = || {
            let body: serde_json::Value = serde_json::from_slice(&response.body).ok()?;
            body.get("error")?.as_str().map(str::to_owned)
        };
        self.error.is_empty() || said().is_some_and(|said| self.error.contains(&said))
    }

    fn headers_hold(&self, response: &Response) -> bool {
        self.headers.iter().all(
            |(name, wanted)| match (response.headers.text(name), wanted) {
                (None, None) => true,
                (Some(value), Some(regex)) => regex.is_match(&value),
                _ => false,
            },
        )
    }
}

/// A token shape as platform files and suites write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape(pub TokenShape);

impl Decode for Shape {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let word = String::decode(node, cx)?;
        match word.as_str() {
            "opaque" => Some(Self(TokenShape::Opaque)),
            "jwt" => Some(Self(TokenShape::Jwt)),
            _ => cx.unknown(node.span, "token shape", &word, &["opaque", "jwt"]),
        }
    }
}

impl JsonSchema for Shape {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Shape".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": ["opaque", "jwt"] })
    }
}
