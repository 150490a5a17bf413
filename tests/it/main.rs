//! The integration tests, in one binary: a module for each capability.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test code"
)]

mod command;
mod demo;
mod harness;
mod journal;
mod journal_support;
mod mock_gateway;
mod mock_listener;
mod mock_shipped;
mod mock_support;
mod mock_token;
mod redact;
mod report;
mod run;
mod xml_pairs;
mod xml_run;
