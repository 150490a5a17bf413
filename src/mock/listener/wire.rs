//! HTTP/1.1 messages on a stream (RFC 9112): heads, bodies, and what a tolerant server makes of them.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::message::Headers;

/// Bytes of a head; enough for a header of half a megabyte.
const MAX_HEAD: usize = 1 << 20;
/// Bytes of a request body.
const MAX_BODY: usize = 64 << 20;

/// A start line and its header fields, names as they were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// The first line, without its end.
    pub(crate) start: String,
    /// The fields.
    pub(crate) headers: Headers,
}

impl Head {
    /// Reads the lines of a head. Folded lines (RFC 9112 section 5.2) are joined with a blank.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes
            .split(|byte| *byte == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let start = String::from_utf8(lines.next()?.to_vec()).ok()?;
        let mut headers = Headers::default();
        for line in lines.filter(|line| !line.is_empty()) {
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                let (_, value) = headers.0.last_mut()?;
                value.push(b' ');
                value.extend_from_slice(line.trim_ascii());
                continue;
            }
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at(colon);
            let name = String::from_utf8(name.to_vec()).ok()?;
            let value = value.get(1..)?.trim_ascii();
            headers.0.push((name, value.to_vec()));
        }
        Some(Self { start, headers })
    }

    /// Whether a field that lists words has a word.
    pub(crate) fn lists(&self, field: &str, word: &str) -> bool {
        self.headers.all(field).any(|value| {
            let text = String::from_utf8_lossy(value);
            text.split(',')
                .any(|one| one.trim().eq_ignore_ascii_case(word))
        })
    }
}

/// A stream with what was read ahead of it.
pub(crate) struct Reader<S> {
    /// The stream.
    pub(crate) stream: S,
    ahead: Vec<u8>,
}

impl<S: AsyncRead + Unpin> Reader<S> {
    /// Starts to read.
    pub(crate) const fn new(stream: S) -> Self {
        Self {
            stream,
            ahead: Vec::new(),
        }
    }

    /// Takes the stream back, with what was read ahead.
    pub(crate) fn into_parts(self) -> (S, Vec<u8>) {
        (self.stream, self.ahead)
    }

    /// Reads on; `false` at the end of the stream.
    async fn more(&mut self) -> io::Result<bool> {
        Ok(self.stream.read_buf(&mut self.ahead).await? > 0)
    }

    /// Whether the stream starts with `prefix`, reading no more than that takes.
    pub(crate) async fn starts_with(&mut self, prefix: &[u8]) -> io::Result<bool> {
        loop {
            let known = self.ahead.len().min(prefix.len());
            if self.ahead[..known] != prefix[..known] {
                return Ok(false);
            }
            if known == prefix.len() {
                return Ok(true);
            }
            if !self.more().await? {
                return Ok(false);
            }
        }
    }

    /// The bytes of the next head; `None` where the stream ends before it starts.
    pub(crate) async fn head(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut searched = 0;
        loop {
            // Empty lines before a request are passed over (RFC 9112 section 2.2).
            let skip = self
                .ahead
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
            if searched == 0 && skip > 0 {
                self.ahead.drain(..skip);
            }
            if let Some(end) = end_of_head(&self.ahead, searched) {
                return Ok(Some(self.ahead.drain(..end).collect()));
            }
            searched = self.ahead.len().saturating_sub(3);
            if self.ahead.len() > MAX_HEAD {
                return Err(io::Error::other("the head is too large"));
            }
            if !self.more().await? {
                return if self.ahead.is_empty() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
        }
    }

    /// The next `count` bytes.
    pub(crate) async fn exact(&mut self, count: usize) -> io::Result<Vec<u8>> {
        if count > MAX_BODY {
            return Err(io::Error::other("the body is too large"));
        }
        while self.ahead.len() < count {
            if !self.more().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.ahead.drain(..count).collect())
    }

    async fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.ahead.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.ahead.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(line.trim_ascii()).into_owned());
            }
            if self.ahead.len() > MAX_HEAD || !self.more().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// The body that a head announces (RFC 9112 section 6).
    pub(crate) async fn body(&mut self, head: &Head) -> io::Result<Vec<u8>> {
        if head.lists("transfer-encoding", "chunked") {
            return self.chunked().await;
        }
        match head.headers.text("content-length") {
            None => Ok(Vec::new()),
            Some(text) => match text.trim().parse() {
                Ok(count) => self.exact(count).await,
                Err(_) => Err(io::Error::other("Content-Length is no number")),
            },
        }
    }

    async fn chunked(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line().await?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16)
                .map_err(|_| io::Error::other("a chunk without its size"))?;
            if size == 0 {
                while !self.line().await?.is_empty() {}
                return Ok(body);
            }
            if body.len().saturating_add(size) > MAX_BODY {
                return Err(io::Error::other("the body is too large"));
            }
            body.extend(self.exact(size).await?);
            self.line().await?;
        }
    }
}

/// The offset behind the empty line that ends a head.
fn end_of_head(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = bytes.get(at..)?.iter().position(|byte| *byte == b'\n') {
        let next = at + found + 1;
        match bytes.get(next..)? {
            [b'\n', ..] => return Some(next + 1),
            [b'\r', b'\n', ..] => return Some(next + 2),
            _ => at = next,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime").block_on(future)
    }

    #[test]
    fn heads_and_bodies_are_told_apart() {
        let bytes: &[u8] = b"\r\nPOST /a HTTP/1.1\r\nX: 1 \r\n folded\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\n\n";
        run(async {
            let mut reader = Reader::new(bytes);
            let head = Head::parse(&reader.head().await.expect("read").expect("a head"));
            let head = head.expect("a head");
            assert_eq!(head.start, "POST /a HTTP/1.1");
            assert_eq!(head.headers.text("x").as_deref(), Some("1 folded"));
            assert_eq!(reader.body(&head).await.expect("a body"), b"abc");
            let next = reader.head().await.expect("read").expect("a head");
            assert_eq!(next, b"GET / HTTP/1.1\n\n");
            assert_eq!(reader.head().await.expect("read"), None);
        });
    }

    #[test]
    fn chunks_are_joined_and_trailers_passed_over() {
        let bytes: &[u8] = b"3;x=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\nnext";
        let head = Head::parse(b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n");
        run(async {
            let mut reader = Reader::new(bytes);
            let body = reader.body(&head.expect("a head")).await;
            assert_eq!(body.expect("a body"), b"abc0123456789");
            assert_eq!(reader.exact(4).await.expect("rest"), b"next");
        });
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        run(async {
            assert!(Reader::new(b"GET / HT".as_slice()).head().await.is_err());
            assert!(Reader::new(b"ab".as_slice()).exact(3).await.is_err());
        });
    }
}
