//! What a whole run of the release binary costs: time beside a bare HTTP loop, memory, a cold start,
//! a body without end. `cargo bench --bench whole_run` measures everything;
//! `cargo bench --bench whole_run -- speed memory` only those parts. Parts: `speed`, `memory`, `cold`,
//! `huge`. `docs/performance.md` says how to read the numbers.
//!
//! The process starts itself again for two other parts: `serve`, the two servers that everything here
//! is measured against (in a process of their own, so that their memory and their start are nobody
//! else's), and `bare`, the loop that `cutover` is compared with (so that both pay for the start of a
//! process, a runtime and a client).
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a script for people: it prints its results and stops where something is not as planned"
)]

mod bare;
mod child;
mod cold;
mod huge;
mod memory;
mod place;
mod server;
mod speed;

use child::Servers;
use place::Place;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["serve"] => server::serve(),
        ["bare", old, new, size, pattern, count, jobs] => bare::run(
            [old, new],
            &format!("/{size}/{pattern}"),
            count.parse().expect("a number of pairs"),
            jobs.parse().expect("a number of jobs"),
        ),
        args => measure(
            &args
                .iter()
                .copied()
                .filter(|arg| !arg.starts_with("--"))
                .collect::<Vec<_>>(),
        ),
    }
}

fn measure(parts: &[&str]) {
    let known = ["speed", "memory", "cold", "huge"];
    for part in parts {
        assert!(
            known.contains(part),
            "`{part}` is no part: known are {known:?}"
        );
    }
    let servers = Servers::start();
    let place = Place::new(&servers);
    let wanted = |part: &str| parts.is_empty() || parts.contains(&part);
    if wanted("cold") {
        cold::measure(&place);
    }
    if wanted("huge") {
        huge::measure(&place);
    }
    if wanted("speed") {
        speed::measure(&place, &servers);
    }
    if wanted("memory") {
        memory::measure(&place);
    }
}
