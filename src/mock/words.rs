//! Values of a double's file that are neither text nor mapping: words from a list, durations.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;

use crate::source::{Cx, Decode, Node, Value};

/// Declares an enum whose values are the words of a list: decoder and JSON Schema follow from it.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident is $what:literal {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
        }

        impl $name {
            /// Every word, in the order of declaration.
            pub const WORDS: &'static [&'static str] = &[ $( $word ),* ];

            /// The word as it stands in a file.
            pub const fn word(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )*
                }
            }
        }

        impl $crate::source::Decode for $name {
            fn decode(
                node: &$crate::source::Node,
                cx: &mut $crate::source::Cx<'_>,
            ) -> Option<Self> {
                // A number's source text counts too: `http: [1.1, 2]`.
                let ($crate::source::Value::Text(text) | $crate::source::Value::Number(text)) =
                    &node.value
                else {
                    return cx.expected(node, $what);
                };
                match text.as_str() {
                    $( $word => Some(Self::$variant), )*
                    _ => cx.unknown(node.span, $what, text, Self::WORDS),
                }
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let words: Vec<serde_json::Value> = Self::WORDS
                    .iter()
                    .flat_map(|word| {
                        let number = word.parse::<f64>().ok().map(serde_json::Value::from);
                        std::iter::once(serde_json::Value::from(*word)).chain(number)
                    })
                    .collect();
                schemars::json_schema!({ "enum": words })
            }
        }
    };
}
pub(crate) use words;

/// A length of time: `500ms`, `2s`, `5m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span(pub Duration);

impl Span {
    /// Reads `500ms`, `2s` or `5m`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let (count, unit) = text.split_at(digits);
        let count: u64 = count.parse().ok()?;
        let millis = match unit {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            _ => return None,
        };
        Some(Self(Duration::from_millis(count.checked_mul(millis)?)))
    }
}

impl Decode for Span {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let read = match &node.value {
            Value::Text(text) => Self::parse(text),
            _ => None,
        };
        match read {
            Some(span) => Some(span),
            None => cx.expected(node, "a duration such as 500ms, 2s or 5m"),
        }
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]+(ms|s|m)$" })
    }
}

/// A text that is shown as a mark: the secrets of doubles are test values, their users' may not be.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Hidden(String);

impl Hidden {
    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl Decode for Hidden {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        String::decode(node, cx).map(Self)
    }
}

impl JsonSchema for Hidden {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<String>()
    }
}

/// A word of the results format: a [`Where`](crate::results::Where) or a
/// [`Kind`](crate::results::Kind).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultWord<T>(pub T);

impl<T: DeserializeOwned> Decode for ResultWord<T> {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return cx.expected(node, "a word of the results format");
        };
        match serde_json::from_value(text.as_str().into()) {
            Ok(word) => Some(Self(word)),
            Err(_) => cx.error(
                node.span,
                format!("`{text}` is no word of the results format here"),
                "see `cutover schema results`",
            ),
        }
    }
}

impl<T: JsonSchema> JsonSchema for ResultWord<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_needs_its_unit() {
        let millis = |text| Span::parse(text).map(|span| span.0.as_millis());
        assert_eq!(millis("500ms"), Some(500));
        assert_eq!(millis("2s"), Some(2000));
        assert_eq!(millis("5m"), Some(300_000));
        for bad in ["", "5", "s", "1.5s", "2 s", "-1s", "99999999999999999999s"] {
            assert_eq!(millis(bad), None, "{bad}");
        }
    }
}
