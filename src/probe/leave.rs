//! [`Leave`]: what an answer lets a page of another origin do, as a browser reads it.

use super::kind::CorsAsk;
use crate::message::Response;
use crate::results::Kind;

/// What an answer lets a page do (the Fetch standard, section 4.10, CORS check).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leave {
    /// Whether the page may read it.
    pub(super) origin: bool,
    /// Whether it may, where the request carried credentials of the browser's.
    pub(super) credentials: bool,
    /// The header fields that it may read, in lower case, beside those that it always may.
    pub(super) exposed: Vec<String>,
}

impl Leave {
    pub(super) fn of(answer: &Response, origin: &str) -> Self {
        let allowed = answer.headers.text("access-control-allow-origin");
        let allowed = allowed.as_deref().map(str::trim);
        // Two fields of this name are none to a browser.
        let alone = answer.headers.all("access-control-allow-origin").count() == 1;
        let exact = alone && allowed == Some(origin);
        let credentials = answer.headers.text("access-control-allow-credentials");
        Self {
            origin: exact || (alone && allowed == Some("*")),
            credentials: exact && credentials.as_deref().map(str::trim) == Some("true"),
            exposed: names(answer, "access-control-expose-headers"),
        }
    }

    /// Whether the page may read a header field.
    pub(super) fn exposes(&self, name: &str) -> bool {
        let mut all = self.exposed.iter();
        all.any(|known| known == name || (known == "*" && !self.credentials))
    }
}

/// What an answer to a preflight lets a browser do.
#[derive(Debug)]
pub(super) struct Preflight {
    refusal: Option<Refusal>,
}

/// Why a browser does not send the request behind a preflight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The header that decides; none for the status.
    pub(super) header: Option<&'static str>,
    pub(super) kind: Kind,
    pub(super) why: String,
}

impl Preflight {
    pub(super) fn of(answer: &Response, origin: &str, asked: &CorsAsk) -> Self {
        Self {
            refusal: refusal(answer, origin, asked),
        }
    }

    pub(super) const fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }
}

/// The steps of the CORS-preflight fetch (the Fetch standard, section 4.8), in their order.
fn refusal(answer: &Response, origin: &str, asked: &CorsAsk) -> Option<Refusal> {
    let leave = Leave::of(answer, origin);
    let because = |header: &'static str, why: String| {
        let kind = if answer.headers.has(header) {
            Kind::Value
        } else {
            Kind::Removed
        };
        Some(Refusal {
            header: Some(header),
            kind,
            why,
        })
    };
    if !leave.origin {
        let why = "its answer does not allow the origin".to_owned();
        return because("access-control-allow-origin", why);
    }
    if !(200..300).contains(&answer.status) {
        return Some(Refusal {
            header: None,
            kind: Kind::Value,
            why: format!("its answer is {}, which is no success", answer.status),
        });
    }
    let methods = listed(answer, "access-control-allow-methods");
    let simple = ["GET", "HEAD", "POST"].contains(&asked.method.as_str());
    if !simple && !methods.iter().any(|m| m == "*" || *m == asked.method) {
        let why = format!("its answer does not allow the method {}", asked.method);
        return because("access-control-allow-methods", why);
    }
    let headers = names(answer, "access-control-allow-headers");
    let missing = asked.headers.iter().find(|name| {
        let any = headers.iter().any(|h| h == "*") && *name != "authorization";
        !any && !headers.contains(name)
    });
    let missing = missing?;
    let why = format!("its answer does not allow the header {missing}");
    because("access-control-allow-headers", why)
}

/// The words of a list header.
fn listed(answer: &Response, header: &str) -> Vec<String> {
    let all = answer.headers.all(header);
    let texts = all.map(|value| String::from_utf8_lossy(value).into_owned());
    let words = texts.flat_map(|text| {
        let words = text.split(',').map(|word| word.trim().to_owned());
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>()
    });
    words.collect()
}

fn names(answer: &Response, header: &str) -> Vec<String> {
    let words = listed(answer, header).into_iter();
    words.map(|word| word.to_ascii_lowercase()).collect()
}
