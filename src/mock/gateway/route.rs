//! [`Route`]: a route of the file with its body.

use bytes::Bytes;

use crate::mock::document::RouteDoc;
use crate::mock::json::Json;

/// A route and the bytes of its body, where it has one of its own.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    /// As it stands in the file.
    pub(crate) doc: RouteDoc,
    /// Its body and the media type that goes with it.
    pub(crate) body: Option<(&'static str, Bytes)>,
}

impl Route {
    /// The body that a route's own keys give it.
    pub(crate) fn new(doc: RouteDoc, file: Option<Vec<u8>>) -> Self {
        let body = match (&doc.json, &doc.text, file) {
            (Some(json), _, _) => Some((
                "application/json",
                Bytes::from(Json::from(&json.value).to_string()),
            )),
            (None, Some(text), _) => {
                Some(("text/plain; charset=utf-8", Bytes::from(text.value.clone())))
            }
            (None, None, Some(bytes)) => Some(("application/octet-stream", Bytes::from(bytes))),
            (None, None, None) => None,
        };
        Self { doc, body }
    }
}
