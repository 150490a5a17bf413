//! Doubles: stand-in gateways and token servers, each driven by a YAML file.
//!
//! [`Double`] is such a file, read and checked; [`Doubles`] serves some of them until it is stopped.
//! A listener of our own takes the connections, keeps their raw bytes, frames and breaks the answers;
//! wiremock behind it decides on each, through one responder for each double.

mod address;
mod answer;
mod backend;
mod defect;
pub mod document;
mod double;
mod doubles;
mod engine;
mod gateway;
mod habits;
mod hop;
mod json;
mod listener;
mod log;
mod pair_file;
mod pattern;
mod place;
mod relay;
mod running;
mod token;
mod words;

pub use double::{DefectInfo, Double, ExpectedFinding};
pub use doubles::{Doubles, StartError, StartOptions};
pub use listener::{Beyond, RawConnection};
pub use log::Answered;
pub use pair_file::{OVER_TLS, ROOT_OVER_TLS, is_written, pair_file, pair_file_by_both_ways};
pub use pattern::Pattern;
pub use place::Place;
pub use relay::{Admitted, Relay, Relayed, Relaying, end_to_end};
pub use running::Running;
pub use words::{Hidden, ResultWord, Span};

/// A token as the profile `jwt-choreo` has it.
#[cfg(test)]
pub(crate) fn token_of_choreo() -> String {
    token::jwt::of_choreo()
}
