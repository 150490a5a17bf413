//! What holds for any document: it equals itself in any dress, and one change is reported once, at
//! its place.

use bytes::Bytes;
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::message::Headers;
use crate::results::{Difference, Kind};

/// An element of a generated document.
#[derive(Debug, Clone, PartialEq)]
struct Element {
    name: String,
    /// Which of [`URIS`] it is in.
    uri: usize,
    /// Which of [`URIS`], name, value.
    attributes: Vec<(usize, String, String)>,
    children: Vec<Element>,
    /// Its text, where it has no children.
    text: String,
}

const URIS: [&str; 5] = ["", "urn:a", "urn:b", "urn:c", "urn:d"];

fn leaf() -> impl Strategy<Value = Element> {
    let attributes = prop::collection::btree_set("[x-z]", 0..3);
    ("[a-d]", 0_usize..3, attributes, any::<bool>()).prop_map(|(name, uri, names, filled)| {
        Element {
            name,
            uri,
            attributes: names
                .into_iter()
                .map(|name| (0, name, String::new()))
                .collect(),
            children: Vec::new(),
            text: if filled { "text".into() } else { String::new() },
        }
    })
}

/// A document whose texts and attributes are all different, so that a change has one right answer.
fn document() -> impl Strategy<Value = Element> {
    let shape = leaf().prop_recursive(4, 40, 5, |inner| {
        (leaf(), prop::collection::vec(inner, 1..5)).prop_map(|(element, children)| Element {
            children,
            ..element
        })
    });
    (leaf(), prop::collection::vec(shape, 1..5)).prop_map(|(root, children)| {
        let mut root = Element { children, ..root };
        number(&mut root, &mut 1_000);
        root
    })
}

fn number(element: &mut Element, next: &mut u32) {
    *next += 7;
    element.text = match element.text.as_str() {
        _ if !element.children.is_empty() => String::new(),
        "" => next.to_string(),
        _ => format!("text{next}é"),
    };
    for (_, _, value) in &mut element.attributes {
        *next += 7;
        *value = format!("value{next}");
    }
    for child in &mut element.children {
        number(child, next);
    }
}

/// The document with prefixes declared at the root, on one line.
fn plain(element: &Element) -> String {
    fn write(element: &Element, declared: &str) -> String {
        let prefix = |uri: usize| {
            if uri == 0 {
                String::new()
            } else {
                format!("p{uri}:")
            }
        };
        let name = format!("{}{}", prefix(element.uri), element.name);
        let attributes = element.attributes.iter();
        let attributes =
            attributes.map(|(uri, name, value)| format!(" {}{name}=\"{value}\"", prefix(*uri)));
        let inside = element.children.iter().map(|child| write(child, ""));
        format!(
            "<{name}{declared}{}>{}{}</{name}>",
            attributes.collect::<String>(),
            element.text,
            inside.collect::<String>()
        )
    }
    let declared = (1..URIS.len()).map(|at| format!(" xmlns:p{at}=\"{}\"", URIS[at]));
    write(element, &declared.collect::<String>())
}

/// The same document in another dress: other prefixes, other order of attributes, white space,
/// comments, CDATA.
fn dressed(element: &Element) -> String {
    let name = &element.name;
    let mut attributes: Vec<String> = element
        .attributes
        .iter()
        .map(|(uri, name, value)| match uri {
            0 => format!("{name} = '{value}'"),
            at => format!("xmlns:q='{}' q:{name}='{value}'", URIS[*at]),
        })
        .collect();
    attributes.reverse();
    attributes.push(format!("xmlns='{}'", URIS[element.uri]));
    let inside = if element.children.is_empty() {
        let cut = element.text.len() / 2;
        let (head, tail) = element.text.split_at(cut.min(4));
        format!("{head}<!-- c --><![CDATA[{tail}]]>")
    } else {
        let children = element.children.iter();
        let children = children.map(|child| format!("\n  {}<?pi?>\t<!-- c -->", dressed(child)));
        children.collect::<String>().replace("<?pi?>", "")
    };
    format!("<{name} {}\n>{inside}</{name}\n>", attributes.join("\r\n "))
}

/// Where an element stands: indices from the root down.
fn places(element: &Element, at: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
    all.push(at.clone());
    for (index, child) in element.children.iter().enumerate() {
        at.push(index);
        places(child, at, all);
        at.pop();
    }
}

fn get<'e>(root: &'e mut Element, at: &[usize]) -> &'e mut Element {
    at.iter()
        .fold(root, |element, index| &mut element.children[*index])
}

/// The path of an element, as a report writes it.
fn path(root: &Element, at: &[usize]) -> String {
    let mut path = format!("/{}", root.name);
    let mut element = root;
    for index in at {
        let child = &element.children[*index];
        let same = |other: &&Element| other.name == child.name;
        path = format!("{path}/{}", child.name);
        if element.children.iter().filter(same).count() > 1 {
            let before = element.children[..=*index].iter().filter(same).count();
            path = format!("{path}[{before}]");
        }
        element = child;
    }
    path
}

/// What a change must be reported as: for each difference any of these paths, and one kind.
type Expected = Vec<(Vec<String>, Kind)>;

const CHANGES: usize = 30;

/// Makes one change at a place, if it can be made there.
fn change(root: &mut Element, at: &[usize], which: usize) -> Option<Expected> {
    let here = path(root, at);
    match which {
        0..10 => change_text(get(root, at), which, here),
        10..16 => change_attribute(get(root, at), which, &here),
        16..24 => change_children(root, at, which, here),
        _ => change_element(root, at, which, here),
    }
}

