//! Client programs: each is put through token profiles, and what it does with the token is judged.
//!
//! For each profile a token server and an API are served on a port of their own; the program runs in
//! folders that are gone afterwards; what it sent is read from the raw bytes of its connections. The
//! judge is pure: observations in, differences out.

mod capacity;
mod case;
pub mod doc;
mod drive;
mod evidence;
mod execute;
mod group;
mod harness;
mod judge;
mod observation;
mod pass;
mod profile;
mod program;
mod runner;
mod service;
mod shipped;
mod space;
mod wire;

pub use capacity::Need;
pub use execute::{ClientRun, Stopped, run_client};
pub use group::end_in_haste;
pub use harness::{ClientError, Outside};
pub use pass::{Pass, Passed, Passing, RealSide, Trouble};
pub use profile::{BASELINE, CAPACITY, Profile, ProfileDoc};
pub use program::{CA, Client, NAMES, TIMEOUT};
pub use service::{Ask, PORT, Ready, Service, StopBy, Stopping, own_address};
