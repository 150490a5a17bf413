//! The `compare:` mapping of a suite or a case as it is written.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::pattern::Pattern;
use super::place::{AnswerPath, ListPath, Renames, RulePath};
use super::tolerance::Tolerance;
use crate::plural::plural;
use crate::regexp::Regexp;
use crate::source::{Cx, Decode, Node, OneOrMany, Spanned, Value, document};

document! {
    /// Rules for comparing the answers of the two sides.
    #[derive(Default)]
    pub struct RulesDoc is "compare rules" {
        /// Places that do not count: a path, everything below it, and its absence.
        optional ignore: Vec<RulePath>,
        /// Arrays, or XML elements, whose elements may stand in any order.
        optional unordered: Vec<ListPath>,
        /// Arrays whose elements are matched by one or several members; XML elements whose elements are
        /// matched by attributes (`@id`) or elements (`id`).
        optional keyed: PathMap<OneOrMany<String>, ListPath>,
        /// How far values may differ: `0.01`, `1%`, `5s`.
        optional tolerance: PathMap<Tolerance>,
        /// What form values must have on both sides, whatever they are: a name, or a regex between slashes.
        optional pattern: PathMap<Pattern>,
        /// Members, elements or attributes that have another name on the new side: old path: new path.
        optional rename: Renames,
        /// Rewritings of the old value before it is compared.
        optional rewrite: Vec<RewriteDoc>,
        /// Ids that each side makes for itself.
        optional bind: Vec<AnswerPath>,
    }
}

impl RulesDoc {
    /// The places that rules name which hold for a grant too.
    pub(crate) fn places(&self) -> impl Iterator<Item = &RulePath> {
        let tolerated = self.tolerance.0.iter().map(|(path, _)| path);
        let formed = self.pattern.0.iter().map(|(path, _)| path);
        self.ignore.iter().chain(tolerated).chain(formed)
    }
}

document! {
    /// A rewriting of the old value.
    pub struct RewriteDoc is "a rewrite rule" {
        /// The values that it is about.
        required path: AnswerPath,
        /// A regular expression on the old value.
        required from: Regexp,
        /// What stands in place of the match; `$1` is its first group.
        required to: Spanned<String>,
    }
}

impl RulesDoc {
    /// Reports what can be seen only where two keys of a rule are held beside each other.
    pub fn check(&self, cx: &mut Cx<'_>) {
        for rewrite in &self.rewrite {
            for group in unknown_groups(&rewrite.to, &rewrite.from.0) {
                let message =
                    format!("`from` has no group `{group}`: nothing would stand in its place");
                let groups = rewrite.from.0.captures_len() - 1;
                let label = match groups {
                    0 => {
                        "`from` has no group: put one in parentheses, or write $$ for a dollar sign"
                            .to_owned()
                    }
                    _ => format!(
                        "it has {}; write ${{1}}x where a letter, a digit or _ follows, and $$ for a dollar sign",
                        plural(groups, "group")
                    ),
                };
                cx.error::<()>(rewrite.to.span, message, &label);
            }
        }
    }
}

/// The groups that a replacement names and an expression lacks, read as the `regex` crate reads them: `$name` takes
/// as many letters, digits and underscores as there are, `${name}` what is in the braces.
fn unknown_groups(to: &str, from: &regex::Regex) -> Vec<String> {
    let mut unknown = Vec::new();
    let mut rest = to;
    while let Some((_, after)) = rest.split_once('$') {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (name, behind) = match after.strip_prefix('{') {
            Some(inner) => inner.split_once('}').unwrap_or(("", inner)),
            None => after.split_at(after.find(|c| !is_name(c)).unwrap_or(after.len())),
        };
        let known = match name.parse::<usize>() {
            Ok(at) => at < from.captures_len(),
            Err(_) => from.capture_names().flatten().any(|own| own == name),
        };
        if !known && !name.is_empty() {
            unknown.push(name.to_owned());
        }
        rest = behind
            .strip_prefix('$')
            .filter(|_| name.is_empty())
            .unwrap_or(behind);
    }
    unknown
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
    fn rules_by_xpath_are_read_where_they_make_sense() {
        let (rules, messages) = read(
            "ignore: [ \"//at\" ]\nunordered: [ /tags ]\nkeyed: { /lines: \"@sku\" }\n\
             rename: { /o/no: /o/number, \"/o/@a\": \"/o/@b\" }\nbind: [ \"//@id\" ]\n",
        );
        assert_eq!(messages, [""; 0]);
        assert_eq!(rules.expect("rules").ids().count(), 6);
        let (_, messages) = read(
            "unordered: [ \"/a/@x\" ]\nkeyed: { \"/a/text()\": id, \"form:a\": id }\n\
             rename: { /a/b: \"$.b\", \"/a/@b\": /a/b, \"/a/*\": /a/b, /a/c: \"/a/*\" }\n",
        );
        assert_eq!(
            messages,
            [
                "`/a/@x` is no list",
                "`/a/text()` is no list",
                "`form:a` is not a place in a JSON or XML body",
                "a rename is from a member to a member, an element to an element, or an attribute to an attribute",
                "a rename is from a member to a member, an element to an element, or an attribute to an attribute",
                "the old path of a rename ends in a name",
                "the new path of a rename ends in a name",
            ]
        );
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let (rules, messages) = read(
            "ignore: [ \"$.a[\", status, \"/x:order\" ]\ntolerance: { \"$.t\": much }\n\
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
            "bad XPath `/x:order`: its prefix is not among the `namespaces` of the suite; a name without one fits in any namespace"
        );
        assert_eq!(messages[3], "`much` is not a tolerance");
        assert_eq!(messages[4], "unknown pattern `uid`");
        assert!(messages[5].starts_with("bad regular expression"));
        assert_eq!(messages[6], "the new path of a rename ends in a name");
        assert_eq!(messages[7], "bad regular expression: unclosed group");
        assert_eq!(messages[8], "unknown key of compare rules `keyd`");
    }
}
