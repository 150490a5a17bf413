//! One body of a size, equal or with one field changed.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};
use cutover::pair::Pair;

use crate::{OURS, answer, compared, peers};

/// An order list of about `bytes` bytes; element `odd` has another price.
pub(crate) fn orders(bytes: usize, odd: Option<usize>) -> String {
    let element = |at: usize| {
        let price = if odd == Some(at) { 13.5 } else { 12.5 };
        format!(
            "{{\"id\":\"order-{at}\",\"customer\":{{\"name\":\"Zo\\u00eb\",\"tier\":{}}},\"price\":{price},\"open\":true}}",
            at % 7
        )
    };
    let count = (bytes / element(1000).len()).max(1);
    // One text from the start: what it takes to make it must not be the most that is ever taken.
    let mut text = String::with_capacity(bytes + bytes / 10 + 100);
    text.push_str("{\"items\":[");
    for at in 0..count {
        text.push_str(if at > 0 { "," } else { "" });
        text.push_str(&element(at));
    }
    text.push_str(&format!("],\"total\":{count}}}"));
    text
}

/// Sizes by their names.
pub(crate) const SIZES: [(&str, usize); 5] = [
    ("1 KB", 1_000),
    ("10 KB", 10_000),
    ("1 MB", 1_000_000),
    ("10 MB", 10_000_000),
    ("100 MB", 100_000_000),
];

pub(crate) fn bench(criterion: &mut Criterion) {
    for (name, bytes) in SIZES.into_iter().filter(|(_, bytes)| *bytes <= 10_000_000) {
        let bodies = Pair::new(orders(bytes, None), orders(bytes, None));
        one(criterion, &format!("equal {name}"), bodies, false);
    }
    for (name, bytes) in SIZES {
        // The middle: elements before it and behind it are equal.
        let odd = bytes / 180;
        let bodies = Pair::new(orders(bytes, None), orders(bytes, Some(odd)));
        one(criterion, &format!("one change in {name}"), bodies, true);
    }
}

fn one(criterion: &mut Criterion, name: &str, bodies: Pair<String>, differ: bool) {
    let pair = bodies.map(answer);
    let mut group = criterion.benchmark_group(name);
    let bytes = pair.old.body.len() + pair.new.body.len();
    group.throughput(Throughput::Bytes(bytes as u64));
    if bytes > 500_000 {
        group.sample_size(10);
        group.sampling_mode(SamplingMode::Flat);
        group.warm_up_time(Duration::from_millis(500));
        group.measurement_time(Duration::from_secs(3));
    }
    assert_eq!(compared(&pair).differences.len(), usize::from(differ));
    group.bench_function(OURS, |bench| bench.iter(|| black_box(compared(&pair))));
    group.bench_function("bytes compared", |bench| {
        bench.iter(|| black_box(pair.old.body == pair.new.body));
    });
    if differ {
        let diffs = bytes < 50_000_000;
        peers::bench(&mut group, &pair, diffs);
    }
    group.finish();
}
