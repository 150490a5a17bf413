//! A body of a gigabyte: `body-limit`, and memory stays small.
#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::sandbox::{Ran, Sandbox, outcomes};
use crate::serve::{Seen, Server};

const GIGABYTE: usize = 1 << 30;

/// All at the same time, on both sides.
const LARGE: [&str; 6] = [
    "/announced",
    "/chunked?1",
    "/chunked?2",
    "/chunked?3",
    "/packed?1",
    "/packed?2",
];

fn serve(seen: &Seen, stream: &mut TcpStream) {
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\n";
    // The reader goes away in the middle: that it cannot be written to is no failure.
    let _ = match seen.target.split('?').next().unwrap_or_default() {
        "/announced" => {
            let head = format!("{head}Content-Length: {GIGABYTE}\r\n\r\n");
            let begun = stream.write_all(head.as_bytes());
            begun.and_then(|()| fill(stream, 1 << 20, ""))
        }
        "/chunked" => {
            let head = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
            let begun = stream.write_all(head.as_bytes());
            begun.and_then(|()| fill(stream, 1 << 16, "10000\r\n"))
        }
        _ => {
            let body = packed();
            let length = body.len();
            let head = format!("{head}Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n");
            let begun = stream.write_all(head.as_bytes());
            begun.and_then(|()| stream.write_all(&body))
        }
    };
}

/// A gigabyte of zeros, packed a thousandfold: members of gzip may follow each other (RFC 1952
/// section 2.2).
fn packed() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; 1 << 24]).unwrap();
    encoder.finish().unwrap().repeat(GIGABYTE >> 24)
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

/// The most memory that a process held, in MiB, as long as there is something to read of it.
fn peak(child: &mut Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or_default() / 1024);
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    peak
}

#[test]
fn a_gigabyte_from_both_sides_is_not_kept() {
    let (old, new) = (Server::start(serve), Server::start(serve));
    let (old, new) = (old.url(), new.url());
    let sandbox = Sandbox::new();
    let mut args = vec![
        "run",
        "--old",
        &old,
        "--new",
        &new,
        "--report",
        "json=r.json",
        "--timeout",
        "5m",
    ];
    args.extend(LARGE.iter().flat_map(|path| ["--get", *path]));
    let mut command = sandbox.command(&args);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let peak = peak(&mut child);
    let ran = Ran::of(&child.wait_with_output().unwrap());
    let results = serde_json::from_str(&sandbox.read("r.json")).unwrap();
    let expected = LARGE.map(|path| format!("GET {path}: inconclusive (body-limit)"));
    assert_eq!((ran.code, outcomes(&results)), (3, expected.to_vec()));
    assert!((1..200).contains(&peak), "{peak} MiB");
}
