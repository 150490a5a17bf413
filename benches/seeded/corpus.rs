//! The payloads, and which of their leaves are noise.
//!
//! `@octokit/fixtures` has each recording twice: as it was, and normalised by its maintainers. What
//! they changed is what they know to differ from recording to recording: noise, labelled by people.
//! The webhook examples are not normalised; there a leaf is noise where the fixtures' maintainers
//! changed one of the same name and form.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::step::Step;

/// A payload and its noise.
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) value: Value,
    /// The leaves that vary, each with the words of its text that do not.
    pub(crate) noise: BTreeMap<Vec<Key>, BTreeSet<String>>,
}

/// A step that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Name(String),
    Index(usize),
}

impl Key {
    pub(crate) fn of(steps: &[Step]) -> Vec<Self> {
        let key = |step: &Step| match step {
            Step::Name(name) => Self::Name(name.clone()),
            Step::Index(at) => Self::Index(*at),
        };
        steps.iter().map(key).collect()
    }
}

/// What a leaf looks like, as far as a label can be carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    Number,
    Moment,
    Text,
}

impl Form {
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) if number.is_u64() => Some(Self::Number),
            Value::String(text) if is_moment(text) => Some(Self::Moment),
            Value::String(_) => Some(Self::Text),
            _ => None,
        }
    }
}

pub(crate) fn is_moment(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "0000-00-00T00:00:00Z"
}

/// The words of a text: runs of letters and digits.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Every payload.
pub(crate) fn load(folder: &Path) -> Vec<Document> {
    let mut documents = fixtures(&folder.join("@octokit/fixtures/scenarios/api.github.com"));
    let mut names: BTreeSet<(String, Form)> = BTreeSet::new();
    for document in &documents {
        for path in document.noise.keys() {
            if let (Some(Key::Name(name)), Some(form)) =
                (path.last(), leaf(&document.value, path).and_then(Form::of))
            {
                names.insert((name.clone(), form));
            }
        }
    }
    documents.extend(webhooks(
        &folder.join("@octokit/webhooks-examples/api.github.com/index.json"),
        &names,
    ));
    documents
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}; run benches/seeded/fetch.sh", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

fn fixtures(folder: &Path) -> Vec<Document> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| {
            panic!("{}: {error}; run benches/seeded/fetch.sh", folder.display())
        })
        .map(|entry| entry.expect("an entry").path())
        .collect();
    names.sort();
    let mut documents = Vec::new();
    for scenario in names {
        let raw = read(&scenario.join("raw-fixture.json"));
        let normal = read(&scenario.join("normalized-fixture.json"));
        let name = scenario
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for (at, (raw, normal)) in aligned(&raw, &normal).into_iter().enumerate() {
            let (value, normal) = (&raw["response"], &normal["response"]);
            if value.is_object() || value.is_array() {
                let mut noise = BTreeMap::new();
                labels(value, normal, &mut Vec::new(), &mut noise);
                let name = format!("{name}[{at}]");
                documents.push(Document {
                    name,
                    value: value.clone(),
                    noise,
                });
            }
        }
    }
    documents
}

/// Recordings and their normalised forms. A recording begins with requests that prepare it, which the
/// normalised form leaves out: they are matched from the end by method, status and depth of the path.
fn aligned<'v>(raw: &'v Value, normal: &'v Value) -> Vec<(&'v Value, &'v Value)> {
    let key = |entry: &Value| {
        let depth = entry["path"].as_str().map(|path| path.split('/').count());
        (
            entry["method"].to_string(),
            entry["status"].to_string(),
            depth,
        )
    };
    let (Some(raw), Some(normal)) = (raw.as_array(), normal.as_array()) else {
        return Vec::new();
    };
    let mut left = raw.iter().rev();
    let mut pairs = Vec::new();
    for entry in normal.iter().rev() {
        if let Some(twin) = left.find(|raw| key(raw) == key(entry)) {
            pairs.push((twin, entry));
        }
    }
    pairs.reverse();
    pairs
}

fn labels(
    raw: &Value,
    normal: &Value,
    at: &mut Vec<Key>,
    noise: &mut BTreeMap<Vec<Key>, BTreeSet<String>>,
) {
    match (raw, normal) {
        (Value::Object(raw), Value::Object(normal)) => {
            for (name, value) in raw {
                if let Some(twin) = normal.get(name) {
                    at.push(Key::Name(name.clone()));
                    labels(value, twin, at, noise);
                    at.pop();
                }
            }
        }
        (Value::Array(raw), Value::Array(normal)) => {
            for (index, (value, twin)) in raw.iter().zip(normal).enumerate() {
                at.push(Key::Index(index));
                labels(value, twin, at, noise);
                at.pop();
            }
        }
        _ if raw != normal && Form::of(raw).is_some() => {
            let kept = normal.as_str().unwrap_or_default();
            noise.insert(at.clone(), words(kept).map(str::to_owned).collect());
        }
        _ => {}
    }
}

fn webhooks(file: &Path, names: &BTreeSet<(String, Form)>) -> Vec<Document> {
    let events = read(file);
    let mut documents = Vec::new();
    for event in events.as_array().into_iter().flatten() {
        let name = event["name"].as_str().unwrap_or_default();
        let examples = event["examples"].as_array().into_iter().flatten();
        for (at, value) in examples.enumerate() {
            let mut noise = BTreeMap::new();
            carried(value, &mut Vec::new(), names, &mut noise);
            documents.push(Document {
                name: format!("{name}[{at}]"),
                value: value.clone(),
                noise,
            });
        }
    }
    documents
}

/// Labels by name and form. Of a text the words that are ids are noise: long numbers and digests.
fn carried(
    value: &Value,
    at: &mut Vec<Key>,
    names: &BTreeSet<(String, Form)>,
    noise: &mut BTreeMap<Vec<Key>, BTreeSet<String>>,
) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                at.push(Key::Name(name.clone()));
                carried(value, at, names, noise);
                at.pop();
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                at.push(Key::Index(index));
                carried(value, at, names, noise);
                at.pop();
            }
        }
        _ => {
            let (Some(Key::Name(name)), Some(form)) = (at.last(), Form::of(value)) else {
                return;
            };
            if !names.contains(&(name.clone(), form)) {
                return;
            }
            let text = value.as_str().unwrap_or_default();
            let is_id = |word: &&str| {
                let hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
                let digits = word.bytes().filter(u8::is_ascii_digit).count();
                digits >= 5 && digits == word.len() || hex && word.len() >= 20
            };
            let kept: BTreeSet<String> = words(text)
                .filter(|word| !is_id(word))
                .map(str::to_owned)
                .collect();
            if form != Form::Text || words(text).any(|word| is_id(&word)) {
                noise.insert(at.clone(), kept);
            }
        }
    }
}

/// The value at a path.
pub(crate) fn leaf<'v>(value: &'v Value, path: &[Key]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| match key {
        Key::Name(name) => value.get(name),
        Key::Index(at) => value.get(at),
    })
}

/// The same, to be changed.
pub(crate) fn leaf_mut<'v>(value: &'v mut Value, path: &[Key]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, key| match key {
        Key::Name(name) => value.get_mut(name),
        Key::Index(at) => value.get_mut(at),
    })
}
