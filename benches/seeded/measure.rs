//! The three experiments: noise only, one change only, both.

use std::collections::{BTreeMap, BTreeSet};

use cutover::compare::{Rules, Sampled, Standing, compare_sampled, select};
use cutover::message::{Headers, Response};
use cutover::pair::Pair;
use cutover::platform::Platform;
use cutover::results::{Difference, Severity, Where};
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::corpus::{Document, Key};
use crate::mutations::{self, CHANGES, Expected, change, places, text};
use crate::noise::{self, Which, mixed};
use crate::step::Step;

/// Answers of each side.
const SAMPLES: u64 = 3;

fn response(value: &Value, dressed: bool) -> Response {
    let media = ("content-type".to_owned(), b"application/json".to_vec());
    Response::plain(200, Headers(vec![media]), text(value, dressed).into())
}

fn compared(old: &[Value], new: &[Value]) -> Sampled {
    let answers = Pair::new(
        old.iter()
            .map(|value| response(value, false))
            .collect::<Vec<_>>(),
        // The new side writes its JSON in another order and with white space.
        new.iter()
            .map(|value| response(value, true))
            .collect::<Vec<_>>(),
    );
    let platforms = Pair::both(Platform::generic());
    let answers = answers.as_ref().map(Vec::as_slice);
    compare_sampled(answers, &Rules::default(), &Standing::default(), platforms)
}

/// The answers of a side.
fn answers(document: &Document, side: u64) -> Vec<Value> {
    let which = |answer| Which { side, answer };
    (0..SAMPLES)
        .map(|at| noise::answer(document, which(at)))
        .collect()
}

/// What came of comparing payloads between which nothing but noise differs.
#[derive(Debug, Default)]
pub(crate) struct Quiet {
    pub(crate) comparisons: usize,
    /// Comparisons with a difference at or above `risky`.
    pub(crate) alarms: usize,
    pub(crate) told: Vec<String>,
    /// Leaves that no noise is in.
    pub(crate) stable: usize,
    /// Those of them that a printed rule names.
    pub(crate) silenced: usize,
    /// Leaves with noise, and those that a printed rule names.
    pub(crate) noisy: usize,
    pub(crate) ruled: usize,
}

/// Noise only.
pub(crate) fn quiet(documents: &[Document]) -> Quiet {
    let mut quiet = Quiet::default();
    for document in documents {
        let (old, new) = (answers(document, 0), answers(document, 1));
        let found = compared(&old, &new);
        quiet.comparisons += 1;
        let counted = |d: &&Difference| d.severity >= Severity::Risky;
        let alarms: Vec<&Difference> = found
            .comparison
            .differences
            .iter()
            .filter(counted)
            .collect();
        quiet.alarms += usize::from(!alarms.is_empty());
        let shown = alarms.iter().take(3);
        quiet.told.extend(shown.map(|d| {
            let (old, new) = (d.old.display(), d.new.display());
            let value = |v: Option<std::borrow::Cow<'_, str>>| v.unwrap_or_default().into_owned();
            format!(
                "{} {} {}: {} / {}",
                document.name,
                d.path,
                d.kind,
                value(old),
                value(new)
            )
        }));
        silenced(document, &old[0], &found, &mut quiet);
    }
    quiet
}

/// Counts the leaves that the learned rules name.
fn silenced(document: &Document, answer: &Value, found: &Sampled, quiet: &mut Quiet) {
    let body = text(answer, false);
    let leaves = leaves(answer);
    quiet.stable += leaves
        .iter()
        .filter(|path| !document.noise.contains_key(*path))
        .count();
    quiet.noisy += document.noise.len();
    let mut named = 0;
    for learned in &found.learned {
        if learned.r#where == Where::Body && learned.rule.is_some() {
            let path = JsonPath::parse(&learned.path).expect("a path");
            named += select(body.as_bytes(), &path).expect("JSON").len();
            let template = learned.path.contains("[*]");
            let single = |path: &Vec<Key>| crate::step::write(&steps(path)) == learned.path;
            let known = document.noise.keys().any(single);
            // What a template names must be noise in each of its elements.
            let fits = |path: &&Vec<Key>| opened(path) == learned.path;
            let stable = leaves
                .iter()
                .filter(fits)
                .filter(|path| !document.noise.contains_key(*path));
            if template {
                quiet.silenced += stable.count();
            } else {
                quiet.silenced += usize::from(!known);
            }
        }
    }
    quiet.ruled += named;
}

fn steps(path: &[Key]) -> Vec<Step> {
    let step = |key: &Key| match key {
        Key::Name(name) => Step::Name(name.clone()),
        Key::Index(at) => Step::Index(*at),
    };
    path.iter().map(step).collect()
}

fn opened(path: &[Key]) -> String {
    let mut out = String::from("$");
    for key in path {
        match key {
            Key::Index(_) => out.push_str("[*]"),
            Key::Name(name) => out.push_str(&crate::step::write(&[Step::Name(name.clone())])[1..]),
        }
    }
    out
}