fn change_text(element: &mut Element, which: usize, here: String) -> Option<Expected> {
    if !element.children.is_empty() {
        return None;
    }
    let text = &element.text;
    let word = text.starts_with('t');
    let changed = match which {
        0 => format!("{text}x"),
        1 => String::new(),
        2 if word => text.to_uppercase(),
        3 if word => text.replace('é', "e\u{301}"),
        4 if word => text[..5].to_owned(),
        5 => format!(" {text}"),
        6 if word => text.replace("xt", "xt  "),
        7 if !word => (text.parse::<u32>().ok()? + 1).to_string(),
        8 if !word => format!("-{text}"),
        9 if !word => format!("{text}.0"),
        _ => return None,
    };
    element.text = changed;
    let kind = if which == 9 {
        Kind::Format
    } else {
        Kind::Value
    };
    Some(vec![(vec![here], kind)])
}

fn change_attribute(element: &mut Element, which: usize, here: &str) -> Option<Expected> {
    let first = element
        .attributes
        .first()
        .map(|(_, name, _)| format!("{here}/@{name}"));
    let one = |path: String, kind: Kind| (vec![path], kind);
    if which == 10 {
        element.attributes.push((0, "new".into(), "1".into()));
        return Some(vec![one(format!("{here}/@new"), Kind::Added)]);
    }
    let (first, attribute) = (first?, element.attributes.first_mut()?);
    Some(match which {
        11 => {
            attribute.2.push('x');
            vec![one(first, Kind::Value)]
        }
        12 => {
            attribute.2.clear();
            vec![one(first, Kind::Value)]
        }
        13 => {
            element.attributes.remove(0);
            vec![one(first, Kind::Removed)]
        }
        14 => {
            attribute.1 = "other".into();
            vec![
                one(first, Kind::Removed),
                one(format!("{here}/@other"), Kind::Added),
            ]
        }
        _ => {
            attribute.0 = 3;
            vec![one(first, Kind::Type)]
        }
    })
}

fn change_children(
    root: &mut Element,
    at: &[usize],
    which: usize,
    here: String,
) -> Option<Expected> {
    let extra = Element {
        name: "zz".into(),
        uri: 0,
        attributes: Vec::new(),
        children: Vec::new(),
        text: "new".into(),
    };
    let element = get(root, at);
    let count = element.children.len();
    if count == 0 || (which >= 19 && count < 2) {
        return None;
    }
    let order = Some(vec![(vec![here.clone()], Kind::Order)]);
    match which {
        16 | 17 => {
            let place = if which == 16 { 0 } else { count };
            element.children.insert(place, extra);
            Some(vec![(vec![format!("{here}/zz")], Kind::ExtraElement)])
        }
        18 => {
            let twin = element.children[count / 2].clone();
            element.children.insert(count / 2, twin);
            let below =
                [count / 2, count / 2 + 1].map(|index| path(root, &[at, &[index]].concat()));
            Some(vec![(below.to_vec(), Kind::ExtraElement)])
        }
        19 => {
            element.children.swap(0, count - 1);
            order
        }
        20 => {
            element.children.swap(0, 1);
            order
        }
        21 => {
            element.children.rotate_left(1);
            order
        }
        22 => {
            element.children.reverse();
            order
        }
        _ => {
            let gone = path(root, &[at, &[count - 1]].concat());
            get(root, at).children.pop();
            Some(vec![(vec![gone], Kind::MissingElement)])
        }
    }
}

fn change_element(
    root: &mut Element,
    at: &[usize],
    which: usize,
    here: String,
) -> Option<Expected> {
    let (last, parent) = at.split_last()?;
    let above = path(root, parent);
    let element = get(root, at);
    let retyped = vec![(vec![here.clone()], Kind::Type)];
    match which {
        24 => {
            element.name = "zz".into();
            Some(vec![
                (vec![here], Kind::MissingElement),
                (vec![format!("{above}/zz")], Kind::ExtraElement),
            ])
        }
        25 => {
            element.uri = 4;
            Some(retyped)
        }
        26 if element.children.is_empty() => {
            let mut inside = element.clone();
            inside.attributes.clear();
            element.children = vec![inside];
            element.text.clear();
            Some(retyped)
        }
        27 if !element.children.is_empty() => {
            element.children.clear();
            element.text = "flat".into();
            Some(retyped)
        }
        28 => {
            get(root, parent).children.remove(*last);
            Some(vec![(vec![here], Kind::MissingElement)])
        }
        29 if at.len() > 1 => {
            // It moves from its parent to the root.
            let moved = get(root, parent).children.remove(*last);
            root.children.push(moved);
            let there = path(root, &[root.children.len() - 1]);
            Some(vec![
                (vec![here], Kind::MissingElement),
                (vec![there], Kind::ExtraElement),
            ])
        }
        _ => None,
    }
}

fn differences(old: &str, new: &str) -> Vec<Difference> {
    let answers = Pair::new(old, new).map(|text| Response {
        status: 200,
        http: "1.1",
        headers: Headers::default(),
        body: Bytes::copy_from_slice(text.as_bytes()),
        wire_bytes: 0,
        unpacked: None,
    });
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
    fn no_text_makes_it_fail(text in "[<>/a-b='\"!\\[\\]&;: \\-?]{0,60}") {
        let answer = Response {
            status: 200,
            http: "1.1",
            headers: Headers::default(),
            body: text.into_bytes().into(),
            wire_bytes: 0,
            unpacked: None,
        };
        let _ = check(&answer);
    }
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
