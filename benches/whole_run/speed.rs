//! The time of a whole run beside that of the bare loop.

use std::process::{Command, Stdio};

use crate::child::{Servers, median, own, timed};
use crate::place::{Form, Place};
use crate::server::{ONE_IN, SIZES};

const CASES: usize = 2_000;
const TIMES: usize = 5;

pub(crate) fn measure(place: &Place, servers: &Servers) {
    println!("\nspeed: {CASES} cases, median of {TIMES}; ratio = bare loop / cutover, aim 0.80");
    println!("  body  answers  cases    jobs  bare ms  cutover ms  ratio  cases/s");
    for size in SIZES {
        for pattern in ["equal", "changed"] {
            for form in [Form::Written, Form::Rows] {
                for jobs in [1, 16, 64] {
                    line(
                        place,
                        servers,
                        &Setup {
                            size,
                            pattern,
                            form,
                            jobs,
                        },
                    );
                }
            }
        }
    }
}

struct Setup<'a> {
    size: usize,
    pattern: &'a str,
    form: Form,
    jobs: usize,
}

fn line(place: &Place, servers: &Servers, setup: &Setup<'_>) {
    let Setup {
        size,
        pattern,
        form,
        jobs,
    } = *setup;
    let suite = place.suite(&format!("/{size}/{pattern}"), CASES, form);
    let different = if pattern == "changed" {
        CASES / ONE_IN
    } else {
        0
    };
    let mut bare = Vec::new();
    let mut whole = Vec::new();
    let mut ratios = Vec::new();
    // The first round warms up and is thrown away.
    for round in 0..=TIMES {
        let [bare_ms, whole_ms] = [timed(&mut bare_loop(servers, setup)).ms(), {
            let run = timed(&mut place.command(&suite, jobs));
            place.check(run.code, CASES, different);
            run.ms()
        }];
        if round > 0 {
            bare.push(bare_ms);
            whole.push(whole_ms);
            ratios.push(bare_ms / whole_ms);
        }
    }
    let (bare, whole, ratio) = (median(bare), median(whole), median(ratios));
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let rate = CASES as f64 / whole * 1000.0;
    println!(
        "{size:>6}  {pattern:<7}  {:<7}  {jobs:>4}  {bare:>7.1}  {whole:>10.1}  {ratio:>5.2}  {rate:>7.0}",
        form.word()
    );
}

fn bare_loop(servers: &Servers, setup: &Setup<'_>) -> Command {
    let mut command = Command::new(own());
    command
        .arg("bare")
        .args(&servers.urls)
        .args([&setup.size.to_string(), setup.pattern])
        .args([&CASES.to_string(), &setup.jobs.to_string()])
        .stdout(Stdio::null());
    command
}
