//! From the generic tree to typed values, collecting every problem on the way.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::diagnostic::{Diagnostic, Diagnostics};
use super::nearest::nearest;
use super::node::{Node, Value};
use super::prefixes::Prefixes;
use super::span::{Source, Span, Spanned};
use super::yaml::parse;

/// What decoding a file carries along: the file, and its problems so far.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The file being decoded.
    pub source: &'a Arc<Source>,
    /// Its problems.
    pub diagnostics: Diagnostics,
    /// The prefixes that it declares for namespaces of XML.
    pub prefixes: Prefixes,
}

impl<'a> Cx<'a> {
    /// Starts on a file.
    pub fn new(source: &'a Arc<Source>) -> Self {
        Self {
            source,
            diagnostics: Diagnostics::default(),
            prefixes: Prefixes::default(),
        }
    }

    /// Reads the tree of a file and starts on it.
    ///
    /// # Errors
    /// The one problem of a text that is no YAML.
    pub fn open(source: &'a Arc<Source>) -> Result<(Node, Self), Diagnostics> {
        let mut cx = Self::new(source);
        match parse(source) {
            Ok(node) => Ok((node, cx)),
            Err(diagnostic) => {
                cx.diagnostics.push(*diagnostic);
                Err(cx.diagnostics)
            }
        }
    }

    /// Reports an error and gives `None`, so that a decoder can end with it.
    pub fn error<T>(&mut self, span: Span, message: impl Into<String>, label: &str) -> Option<T> {
        self.report(Diagnostic::error(self.source, span, message).label(label))
    }

    /// Reports a diagnostic and gives `None`.
    pub fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    /// Reports that a value is of the wrong type.
    pub fn expected<T>(&mut self, node: &Node, what: &str) -> Option<T> {
        let message = format!("expected {what}, found {}", node.what());
        self.error(node.span, message, &format!("should be {what}"))
    }

    /// Reports a word that is not one of the known ones, naming the nearest.
    pub fn unknown<T>(&mut self, span: Span, what: &str, word: &str, known: &[&str]) -> Option<T> {
        let diagnostic = Diagnostic::error(self.source, span, format!("unknown {what} `{word}`"))
            .help(match nearest(word, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.join(", ")),
            });
        self.report(diagnostic)
    }
}

/// A type that a [`Node`] can be read as.
pub trait Decode: Sized {
    /// Reads the node, or reports what is wrong with it and gives `None`.
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self>;
}

impl Decode for String {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match &node.value {
            // A number's source text is what was meant: `version: 1.10` is not 1.1.
            Value::Text(text) | Value::Number(text) => Some(text.clone()),
            _ => cx.expected(node, "a text"),
        }
    }
}

impl Decode for bool {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match &node.value {
            Value::Bool(value) => Some(*value),
            _ => cx.expected(node, "true or false"),
        }
    }
}

/// Whole numbers that are not negative.
macro_rules! decode_whole {
    ($($ty:ty),*) => {$(
        impl Decode for $ty {
            fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
                match &node.value {
                    Value::Number(text) => match text.parse() {
                        Ok(value) => Some(value),
                        Err(_) => {
                            let message = format!("`{text}` is not a whole number from 0 to {}", <$ty>::MAX);
                            cx.error(node.span, message, "out of range")
                        }
                    },
                    _ => cx.expected(node, "a whole number"),
                }
            }
        }
    )*};
}
decode_whole!(u16, u32, u64, usize);

impl Decode for Node {
    fn decode(node: &Node, _: &mut Cx<'_>) -> Option<Self> {
        Some(node.clone())
    }
}

impl JsonSchema for Node {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Any".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        Some(Self::new(T::decode(node, cx)?, node.span))
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match node.value {
            Value::Null => Some(None),
            _ => T::decode(node, cx).map(Some),
        }
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        T::decode(node, cx).map(Self::new)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::List(items) = &node.value else {
            return cx.expected(node, "a list");
        };
        // Every item is read before the first failure counts, so that all problems are told.
        let read: Vec<Option<T>> = items.iter().map(|item| T::decode(item, cx)).collect();
        read.into_iter().collect()
    }
}

/// One value, or a list of one at least: of none, nothing would be asked, and nobody would be told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T: Decode> Decode for OneOrMany<T> {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match node.value {
            Value::List(ref items) if items.is_empty() => cx.error(
                node.span,
                "an empty list says nothing",
                "name one at least, or take the key away",
            ),
            Value::List(_) => Vec::decode(node, cx).map(Self),
            _ => T::decode(node, cx).map(|one| Self(vec![one])),
        }
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
    }
}

/// A mapping with free keys, in file order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries<T>(pub Vec<(Spanned<String>, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&T> {
        let found = self.0.iter().find(|(name, _)| name.value == key);
        found.map(|(_, value)| value)
    }

    /// The keys, in file order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.value.as_str())
    }

    /// Keys and values, in file order.
    pub fn iter(&self) -> impl Iterator<Item = (&Spanned<String>, &T)> {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl<T: Decode> Decode for Entries<T> {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            return cx.expected(node, "a mapping");
        };
        let mut read = Vec::with_capacity(entries.len());
        for entry in entries {
            read.push(T::decode(&entry.value, cx).map(|value| (entry.key.clone(), value)));
        }
        read.into_iter().collect::<Option<_>>().map(Self)
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}
