//! An XML document as a tape of elements, attributes and texts. What is only dress is gone: prefixes,
//! comments, CDATA, white space between elements.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use roxmltree::{Document, Node as Parsed};

pub(super) use crate::compare::align::Id;

/// The namespace of `xml:lang` and its like.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of `xsi:type` and `xsi:nil`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    Element,
    Attribute,
    Text,
}

/// An element, an attribute or a text.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) what: What,
    /// The namespace; empty for none.
    pub(super) uri: &'a str,
    /// The name without its prefix; empty for a text.
    pub(super) name: &'a str,
    /// The value of an attribute or a text.
    pub(super) value: Cow<'a, str>,
    /// Where the value is a name with a prefix that stands for a namespace: the namespace and the rest.
    pub(super) qname: Option<(&'a str, String)>,
    pub(super) parent: Option<Id>,
    /// The node behind the last one below this.
    pub(super) next: Id,
    /// Its number among the children of its parent that are called the same, from 1, where there are several.
    pub(super) position: Option<usize>,
    /// Bytes of it in the text.
    pub(super) range: Range<usize>,
}

/// A parsed document. Node 0 is its root; behind an element come its attributes, then its children,
/// each with all below it.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) text: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    /// Processing instructions: target and content.
    pub(super) instructions: Vec<(&'a str, &'a str)>,
}

/// The root of every tree.
pub(super) const ROOT: Id = 0;

impl<'a> Tree<'a> {
    /// Takes a document, at most [`crate::xml::MAX_DEPTH`] deep.
    pub(super) fn read(document: &'a Document<'_>) -> Self {
        let mut tree = Self {
            text: document.input_text(),
            nodes: Vec::new(),
            instructions: document
                .descendants()
                .filter_map(|node| node.pi())
                .map(|pi| (pi.target, pi.value.unwrap_or_default().trim()))
                .collect(),
        };
        tree.element(document.root_element(), None, false);
        tree
    }

