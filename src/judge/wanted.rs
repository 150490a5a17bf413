//! What one value must be.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::compare::{Pattern, same_number};
use crate::redact;
use crate::regexp::Regexp;
use crate::source::{Cx, Decode, Node, Value, document, word};

/// What a value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// Not there.
    Absent,
    /// There, or (`false`) not there.
    Present(bool),
    /// This text; it may hold placeholders until it is resolved.
    Text(String),
    /// This JSON scalar, numbers by exact value: `null`, `true`, `12.50`.
    Json(String),
    /// A text that matches.
    Regex(Regexp),
    /// A value of this form.
    Pattern(Pattern),
    /// A value of this JSON type.
    Type(JsonType),
}

word! {
    /// A JSON type, as `type:` names it.
    pub enum JsonType is "type" {
        /// An object.
        Object = "object",
        /// An array.
        Array = "array",
        /// A string.
        String = "string",
        /// A number.
        Number = "number",
        /// A number without fraction and exponent.
        Integer = "integer",
        /// `true` or `false`.
        Boolean = "boolean",
        /// `null`.
        Null = "null",
    }
}

impl JsonType {
    /// Whether a JSON text is of this type.
    fn takes(self, json: &str) -> bool {
        let first = json.as_bytes().first().copied().unwrap_or_default();
        match self {
            Self::Object => first == b'{',
            Self::Array => first == b'[',
            Self::String => first == b'"',
            Self::Number => first == b'-' || first.is_ascii_digit(),
            Self::Integer => Self::Number.takes(json) && !json.contains(['.', 'e', 'E']),
            Self::Boolean => matches!(json, "true" | "false"),
            Self::Null => json == "null",
        }
    }
}

impl Wanted {
    /// Whether the JSON texts found at a path are what is wanted: each of them must be. The error
    /// says why not, and shows the first that is not.
    pub(super) fn meets(&self, values: &[String]) -> Result<(), (String, Option<String>)> {
        match (self, values.first()) {
            (Self::Absent | Self::Present(false), None) => Ok(()),
            (Self::Absent | Self::Present(false), Some(value)) => {
                Err(("is there, expected absent".to_owned(), Some(value.clone())))
            }
            (_, None) => Err((format!("is not there, expected {}", self.what()), None)),
            _ => match values.iter().find(|value| !self.takes(value)) {
                None => Ok(()),
                Some(value) if matches!(self, Self::Text(wanted) if wanted == value) => {
                    let why = format!("is no text, expected the text {}", self.what());
                    Err((why, Some(value.clone())))
                }
                Some(value) => Err((format!("is not {}", self.what()), Some(value.clone()))),
            },
        }
    }

    /// Whether a header value is what is wanted.
    pub(super) fn meets_text(&self, value: Option<&str>) -> Result<(), String> {
        let values: Vec<String> = value
            .iter()
            .map(|text| serde_json::Value::from(*text).to_string())
            .collect();
        self.meets(&values).map_err(|(why, _)| why)
    }

    /// Whether only JSON can have it: a type, or null.
    pub(super) fn is_json_only(&self) -> bool {
        match self {
            Self::Type(_) => true,
            Self::Json(json) => json == "null",
            _ => false,
        }
    }

    /// A text of a document without types as a JSON text: a number or a boolean where one is wanted and
    /// it is that one, else a string.
    pub(super) fn json_of(&self, text: &str) -> String {
        match self {
            Self::Json(wanted) if wanted == text || same_number(wanted, text) => wanted.clone(),
            _ => serde_json::Value::from(text).to_string(),
        }
    }

    fn takes(&self, json: &str) -> bool {
        let text = serde_json::from_str::<String>(json).ok();
        let shown = text.as_deref().unwrap_or(json);
        match self {
            Self::Absent => false,
            Self::Present(wanted) => *wanted,
            Self::Text(wanted) => text.as_deref() == Some(wanted.as_str()),
            Self::Json(wanted) => wanted == json || same_number(wanted, json),
            Self::Regex(regex) => regex.0.is_match(shown),
            Self::Pattern(pattern) => pattern.matches(shown),
            Self::Type(wanted) => wanted.takes(json),
        }
    }

