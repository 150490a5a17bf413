//! [`Crossing`]: leave for a token to go to the other side.

use super::failure::{Failure, FailureCause};
use super::target::Target;
use crate::pair::Side;
use crate::results::Phase;

/// Leave for tokens of one side to go to the other: `--allow-cross-side`. Two probes ask for it, and
/// nothing else takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing(());

impl Crossing {
    /// The leave, where whoever runs this has given it.
    pub const fn given(allowed: bool) -> Option<Self> {
        if allowed { Some(Self(())) } else { None }
    }
}

impl Target {
    /// Decides whether a token of a side may go into a request to this one. It is asked for every
    /// token, of cases and of probes.
    ///
    /// # Errors
    /// The token is the other side's, and there is no leave: nothing is sent.
    pub fn takes(&self, of: Side, crossing: Option<Crossing>) -> Result<(), Failure> {
        if of == self.side() || crossing.is_some() {
            return Ok(());
        }
        let message = format!(
            "a token of the {of} side goes to the {} side with --allow-cross-side only: nothing was sent",
            self.side()
        );
        Err(Failure::new(Phase::Send, FailureCause::Connect, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Connection, LargeBodies, Limits, Origins};

    #[test]
    fn a_token_stays_on_its_side_unless_there_is_leave() {
        let limits = Limits {
            body: 1024,
            per_second: 0,
            large: LargeBodies::default(),
        };
        let connection = Connection::default();
        let target = Target::new(Side::New, &connection, Origins::default(), limits).unwrap();
        assert_eq!(target.takes(Side::New, None), Ok(()));
        let refused = target.takes(Side::Old, Crossing::given(false)).unwrap_err();
        assert!(refused.message.contains("--allow-cross-side"));
        assert_eq!(target.takes(Side::Old, Crossing::given(true)), Ok(()));
    }
}
