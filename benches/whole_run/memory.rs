//! Peak memory of a whole run, by the number of cases.

use crate::child::watched;
use crate::place::{Form, Place};
use crate::server::ONE_IN;

pub(crate) fn measure(place: &Place) {
    println!(
        "\nmemory: 1 KB bodies, 1 in {ONE_IN} changed, 16 jobs; aims: under 25 MiB at 2000, 100000 within 64 MB of 1000"
    );
    println!("  cases    number  peak MiB  seconds");
    for form in [Form::Rows, Form::Written] {
        for count in [1_000, 2_000, 100_000] {
            let suite = place.suite("/1000/changed", count, form);
            let run = watched(&mut place.command(&suite, 16));
            place.check(run.code, count, count / ONE_IN);
            println!(
                "  {:<7}  {count:>6}  {:>8.1}  {:>7.1}",
                form.word(),
                run.mib(),
                run.wall.as_secs_f64()
            );
        }
    }
}
