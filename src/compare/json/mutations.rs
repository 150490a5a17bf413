//! Changes that are made to documents, and what each must be reported as. The benchmark over real
//! payloads reads this file too.
//!
//! Texts that begin with [`RAW`] are written without quotes, so that a number has the digits that a
//! change gives it; names that end in [`AGAIN`] are written without it, so that a name stands twice.

use serde_json::{Map, Value, json};

use super::Kind;
use super::step::{Step, write};

const RAW: &str = "\u{1}";
const AGAIN: &str = "\u{2}";

/// The places of a document, the root first.
pub(super) fn places(value: &Value, at: &mut Vec<Step>, all: &mut Vec<Vec<Step>>) {
    all.push(at.clone());
    let below: Vec<(Step, &Value)> = match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, v)| (Step::Index(i), v))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(k, v)| (Step::Name(k.clone()), v))
            .collect(),
        _ => Vec::new(),
    };
    for (step, child) in below {
        at.push(step);
        places(child, at, all);
        at.pop();
    }
}

fn find<'v>(value: &'v mut Value, path: &[Step]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match step {
        Step::Name(name) => &mut value[name.as_str()],
        Step::Index(index) => &mut value[*index],
    })
}

/// The document as text, `dressed` with its members the other way round, white space and escapes.
pub(super) fn text(value: &Value, dressed: bool) -> String {
    let gap = |plain: &'static str, dress: &'static str| if dressed { dress } else { plain };
    match value {
        Value::Object(members) => {
            let pair = |(key, value): (&String, &Value)| {
                let key = json!(key.trim_end_matches(AGAIN));
                format!("{key}{}{}", gap(":", " :\n"), text(value, dressed))
            };
            let mut pairs: Vec<String> = members.iter().map(pair).collect();
            if dressed {
                pairs.reverse();
            }
            format!("{{{}}}{}", pairs.join(","), gap("", "\t"))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| text(item, dressed)).collect();
            format!("[{}]", items.join(gap(",", " , ")))
        }
        Value::String(string) => match string.strip_prefix(RAW) {
            Some(raw) => raw.to_owned(),
            None if dressed => json!(string).to_string().replace('t', "\\u0074"),
            None => json!(string).to_string(),
        },
        other => other.to_string(),
    }
}

/// What a change must be reported as: for each difference any of these paths, and one kind.
pub(super) type Expected = Vec<(Vec<String>, Kind)>;

type Scalar = fn(&str) -> Option<String>;

/// Changes of a text that leave it a text.
const TEXTS: [(&str, Scalar); 25] = [
    ("upper case", |s| {
        Some(s.to_uppercase()).filter(|new| new != s)
    }),
    ("lower case", |s| {
        Some(s.to_lowercase()).filter(|new| new != s)
    }),
    ("truncate", |s| Some(s[..4].to_owned())),
    ("append", |s| Some(format!("{s}x"))),
    ("empty", |_| Some(String::new())),
    ("another normal form", |s| {
        Some(s.replace('\u{e9}', "e\u{301}"))
    }),
    ("drop an accent", |s| Some(s.replace('\u{e9}', "e"))),
    ("double encoding", |s| {
        Some(s.replace('\u{e9}', "\u{c3}\u{a9}"))
    }),
    ("a question mark for a letter", |s| {
        Some(s.replace('\u{e9}', "?"))
    }),
    ("a letter of the same looks", |s| {
        Some(s.replacen('e', "\u{435}", 1))
    }),
    ("an HTML entity", |s| Some(s.replace('\u{e9}', "&eacute;"))),
    ("percent-encoding", |s| Some(s.replace(' ', "%20"))),
    ("leading white space", |s| Some(format!(" {s}"))),
    ("trailing white space", |s| Some(format!("{s}\n"))),
    ("double white space", |s| Some(s.replace(' ', "  "))),
    ("no-break space", |s| Some(s.replace(' ', "\u{a0}"))),
    ("zero-width space", |s| Some(format!("{s}\u{200b}"))),
    ("byte order mark", |s| Some(format!("\u{feff}{s}"))),
    ("quotes", |s| Some(format!("\"{s}\""))),
    ("swap two signs", |s| {
        Some(format!("{}{}{}", &s[1..2], &s[..1], &s[2..]))
    }),
    ("double a sign", |s| Some(format!("{}{s}", &s[..1]))),
    ("a second later", |s| {
        time(s).then(|| s.replace(":07Z", ":08Z"))
    }),
    ("an hour and its offset", |s| {
        time(s).then(|| s.replace('Z', "+01:00"))
    }),
    ("milliseconds", |s| time(s).then(|| s.replace('Z', ".000Z"))),
    ("no T and no zone", |s| {
        time(s).then(|| s.replace('T', " ").replace('Z', ""))
    }),
];

