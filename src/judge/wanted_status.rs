//! What a status must be: a code, or a class of codes.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Diagnostic, Node, Value};

/// A status code, or a class of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// This code.
    Code(u16),
    /// Every code of this class: 2 is `2xx`.
    Class(u16),
}

impl Status {
    pub(super) const fn takes(self, status: u16) -> bool {
        match self {
            Self::Code(code) => code == status,
            Self::Class(class) => class == status / 100,
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Class(class) => write!(f, "{class}xx"),
        }
    }
}

impl Decode for Status {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let (Value::Text(text) | Value::Number(text)) = &node.value else {
            return cx.expected(node, "a status such as 200 or 2xx");
        };
        let code = text.parse().ok().filter(|code| (100..600).contains(code));
        let class = match text.as_bytes() {
            [digit @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Some(u16::from(digit - b'0')),
            _ => None,
        };
        match (code, class) {
            (Some(code), _) => Some(Self::Code(code)),
            (_, Some(class)) => Some(Self::Class(class)),
            _ => cx.report(
                Diagnostic::error(cx.source, node.span, format!("`{text}` is not a status"))
                    .help("write a code from 100 to 599, or a class: 2xx"),
            ),
        }
    }
}

impl JsonSchema for Status {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Status".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "integer", "minimum": 100, "maximum": 599 },
            { "type": "string", "pattern": "^([1-5][xX]{2}|[1-5][0-9]{2})$" }
        ] })
    }
}
