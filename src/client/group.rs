//! [`Group`]: the process group of a program. None outlives the run, however that ends.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

/// The time between TERM and KILL.
pub(super) const GRACE: Duration = Duration::from_secs(2);
/// How often a group is looked at that was told to end.
const LOOK: Duration = Duration::from_millis(10);
/// How long an end in haste waits for what it killed, before it removes the folders.
const HASTE: Duration = Duration::from_millis(500);

/// What a run has made on this machine, and what must not be left there.
struct Left {
    /// Nothing is started any more.
    closed: bool,
    groups: Vec<Id>,
    folders: Vec<PathBuf>,
}

/// One for the process: a signal knows of no run.
static LEFT: Mutex<Left> = Mutex::new(Left {
    closed: false,
    groups: Vec::new(),
    folders: Vec::new(),
});

fn left() -> MutexGuard<'static, Left> {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills every program that is at work, with all that it started, and removes its folders: for an end
/// in haste. No program is started after it.
pub fn end_in_haste() {
    let (groups, folders) = {
        let mut left = left();
        left.closed = true;
        (left.groups.clone(), left.folders.clone())
    };
    groups.iter().copied().for_each(kill);
    let end = Instant::now() + HASTE;
    while groups.iter().copied().any(is_there) && Instant::now() < end {
        std::thread::sleep(LOOK);
    }
    for folder in folders {
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// Notes a folder that must not be left.
pub(super) fn keep_in_mind(folder: &Path) {
    left().folders.push(folder.to_owned());
}

/// Forgets a folder that is gone.
pub(super) fn forget(folder: &Path) {
    left().folders.retain(|known| known != folder);
}

/// The process group of a program. Dropped, it is killed.
pub(super) struct Group {
    id: Option<Id>,
}

impl Group {
    /// Starts a program as the leader of a group of its own. Nothing can come between its start and
    /// the note that is made of it.
    pub(super) fn start(command: &mut Command) -> io::Result<(Self, Child)> {
        let mut left = left();
        if left.closed {
            return Err(io::Error::other("the run has ended"));
        }
        #[cfg(unix)]
        command.process_group(0);
        let child = command.kill_on_drop(true).spawn()?;
        let id = id_of(&child);
        left.groups.extend(id);
        Ok((Self { id }, child))
    }

    /// Sends the group a signal; gives whether any of it was there to take it.
    pub(super) fn signal(&self, signal: Signal) -> bool {
        self.id.is_some_and(|id| send(id, signal))
    }

    /// Waits until nothing is left of the group, but not longer than this; gives whether it is gone.
    pub(super) async fn gone(&self, child: &mut Child, within: Duration) -> bool {
        let end = Instant::now() + within;
        loop {
            // Its own end has to be taken note of, or it stays in the group.
            let _ = child.try_wait();
            if !self.id.is_some_and(is_there) {
                return true;
            }
            if Instant::now() >= end {
                return false;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// TERM, and KILL to what is left after 2 seconds.
    pub(super) async fn end(mut self, child: &mut Child) {
        // Where none is left it cannot be sent.
        if !self.signal(Signal::TERM) || self.gone(child, GRACE).await {
            self.let_go();
        }
        drop(self);
        let _ = child.kill().await;
    }

    /// Gives the id up: the system may use it for another group.
    fn let_go(&mut self) -> Option<Id> {
        let id = self.id.take()?;
        left().groups.retain(|known| *known != id);
        Some(id)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(id) = self.let_go() {
            kill(id);
        }
    }
}

#[cfg(unix)]
pub(super) use rustix::process::Signal;

#[cfg(unix)]
type Id = rustix::process::Pid;

#[cfg(unix)]
fn id_of(child: &Child) -> Option<Id> {
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    id.and_then(Id::from_raw)
}

#[cfg(unix)]
fn send(id: Id, signal: Signal) -> bool {
    rustix::process::kill_process_group(id, signal).is_ok()
}

#[cfg(unix)]
fn kill(id: Id) {
    send(id, Signal::KILL);
}

#[cfg(unix)]
fn is_there(id: Id) -> bool {
    rustix::process::test_kill_process_group(id).is_ok()
}

/// Elsewhere a program has no group, and is killed alone.
#[cfg(not(unix))]
#[derive(Debug, Clone, Copy)]
pub(super) enum Signal {
    TERM,
    INT,
    HUP,
    QUIT,
}

#[cfg(not(unix))]
type Id = u32;

#[cfg(not(unix))]
fn id_of(_: &Child) -> Option<Id> {
    None
}

#[cfg(not(unix))]
fn send(_: Id, _: Signal) -> bool {
    false
}

#[cfg(not(unix))]
fn kill(_: Id) {}

#[cfg(not(unix))]
fn is_there(_: Id) -> bool {
    false
}
