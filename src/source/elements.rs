//! [`Elements`]: a file whose last keys are long lists, read one element at a time.

use std::fmt;
use std::sync::Arc;

use saphyr_parser::Event;

use super::node::{Entry, Node, Value};
use super::span::Source;
use super::yaml::Builder;

/// The elements of the lists that end a file: what stands before them is read whole, they are not.
///
/// This is the short way for what is sound. A file of another form, or with a mistake in it, is read as a
/// whole by [`parse`](super::parse), which says what is wrong.
pub struct Elements<'a> {
    builder: Builder<'a>,
    lists: &'static [&'static str],
    /// What was read of the top mapping; a list whose elements come one by one is empty in it.
    entries: Vec<Entry>,
    over: bool,
}

impl fmt::Debug for Elements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &mut f.debug_struct("Elements");
        shown.field("lists", &self.lists).finish_non_exhaustive()
    }
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// An element of the list that has this key.
    Element(&'static str, Node),
    /// The end of the file.
    End,
    /// Something that this way of reading does not go on with.
    Other,
}

impl<'a> Elements<'a> {
    /// Reads a file up to the first of the lists. None where there is no such list.
    pub fn open(source: &'a Arc<Source>, lists: &'static [&'static str]) -> Option<Self> {
        let mut builder = Builder::new(source);
        let (Event::StreamStart, _) = builder.next().ok()? else {
            return None;
        };
        let (Event::DocumentStart(_), _) = builder.next().ok()? else {
            return None;
        };
        let (Event::MappingStart(0, None), _) = builder.next().ok()? else {
            return None;
        };
        let mut elements = Self {
            builder,
            lists,
            entries: Vec::new(),
            over: false,
        };
        elements.up_to_a_list()?.then_some(elements)
    }

    /// The top mapping as far as it was read, its lists without elements.
    pub fn head(&self) -> Node {
        let span = self.entries.first().map(|entry| entry.key.span);
        Node::new(Value::Map(self.entries.clone()), span.unwrap_or_default())
    }

    fn read_on(&mut self) -> Option<Next> {
        loop {
            let (event, mark) = self.builder.next().ok()?;
            if event != Event::SequenceEnd {
                let element = self.builder.node(event, mark, 2).ok()?;
                return Some(Next::Element(self.list()?, element));
            }
            let read = self.entries.len();
            let found = self.up_to_a_list()?;
            if self.entries.len() > read + usize::from(found) {
                // A key between two lists, or behind them: who has the head did not see it.
                return None;
            }
            if !found {
                return self.ends().then_some(Next::End);
            }
        }
    }

    /// The key of the list that is being read.
    fn list(&self) -> Option<&'static str> {
        let key = &self.entries.last()?.key.value;
        self.lists.iter().find(|list| **list == key).copied()
    }

    /// Reads entries of the top mapping up to the start of the next list. False at the mapping's end.
    fn up_to_a_list(&mut self) -> Option<bool> {
        loop {
            let (event, mark) = self.builder.next().ok()?;
            if event == Event::MappingEnd {
                return Some(false);
            }
            let key = self.builder.key(&event, mark).ok()?;
            self.builder.check_new(&key, &self.entries).ok()?;
            let is_list = self.lists.contains(&key.value.as_str());
            let (event, mark) = self.builder.next().ok()?;
            let begins = is_list && event == Event::SequenceStart(0, None);
            let value = if begins {
                Node::new(Value::List(Vec::new()), key.span)
            } else {
                self.builder.node(event, mark, 1).ok()?
            };
            self.entries.push(Entry { key, value });
            if begins {
                return Some(true);
            }
        }
    }

    /// Whether nothing more is in the file.
    fn ends(&mut self) -> bool {
        let mut next = || self.builder.next().ok().map(|(event, _)| event);
        next() == Some(Event::DocumentEnd) && next() == Some(Event::StreamEnd)
    }
}

impl Iterator for Elements<'_> {
    type Item = Next;

    /// The elements, and then once how it ended.
    fn next(&mut self) -> Option<Next> {
        if self.over {
            return None;
        }
        let next = self.read_on().unwrap_or(Next::Other);
        self.over = !matches!(next, Next::Element(..));
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::parse;

    const LISTS: &[&str] = &["cases", "cleanup"];

    /// The head, and each list's elements; none where the file is not read this way.
    fn read(text: &str) -> Option<(Node, Vec<(&'static str, Node)>)> {
        let source = Source::new("test.yaml", text);
        let elements = Elements::open(&source, LISTS)?;
        let head = elements.head();
        let mut all = Vec::new();
        for next in elements {
            match next {
                Next::Element(list, node) => all.push((list, node)),
                Next::End => return Some((head, all)),
                Next::Other => return None,
            }
        }
        None
    }

    #[test]
    fn elements_are_those_of_the_whole_tree() {
        for text in [
            "name: n\ncases:\n  - a: &x [1, 2]\n    b: two\n  - c: *x\n",
            "name: n\ncases: [{ a: 1 }, 2]\ncleanup:\n- é: ü\n- b\n",
            "---\nname: n\ncases: []\n...\n",
        ] {
            let (head, read) = read(text).expect("a sound file");
            let whole = parse(&Source::new("test.yaml", text)).expect("YAML");
            assert_eq!(head.get("name"), whole.get("name"));
            for list in LISTS {
                let elements = read.iter().filter(|(of, _)| of == list);
                let elements: Vec<&Node> = elements.map(|(_, node)| node).collect();
                let written = whole.get(list).map(|node| match &node.value {
                    Value::List(items) => items.iter().collect(),
                    _ => Vec::new(),
                });
                assert_eq!(elements, written.unwrap_or_default(), "{text}");
            }
        }
    }

    #[test]
    fn what_has_another_form_or_a_mistake_is_left_to_the_whole_reading() {
        for text in [
            "",
            "- a\n",
            "name: n\n",
            "cases: 3\n",
            "cases:\n  - a\nname: n\n",
            "cases:\n  - a\nvars: {}\ncleanup:\n  - b\n",
            "cases:\n  - a\ncases:\n  - b\n",
            "cases:\n  - a\n---\nname: n\n",
            "cases:\n  - a: 1\n    a: 2\n",
            "cases:\n  - 'a\n",
            "cases: &all\n  - a\n",
            "cases:\n  - *gone\n",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
