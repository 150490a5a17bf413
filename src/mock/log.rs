//! What a double answered, in order: kept so that what a client did can be told afterwards.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::message::Headers;
use crate::mock::answer::{Answer, Call};

/// Answers that are kept where nobody wants more; the oldest go first.
const KEPT: usize = 10_000;
/// Bytes of header fields and bodies of the API that are kept for who asked for answers; what comes after these is
/// known by its status alone.
const EVIDENCE: usize = 16 * 1024 * 1024;

/// One answer of a double.
#[derive(Clone, PartialEq, Eq)]
pub struct Answered {
    /// The connection of the request, and which request of it this is, from 0; none with HTTP/2.
    pub connection: Option<(u64, u64)>,
    /// When the request was there, since the double was made.
    pub at: Duration,
    /// When its answer began to leave, on the same clock; none where it has not.
    pub sent: Option<Duration>,
    /// The path of the request.
    pub path: String,
    /// The status.
    pub status: u16,
    /// The header fields. Those of the API are kept where answers were asked for, and of the first 16 MiB.
    pub headers: Headers,
    /// The body, likewise. That of the token server is always kept; it holds the tokens.
    pub body: Bytes,
}

impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answered")
            .field("at", &self.at)
            .field("path", &self.path)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The answers of one double.
pub(crate) struct Log {
    start: Instant,
    limit: AtomicUsize,
    lacks_some: AtomicBool,
    kept: Mutex<VecDeque<Answered>>,
    /// Bytes of evidence for which there is room.
    room: AtomicUsize,
}

impl Log {
    /// An empty log, which starts to count its time.
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            limit: AtomicUsize::new(KEPT),
            lacks_some: AtomicBool::new(false),
            kept: Mutex::default(),
            room: AtomicUsize::new(0),
        }
    }

    /// The time since it was made.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Keeps so many answers from now on, and what they said.
    pub(crate) fn keep(&self, answers: usize) {
        self.limit.store(answers.max(1), Ordering::Relaxed);
        self.room.store(EVIDENCE, Ordering::Relaxed);
    }

    /// Whether an answer is not kept any more.
    pub(crate) fn lacks_some(&self) -> bool {
        self.lacks_some.load(Ordering::Relaxed)
    }

    /// Adds an answer, with its body where a token may be in it.
    pub(crate) fn add(&self, call: &Call, answer: &Answer, with_body: bool) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        while kept.len() >= self.limit.load(Ordering::Relaxed) {
            kept.pop_front();
            self.lacks_some.store(true, Ordering::Relaxed);
        }
        let (headers, body) = if with_body {
            (answer.headers.clone(), answer.body.clone())
        } else {
            self.evidence(&answer.headers, &answer.body)
        };
        kept.push_back(Answered {
            connection: call.connection,
            at: self.start.elapsed(),
            sent: None,
            path: call.path.clone(),
            status: answer.status,
            headers,
            body,
        });
    }

    /// What is kept of an answer, where there is room for it.
    fn evidence(&self, headers: &Headers, body: &Bytes) -> (Headers, Bytes) {
        let fields = headers.0.iter();
        let fields = fields.map(|(name, value)| name.len() + value.len());
        let size = fields.sum::<usize>() + body.len();
        let take = |room: usize| room.checked_sub(size);
        let taken = self
            .room
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        match taken {
            Ok(_) => (headers.clone(), body.clone()),
            Err(_) => (Headers::default(), Bytes::new()),
        }
    }

    /// Corrects an answer: who stands behind the gateway gave another one.
    pub(crate) fn correct(&self, id: (u64, u64), status: u16, headers: &Headers, body: &Bytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let answered = kept.iter_mut().rev();
        for one in answered.filter(|one| one.connection == Some(id)).take(1) {
            one.status = status;
            (one.headers, one.body) = self.evidence(headers, body);
        }
    }

    /// Notes that an answer begins to leave. Said before its first byte, so that what a client does with the
    /// answer is always later.
    pub(crate) fn leaves(&self, id: (u64, u64)) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.start.elapsed();
        let answered = kept.iter_mut().rev();
        for one in answered.filter(|one| one.connection == Some(id)).take(1) {
            one.sent = Some(now);
        }
    }

    /// What was answered so far.
    pub(crate) fn read(&self) -> Vec<Answered> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().cloned().collect()
    }
}
