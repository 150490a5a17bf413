//! Places whose values are secret, whatever they are.

use serde_json_path::JsonPath;

use crate::locator::{Locator, Place};

/// Header fields, in lower case.
const HEADERS: [&str; 9] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "apikey",
    "api-key",
    "x-jwt-assertion",
    "revokedaccesstoken",
    "revokedrefreshtoken",
];

/// Members of JSON objects and forms.
pub(super) const MEMBERS: [&str; 7] = [
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "client_assertion",
    "password",
    "code",
];

/// Longest `code` of digits that is a fault or status code. An authorization code must be
/// unguessable (RFC 6749 section 10.10), so it is never one of these.
const FAULT_CODE: usize = 6;

/// The places of this run: the ones above, and those that `redact:` names.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    headers: Vec<String>,
    members: Vec<String>,
    /// `JSONPath`s, as they are.
    pub(super) paths: Vec<JsonPath>,
    /// The same for a document of which only one branch is known: filters select everything.
    pub(super) wide_paths: Vec<JsonPath>,
    /// The names that the `JSONPath`s and `XPath`s end with, for bodies in which they cannot be found.
    last_names: Vec<String>,
}

impl Places {
    /// Adds a place of `redact:`.
    pub(super) fn add(&mut self, locator: &Locator) {
        match locator.place() {
            Place::Header(name) => self.headers.push(name.clone()),
            Place::Form(name) | Place::Token(name) | Place::Claims(name) => {
                let name = name.rsplit(['.', '\'']).find(|part| !part.is_empty());
                self.members.extend(name.map(str::to_lowercase));
            }
            Place::Json(path) => {
                self.paths.push((**path).clone());
                let wide = JsonPath::parse(&without_filters(locator.text()));
                self.wide_paths
                    .push(wide.unwrap_or_else(|_| (**path).clone()));
                self.last_names.extend(last_name(locator.text()));
            }
            Place::XPath(path) => self.last_names.extend(path.last_name().map(str::to_owned)),
            Place::Status => {}
        }
    }

    /// Whether `redact:` has places that only a parsed JSON document shows.
    pub(super) fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Whether a header field is secret.
    pub(super) fn header(&self, name: &str) -> bool {
        HEADERS.iter().any(|h| name.eq_ignore_ascii_case(h))
            || self.headers.iter().any(|h| name.eq_ignore_ascii_case(h))
    }

    /// Whether a member of a JSON object or a form is secret.
    pub(super) fn member(&self, name: &str) -> bool {
        MEMBERS.iter().any(|m| name.eq_ignore_ascii_case(m))
            || self.members.iter().any(|m| name.eq_ignore_ascii_case(m))
    }

    /// Whether a query parameter is secret.
    pub(super) fn parameter(&self, name: &str) -> bool {
        self.member(name) || self.header(name)
    }

    /// Whether a `JSONPath` or `XPath` of `redact:` ends with the name.
    pub(super) fn last_name(&self, name: &str) -> bool {
        self.last_names.iter().any(|l| name.eq_ignore_ascii_case(l))
    }

    /// The last names of `JSONPath`s and `XPath`s.
    pub(super) fn last_names(&self) -> impl Iterator<Item = &str> {
        self.last_names.iter().map(String::as_str)
    }
}

/// Whether a member's value is one that cannot be a secret: a short numeric fault code.
pub(super) fn is_fault_code(name: &str, value: &[u8]) -> bool {
    name.eq_ignore_ascii_case("code")
        && value.len() <= FAULT_CODE
        && value.iter().all(u8::is_ascii_digit)
}

/// The name that a path ends with.
pub(super) fn last_name(path: &str) -> Option<String> {
    let name = |part: &&str| {
        !matches!(*part, "" | "$" | "text()") && !part.bytes().all(|b| b.is_ascii_digit())
    };
    path.rsplit(['.', '\'', '"', '[', ']', '*', '/', '@', ':'])
        .find(name)
        .map(str::to_owned)
}

/// A `JSONPath` with `[*]` for each of its filters.
fn without_filters(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(at) = rest.find("[?") {
        out.push_str(rest.get(..at).unwrap_or_default());
        out.push_str("[*]");
        let inside = rest.get(at + 1..).unwrap_or_default();
        let end = closing(inside).unwrap_or(inside.len());
        rest = inside.get(end..).unwrap_or_default();
    }
    out + rest
}

/// The byte behind the bracket that closes what stands before the text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1_usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_become_wildcards() {
        assert_eq!(
            without_filters("$.a[?@.b == ']' && @.c[0] > 1].d[?@.e].f"),
            "$.a[*].d[*].f"
        );
        assert_eq!(without_filters("$.a[0].b"), "$.a[0].b");
    }

    #[test]
    fn paths_end_with_names() {
        for path in [
            "$..email",
            "$.a['email']",
            "$.email[*]",
            "/a/b/@email",
            "//x:email",
            "/a/email[2]/text()[3]",
            "header.email",
        ] {
            assert_eq!(last_name(path).as_deref(), Some("email"), "{path}");
        }
        assert_eq!(last_name("$"), None);
        assert_eq!(last_name("$.a[3]").as_deref(), Some("a"));
    }

    #[test]
    fn fault_codes_are_no_secrets_but_authorization_codes_are() {
        assert!(is_fault_code("code", b"900902"));
        assert!(!is_fault_code("code", b"9009021"));
        assert!(!is_fault_code("code", b"a1b2"));
        assert!(!is_fault_code("password", b"900902"));
    }
}
