//! From a case to the request of one side.

use http::HeaderValue;
use thiserror::Error;

use super::session::SideSession;
use crate::message::{Headers, Request};
use crate::suite::{Action, Changed, SideCase, check_target};
use crate::template::{Scope, Template, Undefined};

/// Why a request is not sent.
#[derive(Debug, Error)]
pub(super) enum Unsendable {
    /// A placeholder without a value.
    #[error(transparent)]
    Undefined(#[from] Undefined),
    /// What it became with its values is not what the HTTP stack would send.
    #[error("with its values, this request would be changed on its way: {}", .0.in_words())]
    Changed(Changed),
    /// A header whose value HTTP forbids (RFC 9110 section 5.5).
    #[error("with its values, the header `{0}` has a value that HTTP forbids")]
    Header(String),
}

/// The request of a case on one side, without its token.
///
/// # Errors
/// See [`Unsendable`]: nothing else is sent in its place.
pub(super) fn request(
    side: &SideSession,
    case: &SideCase,
    scope: &dyn Scope,
) -> Result<Request, Unsendable> {
    let base = side.base(case.api.as_deref());
    let (method, path) = match &case.action {
        Action::Request { method, target } | Action::Probe { method, target, .. } => {
            (method.to_string(), path(target, &base, scope)?)
        }
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
    let body = case.body.render(scope)?;
    let media_type = |headers: &mut Headers| {
        if let Some(media_type) = &body.media_type {
            headers.set("Content-Type", media_type.as_ref());
        }
    };
    media_type(&mut headers);
    for (name, value) in case.headers.iter() {
        match value {
            Some(value) => headers.set(name, header(name, value, scope)?),
            None => headers.remove(name),
        }
    }
    if case.body.owns_its_type() {
        media_type(&mut headers);
    }
    Ok(Request {
        method,
        url: format!("{base}{path}"),
        headers,
        body: body.bytes,
    })
}

/// Path and query. What has no placeholder was checked when the suite was read.
fn path(target: &Template, base: &str, scope: &dyn Scope) -> Result<String, Unsendable> {
    let path = target.render_url(scope)?;
    if target.names().next().is_some() {
        check_target(base, &path).map_err(Unsendable::Changed)?;
    }
    Ok(path)
}

fn header(name: &str, value: &Template, scope: &dyn Scope) -> Result<String, Unsendable> {
    let text = value.render(scope)?;
    if value.names().next().is_some() && HeaderValue::from_bytes(text.as_bytes()).is_err() {
        return Err(Unsendable::Header(name.to_owned()));
    }
    Ok(text)
}
