//! One case, from nothing: start of the process, reading, preflight, case, journal, reports.

use crate::child::{median, timed};
use crate::place::{Form, Place};

const TIMES: usize = 10;

pub(crate) fn measure(place: &Place) {
    let suite = place.suite("/1000/equal", 1, Form::Written);
    let times = (0..TIMES).map(|_| {
        let run = timed(&mut place.command(&suite, 1));
        place.check(run.code, 1, 0);
        run.ms()
    });
    let times: Vec<f64> = times.collect();
    let best = times.iter().copied().fold(f64::INFINITY, f64::min);
    println!("\ncold: one case, {TIMES} times; aim under 15 ms");
    println!("  best {best:.1} ms, median {:.1} ms", median(times));
}
