//! [`Room`]: how much a page has taken, and so how much it still says of each case.

use std::io::{self, Write};

/// Bytes up to which every case comes with its evidence.
const EVIDENCE: u64 = 3_000_000;
/// Bytes up to which a case that shows a cause for the first time does.
const NEW_EVIDENCE: u64 = 6_000_000;
/// Bytes up to which cases are listed; what is beyond is counted. The page ends below 10 MB.
const LISTED: u64 = 8_800_000;

/// How much is said of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Its differences, and what was sent and received.
    Evidence,
    /// Its differences.
    Differences,
    /// It is counted.
    Count,
}

/// An output that counts.
pub(super) struct Room<'a> {
    out: &'a mut dyn Write,
    taken: u64,
}

impl<'a> Room<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, taken: 0 }
    }

    /// What there is room for in the next case. `is_new` says that it shows a cause that no case
    /// before it showed.
    pub(super) const fn detail(&self, is_new: bool) -> Detail {
        let with_evidence = if is_new { NEW_EVIDENCE } else { EVIDENCE };
        if self.taken < with_evidence {
            Detail::Evidence
        } else if self.taken < LISTED {
            Detail::Differences
        } else {
            Detail::Count
        }
    }
}

impl Write for Room<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.taken += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_keeps_its_evidence_longer() {
        let mut sink = io::sink();
        let mut room = Room::new(&mut sink);
        let told = |room: &Room<'_>| [room.detail(false), room.detail(true)];
        assert_eq!(told(&room), [Detail::Evidence; 2]);
        room.taken = EVIDENCE;
        assert_eq!(told(&room), [Detail::Differences, Detail::Evidence]);
        room.taken = NEW_EVIDENCE;
        assert_eq!(told(&room), [Detail::Differences; 2]);
        room.taken = LISTED;
        assert_eq!(told(&room), [Detail::Count; 2]);
    }
}
