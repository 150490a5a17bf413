//! From a case to the request of one side.

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret;

use super::session::SideSession;
use crate::message::{Headers, Request};
use crate::suite::{Action, SideCase};
use crate::template::{Scope, Undefined};
use crate::token::{Placement, Token};

/// RFC 3986 section 2.3: what a component never needs to encode.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The request of a case on one side, without its token.
pub(super) fn request(
    side: &SideSession,
    case: &SideCase,
    scope: &dyn Scope,
) -> Result<Request, Undefined> {
    let (method, path) = match &case.action {
        Action::Request { method, target } => (method.clone(), target.render_url(scope)?),
        // A grant makes its request from the credential.
        Action::Grant(_) | Action::Client => (String::new(), String::new()),
    };
    let mut headers = Headers(vec![
        ("User-Agent".to_owned(), crate::USER_AGENT.into()),
        ("Accept".to_owned(), b"*/*".to_vec()),
        ("Accept-Encoding".to_owned(), b"gzip".to_vec()),
    ]);
    for (name, value) in &side.headers {
        headers.set(name, value.as_bytes());
    }
    if let Some(media_type) = case.body.content_type() {
        headers.set("Content-Type", media_type);
    }
    for (name, value) in &case.headers {
        match value {
            Some(value) => headers.set(name, value.render(scope)?),
            None => headers.remove(name),
        }
    }
    Ok(Request {
        method,
        url: format!("{}{path}", side.base(case.api.as_deref())),
        headers,
        body: Bytes::from(case.body.render(scope)?),
    })
}

/// Puts a token in its place. A header of the same name that the suite wrote stays as it is: the
/// suite knows what it tests.
pub(super) fn carry(request: &mut Request, token: &Token, placement: &Placement, written: bool) {
    let value = token.value.expose_secret();
    match placement {
        Placement::Header { .. } if written => {}
        Placement::Header { name, scheme } => {
            let value = match scheme {
                Some(scheme) => format!("{scheme} {value}"),
                None => value.to_owned(),
            };
            request.headers.set(name, value);
        }
        Placement::Query(name) => {
            let mark = if request.url.contains('?') { '&' } else { '?' };
            let value = utf8_percent_encode(value, COMPONENT);
            let name = utf8_percent_encode(name, COMPONENT);
            request.url = format!("{}{mark}{name}={value}", request.url);
        }
    }
}
