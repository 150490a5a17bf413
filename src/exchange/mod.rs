//! Sending a request and keeping what came back, at wire level: no redirects, no retries, no
//! decompression by the HTTP stack, no proxies from the environment.

mod client;
mod failure;
mod gather;
mod origin;
mod pace;
mod target;
mod tls_words;
mod unpack;

pub use client::{ClientError, Connection, Pinned, TlsFiles};
pub use failure::{Failure, FailureCause};
pub use origin::{Origin, Origins};
pub use target::{Answer, LargeBodies, Limits, Target};
