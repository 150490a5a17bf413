//! How long comparing two bodies takes, beside parsing them and beside other programs' comparing.
//!
//! `cargo bench --bench compare [-- NAME]`; the last lines are the ratios of this run, which are what
//! counts: times change with the machine and with what else it does. `-- memory` measures memory only, `-- growth`
//! how the time of lists grows with their length.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a script for people: it prints its results and stops where something is not as planned"
)]

mod arrays;
mod bodies;
mod growth;
mod memory;
mod peers;
mod ratios;

use bytes::Bytes;
use criterion::Criterion;
use cutover::compare::{Comparison, Rules, Standing, compare};
use cutover::message::{Headers, Response};
use cutover::pair::Pair;
use cutover::platform::Platform;

/// The allocator that the binary brings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the measured function is called in every group.
const OURS: &str = "cutover";

fn answer(body: String) -> Response {
    let headers = Headers(vec![(
        "content-type".to_owned(),
        b"application/json".to_vec(),
    )]);
    Response::plain(200, headers, Bytes::from(body))
}

fn compared(pair: &Pair<Response>) -> Comparison {
    let platforms = Pair::both(Platform::generic());
    compare(
        pair.as_ref(),
        &Rules::default(),
        &Standing::default(),
        platforms,
    )
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [word, bytes] = args.as_slice()
        && word == memory::CHILD
    {
        return memory::child(bytes.parse().expect("a number of bytes"));
    }
    if args.iter().any(|arg| arg == "memory") {
        return memory::print();
    }
    if let Some(at) = args.iter().position(|arg| arg == "growth") {
        let only: Vec<String> = args
            .into_iter()
            .skip(at + 1)
            .filter(|arg| !arg.starts_with("--"))
            .collect();
        return growth::print(&only);
    }
    let mut criterion = Criterion::default().configure_from_args();
    bodies::bench(&mut criterion);
    arrays::bench(&mut criterion);
    criterion.final_summary();
    ratios::print();
}