fn leaves(value: &Value) -> Vec<Vec<Key>> {
    let mut all = Vec::new();
    places(value, &mut Vec::new(), &mut all);
    let keys = all.iter().map(|steps| Key::of(steps));
    let is_leaf = |path: &Vec<Key>| {
        let found = crate::corpus::leaf(value, path);
        found.is_some_and(|value| !value.is_object() && !value.is_array())
    };
    keys.filter(is_leaf).collect()
}

/// What came of seeding changes of one kind.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seeded {
    pub(crate) made: usize,
    /// Changes of which any difference was told.
    pub(crate) noticed: usize,
    /// Changes that were told as they must be, at their places and nowhere else.
    pub(crate) exact: usize,
    /// Differences, and those at the seeded places.
    pub(crate) differences: usize,
    pub(crate) at_the_place: usize,
    pub(crate) misses: Vec<String>,
}

impl Seeded {
    pub(crate) fn add(&mut self, other: &Self) {
        self.made += other.made;
        self.noticed += other.noticed;
        self.exact += other.exact;
        self.differences += other.differences;
        self.at_the_place += other.at_the_place;
        self.misses.extend(other.misses.iter().cloned());
    }

    fn take(&mut self, name: &str, found: &[Difference], expected: &Expected) {
        let mut left: Vec<&Difference> = found.iter().collect();
        let missed = expected.iter().filter(|(paths, kind)| {
            let fits = |d: &&Difference| d.kind == *kind && paths.contains(&d.path);
            let at = left.iter().position(fits);
            at.map(|at| left.remove(at)).is_none()
        });
        let missed = missed.count();
        self.made += 1;
        self.noticed += usize::from(!found.is_empty());
        self.differences += found.len();
        self.at_the_place += found.len() - left.len();
        if missed == 0 && left.is_empty() {
            self.exact += 1;
        } else {
            let short = |d: &Difference| format!("{} {}", d.path, d.kind);
            let found: Vec<String> = found.iter().take(4).map(short).collect();
            let wanted: Vec<String> = expected
                .iter()
                .take(3)
                .map(|(paths, kind)| format!("{} {kind}", paths.join(" or ")))
                .collect();
            self.misses.push(format!(
                "{name}: wanted {}; told {}",
                wanted.join(", "),
                found.join(", ")
            ));
        }
    }
}

/// Seeds each kind of change once in each payload that it can be made in; with noise around it or
/// without.
pub(crate) fn seeded(documents: &[Document], noisy: bool) -> BTreeMap<usize, Seeded> {
    let mut kinds: BTreeMap<usize, Seeded> = BTreeMap::new();
    for (number, document) in documents.iter().enumerate() {
        let (old, new) = if noisy {
            (answers(document, 0), answers(document, 1))
        } else {
            (vec![document.value.clone()], vec![document.value.clone()])
        };
        let mut all = Vec::new();
        places(&document.value, &mut Vec::new(), &mut all);
        // A whole document cannot be another at a place inside it.
        all.remove(0);
        if all.is_empty() {
            continue;
        }
        for which in 0..CHANGES {
            let from = mixed(&[number as u64, which as u64], &document.name);
            let Some((changed, expected)) = (0..all.len()).find_map(|step| {
                let at = usize::try_from(from % all.len() as u64).unwrap_or_default();
                seed(document, &new, &all[(at + step) % all.len()], which)
            }) else {
                continue;
            };
            let found = compared(&old, &changed);
            let name = format!("{} {}", document.name, mutations::name(which));
            let seeded = kinds.entry(which).or_default();
            seeded.take(&name, &found.comparison.differences, &expected);
        }
    }
    kinds
}

/// The answers with one change at a place, if it can be made there in all of them. What varies anyway
/// is not nudged: another value of it is no change.
fn seed(
    document: &Document,
    answers: &[Value],
    path: &[Step],
    which: usize,
) -> Option<(Vec<Value>, Expected)> {
    let key = Key::of(path);
    let noise: BTreeSet<&Vec<Key>> = document.noise.keys().collect();
    let nudges = matches!(mutations::class(which), "texts" | "numbers");
    if nudges && noise.contains(&key) {
        return None;
    }
    let mut expected = None;
    let mut changed = Vec::new();
    for answer in answers {
        let mut value = answer.clone();
        if !crate::corpus::leaf(&value, &key).is_some_and(|leaf| fit(leaf, nudges)) {
            return None;
        }
        expected = Some(change(&mut value, path, which)?);
        // Two equal neighbours can be swapped without a trace, and a digit less may be no number.
        if value == *answer || serde_json::from_str::<Value>(&text(&value, false)).is_err() {
            return None;
        }
        changed.push(value);
    }
    Some((changed, expected?))
}

/// Whether the changes of texts and numbers mean something here: a text of one sign has nothing to
/// swap or cut, zero has no sign, and a time with a fraction cannot be given another.
fn fit(leaf: &Value, nudged: bool) -> bool {
    let text = leaf
        .as_str()
        .is_none_or(|text| text.is_ascii() && text.len() >= 5);
    let fraction = leaf
        .as_str()
        .is_some_and(|text| text.ends_with('Z') && text.contains('.'));
    let zero = leaf.as_f64().is_some_and(|number| number.abs() == 0.0);
    text && !(nudged && (fraction || zero))
}
