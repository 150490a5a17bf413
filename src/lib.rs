//! `cutover` proves that API consumers can move from an old gateway to a new one and notice
//! nothing, or says exactly what they would notice.
//!
//! Data moves one way: [`source`] reads text, the typed files are loaded from it, planned, sent,
//! compared, judged, kept in a journal and reported. `docs/design.md` has the whole picture.

pub mod cli;
pub mod client;
pub mod compare;
pub mod config;
pub mod escape;
pub mod exchange;
pub mod harness;
mod hex;
pub mod journal;
pub mod judge;
pub mod locator;
pub mod message;
pub mod mock;
pub mod pair;
pub mod platform;
mod plural;
mod private;
pub mod probe;
pub mod readiness;
pub mod redact;
pub mod regexp;
pub mod report;
pub mod request_line;
pub mod results;
pub mod run;
pub mod shipped;
pub mod source;
pub mod suite;
pub mod template;
pub mod token;
pub mod xml;

#[cfg(test)]
#[path = "../tests/page.rs"]
mod page;

pub use pair::{Pair, Side};

/// What `cutover` calls itself in every request.
pub const USER_AGENT: &str = concat!("cutover/", env!("CARGO_PKG_VERSION"));
