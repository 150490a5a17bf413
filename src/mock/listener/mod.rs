//! The listener of a double: connections, their raw bytes, TLS, HTTP/1.1 framing, broken answers.

mod pump;
mod record;
mod send;
pub(crate) mod tls;
mod wire;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::mock::document::{Framing, HeaderNames, HttpVersion, Raw};
use crate::mock::engine::Engine;
use crate::mock::listener::pump::{Pump, Pumped, title_case};
use crate::mock::listener::send::{After, Outgoing};
use crate::mock::listener::wire::{Head, Reader};
use crate::mock::relay::{Behind, Relayed};

pub(crate) use crate::mock::listener::pump::{call_of, for_head, is_pumped, template_of};
pub use crate::mock::listener::record::{Beyond, RawConnection};
pub(crate) use crate::mock::listener::record::{Records, Tapped};

/// The first bytes of HTTP/2 by prior knowledge (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How a listener speaks.
pub(crate) struct Manner {
    /// Where wiremock listens.
    pub(crate) upstream: SocketAddr,
    /// The versions of HTTP that are spoken.
    pub(crate) versions: Vec<HttpVersion>,
    /// How names are written.
    pub(crate) names: HeaderNames,
    /// How bodies are framed.
    pub(crate) framing: Framing,
    /// TLS, where it is used.
    pub(crate) tls: Option<TlsAcceptor>,
    /// What the connections carried.
    pub(crate) records: Arc<Records>,
    /// What decides on the answers, and keeps the log of them.
    pub(crate) engine: Arc<Engine>,
    /// What answers in place of a backend, where something does.
    pub(crate) behind: Option<Behind>,
}

/// Accepts connections until it is dropped; then every connection ends with it.
pub(crate) async fn serve(listener: TcpListener, manner: Arc<Manner>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A client that is gone again, or too many open files: the next may do better.
                let Ok((stream, _)) = accepted else {
                    tokio::task::yield_now().await;
                    continue;
                };
                let manner = Arc::clone(&manner);
                connections.spawn(async move { connection(stream, &manner).await });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves one connection. Errors of the client's end it, and are nobody's business.
async fn connection(stream: TcpStream, manner: &Manner) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match &manner.tls {
        None => spoken(stream, manner).await,
        Some(acceptor) => spoken(acceptor.accept(stream).await?, manner).await,
    }
}

/// A stream that can be ended with a reset.
trait Abort {
    /// Makes the end of the stream a reset.
    fn abort(&self) -> io::Result<()>;
}

impl Abort for TcpStream {
    fn abort(&self) -> io::Result<()> {
        self.set_zero_linger()
    }
}

impl Abort for TlsStream<TcpStream> {
    fn abort(&self) -> io::Result<()> {
        self.get_ref().0.abort()
    }
}

async fn spoken<S>(stream: S, manner: &Manner) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Abort + Unpin,
{
    let mut reader = Reader::new(Tapped::new(stream, &manner.records));
    if reader.starts_with(PREFACE).await? {
        if !manner.versions.contains(&HttpVersion::Http2) {
            return Ok(());
        }
        let (mut client, ahead) = reader.into_parts();
        let mut upstream = TcpStream::connect(manner.upstream).await?;
        upstream.set_nodelay(true)?;
        upstream.write_all(&ahead).await?;
        copy_bidirectional(&mut client, &mut upstream).await?;
        return Ok(());
    }
    let after = http1(&mut reader, manner).await?;
    let (mut client, _) = reader.into_parts();
    match after {
        After::Reset => client.inner().abort(),
        _ => client.shutdown().await,
    }
}

