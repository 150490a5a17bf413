//! How a document is dressed: the order of members, white space and escapes, which no parser gives to a client.

use std::collections::HashMap;

use super::tree::{Id, ROOT, Tree, Type};
use crate::pair::Pair;

/// How two documents of the same values are written otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::compare) struct Dress {
    order: bool,
    escapes: bool,
    white_space: bool,
}

impl Dress {
    /// `None` where any value differs, a number's notation too, or nothing does.
    pub(super) fn of(trees: Pair<&Tree<'_>>) -> Option<Self> {
        let mut dress = Self::default();
        if trees.old.text == trees.new.text || !dress.is_all(trees, ROOT, ROOT) {
            return None;
        }
        let spaces = trees.map(|tree| white_space(tree.text));
        dress.white_space = spaces.old != spaces.new || !(dress.order || dress.escapes);
        Some(dress)
    }

    /// What is otherwise, in words.
    pub(in crate::compare) fn words(self) -> String {
        let all = [
            (self.order, "members in another order"),
            (self.white_space, "other white space"),
            (self.escapes, "other escapes"),
        ];
        let all: Vec<&str> = all.iter().filter(|(is, _)| *is).map(|it| it.1).collect();
        match all.as_slice() {
            [head @ .., last] if !head.is_empty() => format!("{} and {last}", head.join(", ")),
            all => all.concat(),
        }
    }

    /// Whether dress is all that differs between two values.
    fn is_all(&mut self, trees: Pair<&Tree<'_>>, old: Id, new: Id) -> bool {
        if trees.old.raw(old) == trees.new.raw(new) {
            return true;
        }
        let what = trees.old.what(old);
        if what != trees.new.what(new) {
            return false;
        }
        match what {
            Type::Object => self.is_all_of_members(trees, old, new),
            Type::Array => {
                let children = Pair::new(trees.old.children(old), trees.new.children(new));
                let children = children.map(Iterator::collect::<Vec<Id>>);
                let mut pairs = children.old.iter().zip(&children.new);
                children.old.len() == children.new.len()
                    && pairs.all(|(old, new)| self.is_all(trees, *old, *new))
            }
            Type::Text => {
                self.escapes = true;
                trees.old.string(old) == trees.new.string(new)
            }
            Type::Null | Type::Bool | Type::Number => false,
        }
    }

    fn is_all_of_members(&mut self, trees: Pair<&Tree<'_>>, old: Id, new: Id) -> bool {
        let members = Pair::new(trees.old.children(old), trees.new.children(new));
        let members = members.map(Iterator::collect::<Vec<Id>>);
        if members.old.len() != members.new.len() {
            return false;
        }
        let mut pairs = members.old.iter().zip(&members.new);
        if pairs.all(|(old, new)| trees.old.key(*old) == trees.new.key(*new)) {
            let mut pairs = members.old.iter().zip(&members.new);
            return pairs.all(|(old, new)| self.is_all_of_one(trees, *old, *new));
        }
        self.order = true;
        // The last of a name that stands twice is taken first on both sides.
        let mut left: HashMap<_, Vec<Id>> = HashMap::with_capacity(members.new.len());
        for id in &members.new {
            left.entry(trees.new.key(*id)).or_default().push(*id);
        }
        members.old.iter().rev().all(|old| {
            let new = left.get_mut(&trees.old.key(*old)).and_then(Vec::pop);
            new.is_some_and(|new| self.is_all_of_one(trees, *old, new))
        })
    }

    /// Two members of one name.
    fn is_all_of_one(&mut self, trees: Pair<&Tree<'_>>, old: Id, new: Id) -> bool {
        self.escapes |= trees.old.raw_key(old) != trees.new.raw_key(new);
        self.is_all(trees, old, new)
    }
}

/// The bytes of a JSON text that stand between its tokens.
fn white_space(text: &str) -> usize {
    let (mut count, mut quoted, mut escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b' ' | b'\t' | b'\n' | b'\r' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn dress(old: &str, new: &str) -> Option<String> {
        let trees = Pair::new(old, new).map(|text| parse::parse(text.as_bytes()).expect("JSON"));
        let there = Dress::of(trees.as_ref()).map(Dress::words);
        let back = Pair::new(&trees.new, &trees.old);
        assert_eq!(Dress::of(back).map(Dress::words), there, "{old} {new}");
        there
    }

    #[test]
    fn what_is_written_otherwise_is_named() {
        let table = [
            (
                r#"{"a":1,"b":[2]}"#,
                r#"{"b":[2],"a":1}"#,
                "members in another order",
            ),
            (r#"{"a":1}"#, "{ \"a\" :\n1}", "other white space"),
            (r#"["é/","\\ "]"#, r#"["\u00E9\/","\\ "]"#, "other escapes"),
            (r#"{"é":1}"#, r#"{"\u00e9":1}"#, "other escapes"),
            (
                r#"{"a":"x","b":"é"}"#,
                r#"{ "b": "\u00e9", "a": "x" }"#,
                "members in another order, other white space and other escapes",
            ),
            (
                r#"{"a":1,"a":2,"b":3}"#,
                r#"{"b":3,"a":1,"a":2}"#,
                "members in another order",
            ),
        ];
        for (old, new, words) in table {
            assert_eq!(dress(old, new).as_deref(), Some(words), "{old} {new}");
        }
    }

    #[test]
    fn other_values_are_no_dress() {
        let table = [
            ("[1]", "[1]"),
            ("[1]", "[1.0]"),
            ("[1.50]", "[1.5]"),
            ("[1,2]", "[2,1]"),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#),
            (r#"{"a":1,"a":2,"b":3}"#, r#"{"b":3,"a":2,"a":1}"#),
            (r#"{"a":null}"#, r#"{"b":null}"#),
            (r#"["\ud800"]"#, r#"["\ud801"]"#),
            (r#"{"b":1,"a":2}"#, r#"{"a":1,"b":2}"#),
        ];
        for (old, new) in table {
            assert_eq!(dress(old, new), None, "{old} {new}");
        }
    }
}
