//! What form a value has: the names that `pattern:` knows, and regular expressions.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::regexp::Regexp;
use crate::source::{Cx, Decode, Diagnostic, Node, nearest};

/// The form that a value must have, whatever it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// One of the named forms.
    Named(&'static Form),
    /// A regular expression that the text of the value must match.
    Regex(Regexp),
}

/// A named form.
#[derive(Debug, PartialEq)]
pub struct Form {
    /// Its name in a suite.
    pub name: &'static str,
    /// What it is in a reader's words.
    pub what: &'static str,
    /// What the text must match; `None` takes anything.
    regex: Option<&'static str>,
}

macro_rules! forms {
    ($( $name:literal, $what:literal, $regex:expr; )*) => {
        static FORMS: &[Form] = &[$( Form { name: $name, what: $what, regex: $regex } ),*];
    };
}
forms! {
    "any", "anything", None;
    "uuid", "a UUID", Some(r"^(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$");
    "timestamp", "an RFC 3339 timestamp",
        Some(r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$");
    "date", "a date", Some(r"^\d{4}-\d{2}-\d{2}$");
    "jwt", "a JWT", Some(r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$");
    "integer", "an integer", Some(r"^-?\d+$");
    "number", "a number", Some(r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$");
    "email", "an e-mail address", Some(r"^[^@\s]+@[^@\s]+\.[^@\s]+$");
    "uri", "a URI", Some(r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$");
    "base64", "base64", Some(r"^[A-Za-z0-9+/_-]+={0,2}$");
    "hex", "hexadecimal digits", Some(r"^(?i)[0-9a-f]+$");
}

/// The compiled forms, in the order of `FORMS`.
static COMPILED: LazyLock<Vec<Option<Regex>>> = LazyLock::new(|| {
    let compile = |form: &Form| form.regex.and_then(|text| Regex::new(text).ok());
    FORMS.iter().map(compile).collect()
});

impl Pattern {
    /// The names that may stand in a suite.
    pub fn names() -> Vec<&'static str> {
        FORMS.iter().map(|form| form.name).collect()
    }

    /// The form of a name.
    pub fn named(name: &str) -> Option<Self> {
        let form = FORMS.iter().find(|form| form.name == name)?;
        Some(Self::Named(form))
    }

    /// Whether a text has the form.
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Regex(regex) => regex.0.is_match(text),
            Self::Named(form) => {
                let at = FORMS.iter().position(|other| other.name == form.name);
                match at.and_then(|at| COMPILED.get(at)) {
                    Some(Some(regex)) => regex.is_match(text),
                    _ => true,
                }
            }
        }
    }

    /// Whether any value at all fits.
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Named(form) if form.regex.is_none())
    }

    /// The form in a reader's words.
    pub fn what(&self) -> String {
        match self {
            Self::Named(form) => form.what.to_owned(),
            Self::Regex(regex) => format!("of the form /{}/", regex.0.as_str()),
        }
    }
}

impl Decode for Pattern {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let text = String::decode(node, cx)?;
        if let Some(inner) = text.strip_prefix('/').and_then(|t| t.strip_suffix('/')) {
            return Regexp::read(inner, node.span, cx).map(Self::Regex);
        }
        match Self::named(&text) {
            Some(pattern) => Some(pattern),
            None => unknown(&text, node, cx),
        }
    }
}

/// Reports a word that is no name of a form; one that looks like none of them may be meant as an expression.
fn unknown<T>(text: &str, node: &Node, cx: &mut Cx<'_>) -> Option<T> {
    let names = Pattern::names();
    if nearest(text, names.iter().copied()).is_some() {
        return cx.unknown(node.span, "pattern", text, &names);
    }
    let help = format!(
        "known here: {}; a regular expression stands between slashes: `/{text}/`",
        names.join(", ")
    );
    let message = format!("unknown pattern `{text}`");
    cx.report(Diagnostic::error(cx.source, node.span, message).help(help))
}

impl JsonSchema for Pattern {
    fn schema_name() -> Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The form of a value: a name, or a regular expression between slashes",
            "anyOf": [
                { "type": "string", "enum": Self::names() },
                { "type": "string", "pattern": "^/.*/$" }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, parse};

    #[test]
    fn every_named_form_compiles_and_knows_its_own() {
        let samples = [
            ("any", "", None),
            ("uuid", "6F9619FF-8B86-D011-B42D-00CF4FC964FF", Some("17")),
            ("timestamp", "2026-11-21T22:10:00Z", Some("1763763000")),
            ("date", "2026-11-21", Some("21.11.2026")),
            (
                "jwt",
                "eyJh.eyJz.c2ln",
                Some("ca19a540f544777860e44e75f605d927"),
            ),
            ("integer", "-12", Some("12.5")),
            ("number", "1.5e3", Some("1.")),
            ("email", "a@b.org", Some("a.b.org")),
            ("uri", "https://a.b/c", Some("/c")),
            ("base64", "aGk=", Some("a b")),
            ("hex", "beef01", Some("beefy")),
        ];
        assert_eq!(Pattern::names(), samples.map(|(name, ..)| name));
        for (name, yes, no) in samples {
            let pattern = Pattern::named(name).expect("a form");
            assert!(pattern.matches(yes), "{name}");
            assert!(no.is_none_or(|no| !pattern.matches(no)), "{name}");
        }
    }

    #[test]
    fn an_expression_without_its_slashes_is_shown_with_them() {
        let help = |text: &str| {
            let source = Source::new("s.yaml", text);
            let mut cx = Cx::new(&source);
            let node = parse(&source).expect("YAML");
            assert_eq!(Pattern::decode(&node, &mut cx), None);
            let told = cx.diagnostics.sorted();
            told.first().and_then(|one| one.help.clone()).expect("help")
        };
        assert_eq!(help("uid"), "did you mean `uuid`?");
        assert_eq!(
            help("\"^A-[0-9]+$\""),
            "known here: any, uuid, timestamp, date, jwt, integer, number, email, uri, base64, hex; \
             a regular expression stands between slashes: `/^A-[0-9]+$/`"
        );
    }
}
