//! YAML text to a [`Node`] tree. This file and [`elements`](super::elements) see the YAML parser, no other.

use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Mark, Tag};

use super::diagnostic::Diagnostic;
use super::node::{Entry, Node, Value};
use super::span::{Source, Span, Spanned};

/// Nodes that one file may make, aliases counted each time they are used.
const MAX_NODES: usize = 2_000_000;
/// Lists and mappings that may stand inside each other.
const MAX_DEPTH: usize = 128;

/// Reads one YAML document.
///
/// # Errors
/// The first syntax error, duplicate key or key that is not a text: it ends its file. An empty
/// file is `null`.
pub fn parse(source: &Arc<Source>) -> Result<Node, Box<Diagnostic>> {
    Builder::new(source).document()
}

/// Makes nodes of the parser's events.
pub(super) struct Builder<'a> {
    source: &'a Arc<Source>,
    offsets: Offsets,
    anchors: Vec<(usize, Node)>,
    nodes: usize,
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
}

pub(super) type Read<T> = Result<T, Box<Diagnostic>>;

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a Arc<Source>) -> Self {
        Self {
            source,
            offsets: Offsets::of(&source.text),
            anchors: Vec::new(),
            nodes: 0,
            events: Parser::new_from_str(&source.text),
        }
    }

    fn document(&mut self) -> Read<Node> {
        let mut root = None;
        loop {
            let (event, mark) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(_) if root.is_some() => {
                    return self.fail(mark, "a second document in the file", "starts here");
                }
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd => {}
                event => root = Some(self.node(event, mark, 0)?),
            }
        }
        Ok(root.unwrap_or(Node::new(Value::Null, Span::default())))
    }

    pub(super) fn next(&mut self) -> Read<(Event<'a>, Mark)> {
        match self.events.next_event() {
            Some(Ok(pair)) => Ok(pair),
            Some(Err(error)) => {
                let at = self.offsets.byte(error.marker().index());
                let message = format!("this is not YAML: {}", error.info());
                let hint = if error.info().contains("tab") {
                    "indent with blanks, not with tabs"
                } else {
                    "check the indentation and the quotes of this line and the one above"
                };
                let diagnostic = Diagnostic::error(self.source, self.clamp(at), message).help(hint);
                Err(Box::new(diagnostic))
            }
            None => Ok((Event::StreamEnd, Mark::default())),
        }
    }

    pub(super) fn node(&mut self, event: Event<'a>, mark: Mark, depth: usize) -> Read<Node> {
        self.count(mark, depth)?;
        let span = self.span(mark);
        let (anchor, node) = match event {
            Event::Alias(id) => (0, self.alias(id, mark)?),
            Event::Scalar(text, style, anchor, tag) => {
                let value = self.scalar(&text, style, tag.as_deref(), mark)?;
                (anchor, Node::new(value, span))
            }
            Event::SequenceStart(anchor, _) => (anchor, self.list(span, depth)?),
            Event::MappingStart(anchor, _) => (anchor, self.map(span, depth)?),
            _ => return self.fail(mark, "this is not YAML", "a value was expected here"),
        };
        if anchor != 0 {
            self.anchors.push((anchor, node.clone()));
        }
        Ok(node)
    }

    fn count(&mut self, mark: Mark, depth: usize) -> Read<()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return self.fail(mark, "the file is too large", "more than 2,000,000 values");
        }
        if depth > MAX_DEPTH {
            return self.fail(mark, "nested too deeply", "more than 128 levels");
        }
        Ok(())
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>, mark: Mark) -> Read<Value> {
        match tag.map(|tag| (tag.handle.as_str(), tag.suffix.as_str())) {
            None if style == ScalarStyle::Plain => Ok(Value::plain(text)),
            None | Some((_, "str" | "!")) => Ok(Value::Text(text.to_owned())),
            Some(_) => self.fail(mark, "tags are not used here", "take the tag away"),
        }
    }

    fn alias(&mut self, id: usize, mark: Mark) -> Read<Node> {
        let found = self.anchors.iter().rev().find(|(anchor, _)| *anchor == id);
        let Some(node) = found.map(|(_, node)| node.clone()) else {
            return self.fail(
                mark,
                "an alias to itself",
                "its anchor is not complete here",
            );
        };
        self.nodes += size(&node);
        self.count(mark, 0)?;
        Ok(node)
    }

    fn list(&mut self, start: Span, depth: usize) -> Read<Node> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => break,
                (event, mark) => items.push(self.node(event, mark, depth + 1)?),
            }
        }
        let span = items.first().map_or(start, |first: &Node| Span {
            start: start.start.min(first.span.start),
            end: first.span.end,
        });
        Ok(Node::new(Value::List(items), span))
    }

    fn map(&mut self, start: Span, depth: usize) -> Read<Node> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (event, mark) = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let key = self.key(&event, mark)?;
            self.check_new(&key, &entries)?;
            let (event, mark) = self.next()?;
            let value = self.node(event, mark, depth + 1)?;
            entries.push(Entry { key, value });
        }
        let span = entries.first().map_or(start, |entry| entry.key.span);
        Ok(Node::new(Value::Map(entries), span))
    }

    /// Refuses a key that stands in its mapping already.
    pub(super) fn check_new(&self, key: &Spanned<String>, entries: &[Entry]) -> Read<()> {
        let Some(first) = entries.iter().find(|entry| entry.key.value == key.value) else {
            return Ok(());
        };
        let line = self.source.line(first.key.span.start);
        let message = format!("the key `{}` stands twice", key.value);
        let diagnostic = Diagnostic::error(self.source, key.span, message);
        Err(Box::new(diagnostic.label(format!("first on line {line}"))))
    }

    pub(super) fn key(&self, event: &Event<'a>, mark: Mark) -> Read<Spanned<String>> {
        match event {
            Event::Scalar(text, _, _, _) => Ok(Spanned::new(text.to_string(), self.span(mark))),
            Event::MappingStart(..) if self.starts_template(mark) => Err(self
                .error(
                    mark,
                    "a placeholder outside quotes",
                    "YAML reads `{{` as a mapping",
                )
                .help("put the whole value in quotes: \"{{name}}\"")
                .into()),
            _ => self.fail(mark, "a key must be a text", "this is a list or a mapping"),
        }
    }

    /// Whether the text at a mapping's start, or right before it, is `{{`.
    fn starts_template(&self, mark: Mark) -> bool {
        let at = self.span(mark).start;
        let text = self.source.text.as_bytes();
        text.get(at) == Some(&b'{')
            && (at.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'{')
                || text.get(at + 1) == Some(&b'{'))
    }

    fn span(&self, mark: Mark) -> Span {
        let start = self.offsets.byte(mark.start.index());
        let end = self.offsets.byte(mark.end.index()).max(start);
        let text = self.source.text.get(start..end).unwrap_or_default();
        // A block scalar ends with its line break; the caret should not.
        Span::new(start, start + text.trim_end().len())
    }

    fn clamp(&self, at: usize) -> Span {
        let end = self.source.text.len();
        Span::new(at.min(end), (at + 1).min(end))
    }

    fn fail<T>(&self, mark: Mark, message: &str, label: &str) -> Read<T> {
        Err(Box::new(self.error(mark, message, label)))
    }

    fn error(&self, mark: Mark, message: &str, label: &str) -> Diagnostic {
        let span = self.span(mark);
        let span = if span.start == span.end {
            self.clamp(span.start)
        } else {
            span
        };
        Diagnostic::error(self.source, span, message).label(label)
    }
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => items.iter().map(size).sum::<usize>() + 1,
        Value::Map(entries) => entries.iter().map(|e| size(&e.value)).sum::<usize>() + 1,
        _ => 1,
    }
}

