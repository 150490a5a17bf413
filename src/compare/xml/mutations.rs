//! Generated documents, and the changes that are made to them.

use proptest::prelude::*;

use crate::results::Kind;

/// An element of a generated document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    /// Which of [`URIS`] it is in.
    pub(super) uri: usize,
    /// Which of [`URIS`], name, value.
    pub(super) attributes: Vec<(usize, String, String)>,
    pub(super) children: Vec<Element>,
    /// Its text, where it has no children.
    pub(super) text: String,
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
pub(super) fn document() -> impl Strategy<Value = Element> {
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
pub(super) fn plain(element: &Element) -> String {
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
pub(super) fn dressed(element: &Element) -> String {
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
pub(super) fn places(element: &Element, at: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
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
pub(super) type Expected = Vec<(Vec<String>, Kind)>;

pub(super) const CHANGES: usize = 30;

/// Makes one change at a place, if it can be made there.
pub(super) fn change(root: &mut Element, at: &[usize], which: usize) -> Option<Expected> {
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
