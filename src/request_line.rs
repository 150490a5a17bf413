//! [`RequestLine`]: a method and a path on one line.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{Cx, Decode, Diagnostic, Node, Value};
use crate::template::Template;

/// `GET /orders?limit={{n}}`: a method and a path below the API's base path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// The method.
    pub method: Cow<'static, str>,
    /// Path and query.
    pub target: Template,
}

impl RequestLine {
    /// Reads a method and a path.
    ///
    /// # Errors
    /// What is wrong, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        let example = "a request is a method and a path: GET /orders?limit=10".to_owned();
        let Some((method, target)) = text.split_once(' ') else {
            return Err((format!("`{text}` has no path, or no method"), example));
        };
        let target = target.trim_start();
        if method.is_empty() || !method.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') {
            return Err((format!("`{method}` is no method"), example));
        }
        if method.bytes().any(|b| b.is_ascii_lowercase()) {
            let upper = method.to_ascii_uppercase();
            let help = format!("methods are case-sensitive (RFC 9110 section 9.1); write {upper}");
            return Err((format!("`{method}` is no method"), help));
        }
        if target.contains("://") && !target.starts_with('/') {
            let help = "the host comes from the pair file; write the path alone".to_owned();
            return Err(("a request cannot name a host".to_owned(), help));
        }
        if !target.starts_with(['/', '?']) {
            return Err((format!("`{target}` does not start with /"), example));
        }
        if target.contains('#') {
            let help = "a fragment is never sent; take it away, or write %23".to_owned();
            return Err(("a request has no fragment".to_owned(), help));
        }
        let blank =
            without_placeholders(target).contains(|c: char| c.is_whitespace() || c.is_control());
        if blank {
            let help = "write a blank as %20".to_owned();
            return Err((
                "a path holds no blanks and no control characters".to_owned(),
                help,
            ));
        }
        let target = Template::parse(target).map_err(|error| (error.to_string(), example))?;
        Ok(Self {
            method: known_method(method),
            target,
        })
    }
}

/// The methods of RFC 9110 and RFC 5789 cost no text of their own.
fn known_method(method: &str) -> Cow<'static, str> {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    match KNOWN.into_iter().find(|known| *known == method) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(method.to_owned()),
    }
}

fn without_placeholders(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        plain.push_str(before);
        rest = after.split_once("}}").map_or("", |(_, behind)| behind);
    }
    plain + rest
}

impl Decode for RequestLine {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return cx.expected(node, "a request such as GET /orders");
        };
        match Self::parse(text) {
            Ok(mut line) => {
                line.target.span = node.span;
                Some(line)
            }
            Err((message, help)) => {
                cx.report(Diagnostic::error(cx.source, node.span, message).help(help))
            }
        }
    }
}

impl JsonSchema for RequestLine {
    fn schema_name() -> Cow<'static, str> {
        "RequestLine".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A method and a path below the API's base path: GET /orders?limit=10",
            "type": "string",
            "pattern": "^[A-Z-]+ +[/?][^#]*$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_method_and_a_path() {
        assert!(RequestLine::parse("GET /orders?limit={{ n }}").is_ok());
        let help = |text| RequestLine::parse(text).expect_err("an error").1;
        assert!(help("get /orders").contains("write GET"));
        assert!(help("GET https://gateway.example.com/orders").contains("pair file"));
        assert!(help("/orders").contains("a method and a path"));
        assert!(help("GET /a b").contains("%20"));
        assert!(help("GET /a#b").contains("%23"));
    }
}
