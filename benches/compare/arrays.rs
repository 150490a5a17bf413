//! Lists of 10,000 and 100,000 elements with more and more of them changed, or in another order.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, SamplingMode};
use cutover::pair::Pair;

use crate::{OURS, answer, compared, peers};

/// How a list changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// One element of so many.
    OneIn(usize),
    /// Another order.
    Shuffled,
    /// One element more at the head.
    Inserted,
}

/// The ways by their names.
pub(crate) const WAYS: [&str; 5] = ["1 %", "10 %", "all", "shuffled", "inserted"];

const fn way(at: usize) -> Way {
    match at {
        0 => Way::OneIn(100),
        1 => Way::OneIn(10),
        2 => Way::OneIn(1),
        3 => Way::Shuffled,
        _ => Way::Inserted,
    }
}

/// An order that looks like none, the same in every run.
fn shuffled(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for at in (1..count).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = usize::try_from(state % (at as u64 + 1)).unwrap_or(0);
        order.swap(at, other);
    }
    order
}

/// Products with or without an id. What changes in one is its stock.
fn list(order: &[usize], changed: Option<usize>, keyed: bool) -> String {
    let element = |at: &usize| {
        let odd = changed.is_some_and(|each| at.is_multiple_of(each));
        let stock = if odd { at % 90 + 100 } else { at % 90 };
        let id = if keyed {
            format!("\"id\":{at},")
        } else {
            String::new()
        };
        format!(
            "{{{id}\"name\":\"Product {}\",\"stock\":{stock},\"price\":{}.25,\"open\":{},\"tags\":[\"t{}\",\"u{}\"]}}",
            at / 2,
            at % 1000,
            at.is_multiple_of(3),
            at % 50,
            at % 70
        )
    };
    let items: Vec<String> = order.iter().map(element).collect();
    format!("[{}]", items.join(","))
}

fn bodies(count: usize, way: Way, keyed: bool) -> Pair<String> {
    let straight: Vec<usize> = (0..count).collect();
    let new = match way {
        Way::OneIn(each) => list(&straight, Some(each), keyed),
        Way::Shuffled => list(&shuffled(count), None, keyed),
        Way::Inserted => list(&[&[count], straight.as_slice()].concat(), None, keyed),
    };
    Pair::new(list(&straight, None, keyed), new)
}

/// The two lists of a way that has this name.
pub(crate) fn bodies_of(count: usize, words: &str, keyed: bool) -> Pair<String> {
    let at = WAYS.iter().position(|known| *known == words);
    bodies(count, way(at.unwrap_or_default()), keyed)
}

/// How many differences are there to be found.
const fn expected(count: usize, way: Way) -> usize {
    match way {
        Way::OneIn(each) => count.div_ceil(each),
        Way::Shuffled | Way::Inserted => 1,
    }
}

/// The name of a group.
pub(crate) fn name(keyed: bool, count: usize, way: &str) -> String {
    let key = if keyed { "with ids" } else { "without ids" };
    format!("{count} elements {key}, {way}")
}

pub(crate) fn bench(criterion: &mut Criterion) {
    for keyed in [true, false] {
        for (at, words) in WAYS.into_iter().enumerate() {
            for count in [10_000, 100_000] {
                let pair = bodies(count, way(at), keyed).map(answer);
                let found = compared(&pair).differences.len();
                if keyed {
                    assert_eq!(found, expected(count, way(at)), "{words} of {count}");
                }
                let mut group = criterion.benchmark_group(name(keyed, count, words));
                group.sample_size(10);
                group.sampling_mode(SamplingMode::Flat);
                group.warm_up_time(Duration::from_millis(300));
                group.measurement_time(Duration::from_secs(2));
                group.bench_function(OURS, |bench| bench.iter(|| black_box(compared(&pair))));
                peers::bench(&mut group, &pair, count == 10_000 && keyed);
                group.finish();
            }
        }
    }
}
