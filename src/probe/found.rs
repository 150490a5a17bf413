//! [`Found`]: what a probe came to, where it got to its end and where it did not.

use super::stopped::Stopped;
use crate::pair::Pair;
use crate::results::Difference;

/// What a probe came to.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What the answers show.
    pub(super) differences: Vec<Difference>,
    /// The outcome in words.
    pub(super) note: Option<String>,
    /// Why not everything was asked, if that is so: what was seen until then stands.
    pub(super) stopped: Option<Stopped>,
}

impl From<(Vec<Difference>, Option<String>)> for Found {
    fn from((differences, note): (Vec<Difference>, Option<String>)) -> Self {
        Self {
            differences,
            note,
            stopped: None,
        }
    }
}

/// What two sides came to that were both asked to the end, whatever became of the other: a hole that the new side
/// shows needs nothing of the old one. Where the new side showed nothing there is nothing to tell.
pub(super) fn at_least_the_new<T>(
    sides: Pair<Result<T, Stopped>>,
) -> Result<(Pair<Option<T>>, Option<Stopped>), Stopped> {
    let new = Some(sides.new?);
    Ok(match sides.old {
        Ok(old) => (Pair::new(Some(old), new), None),
        Err(stopped) => (Pair::new(None, new), Some(stopped)),
    })
}
