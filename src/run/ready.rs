//! Whether both sides can be asked at all: where one cannot, nothing is sent to the other. No pair of answers can
//! come of it, and a write would stand there alone.

use super::session::{Session, SideSession};
use crate::config::Grant;
use crate::exchange::Failure;
use crate::pair::{Pair, Side};
use crate::suite::{Action, Case};

/// Looks whether a side was given up, and obtains the token that a case needs on each side. It stays in the
/// wallet, from which the case takes it.
///
/// # Errors
/// What a side fails of, for one side at least.
pub(super) async fn ready(session: &Session, case: &Case) -> Result<(), Pair<Option<Failure>>> {
    stands(session)?;
    let token = async |side: Side| {
        let here = &session.sides[side];
        match needed(here, case, side) {
            Some(name) => here.wallet.get(name).await.err(),
            None => None,
        }
    };
    let (old, new) = tokio::join!(token(Side::Old), token(Side::New));
    none(Pair::new(old, new))
}

fn stands(session: &Session) -> Result<(), Pair<Option<Failure>>> {
    none(session.sides.as_ref().map(|side| side.target.given_up()))
}

fn none(failures: Pair<Option<Failure>>) -> Result<(), Pair<Option<Failure>>> {
    match failures {
        Pair {
            old: None,
            new: None,
        } => Ok(()),
        failures => Err(failures),
    }
}

/// The credential whose token a case needs before it does anything. A grant is about the answer that gives the
/// token, and a probe counts its requests: both ask by themselves. The refresh token of another grant comes
/// with that grant's token.
fn needed<'a>(here: &SideSession, case: &'a Case, side: Side) -> Option<&'a str> {
    let name = case.sides[side].token.as_deref()?;
    let needs = match &case.sides[side].action {
        Action::Request { .. } => true,
        Action::Grant(Grant::RefreshToken) => {
            let own = here.wallet.credential(name).map(|own| own.grant);
            own.is_some_and(|own| own != Grant::RefreshToken)
        }
        Action::Grant(_) | Action::Probe { .. } | Action::Client => false,
    };
    needs.then_some(name)
}
