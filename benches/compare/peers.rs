//! The others: two parsers, and two crates that say how two documents differ. All start from bytes.

use std::hint::black_box;

use assert_json_diff::{CompareMode, Config, assert_json_matches_no_panic};
use criterion::BenchmarkGroup;
use criterion::measurement::WallTime;
use cutover::message::Response;
use cutover::pair::Pair;
use serde_json::Value;

/// Their names, and whether they compare.
pub(crate) const PEERS: [(&str, bool); 4] = [
    ("serde_json, both parsed", false),
    ("sonic-rs, both parsed", false),
    ("json-patch", true),
    ("assert-json-diff", true),
];

/// Measures the parsers, and where `diffs` the comparers.
pub(crate) fn bench(group: &mut BenchmarkGroup<'_, WallTime>, pair: &Pair<Response>, diffs: bool) {
    for (name, compares) in PEERS {
        if compares && !diffs {
            continue;
        }
        group.bench_function(name, |bench| bench.iter(|| black_box(run(name, pair))));
    }
}

fn run(name: &str, pair: &Pair<Response>) -> bool {
    let bodies = pair.as_ref().map(|answer| answer.body.as_ref());
    if name.starts_with("sonic") {
        let parsed = bodies.map(|body| sonic_rs::from_slice::<sonic_rs::Value>(body).is_ok());
        return parsed.old && parsed.new;
    }
    let parsed = bodies.map(|body| serde_json::from_slice::<Value>(body).unwrap_or_default());
    match name {
        "json-patch" => json_patch::diff(&parsed.old, &parsed.new).0.is_empty(),
        "assert-json-diff" => {
            let config = Config::new(CompareMode::Strict);
            assert_json_matches_no_panic(&parsed.old, &parsed.new, config).is_ok()
        }
        _ => black_box(&parsed).old.is_null(),
    }
}
