//! [`Target`]: one side, ready to be asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Version};
use reqwest::Client;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::chunks::{in_chunks, takes_chunks};
use super::client::{ClientError, Connection, Pinned};
use super::failure::{Failure, FailureCause};
use super::gather::Gather;
use super::origin::Origins;
use super::pace::Pace;
use super::unpack::{TooLarge, unpack};
use crate::config::HttpVersion;
use crate::message::{Headers, Packing, Request, Response};
use crate::pair::Side;
use crate::results::{Kind, Phase};

/// Connect failures in a row after which a side is given up.
const GIVE_UP: u32 = 10;

/// How often a request is begun whose connection goes away before it is sent.
const BEGINNINGS: u32 = 3;

/// Bytes of a body above which it is a large one.
const LARGE: usize = 4 * 1024 * 1024;
/// Bytes of a packed body above which it can become a large one: gzip packs a thousandfold at most.
const LARGE_WHEN_UNPACKED: usize = LARGE / 1032;

/// Both sides of a run read one large body at a time: many jobs at work do not need many times the
/// limit.
#[derive(Debug, Clone, Default)]
pub struct LargeBodies(Arc<Mutex<()>>);

/// What a side may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a body, packed and unpacked.
    pub body: usize,
    /// Requests per second; zero is no limit.
    pub per_second: u32,
    /// Shared with the other side.
    pub large: LargeBodies,
}

/// A complete response, and how long it took.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The response.
    pub response: Response,
    /// From sending to the last byte.
    pub took: Duration,
}

/// One side, ready to be asked. Every request of the side, to its API and to its token endpoints,
/// goes through here, and none goes anywhere else than to the side's own origins.
#[derive(Debug)]
pub struct Target {
    side: Side,
    client: Client,
    /// Clients of their own for what does not go to DNS.
    pinned: Vec<(Pinned, Client)>,
    origins: std::sync::RwLock<Origins>,
    pace: Option<Pace>,
    limits: Limits,
    connect_failures: AtomicU32,
    /// Whether a client certificate is shown to it.
    shows_certificate: bool,
    /// Whether it is spoken to in HTTP/2, whatever it offers.
    only_http2: bool,
    /// Whether it has answered anything so far.
    answered: AtomicBool,
}

impl Target {
    /// Prepares a side.
    ///
    /// # Errors
    /// The TLS or proxy settings cannot be used.
    pub fn new(
        side: Side,
        connection: &Connection,
        origins: Origins,
        limits: Limits,
    ) -> Result<Self, ClientError> {
        // A proxy looks names up itself.
        let resolve = connection
            .resolve
            .iter()
            .filter(|_| connection.proxy.is_none());
        let pinned =
            resolve.map(|pinned| Ok((pinned.clone(), connection.client_for(Some(pinned))?)));
        Ok(Self {
            side,
            client: connection.client()?,
            pinned: pinned.collect::<Result<_, ClientError>>()?,
            origins: origins.into(),
            pace: Pace::new(limits.per_second),
            limits,
            connect_failures: AtomicU32::new(0),
            shows_certificate: connection.tls.identity.is_some(),
            only_http2: connection.http == Some(HttpVersion::Two),
            answered: AtomicBool::new(false),
        })
    }

    /// The side.
    pub const fn side(&self) -> Side {
        self.side
    }

    /// Lets an endpoint that the side's issuer names belong to the side.
    pub fn admit(&self, url: &Url) {
        let mut origins = self
            .origins
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        origins.add(url);
    }

    /// Whether the side was given up: too many connect failures in a row. Nothing is sent to it then.
    pub fn given_up(&self) -> Option<Failure> {
        (self.connect_failures.load(Ordering::Relaxed) >= GIVE_UP).then(|| {
            let message = format!(
                "the {} side was given up after {GIVE_UP} connect failures",
                self.side
            );
            Failure::new(Phase::Connect, FailureCause::SideDown, message)
        })
    }

