//! What must hold for two bodies, whatever they are. The fuzz targets look for bodies for which it does
//! not; `cargo test` replays those of the corpus.
//!
//! An input is the old body, a line `---`, and the new body; without the line both are the same.

use bytes::Bytes;
use cutover::compare::{Comparison, Rules, Standing, compare, select};
use cutover::locator::{Locator, Place};
use cutover::message::{Headers, Response};
use cutover::pair::Pair;
use cutover::platform::Platform;
use serde_json::Value;

const BETWEEN: &[u8] = b"\n---\n";

/// Bodies that are said to be JSON.
pub(crate) fn json(input: &[u8]) {
    let bodies = bodies(input);
    let found = both_ways(bodies, "application/json");
    let values = bodies.map(serde_json::from_slice::<Value>);
    let (Ok(old), Ok(new)) = (values.old, values.new) else {
        return;
    };
    if found.differences.is_empty() {
        assert!(
            alike(&old, &new),
            "nothing was found between {old} and {new}"
        );
    }
    // Names with half a surrogate pair cannot be written on a path.
    if !bodies.old.contains(&b'\\') && !bodies.new.contains(&b'\\') {
        paths_name_something(bodies, &found);
    }
}

/// Bodies that are said to be XML.
pub(crate) fn xml(input: &[u8]) {
    both_ways(bodies(input), "application/xml");
}

fn bodies(input: &[u8]) -> Pair<&[u8]> {
    let at = input
        .windows(BETWEEN.len())
        .position(|bytes| bytes == BETWEEN);
    match at {
        Some(at) => Pair::new(&input[..at], &input[at + BETWEEN.len()..]),
        None => Pair::both(input),
    }
}

fn found(bodies: Pair<&[u8]>, media: &str) -> Comparison {
    let answer = |body: &[u8]| {
        let headers = Headers(vec![("Content-Type".into(), media.into())]);
        Response::plain(200, headers, Bytes::copy_from_slice(body))
    };
    let answers = bodies.map(answer);
    let mut standing = Standing::default();
    standing.base(Pair::new(
        "https://old.example/v1",
        "https://new.example/v2",
    ));
    let platforms = Pair::both(Platform::generic());
    compare(answers.as_ref(), &Rules::default(), &standing, platforms)
}

/// What is found: something in both directions or in neither, and never between equal bodies, but for
/// the old host.
fn both_ways(bodies: Pair<&[u8]>, media: &str) -> Comparison {
    let leaks = |body: &[u8]| {
        body.to_ascii_lowercase()
            .windows(11)
            .any(|bytes| bytes == b"old.example")
    };
    let forth = found(bodies, media);
    if leaks(bodies.old) || leaks(bodies.new) {
        return forth;
    }
    for body in [bodies.old, bodies.new] {
        let twice = found(Pair::both(body), media).differences;
        assert!(twice.is_empty(), "a body differs from itself: {twice:?}");
    }
    let back = found(Pair::new(bodies.new, bodies.old), media);
    let empty = [&forth, &back].map(|found| found.differences.is_empty());
    assert_eq!(empty[0], empty[1], "{forth:?}\n{back:?}");
    forth
}

/// Whether two values are the same, numbers aside: those compare exactly, which `Value` does not.
fn alike(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Number(_), Value::Number(_)) => true,
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| alike(old, new))
        }
        (Value::Object(old), Value::Object(new)) => {
            let same = |(name, value): (&String, &Value)| {
                new.get(name).is_some_and(|new| alike(value, new))
            };
            old.len() == new.len() && old.iter().all(same)
        }
        _ => old == new,
    }
}

/// Every path that is shown names a node on the side that has one there.
fn paths_name_something(bodies: Pair<&[u8]>, found: &Comparison) {
    for difference in &found.differences {
        let new_path = difference.new_path.as_ref().unwrap_or(&difference.path);
        let sides = [
            (bodies.old, &difference.path, &difference.old),
            (bodies.new, new_path, &difference.new),
        ];
        for (body, path, shown) in sides.into_iter().filter(|(_, _, shown)| !shown.is_absent()) {
            let locator = Locator::parse(path).unwrap_or_else(|why| panic!("{path}: {why:?}"));
            let Place::Json(json) = locator.place() else {
                panic!("{path} is no JSONPath");
            };
            let named = select(body, json).unwrap_or_default();
            assert!(
                !named.is_empty(),
                "{path} names nothing, {shown:?} was shown"
            );
        }
    }
}
