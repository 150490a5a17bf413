//! How the time of a list grows with ten times the elements, by the time on the processor of the fastest of
//! several runs: what else the machine does hardly counts then, which it does by the clock.

use std::hint::black_box;

use crate::arrays::{self, WAYS};
use crate::{answer, compared};

/// Runs of each list; the fastest counts.
const RUNS: usize = 7;
/// Elements that one run compares: the system tells the time in steps of some milliseconds.
const ELEMENTS: usize = 1_000_000;

/// Measures every way of `only`, or all of them, and prints a table.
pub(crate) fn print(only: &[String]) {
    println!("| list | ms of 10,000 | ms of 100,000 | growth |\n|---|---|---|---|");
    for keyed in [true, false] {
        for way in WAYS {
            let name = arrays::name(keyed, 10_000, way).replace("10000 elements ", "");
            if !only.is_empty() && !only.contains(&name) {
                continue;
            }
            let [small, large] = [10_000, 100_000].map(|count| fastest(count, way, keyed));
            let growth = large / small;
            println!("| {name} | {small:.1} | {large:.0} | {growth:.1} |");
        }
    }
}

fn fastest(count: usize, way: &str, keyed: bool) -> f64 {
    let pair = arrays::bodies_of(count, way, keyed).map(answer);
    let times = ELEMENTS / count;
    let run = |_| {
        let start = on_processor();
        for _ in 0..times {
            black_box(compared(&pair));
        }
        (on_processor() - start) / f64::from(u32::try_from(times).unwrap_or(1))
    };
    (0..RUNS).map(run).fold(f64::INFINITY, f64::min)
}

/// Milliseconds that this thread has been on a processor.
fn on_processor() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds: f64 = text
        .split_whitespace()
        .next()
        .and_then(|word| word.parse().ok())
        .expect("the time on the processor");
    nanoseconds / 1e6
}