    /// Sends a request and reads the whole response.
    ///
    /// # Errors
    /// See [`Failure`]. A request to a foreign origin is refused before anything is sent.
    pub async fn send(&self, request: &Request, timeout: Duration) -> Result<Answer, Failure> {
        if let Some(down) = self.given_up() {
            return Err(down);
        }
        let outgoing = self.outgoing(request)?;
        if let Some(pace) = &self.pace {
            pace.wait().await;
        }
        let start = Instant::now();
        let result = self.exchange(request, outgoing, start + timeout).await;
        let result = result.map_err(|failure| self.seen_as_refusal(request, failure));
        self.answered.fetch_or(result.is_ok(), Ordering::Relaxed);
        match &result {
            Err(failure) if failure.phase == Phase::Connect => {
                self.connect_failures.fetch_add(1, Ordering::Relaxed);
            }
            _ => self.connect_failures.store(0, Ordering::Relaxed),
        }
        let response = result?;
        Ok(Answer {
            response,
            took: start.elapsed(),
        })
    }

    /// A server that wants a client certificate says so after the handshake (RFC 8446 section 4.4.2). Over
    /// HTTP/2 that may look like a connection that went away under the first request of all: of a side
    /// that never answered, and is shown no certificate, it is taken for that refusal.
    ///
    /// And where `http` asks for HTTP/2, a side that never answered may not speak it.
    fn seen_as_refusal(&self, request: &Request, failure: Failure) -> Failure {
        if self.only_http2 && !self.answered.load(Ordering::Relaxed) && failure.is_no_http2() {
            return Failure::no_http2(&failure.message);
        }
        let over_tls = request.url.starts_with("https:") && !self.shows_certificate;
        let at_first = failure.phase == Phase::Headers && !self.answered.load(Ordering::Relaxed);
        if over_tls && at_first && failure.transport() == Some(Kind::Reset) {
            return Failure::closed_at_once();
        }
        failure
    }

