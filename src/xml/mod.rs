//! XML as this crate reads it: no document type, no entities but the five of XML itself, nothing from
//! outside, bounded in depth and size.

mod bounds;
mod decode;
mod xpath;

use roxmltree::{Document, Error, ParsingOptions};

pub(crate) use decode::decode;
pub(crate) use xpath::is_name;
pub use xpath::{Filter, Name, Step, Test, XPath, XPathError};

/// Elements that may stand inside each other.
pub(crate) const MAX_DEPTH: usize = 200;
/// Nodes that a document may have.
const MAX_NODES: u32 = 10_000_000;

/// Why bytes are no XML that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotXml {
    /// What is wrong, in words.
    pub(crate) what: String,
    /// Line and column, where they are known.
    pub(crate) at: Option<(u32, u32)>,
    /// Whether it is the character set that cannot be read.
    pub(crate) charset: bool,
}

impl NotXml {
    fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            at: None,
            charset: false,
        }
    }
}

impl std::fmt::Display for NotXml {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        match self.at {
            Some((line, column)) => write!(f, " at line {line}, column {column}"),
            None => Ok(()),
        }
    }
}

/// Parses a decoded document.
///
/// # Errors
/// Why it is none that can be read.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, NotXml> {
    if bounds::too_many_attributes(text) {
        return Err(NotXml::new("an element with more than 1,000 attributes"));
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let place = error.pos();
        let known = (place.row, place.col) != (1, 1);
        NotXml {
            what: words(&error).to_owned(),
            at: known.then_some((place.row, place.col)),
            charset: false,
        }
    })?;
    let mut node = document.root_element();
    let mut depth = 1;
    // A walk without recursion: down, else to the side, else up until there is a side.
    loop {
        if depth > MAX_DEPTH {
            return Err(NotXml::new("more than 200 elements inside each other"));
        }
        if let Some(child) = node.first_element_child() {
            node = child;
            depth += 1;
            continue;
        }
        loop {
            if let Some(next) = node.next_sibling_element() {
                node = next;
                break;
            }
            match node.parent_element() {
                Some(parent) => node = parent,
                None => return Ok(document),
            }
            depth -= 1;
        }
    }
}

/// What is wrong, in words of our own: the parser's may quote the document.
const fn words(error: &Error) -> &'static str {
    match error {
        Error::DtdDetected => "a document type (`<!DOCTYPE`), which is not read",
        Error::NodesLimitReached
        | Error::AttributesLimitReached
        | Error::NamespacesLimitReached => "more nodes than are read",
        Error::UnexpectedCloseTag(..) | Error::UnexpectedEntityCloseTag(_) => {
            "an end tag that fits no start tag"
        }
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            "the end in the middle of the document"
        }
        Error::NoRootNode => "no element",
        Error::UnknownNamespace(..) => "a prefix that stands for no namespace",
        Error::DuplicatedAttribute(..) | Error::DuplicatedNamespace(..) => {
            "an attribute that stands twice"
        }
        Error::UnknownEntityReference(..) => "an entity that XML itself does not define",
        Error::MalformedEntityReference(_) => "a `&` that starts no reference",
        Error::NonXmlChar(..) => "a character that XML does not allow",
        Error::UnexpectedDeclaration(_) => "an XML declaration that is not at the start",
        Error::UnknownToken(_) => "text outside the root element",
        _ => "a mistake in the markup",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> String {
        parse(text).expect_err("no XML").to_string()
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(why(""), "no element");
        assert_eq!(
            why("<a>\n <b>\n</a>"),
            "an end tag that fits no start tag at line 3, column 1"
        );
        assert_eq!(why("<a>"), "the end in the middle of the document");
        assert_eq!(
            why("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
            "a document type (`<!DOCTYPE`), which is not read"
        );
        assert_eq!(
            why("<a>&nbsp;</a>"),
            "an entity that XML itself does not define at line 1, column 4"
        );
        assert_eq!(
            why("<p:a/>"),
            "a prefix that stands for no namespace at line 1, column 2"
        );
        assert_eq!(
            why("<a b='1' b='2'/>"),
            "an attribute that stands twice at line 1, column 10"
        );
        assert_eq!(
            why("<a/>tail"),
            "text outside the root element at line 1, column 5"
        );
        assert_eq!(
            why("<a>\u{1}</a>"),
            "a character that XML does not allow at line 1, column 4"
        );
        assert!(parse("<?xml version='1.0'?><!-- x --><a>&lt;&#233;</a>\n").is_ok());
    }

    #[test]
    fn depth_is_bounded_without_recursion() {
        let deep = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
        assert!(parse(&deep(MAX_DEPTH)).is_ok());
        let why = |n: usize| parse(&deep(n)).expect_err("too deep").to_string();
        assert_eq!(
            why(MAX_DEPTH + 1),
            "more than 200 elements inside each other"
        );
        assert_eq!(why(100_000), "more than 200 elements inside each other");
        assert_eq!(
            parse(&"<a>".repeat(100_000))
                .expect_err("unclosed")
                .to_string(),
            "the end in the middle of the document"
        );
    }
}
