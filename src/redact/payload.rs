//! Bodies and whole exchanges without secrets.

use std::collections::HashSet;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::places::MEMBERS;
use super::spans::{Span, merge, without};
use super::{Rules, Secrets, lossy, parameters};
use crate::hex::hex;
use crate::message::{Headers, Request, Response};
use crate::results::{ExchangeRecord, MessageRecord, PayloadEncoding};

/// Bytes of a body that evidence carries.
const LIMIT: usize = 64 * 1024;
/// Fewest bytes behind the limit that are searched too, so that a secret across it is recognised.
const MARGIN: usize = 64 * 1024;
/// Longest body that is parsed to find the `JSONPath`s of `redact:`; in longer ones every member of
/// the same name is masked.
const PARSED: usize = 4 * 1024 * 1024;

/// An XML element without elements in it that has the name of a secret. A `code` is a fault's most often.
static SECRET_ELEMENT: LazyLock<Option<regex::bytes::Regex>> = LazyLock::new(|| {
    let names: Vec<&str> = MEMBERS.into_iter().filter(|name| *name != "code").collect();
    let names = names.join("|");
    // The pattern is written here; a test reads with it.
    regex::bytes::Regex::new(&format!(
        r"(?i)<(?:[\w.-]+:)?({names})(?:\s[^<>]*)?>([^<]*)</"
    ))
    .ok()
});

/// A body without its secrets, cut to 64 KiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The text, or base64.
    pub text: String,
    /// Which of the two.
    pub encoding: PayloadEncoding,
    /// Whether it was cut.
    pub truncated: bool,
}

impl Secrets {
    /// A body without secrets, at most 64 KiB of it: redacted first, then cut. What is not UTF-8
    /// is searched as well, and written in base64.
    pub fn body(&self, body: &[u8], content_type: Option<&str>) -> Payload {
        let rules = self.rules();
        let reach = LIMIT + MARGIN.max(8 * rules.matcher.longest);
        let window = body.get(..reach).unwrap_or(body);
        let mut spans = rules.text_spans(window);
        if rules.places.has_paths() {
            let paths = rules.paths(body);
            spans.extend(rules.members(
                window,
                paths.as_ref().unwrap_or(&HashSet::new()),
                paths.is_none(),
            ));
        }
        if is_form(content_type, window) {
            spans.extend(parameters::form(window, &|name| {
                rules.places.parameter(name)
            }));
        }
        if window.starts_with(b"--") {
            spans.extend(parameters::multipart(window, &|name| {
                rules.places.parameter(name)
            }));
        }
        spans.extend(rules.elements(window));
        let mut shown = without(window, &merge(spans), LIMIT);
        let truncated = body.len() > LIMIT || shown.len() > LIMIT;
        shown.truncate(LIMIT);
        let (text, encoding) = written(shown, truncated);
        Payload {
            text,
            encoding,
            truncated,
        }
    }

    /// The evidence of an exchange, without secrets.
    pub fn record(&self, request: &Request, response: Option<&Response>) -> ExchangeRecord {
        let sent = MessageRecord {
            method: Some(self.text(&request.method).into_owned()),
            url: Some(self.url(&request.url)),
            ..self.message(&request.headers, &request.body)
        };
        let received = response.map(|response| MessageRecord {
            status: Some(response.status),
            ..self.message(&response.headers, &response.body)
        });
        ExchangeRecord {
            request: sent,
            response: received,
        }
    }

    fn message(&self, headers: &Headers, body: &[u8]) -> MessageRecord {
        let payload = self.body(body, headers.text("content-type").as_deref());
        MessageRecord {
            headers: self.headers(headers),
            body: payload.text,
            encoding: payload.encoding,
            bytes: body.len() as u64,
            sha256: hex(&Sha256::digest(body)),
            truncated: payload.truncated,
            ..MessageRecord::default()
        }
    }
}

impl Rules {
    /// Where the `JSONPath`s of `redact:` lead in a body; none where it cannot be told.
    fn paths(&self, body: &[u8]) -> Option<HashSet<String>> {
        if body.len() > PARSED {
            return None;
        }
        let value: serde_json::Value = serde_json::from_slice(body).ok()?;
        let queries = self.places.paths.iter();
        let located = queries.flat_map(|path| {
            path.query_located(&value)
                .locations()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        });
        Some(located.collect())
    }

    /// The content of XML elements and attributes that a path of `redact:` ends with, and that of elements
    /// with the name of a secret, such as the `Password` of a SOAP header.
    pub(super) fn elements(&self, text: &[u8]) -> Vec<Span> {
        let mut spans = Vec::new();
        if !text.contains(&b'<') {
            return spans;
        }
        if let Some(secret) = &*SECRET_ELEMENT {
            for found in secret.captures_iter(text) {
                let [name, inner] = [1, 2].map(|at| found.get(at));
                let name = name.map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned());
                let inner = inner.filter(|inner| !inner.as_bytes().trim_ascii().is_empty());
                spans.extend(inner.zip(name).and_then(|(inner, name)| {
                    Span::place(text, inner.start(), inner.end(), &name)
                }));
            }
        }
        for name in self.places.last_names() {
            let name = regex::escape(name);
            let pattern = format!(
                r#"(?s)<(?:[\w.-]+:)?{name}(?:\s[^>]*)?>(.*?)</(?:[\w.-]+:)?{name}\s*>|\s(?:[\w.-]+:)?{name}\s*=\s*(?:"([^"]*)"|'([^']*)')"#
            );
            let Ok(pattern) = regex::bytes::Regex::new(&pattern) else {
                continue;
            };
            for found in pattern.captures_iter(text) {
                let inner = found.iter().skip(1).flatten().next();
                spans.extend(inner.and_then(|m| Span::place(text, m.start(), m.end(), &name)));
            }
        }
        spans
    }
}

/// Whether a body is a form, by its type or by its looks.
pub(super) fn is_form(content_type: Option<&str>, body: &[u8]) -> bool {
    let named =
        content_type.is_some_and(|t| t.to_ascii_lowercase().contains("x-www-form-urlencoded"));
    let looks = || {
        body.contains(&b'=')
            && body
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || b"=&%+-._*~!'():;,/@$[]".contains(b))
    };
    named || looks()
}

/// As text where it is UTF-8 (a character that the cut went through is left out), else in base64.
fn written(mut bytes: Vec<u8>, truncated: bool) -> (String, PayloadEncoding) {
    let cut_character = match std::str::from_utf8(&bytes) {
        Ok(_) => None,
        Err(error) if truncated && error.error_len().is_none() => Some(error.valid_up_to()),
        Err(_) => return (STANDARD.encode(&bytes), PayloadEncoding::Base64),
    };
    if let Some(whole) = cut_character {
        bytes.truncate(whole);
    }
    (lossy(bytes), PayloadEncoding::Text)
}
