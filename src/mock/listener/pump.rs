//! The way to wiremock and back: a connection of its own for each client connection.
//!
//! wiremock normalises targets and lower-cases names, so both travel beside the message: the target in
//! a `double-target` field, and on the way back names, delay and raw mode in fields that start with
//! `double-` too. None of them reaches the client.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use wiremock::{Request, ResponseTemplate};

use crate::message::Headers;
use crate::mock::answer::{Answer, Call};
use crate::mock::document::Raw;
use crate::mock::hop::is_of_the_connection;
use crate::mock::listener::wire::{Head, Reader};

const TARGET: &str = "double-target";
const CONNECTION: &str = "double-connection";
const NAMES: &str = "double-names";
const DELAY: &str = "double-delay";
const RAW: &str = "double-raw";
const OPEN: &str = "double-open";

/// The request that a message from a listener, or straight from an HTTP/2 client, stands for.
pub(crate) fn call_of(request: &Request) -> Call {
    let mut headers = Headers::default();
    let mut target = None;
    let mut connection = None;
    for (name, value) in &request.headers {
        if name == TARGET {
            target = Some(String::from_utf8_lossy(value.as_bytes()).into_owned());
        } else if name == CONNECTION {
            let text = String::from_utf8_lossy(value.as_bytes());
            let numbers = text.split_once('.');
            connection = numbers.and_then(|(id, nth)| Some((id.parse().ok()?, nth.parse().ok()?)));
        } else {
            headers
                .0
                .push((name.as_str().to_owned(), value.as_bytes().to_vec()));
        }
    }
    // HTTP/2 has the authority in the target.
    if !headers.has("host") {
        headers.set("host", request.url.authority());
    }
    let target = target.unwrap_or_else(|| match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    });
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Call {
        method: request.method.as_str().to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: request.body.clone().into(),
        connection,
    }
}

/// Whether a message came through a listener, and not as bytes of HTTP/2.
pub(crate) fn is_pumped(request: &Request) -> bool {
    request.headers.contains_key(TARGET)
}

/// What a HEAD gets of an answer over HTTP/2, where a body would be an error; on HTTP/1.1 the listener
/// sees to it.
pub(crate) fn for_head(mut answer: Answer) -> Answer {
    answer.body = bytes::Bytes::new();
    answer
}

/// An answer in wiremock's terms. Straight HTTP/2 cannot be broken on the wire: `raw` is not served.
pub(crate) fn template_of(answer: &Answer, pumped: bool) -> ResponseTemplate {
    let mut template = ResponseTemplate::new(answer.status).set_body_bytes(answer.body.to_vec());
    let mut names: Vec<&str> = Vec::new();
    for (name, value) in &answer.headers.0 {
        let parsed = http::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(header), Ok(value)) = (parsed, http::HeaderValue::from_bytes(value)) {
            names.push(name);
            template = template.append_header(header, value);
        }
    }
    if !pumped {
        return match answer.raw {
            Some(_) => ResponseTemplate::new(501).set_body_string("raw answers need HTTP/1.1\n"),
            None => template.set_delay(answer.delay),
        };
    }
    template = template
        .insert_header(NAMES, names.join(","))
        .insert_header(DELAY, answer.delay.as_millis().to_string());
    if answer.open {
        template = template.insert_header(OPEN, "1");
    }
    match answer.raw {
        Some(raw) => template.insert_header(RAW, raw.word()),
        None => template,
    }
}

/// What wiremock answered, with what travelled beside it.
#[derive(Debug)]
pub(crate) struct Pumped {
    /// The status.
    pub(crate) status: u16,
    /// The fields, names as they are to be written.
    pub(crate) headers: Headers,
    /// The length that was told.
    pub(crate) length: Option<String>,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// How long the answer waits.
    pub(crate) delay: Duration,
    /// How it is broken.
    pub(crate) raw: Option<Raw>,
    /// Whether it is to come from what stands behind the double, where something does.
    pub(crate) open: bool,
    /// The number of the connection, and which request of it this answers.
    pub(crate) id: (u64, u64),
}

/// The connection to wiremock of one client connection.
pub(crate) struct Pump {
    address: SocketAddr,
    open: Option<Reader<TcpStream>>,
    /// The number of the client's connection, and of the requests on it so far.
    connection: u64,
    sent: u64,
}

impl Pump {
    /// A pump that connects when it is first used.
    pub(crate) const fn new(address: SocketAddr, connection: u64) -> Self {
        Self {
            address,
            open: None,
            connection,
            sent: 0,
        }
    }

    /// Sends a request on and reads the answer.
    pub(crate) async fn exchange(
        &mut self,
        method: &str,
        target: &str,
        head: &Head,
        body: &[u8],
    ) -> io::Result<Pumped> {
        let mut upstream = if let Some(open) = self.open.take() {
            open
        } else {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            Reader::new(stream)
        };
        let id = (self.connection, self.sent);
        let nth = format!("{}.{}", self.connection, self.sent);
        self.sent += 1;
        let start = format!("{method} / HTTP/1.1\r\n{TARGET}: {target}\r\n{CONNECTION}: {nth}\r\n");
        let mut bytes = start.into_bytes();
        for (name, value) in &head.headers.0 {
            let lower = name.to_ascii_lowercase();
            if is_of_the_connection(&lower) || lower == TARGET || lower == CONNECTION {
                continue;
            }
            bytes.extend_from_slice(lower.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        // The backend must not see a length that the client did not send.
        if !body.is_empty() || head.headers.has("content-length") {
            bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body);
        upstream.stream.write_all(&bytes).await?;
        let pumped = read(&mut upstream, method).await?;
        self.open = Some(upstream);
        Ok(Pumped { id, ..pumped })
    }
}

async fn read(upstream: &mut Reader<TcpStream>, method: &str) -> io::Result<Pumped> {
    let bytes = upstream.head().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
    let head = Head::parse(&bytes).ok_or(io::ErrorKind::InvalidData)?;
    let status = head
        .start
        .split(' ')
        .nth(1)
        .and_then(|text| text.parse().ok());
    let status = status.ok_or(io::ErrorKind::InvalidData)?;
    let body = if method == "HEAD" {
        Vec::new()
    } else {
        upstream.body(&head).await?
    };
    let beside = |name: &str| head.headers.text(name).unwrap_or_default();
    let names = beside(NAMES);
    let mut written: Vec<&str> = names.split(',').collect();
    let mut headers = Headers::default();
    for (name, value) in &head.headers.0 {
        let own = name.starts_with("double-") || name == "content-length";
        if own || name == "connection" {
            continue;
        }
        let at = written
            .iter()
            .position(|one| one.eq_ignore_ascii_case(name));
        let name = match at {
            Some(at) => written.remove(at).to_owned(),
            None => title_case(name),
        };
        headers.0.push((name, value.clone()));
    }
    Ok(Pumped {
        status,
        headers,
        length: head.headers.text("content-length"),
        body,
        delay: Duration::from_millis(beside(DELAY).parse().unwrap_or_default()),
        raw: raw_of(&beside(RAW)),
        open: head.headers.has(OPEN),
        id: (0, 0),
    })
}

fn raw_of(word: &str) -> Option<Raw> {
    let all = [
        Raw::Cut,
        Raw::Drip,
        Raw::Reset,
        Raw::WrongLength,
        Raw::Endless,
    ];
    all.into_iter().find(|raw| raw.word() == word)
}

pub(super) fn title_case(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    words.collect::<Vec<_>>().join("-")
}
