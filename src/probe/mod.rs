//! Probes: what neither an answer nor a token tells by itself. Each asks both sides the same few
//! questions, and compares what each side did.
//!
//! A probe is one file: what it asks a side, and, pure, what it makes of both. How often a side may
//! be asked is in one table ([`Probe::allowance`]) and is held in one place ([`Bench`]).

mod bench;
mod control;
mod cors;
mod cross_acceptance;
mod expiry;
mod finding;
mod forge;
mod forge_key;
mod forged_keys;
mod found;
mod header_limit;
mod kind;
mod leave;
mod log;
mod perform;
mod refresh_at_once;
mod refresh_by_another;
mod refresh_rotation;
mod revocation;
mod stopped;
mod tampered;
mod tampered_judge;
mod tampered_seen;
mod throttle;
mod tls;
mod tls_look;
mod token_reuse;
mod variant;
mod window;

pub use bench::{Bench, Place};
pub use kind::{
    Allowance, CorsAsk, Forge, Grow, LARGEST_LIMIT, Probe, ProbeName, RefreshUse, Setting,
};
pub use log::ProbeLog;
pub use perform::{Judges, Outcome, perform};
