//! The raw bytes of connections, kept so that what a client really sent can be read back.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that are kept of one connection.
const PER_CONNECTION: usize = 1 << 20;
/// Bytes of the requests behind these that are kept, and of the body of one of them.
const BEYOND: usize = 16 << 20;
const BODY_BEYOND: usize = 64 * 1024;
/// Connections that are kept where nobody wants more; the oldest go first.
const CONNECTIONS: usize = 1024;

/// What a client sent on one connection (behind TLS: after decryption).
#[derive(Clone, PartialEq, Eq)]
pub struct RawConnection {
    /// The number of the connection, counted from 0 for each double.
    pub id: u64,
    /// The bytes, at most 1 MiB.
    pub bytes: Vec<u8>,
    /// Whether there were more.
    pub cut: bool,
    /// The requests that are not whole in `bytes`, in order.
    pub beyond: Vec<Beyond>,
}

/// A request behind the bytes of a connection that are kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Beyond {
    /// Which request of its connection it is, from 0.
    pub nth: u64,
    /// Its request line and header fields, byte for byte.
    pub head: Vec<u8>,
    /// The first 64 KiB of its body, chunks joined.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Beyond {
    // The bytes hold credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beyond")
            .field("nth", &self.nth)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for RawConnection {
    // The bytes hold credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawConnection")
            .field("id", &self.id)
            .field("bytes", &self.bytes.len())
            .field("cut", &self.cut)
            .field("beyond", &self.beyond.len())
            .finish()
    }
}

type Kept = Arc<Mutex<RawConnection>>;

/// The connections of one double.
#[derive(Debug)]
pub(crate) struct Records {
    limit: AtomicUsize,
    /// Whether a request behind the bytes of a connection is not kept.
    lost: Arc<AtomicBool>,
    kept: Mutex<(u64, VecDeque<Kept>)>,
}

impl Default for Records {
    fn default() -> Self {
        Self {
            limit: AtomicUsize::new(CONNECTIONS),
            lost: Arc::default(),
            kept: Mutex::default(),
        }
    }
}

impl Records {
    /// Keeps so many connections from now on.
    pub(crate) fn keep(&self, connections: usize) {
        self.limit.store(connections.max(1), Ordering::Relaxed);
    }

    /// Starts on a connection.
    fn open(&self) -> Kept {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = Arc::new(Mutex::new(RawConnection {
            id: kept.0,
            bytes: Vec::new(),
            cut: false,
            beyond: Vec::new(),
        }));
        kept.0 += 1;
        while kept.1.len() >= self.limit.load(Ordering::Relaxed) {
            kept.1.pop_front();
        }
        kept.1.push_back(Arc::clone(&connection));
        connection
    }

    /// Whether a connection is not kept any more, or a request of one.
    pub(crate) fn lacks_some(&self) -> bool {
        if self.lost.load(Ordering::Relaxed) {
            return true;
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        u64::try_from(kept.1.len()).is_ok_and(|count| count < kept.0)
    }

    /// What was kept, oldest connection first.
    pub(crate) fn read(&self) -> Vec<RawConnection> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let read = |one: &Kept| one.lock().unwrap_or_else(PoisonError::into_inner).clone();
        kept.1.iter().map(read).collect()
    }
}

/// A stream that keeps what is read from it.
pub(crate) struct Tapped<S> {
    stream: S,
    kept: Kept,
    /// Bytes of requests that are kept beside it.
    beyond: usize,
    lost: Arc<AtomicBool>,
}

impl<S> Tapped<S> {
    /// Puts a tap on a stream.
    pub(crate) fn new(stream: S, records: &Records) -> Self {
        Self {
            stream,
            kept: records.open(),
            beyond: 0,
            lost: Arc::clone(&records.lost),
        }
    }

    /// Keeps a request, if it is not whole in the bytes that are kept.
    pub(crate) fn keep_beyond(&mut self, nth: u64, head: &[u8], body: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.cut {
            return;
        }
        let body = body.get(..BODY_BEYOND).unwrap_or(body);
        self.beyond += head.len() + body.len();
        if self.beyond > BEYOND {
            self.lost.store(true, Ordering::Relaxed);
            return;
        }
        kept.beyond.push(Beyond {
            nth,
            head: head.to_vec(),
            body: body.to_vec(),
        });
    }

    /// The number of the connection.
    pub(crate) fn id(&self) -> u64 {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).id
    }

    /// The stream below.
    pub(crate) const fn inner(&self) -> &S {
        &self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tapped<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        let new = buf.filled().get(before..).unwrap_or_default();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let room = PER_CONNECTION
            .saturating_sub(kept.bytes.len())
            .min(new.len());
        kept.cut |= room < new.len();
        kept.bytes.extend_from_slice(&new[..room]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tapped<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_longer_kept_is_known() {
        let records = Records::default();
        records.keep(2);
        records.open();
        records.open();
        assert!(!records.lacks_some());
        records.open();
        assert!(records.lacks_some());
        let ids = records.read().into_iter().map(|connection| connection.id);
        assert_eq!(ids.collect::<Vec<_>>(), [1, 2]);
    }
}
