//! `cutover run` against doubles and against what goes wrong.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use crate::command::{code, cutover, said};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

/// A server that gives every request the same answer, until its thread ends with the test.
pub(crate) fn server(answer: impl Into<String>) -> String {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut head = [0; 4096];
            if stream.read(&mut head).is_ok_and(|read| read > 0) {
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    });
    format!("http://{address}")
}

const ONE: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"price\": 12}";
const TEXT: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{\"price\": \"12\"}";
const SHORT: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{\"price\": 12}";
const GONE: &str = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

fn get(old: &str, new: &str) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = cutover(
        folder.path(),
        &[
            "run",
            "--old",
            old,
            "--new",
            new,
            "--get",
            "/orders",
            "--no-progress",
        ],
    );
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        said(&output)
    );
    (code(&output), text)
}

#[test]
fn two_plain_servers_are_compared_without_a_pair_file() {
    let (old, same, other) = (server(ONE), server(ONE), server(TEXT));
    assert_eq!(get(&old, &same).0, 0);
    let (exit, text) = get(&old, &other);
    assert_eq!(exit, 1, "{text}");
    assert!(
        text.contains("$.price") && text.contains("GET /orders"),
        "{text}"
    );
}

#[test]
fn failing_alike_a_side_that_is_down_and_a_cut_body_are_never_parity() {
    let (fine, gone, short) = (server(ONE), server(GONE), server(SHORT));
    let (exit, text) = get(&gone, &server(GONE));
    assert!(exit == 3 && text.contains("both-failed"), "{text}");
    // Nothing listens on a port that was just given back.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (exit, text) = get(&fine, &format!("http://{free}"));
    assert!(exit == 3 && text.contains("connect"), "{text}");
    let (exit, text) = get(&fine, &short);
    assert!(exit == 1 && text.contains("short-body"), "{text}");
}

#[test]
fn ten_mistakes_are_told_in_one_run() {
    let output = cutover(
        Path::new(FIXTURES),
        &["check", "-c", "pair.yaml", "ten-mistakes.yaml"],
    );
    let expected = std::fs::read_to_string(Path::new(FIXTURES).join("ten-mistakes.txt")).unwrap();
    assert_eq!((code(&output), said(&output)), (2, expected));
}

#[test]
fn nothing_to_run_is_exit_4_and_a_missing_pair_is_exit_2() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(&cutover(folder.path(), &["run"])), 2);
    let urls = [
        "run",
        "--old",
        "http://127.0.0.1:1",
        "--new",
        "http://127.0.0.1:1",
    ];
    let output = cutover(folder.path(), &urls);
    assert_eq!(code(&output), 4, "{}", said(&output));
}
