//! What holds for any document: it equals itself in any dress, and one change is reported once, at
//! its place.

use bytes::Bytes;
use proptest::prelude::*;
use proptest::sample::Index;

use super::mutations::{CHANGES, Element, Expected, change, document, dressed, places, plain};
use super::*;
use crate::message::Headers;
use crate::results::{Difference, Kind};

fn differences(old: &str, new: &str) -> Vec<Difference> {
    let answers = Pair::new(old, new).map(|text| answer(text.as_bytes()));
    let mut found = Comparison::default();
    compare(
        answers.as_ref(),
        &Rules::default(),
        &Standing::default(),
        &mut found,
    )
    .expect("XML");
    found.differences
}

fn short(found: &[Difference]) -> Vec<(String, Kind)> {
    found.iter().map(|d| (d.path.clone(), d.kind)).collect()
}

fn is(found: &[Difference], expected: &Expected) -> bool {
    let mut left: Vec<&Difference> = found.iter().collect();
    expected.iter().all(|(paths, kind)| {
        let seen = |d: &Difference| {
            d.kind == *kind
                && paths
                    .iter()
                    .any(|path| d.path == *path || d.new_path.as_ref() == Some(path))
        };
        let at = left.iter().position(|d| seen(d));
        at.map(|at| left.remove(at)).is_some()
    }) && left.is_empty()
}

/// The difference as it must be with the sides exchanged: both paths and the kind.
fn mirrored(found: &Difference) -> (String, String, Kind) {
    let kind = match found.kind {
        Kind::Removed => Kind::Added,
        Kind::Added => Kind::Removed,
        Kind::MissingElement => Kind::ExtraElement,
        Kind::ExtraElement => Kind::MissingElement,
        kind => kind,
    };
    let (_, new, _) = straight(found);
    (new, found.path.clone(), kind)
}

fn straight(found: &Difference) -> (String, String, Kind) {
    let new = found.new_path.clone().unwrap_or_else(|| found.path.clone());
    (found.path.clone(), new, found.kind)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn dress_never_matters(document in document()) {
        let (plain, dressed) = (plain(&document), dressed(&document));
        prop_assert_eq!(short(&differences(&plain, &plain)), []);
        prop_assert_eq!(short(&differences(&plain, &dressed)), [], "{}\n{}", plain, dressed);
        prop_assert_eq!(short(&differences(&dressed, &plain)), []);
    }

    #[test]
    fn one_change_is_reported_once_at_its_place(
        document in document(),
        place in any::<Index>(),
        first in 0..CHANGES,
    ) {
        let mut all = Vec::new();
        places(&document, &mut Vec::new(), &mut all);
        let at = place.get(&all);
        let mut changed = document.clone();
        // The first change from a random one on that can be made here.
        let made = (0..CHANGES).find_map(|step| {
            changed = document.clone();
            change(&mut changed, at, (first + step) % CHANGES)
        });
        let expected = made.expect("an attribute can always be added");
        let found = differences(&plain(&document), &dressed(&changed));
        prop_assert!(
            is(&found, &expected),
            "expected {expected:?}, found {:?}\n{}\n{}", short(&found), plain(&document), plain(&changed)
        );
        let forth = differences(&plain(&document), &plain(&changed));
        let back = differences(&plain(&changed), &plain(&document));
        let mut forth: Vec<_> = forth.iter().map(mirrored).collect();
        let mut back: Vec<_> = back.iter().map(straight).collect();
        forth.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        back.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        prop_assert_eq!(back, forth);
    }

    #[test]
    fn two_changes_are_two(document in document(), first in 0..CHANGES, second in 0..CHANGES) {
        let part = |name: &str| Element {
            name: name.into(),
            uri: 0,
            attributes: vec![(0, "k".into(), name.into())],
            children: ["i", "j", "l"].map(|child| Element {
                name: child.into(),
                uri: 0,
                attributes: Vec::new(),
                children: Vec::new(),
                text: format!("text {name} {child} é"),
            }).to_vec(),
            text: String::new(),
        };
        let mut whole = document;
        whole.children.extend([part("first"), part("second")]);
        let count = whole.children.len();
        let mut changed = whole.clone();
        // A move to the root would make an order of its own beside the other change.
        let one = change(&mut changed, &[count - 1], first % 29);
        let two = change(&mut changed, &[count - 2, 0], second % 29);
        let expected: Expected = one.into_iter().chain(two).flatten().collect();
        let found = differences(&plain(&whole), &plain(&changed));
        prop_assert!(is(&found, &expected), "expected {expected:?}, found {:?}", short(&found));
    }

    #[test]
    fn no_bytes_make_it_fail(
        document in document(),
        text in "[<>/a-b='\"!\\[\\]&;: \\-?]{0,60}",
        at in any::<Index>(),
        byte in any::<u8>(),
    ) {
        let whole = plain(&document).into_bytes();
        let mut broken = whole.clone();
        broken[at.index(whole.len())] = byte;
        for body in [text.into_bytes(), broken] {
            let answers = Pair::new(&whole, &body).map(|body| answer(body));
            let mut found = Comparison::default();
            let read = compare(answers.as_ref(), &Rules::default(), &Standing::default(), &mut found);
            prop_assert_eq!(read.is_ok(), check(&answers.new));
        }
    }
}

fn answer(body: &[u8]) -> Response {
    Response::plain(200, Headers::default(), Bytes::copy_from_slice(body))
}

/// Every change was made somewhere: none of them is dead.
#[test]
fn every_change_can_be_made() {
    let leaf = |name: &str, text: &str| Element {
        name: name.into(),
        uri: 1,
        attributes: vec![(0, "x".into(), "1".into())],
        children: Vec::new(),
        text: text.into(),
    };
    let inner = Element {
        children: vec![leaf("c", "text1é"), leaf("d", "17")],
        ..leaf("b", "")
    };
    let root = Element {
        children: vec![inner, leaf("e", "18")],
        ..leaf("a", "")
    };
    let mut all = Vec::new();
    places(&root, &mut Vec::new(), &mut all);
    for which in 0..CHANGES {
        let made = all
            .iter()
            .any(|at| change(&mut root.clone(), at, which).is_some());
        assert!(made, "change {which}");
    }
}
