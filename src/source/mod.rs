//! Text that people wrote: files with spans for every key and value, and diagnostics that
//! point into them.
//!
//! A YAML file is read once into a [`Node`] tree (the parser crate is seen by one file only), then
//! decoded into typed documents by [`Decode`], which collects every problem of the file.

mod decode;
mod diagnostic;
mod document;
mod elements;
mod nearest;
mod node;
mod prefixes;
mod shown;
mod span;
mod word;
mod yaml;

pub use decode::{Cx, Decode, Entries, OneOrMany};
pub use diagnostic::{Diagnostic, Diagnostics, Level};
pub(crate) use document::document;
pub use document::{Document, close_schema};
pub use elements::{Elements, Next};
pub use nearest::nearest;
pub use node::{Entry, Node, Value};
pub use prefixes::Prefixes;
pub use span::{Source, Span, Spanned};
pub(crate) use word::word;
pub use yaml::parse;
