//! Other processes: the servers, and what is measured.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The servers; they end with this value.
pub(crate) struct Servers {
    process: Child,
    /// Their URLs, old and new.
    pub(crate) urls: [String; 2],
}

impl Servers {
    pub(crate) fn start() -> Self {
        let mut process = Command::new(own())
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the servers start");
        let mut line = String::new();
        let out = process.stdout.take().expect("a pipe");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("two addresses");
        let (old, new) = line.trim().split_once(' ').expect("two addresses");
        Self {
            urls: [old, new].map(|address| format!("http://{address}")),
            process,
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // Their standard input ends, and so do they.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// This executable.
pub(crate) fn own() -> std::path::PathBuf {
    std::env::current_exe().expect("a path")
}

/// How a process ended.
pub(crate) struct Ended {
    /// From before its start until it was gone.
    pub(crate) wall: Duration,
    /// Its exit code.
    pub(crate) code: Option<i32>,
    /// The largest resident size that was seen, in KiB; nothing where it was not watched.
    pub(crate) peak: u64,
}

impl Ended {
    /// The peak in MiB.
    #[expect(clippy::cast_precision_loss, reason = "a handful of megabytes")]
    pub(crate) fn mib(&self) -> f64 {
        self.peak as f64 / 1024.0
    }

    /// The time in milliseconds.
    pub(crate) fn ms(&self) -> f64 {
        self.wall.as_secs_f64() * 1000.0
    }
}

/// Runs a process to its end.
pub(crate) fn timed(command: &mut Command) -> Ended {
    let start = Instant::now();
    let status = command.status().expect("it starts");
    Ended {
        wall: start.elapsed(),
        code: status.code(),
        peak: 0,
    }
}

/// Runs a process to its end and reads its high-water mark every millisecond. The mark only rises, so
/// that nothing is missed but what it takes in its last millisecond.
pub(crate) fn watched(command: &mut Command) -> Ended {
    let start = Instant::now();
    let mut child = command.spawn().expect("it starts");
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        peak = peak.max(high_water(&path));
        if let Some(status) = child.try_wait().expect("a child") {
            return Ended {
                wall: start.elapsed(),
                code: status.code(),
                peak,
            };
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn high_water(path: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
