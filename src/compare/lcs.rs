//! The longest common subsequence of two lists of hashes (Myers, "An O(ND) Difference Algorithm",
//! 1986), bounded.

/// Edits after which the search gives up.
pub(super) const MAX_EDITS: usize = 4_096;

/// Pairs of equal elements (index in `a`, index in `b`), both growing; `None` when the lists are more
/// than [`MAX_EDITS`] insertions and deletions apart.
#[expect(clippy::many_single_char_names, reason = "the names of the paper")]
pub(super) fn common(a: &[u64], b: &[u64]) -> Option<Vec<(usize, usize)>> {
    let (n, m) = (a.len(), b.len());
    let limit = (n + m).min(MAX_EDITS);
    // `rows[d][k]` is how far into `a` the diagonal -d + 2k gets with d edits.
    let mut rows: Vec<Vec<u32>> = Vec::new();
    for d in 0..=limit {
        let mut row = Vec::with_capacity(d + 1);
        for k in 0..=d {
            let mut x = step(rows.last(), d, k);
            // The diagonal is x - y = 2k - d.
            let mut y = (x + d).checked_sub(2 * k).unwrap_or(usize::MAX);
            while x < n && y < m && a.get(x) == b.get(y) {
                x += 1;
                y += 1;
            }
            row.push(u32::try_from(x).unwrap_or(u32::MAX));
            if x >= n && y >= m {
                rows.push(row);
                return Some(trace(a, b, &rows, k));
            }
        }
        rows.push(row);
    }
    None
}

/// Where diagonal `k` of `d` edits starts in `a`, before its run of equal elements.
fn step(last: Option<&Vec<u32>>, d: usize, k: usize) -> usize {
    let Some(last) = last else {
        return 0;
    };
    let from = |k: usize| last.get(k).map(|x| *x as usize);
    let down = if k < d { from(k) } else { None };
    let right = if k > 0 {
        from(k - 1).map(|x| x + 1)
    } else {
        None
    };
    match (down, right) {
        (Some(down), Some(right)) => down.max(right),
        (Some(x), None) | (None, Some(x)) => x,
        (None, None) => 0,
    }
}

/// Walks back from the end along the rows and collects the runs of equal elements.
#[expect(clippy::many_single_char_names, reason = "the names of the paper")]
fn trace(a: &[u64], b: &[u64], rows: &[Vec<u32>], mut k: usize) -> Vec<(usize, usize)> {
    let (mut x, mut y) = (a.len(), b.len());
    let mut pairs = Vec::new();
    for d in (0..rows.len()).rev() {
        let before = d.checked_sub(1).and_then(|d| rows.get(d));
        let start = step(before, d, k);
        while x > start && y > 0 {
            x -= 1;
            y -= 1;
            pairs.push((x, y));
        }
        let Some(before) = before else {
            break;
        };
        let from = |k: usize| before.get(k).map(|x| *x as usize);
        if k < d && from(k) == Some(x) {
            // An insertion: one element of `b` alone.
            y = y.saturating_sub(1);
        } else {
            x = x.saturating_sub(1);
            k = k.saturating_sub(1);
        }
    }
    pairs.reverse();
    debug_assert!(pairs.iter().all(|(x, y)| a.get(*x) == b.get(*y)));
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn longest(a: &[u64], b: &[u64]) -> usize {
        let mut last = vec![0; b.len() + 1];
        for x in a {
            let mut row = vec![0];
            for (j, y) in b.iter().enumerate() {
                row.push(if x == y {
                    last[j] + 1
                } else {
                    last[j + 1].max(row[j])
                });
            }
            last = row;
        }
        last[b.len()]
    }

    proptest! {
        #[test]
        fn the_result_is_common_increasing_and_longest(
            a in prop::collection::vec(0_u64..5, 0..30),
            b in prop::collection::vec(0_u64..5, 0..30),
        ) {
            let pairs = common(&a, &b).expect("short lists");
            prop_assert!(pairs.iter().all(|(x, y)| a[*x] == b[*y]));
            prop_assert!(pairs.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
            prop_assert_eq!(pairs.len(), longest(&a, &b));
        }
    }

    #[test]
    fn it_gives_up_on_lists_that_share_nothing() {
        let a: Vec<u64> = (0..3_000).collect();
        let b: Vec<u64> = (3_000..6_000).collect();
        assert_eq!(common(&a, &b), None);
    }
}
