//! How long comparing two bodies takes, beside parsing them and beside other programs' comparing.
//!
//! `cargo bench --bench compare [-- NAME]`; the last lines are the ratios of this run, which are what
//! counts: times change with the machine and with what else it does.

mod arrays;
mod bodies;
mod peers;
mod ratios;

use bytes::Bytes;
use criterion::Criterion;
use cutover::compare::{Comparison, Rules, Standing, compare};
use cutover::message::{Headers, Response};
use cutover::pair::Pair;
use cutover::platform::Platform;

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
    let mut criterion = Criterion::default().configure_from_args();
    bodies::bench(&mut criterion);
    arrays::bench(&mut criterion);
    criterion.final_summary();
    ratios::print();
}