    /// The words for what is not met, without what is wanted where the place is one of secrets.
    pub(super) fn unshown(&self, place: &str, why: String) -> String {
        let wanted = match self {
            Self::Text(text) | Self::Json(text) => text.as_str(),
            Self::Regex(regex) => regex.0.as_str(),
            _ => return why,
        };
        match redact::at(place, wanted) {
            Some(mark) => why.replace(&self.what(), &mark),
            None => why,
        }
    }

    fn what(&self) -> String {
        match self {
            Self::Absent | Self::Present(false) => "absent".to_owned(),
            Self::Present(true) => "present".to_owned(),
            Self::Text(text) => format!("`{text}`"),
            Self::Json(text) => text.clone(),
            Self::Regex(regex) => format!("/{}/", regex.0.as_str()),
            Self::Pattern(pattern) => pattern.what(),
            Self::Type(wanted) => format!("of type {}", wanted.word()),
        }
    }
}

/// A wanted header.
#[derive(Debug, Clone)]
pub struct WantedHeader(pub Wanted);

impl Decode for WantedHeader {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        if node.value == Value::Null {
            return Some(Self(Wanted::Absent));
        }
        let text = String::decode(node, cx)?;
        let regex = text
            .strip_prefix('/')
            .and_then(|text| text.strip_suffix('/'));
        Some(Self(match regex {
            Some(regex) => Wanted::Regex(Regexp::read(regex, node.span, cx)?),
            None => Wanted::Text(text),
        }))
    }
}

impl JsonSchema for WantedHeader {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "WantedHeader".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A text, /regex/, or null for absent",
            "type": ["string", "number", "null"]
        })
    }
}

/// A wanted value of a body or a claim.
#[derive(Debug, Clone)]
pub struct WantedValue(pub Wanted);

document! {
    /// What a value must be, without naming it.
    pub struct FormDoc is "a wanted value" {
        /// Whether it must be there.
        optional present: Option<bool>,
        /// The form that it must have: a name, or a regex between slashes.
        optional pattern: Option<Pattern>,
        /// Its JSON type.
        optional r#type: Option<JsonType>,
    }
}

impl Decode for WantedValue {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        Some(Self(match &node.value {
            Value::Null => Wanted::Json("null".to_owned()),
            Value::Bool(value) => Wanted::Json(value.to_string()),
            Value::Number(text) => Wanted::Json(text.clone()),
            Value::Text(text) => Wanted::Text(text.clone()),
            Value::List(_) => {
                return cx.expected(node, "a scalar, or one of present, pattern, type");
            }
            Value::Map(_) => {
                let form = FormDoc::decode(node, cx)?;
                match (form.present, form.pattern, form.r#type) {
                    (Some(present), None, None) => Wanted::Present(present),
                    (None, Some(pattern), None) => Wanted::Pattern(pattern),
                    (None, None, Some(wanted)) => Wanted::Type(wanted),
                    _ => {
                        let message = "a wanted value has exactly one of present, pattern, type";
                        return cx.error(node.span, message, "write one of them");
                    }
                }
            }
        }))
    }
}

impl JsonSchema for WantedValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "WantedValue".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let form = generator.subschema_for::<FormDoc>();
        // One key, and not null: `maxProperties` alone would take `{ type: null }`.
        let one = json_schema!({
            "maxProperties": 1,
            "minProperties": 1,
            "additionalProperties": { "not": { "type": "null" } }
        });
        json_schema!({
            "anyOf": [
                { "type": ["string", "number", "boolean", "null"] },
                { "allOf": [form, one] }
            ]
        })
    }
}
