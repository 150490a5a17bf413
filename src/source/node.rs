//! The generic tree of a YAML file: every key and value with its span.

use super::span::{Span, Spanned};

/// A value of a file, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands. For a list or a mapping: its first line.
    pub span: Span,
}

/// A key and its value in a mapping, in file order.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: Spanned<String>,
    /// What it is set to.
    pub value: Node,
}

/// A value under the YAML 1.2 core schema.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`, and no other word.
    Bool(bool),
    /// A number, as it was written: `1.50` stays `1.50`.
    Number(String),
    /// A text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping; its keys are distinct.
    Map(Vec<Entry>),
}

impl Node {
    /// Ties a value to its place.
    pub const fn new(value: Value, span: Span) -> Self {
        Self { value, span }
    }

    /// A text that stands in no file.
    pub fn text(text: &str) -> Self {
        Self::new(Value::Text(text.to_owned()), Span::default())
    }

    /// A mapping that stands in no file.
    pub fn map(entries: Vec<Entry>) -> Self {
        Self::new(Value::Map(entries), Span::default())
    }

    /// What the value is, in a reader's words.
    pub const fn what(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries
                .iter()
                .find(|entry| entry.key.value == key)
                .map(|entry| &entry.value),
            _ => None,
        }
    }

    /// Merges `over` into this node: mappings key by key, anything else replaced.
    #[must_use]
    pub fn merged(self, over: Self) -> Self {
        match (self.value, over.value) {
            (Value::Map(mut base), Value::Map(above)) => {
                for entry in above {
                    match base.iter_mut().find(|b| b.key.value == entry.key.value) {
                        Some(slot) => {
                            let below = std::mem::replace(
                                &mut slot.value,
                                Self::new(Value::Null, over.span),
                            );
                            *slot = Entry {
                                key: entry.key,
                                value: below.merged(entry.value),
                            };
                        }
                        None => base.push(entry),
                    }
                }
                Self::new(Value::Map(base), self.span)
            }
            (_, value) => Self::new(value, over.span),
        }
    }
}

impl Entry {
    /// An entry whose key stands in no file.
    pub fn new(key: &str, value: Node) -> Self {
        Self {
            key: Spanned::new(key.to_owned(), Span::default()),
            value,
        }
    }
}

impl Value {
    /// Reads a plain (unquoted) scalar under the core schema.
    pub fn plain(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "true" | "True" | "TRUE" => Self::Bool(true),
            "false" | "False" | "FALSE" => Self::Bool(false),
            _ if is_number(text) => Self::Number(text.to_owned()),
            _ => Self::Text(text.to_owned()),
        }
    }
}

/// Whether a plain scalar is a number under the core schema.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(octal) = text.strip_prefix("0o") {
        return !octal.is_empty() && octal.bytes().all(|b| (b'0'..=b'7').contains(&b));
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit());
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    exponent_fits && digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_of_the_core_schema_are_not_text() {
        for text in [
            "yes", "No", "on", "off", "y", "1_000", "0b1", "1:30", ".", "e5", "-", "1e",
        ] {
            assert_eq!(Value::plain(text), Value::Text(text.into()), "{text}");
        }
        for text in [
            "1", "-1.50", "1e9", ".5", "5.", "0x1F", "0o17", "-.inf", ".nan", "+3",
        ] {
            assert_eq!(Value::plain(text), Value::Number(text.into()), "{text}");
        }
        assert_eq!(Value::plain("~"), Value::Null);
        assert_eq!(Value::plain("True"), Value::Bool(true));
    }
}