async fn http1<S>(reader: &mut Reader<Tapped<S>>, manner: &Manner) -> io::Result<After>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut pump = Pump::new(manner.upstream, reader.stream.id());
    for nth in 0.. {
        let Some(bytes) = reader.head().await? else {
            break;
        };
        let request = Head::parse(&bytes).and_then(RequestHead::new);
        let Some(request) = request.filter(|_| manner.versions.contains(&HttpVersion::Http11))
        else {
            return refuse(400, &mut reader.stream).await;
        };
        if request.head.lists("expect", "100-continue") {
            reader
                .stream
                .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")
                .await?;
        }
        let body = body_of(reader, nth, &bytes, &request.head).await;
        let Ok(body) = body else {
            return refuse(400, &mut reader.stream).await;
        };
        let pumped = pump
            .exchange(&request.method, &request.target, &request.head, &body)
            .await;
        let Ok(mut pumped) = pumped else {
            return refuse(502, &mut reader.stream).await;
        };
        if let Some(behind) = manner.behind.as_ref().filter(|_| pumped.open) {
            let (method, target) = (&request.method, &request.target);
            let answer = behind.answer(method, target, &request.head.headers, body, pumped.id);
            pumped = relayed(answer.await, pumped);
        }
        tokio::time::sleep(pumped.delay).await;
        manner.engine.log().leaves(pumped.id);
        let raw = pumped.raw.take();
        let outgoing = outgoing(pumped, &request, manner);
        // Without a body there is nothing to break but the connection.
        let raw = raw.filter(|raw| !outgoing.bodiless || *raw == Raw::Reset);
        let after = match raw {
            Some(raw) => outgoing.send_raw(raw, &mut reader.stream).await?,
            None => outgoing.send(&mut reader.stream).await?,
        };
        if after != After::Open {
            return Ok(after);
        }
    }
    Ok(After::Closed)
}

/// An answer as this address writes it.
fn outgoing(pumped: Pumped, request: &RequestHead, manner: &Manner) -> Outgoing {
    Outgoing {
        status: pumped.status,
        headers: pumped.headers,
        body: pumped.body,
        framing: if request.old {
            Framing::Length
        } else {
            manner.framing
        },
        bodiless: request.method == "HEAD" || matches!(pumped.status, 204 | 304),
        length: pumped.length,
        lower: manner.names == HeaderNames::Lower,
        close: request.close,
    }
}

/// The body of a request. The request is kept also where it is not whole in the bytes that are.
async fn body_of<S: AsyncRead + Unpin>(
    reader: &mut Reader<Tapped<S>>,
    nth: u64,
    bytes: &[u8],
    head: &Head,
) -> io::Result<Vec<u8>> {
    let body = reader.body(head).await;
    let sent = body.as_deref().unwrap_or_default();
    reader.stream.keep_beyond(nth, bytes, sent);
    body
}

/// The answer of what stands behind a double, in place of its own.
fn relayed(answer: Relayed, own: Pumped) -> Pumped {
    let fields = answer.headers.0.into_iter();
    let fields = fields.map(|(name, value)| (title_case(&name), value));
    Pumped {
        status: answer.status,
        headers: crate::message::Headers(fields.collect()),
        length: answer.length,
        body: answer.body.to_vec(),
        ..own
    }
}

/// The request line and what follows from the head.
struct RequestHead {
    head: Head,
    method: String,
    target: String,
    /// Whether it is of HTTP/1.0.
    old: bool,
    close: bool,
}

impl RequestHead {
    /// `None` where the message could not be passed on.
    fn new(head: Head) -> Option<Self> {
        let mut words = head.start.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        if words.next().is_some() || !version.starts_with("HTTP/1.") {
            return None;
        }
        let names = head.headers.0.iter().all(|(name, value)| {
            http::HeaderName::from_bytes(name.as_bytes()).is_ok()
                && http::HeaderValue::from_bytes(value).is_ok()
        });
        let sound = names
            && method != "CONNECT"
            && http::Method::from_bytes(method.as_bytes()).is_ok()
            && http::HeaderValue::from_str(target).is_ok();
        let old = version == "HTTP/1.0";
        if !sound {
            return None;
        }
        Some(Self {
            method: method.to_owned(),
            target: origin_form(target),
            old,
            close: head.lists("connection", "close")
                || old && !head.lists("connection", "keep-alive"),
            head,
        })
    }
}

/// The path and query of a target; a proxy's absolute form (RFC 9112 section 3.2.2) loses its origin.
fn origin_form(target: &str) -> String {
    match target.split_once("://") {
        Some(("http" | "https", rest)) => match rest.find('/') {
            Some(path) => rest.split_at(path).1.to_owned(),
            None => "/".to_owned(),
        },
        _ => target.to_owned(),
    }
}

/// Answers what cannot be passed on, and ends the connection.
async fn refuse<S: AsyncWrite + Unpin>(status: u16, stream: &mut S) -> io::Result<After> {
    let line = format!("HTTP/1.1 {status} \r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(line.as_bytes()).await?;
    stream.flush().await?;
    Ok(After::Closed)
}