    fn outgoing(&self, request: &Request) -> Result<reqwest::Request, Failure> {
        let refuse = |message: String| Failure::new(Phase::Send, FailureCause::Connect, message);
        let url = Url::parse(&request.url).map_err(|error| refuse(format!("no URL: {error}")))?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| refuse(format!("`{}` is no method", request.method)))?;
        let own = self
            .origins
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .holds(&url);
        if !own {
            return Err(refuse(format!(
                "this is no address of the {} side: nothing was sent",
                self.side
            )));
        }
        let mut outgoing = reqwest::Request::new(method, url);
        for (name, value) in &request.headers.0 {
            let parsed = HeaderName::from_bytes(name.as_bytes()).ok();
            let (Some(name), Ok(mut value)) = (parsed, HeaderValue::from_bytes(value)) else {
                return Err(refuse(format!(
                    "the header `{name}` cannot be sent with this value"
                )));
            };
            value.set_sensitive(name == http::header::AUTHORIZATION);
            outgoing.headers_mut().append(name, value);
        }
        if takes_chunks(outgoing.headers_mut()) {
            *outgoing.body_mut() = Some(in_chunks(request.body.clone()));
        } else if !request.body.is_empty() || carries_body(&request.method) {
            *outgoing.body_mut() = Some(request.body.clone().into());
        }
        Ok(outgoing)
    }

    async fn exchange(
        &self,
        request: &Request,
        outgoing: reqwest::Request,
        until: Instant,
    ) -> Result<Response, Failure> {
        let late = |phase, what| {
            move |_| Failure::new(phase, FailureCause::Timeout, format!("no {what} in time"))
        };
        let sent = timeout_at(until, self.begin(request, outgoing)).await;
        let mut incoming = sent.map_err(late(Phase::Headers, "response"))??;
        let status = incoming.status().as_u16();
        let http = version(incoming.version());
        let headers = headers(incoming.headers());
        let read = timeout_at(until, self.read(&mut incoming)).await;
        let body = read.map_err(late(Phase::Body, "complete body"))??;
        self.response(status, http, headers, body).await
    }

    /// Sends, and sends again where the connection went away before the request had begun.
    async fn begin(
        &self,
        request: &Request,
        mut outgoing: reqwest::Request,
    ) -> Result<reqwest::Response, Failure> {
        for _ in 1..BEGINNINGS {
            match self.execute(outgoing).await {
                Err(error) if Failure::is_unsent(&error) => outgoing = self.outgoing(request)?,
                result => return result.map_err(|error| Failure::of(error, Phase::Headers)),
            }
        }
        let last = self.execute(outgoing).await;
        last.map_err(|error| Failure::of(error, Phase::Headers))
    }

    /// Sends through the client of the URL's host and port. Its address may have another port, which
    /// the HTTP stack takes from the URL where one is written there: the URL gets that port then, and
    /// the request the `Host` that it would have had.
    async fn execute(
        &self,
        mut outgoing: reqwest::Request,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let mut all = self.pinned.iter();
        let Some((pinned, client)) = all.find(|(pinned, _)| pinned.fits(outgoing.url())) else {
            return self.client.execute(outgoing).await;
        };
        if let Some(port) = outgoing.url().port()
            && port != pinned.address.port()
            && let Ok(host) = HeaderValue::from_str(&format!("{}:{port}", pinned.host))
        {
            let headers = outgoing.headers_mut();
            headers.entry(http::header::HOST).or_insert(host);
            let _ = outgoing.url_mut().set_port(Some(pinned.address.port()));
        }
        client.execute(outgoing).await
    }

    async fn read(&self, incoming: &mut reqwest::Response) -> Result<Bytes, Failure> {
        let next = async |incoming: &mut reqwest::Response| {
            let chunk = incoming.chunk().await;
            chunk.map_err(|error| Failure::of(error, Phase::Body))
        };
        let announced = incoming.content_length().unwrap_or_default();
        if announced > self.limits.body as u64 {
            return Err(self.too_large());
        }
        let Some(first) = next(incoming).await? else {
            return Ok(Bytes::new());
        };
        let Some(second) = next(incoming).await? else {
            return if first.len() > self.limits.body {
                Err(self.too_large())
            } else {
                Ok(first)
            };
        };
        let mut body = Gather::new(self.limits.body);
        body.add(&first).map_err(|_| self.too_large())?;
        let mut chunk = Some(second);
        let mut alone = None;
        while let Some(bytes) = chunk {
            if alone.is_none() && body.len() + bytes.len() > LARGE {
                alone = Some(self.limits.large.0.lock().await);
            }
            body.add(&bytes).map_err(|_| self.too_large())?;
            chunk = next(incoming).await?;
        }
        Ok(body.finish())
    }

    async fn response(
        &self,
        status: u16,
        http: &'static str,
        headers: Headers,
        body: Bytes,
    ) -> Result<Response, Failure> {
        let wire_bytes = body.len() as u64;
        let encoding = headers
            .text("content-encoding")
            .filter(|_| !body.is_empty());
        let _alone = match &encoding {
            Some(_) if body.len() > LARGE_WHEN_UNPACKED => Some(self.limits.large.0.lock().await),
            _ => None,
        };
        let (body, packing) = match encoding {
            None => (body, Packing::Plain),
            Some(encoding) => {
                unpack(body, &encoding, self.limits.body).map_err(|TooLarge| self.too_large())?
            }
        };
        Ok(Response {
            status,
            http,
            headers,
            body,
            wire_bytes,
            packing,
        })
    }

    fn too_large(&self) -> Failure {
        let mib = self.limits.body / 1024 / 1024;
        let message = format!("the body is larger than {mib} MiB");
        Failure::new(Phase::Body, FailureCause::BodyLimit, message)
    }
}

/// Methods whose requests announce a body even where it is empty (RFC 9110 section 8.6).
fn carries_body(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2",
        Version::HTTP_3 => "3",
        _ => "1.1",
    }
}

fn headers(map: &http::HeaderMap) -> Headers {
    let fields = map.iter();
    Headers(
        fields
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect(),
    )
}
