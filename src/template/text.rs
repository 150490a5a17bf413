//! [`Template`]: a text with placeholders.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use thiserror::Error;

use super::scalar::Scalar;
use crate::source::{Cx, Decode, Diagnostic, Node, Span};

/// What a URL component keeps as it is: the unreserved characters of RFC 3986 section 2.3.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Where placeholders find their values.
pub trait Scope {
    /// The value of a name, if it has one.
    fn get(&self, name: &str) -> Option<Cow<'_, Scalar>>;
}

/// A text with `{{name}}` placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    parts: Parts,
    /// Where it stands in its file.
    pub span: Span,
}

/// A suite may have a hundred thousand texts, nearly all without a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Parts {
    Plain(Box<str>),
    Mixed(Box<[Part]>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    Value { name: Box<str>, raw: bool },
}

/// A part, borrowed.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Text(&'a str),
    Value { name: &'a str, raw: bool },
}

impl Default for Parts {
    fn default() -> Self {
        Self::Plain(Box::default())
    }
}

impl Parts {
    fn iter(&self) -> impl Iterator<Item = Piece<'_>> {
        let (plain, mixed): (_, &[Part]) = match self {
            Self::Plain(text) => (Some(Piece::Text(text)), &[]),
            Self::Mixed(parts) => (None, parts),
        };
        plain.into_iter().chain(mixed.iter().map(|part| match part {
            Part::Text(text) => Piece::Text(text),
            Part::Value { name, raw } => Piece::Value { name, raw: *raw },
        }))
    }
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// `{{` without `}}`.
    #[error("a placeholder that is not closed")]
    Unclosed,
    /// `{{ }}` around something that is no name.
    #[error("`{0}` is no name of a variable")]
    Name(String),
    /// `{{name:x}}` with another word than `raw`.
    #[error("`:{0}` is not known in a placeholder; only `:raw` is")]
    Modifier(String),
}

/// A placeholder without a value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the variable `{0}` has no value")]
pub struct Undefined(pub String);

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// A placeholder that is not closed, or that holds no name.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if !text.contains("{{") {
            return Ok(Self::plain(text));
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (inner, behind) = after.split_once("}}").ok_or(TemplateError::Unclosed)?;
            if !before.is_empty() {
                parts.push(Part::Text(before.into()));
            }
            parts.push(placeholder(inner.trim())?);
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.into()));
        }
        Ok(Self {
            parts: Parts::Mixed(parts.into()),
            span: Span::default(),
        })
    }

    /// A text without placeholders, whatever is in it.
    pub fn plain(text: &str) -> Self {
        Self {
            parts: Parts::Plain(text.into()),
            span: Span::default(),
        }
    }

    /// The names that it needs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Piece::Value { name, .. } => Some(name),
            Piece::Text(_) => None,
        })
    }

    /// The name, if the whole text is one placeholder.
    fn single(&self) -> Option<&str> {
        match &self.parts {
            Parts::Mixed(parts) => match parts.as_ref() {
                [Part::Value { name, .. }] => Some(name),
                _ => None,
            },
            Parts::Plain(_) => None,
        }
    }

    /// The text with all values in their places.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render(&self, scope: &dyn Scope) -> Result<String, Undefined> {
        let mut text = String::new();
        for part in self.parts.iter() {
            match part {
                Piece::Text(fixed) => text.push_str(fixed),
                Piece::Value { name, .. } => text.push_str(value(scope, name)?.as_text()),
            }
        }
        Ok(text)
    }

    /// The text for the path and query of a URL: values are percent-encoded as a component, save
    /// those marked `:raw`.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render_url(&self, scope: &dyn Scope) -> Result<String, Undefined> {
        let mut text = String::new();
        for part in self.parts.iter() {
            write_url(part, scope, &mut text)?;
        }
        Ok(text)
    }

    /// The text for a URL as far as it is known: placeholders without a value stay.
    pub fn render_url_known(&self, scope: &dyn Scope) -> String {
        let known = self.parts.iter().map(|part| {
            let mut text = String::new();
            match write_url(part, scope, &mut text) {
                Ok(()) => text,
                Err(_) => part.to_string(),
            }
        });
        known.collect()
    }

    /// The value: one of its own type where the whole text is one placeholder, else a text.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render_scalar(&self, scope: &dyn Scope) -> Result<Scalar, Undefined> {
        match self.single() {
            Some(name) => Ok(value(scope, name)?.into_owned()),
            None => Ok(Scalar::Text(self.render(scope)?)),
        }
    }

    /// The value as a JSON text, see [`Self::render_scalar`].
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render_json(&self, scope: &dyn Scope) -> Result<String, Undefined> {
        Ok(self.render_scalar(scope)?.to_json())
    }
}