/// Character index to byte offset: the parser counts characters, spans count bytes.
enum Offsets {
    Ascii,
    Table(Vec<usize>),
}

impl Offsets {
    fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Ascii;
        }
        let mut table: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        table.push(text.len());
        Self::Table(table)
    }

    fn byte(&self, index: usize) -> usize {
        match self {
            Self::Ascii => index,
            Self::Table(table) => table
                .get(index)
                .or(table.last())
                .copied()
                .unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Read<Node> {
        parse(&Source::new("test.yaml", text))
    }

    fn message(text: &str) -> String {
        read(text).expect_err("an error").message
    }

    #[test]
    fn spans_are_bytes_even_behind_other_scripts() {
        let text = "name: é\nurl: \"x\"\n";
        let node = read(text).expect("YAML");
        let url = node.get("url").expect("url");
        assert_eq!(text.get(url.span.start..url.span.end), Some("\"x\""));
    }

    #[test]
    fn a_number_keeps_its_source_text() {
        let node = read("price: 1.50\nquoted: '1.50'\n").expect("YAML");
        assert_eq!(
            node.get("price").map(|n| &n.value),
            Some(&Value::Number("1.50".into()))
        );
        assert_eq!(
            node.get("quoted").map(|n| &n.value),
            Some(&Value::Text("1.50".into()))
        );
    }

    #[test]
    fn what_ends_a_file_is_named() {
        assert_eq!(message("a: 1\na: 2\n"), "the key `a` stands twice");
        assert_eq!(message("a: {{b}}\n"), "a placeholder outside quotes");
        assert!(message("a:\n\tb: 1\n").starts_with("this is not YAML"));
        assert_eq!(
            message("a: 1\n---\nb: 2\n"),
            "a second document in the file"
        );
        assert_eq!(message("a: !!int '1'\n"), "tags are not used here");
    }

    #[test]
    fn aliases_are_copies_and_bombs_are_refused() {
        let node = read("a: &x { b: 1 }\nc: *x\n").expect("YAML");
        assert_eq!(
            node.get("a").map(|n| &n.value),
            node.get("c").map(|n| &n.value)
        );
        let mut bomb = String::from("a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
        for i in 1..9 {
            let below = format!("*a{},", i - 1).repeat(10);
            bomb.push_str(&format!("a{i}: &a{i} [{below}]\n"));
        }
        assert_eq!(message(&bomb), "the file is too large");
        let deep = format!("a: {}{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(message(&deep), "nested too deeply");
    }
}
