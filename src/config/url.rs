//! [`BaseUrl`]: where a side or an endpoint lives.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use url::Url;

use crate::source::{Cx, Decode, Diagnostic, Node, Value};

/// An absolute http or https URL without query and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
    text: String,
}

impl BaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// What is wrong and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = Self::absolute(text)?;
        if read.url.query().is_some() {
            return Err("a base URL has no query and no fragment".to_owned());
        }
        Ok(read)
    }

    /// Reads the URL of an endpoint, which may have a query (RFC 6749 section 3.2).
    ///
    /// # Errors
    /// What is wrong and what to write instead.
    fn absolute(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| {
            if text.contains("://") {
                format!("`{text}` is no URL: {error}")
            } else {
                format!("`{text}` is no absolute URL; write https://{text}")
            }
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("`{text}` is neither http nor https"));
        }
        if url.fragment().is_some() {
            return Err("a URL has no fragment (`#…`) here".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL holds no user and no password here; use `tokens`".to_owned());
        }
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }

    /// The parsed URL.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// As it was written, without slashes at its end.
    pub fn as_str(&self) -> &str {
        self.text.trim_end_matches('/')
    }

    /// Whether its path ends in a slash. The lone slash of a URL without a path says nothing (RFC 3986 section
    /// 6.2.3).
    pub fn ends_in_slash(&self) -> bool {
        self.url.path() != "/" && self.text.ends_with('/')
    }

    /// As it was written, to the character.
    pub fn written(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Decode for BaseUrl {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return cx.expected(node, "a URL such as https://gateway.example.com");
        };
        match Self::parse(text) {
            Ok(url) => Some(url),
            Err(message) => cx.report(Diagnostic::error(cx.source, node.span, message)),
        }
    }
}

/// The URL of an endpoint of a token server: a query is part of it (RFC 6749 section 3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointUrl(pub BaseUrl);

impl Decode for EndpointUrl {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return cx.expected(node, "a URL such as https://sts.example.com/oauth2/token");
        };
        match BaseUrl::absolute(text) {
            Ok(url) => Some(Self(url)),
            Err(message) => cx.report(Diagnostic::error(cx.source, node.span, message)),
        }
    }
}

impl JsonSchema for EndpointUrl {
    fn schema_name() -> Cow<'static, str> {
        "EndpointUrl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An absolute http or https URL, which may have a query",
            "type": "string",
            "pattern": "^(https?://[^#@]+|.*\\$\\{.*)$"
        })
    }
}

impl JsonSchema for BaseUrl {
    fn schema_name() -> Cow<'static, str> {
        "BaseUrl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An absolute http or https URL",
            "type": "string",
            "pattern": "^(https?://[^?#@]+|.*\\$\\{.*)$"
        })
    }
}
