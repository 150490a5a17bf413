//! An HTTP/1.1 client that adds nothing and hides nothing: for tests that look at every byte.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// An answer as it stood on the wire, its body put together from chunks.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    /// The version that was spoken: `1.1`, or `2`.
    pub(crate) http: String,
    /// The lines of the head below the status line.
    pub(crate) lines: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Raw {
    /// The first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.lines.iter().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }
}

/// Sends a request of its own connection and reads the answer to its end.
pub(crate) fn send(
    origin: &str,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Raw {
    let address = origin.strip_prefix("http://").expect("a plain address");
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH") {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("Connection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("a head");
    stream.write_all(body).expect("a body");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    read(&answer)
}

fn read(answer: &[u8]) -> Raw {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.expect("the end of the head");
    let head = String::from_utf8(answer[..end].to_vec()).expect("a head of text");
    let mut lines = head.split("\r\n").map(str::to_owned);
    let status = lines.next().unwrap();
    let mut raw = Raw {
        status: status.split(' ').nth(1).unwrap().parse().unwrap(),
        http: status.split([' ', '/']).nth(1).unwrap().to_owned(),
        lines: lines.collect(),
        body: answer[end + 4..].to_vec(),
    };
    if raw.header("transfer-encoding") == Some("chunked") {
        raw.body = joined(&raw.body);
    }
    raw
}

fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = std::str::from_utf8(&chunks[..line]).unwrap();
        let size = usize::from_str_radix(size, 16).expect("the size of a chunk");
        if size == 0 {
            return body;
        }
        chunks = &chunks[line + 2..];
        body.extend_from_slice(&chunks[..size]);
        chunks = &chunks[size + 2..];
    }
}
