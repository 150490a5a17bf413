//! [`Relay`]: what answers behind the gateway of a double in place of a backend of its own.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::message::Headers;
use crate::mock::engine::Engine;
use crate::mock::hop::is_of_the_connection;

/// A request that the gateway of a double let through.
#[derive(Clone)]
pub struct Admitted {
    /// The method.
    pub method: String,
    /// The path below the base path of the double, with its query, as they were sent.
    pub target: String,
    /// The header fields, without those of the connection.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// The address of the double's API, as the client calls it.
    pub address: String,
}

impl fmt::Debug for Admitted {
    // The fields hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admitted")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// The answer to it.
#[derive(Debug, Clone, Default)]
pub struct Relayed {
    /// The status.
    pub status: u16,
    /// The header fields, without those of a connection.
    pub headers: Headers,
    /// The body, empty in the answer to a HEAD.
    pub body: Bytes,
    /// The length that was told, where there is no body.
    pub length: Option<String>,
}

/// An answer that is on its way.
pub type Relaying<'a> = Pin<Box<dyn Future<Output = Relayed> + Send + 'a>>;

/// What answers behind the gateway of a double.
pub trait Relay: Send + Sync {
    /// Answers a request.
    fn relay(&self, admitted: Admitted) -> Relaying<'_>;
}

/// Takes away the fields that speak of one connection only, and those that `Connection` names.
pub fn end_to_end(headers: &Headers) -> Headers {
    let named: Vec<String> = headers
        .all("connection")
        .flat_map(|value| {
            let text = String::from_utf8_lossy(value).to_ascii_lowercase();
            let names = text.split(',').map(|name| name.trim().to_owned());
            names.collect::<Vec<_>>()
        })
        .collect();
    let kept = headers.0.iter().filter(|(name, _)| {
        let name = name.to_ascii_lowercase();
        !is_of_the_connection(&name) && !named.contains(&name)
    });
    Headers(kept.cloned().collect())
}

/// A relay, and the double whose gateway stands before it.
#[derive(Clone)]
pub(crate) struct Behind {
    pub(crate) relay: Arc<dyn Relay>,
    pub(crate) engine: Arc<Engine>,
    /// The scheme of the listener's addresses.
    pub(crate) scheme: &'static str,
}

impl Behind {
    /// The answer to a request, which is noted in place of that of the gateway.
    pub(crate) async fn answer(
        &self,
        method: &str,
        target: &str,
        headers: &Headers,
        body: Vec<u8>,
        id: (u64, u64),
    ) -> Relayed {
        let base = self.engine.base();
        let host = headers.text("host").unwrap_or_default();
        let admitted = Admitted {
            method: method.to_owned(),
            target: target.strip_prefix(base).unwrap_or(target).to_owned(),
            headers: end_to_end(headers),
            body: body.into(),
            address: format!("{}://{host}{base}", self.scheme),
        };
        let answer = self.relay.relay(admitted).await;
        let log = self.engine.log();
        log.correct(id, answer.status, &answer.headers, &answer.body);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_of_the_connection_ends_with_it() {
        let field = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
        let headers = Headers(vec![
            field("Accept", "*/*"),
            field("Connection", "close, X-Mine"),
            field("Keep-Alive", "timeout=5"),
            field("x-mine", "1"),
            field("TE", "trailers"),
            field("Content-Length", "2"),
        ]);
        assert_eq!(end_to_end(&headers).0, [field("Accept", "*/*")]);
    }
}