fn time(text: &str) -> bool {
    text.ends_with('Z')
}

/// Whether a change leaves a timestamp the same time: its letters have no case (RFC 3339 section 5.6).
fn says_the_same(change: &str, text: &str) -> bool {
    let offset = text.as_bytes().get(10) == Some(&b'T') && text.ends_with(":00");
    time(text) && change == "milliseconds" || (time(text) || offset) && change == "lower case"
}

/// Changes of a number that leave it a number: what it becomes, and how that is said.
const NUMBERS: [(&str, Scalar, Kind); 11] = [
    ("one more in the last digit", |n| nudged(n, 1), Kind::Value),
    ("one less in the last digit", |n| nudged(n, 9), Kind::Value),
    ("other sign", |n| Some(format!("-{n}")), Kind::Value),
    (
        "ten times",
        |n| (!n.contains('.')).then(|| format!("{n}0")),
        Kind::Value,
    ),
    (
        "beyond a double",
        |n| (!n.contains('.')).then(|| format!("{n}.00000000000000000001")),
        Kind::Value,
    ),
    (
        "rounded",
        |n| {
            n.contains('.')
                .then(|| n.split('.').next().unwrap_or_default().to_owned())
        },
        Kind::Value,
    ),
    (
        "a digit less",
        |n| n.contains('.').then(|| n[..n.len() - 1].to_owned()),
        Kind::Value,
    ),
    ("zero", |_| Some("0".to_owned()), Kind::Value),
    (
        "a fraction of zero",
        |n| (!n.contains('.')).then(|| format!("{n}.0")),
        Kind::Format,
    ),
    (
        "a trailing zero",
        |n| n.contains('.').then(|| format!("{n}0")),
        Kind::Format,
    ),
    ("exponent", |n| Some(format!("{n}e0")), Kind::Format),
];

fn nudged(number: &str, by: u8) -> Option<String> {
    let (head, last) = number.split_at(number.len() - 1);
    let last = (last.bytes().next()? - b'0' + by) % 10;
    Some(format!("{head}{last}"))
}

type Retype = fn(&Value) -> Option<Value>;

/// Other types that a value can become.
const TYPES: [(&str, Retype); 14] = [
    ("a number as text", |v| {
        v.as_number().map(|n| json!(n.to_string()))
    }),
    ("a number as boolean", |v| {
        v.as_number().map(|_| json!(true))
    }),
    ("a text as number", |v| v.is_string().then(|| json!(5))),
    ("a time as seconds", |v| {
        v.as_str().is_some_and(time).then(|| json!(1_795_299_007))
    }),
    ("a boolean as text", |v| {
        v.as_bool().map(|b| json!(b.to_string()))
    }),
    ("a boolean as number", |v| {
        v.as_bool().map(|b| json!(u8::from(b)))
    }),
    ("null as empty text", |v| v.is_null().then(|| json!(""))),
    ("null as zero", |v| v.is_null().then(|| json!(0))),
    ("null as nothing in it", |v| v.is_null().then(|| json!({}))),
    ("a value as null", |v| (!v.is_null()).then_some(Value::Null)),
    ("wrapped in a list", |v| (!v.is_array()).then(|| json!([v]))),
    ("wrapped in an object", |v| {
        (!v.is_object()).then(|| json!({ "wrapped": v }))
    }),
    ("a list as object", |v| v.is_array().then(|| json!({}))),
    ("an object as list", |v| v.is_object().then(|| json!([]))),
];

/// Changes of objects and lists; the rest of the tables is in `members` and `elements`.
const MEMBERS: usize = 8;
const ELEMENTS: usize = 11;

const MEMBER_NAMES: [&str; MEMBERS] = [
    "another name",
    "a name in capitals",
    "a member more",
    "a null more",
    "a member less",
    "a member twice",
    "no member left",
    "members moved into one",
];
const ELEMENT_NAMES: [&str; ELEMENTS] = [
    "one more at the start",
    "one more in the middle",
    "one more at the end",
    "the first twice",
    "the last twice",
    "the first less",
    "the last less",
    "none left",
    "first and last swapped",
    "reversed",
    "rotated",
];

/// All kinds of change.
pub(super) const CHANGES: usize = TEXTS.len() + NUMBERS.len() + TYPES.len() + MEMBERS + ELEMENTS;

/// What a kind of change is called.
pub(super) fn name(which: usize) -> &'static str {
    let texts = TEXTS.iter().map(|(name, _)| *name);
    let numbers = NUMBERS.iter().map(|(name, ..)| *name);
    let types = TYPES.iter().map(|(name, _)| *name);
    let rest = MEMBER_NAMES.into_iter().chain(ELEMENT_NAMES);
    let mut all = texts.chain(numbers).chain(types).chain(rest);
    all.nth(which).unwrap_or_default()
}