    fn element(&mut self, parsed: Parsed<'a, '_>, parent: Option<Id>, preserve: bool) {
        let id = self.push(What::Element, parsed, parent);
        let preserve = match parsed.attribute((XML, "space")) {
            Some(word) => word == "preserve",
            None => preserve,
        };
        for attribute in parsed.attributes() {
            let at = self.push(What::Attribute, parsed, Some(id));
            if let Some(node) = self.nodes.get_mut(at as usize) {
                node.uri = attribute.namespace().unwrap_or_default();
                node.name = attribute.name();
                node.value = Cow::Borrowed(attribute.value());
                node.qname = qname(parsed, attribute.value());
                node.range = attribute.range();
            }
        }
        let items = items(parsed);
        let between = parsed.first_element_child().is_some();
        let layout = |text: &str| {
            let blank = text.trim_ascii().is_empty();
            blank && !preserve && (between || text.is_empty() || text.contains('\n'))
        };
        // Beside words, white space between elements counts: it keeps them apart.
        let words = items.iter().any(|item| match item {
            Item::Text(text, _) => !layout(text),
            Item::Element(_) => false,
        });
        for item in items {
            match item {
                Item::Element(child) => self.element(child, Some(id), preserve),
                Item::Text(value, range) if words => {
                    let text = self.push(What::Text, parsed, Some(id));
                    if let Some(node) = self.nodes.get_mut(text as usize) {
                        node.qname = qname(parsed, &value);
                        (node.value, node.range) = (value, range);
                    }
                }
                Item::Text(..) => {}
            }
        }
        let next = self.len();
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.next = next;
        }
        self.number(id);
    }

    /// Numbers the children of an element that are called the same.
    fn number(&mut self, id: Id) {
        let mut called: HashMap<&'a str, Vec<Id>> = HashMap::new();
        for child in self.children(id) {
            called.entry(self.node(child).name).or_default().push(child);
        }
        for same in called.into_values().filter(|same| same.len() > 1) {
            for (at, child) in same.into_iter().enumerate() {
                if let Some(node) = self.nodes.get_mut(child as usize) {
                    node.position = Some(at + 1);
                }
            }
        }
    }

    fn push(&mut self, what: What, parsed: Parsed<'a, '_>, parent: Option<Id>) -> Id {
        let id = self.len();
        let element = what == What::Element;
        let name = parsed.tag_name();
        self.nodes.push(Node {
            what,
            uri: if element {
                name.namespace().unwrap_or_default()
            } else {
                ""
            },
            name: if element {
                parsed.tag_name().name()
            } else {
                ""
            },
            value: Cow::Borrowed(""),
            qname: None,
            parent,
            next: id + 1,
            position: None,
            range: parsed.range(),
        });
        id
    }

    fn len(&self) -> Id {
        Id::try_from(self.nodes.len()).unwrap_or(Id::MAX)
    }

    pub(super) fn node(&self, id: Id) -> &Node<'a> {
        static NOTHING: Node<'static> = Node {
            what: What::Text,
            uri: "",
            name: "",
            value: Cow::Borrowed(""),
            qname: None,
            parent: None,
            next: Id::MAX,
            position: None,
            range: 0..0,
        };
        self.nodes.get(id as usize).unwrap_or(&NOTHING)
    }

    /// The attributes and the children of an element.
    fn below(&self, id: Id) -> impl Iterator<Item = Id> {
        let end = self.node(id).next.min(self.len());
        let mut next = id + 1;
        std::iter::from_fn(move || {
            let child = next;
            next = self.node(child).next;
            (child < end).then_some(child)
        })
    }

    /// The attributes of an element.
    pub(super) fn attributes(&self, id: Id) -> impl Iterator<Item = Id> {
        let is_attribute = |id: &Id| self.node(*id).what == What::Attribute;
        self.below(id).take_while(is_attribute)
    }

    /// The elements and texts of an element.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let is_attribute = |id: &Id| self.node(*id).what == What::Attribute;
        self.below(id).skip_while(is_attribute)
    }

    /// Whether an element has elements in it.
    pub(super) fn has_elements(&self, id: Id) -> bool {
        self.children(id)
            .any(|child| self.node(child).what == What::Element)
    }

    /// The text of an element that has only one.
    pub(super) fn only_text(&self, id: Id) -> Option<Id> {
        self.children(id).next().filter(|_| !self.has_elements(id))
    }

    /// All text of a node, as XPath's `string()` has it.
    pub(super) fn string(&self, id: Id) -> String {
        let node = self.node(id);
        if node.what != What::Element {
            return node.value.clone().into_owned();
        }
        let end = node.next.min(self.len());
        let texts = (id..end).map(|id| self.node(id));
        let texts = texts.filter(|node| node.what == What::Text);
        texts.map(|node| node.value.as_ref()).collect()
    }

    /// A node as it stands in the text.
    pub(super) fn raw(&self, id: Id) -> &'a str {
        self.text
            .get(self.node(id).range.clone())
            .unwrap_or_default()
    }

    /// Whether an element says that it holds nothing (`xsi:nil`): what null is in JSON.
    pub(super) fn is_nil(&self, id: Id) -> bool {
        self.attributes(id).any(|id| {
            let node = self.node(id);
            node.uri == XSI && node.name == "nil" && matches!(node.value.trim(), "true" | "1")
        })
    }

    /// Whether a node's value is a name by its very place.
    pub(super) fn is_qname(&self, id: Id) -> bool {
        let node = self.node(id);
        node.what == What::Attribute && node.uri == XSI && node.name == "type"
    }
}

/// What stands in an element: elements, and the text between two of them as one.
enum Item<'a, 'i> {
    Element(Parsed<'a, 'i>),
    Text(Cow<'a, str>, Range<usize>),
}

fn items<'a, 'i>(parsed: Parsed<'a, 'i>) -> Vec<Item<'a, 'i>> {
    let mut items: Vec<Item<'a, 'i>> = Vec::new();
    for child in parsed.children() {
        if child.is_element() {
            items.push(Item::Element(child));
        } else if child.is_text() {
            let (text, range) = (child.text().unwrap_or_default(), child.range());
            // A comment or an instruction in a text does not part it.
            match items.last_mut() {
                Some(Item::Text(before, reach)) => {
                    before.to_mut().push_str(text);
                    reach.end = range.end;
                }
                _ => items.push(Item::Text(Cow::Borrowed(text), range)),
            }
        }
    }
    items
}

/// A value that is a name with a prefix: the namespace that the prefix stands for, and the name.
fn qname<'a>(parsed: Parsed<'a, '_>, value: &str) -> Option<(&'a str, String)> {
    let (prefix, name) = value.trim().split_once(':')?;
    let sign = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.is_empty() || !prefix.chars().all(sign) || !name.chars().all(sign) {
        return None;
    }
    let uri = parsed.lookup_namespace_uri(Some(prefix))?;
    Some((uri, name.to_owned()))
}
