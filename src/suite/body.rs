//! What a request carries: JSON, a form, XML, text, a file, or several parts.

use std::borrow::Cow;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::multipart::Multipart;
use crate::source::{Cx, Decode, Node, Value};
use crate::template::{Scalar, Scope, Template, Undefined};

/// What the WHATWG URL standard keeps as it is in a form: letters, digits and `*-._`.
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'*')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b' ');

/// A JSON value with placeholders in its strings; numbers keep their source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonBody {
    /// A string.
    Text(Template),
    /// A number, `true`, `false` or `null`, as it was written.
    Token(String),
    /// An array.
    List(Vec<Self>),
    /// An object, its members in file order.
    Object(Vec<(String, Self)>),
}

impl JsonBody {
    /// The JSON text.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render(&self, scope: &dyn Scope) -> Result<String, Undefined> {
        let mut text = String::new();
        self.write(scope, &mut text)?;
        Ok(text)
    }

    fn write(&self, scope: &dyn Scope, text: &mut String) -> Result<(), Undefined> {
        match self {
            Self::Text(template) => text.push_str(&template.render_json(scope)?),
            Self::Token(token) => text.push_str(token),
            Self::List(items) => {
                text.push('[');
                for (i, item) in items.iter().enumerate() {
                    text.push_str(if i == 0 { "" } else { "," });
                    item.write(scope, text)?;
                }
                text.push(']');
            }
            Self::Object(members) => {
                text.push('{');
                for (i, (name, value)) in members.iter().enumerate() {
                    text.push_str(if i == 0 { "" } else { "," });
                    text.push_str(&Scalar::Text(name.clone()).to_json());
                    text.push(':');
                    value.write(scope, text)?;
                }
                text.push('}');
            }
        }
        Ok(())
    }

    /// The templates in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::Text(template) => vec![template],
            Self::Token(_) => Vec::new(),
            Self::List(items) => items.iter().flat_map(Self::templates).collect(),
            Self::Object(members) => members.iter().flat_map(|(_, v)| v.templates()).collect(),
        }
    }
}

impl Decode for JsonBody {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(_) => Template::decode(node, cx).map(Self::Text),
            Value::List(items) => {
                let read: Vec<_> = items.iter().map(|item| Self::decode(item, cx)).collect();
                read.into_iter().collect::<Option<_>>().map(Self::List)
            }
            Value::Map(entries) => {
                let read: Vec<_> = entries
                    .iter()
                    .map(|e| Some((e.key.value.clone(), Self::decode(&e.value, cx)?)))
                    .collect();
                read.into_iter().collect::<Option<_>>().map(Self::Object)
            }
            _ => Scalar::decode(node, cx).map(|token| Self::Token(token.to_json())),
        }
    }
}

impl JsonSchema for JsonBody {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}

/// The key `json:`, for which `null` is a body and not the absence of one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JsonKey(pub Option<JsonBody>);

impl Decode for JsonKey {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        JsonBody::decode(node, cx).map(|body| Self(Some(body)))
    }
}

impl JsonSchema for JsonKey {
    fn inline_schema() -> bool {
        JsonBody::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        JsonBody::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        JsonBody::json_schema(generator)
    }
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// JSON.
    Json(JsonBody),
    /// A form.
    Form(Vec<(String, Template)>),
    /// XML.
    Xml(Template),
    /// Text.
    Text(Template),
    /// The bytes of a file.
    File(Bytes),
    /// Fields and files.
    Multipart(Box<Multipart>),
}

/// A body as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The `Content-Type` that goes with it where the suite gives none.
    pub media_type: Option<Cow<'static, str>>,
    /// Its bytes.
    pub bytes: Bytes,
}

impl Body {
    /// The body to send.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render(&self, scope: &dyn Scope) -> Result<Payload, Undefined> {
        let (media_type, bytes) = match self {
            Self::None => (None, Vec::new()),
            Self::Json(json) => (Some("application/json"), json.render(scope)?.into_bytes()),
            Self::Form(fields) => (
                Some("application/x-www-form-urlencoded"),
                form(fields, scope)?.into_bytes(),
            ),
            Self::Xml(text) => (
                Some("text/xml; charset=utf-8"),
                text.render(scope)?.into_bytes(),
            ),
            Self::Text(text) => (
                Some("text/plain; charset=utf-8"),
                text.render(scope)?.into_bytes(),
            ),
            Self::File(bytes) => {
                return Ok(Payload {
                    media_type: Some("application/octet-stream".into()),
                    bytes: bytes.clone(),
                });
            }
            Self::Multipart(body) => {
                let (boundary, bytes) = body.render(scope)?;
                return Ok(Payload {
                    media_type: Some(format!("multipart/form-data; boundary={boundary}").into()),
                    bytes: bytes.into(),
                });
            }
        };
        Ok(Payload {
            media_type: media_type.map(Cow::Borrowed),
            bytes: bytes.into(),
        })
    }

    /// Whether the `Content-Type` says how the body is to be read: a suite cannot change it then.
    pub const fn owns_its_type(&self) -> bool {
        matches!(self, Self::Multipart(_))
    }

    /// The templates in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::None | Self::File(_) => Vec::new(),
            Self::Json(json) => json.templates(),
            Self::Xml(text) | Self::Text(text) => vec![text],
            Self::Form(fields) => fields.iter().map(|(_, value)| value).collect(),
            Self::Multipart(body) => body.templates(),
        }
    }
}

fn form(fields: &[(String, Template)], scope: &dyn Scope) -> Result<String, Undefined> {
    let pair = |(name, value): &(String, Template)| {
        let value = value.render(scope)?;
        Ok(format!("{}={}", form_encoded(name), form_encoded(&value)))
    };
    let pairs: Vec<String> = fields.iter().map(pair).collect::<Result<_, _>>()?;
    Ok(pairs.join("&"))
}

/// A text in `application/x-www-form-urlencoded`.
pub(crate) fn form_encoded(text: &str) -> String {
    let encoded: String = utf8_percent_encode(text, FORM).collect();
    encoded.replace(' ', "+")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, parse};

    struct Nothing;

    impl Scope for Nothing {
        fn get(&self, name: &str) -> Option<Cow<'_, Scalar>> {
            (name == "n").then(|| Cow::Owned(Scalar::Json("7".into())))
        }
    }

    #[test]
    fn numbers_are_sent_as_they_were_written() {
        let source = Source::new(
            "t",
            "{ price: 1.50, big: 9007199254740993, t: '1.50', n: '{{n}}' }",
        );
        let node = parse(&source).expect("YAML");
        let mut cx = Cx::new(&source);
        let body = JsonBody::decode(&node, &mut cx).expect("JSON");
        let text = body.render(&Nothing).expect("values");
        assert_eq!(
            text,
            r#"{"price":1.50,"big":9007199254740993,"t":"1.50","n":7}"#
        );
    }

    #[test]
    fn a_number_that_json_cannot_write_is_refused() {
        let source = Source::new("t", "[ 0x1F, .5, .nan ]");
        let node = parse(&source).expect("YAML");
        let mut cx = Cx::new(&source);
        assert_eq!(JsonBody::decode(&node, &mut cx), None);
        assert_eq!(cx.diagnostics.sorted().len(), 3);
    }

    #[test]
    fn a_form_is_encoded_as_browsers_do() {
        assert_eq!(form_encoded("a b&c=d+é*"), "a+b%26c%3Dd%2B%C3%A9*");
    }
}
