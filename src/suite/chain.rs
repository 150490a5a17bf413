//! Chains: cases of one file that are tied by captures or `needs:` and run in file order.

use std::sync::Arc;

use super::model::Case;

/// The chains of a suite's cases.
#[derive(Debug)]
pub struct Chains {
    /// The cases, those of a chain beside each other: its first case, and the case.
    members: Vec<(usize, usize)>,
}

impl Chains {
    /// Finds what is tied to what.
    pub fn of(cases: &[Arc<Case>]) -> Self {
        Self::of_links(cases.len(), |at| &cases[at].depends)
    }

    fn of_links<'a>(count: usize, links: impl Fn(usize) -> &'a [usize]) -> Self {
        let mut root: Vec<usize> = (0..count).collect();
        for from in 0..count {
            for to in links(from) {
                let (a, b) = (find(&mut root, from), find(&mut root, *to));
                root[a.max(b)] = a.min(b);
            }
        }
        let mut members: Vec<(usize, usize)> =
            (0..count).map(|at| (find(&mut root, at), at)).collect();
        members.sort_unstable();
        Self { members }
    }

    /// Each chain, ordered by its first case: its cases by index, in file order. A case that is tied to no
    /// other is a chain of one.
    pub fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = usize>> {
        let chains = self.members.chunk_by(|one, next| one.0 == next.0);
        chains.map(|chain| chain.iter().map(|(_, at)| *at))
    }
}

/// The representative of a component, paths halved on the way.
fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tied_stays_together_in_file_order() {
        let links: [&[usize]; 6] = [&[], &[0], &[], &[2], &[1, 3], &[]];
        let chains = Chains::of_links(links.len(), |at| links[at]);
        let chains: Vec<Vec<usize>> = chains.iter().map(Iterator::collect).collect();
        assert_eq!(chains, [vec![0, 1, 2, 3, 4], vec![5]]);
    }
}
