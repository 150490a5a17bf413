//! Paths of JSON nodes: writing them, and finding the nodes that a JSONPath names.

use serde_json_path::{JsonPath, PathElement};
use std::collections::HashMap;

use super::parse::parse;
use super::tree::{Id, ROOT, Tree};

pub(super) use super::step::{Step, write};

/// Finds the nodes that paths name in one document.
pub(super) struct Finder<'t, 'a> {
    tree: &'t Tree<'a>,
    value: serde_json::Value,
    /// The elements of arrays that were walked through.
    elements: HashMap<Id, Vec<Id>>,
}

impl<'t, 'a> Finder<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>) -> Self {
        let value = tree.value(ROOT);
        Self {
            tree,
            value,
            elements: HashMap::new(),
        }
    }

    /// The nodes that a path names.
    pub(super) fn find(&mut self, path: &JsonPath) -> Vec<Id> {
        self.locate(path).into_iter().map(|(id, _)| id).collect()
    }

    /// The nodes that a path names, each with the steps to it.
    fn locate(&mut self, path: &JsonPath) -> Vec<(Id, Vec<Step>)> {
        let located = path.query_located(&self.value);
        let paths: Vec<_> = located.iter().map(|node| node.location().clone()).collect();
        paths
            .iter()
            .filter_map(|path| {
                let mut id = ROOT;
                let mut steps = Vec::new();
                for element in path.iter() {
                    steps.push(match element {
                        PathElement::Name(name) => Step::Name((*name).to_owned()),
                        PathElement::Index(index) => Step::Index(*index),
                    });
                    id = match element {
                        PathElement::Name(name) => self.tree.member(id, name)?,
                        PathElement::Index(index) => {
                            let tree = self.tree;
                            let elements = self
                                .elements
                                .entry(id)
                                .or_insert_with(|| tree.children(id).collect());
                            *elements.get(*index)?
                        }
                    };
                }
                Some((id, steps))
            })
            .collect()
    }
}

/// The nodes that a path names in a body: the path of each as differences have it, and its JSON text.
///
/// # Errors
/// Why the body is no JSON.
pub(in crate::compare) fn located(
    body: &[u8],
    path: &JsonPath,
) -> Result<Vec<(String, String)>, String> {
    let tree = parse(body).map_err(|error| error.to_string())?;
    let found = Finder::new(&tree).locate(path);
    let shown = |(id, steps): &(Id, Vec<Step>)| (write(steps), tree.raw(*id).to_owned());
    Ok(found.iter().map(shown).collect())
}

/// The JSON texts of the nodes that a path names in a body, in document order.
///
/// # Errors
/// Why the body is no JSON.
pub fn select(body: &[u8], path: &JsonPath) -> Result<Vec<String>, String> {
    let tree = parse(body).map_err(|error| error.to_string())?;
    let found = Finder::new(&tree).find(path);
    Ok(found.iter().map(|id| tree.raw(*id).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_short_where_they_can_be() {
        let steps = [
            Step::Name("items".into()),
            Step::Index(3),
            Step::Name("odd name".into()),
            Step::Name("it's".into()),
            Step::Name("é_1".into()),
            Step::Name("1a".into()),
            Step::Name("\u{1}".into()),
        ];
        assert_eq!(
            write(&steps),
            "$.items[3]['odd name']['it\\'s'].é_1['1a']['\\u0001']"
        );
        assert_eq!(write(&[]), "$");
    }

    #[test]
    fn values_are_selected_as_they_were_written() {
        let path = JsonPath::parse("$..price").expect("a path");
        let body = br#"{"items":[{"price":1.50},{"price":9007199254740993}]}"#;
        assert_eq!(
            select(body, &path),
            Ok(vec!["1.50".into(), "9007199254740993".into()])
        );
        assert_eq!(
            select(b"{", &path),
            Err("the end in the middle of the document at byte 1".into())
        );
    }
}
