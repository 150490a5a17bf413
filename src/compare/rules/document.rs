//! The `compare:` mapping of a suite or a case as it is written.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::pattern::Pattern;
use super::tolerance::Tolerance;
use crate::locator::{Locator, Place};
use crate::regexp::Regexp;
use crate::source::{Cx, Decode, Diagnostic, Node, OneOrMany, Span, Value, document};

document! {
    /// Rules for comparing the answers of the two sides.
    #[derive(Default)]
    pub struct RulesDoc is "compare rules" {
        /// Places that do not count: a path, everything below it, and its absence.
        optional ignore: Vec<RulePath>,
        /// Arrays whose elements may stand in any order.
        optional unordered: Vec<JsonRulePath>,
        /// Arrays whose elements are matched by one or several members.
        optional keyed: PathMap<OneOrMany<String>, JsonRulePath>,
        /// How far values may differ: `0.01`, `1%`, `5s`.
        optional tolerance: PathMap<Tolerance>,
        /// What form values must have on both sides, whatever they are: a name, or a regex between slashes.
        optional pattern: PathMap<Pattern>,
        /// Members that have another name on the new side: old path: new path.
        optional rename: PathMap<NewName, JsonRulePath>,
        /// Rewritings of the old value before it is compared.
        optional rewrite: Vec<RewriteDoc>,
        /// Ids that each side makes for itself.
        optional bind: Vec<RulePath>,
    }
}

document! {
    /// A rewriting of the old value.
    pub struct RewriteDoc is "a rewrite rule" {
        /// The values that it is about.
        required path: RulePath,
        /// A regular expression on the old value.
        required from: Regexp,
        /// What stands in place of the match; `$1` is its first group.
        required to: String,
    }
}

/// A locator of a rule, with its place in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct RulePath {
    /// The place in an answer.
    pub locator: Locator,
    /// The place in the file.
    pub span: Span,
}

impl Decode for RulePath {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let locator = Locator::decode(node, cx)?;
        allowed(&locator, node.span, cx)?;
        let span = node.span;
        Some(Self { locator, span })
    }
}

/// Refuses the locators that no rule can have in this version.
fn allowed(locator: &Locator, span: Span, cx: &mut Cx<'_>) -> Option<()> {
    let help = match locator.place() {
        Place::Json(_) | Place::Header(_) | Place::Form(_) => return Some(()),
        Place::XPath(_) => {
            let message = format!("the XPath `{locator}` is not yet in force in this version");
            return cx.error(span, message, "XML bodies are compared as text for now");
        }
        Place::Status => {
            "a change of status is accepted, not ruled: accept: [{ where: status, old: 405, new: 404, because: … }]"
        }
        Place::Token(_) | Place::Claims(_) => {
            "a rule is about an answer: $…, header:NAME or form:NAME"
        }
    };
    let message = format!("`{locator}` cannot stand in a compare rule");
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
            "description": "A place in an answer: $… (JSONPath), header:NAME, form:NAME",
            "type": "string",
            "pattern": "^(\\$|header:.|form:.)"
        })
    }
}

/// A locator of a rule that only JSON can have.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonRulePath(pub RulePath);

impl Decode for JsonRulePath {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let path = RulePath::decode(node, cx)?;
        if matches!(path.locator.place(), Place::Json(_)) {
            return Some(Self(path));
        }
        let message = format!("`{}` is not a place in a JSON body", path.locator);
        cx.error(node.span, message, "this rule needs a JSONPath: $.items")
    }
}

impl JsonSchema for JsonRulePath {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "JsonRulePath".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A JSONPath", "type": "string", "pattern": "^\\$" })
    }
}

/// A mapping from places to something, in file order.
#[derive(Debug, Clone, PartialEq)]
pub struct PathMap<T, P = RulePath>(pub Vec<(P, T)>);

impl<T, P> Default for PathMap<T, P> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Decode, P: Decode> Decode for PathMap<T, P> {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            return cx.expected(node, "a mapping from places to rules");
        };
        let mut read = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = Node::new(Value::Text(entry.key.value.clone()), entry.key.span);
            let place = P::decode(&key, cx);
            let value = T::decode(&entry.value, cx);
            read.push(place.zip(value));
        }
        read.into_iter().collect::<Option<_>>().map(Self)
    }
}

