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
    parts: Vec<Part>,
    /// Where it stands in its file.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Value { name: String, raw: bool },
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
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (inner, behind) = after.split_once("}}").ok_or(TemplateError::Unclosed)?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(placeholder(inner.trim())?);
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self {
            parts,
            span: Span::default(),
        })
    }

    /// A text without placeholders, whatever is in it.
    pub fn plain(text: &str) -> Self {
        Self {
            parts: vec![Part::Text(text.to_owned())],
            span: Span::default(),
        }
    }

    /// The names that it needs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value { name, .. } => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The name, if the whole text is one placeholder.
    fn single(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Value { name, .. }] => Some(name),
            _ => None,
        }
    }

    /// The text with all values in their places.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render(&self, scope: &dyn Scope) -> Result<String, Undefined> {
        self.fill(scope, |value, _| Cow::Borrowed(value))
    }

    /// The text for the path and query of a URL: values are percent-encoded as a component, save
    /// those marked `:raw`.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render_url(&self, scope: &dyn Scope) -> Result<String, Undefined> {
        self.fill(scope, |value, raw| match raw {
            true => Cow::Borrowed(value),
            false => utf8_percent_encode(value, COMPONENT).into(),
        })
    }

    /// The text for a URL as far as it is known: placeholders without a value stay.
    pub fn render_url_known(&self, scope: &dyn Scope) -> String {
        let parts = self.parts.iter().map(|part| Self {
            parts: vec![part.clone()],
            span: self.span,
        });
        let known = parts.map(|part| part.render_url(scope).unwrap_or_else(|_| part.to_string()));
        known.collect()
    }

    /// The JSON text: a value of its own type where the whole text is one placeholder, else a string.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render_json(&self, scope: &dyn Scope) -> Result<String, Undefined> {
        match self.single() {
            Some(name) => Ok(value(scope, name)?.to_json()),
            None => Ok(Scalar::Text(self.render(scope)?).to_json()),
        }
    }

    fn fill(
        &self,
        scope: &dyn Scope,
        write: impl for<'a> Fn(&'a str, bool) -> Cow<'a, str>,
    ) -> Result<String, Undefined> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(fixed) => text.push_str(fixed),
                Part::Value { name, raw } => {
                    text.push_str(&write(value(scope, name)?.as_text(), *raw));
                }
            }
        }
        Ok(text)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Value { name, raw: false } => write!(f, "{{{{{name}}}}}")?,
                Part::Value { name, raw: true } => write!(f, "{{{{{name}:raw}}}}")?,
            }
        }
        Ok(())
    }
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
        name: name.to_owned(),
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