/// What a kind of change is made to.
pub(super) fn class(which: usize) -> &'static str {
    let ends = [
        (TEXTS.len(), "texts"),
        (NUMBERS.len(), "numbers"),
        (TYPES.len(), "types"),
        (MEMBERS, "members of objects"),
        (ELEMENTS, "elements of lists"),
    ];
    let mut end = 0;
    let mut ends = ends.into_iter().map(|(count, name)| {
        end += count;
        (end, name)
    });
    ends.find(|(end, _)| which < *end)
        .map_or("", |(_, name)| name)
}

/// Makes one change at a place, if it can be made there.
pub(super) fn change(document: &mut Value, path: &[Step], which: usize) -> Option<Expected> {
    let value = find(document, path);
    let here = |kind| Some(vec![(vec![write(path)], kind)]);
    let mut which = which;
    if let Some((name, change)) = TEXTS.get(which) {
        let same_time = says_the_same(name, value.as_str()?);
        *value = json!(change(value.as_str()?).filter(|new| Some(new.as_str()) != value.as_str())?);
        return here(if same_time { Kind::Format } else { Kind::Value });
    }
    which -= TEXTS.len();
    if let Some((_, change, kind)) = NUMBERS.get(which) {
        *value = json!(format!("{RAW}{}", change(&value.as_number()?.to_string())?));
        return here(*kind);
    }
    which -= NUMBERS.len();
    if let Some((_, change)) = TYPES.get(which) {
        *value = change(value)?;
        return here(Kind::Type);
    }
    which -= TYPES.len();
    if which < MEMBERS {
        let at = |name: &str| vec![write(&[path, &[Step::Name(name.to_owned())]].concat())];
        return members(value.as_object_mut()?, which, at);
    }
    let at = |index: usize| write(&[path, &[Step::Index(index)]].concat());
    elements(value.as_array_mut()?, which - MEMBERS, &write(path), at)
}

fn members(
    members: &mut Map<String, Value>,
    which: usize,
    at: impl Fn(&str) -> Vec<String>,
) -> Option<Expected> {
    let first = members.keys().next()?.clone();
    let mut rename = |new: String| {
        let value = members.remove(&first)?;
        let expected = vec![(at(&first), Kind::Removed), (at(&new), Kind::Added)];
        members.insert(new, value);
        Some(expected)
    };
    match which {
        0 => rename("zzzz".to_owned()),
        1 => rename(first.to_uppercase()),
        2 => {
            members.insert("zzzz".into(), json!("new"));
            Some(vec![(at("zzzz"), Kind::Added)])
        }
        3 => {
            members.insert("zzzz".into(), Value::Null);
            Some(vec![(at("zzzz"), Kind::Added)])
        }
        4 => {
            members.remove(&first);
            Some(vec![(at(&first), Kind::Removed)])
        }
        5 => {
            let again = members.get(&first)?.clone();
            members.insert(format!("{first}{AGAIN}"), again);
            Some(vec![(at(&first), Kind::DuplicateKey)])
        }
        6 => {
            let all = std::mem::take(members);
            Some(all.keys().map(|name| (at(name), Kind::Removed)).collect())
        }
        _ => {
            let all = std::mem::take(members);
            let gone = all.keys().map(|name| (at(name), Kind::Removed));
            let expected = gone.chain([(at("wrapped"), Kind::Added)]).collect();
            members.insert("wrapped".into(), Value::Object(all));
            Some(expected)
        }
    }
}

fn elements(
    items: &mut Vec<Value>,
    which: usize,
    here: &str,
    at: impl Fn(usize) -> String,
) -> Option<Expected> {
    let count = items.len();
    let one = |paths: Vec<String>, kind| Some(vec![(paths, kind)]);
    match which {
        0..3 => {
            let place = [0, count / 2, count][which];
            items.insert(place, json!({ "an": "extra", "element": 1 }));
            one(vec![at(place)], Kind::ExtraElement)
        }
        3..8 if count == 0 => None,
        3..5 => {
            let place = if which == 3 { 0 } else { count - 1 };
            items.insert(place, items.get(place)?.clone());
            one(vec![at(place), at(place + 1)], Kind::ExtraElement)
        }
        5 => {
            items.remove(0);
            one(vec![at(0)], Kind::MissingElement)
        }
        6 => {
            items.pop();
            one(vec![at(count - 1)], Kind::MissingElement)
        }
        7 => {
            items.clear();
            Some(
                (0..count)
                    .map(|index| (vec![at(index)], Kind::MissingElement))
                    .collect(),
            )
        }
        _ if count < 2 => None,
        _ => {
            match which {
                8 => items.swap(0, count - 1),
                9 => items.reverse(),
                _ => items.rotate_left(1),
            }
            one(vec![here.to_owned()], Kind::Order)
        }
    }
}
