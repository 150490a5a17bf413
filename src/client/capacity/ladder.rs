//! The lengths that are tried, and [`Search`]: which comes next.

/// Lengths, in characters, at which limits are known, and one more than each. They are those of public
/// bug reports and of limits that were measured: 36 a UUID, 43 of 256 bits, 65 of Express Gateway, 128 a
/// column, 250 a key of memcached, 255 a column, 509 a cache of `mod_auth_openidc`, 512 a column, 650 a
/// usual JWT, 1,000 a check, 1,023 a terminal, 1,286 Node-RED, 2,048 a store, 2,560 that of Windows,
/// 2,705 an index of `PostgreSQL`, 4,000 a column, 4,096 a cookie, 8,104 to 8,193 servers of 8 KiB,
/// 15,209 `HAProxy`, 16,334 Node.js, 20,409 Go, 61,355 Envoy, 131,072 one argument of a program in Linux.
pub(crate) const LADDER: [usize; 40] = [
    36, 43, 65, 128, 250, 251, 255, 256, 509, 510, 512, 513, 650, 1000, 1001, 1023, 1024, 1025,
    1286, 2048, 2049, 2500, 2560, 2561, 2705, 4000, 4096, 4097, 8000, 8104, 8169, 8193, 15_209,
    16_334, 16_385, 20_409, 20_410, 61_355, 61_500, TOP,
];
/// The top of the ladder.
pub(crate) const TOP: usize = 131_072;
/// The shortest JWT that is tried: a signature of 86 characters, and some claims.
pub(crate) const SHORTEST_JWT: usize = 250;
/// Lengths that are tried at one time, at most: what is tried above a limit is tried in vain.
const WIDTH: usize = 4;

/// Looks for the longest token that is taken: up the rungs, as many at a time as may be, and then
/// between the last that was taken and the first that was not, to the character.
#[derive(Debug)]
pub(crate) struct Search {
    rungs: Vec<usize>,
    width: usize,
    /// The longest that was taken.
    pub(crate) taken: Option<usize>,
    /// The shortest that was not.
    pub(crate) refused: Option<usize>,
}

impl Search {
    /// A search up these rungs, in ascending order.
    pub(crate) fn up(rungs: impl IntoIterator<Item = usize>, jobs: usize) -> Self {
        Self {
            rungs: rungs.into_iter().collect(),
            width: jobs.clamp(1, WIDTH),
            taken: None,
            refused: None,
        }
    }

    /// A search between one that is known to be taken and one that is known not to be.
    pub(crate) fn between(taken: usize, refused: usize, jobs: usize) -> Self {
        Self {
            taken: Some(taken),
            refused: Some(refused),
            ..Self::up([], jobs)
        }
    }

    /// What to try next, in ascending order; nothing: the search has ended.
    pub(crate) fn next(&self) -> Vec<usize> {
        match (self.taken, self.refused) {
            (taken, None) => {
                let above = |rung: &usize| taken.is_none_or(|taken| *rung > taken);
                let rest = self.rungs.iter().copied().filter(above);
                rest.take(self.width).collect()
            }
            (None, Some(_)) => Vec::new(),
            (Some(taken), Some(refused)) => {
                let gap = refused - taken;
                let points = self.width.min(gap - 1);
                let at = |nth: usize| taken + gap * nth / (points + 1);
                (1..=points).map(at).collect()
            }
        }
    }

    /// Takes note of what came of it, in the same order. What lies above the first that was not taken
    /// says nothing.
    pub(crate) fn told(&mut self, results: impl IntoIterator<Item = (usize, bool)>) {
        for (length, taken) in results {
            if !taken {
                self.refused = Some(length);
                return;
            }
            self.taken = Some(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The longest that is found to be taken where the limit is this, and how many were tried.
    fn found(limit: usize, jobs: usize) -> (Option<usize>, usize) {
        let mut search = Search::up(LADDER, jobs);
        let mut tried = 0;
        loop {
            let next = search.next();
            if next.is_empty() {
                return (search.taken, tried);
            }
            tried += next.len();
            search.told(next.into_iter().map(|length| (length, length <= limit)));
        }
    }

    #[test]
    fn the_ladder_ascends() {
        assert!(LADDER.is_sorted_by(|a, b| a < b));
        assert!(LADDER.contains(&SHORTEST_JWT));
    }

    #[test]
    fn limits_on_the_ladder_need_little() {
        assert_eq!(found(35, 1), (None, 1));
        assert_eq!(found(255, 1), (Some(255), 8));
        assert_eq!(found(255, 4), (Some(255), 8));
        assert_eq!(found(TOP, 1), (Some(TOP), 40));
        assert_eq!(found(100, 1), (Some(100), 10));
    }

    proptest! {
        // What docs/clients.md says of the number of runs rests on this.
        #[test]
        fn every_limit_is_found_to_the_character(limit in 36..TOP, jobs in 1_usize..20) {
            let (taken, tried) = found(limit, jobs);
            prop_assert_eq!(taken, Some(limit));
            prop_assert!(tried <= 72, "{}", tried);
        }
    }
}
