//! Reading two documents that are mostly the same: what both start with and what both end with is
//! read once, and arrays and objects that lie wholly in it get no nodes until they are asked for.

use std::cmp::Ordering;

use super::not_json::{self, NotJson};
use super::parse::{self, Fold, Parser};
use super::tree::{Id, Node, Tree};
use crate::pair::Pair;

/// Bytes that both sides must have for reading them together to be worth it; small documents of
/// tests are read so, too.
const SMALL: usize = if cfg!(test) { 1 } else { 4_096 };
/// Bytes before the first difference where the reader of the new side starts.
const SLACK: usize = if cfg!(test) { 4 } else { 1_024 };
/// How often the two readers look for a place behind the last difference where they meet.
const TRIES: usize = 64;

/// Why a side's body is no JSON, when one of them is none.
type NoTrees = Pair<Option<NotJson>>;

/// Reads both bodies by themselves.
pub(super) fn apart(bodies: Pair<&[u8]>) -> Result<Pair<Tree<'_>>, NoTrees> {
    let trees = bodies.map(parse::parse);
    match (trees.old, trees.new) {
        (Ok(old), Ok(new)) => Ok(Pair::new(old, new)),
        (old, new) => Err(Pair::new(old.err(), new.err())),
    }
}

/// Reads both bodies, and what they share once.
pub(super) fn parse(bodies: Pair<&[u8]>) -> Result<Pair<Tree<'_>>, NoTrees> {
    let shortest = bodies.old.len().min(bodies.new.len());
    let start = shared_start(bodies.old, bodies.new);
    let end = shared_end(bodies.old, bodies.new).min(shortest - start);
    let worthwhile = shortest >= SMALL && start + end >= shortest / 2;
    // Where one side is no JSON each is read again by itself, which tells where it is wrong.
    match worthwhile
        .then(|| shared(bodies, start, end).ok())
        .flatten()
    {
        Some(trees) => Ok(trees),
        None => apart(bodies),
    }
}

fn shared(bodies: Pair<&[u8]>, start: usize, end: usize) -> Result<Pair<Tree<'_>>, NotJson> {
    let texts = Pair::new(not_json::text(bodies.old)?, not_json::text(bodies.new)?);
    let fold = Fold {
        before: start,
        from: usize::MAX,
    };
    let mut old = Parser::new(texts.old);
    old.fold = fold;
    old.run(start.saturating_sub(SLACK))?;
    let mut new = if old.at <= start {
        old.over(texts.new)
    } else {
        Parser::new(texts.new)
    };
    new.fold = fold;
    old.run(texts.old.len() - end)?;
    new.run(texts.new.len() - end)?;
    if meet(&mut old, &mut new, texts)? {
        old.fold.from = old.at;
        let since = Mark::of(&old);
        old.finish()?;
        adopt(&mut new, &old, &since, texts);
    } else {
        old.finish()?;
        new.finish()?;
    }
    Ok(Pair::new(
        Tree::new(texts.old, old.nodes),
        Tree::new(texts.new, new.nodes),
    ))
}

/// Brings both readers to one place of what both texts end with, inside the same containers.
fn meet(old: &mut Parser<'_>, new: &mut Parser<'_>, texts: Pair<&str>) -> Result<bool, NotJson> {
    for _ in 0..TRIES {
        if old.done || new.done {
            return Ok(false);
        }
        let left = Pair::new(texts.old.len() - old.at, texts.new.len() - new.at);
        match left.old.cmp(&left.new) {
            Ordering::Equal => return Ok(same_containers(old, new)),
            Ordering::Greater => old.run(texts.old.len() - left.new)?,
            Ordering::Less => new.run(texts.new.len() - left.old)?,
        }
    }
    Ok(false)
}

fn same_containers(old: &Parser<'_>, new: &Parser<'_>) -> bool {
    let what = |parser: &Parser<'_>, id: Id| parser.nodes.get(id as usize).map(|node| node.what);
    let mut pairs = old.open.iter().zip(&new.open);
    old.open.len() == new.open.len() && pairs.all(|(o, n)| what(old, *o) == what(new, *n))
}

/// Where the shared reading of the ends started.
struct Mark {
    nodes: usize,
    open: Vec<(Id, u32)>,
}

impl Mark {
    fn of(parser: &Parser<'_>) -> Self {
        let len = |id: &Id| parser.nodes.get(*id as usize).map_or(0, |node| node.len);
        Self {
            nodes: parser.nodes.len(),
            open: parser.open.iter().map(|id| (*id, len(id))).collect(),
        }
    }
}

