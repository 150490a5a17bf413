//! Write barriers: while a write is at work on either side, no other case of its API is.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::hex::hex;
use crate::private;
use crate::suite::Case;

/// The key of the barrier that keeps a probe which ends tokens apart from every case that uses one.
pub(super) const TOKENS: &str = "tokens";

/// Whether a case ends tokens that other cases may be using.
pub(super) fn ends_tokens(case: &Case) -> bool {
    case.probe().is_some_and(|probe| probe.name().is_write())
}

/// The locks of all APIs (or files, for cases without an API) that see a write.
#[derive(Debug, Default)]
pub(super) struct Barriers {
    locks: HashMap<String, RwLock<()>>,
    /// Where processes that work on one run meet.
    folder: Option<PathBuf>,
}

/// Held while a case is at work.
#[derive(Debug)]
pub(super) enum Pass<'a> {
    /// Nothing of this API is ever written.
    Free,
    /// Beside others that only read.
    Shared(
        #[expect(dead_code, reason = "held, never read")] RwLockReadGuard<'a, ()>,
        #[expect(dead_code, reason = "held, never read")] Option<File>,
    ),
    /// Alone.
    Alone(
        #[expect(dead_code, reason = "held, never read")] RwLockWriteGuard<'a, ()>,
        #[expect(dead_code, reason = "held, never read")] Option<File>,
    ),
}

impl Barriers {
    /// Barriers for the given keys: those of the cases that write. With a folder they hold between
    /// all processes that name it.
    pub(super) fn new(keys: impl IntoIterator<Item = String>, folder: Option<&Path>) -> Self {
        Self {
            locks: keys
                .into_iter()
                .map(|key| (key, RwLock::default()))
                .collect(),
            folder: folder.map(Path::to_owned),
        }
    }

    /// Waits until a case may be at work.
    ///
    /// # Errors
    /// The lock that is shared with other processes cannot be had.
    pub(super) async fn pass(
        &self,
        key: impl FnOnce() -> String,
        write: bool,
    ) -> io::Result<Pass<'_>> {
        if self.locks.is_empty() {
            return Ok(Pass::Free);
        }
        let key = key();
        Ok(match self.locks.get(&key) {
            None => Pass::Free,
            Some(lock) if write => {
                let guard = lock.write().await;
                Pass::Alone(guard, self.between_processes(&key, true).await?)
            }
            Some(lock) => {
                let guard = lock.read().await;
                Pass::Shared(guard, self.between_processes(&key, false).await?)
            }
        })
    }

    /// The lock of the system on a file of this key; it ends with the file.
    async fn between_processes(&self, key: &str, write: bool) -> io::Result<Option<File>> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let name = hex(&Sha256::digest(key.as_bytes())[..8]);
        let path = folder.join(format!("barrier-{name}"));
        let locked = tokio::task::spawn_blocking(move || {
            let file = private::open_or_create(&path)?;
            if write {
                file.lock()?;
            } else {
                file.lock_shared()?;
            }
            Ok::<File, io::Error>(file)
        });
        locked.await.map_err(io::Error::other)?.map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn a_write_is_alone_on_its_api_and_in_nobodys_way_elsewhere() {
        let barriers = Barriers::new(["orders".to_owned()], None);
        let readers = AtomicUsize::new(0);
        let read = async {
            let _pass = barriers.pass(|| "orders".to_owned(), false).await.unwrap();
            readers.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            readers.fetch_sub(1, Ordering::SeqCst);
        };
        let write = async {
            let _pass = barriers.pass(|| "orders".to_owned(), true).await.unwrap();
            for _ in 0..10 {
                assert_eq!(readers.load(Ordering::SeqCst), 0);
                tokio::task::yield_now().await;
            }
            assert!(matches!(
                barriers.pass(|| "customers".to_owned(), true).await,
                Ok(Pass::Free)
            ));
        };
        tokio::join!(read, write);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_folder_makes_the_barrier_hold_between_those_that_name_it() {
        let folder = tempfile::tempdir().unwrap();
        let two = [(); 2].map(|()| Barriers::new(["orders".to_owned()], Some(folder.path())));
        let write = two[0].pass(|| "orders".to_owned(), true).await.unwrap();
        let read = two[1].pass(|| "orders".to_owned(), false);
        let mut read = std::pin::pin!(read);
        let early = tokio::time::timeout(std::time::Duration::from_millis(50), &mut read).await;
        assert!(early.is_err(), "the other one writes");
        drop(write);
        assert!(matches!(read.await, Ok(Pass::Shared(..))));
    }
}
