//! Paths of names and indices alone, such as `$.meta.at` or `$.items[0]['odd name']`. They name one node at
//! most, and finding it asks for no node beside the way there.

use super::tree::{Id, ROOT, Tree, Type};

/// A path of names and indices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named<'p>(Vec<Step<'p>>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step<'p> {
    Name(&'p str),
    Index(usize),
}

impl<'p> Named<'p> {
    /// Reads a JSONPath that is sound (RFC 9535); none for one with other selectors, with escapes, or
    /// with white space in it.
    pub(super) fn read(path: &'p str) -> Option<Self> {
        let mut rest = path.strip_prefix('$')?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, behind) = match rest.strip_prefix('.') {
                Some(name) => shorthand(name)?,
                None => bracket(rest.strip_prefix('[')?)?,
            };
            steps.push(step);
            rest = behind;
        }
        Some(Self(steps))
    }

    /// The node that it names. Of members of one name it is the last, as for every path.
    pub(super) fn find(&self, tree: &Tree<'_>) -> Option<Id> {
        self.0
            .iter()
            .try_fold(ROOT, |id, step| match (step, tree.what(id)) {
                (Step::Name(name), Type::Object) => tree.member(id, name),
                (Step::Index(index), Type::Array) => tree.children(id).nth(*index),
                _ => None,
            })
    }
}

/// A name behind a dot (`member-name-shorthand`), and what stands behind it.
fn shorthand(text: &str) -> Option<(Step<'_>, &str)> {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    let end = text.find(|c: char| !first(c) && !c.is_ascii_digit());
    let (name, behind) = text.split_at_checked(end.unwrap_or(text.len()))?;
    name.starts_with(first)
        .then_some((Step::Name(name), behind))
}

/// What stands in brackets, behind the first of them, and what stands behind the last.
fn bracket(text: &str) -> Option<(Step<'_>, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'));
    if let Some(quote) = quote {
        let (name, behind) = text.get(1..)?.split_once(quote)?;
        let behind = behind.strip_prefix(']')?;
        return (!name.contains('\\')).then_some((Step::Name(name), behind));
    }
    let (index, behind) = text.split_once(']')?;
    let digits = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    let index = index.parse().ok().filter(|_| digits)?;
    Some((Step::Index(index), behind))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json_path::JsonPath;

    use super::super::generated::document;
    use super::super::mutations::text;
    use super::super::parse::{folded, parse};
    use super::super::path::{Finder, located};
    use super::*;

    #[test]
    fn other_selectors_are_left_to_the_whole_of_rfc_9535() {
        for path in [
            "$",
            "$.a",
            "$.a_1.b",
            "$['a b']",
            "$[\"it's\"][0]",
            "$.é[12].x",
        ] {
            assert!(JsonPath::parse(path).is_ok(), "{path}");
            assert!(Named::read(path).is_some(), "{path}");
        }
        for path in [
            "$.*",
            "$[*]",
            "$..a",
            "$[-1]",
            "$[0:1]",
            "$[0,1]",
            "$['a','b']",
            "$[?@.a]",
            "$ .a",
            "$[ 0 ]",
            "$['it\\'s']",
        ] {
            assert!(JsonPath::parse(path).is_ok(), "{path}");
            assert_eq!(Named::read(path), None, "{path}");
        }
    }

    #[test]
    fn the_last_of_one_name_is_named() {
        let tree = parse(br#"{"a":1,"a":{"b":[7,8]},"c":{"0":1}}"#).expect("JSON");
        let raw = |path: &str| {
            let id = Named::read(path).expect("named").find(&tree);
            id.map(|id| tree.raw(id))
        };
        assert_eq!(raw("$.a.b[1]"), Some("8"));
        assert_eq!(raw("$.a.b[2]"), None);
        assert_eq!(raw("$.c[0]"), None);
        assert_eq!(raw("$.a.b.c"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// What is found in a document whose nodes were not made is what the whole of RFC 9535 finds.
        #[test]
        fn a_named_path_names_what_every_path_does(
            document in document(), place in any::<Index>(), beside: bool,
        ) {
            let body = text(&document, false);
            let whole = parse(body.as_bytes()).expect("JSON");
            let some: Vec<(String, String)> = located(body.as_bytes(), &JsonPath::parse("$..*").expect("a path")).expect("JSON");
            let mut path = some.get(place.index(some.len().max(1))).map_or("$".to_owned(), |(path, _)| path.clone());
            if beside { path.push_str(".none"); }
            let Some(named) = Named::read(&path) else { return Ok(()); };
            let rfc = JsonPath::parse(&path).expect("a path");
            let expected: Vec<&str> = Finder::new(&whole).find(&rfc).into_iter().map(|id| whole.raw(id)).collect();
            let tree = folded(body.as_bytes()).expect("JSON");
            let found: Vec<&str> = named.find(&tree).into_iter().map(|id| tree.raw(id)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