/// Takes over what another reader has read since a mark, at other offsets.
fn adopt(new: &mut Parser<'_>, old: &Parser<'_>, since: &Mark, texts: Pair<&str>) {
    // Both may be less than nothing; what is added to them is larger.
    let bytes = number(texts.new.len()).wrapping_sub(number(texts.old.len()));
    let ids = number(new.nodes.len()).wrapping_sub(number(since.nodes));
    // The key of the first of them may stand before what both texts end with.
    let own_key = new.key;
    let first = new.nodes.len();
    let shift = |node: &Node| Node {
        start: node.start.wrapping_add(bytes),
        end: node.end.wrapping_add(bytes),
        key: (
            node.key.0.wrapping_add(bytes),
            node.key.1.wrapping_add(bytes),
        ),
        next: node.next.wrapping_add(ids),
        ..*node
    };
    let read = old.nodes.get(since.nodes..).unwrap_or_default();
    new.nodes.reserve_exact(read.len());
    new.nodes.extend(read.iter().map(shift));
    if let Some(node) = new.nodes.get_mut(first) {
        node.key = own_key;
    }
    for ((id, len), own) in since.open.iter().zip(&new.open) {
        if let Some(from) = old.nodes.get(*id as usize)
            && let Some(to) = new.nodes.get_mut(*own as usize)
        {
            to.len += from.len - len;
            to.end = from.end.wrapping_add(bytes);
            to.next = from.next.wrapping_add(ids);
        }
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Bytes that are compared at once.
const STRIDE: usize = 4_096;

fn shared_start(a: &[u8], b: &[u8]) -> usize {
    let strides = a.chunks(STRIDE).zip(b.chunks(STRIDE));
    let mut start = 0;
    for (a, b) in strides {
        if a != b {
            return start + a.iter().zip(b).take_while(|(a, b)| a == b).count();
        }
        start += a.len();
    }
    start
}

fn shared_end(a: &[u8], b: &[u8]) -> usize {
    let strides = a.rchunks(STRIDE).zip(b.rchunks(STRIDE));
    let mut end = 0;
    for (a, b) in strides {
        if a != b {
            let same = a.iter().rev().zip(b.iter().rev());
            return end + same.take_while(|(a, b)| a == b).count();
        }
        end += a.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::super::generated::document;
    use super::super::mutations::{CHANGES, change, places, text};
    use super::super::tree::ROOT;
    use super::*;

    fn both(old: &str, new: &str) -> Result<Pair<Tree<'static>>, NoTrees> {
        let leak = |text: &str| text.to_owned().leak().as_bytes();
        parse(Pair::new(leak(old), leak(new)))
    }

    /// The trees are those of the documents, whatever was read once.
    fn sound(old: &str, new: &str) {
        let trees = both(old, new).expect("JSON");
        for (tree, text) in [(&trees.old, old), (&trees.new, new)] {
            let plain = parse::parse(text.as_bytes()).expect("JSON");
            assert_eq!(same(tree, ROOT, &plain, ROOT), Ok(()), "{old}\n{new}");
        }
    }

    fn same(tree: &Tree<'_>, id: Id, plain: &Tree<'_>, other: Id) -> Result<(), String> {
        let show = |tree: &Tree<'_>, id| {
            (
                tree.what(id),
                tree.raw(id).to_owned(),
                tree.raw_key(id).to_owned(),
            )
        };
        let children: Vec<Id> = tree.children(id).collect();
        let others: Vec<Id> = plain.children(other).collect();
        if show(tree, id) != show(plain, other) || children.len() != others.len() {
            return Err(format!("{:?} {:?}", show(tree, id), show(plain, other)));
        }
        let mut pairs = children.iter().zip(&others);
        pairs.try_for_each(|(id, other)| same(tree, *id, plain, *other))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn what_is_read_once_is_what_each_side_has(
            document in document(), place in any::<Index>(), first in 0..CHANGES, dressed: bool,
        ) {
            let mut all = Vec::new();
            places(&document, &mut Vec::new(), &mut all);
            let mut changed = document.clone();
            let path = place.get(&all);
            let _ = (0..CHANGES).find_map(|step| change(&mut changed, path, (first + step) % CHANGES));
            sound(&text(&document, dressed), &text(&changed, dressed));
        }

        #[test]
        fn bytes_put_in_anywhere_are_read_as_apart(
            document in document(), at in any::<Index>(), piece in "[\\[\\]{}:,\"a1 \\\\\u{e9}]{0,6}", cut in 0_usize..4,
        ) {
            let old = text(&document, false);
            let mut start = at.index(old.len());
            while !old.is_char_boundary(start) { start -= 1; }
            let mut behind = (start + cut).min(old.len());
            while !old.is_char_boundary(behind) { behind += 1; }
            let new = format!("{}{piece}{}", &old[..start], &old[behind..]);
            for (old, new) in [(&old, &new), (&new, &old)] {
                let bodies = Pair::new(old.as_bytes(), new.as_bytes());
                match apart(bodies) {
                    Ok(_) => sound(old, new),
                    Err(why) => prop_assert_eq!(parse(bodies).err(), Some(why)),
                }
            }
        }
    }

    #[test]
    fn what_both_have_gets_no_nodes() {
        let list = |price: &str| {
            let items: Vec<String> = (0..1_000)
                .map(|at| {
                    format!(
                        "{{\"n\":{{\"a\":[{at}]}},\"price\":{}}}",
                        if at == 500 { price } else { "1" }
                    )
                })
                .collect();
            format!(
                "{{\"items\":[{}],\"more\":{{\"b\":[1,2,{{}}]}}}}",
                items.join(",")
            )
        };
        let (old, new) = (list("1"), list("12"));
        let trees = both(&old, &new).expect("JSON");
        // The root, the list, its elements, the members of the one that changed, the last member.
        let nodes = Pair::both(1 + 1 + 1_000 + 2 + 1);
        assert_eq!(trees.as_ref().map(Tree::len), nodes);
        sound(&old, &new);
    }
}
