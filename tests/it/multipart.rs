//! `multipart:`: what is sent, byte by byte, on both sides; and what is refused before.

use crate::sandbox::{Sandbox, pair};
use crate::serve::{Seen, Server};

const CASES: &str = r#"  - name: upload
    request: POST /upload
    safe: true
    headers: { X-One: 1 }
    multipart:
      sku: "{{sku}}"
      scan: { file: data/rows.csv, type: text/csv }
      tag: [ a, { json: { side: "{{side}}" }, filename: "{{sku}}.json" } ]
"#;

fn bench(cases: &str) -> (Sandbox, Server, Server) {
    let (old, new) = (Server::json("{\"n\": 5}"), Server::json("{\"n\": 5}"));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    sandbox.file("suites/data/rows.csv", "sku,n\r\nA-1,2\r\n");
    let head =
        "name: A\nvars: { sku: 'A \"1\"' }\nheaders: { Content-Type: text/x-other }\ncases:\n";
    sandbox.file("suites/a.yaml", &format!("{head}{cases}"));
    (sandbox, old, new)
}

fn one(server: &Server) -> Seen {
    let seen = server.asked("/upload");
    assert_eq!(seen.len(), 1, "{seen:?}");
    seen[0].clone()
}

#[test]
fn both_sides_get_the_same_parts_between_the_same_boundaries() {
    let (sandbox, old, new) = bench(CASES);
    let ran = sandbox.run(&["run", "--no-progress"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let (old, new) = (one(&old), one(&new));
    let media = old.header("content-type").unwrap();
    let boundary = media
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let expected = |side: &str| {
        [
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"sku\"\r\n\r\nA \"1\"\r\n"),
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"rows.csv\"\r\n"),
            "Content-Type: text/csv\r\n\r\nsku,n\r\nA-1,2\r\n\r\n".to_owned(),
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"tag\"\r\n\r\na\r\n"),
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"tag\"; filename=\"A %221%22.json\"\r\n"),
            format!("Content-Type: application/json\r\n\r\n{{\"side\":\"{side}\"}}\r\n--{boundary}--\r\n"),
        ]
        .concat()
    };
    assert_eq!(old.body, expected("old"));
    assert_eq!(new.body, expected("new"));
    assert_eq!(new.header("content-type"), Some(media));
    assert_eq!(new.header("x-one"), Some("1"));
}

#[test]
fn parts_that_cannot_be_sent_are_refused_before_anything_is() {
    let part = |part: &str| format!("  - {{ name: x, request: POST /upload, {part} }}\n");
    for (case, expected) in [
        (
            part("multipart: { a: {} }"),
            "the part `a` has one of `text`, `json`, `file`",
        ),
        (
            part("multipart: { a: { file: none } }"),
            "cannot read `none`",
        ),
        (
            part("multipart: { a: { file: ../a } }"),
            "leads out of the folder",
        ),
        (part("multipart: { a: { fil: b } }"), "did you mean `file`?"),
        (
            part("multipart: { a: { text: b, type: csv } }"),
            "`csv` is no media type",
        ),
        (
            part("multipart: { a: \"{{skew}}\" }"),
            "undefined variable `skew`",
        ),
        (
            part("text: b, multipart: { a: b }"),
            "a request has one body; here are text and multipart",
        ),
        (
            part("headers: { content-type: a/b }, multipart: { a: b }"),
            "the `Content-Type` of a multipart body is not for the case to write",
        ),
    ] {
        let (sandbox, old, new) = bench(&case);
        let ran = sandbox.run(&["run", "--no-progress"]);
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains(expected), "{}", ran.err);
        assert_eq!(ran.err.matches("error: ").count(), 1, "{}", ran.err);
        assert_eq!(old.seen().len() + new.seen().len(), 0);
    }
}
