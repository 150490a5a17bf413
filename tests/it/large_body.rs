//! A body of a gigabyte: `body-limit`, and memory stays small.
#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use crate::sandbox::{Ran, Sandbox, outcomes};
use crate::serve::{Seen, Server, json};

const GIGABYTE: usize = 1 << 30;

/// What the servers tell the test: when the large bodies are through, and how much memory the
/// command had at most until then.
#[derive(Default)]
struct Watch {
    pid: AtomicU32,
    /// Large bodies whose reader has gone.
    through: Mutex<usize>,
    changed: Condvar,
    peak: Mutex<u64>,
}

impl Watch {
    /// The most memory that the process ever held, in MiB.
    fn measure(&self) {
        let pid = self.pid.load(Ordering::SeqCst);
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.unwrap().trim().trim_end_matches(" kB");
        *self.peak.lock().unwrap() = kib.parse::<u64>().unwrap() / 1024;
    }

    fn serve(&self, seen: &Seen, stream: &mut TcpStream) {
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\n";
        let sent = match seen.target.as_str() {
            "/announced" => {
                let head = format!("{head}Content-Length: {GIGABYTE}\r\n\r\n");
                stream
                    .write_all(head.as_bytes())
                    .and_then(|()| fill(stream, 1 << 20, ""))
            }
            "/chunked" => {
                let head = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
                stream
                    .write_all(head.as_bytes())
                    .and_then(|()| fill(stream, 1 << 16, "10000\r\n"))
            }
            "/packed" => {
                // A gigabyte of zeros, packed a thousandfold.
                let mut packed =
                    flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                for _ in 0..GIGABYTE >> 20 {
                    packed.write_all(&vec![0; 1 << 20]).unwrap();
                }
                let body = packed.finish().unwrap();
                let length = body.len();
                let head =
                    format!("{head}Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n");
                stream
                    .write_all(head.as_bytes())
                    .and_then(|()| stream.write_all(&body))
            }
            _ => {
                let all = self
                    .changed
                    .wait_while(self.through.lock().unwrap(), |n| *n < 6);
                drop(all);
                self.measure();
                let _ = stream.write_all(&json("{}"));
                return;
            }
        };
        drop(sent);
        *self.through.lock().unwrap() += 1;
        self.changed.notify_all();
    }
}

/// Sends a gigabyte, or what the reader takes of it.
fn fill(stream: &mut TcpStream, chunk: usize, lead: &str) -> std::io::Result<()> {
    let data = vec![b'x'; chunk];
    for _ in 0..GIGABYTE / chunk {
        stream.write_all(lead.as_bytes())?;
        stream.write_all(&data)?;
        if !lead.is_empty() {
            stream.write_all(b"\r\n")?;
        }
    }
    Ok(())
}

#[test]
fn a_gigabyte_from_both_sides_is_not_kept() {
    let watch = Arc::new(Watch::default());
    let start = || {
        let watch = Arc::clone(&watch);
        Server::start(move |seen, stream| watch.serve(seen, stream))
    };
    let (old, new) = (start(), start());
    let (old, new) = (old.url(), new.url());
    let sandbox = Sandbox::new();
    let mut args = vec![
        "run", "--old", &old, "--new", &new, "-j", "1", "--report", "json",
    ];
    args.extend(
        ["/announced", "/chunked", "/packed", "/last"]
            .iter()
            .flat_map(|p| ["--get", p]),
    );
    let child = sandbox
        .command(&args)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    watch.pid.store(child.id(), Ordering::SeqCst);
    let ran = Ran::of(&child.wait_with_output().unwrap());
    let results = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        outcomes(&results),
        [
            "GET /announced: inconclusive (body-limit)",
            "GET /chunked: inconclusive (body-limit)",
            "GET /packed: inconclusive (body-limit)",
            "GET /last: same",
        ]
    );
    let peak = *watch.peak.lock().unwrap();
    assert!((1..200).contains(&peak), "{peak} MiB");
}
