//! [`Locator`]: the one notation for a place in an answer, used by rules, captures and `redact:`.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json_path::JsonPath;

use crate::source::{Cx, Decode, Diagnostic, Node, Prefixes, Value};
use crate::xml::{XPath, XPathError};

/// A place in an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Locator {
    text: String,
    place: Place,
}

/// What a locator points at.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// Nodes of a JSON body, by RFC 9535.
    Json(Box<JsonPath>),
    /// Nodes of an XML body, by a subset of XPath.
    XPath(XPath),
    /// A header field, its name in lower case.
    Header(String),
    /// A field of a form-encoded body.
    Form(String),
    /// The status code.
    Status,
    /// A member of a token response.
    Token(String),
    /// A claim of a JWT.
    Claims(String),
}

/// Why a text is no locator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatorError {
    /// What is wrong.
    pub message: String,
    /// The nearest form that would be right.
    pub help: String,
}

impl Locator {
    /// Reads `$…` (JSONPath), `/…` (XPath), `header:NAME`, `form:NAME`, `status`, `token:…`, `claims:…`.
    ///
    /// # Errors
    /// What is wrong, and the nearest form that would be right.
    pub fn parse(text: &str) -> Result<Self, LocatorError> {
        Self::read(text, &Prefixes::default())
    }

    /// The same, with the prefixes that names of an XPath may have.
    fn read(text: &str, prefixes: &Prefixes) -> Result<Self, LocatorError> {
        let place = match text.split_once(':') {
            _ if text.starts_with('$') => json_path(text)?,
            _ if text.starts_with('/') => x_path(text, prefixes)?,
            _ if text == "status" => Place::Status,
            Some(("header", name)) if is_field_name(name) => {
                Place::Header(name.to_ascii_lowercase())
            }
            Some(("form", name)) if !name.is_empty() => Place::Form(name.to_owned()),
            Some(("token" | "claims", name)) if name.starts_with('$') => {
                json_path(name)?;
                token_place(text, name)
            }
            Some(("token" | "claims", name)) if !name.is_empty() => token_place(text, name),
            _ => return Err(not_a_locator(text)),
        };
        Ok(Self {
            text: text.to_owned(),
            place,
        })
    }

    /// What it points at.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Whether it is a place in the answer to a grant: a member of it, or a claim of its JWT.
    pub const fn is_of_a_token(&self) -> bool {
        matches!(self.place, Place::Token(_) | Place::Claims(_))
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn x_path(text: &str, prefixes: &Prefixes) -> Result<Place, LocatorError> {
    XPath::read(text, prefixes)
        .map(Place::XPath)
        .map_err(|XPathError { message, help }| LocatorError { message, help })
}

fn json_path(text: &str) -> Result<Place, LocatorError> {
    JsonPath::parse(text)
        .map(|path| Place::Json(Box::new(path)))
        .map_err(|error| LocatorError {
            message: format!("bad JSONPath `{text}`: {}", error.message()),
            help: json_path_help(text),
        })
}

fn json_path_help(text: &str) -> String {
    let name = text.rsplit(['.', '[']).next().unwrap_or_default();
    if name.contains('-') && !text.ends_with(']') {
        return format!("a name with other signs than letters, digits and _ is written ['{name}']");
    }
    if text.matches('[').count() != text.matches(']').count() {
        return "close every [ with a ]".to_owned();
    }
    "RFC 9535: $.name, $['any name'], $.list[0], $.list[*], $..name, $.list[?@.a == 1]".to_owned()
}

fn is_field_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// `token:` or `claims:`, which the text begins with.
fn token_place(text: &str, name: &str) -> Place {
    match text.starts_with("token") {
        true => Place::Token(name.to_owned()),
        false => Place::Claims(name.to_owned()),
    }
}

/// The path of a member of a token answer, or of a claim, that is named by its path, or by its name alone.
///
/// # Errors
/// Why it is none.
pub(crate) fn member_path(path: &str) -> Result<JsonPath, String> {
    let path = match path.starts_with('$') {
        true => path.to_owned(),
        false => format!("$['{}']", path.replace('\\', "\\\\").replace('\'', "\\'")),
    };
    JsonPath::parse(&path).map_err(|error| error.to_string())
}

fn not_a_locator(text: &str) -> LocatorError {
    let help = match text.split_once(':') {
        Some((prefix, rest)) if !rest.is_empty() => {
            let known = ["header", "form", "token", "claims"];
            crate::source::nearest(prefix, known)
                .map(|near| format!("did you mean `{near}:{rest}`?"))
        }
        None if text.starts_with('.') => Some(format!("did you mean `${text}`?")),
        None if is_field_name(text) => Some(format!(
            "did you mean `$.{text}` (a member of the body) or `header:{text}`?"
        )),
        _ => None,
    };
    LocatorError {
        message: format!("`{text}` is not a place in an answer"),
        help: help.unwrap_or_else(|| {
            "a place is $… (JSONPath), /… (XPath), header:NAME, form:NAME, status, token:…, claims:…"
                .to_owned()
        }),
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Decode for Locator {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return cx.expected(
                node,
                "a place in an answer, such as $.id or header:location",
            );
        };
        match Self::read(text, &cx.prefixes) {
            Ok(locator) => Some(locator),
            Err(error) => {
                cx.report(Diagnostic::error(cx.source, node.span, error.message).help(error.help))
            }
        }
    }
}

impl JsonSchema for Locator {
    fn schema_name() -> Cow<'static, str> {
        "Locator".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A place in an answer: $… (JSONPath), /… (XPath), header:NAME, form:NAME, status, token:…, claims:…",
            "type": "string",
            "pattern": "^(\\$|/|header:.|form:.|token:.|claims:.|status$)"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_read() {
        assert_eq!(
            Locator::parse("header:Location").map(|l| l.place().clone()),
            Ok(Place::Header("location".into()))
        );
        assert_eq!(
            Locator::parse("status").map(|l| l.place().clone()),
            Ok(Place::Status)
        );
        assert!(matches!(
            Locator::parse("$.items[*].id").map(|l| l.place().clone()),
            Ok(Place::Json(_))
        ));
    }

    #[test]
    fn anything_else_is_an_error_with_the_nearest_form() {
        let help = |text| Locator::parse(text).expect_err("no locator").help;
        assert_eq!(help("haeder:x-id"), "did you mean `header:x-id`?");
        assert_eq!(help(".items"), "did you mean `$.items`?");
        assert!(help("items").contains("`$.items`"));
        assert_eq!(help("$.items[0"), "close every [ with a ]");
        assert!(help("$.x-y").contains("['x-y']"));
    }
}
