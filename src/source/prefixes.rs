//! [`Prefixes`]: short names that a file declares for namespaces of XML.

use std::sync::Arc;

/// The one that every document knows (Namespaces in XML 1.0, section 3).
const XML: (&str, &str) = ("xml", "http://www.w3.org/XML/1998/namespace");

/// Prefixes, each with the namespace that it stands for in the paths of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefixes(Arc<[(String, String)]>);

impl Prefixes {
    /// The prefixes of a file: names and namespaces.
    pub fn new(declared: Vec<(String, String)>) -> Self {
        Self(declared.into())
    }

    /// The namespace that a prefix stands for.
    pub fn uri(&self, prefix: &str) -> Option<&str> {
        let declared = self.0.iter();
        let declared = declared.map(|(name, uri)| (name.as_str(), uri.as_str()));
        let mut known = declared.chain([XML]);
        known.find_map(|(name, uri)| (name == prefix).then_some(uri))
    }

    /// The prefixes that were declared.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}
