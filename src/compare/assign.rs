//! Pairing the elements that have no equal: by likeness, exactly for few, greedily for many.

use std::collections::HashMap;

use super::hashing::likeness;

/// Unmatched elements a side up to which the pairing is exact.
pub(super) const EXACT: usize = 64;
/// Elements that may share one leaf for it to speak for a pairing.
const COMMON: usize = 32;

/// Pairs of (index in `old`, index in `new`) whose likeness, from 0 to 1,000, is at least `least`.
pub(super) fn pair(old: &[Vec<u64>], new: &[Vec<u64>], least: i64) -> Vec<(usize, usize)> {
    let mut pairs = if old.len() <= EXACT && new.len() <= EXACT {
        exact(old, new)
    } else {
        greedy(old, new)
    };
    pairs.retain(|(o, n)| like(old, new, *o, *n) >= least);
    pairs
}

fn like(old: &[Vec<u64>], new: &[Vec<u64>], o: usize, n: usize) -> i64 {
    match (old.get(o), new.get(n)) {
        (Some(old), Some(new)) => likeness(old, new),
        _ => 0,
    }
}

/// The pairing with the greatest sum of likeness (the Hungarian method with potentials, O(n³)).
/// Among equals the one that keeps the order.
fn exact(old: &[Vec<u64>], new: &[Vec<u64>]) -> Vec<(usize, usize)> {
    let size = old.len().max(new.len());
    let cost = |o: usize, n: usize| -> i64 {
        let distance = i64::try_from(o.abs_diff(n)).unwrap_or(0);
        // Likeness rules; the distance only breaks ties.
        (1000 - like(old, new, o, n)) * 10_000 + distance
    };
    let costs: Vec<Vec<i64>> = (0..size)
        .map(|o| (0..size).map(|n| cost(o, n)).collect())
        .collect();
    let owner = hungarian(&costs);
    let mut pairs: Vec<(usize, usize)> = owner
        .iter()
        .enumerate()
        .map(|(n, o)| (*o, n))
        .filter(|(o, n)| *o < old.len() && *n < new.len())
        .collect();
    pairs.sort_unstable();
    pairs
}

/// For each column the row that has it, at the least total cost. The matrix is square.
#[expect(
    clippy::indexing_slicing,
    reason = "every index is below the size of the matrix, plus one"
)]
fn hungarian(costs: &[Vec<i64>]) -> Vec<usize> {
    let size = costs.len();
    let (mut row_price, mut column_price) = (vec![0; size + 1], vec![0; size + 1]);
    // Rows and columns are counted from 1; column 0 is where a new row starts from.
    let mut owner = vec![0_usize; size + 1];
    for row in 1..=size {
        owner[0] = row;
        let mut column = 0;
        let mut least = vec![i64::MAX; size + 1];
        let mut came_from = vec![0_usize; size + 1];
        let mut done = vec![false; size + 1];
        while owner[column] != 0 {
            done[column] = true;
            let from = owner[column];
            let (mut step, mut next) = (i64::MAX, 0);
            for other in (1..=size).filter(|other| !done[*other]) {
                let slack = costs[from - 1][other - 1] - row_price[from] - column_price[other];
                if slack < least[other] {
                    least[other] = slack;
                    came_from[other] = column;
                }
                if least[other] < step {
                    (step, next) = (least[other], other);
                }
            }
            for other in 0..=size {
                if done[other] {
                    row_price[owner[other]] += step;
                    column_price[other] -= step;
                } else if least[other] != i64::MAX {
                    least[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            owner[column] = owner[came_from[column]];
            column = came_from[column];
        }
    }
    owner[1..].iter().map(|row| row - 1).collect()
}

/// Each new element takes the free old one that shares most rare leaves with it.
fn greedy(old: &[Vec<u64>], new: &[Vec<u64>]) -> Vec<(usize, usize)> {
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, leaves) in old.iter().enumerate() {
        for leaf in leaves {
            holders.entry(*leaf).or_default().push(at);
        }
    }
    let mut taken = vec![false; old.len()];
    let mut pairs = Vec::new();
    for (n, leaves) in new.iter().enumerate() {
        let mut votes: HashMap<usize, usize> = HashMap::new();
        for leaf in leaves {
            let holders = holders.get(leaf).map_or(&[][..], Vec::as_slice);
            for o in holders.iter().filter(|_| holders.len() <= COMMON) {
                *votes.entry(*o).or_default() += 1;
            }
        }
        let free = votes
            .into_iter()
            .filter(|(o, _)| !taken.get(*o).copied().unwrap_or(true));
        let best = free.max_by_key(|(o, shared)| {
            (
                *shared,
                std::cmp::Reverse(o.abs_diff(n)),
                std::cmp::Reverse(*o),
            )
        });
        if let Some((o, _)) = best {
            if let Some(slot) = taken.get_mut(o) {
                *slot = true;
            }
            pairs.push((o, n));
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_find_each_other() {
        let old = vec![vec![1, 2, 3], vec![4, 5, 6], vec![7, 8, 9]];
        let new = vec![vec![7, 8, 10], vec![1, 2, 11]];
        assert_eq!(pair(&old, &new, 500), [(0, 1), (2, 0)]);
        assert_eq!(greedy(&old, &new), [(0, 1), (2, 0)]);
    }

    #[test]
    fn exact_beats_greed_and_equals_keep_their_order() {
        let old = vec![vec![1, 2], vec![1, 3]];
        let new = vec![vec![1, 3], vec![1, 2]];
        assert_eq!(pair(&old, &new, 0), [(0, 1), (1, 0)]);
        let same = vec![vec![1, 2], vec![1, 2], vec![1, 2]];
        assert_eq!(pair(&same, &same, 0), [(0, 0), (1, 1), (2, 2)]);
    }

    #[test]
    fn what_shares_too_little_stays_alone() {
        assert_eq!(pair(&[vec![1, 2, 3, 4]], &[vec![1, 6, 7, 8]], 500), []);
        assert_eq!(pair(&[], &[vec![1]], 0), []);
    }
}
