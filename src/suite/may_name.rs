//! [`Known`]: what a suite may name.

use super::scope::Given;
use crate::config::PairFile;
use crate::judge::Accepts;
use crate::pair::Pair;
use crate::platform::Platform;

/// What a suite may name.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The pair: its credentials and APIs.
    pub pair: &'a PairFile,
    /// Its platforms: their known changes.
    pub platforms: Pair<&'a Platform>,
    /// What the pair file accepts in every suite.
    pub accepts: &'a Accepts,
    /// Variables from outside.
    pub given: &'a Given,
    /// Whether probes are asked for. What a credential lacks for one is a mistake then; else the probe is skipped,
    /// and it is a warning.
    pub probes: bool,
}
