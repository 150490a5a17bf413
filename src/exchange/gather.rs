//! [`Gather`]: a body, piece by piece.

use bytes::Bytes;

/// Bytes of a segment.
const SEGMENT: usize = 1024 * 1024;

/// Takes a body piece by piece, up to a limit. What is there is not copied when more comes: a body at
/// the limit takes no more memory than the limit.
pub(super) struct Gather {
    full: Vec<Vec<u8>>,
    open: Vec<u8>,
    length: usize,
    limit: usize,
}

/// There is more than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

impl Gather {
    pub(super) const fn new(limit: usize) -> Self {
        Self {
            full: Vec::new(),
            open: Vec::new(),
            length: 0,
            limit,
        }
    }

    /// Bytes so far.
    pub(super) const fn len(&self) -> usize {
        self.length
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, piece: &[u8]) -> Result<(), TooLarge> {
        self.length = self.length.saturating_add(piece.len());
        if self.length > self.limit {
            return Err(TooLarge);
        }
        if self.open.len() + piece.len() > SEGMENT {
            let next = Vec::with_capacity(SEGMENT.max(piece.len()));
            self.full.push(std::mem::replace(&mut self.open, next));
        }
        self.open.extend_from_slice(piece);
        Ok(())
    }

    /// The whole body.
    pub(super) fn finish(mut self) -> Bytes {
        if self.full.is_empty() {
            return self.open.into();
        }
        let mut whole = Vec::with_capacity(self.length);
        self.full.push(self.open);
        for segment in self.full {
            whole.extend_from_slice(&segment);
        }
        whole.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_size_make_the_whole_and_the_limit_is_exact() {
        let whole: Vec<u8> = (0..=250).cycle().take(3 * SEGMENT + 7).collect();
        for size in [1_000, SEGMENT - 1, SEGMENT, 2 * SEGMENT + 1, whole.len()] {
            let mut gather = Gather::new(whole.len());
            for piece in whole.chunks(size) {
                assert_eq!(gather.add(piece), Ok(()));
            }
            assert_eq!(gather.finish(), whole, "{size}");
        }
        let mut gather = Gather::new(10);
        assert_eq!(gather.add(&[0; 10]), Ok(()));
        assert_eq!(gather.add(&[0]), Err(TooLarge));
    }
}
