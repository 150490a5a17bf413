//! [`VarDoc`]: a variable as `vars:` gives it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::pair::{Pair, Side};
use crate::source::{Cx, Decode, Node, Value};
use crate::template::Scalar;

/// A variable of `vars:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VarDoc {
    /// `null`: somebody must give it.
    Required,
    /// The same value on both sides, or one for each.
    Given(Pair<Scalar>),
}

impl VarDoc {
    /// The value on a side.
    pub const fn on(&self, side: Side) -> Option<&Scalar> {
        match (self, side) {
            (Self::Required, _) => None,
            (Self::Given(pair), Side::Old) => Some(&pair.old),
            (Self::Given(pair), Side::New) => Some(&pair.new),
        }
    }
}

impl Decode for VarDoc {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match &node.value {
            Value::Null => Some(Self::Required),
            Value::Map(entries) => {
                let (Some(old), Some(new), 2) = (node.get("old"), node.get("new"), entries.len())
                else {
                    let message = "a mapping as a variable has exactly the keys `old` and `new`";
                    return cx.error(node.span, message, "one value for each side");
                };
                let (old, new) = (Scalar::decode(old, cx), Scalar::decode(new, cx));
                Some(Self::Given(Pair::new(old?, new?)))
            }
            _ => Scalar::decode(node, cx).map(|value| Self::Given(Pair::both(value))),
        }
    }
}

impl JsonSchema for VarDoc {
    fn schema_name() -> Cow<'static, str> {
        "Variable".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let scalar = generator.subschema_for::<Scalar>();
        json_schema!({
            "description": "A value, one value per side, or null: must be given",
            "anyOf": [scalar, {
                "type": "object",
                "properties": { "old": scalar, "new": scalar },
                "required": ["old", "new"],
                "additionalProperties": false
            }]
        })
    }
}
