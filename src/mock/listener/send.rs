//! An answer onto an HTTP/1.1 connection: framing, the case of names, and the ways to break it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::message::Headers;
use crate::mock::document::{Framing, Raw};

/// The pause between two bytes of a dripping answer.
const DRIP: Duration = Duration::from_millis(5);
/// A piece of an endless body.
const PIECE: usize = 64 << 10;

/// An answer that is ready to be framed.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// The status.
    pub(crate) status: u16,
    /// The fields, without those of the framing.
    pub(crate) headers: Headers,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// How the body is framed.
    pub(crate) framing: Framing,
    /// Whether the answer has no body by its nature (HEAD, 204, 304).
    pub(crate) bodiless: bool,
    /// The length that an answer without a body tells all the same.
    pub(crate) length: Option<String>,
    /// Whether the names of the framing are in lower case.
    pub(crate) lower: bool,
    /// Whether the connection ends with it.
    pub(crate) close: bool,
}

/// What became of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// It serves on.
    Open,
    /// It is to be closed.
    Closed,
    /// It is to be reset.
    Reset,
}

impl Outgoing {
    /// Sends the answer whole.
    pub(crate) async fn send<S: AsyncWrite + Unpin>(self, stream: &mut S) -> io::Result<After> {
        let chunked = self.framing == Framing::Chunked && !self.body.is_empty();
        let length = self.body.len().to_string();
        let mut bytes = match &self.length {
            told if self.bodiless => {
                self.head(told.as_deref().map(|length| ("Content-Length", length)))
            }
            _ if chunked => self.head(Some(("Transfer-Encoding", "chunked"))),
            _ => self.head(Some(("Content-Length", &length))),
        };
        if self.bodiless {
            // Nothing follows.
        } else if chunked {
            chunk(&mut bytes, &self.body);
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            bytes.extend_from_slice(&self.body);
        }
        stream.write_all(&bytes).await?;
        stream.flush().await?;
        Ok(if self.close {
            After::Closed
        } else {
            After::Open
        })
    }

    /// Sends the answer broken.
    pub(crate) async fn send_raw<S: AsyncWrite + Unpin>(
        mut self,
        raw: Raw,
        stream: &mut S,
    ) -> io::Result<After> {
        let length = self.body.len();
        match raw {
            Raw::Reset => return Ok(After::Reset),
            Raw::Cut => {
                let mut bytes = self.head(Some(("Content-Length", &length.to_string())));
                bytes.extend_from_slice(&self.body[..length / 2]);
                stream.write_all(&bytes).await?;
            }
            Raw::WrongLength => {
                let mut bytes = self.head(Some(("Content-Length", &(length + 16).to_string())));
                bytes.append(&mut self.body);
                stream.write_all(&bytes).await?;
            }
            Raw::Drip => {
                let mut bytes = self.head(Some(("Content-Length", &length.to_string())));
                bytes.append(&mut self.body);
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                    stream.flush().await?;
                    tokio::time::sleep(DRIP).await;
                }
                return Ok(if self.close {
                    After::Closed
                } else {
                    After::Open
                });
            }
            Raw::Endless => {
                let mut bytes = self.head(Some(("Transfer-Encoding", "chunked")));
                if !self.body.is_empty() {
                    chunk(&mut bytes, &self.body);
                }
                stream.write_all(&bytes).await?;
                let mut piece = Vec::with_capacity(PIECE + 16);
                chunk(&mut piece, &vec![b' '; PIECE]);
                // It ends when the client goes: the write fails then.
                loop {
                    stream.write_all(&piece).await?;
                    stream.flush().await?;
                }
            }
        }
        stream.flush().await?;
        Ok(After::Closed)
    }

    fn head(&self, framing: Option<(&str, &str)>) -> Vec<u8> {
        let reason = http::StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_default();
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status).into_bytes();
        let mut field = |name: &str, value: &[u8]| {
            let name = if self.lower {
                name.to_ascii_lowercase()
            } else {
                name.to_owned()
            };
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        };
        for (name, value) in &self.headers.0 {
            field(name, value);
        }
        if let Some((name, value)) = framing {
            field(name, value.as_bytes());
        }
        if self.close {
            field("Connection", b"close");
        }
        head.extend_from_slice(b"\r\n");
        head
    }
}

fn chunk(into: &mut Vec<u8>, body: &[u8]) {
    into.extend_from_slice(format!("{:x}\r\n", body.len()).as_bytes());
    into.extend_from_slice(body);
    into.extend_from_slice(b"\r\n");
}
