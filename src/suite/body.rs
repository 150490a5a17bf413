//! What a request carries: JSON, a form, XML, text or a file.

use std::borrow::Cow;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::config::{Folder, FolderError};
use crate::source::{Cx, Decode, Entries, Node, Span, Spanned, Value};
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
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}

/// The body keys of a case or of one of its sides.
#[derive(Debug)]
pub(super) struct BodyKeys<'a> {
    /// `json:`
    pub json: &'a JsonKey,
    /// `form:`
    pub form: &'a Option<Entries<Template>>,
    /// `xml:`
    pub xml: &'a Option<Template>,
    /// `text:`
    pub text: &'a Option<Template>,
    /// `file:`
    pub file: &'a Option<Spanned<String>>,
}

impl BodyKeys<'_> {
    /// The keys that were given.
    pub(super) fn given(&self) -> Vec<&'static str> {
        [
            ("json", self.json.0.is_some()),
            ("form", self.form.is_some()),
            ("xml", self.xml.is_some()),
            ("text", self.text.is_some()),
            ("file", self.file.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, given)| given.then_some(key))
        .collect()
    }

    /// The body that was given, if any; a file is read.
    ///
    /// # Errors
    /// The file cannot be read, or lies outside the folder.
    pub(super) fn body(&self, folder: &Folder) -> Result<Option<Body>, (Span, FolderError)> {
        if let Some(file) = self.file {
            let bytes = folder.bytes(file).map_err(|error| (file.span, error))?;
            return Ok(Some(Body::File(bytes.into())));
        }
        let form = self.form.as_ref().map(|fields| {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.value.clone(), value.clone()));
            Body::Form(fields.collect())
        });
        Ok((self.json.0.clone().map(Body::Json))
            .or(form)
            .or(self.xml.clone().map(Body::Xml))
            .or(self.text.clone().map(Body::Text)))
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
}

impl Body {
    /// The `Content-Type` to send where the suite gives none.
    pub const fn content_type(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Json(_) => Some("application/json"),
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::Xml(_) => Some("text/xml; charset=utf-8"),
            Self::Text(_) => Some("text/plain; charset=utf-8"),
            Self::File(_) => Some("application/octet-stream"),
        }
    }

    /// The bytes to send.
    ///
    /// # Errors
    /// The first name without a value.
    pub fn render(&self, scope: &dyn Scope) -> Result<Vec<u8>, Undefined> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Json(json) => json.render(scope).map(String::into_bytes),
            Self::Xml(text) | Self::Text(text) => text.render(scope).map(String::into_bytes),
            Self::File(bytes) => Ok(bytes.to_vec()),
            Self::Form(fields) => {
                let mut pairs = Vec::with_capacity(fields.len());
                for (name, value) in fields {
                    let value = value.render(scope)?;
                    pairs.push(format!("{}={}", form_encoded(name), form_encoded(&value)));
                }
                Ok(pairs.join("&").into_bytes())
            }
        }
    }

    /// The templates in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::None | Self::File(_) => Vec::new(),
            Self::Json(json) => json.templates(),
            Self::Xml(text) | Self::Text(text) => vec![text],
            Self::Form(fields) => fields.iter().map(|(_, value)| value).collect(),
        }
    }
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
