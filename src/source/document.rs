//! [`document!`]: a mapping with known keys, declared once; decoder and JSON Schema follow from it.

use schemars::Schema;
use serde_json::Value as Json;

/// What the schema of a document needs beyond its fields.
pub trait Document {
    /// The document in a reader's words: "a case".
    const WHAT: &'static str;
    /// Every key that may stand in it.
    const KEYS: &'static [&'static str];
    /// The keys that must stand in it.
    const REQUIRED: &'static [&'static str];
}

/// Finishes a derived schema: lists the required keys, and leaves out defaults, which say nothing.
pub fn close_schema<D: Document>(schema: &mut Schema) {
    schema.remove("required");
    if !D::REQUIRED.is_empty() {
        schema.insert("required".into(), D::REQUIRED.to_vec().into());
    }
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        for property in properties.values_mut() {
            if let Json::Object(property) = property {
                property.remove("default");
            }
            texts_may_be_numbers(property);
        }
    }
}

/// A number is taken as the text that it is written as: `client_id: 12345`. A text of a certain form
/// has a schema of its own, with a pattern, a format or a list of words.
fn texts_may_be_numbers(schema: &mut Json) {
    let Json::Object(schema) = schema else {
        return;
    };
    let has_form = ["enum", "const", "pattern", "format"]
        .iter()
        .any(|key| schema.contains_key(*key));
    match schema.get_mut("type") {
        Some(Json::String(only)) if only == "string" && !has_form => {
            schema.insert("type".to_owned(), Json::from(vec!["string", "number"]));
        }
        Some(Json::Array(types)) if *types == ["string", "null"] && !has_form => {
            types.push("number".into());
        }
        _ => {}
    }
    for below in ["items", "additionalProperties"] {
        if let Some(below) = schema.get_mut(below) {
            texts_may_be_numbers(below);
        }
    }
    for choices in ["anyOf", "oneOf"] {
        if let Some(Json::Array(choices)) = schema.get_mut(choices) {
            choices.iter_mut().for_each(texts_may_be_numbers);
        }
    }
}

