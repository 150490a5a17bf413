//! The pair behind client programs whose calls are passed on.

use std::sync::Arc;

use super::args::ClientArgs;
use super::prepare::{closed, only_one_key};
use super::problem::Problem;
use super::setup::{self, PairSetup};
use crate::client::{Pass, RealSide};
use crate::config::PairFile;
use crate::pair::Pair;
use crate::redact::Secrets;
use crate::results::{TargetInfo, Warning, Writes};
use crate::run::{Passage, RunOptions, Session};
use crate::suite::token_of;

/// The pair, ready.
pub(super) struct Real {
    session: Arc<Session>,
    pub(super) warnings: Vec<Warning>,
    file: PairFile,
}

impl Real {
    /// Makes both sides ready; nothing is sent.
    pub(super) fn new(pair: PairSetup, args: &ClientArgs, run_id: &str) -> Result<Self, Problem> {
        let options = RunOptions {
            writes: args.how.allow_writes && closed(&pair).is_empty(),
            ..RunOptions::new(setup::today())
        };
        let session = setup::session(&pair, run_id, options)?;
        let mut warnings = session.warnings();
        warnings.extend(only_one_key(&pair, args.how.allow_writes));
        Ok(Self {
            session,
            warnings,
            file: pair.file,
        })
    }

    /// Everything that must not be shown; what the programs are given is added.
    pub(super) fn secrets(&self) -> Secrets {
        self.session.secrets.clone()
    }

    /// The sides, as reports name them.
    pub(super) fn sides(&self) -> Pair<TargetInfo> {
        Pair::of(|side| self.session.sides[side].info.clone())
    }

    /// Whether writes are passed on.
    pub(super) fn writes(&self) -> Writes {
        if self.session.options.writes {
            Writes::Allowed
        } else {
            Writes::Withheld
        }
    }

    /// The side that a program's calls go to.
    pub(super) fn passage(&self, pass: &Pass) -> Arc<dyn RealSide> {
        Arc::new(Passage {
            session: Arc::clone(&self.session),
            side: pass.side,
            api: pass.api.as_ref().map(|api| api.value.clone()),
            token: token_of(pass, &self.file),
        })
    }
}
