//! `cutover` proves that API consumers can move from an old gateway to a new one and notice
//! nothing, or says exactly what they would notice.
//!
//! Data moves one way: [`source`] reads text, the typed files are loaded from it, planned, sent,
//! compared, judged, kept in a journal and reported. `docs/design.md` has the whole picture.

pub mod compare;
pub mod journal;
pub mod judge;
pub mod locator;
pub mod message;
pub mod mock;
pub mod pair;
pub mod platform;
pub mod redact;
pub mod report;
pub mod results;
pub mod source;

pub use pair::{Pair, Side};
