//! [`Observed`]: a value as it was on the wire, or its absence.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Characters of a value that a report carries.
const LONGEST: usize = 200;

/// What one side showed at one place. "Not there" is a variant of its own: JSON `null` is a value.
#[derive(Debug, Clone, Default)]
pub enum Observed {
    /// Nothing stands there.
    #[default]
    Absent,
    /// A JSON value, with the text that it had on the wire (`1.50` stays `1.50`).
    Value(Box<RawValue>),
}

impl Observed {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::of(&text)
    }

    /// A JSON text as it stood on the wire; a text that is not JSON becomes a JSON string.
    pub fn raw(json: &str) -> Self {
        match RawValue::from_string(json.to_owned()) {
            Ok(raw) => Self::Value(raw),
            Err(_) => Self::text(json),
        }
    }

    /// Any value that can be written as JSON.
    pub fn of(value: &impl Serialize) -> Self {
        serde_json::value::to_raw_value(value).map_or(Self::Absent, Self::Value)
    }

    /// Whether nothing stands there.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The JSON text, if something stands there.
    pub fn json(&self) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::Value(raw) => Some(raw.get()),
        }
    }

    /// What a person reads: a string without its quotes, anything else as its JSON text.
    pub fn display(&self) -> Option<Cow<'_, str>> {
        let json = self.json()?;
        Some(match serde_json::from_str::<String>(json) {
            Ok(text) => Cow::Owned(text),
            Err(_) => Cow::Borrowed(json),
        })
    }

    /// Shortens a value of more than 200 characters in its middle. Gives the bytes it had on the
    /// wire when it did. Secrets must be out before: half of one would not be recognised.
    pub fn shorten(&mut self) -> Option<u64> {
        let text = self.display()?;
        if text.chars().count() <= LONGEST {
            return None;
        }
        let bytes = text.len() as u64;
        let half = LONGEST / 2;
        let head: String = text.chars().take(half).collect();
        let tail: Vec<char> = text.chars().rev().take(half - 1).collect();
        let short: String = head
            .chars()
            .chain(['…'])
            .chain(tail.into_iter().rev())
            .collect();
        *self = Self::text(&short);
        Some(bytes)
    }
}

impl PartialEq for Observed {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl Serialize for Observed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => serializer.serialize_none(),
            Self::Value(raw) => raw.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Observed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An absent key never gets here (`serde(default)`), so whatever stands here is a value.
        Box::<RawValue>::deserialize(deserializer).map(Self::Value)
    }
}

impl JsonSchema for Observed {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Observed".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "The value as it was on the wire. Absent key: not there; null: JSON null." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_text() {
        assert_eq!(Observed::raw("1.50").json(), Some("1.50"));
        assert_eq!(Observed::raw("not json").json(), Some("\"not json\""));
        assert_eq!(Observed::text("1.50").display().as_deref(), Some("1.50"));
    }

    #[test]
    fn only_long_values_are_shortened_and_say_how_long_they_were() {
        let mut short = Observed::text(&"x".repeat(200));
        assert_eq!(short.shorten(), None);
        let mut long = Observed::text(&"é".repeat(300));
        assert_eq!(long.shorten(), Some(600));
        let text = long.display().map(|t| t.chars().count());
        assert_eq!(text, Some(200));
    }
}