impl<T: JsonSchema, P: JsonSchema> JsonSchema for PathMap<T, P> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}MapOf{}", P::schema_name(), T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        let names = generator.subschema_for::<P>();
        json_schema!({
            "type": "object",
            "propertyNames": names,
            "additionalProperties": value
        })
    }
}

/// The new path of a `rename`, of which the last name counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewName {
    /// The last name of the path.
    pub name: String,
}

impl Decode for NewName {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let JsonRulePath(path) = JsonRulePath::decode(node, cx)?;
        match last_name(path.locator.text()) {
            Some(name) => Some(Self { name }),
            None => cx.report(
                Diagnostic::error(cx.source, node.span, "the new path of a rename ends in a name")
                    .help("write the member as it is called on the new side: \"$.orderNo\": \"$.orderNumber\""),
            ),
        }
    }
}

impl JsonSchema for NewName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NewName".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        RulePath::json_schema(generator)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Rules;
    use crate::source::{Source, parse};

    fn read(text: &str) -> (Option<Rules>, Vec<String>) {
        let source = Source::new("s.yaml", text);
        let node = parse(&source).expect("YAML");
        let mut cx = Cx::new(&source);
        let doc = RulesDoc::decode(&node, &mut cx);
        let messages = cx.diagnostics.sorted();
        let messages = messages.iter().map(|d| d.message.clone()).collect();
        (doc.map(|doc| Rules::new(&doc, &source)), messages)
    }

    #[test]
    fn every_rule_has_its_file_line_and_text() {
        let (rules, messages) = read(
            "ignore: [ \"$.a\", \"header:X-Id\" ]\nunordered: [ \"$.b\" ]\nkeyed: { \"$.c\": sku, \"$.d\": [ x, y ] }\n\
             tolerance: { \"$.t\": 0.01, \"$.r\": 1%, \"$.u\": 5s }\npattern: { \"$.p\": uuid, \"$.q\": \"/^A-[0-9]+$/\" }\n\
             rename: { \"$.no\": \"$.number\" }\nrewrite: [ { path: \"$..href\", from: \"/v1/\", to: \"/v2/\" } ]\nbind: [ \"$.id\" ]\n",
        );
        assert_eq!(messages, [""; 0]);
        let ids: Vec<String> = rules
            .expect("rules")
            .ids()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            ids,
            [
                "s.yaml:1: ignore $.a",
                "s.yaml:1: ignore header:X-Id",
                "s.yaml:2: unordered $.b",
                "s.yaml:3: keyed $.c",
                "s.yaml:3: keyed $.d",
                "s.yaml:4: tolerance $.t",
                "s.yaml:4: tolerance $.r",
                "s.yaml:4: tolerance $.u",
                "s.yaml:5: pattern $.p",
                "s.yaml:5: pattern $.q",
                "s.yaml:6: rename $.no",
                "s.yaml:7: rewrite $..href",
                "s.yaml:8: bind $.id",
            ]
        );
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let (rules, messages) = read(
            "ignore: [ \"$.a[\", status, \"/order/@id\" ]\ntolerance: { \"$.t\": much }\n\
             pattern: { \"$.p\": uid, \"$.q\": \"/(/\" }\nrename: { \"$.a\": \"$.b[0]\" }\nrewrite: [ { path: \"$.x\", from: \"(\", to: y } ]\nkeyd: {}\n",
        );
        assert!(rules.is_none());
        assert_eq!(messages.len(), 9, "{messages:#?}");
        assert!(
            messages[0].starts_with("bad JSONPath `$.a[`"),
            "{messages:#?}"
        );
        assert_eq!(messages[1], "`status` cannot stand in a compare rule");
        assert_eq!(
            messages[2],
            "the XPath `/order/@id` is not yet in force in this version"
        );
        assert_eq!(messages[3], "`much` is not a tolerance");
        assert_eq!(messages[4], "unknown pattern `uid`");
        assert!(messages[5].starts_with("bad regular expression"));
        assert_eq!(messages[6], "the new path of a rename ends in a name");
        assert_eq!(messages[7], "bad regular expression: unclosed group");
        assert_eq!(messages[8], "unknown key of compare rules `keyd`");
    }
}
