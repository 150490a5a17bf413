//! Chains: cases of one file that are tied by captures or `needs:` and run in file order.

use super::model::Case;
use std::sync::Arc;

/// The chains of a suite's cases, each a list of indices in file order; a case that is tied to no
/// other is a chain of one. Ordered by their first case.
pub fn chains(cases: &[Arc<Case>]) -> Vec<Vec<usize>> {
    let links: Vec<&[usize]> = cases.iter().map(|case| case.depends.as_ref()).collect();
    components(&links)
}

/// Connected components, each sorted, ordered by their smallest member.
fn components(links: &[&[usize]]) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..links.len()).collect();
    for (from, tos) in links.iter().enumerate() {
        for to in *tos {
            let (a, b) = (find(&mut root, from), find(&mut root, *to));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); links.len()];
    for at in 0..links.len() {
        let first = find(&mut root, at);
        groups[first].push(at);
    }
    groups.retain(|group| !group.is_empty());
    groups
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
        assert_eq!(components(&links), [vec![0, 1, 2, 3, 4], vec![5]]);
    }
}
