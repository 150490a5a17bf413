//! How long comparing two bodies takes, beside parsing both with `serde_json`.
//!
//! `cargo bench --bench compare`; the ratio of `cutover` to `serde_json` within one run is what counts.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cutover::compare::{Rules, Standing, compare};
use cutover::message::{Headers, Response};
use cutover::pair::Pair;
use cutover::platform::Platform;

fn answer(body: String) -> Response {
    Response {
        status: 200,
        http: "1.1",
        headers: Headers(vec![(
            "content-type".to_owned(),
            b"application/json".to_vec(),
        )]),
        body: Bytes::from(body),
        wire_bytes: 0,
        packing: cutover::message::Packing::Plain,
    }
}

/// An order list of about `bytes` bytes; element `odd` has another price.
fn orders(bytes: usize, odd: Option<usize>) -> String {
    let element = |at: usize| {
        let price = if odd == Some(at) { 13.5 } else { 12.5 };
        format!(
            "{{\"id\":\"order-{at}\",\"customer\":{{\"name\":\"Zo\\u00eb\",\"tier\":{}}},\"price\":{price},\"open\":true}}",
            at % 7
        )
    };
    let count = (bytes / element(1000).len()).max(1);
    let items: Vec<String> = (0..count).map(element).collect();
    format!("{{\"items\":[{}],\"total\":{count}}}", items.join(","))
}

fn numbers(from: u32) -> String {
    let items: Vec<String> = (from..10_000)
        .map(|n| format!("{{\"n\":{n},\"label\":\"x{n}\"}}"))
        .collect();
    format!("[{}]", items.join(","))
}

fn run(criterion: &mut Criterion, name: &str, old: String, new: String) {
    let pair = Pair::new(answer(old), answer(new));
    let (rules, standing) = (Rules::default(), Standing::default());
    let platforms = Pair::both(Platform::generic());
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(
        (pair.old.body.len() + pair.new.body.len()) as u64,
    ));
    group.sample_size(if pair.old.body.len() > 500_000 {
        10
    } else {
        60
    });
    group.bench_function("cutover", |bench| {
        bench.iter(|| black_box(compare(pair.as_ref(), &rules, &standing, platforms)));
    });
    group.bench_function("serde_json, both parsed", |bench| {
        bench.iter(|| {
            pair.as_ref().map(|answer| {
                black_box(serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok())
            })
        });
    });
    group.bench_function("bytes compared", |bench| {
        bench.iter(|| black_box(pair.old.body == pair.new.body));
    });
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    for (name, bytes) in [
        ("equal 1 KB", 1_000),
        ("equal 10 KB", 10_000),
        ("equal 10 MB", 10_000_000),
    ] {
        run(criterion, name, orders(bytes, None), orders(bytes, None));
    }
    for (name, bytes, odd) in [
        ("one change in 1 KB", 1_000, 3),
        ("one change in 10 KB", 10_000, 50),
        ("one change in 1 MB", 1_000_000, 5_000),
    ] {
        run(
            criterion,
            name,
            orders(bytes, None),
            orders(bytes, Some(odd)),
        );
    }
    run(
        criterion,
        "one inserted in 10,000 elements",
        numbers(1),
        numbers(0),
    );
}

criterion_group!(compared, benches);
criterion_main!(compared);
