//! [`Pattern`]: a request that a route, a limit or a defect speaks of: `GET /orders/{id}`.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Diagnostic, Node, Value};

/// A method and a path template below the gateway's base path.
///
/// `{name}` stands for one segment, a last `*` for everything behind it; the method `*` for any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    method: String,
    segments: Vec<Segment>,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Text(String),
    Any(String),
    Rest,
}

/// What stood at the `{names}` of a template, percent-decoded.
pub(crate) type Parts = Vec<(String, String)>;

impl Pattern {
    /// Reads `GET /orders/{id}`.
    pub fn parse(text: &str) -> Option<Self> {
        let (method, path) = text.split_once(' ')?;
        let method_fits =
            method == "*" || !method.is_empty() && method.bytes().all(|b| b.is_ascii_uppercase());
        if !method_fits || path.contains(['?', '#', ' ']) {
            return None;
        }
        let mut segments = Vec::new();
        for part in path.strip_prefix('/')?.split('/') {
            if segments.last() == Some(&Segment::Rest) {
                return None;
            }
            segments.push(match part.strip_prefix('{') {
                Some(name) => Segment::Any(name.strip_suffix('}')?.to_owned()),
                None if part == "*" => Segment::Rest,
                None => Segment::Text(part.to_owned()),
            });
        }
        Some(Self {
            method: method.to_owned(),
            segments,
            text: text.to_owned(),
        })
    }

    /// The method; `*` for any.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The parts of a path that this template fits. A slash at the end does not count.
    pub(crate) fn parts(&self, path: &str) -> Option<Parts> {
        let path = path.strip_prefix('/')?;
        let mut given = path.strip_suffix('/').unwrap_or(path).split('/');
        let mut parts = Parts::new();
        for segment in &self.segments {
            if *segment == Segment::Rest {
                return Some(parts);
            }
            let part = percent_decode_str(given.next()?).decode_utf8().ok()?;
            match segment {
                Segment::Text(text) if *text == part => {}
                Segment::Any(name) if !part.is_empty() => {
                    parts.push((name.clone(), part.into_owned()));
                }
                _ => return None,
            }
        }
        given.next().is_none().then_some(parts)
    }

    /// Whether it speaks of a method. GET speaks of HEAD too.
    pub(crate) fn allows(&self, method: &str) -> bool {
        self.method == "*" || self.method == method || self.method == "GET" && method == "HEAD"
    }

    /// Whether it speaks of a request.
    pub(crate) fn matches(&self, method: &str, path: &str) -> bool {
        self.allows(method) && self.parts(path).is_some()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Decode for Pattern {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return cx.expected(node, "a request such as GET /orders/{id}");
        };
        match Self::parse(text) {
            Some(pattern) => Some(pattern),
            None => cx.report(
                Diagnostic::error(cx.source, node.span, format!("`{text}` is no request"))
                    .label("a method in capitals, a blank, a path")
                    .help("for example GET /orders/{id}, or GET /files/* for all below it"),
            ),
        }
    }
}

impl JsonSchema for Pattern {
    fn schema_name() -> Cow<'static, str> {
        "RequestPattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A method and a path template: GET /orders/{id}",
            "type": "string",
            "pattern": "^(\\*|[A-Z]+) /[^?# ]*$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(pattern: &str, path: &str) -> Option<String> {
        let pattern = Pattern::parse(pattern).expect("a pattern");
        let parts = pattern.parts(path)?;
        let texts: Vec<String> = parts.iter().map(|(n, v)| format!("{n}={v}")).collect();
        Some(texts.join(" "))
    }

    #[test]
    fn segments_are_matched_one_by_one() {
        assert_eq!(parts("GET /orders/{id}", "/orders/7"), Some("id=7".into()));
        assert_eq!(
            parts("GET /a/{x}/b/{y}", "/a/%41%2F/b/2/"),
            Some("x=A/ y=2".into())
        );
        assert_eq!(parts("GET /orders/{id}", "/orders/"), None);
        assert_eq!(parts("GET /orders/{id}", "/orders/7/8"), None);
        assert_eq!(parts("GET /orders", "/Orders"), None);
        assert_eq!(parts("GET /files/*", "/files/a/b"), Some(String::new()));
        assert_eq!(parts("GET /", "/"), Some(String::new()));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for bad in [
            "GET",
            "get /a",
            "GET a",
            "GET /a?b=1",
            "GET /{a",
            "GET /*/b",
            "",
        ] {
            assert_eq!(Pattern::parse(bad), None, "{bad}");
        }
        let pattern = Pattern::parse("GET /a").expect("a pattern");
        assert!(pattern.matches("HEAD", "/a") && !pattern.matches("POST", "/a"));
    }
}