/// Declares a mapping with known keys: the struct, its [`Decode`](super::Decode) and its schema.
///
/// Each field is `required` or `optional` (the type must then be `Default`). Keys under `later` are
/// part of the format but not in force in this version: using one is an error that says so.
macro_rules! document {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident is $what:literal {
            $( $(#[$field_meta:meta])* $need:ident $field:ident : $ty:ty, )*
        }
        $( later { $( $later:literal: $why:literal ),* $(,)? } )?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields, transform = $crate::source::close_schema::<$name>)]
        $vis struct $name {
            $(
                $(#[$field_meta])*
                pub $field: $ty,
            )*
        }

        impl $crate::source::Document for $name {
            const WHAT: &'static str = $what;
            const KEYS: &'static [&'static str] = &[
                $( $crate::source::document!(@key $field) ),*
            ];
            const REQUIRED: &'static [&'static str] = {
                const MARKS: &[(bool, &str)] = &[
                    $( ($crate::source::document!(@required $need),
                        $crate::source::document!(@key $field)) ),*
                ];
                const COUNT: usize = {
                    let (mut i, mut n) = (0, 0);
                    while i < MARKS.len() {
                        if MARKS[i].0 { n += 1; }
                        i += 1;
                    }
                    n
                };
                const NAMES: [&str; COUNT] = {
                    let mut names = [""; COUNT];
                    let (mut i, mut n) = (0, 0);
                    while i < MARKS.len() {
                        if MARKS[i].0 {
                            names[n] = MARKS[i].1;
                            n += 1;
                        }
                        i += 1;
                    }
                    names
                };
                &NAMES
            };
        }

        impl $crate::source::Decode for $name {
            fn decode(
                node: &$crate::source::Node,
                cx: &mut $crate::source::Cx<'_>,
            ) -> Option<Self> {
                let $crate::source::Value::Map(entries) = &node.value else {
                    return cx.expected(node, $what);
                };
                let mut sound = true;
                // What a wrong key was meant to be is not missed too.
                let mut meant: Vec<&str> = Vec::new();
                for entry in entries {
                    let key = entry.key.value.as_str();
                    $( $(
                        if key == $later {
                            let message = format!("`{key}` is not yet in force in this version");
                            cx.error::<()>(entry.key.span, message, $why);
                            sound = false;
                            meant.extend(<Self as $crate::source::Document>::REQUIRED);
                            continue;
                        }
                    )* )?
                    let keys = <Self as $crate::source::Document>::KEYS;
                    if !keys.contains(&key) {
                        let what = concat!("key of ", $what);
                        cx.unknown::<()>(entry.key.span, what, key, keys);
                        meant.extend($crate::source::nearest(key, keys.iter().copied()));
                        sound = false;
                    }
                }
                $(
                    let $field = $crate::source::document!(
                        @field $need node cx meant ($crate::source::document!(@key $field)) $what $ty
                    );
                )*
                if !sound { return None; }
                Some(Self { $( $field: $field?, )* })
            }
        }
    };

    (@key $field:ident) => {{
        // A key that is a Rust keyword is declared as `r#key`.
        const NAME: &str = stringify!($field);
        const BARE: &str = match NAME.as_bytes() {
            [b'r', b'#', ..] => NAME.split_at(2).1,
            _ => NAME,
        };
        BARE
    }};
    (@required required) => { true };
    (@required optional) => { false };
    (@field required $node:ident $cx:ident $meant:ident ($key:expr) $what:literal $ty:ty) => {
        match $node.get($key) {
            Some(value) => <$ty as $crate::source::Decode>::decode(value, $cx),
            None if $meant.contains(&$key) => None,
            None => {
                let message = format!(concat!($what, " needs `{}`"), $key);
                $cx.error($node.span, message, concat!("missing in ", $what))
            }
        }
    };
    (@field optional $node:ident $cx:ident $meant:ident ($key:expr) $what:literal $ty:ty) => {
        match $node.get($key) {
            Some(value) => <$ty as $crate::source::Decode>::decode(value, $cx),
            None => Some(<$ty as Default>::default()),
        }
    };
}
pub(crate) use document;

#[cfg(test)]
mod tests {
    use crate::source::{Cx, Decode, Source, Spanned, parse};

    document! {
        /// A dish.
        pub(super) struct Dish is "a dish" {
            /// What it is called.
            required name: Spanned<String>,
            /// For how many.
            optional r#for: Option<u32>,
            /// What is in it.
            optional parts: Vec<String>,
        }
        later { "wine": "pairing comes later" }
    }

    fn problems(text: &str) -> Vec<String> {
        let source = Source::new("dish.yaml", text);
        let node = parse(&source).expect("YAML");
        let mut cx = Cx::new(&source);
        let dish = Dish::decode(&node, &mut cx);
        let messages: Vec<String> = cx
            .diagnostics
            .sorted()
            .iter()
            .map(|d| format!("{} ({})", d.message, d.help.as_deref().unwrap_or(&d.label)))
            .collect();
        match dish {
            Some(dish) => {
                assert!(!dish.name.is_empty() && dish.r#for.is_some() && dish.parts.is_empty());
            }
            None => assert!(!messages.is_empty()),
        }
        messages
    }

    #[test]
    fn every_problem_is_told_at_once() {
        assert_eq!(
            problems("nmae: Soup\nfor: two\nparts: [1, true]\nwine: red\n"),
            [
                "unknown key of a dish `nmae` (did you mean `name`?)",
                "expected a whole number, found a text (should be a whole number)",
                "expected a text, found a boolean (should be a text)",
                "`wine` is not yet in force in this version (pairing comes later)",
            ]
        );
        assert_eq!(problems("name: Soup\nfor: 2\n"), [""; 0]);
    }

    #[test]
    fn the_schema_says_what_the_decoder_does() {
        let schema = schemars::schema_for!(Dish);
        let json = schema.as_value();
        assert_eq!(json["required"], serde_json::json!(["name"]));
        assert_eq!(json["additionalProperties"], false);
        assert!(json["properties"].get("for").is_some());
        assert!(json["properties"].get("wine").is_none());
    }
}
