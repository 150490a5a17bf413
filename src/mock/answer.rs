//! A request as a double sees it, and its answer: plain values.

use std::time::Duration;

use bytes::Bytes;

use crate::message::Headers;
use crate::mock::document::Raw;
use crate::mock::json::Json;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The method.
    pub(crate) method: String,
    /// The path as it was sent.
    pub(crate) path: String,
    /// The query as it was sent, without its `?`.
    pub(crate) query: String,
    /// The header fields.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Bytes,
    /// The connection that it came on, and which request of it this is, from 0.
    pub(crate) connection: Option<(u64, u64)>,
}

impl Call {
    /// A parameter of the query, decoded.
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The media type of the body, in lower case, without parameters.
    pub(crate) fn media_type(&self) -> String {
        essence(&self.headers.text("content-type").unwrap_or_default())
    }
}

/// A media type in lower case, without its parameters.
pub(crate) fn essence(value: &str) -> String {
    let essence = value.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// An answer. Framing (`Content-Length`, `Transfer-Encoding`) is left to the listener.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The header fields, names as they are to be written.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Bytes,
    /// How long it waits.
    pub(crate) delay: Duration,
    /// A way to break it on the wire.
    pub(crate) raw: Option<Raw>,
    /// Whether the gateway let the request through, and nothing of the double's own stands behind it.
    pub(crate) open: bool,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// An answer with a body of some type.
    pub(crate) fn of(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        let mut answer = Self::empty(status).with("Content-Type", media_type);
        answer.body = body.into();
        answer
    }

    /// An answer with a JSON body.
    pub(crate) fn json(status: u16, body: &Json) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.0.push((name.to_owned(), value.into()));
        self
    }
}
