//! Sending a request and keeping what came back, at wire level: no redirects, no retries, no
//! decompression by the HTTP stack, no proxies from the environment.

mod chunks;
mod client;
mod crossing;
mod failure;
mod gather;
mod origin;
mod pace;
mod retry_after;
mod target;
mod tls_words;
mod unpack;

pub use client::{ClientError, Connection, Pinned, TlsFiles};
pub use crossing::Crossing;
pub use failure::{Failure, FailureCause};
pub use origin::{Origin, Origins};
pub use retry_after::retry_after;
pub use target::{Answer, LargeBodies, Limits, Target};
