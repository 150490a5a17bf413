//! The places that a rule can name.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::document::PathMap;
use crate::locator::{Locator, Place};
use crate::source::{Cx, Decode, Diagnostic, Node, Span};
use crate::xml::Test;

/// A locator of a rule, with its place in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct RulePath {
    /// The place in an answer.
    pub locator: Locator,
    /// The place in the file.
    pub span: Span,
}

impl RulePath {
    /// Whether it is a place in the answer to a grant.
    pub const fn is_of_a_token(&self) -> bool {
        self.locator.is_of_a_token()
    }
}

impl Decode for RulePath {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let locator = Locator::decode(node, cx)?;
        allowed(&locator, node.span, cx)?;
        let span = node.span;
        Some(Self { locator, span })
    }
}

/// Refuses the locators that no rule can have.
fn allowed(locator: &Locator, span: Span, cx: &mut Cx<'_>) -> Option<()> {
    let (message, help) = match locator.place() {
        Place::Status => (
            format!("`{locator}` cannot stand in a compare rule"),
            "a change of status is accepted, not ruled: accept: [{ where: status, old: 405, new: 404, because: … }]",
        ),
        Place::Token(path) | Place::Claims(path) if path == "$" => (
            format!("`{locator}` names everything"),
            "name one member: token:$.expires_in, claims:$.jti",
        ),
        _ => return Some(()),
    };
    cx.report(Diagnostic::error(cx.source, span, message).help(help))
}

impl JsonSchema for RulePath {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RulePath".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A place in an answer: $… (JSONPath), /… (XPath), header:NAME, form:NAME; of a grant: token:…, claims:…",
            "type": "string",
            "pattern": "^(\\$|/|header:.|form:.|token:.|claims:.)"
        })
    }
}

/// A place in the answer to a request: what is found in a token is compared by its contract, and has no such rule.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerPath(pub RulePath);

impl Decode for AnswerPath {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let path = RulePath::decode(node, cx)?;
        if !path.is_of_a_token() {
            return Some(Self(path));
        }
        let message = format!("`{}` cannot stand in this rule", path.locator);
        let help = "of a token answer, `ignore`, `tolerance` and `pattern` are ruled; anything else is accepted: \
                    accept: [{ where: token, path: \"$.expires_in\", because: … }]";
        cx.report(Diagnostic::error(cx.source, node.span, message).help(help))
    }
}

impl JsonSchema for AnswerPath {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AnswerPath".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A place in an answer: $… (JSONPath), /… (XPath), header:NAME, form:NAME",
            "type": "string",
            "pattern": "^(\\$|/|header:.|form:.)"
        })
    }
}

/// A list: an array by JSONPath, or an XML element by XPath, whose children are the list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPath(pub RulePath);

impl Decode for ListPath {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let path = in_body(node, cx)?;
        match path.locator.place() {
            Place::XPath(xpath) if !xpath.names_elements() => {
                let message = format!("`{}` is no list", path.locator);
                cx.error(
                    node.span,
                    message,
                    "name the element whose children are the list: /order/lines",
                )
            }
            _ => Some(Self(path)),
        }
    }
}

/// A locator of a JSON or an XML body.
fn in_body(node: &Node, cx: &mut Cx<'_>) -> Option<RulePath> {
    let path = RulePath::decode(node, cx)?;
    if matches!(path.locator.place(), Place::Json(_) | Place::XPath(_)) {
        return Some(path);
    }
    let message = format!("`{}` is not a place in a JSON or XML body", path.locator);
    cx.error(
        node.span,
        message,
        "this rule needs a JSONPath or an XPath: $.items, /order/items",
    )
}

impl JsonSchema for ListPath {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ListPath".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A JSONPath or an XPath", "type": "string", "pattern": "^(\\$|/)" })
    }
}

/// New names, each with the place that has the old one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Renames(pub Vec<(RulePath, String)>);

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Member,
    Element,
    Attribute,
}

impl Decode for Renames {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let PathMap(pairs) = PathMap::<ListOrNamed, ListOrNamed>::decode(node, cx)?;
        let mut read = Vec::with_capacity(pairs.len());
        for (ListOrNamed(old), ListOrNamed(new)) in pairs {
            let names = (named(&old, "old", cx), named(&new, "new", cx));
            let (Some((from, _)), Some((to, name))) = names else {
                read.push(None);
                continue;
            };
            if from == to {
                read.push(Some((old, name)));
                continue;
            }
            let message = "a rename is from a member to a member, an element to an element, or an attribute to an attribute";
            read.push(cx.error(
                new.span,
                message,
                "write both paths alike: /order/no: /order/number",
            ));
        }
        read.into_iter().collect::<Option<_>>().map(Self)
    }
}

impl JsonSchema for Renames {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Renames".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        PathMap::<ListPath, ListPath>::json_schema(generator)
    }
}

/// Either path of a rename, its last name not yet looked at.
struct ListOrNamed(RulePath);

impl Decode for ListOrNamed {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        in_body(node, cx).map(Self)
    }
}

/// The last name of a path, and what has it.
fn named(path: &RulePath, which: &str, cx: &mut Cx<'_>) -> Option<(Named, String)> {
    let found = match path.locator.place() {
        Place::XPath(xpath) => xpath.steps.last().and_then(|step| match &step.test {
            Test::Element(name) => Some((Named::Element, name.local.clone())),
            Test::Attribute(name) => Some((Named::Attribute, name.local.clone())),
            _ => None,
        }),
        // The old member may be any that the path names: only the new name must be written out.
        _ if which == "old" => Some((Named::Member, String::new())),
        _ => last_name(path.locator.text()).map(|name| (Named::Member, name)),
    };
    if found.is_none() {
        let message = format!("the {which} path of a rename ends in a name");
        cx.report::<()>(Diagnostic::error(cx.source, path.span, message).help(
            "write the member or element as it is called on that side: \"$.orderNo\": \"$.orderNumber\"",
        ));
    }
    found
}

/// The last name of a JSONPath that ends in `.name` or `['name']`.
fn last_name(path: &str) -> Option<String> {
    if let Some(inner) = path.strip_suffix("']") {
        return inner.rsplit_once("['").map(|(_, name)| name.to_owned());
    }
    let (_, name) = path.rsplit_once('.')?;
    let plain = !name.is_empty() && !name.contains(['[', ']', '*', '$']);
    plain.then(|| name.to_owned())
}
