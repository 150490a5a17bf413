//! A JSON document as a tape of nodes over its own text: numbers keep their digits, objects their
//! duplicate keys, strings their escapes.

use std::borrow::Cow;
use std::cell::RefCell;

use serde_json::{Map, Value};

use super::parse;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Type {
    Null,
    Bool,
    Number,
    Text,
    Array,
    Object,
}

impl Type {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Text => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

pub(super) use crate::compare::align::Id;

#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) what: Type,
    /// Whether what is below has no nodes here: they are made, at the end of the tape, when they are
    /// asked for.
    pub(super) folded: bool,
    /// Bytes of the value in the text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Bytes of its key between the quotes; equal where it has none.
    pub(super) key: (u32, u32),
    /// The node behind the last one below this. Of one that is folded the first child, when its
    /// children were made; until then the node behind it.
    pub(super) next: Id,
    /// Children.
    pub(super) len: u32,
}

/// A parsed document. Node 0 is its root; a node's children follow it, each with all below it, or
/// stand together further back if it was folded.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) text: &'a str,
    nodes: RefCell<Vec<Node>>,
}

/// The root of every tree.
pub(super) const ROOT: Id = 0;

impl<'a> Tree<'a> {
    pub(super) const fn new(text: &'a str, nodes: Vec<Node>) -> Self {
        let nodes = RefCell::new(nodes);
        Self { text, nodes }
    }

    /// How many nodes were made.
    pub(super) fn len(&self) -> usize {
        self.nodes.borrow().len()
    }

    pub(super) fn node(&self, id: Id) -> Node {
        const NOTHING: Node = Node {
            what: Type::Null,
            folded: false,
            start: 0,
            end: 0,
            key: (0, 0),
            next: Id::MAX,
            len: 0,
        };
        let nodes = self.nodes.borrow();
        nodes.get(id as usize).copied().unwrap_or(NOTHING)
    }

    pub(super) fn what(&self, id: Id) -> Type {
        self.node(id).what
    }

    /// The value as it stands in the text.
    pub(super) fn raw(&self, id: Id) -> &'a str {
        let node = self.node(id);
        self.text
            .get(node.start as usize..node.end as usize)
            .unwrap_or_default()
    }

    /// The key as it stands in the text, without quotes.
    pub(super) fn raw_key(&self, id: Id) -> &'a str {
        let (start, end) = self.node(id).key;
        self.text
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// The key with its escapes decoded.
    pub(super) fn key(&self, id: Id) -> Cow<'a, [u8]> {
        unescape(self.raw_key(id))
    }

    /// The text of a string with its escapes decoded; lone surrogates stay, in generalised UTF-8.
    pub(super) fn string(&self, id: Id) -> Cow<'a, [u8]> {
        let raw = self.raw(id);
        unescape(raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default())
    }

    /// The text of a scalar as people read it: a string without quotes and escapes.
    pub(super) fn shown(&self, id: Id) -> Cow<'a, str> {
        match self.what(id) {
            Type::Text => match self.string(id) {
                Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
                Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
            },
            _ => Cow::Borrowed(self.raw(id)),
        }
    }

    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let node = self.node(id);
        let mut next = if node.folded { self.unfold(id) } else { id + 1 };
        (0..node.len).map(move |_| {
            let child = next;
            let node = self.node(child);
            next = if node.folded { child + 1 } else { node.next };
            child
        })
    }

    /// Makes the nodes below one that was folded. Gives the first of them.
    fn unfold(&self, id: Id) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        let made = Id::try_from(nodes.len()).unwrap_or(Id::MAX);
        let Some(node) = nodes.get_mut(id as usize) else {
            return made;
        };
        if node.next != id + 1 {
            return node.next;
        }
        let container = *node;
        // The container stands there once more, before its children.
        node.next = made + 1;
        parse::unfold(self.text, container, &mut nodes);
        made + 1
    }

    /// The last member of a name: the one that most parsers take.
    pub(super) fn member(&self, id: Id, name: &str) -> Option<Id> {
        self.children(id)
            .filter(|child| *self.key(*child) == *name.as_bytes())
            .last()
    }

    /// The value for JSONPath, which selects by structure: numbers only roughly.
    pub(super) fn value(&self, id: Id) -> Value {
        match self.what(id) {
            Type::Null => Value::Null,
            Type::Bool => Value::Bool(self.raw(id) == "true"),
            Type::Text => Value::String(self.shown(id).into_owned()),
            Type::Number => {
                let raw = self.raw(id);
                serde_json::from_str(raw).unwrap_or_else(|_| Value::String(raw.to_owned()))
            }
            Type::Array => Value::Array(self.children(id).map(|child| self.value(child)).collect()),
            Type::Object => {
                let mut members = Map::new();
                for child in self.children(id) {
                    let key = String::from_utf8_lossy(&self.key(child)).into_owned();
                    members.insert(key, self.value(child));
                }
                Value::Object(members)
            }
        }
    }
}

/// Decodes the escapes of a string (RFC 8259 section 7), which the parser found sound.
fn unescape(raw: &str) -> Cow<'_, [u8]> {
    let bytes = raw.as_bytes();
    if !bytes.contains(&b'\\') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        let escape = bytes.get(at).copied().unwrap_or_default();
        at += 1;
        match escape {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => {
                let mut code = unit(bytes, at);
                at += 4;
                let low = (bytes.get(at..at + 2) == Some(b"\\u")).then(|| unit(bytes, at + 2));
                if let Some(low) = low.filter(|low| (0xDC00..0xE000).contains(low))
                    && (0xD800..0xDC00).contains(&code)
                {
                    code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                    at += 6;
                }
                push(&mut out, code);
            }
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

fn unit(bytes: &[u8], at: usize) -> u32 {
    let digits = bytes
        .get(at..at + 4)
        .and_then(|digits| std::str::from_utf8(digits).ok());
    digits
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .unwrap_or_default()
}

/// Writes a code point as UTF-8; a lone surrogate as if it were one (generalised UTF-8).
fn push(out: &mut Vec<u8>, code: u32) {
    if let Some(scalar) = char::from_u32(code) {
        out.extend_from_slice(scalar.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        let [_, _, high, low] = code.to_be_bytes();
        out.push(0xE0 | (high >> 4));
        out.push(0x80 | ((high & 0x0F) << 2) | (low >> 6));
        out.push(0x80 | (low & 0x3F));
    }
}