impl fmt::Display for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Value { name, raw: false } => write!(f, "{{{{{name}}}}}"),
            Self::Value { name, raw: true } => write!(f, "{{{{{name}:raw}}}}"),
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| part.fmt(f))
    }
}

/// Appends a part as it stands in a URL: values are percent-encoded as a component, save those marked
/// `:raw`.
fn write_url(part: Piece<'_>, scope: &dyn Scope, text: &mut String) -> Result<(), Undefined> {
    match part {
        Piece::Text(fixed) => text.push_str(fixed),
        Piece::Value { name, raw: true } => text.push_str(value(scope, name)?.as_text()),
        Piece::Value { name, raw: false } => {
            text.extend(utf8_percent_encode(
                value(scope, name)?.as_text(),
                COMPONENT,
            ));
        }
    }
    Ok(())
}

fn value<'a>(scope: &'a dyn Scope, name: &str) -> Result<Cow<'a, Scalar>, Undefined> {
    scope.get(name).ok_or_else(|| Undefined(name.to_owned()))
}

fn placeholder(inner: &str) -> Result<Part, TemplateError> {
    let (name, raw) = match inner.split_once(':') {
        None => (inner, false),
        Some((name, "raw")) => (name, true),
        Some((_, word)) => return Err(TemplateError::Modifier(word.to_owned())),
    };
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if !is_name {
        return Err(TemplateError::Name(name.to_owned()));
    }
    Ok(Part::Value {
        name: name.into(),
        raw,
    })
}

impl Decode for Template {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let text = match &node.value {
            crate::source::Value::Bool(value) => value.to_string(),
            _ => String::decode(node, cx)?,
        };
        match Self::parse(&text) {
            Ok(template) => Some(Self {
                span: node.span,
                ..template
            }),
            Err(error) => cx.report(
                Diagnostic::error(cx.source, node.span, error.to_string())
                    .help("a placeholder is {{name}}, or {{name:raw}} in a URL"),
            ),
        }
    }
}

impl JsonSchema for Template {
    fn schema_name() -> Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "description": "A text; {{name}} stands for the value of a variable.",
            "type": ["string", "number", "boolean"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One(&'static str, Scalar);

    impl Scope for One {
        fn get(&self, name: &str) -> Option<Cow<'_, Scalar>> {
            (name == self.0).then_some(Cow::Borrowed(&self.1))
        }
    }

    fn template(text: &str) -> Template {
        Template::parse(text).expect("a template")
    }

    #[test]
    fn values_are_encoded_where_a_url_needs_it() {
        let scope = One("q", Scalar::Text("a b/ü".into()));
        let url = template("/find?q={{q}}&r={{ q:raw }}");
        assert_eq!(
            url.render_url(&scope),
            Ok("/find?q=a%20b%2F%C3%BC&r=a b/ü".into())
        );
        assert_eq!(url.render(&scope), Ok("/find?q=a b/ü&r=a b/ü".into()));
    }

    #[test]
    fn a_json_string_that_is_one_placeholder_takes_the_type_of_the_value() {
        let scope = One("n", Scalar::Json("1.50".into()));
        assert_eq!(template("{{n}}").render_json(&scope), Ok("1.50".into()));
        assert_eq!(
            template("n={{n}}").render_json(&scope),
            Ok("\"n=1.50\"".into())
        );
    }

    #[test]
    fn what_is_no_placeholder_is_said() {
        assert_eq!(Template::parse("{{a"), Err(TemplateError::Unclosed));
        assert_eq!(
            Template::parse("{{}}"),
            Err(TemplateError::Name(String::new()))
        );
        assert_eq!(
            Template::parse("{{a:b}}"),
            Err(TemplateError::Modifier("b".into()))
        );
        let scope = One("a", Scalar::Text(String::new()));
        assert_eq!(template("{{b}}").render(&scope), Err(Undefined("b".into())));
    }
}
