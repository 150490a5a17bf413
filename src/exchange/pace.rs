//! [`Pace`]: at most so many requests per second.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// Spreads requests evenly over time.
#[derive(Debug)]
pub(super) struct Pace {
    gap: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    /// At most `per_second` requests; zero is no limit.
    pub(super) fn new(per_second: u32) -> Option<Self> {
        let gap = Duration::from_secs(1).checked_div(per_second)?;
        Some(Self {
            gap,
            next: Mutex::new(Instant::now()),
        })
    }

    /// Waits for the next free moment.
    pub(super) async fn wait(&self) {
        let at = {
            let mut next = self
                .next
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            let at = (*next).max(Instant::now());
            *next = at + self.gap;
            at
        };
        tokio::time::sleep_until(at).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_keep_their_distance() {
        let pace = Pace::new(100).expect("a limit");
        let start = Instant::now();
        for _ in 0..4 {
            pace.wait().await;
        }
        assert!(start.elapsed() >= Duration::from_millis(30));
        assert!(Pace::new(0).is_none());
    }
}
