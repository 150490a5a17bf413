//! The journal: one line for each case, on disk before the next.
//!
//! JSON Lines: a [`Header`], then the cases as [`CaseResult`](crate::results::CaseResult) in the order
//! in which they ended, then a [`Footer`]. Without the footer the run is incomplete. Plan order is not
//! written: it is the order of the suites in the header, then of the lines in their files.

mod cases;
mod error;
mod header;
mod index;
mod lines;
mod merge;
mod reader;
mod set;
mod writer;

pub use cases::Cases;
pub use error::JournalError;
pub use header::{End, Footer, Header, SCHEMA, Shard, default_path};
pub use index::Listed;
pub use lines::is_journal;
pub use reader::Reader;
pub use set::JournalSet;
pub use writer::Writer;
