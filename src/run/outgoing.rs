//! From a case to the request of one side.

use super::session::SideSession;
use crate::message::{Headers, Request};
use crate::suite::{Action, SideCase};
use crate::template::{Scope, Undefined};

/// The request of a case on one side, without its token.
pub(super) fn request(
    side: &SideSession,
    case: &SideCase,
    scope: &dyn Scope,
) -> Result<Request, Undefined> {
    let (method, path) = match &case.action {
        Action::Request { method, target } | Action::Probe { method, target, .. } => {
            (method.to_string(), target.render_url(scope)?)
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
            Some(value) => headers.set(name, value.render(scope)?),
            None => headers.remove(name),
        }
    }
    if case.body.owns_its_type() {
        media_type(&mut headers);
    }
    Ok(Request {
        method,
        url: format!("{}{path}", side.base(case.api.as_deref())),
        headers,
        body: body.bytes,
    })
}
