//! How a run is to be done.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use jiff::civil::Date;
use tokio::sync::Notify;

use crate::results::Severity;

/// Bytes of a body, packed and unpacked, where nothing else is said.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// How a run is to be done.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Cases at work at one time.
    pub jobs: usize,
    /// The severity from which a difference counts.
    pub fail_on: Severity,
    /// Whether writes are sent: both keys are turned.
    pub writes: bool,
    /// Whether probes are run.
    pub probes: bool,
    /// Whether tokens of one side may go to the other, for the probes that need it.
    pub cross_side: bool,
    /// Repetitions of a safe request after a connect error, a timeout, 429 or 503.
    pub retries: u32,
    /// How often each side is asked a safe request, where the command line says so.
    pub samples: Option<u32>,
    /// The time for one exchange, where the command line gives one.
    pub timeout: Option<Duration>,
    /// The run stops after this many cases that are `different`.
    pub max_fail: Option<usize>,
    /// The run stops after this time.
    pub max_time: Option<Duration>,
    /// Bytes of a body, packed and unpacked.
    pub body_limit: usize,
    /// Keep the exchanges of every case.
    pub keep_exchanges: bool,
    /// The folder in which the processes that work on one run meet, where there are several: for
    /// write barriers and tokens.
    pub meeting: Option<PathBuf>,
    /// The day that `until` is held against.
    pub today: Date,
}

impl RunOptions {
    /// One case at a time, no writes, no repetitions; everything from `risky` on counts.
    pub fn new(today: Date) -> Self {
        Self {
            jobs: 1,
            fail_on: Severity::Risky,
            writes: false,
            probes: false,
            cross_side: false,
            retries: 0,
            samples: None,
            timeout: None,
            max_fail: None,
            max_time: None,
            body_limit: BODY_LIMIT,
            keep_exchanges: false,
            meeting: None,
            today,
        }
    }
}

/// Says that a run is to end, and why.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    signal: AtomicU8,
    notify: Notify,
}

impl Stop {
    /// Ends the run: 2 for SIGINT, 15 for SIGTERM, 1 for a limit of the run itself. The first word
    /// counts.
    pub fn stop(&self, signal: u8) {
        let first = Ordering::Relaxed;
        let _ = self.inner.signal.compare_exchange(0, signal, first, first);
        self.inner.notify.notify_waiters();
    }

    /// Why the run is to end; 0 where it is not.
    pub fn signal(&self) -> u8 {
        self.inner.signal.load(Ordering::Relaxed)
    }

    /// Whether no further case is to begin.
    pub fn is_set(&self) -> bool {
        self.signal() != 0
    }

    /// Whether what is in flight is to be given up: a person or the system asked for it.
    pub fn is_urgent(&self) -> bool {
        self.signal() > 1
    }

    /// Waits until no further case is to begin.
    pub async fn set(&self) {
        loop {
            let notified = self.inner.notify.notified();
            if self.is_set() {
                return;
            }
            notified.await;
        }
    }

    /// Waits until what is in flight is to be given up.
    pub async fn urgent(&self) {
        loop {
            let notified = self.inner.notify.notified();
            if self.is_urgent() {
                return;
            }
            notified.await;
        }
    }
}
