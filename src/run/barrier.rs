//! Write barriers: while a write is at work on either side, no other case of its API is.

use std::collections::HashMap;

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The locks of all APIs (or files, for cases without an API) that see a write.
#[derive(Debug, Default)]
pub(super) struct Barriers {
    locks: HashMap<String, RwLock<()>>,
}

/// Held while a case is at work.
#[derive(Debug)]
pub(super) enum Pass<'a> {
    /// Nothing of this API is ever written.
    Free,
    /// Beside others that only read.
    Shared(#[expect(dead_code, reason = "held, never read")] RwLockReadGuard<'a, ()>),
    /// Alone.
    Alone(#[expect(dead_code, reason = "held, never read")] RwLockWriteGuard<'a, ()>),
}

impl Barriers {
    /// Barriers for the given keys: those of the cases that write.
    pub(super) fn new(keys: impl IntoIterator<Item = String>) -> Self {
        Self {
            locks: keys
                .into_iter()
                .map(|key| (key, RwLock::default()))
                .collect(),
        }
    }

    /// Waits until a case may be at work.
    pub(super) async fn pass(&self, key: impl FnOnce() -> String, write: bool) -> Pass<'_> {
        if self.locks.is_empty() {
            return Pass::Free;
        }
        match self.locks.get(&key()) {
            None => Pass::Free,
            Some(lock) if write => Pass::Alone(lock.write().await),
            Some(lock) => Pass::Shared(lock.read().await),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn a_write_is_alone_on_its_api_and_in_nobodys_way_elsewhere() {
        let barriers = Barriers::new(["orders".to_owned()]);
        let readers = AtomicUsize::new(0);
        let read = async {
            let _pass = barriers.pass(|| "orders".to_owned(), false).await;
            readers.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            readers.fetch_sub(1, Ordering::SeqCst);
        };
        let write = async {
            let _pass = barriers.pass(|| "orders".to_owned(), true).await;
            for _ in 0..10 {
                assert_eq!(readers.load(Ordering::SeqCst), 0);
                tokio::task::yield_now().await;
            }
            assert!(matches!(
                barriers.pass(|| "customers".to_owned(), true).await,
                Pass::Free
            ));
        };
        tokio::join!(read, write);
    }
}
