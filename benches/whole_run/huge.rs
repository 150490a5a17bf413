//! A body of a gigabyte on the new side, announced or not.

use crate::child::watched;
use crate::place::{Form, Place};

pub(crate) fn measure(place: &Place) {
    println!("\nhuge: a body of 1 GB on the new side; aim under 200 MB");
    for path in ["/announced", "/endless"] {
        let suite = place.suite(path, 1, Form::Written);
        let run = watched(&mut place.command(&suite, 1));
        let report = std::fs::read_to_string(place.path("report.json")).expect("a report");
        let reason = report.contains("\"reason\":\"body-limit\"");
        assert_eq!(
            (run.code, reason),
            (Some(3), true),
            "not as planned: {report}"
        );
        println!(
            "  {path:<10}  {:>6.1} MiB, {:.2} s, body-limit",
            run.mib(),
            run.wall.as_secs_f64()
        );
    }
}
