//! [`SuiteFile`]: a suite as its file has it: with cases, or with a client program.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::client_suite::ClientSuiteDoc;
use super::doc::SuiteDoc;
use crate::source::{Cx, Decode, Node};

/// A suite: with cases, or with a client program.
#[derive(Debug, Clone)]
pub enum SuiteFile {
    /// Cases that are done on both sides.
    Cases(Box<SuiteDoc>),
    /// A program that is put through token profiles.
    Client(Box<ClientSuiteDoc>),
}

impl SuiteFile {
    /// Whether a tree is that of a client suite.
    pub(super) fn is_client(node: &Node) -> bool {
        node.get("client").is_some()
    }
}

impl Decode for SuiteFile {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        if !Self::is_client(node) {
            return SuiteDoc::decode(node, cx).map(|doc| Self::Cases(Box::new(doc)));
        }
        if let Some(cases) = node.get("cases") {
            let message = "a suite has `cases` or `client`, not both";
            return cx.error(cases.span, message, "put them into a file of their own");
        }
        ClientSuiteDoc::decode(node, cx).map(|doc| Self::Client(Box::new(doc)))
    }
}

impl JsonSchema for SuiteFile {
    fn schema_name() -> Cow<'static, str> {
        "Suite".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let cases = generator.subschema_for::<SuiteDoc>();
        let client = generator.subschema_for::<ClientSuiteDoc>();
        json_schema!({
            "description": "A suite: with cases, or with a client program.",
            "anyOf": [cases, client]
        })
    }
}
