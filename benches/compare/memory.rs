//! What comparing takes of memory: the high-water mark of a process of its own, over the size of one body.

use std::process::Command;

use cutover::pair::Pair;

use crate::bodies::orders;
use crate::{answer, compared};

/// The word that starts this program as the process that is measured.
pub(crate) const CHILD: &str = "peak";

/// Measures bodies of several sizes with one field changed, in a process each.
pub(crate) fn print() {
    println!("| one change in | peak MiB, both bodies in it | times one body |");
    println!("|---|---|---|");
    for megabytes in [1, 10, 100] {
        let program = std::env::current_exe().expect("this program");
        let size = (megabytes * 1_000_000).to_string();
        let output = Command::new(program).args([CHILD, &size]).output();
        let output = output.expect("this program starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("| {megabytes} MB | {} |", text.trim());
    }
}

/// Compares two bodies and says what it took.
pub(crate) fn child(bytes: usize) {
    let bodies = Pair::new(orders(bytes, None), orders(bytes, Some(bytes / 180)));
    let pair = bodies.map(answer);
    let body = pair.old.body.len() as f64;
    let found = compared(&pair).differences.len();
    assert_eq!(found, 1);
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: f64 = line
        .and_then(|line| line.split_whitespace().next()?.parse().ok())
        .expect("a high-water mark");
    let peak = kilobytes * 1024.0;
    println!("{:.0} | {:.1}", peak / f64::from(1 << 20), peak / body);
}
