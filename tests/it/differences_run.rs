//! Every sort of answer through the command: each claim about the comparison as a case with the whole
//! list of its differences, and the causes of all of them.

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::{Seen, Server};

/// A case: its name, header lines of either side, the body of either side, and what is found. `{host}`
/// is the host that was asked.
type Row = (
    &'static str,
    [&'static str; 2],
    [&'static [u8]; 2],
    &'static str,
);

const JSON: &str = "Content-Type: application/json";
const LINES: &str = "Content-Type: application/x-ndjson";
const EVENTS: &str = "Content-Type: text/event-stream";
const TEXT: &str = "Content-Type: text/plain";
const HTML: &str = "Content-Type: text/html";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

const BODIES: [Row; 19] = [
    (
        "big numbers",
        [JSON; 2],
        [b"[9007199254740993]", b"[9007199254740992]"],
        "different body $[0] value",
    ),
    (
        "long fractions",
        [JSON; 2],
        [b"[0.1]", b"[0.10000000000000001]"],
        "different body $[0] value",
    ),
    (
        "notations",
        [JSON; 2],
        [b"[1,1,1.5]", b"[1.0,1e0,1.50]"],
        "different body $[0] format, body $[1] format, body $[2] format",
    ),
    (
        "key order",
        [JSON; 2],
        [
            b"{\"a\":1,\"b\":\"\\u00e9\"}",
            "{ \"b\": \"é\", \"a\": 1 }".as_bytes(),
        ],
        "same body $ format",
    ),
    (
        "duplicate keys",
        [JSON; 2],
        [b"{\"a\":1}", b"{\"a\":2,\"a\":1}"],
        "different body $.a duplicate-key",
    ),
    (
        "normal forms",
        [JSON; 2],
        ["[\"é\"]".as_bytes(), "[\"e\u{301}\"]".as_bytes()],
        "different body $[0] value",
    ),
    (
        "surrogates",
        [JSON; 2],
        [b"[\"\\ud83d\"]", b"[\"\\ude00\"]"],
        "different body $[0] value",
    ),
    (
        "a mark",
        [JSON; 2],
        [b"{\"a\":1}", b"\xEF\xBB\xBF{\"a\":1}"],
        "different body $ unparsable",
    ),
    (
        "marks",
        [JSON; 2],
        [b"\xEF\xBB\xBF{\"a\":1}", b"\xEF\xBB\xBF{\"a\":2}"],
        "different body $.a value",
    ),
    (
        "no UTF-8",
        [JSON; 2],
        [b"{\"a\":\"\xC3\xA9\"}", b"{\"a\":\"\xE9\"}"],
        "different body $ unparsable",
    ),
    (
        "cut",
        [JSON; 2],
        [b"{\"a\":1}", b"{\"a\":"],
        "different body $ unparsable",
    ),
    (
        "garbage",
        [JSON; 2],
        [b"{\"a\":1}", b"{\"a\":1}<!-- x -->"],
        "different body $ unparsable",
    ),
    (
        "html",
        [JSON, HTML],
        [b"{\"a\":1}", b"{\"a\":2}"],
        "different header content-type value, body $.a value",
    ),
    (
        "records",
        [LINES; 2],
        [b"{\"a\":1}\n{\"a\":2}\n", b"{\"a\":1}\n{\"a\":3}\n"],
        "different body $[1].a value",
    ),
    (
        "a cut record",
        [LINES; 2],
        [b"{\"a\":1}\n{\"a\":2}\n", b"{\"a\":1}\n{\"a\""],
        "different body $[1] unparsable",
    ),
    (
        "events",
        [EVENTS; 2],
        [
            b"data: {\"a\":1}\n\n",
            b": hi\r\n\r\ndata: {\"a\":2}\r\n\r\n",
        ],
        "different body $[0].a value",
    ),
    (
        "line ends",
        [TEXT; 2],
        [b"a\nb\n", b"a\r\nb\r\n"],
        "different body line 1 format",
    ),
    (
        "a form",
        [FORM; 2],
        [b"a=1&a=2&b=3", b"b=3&a=1&a=4"],
        "different body a value",
    ),
    (
        "bytes",
        ["Content-Type: image/png"; 2],
        [b"\0\xFFabc", b"\0\xFFabd"],
        "different body offset 4 value",
    ),
];

const HEADERS: [(&str, [&str; 2], &str); 13] = [
    (
        "media types",
        [
            "Content-Type: text/plain; charset=UTF-8",
            "Content-Type: Text/Plain;charset=\"utf-8\"",
        ],
        "same",
    ),
    (
        "locations",
        [
            "Location: http://{host}/a/1?b=2",
            "Location: http://{host}/a/1?b=2",
        ],
        "same",
    ),
    (
        "a relative location",
        ["Location: http://{host}/a/1", "Location: /a/1"],
        "different header location format",
    ),
    (
        "links",
        [
            "Link: </a?p=2>; rel=\"next last\"",
            "Link: <http://{host}/a?p=2>; rel=next, <http://{host}/a?p=2>; rel=last",
        ],
        "same",
    ),
    (
        "another link",
        [
            "Link: <http://{host}/a?p=2>; rel=next",
            "Link: <http://{host}/a?p=3>; rel=next",
        ],
        "different header link[next] value",
    ),
    (
        "challenges",
        [
            "WWW-Authenticate: Bearer error=\"invalid_token\", realm=\"a\"",
            "WWW-Authenticate: bearer realm=a,error=invalid_token",
        ],
        "same",
    ),
    (
        "caching",
        [
            "Cache-Control: no-store, max-age=0",
            "Cache-Control: max-age=0,  No-Store",
        ],
        "same",
    ),
    (
        "vary",
        ["Vary: Origin, Accept", "Vary: accept,origin"],
        "same",
    ),
    (
        "cookies",
        [
            "Set-Cookie: s=1; Path=/; HttpOnly",
            "Set-Cookie: s=2; httponly; path=/",
        ],
        "same",
    ),
    (
        "tags",
        ["ETag: \"a\"", "ETag: W/\"a\""],
        "different header etag format",
    ),
    (
        "retry",
        [
            "Retry-After: 30",
            "Retry-After: Sat, 21 Nov 2026 22:10:00 GMT",
        ],
        "different header retry-after format",
    ),
    (
        "limits",
        ["X-RateLimit-Remaining: 9", "X-RateLimit-Remaining: 8"],
        "same header x-ratelimit-remaining value",
    ),
    (
        "origins",
        [
            "Access-Control-Allow-Origin: *",
            "Access-Control-Allow-Origin: https://app.example",
        ],
        "same header access-control-allow-origin format",
    ),
];

fn path(name: &str) -> String {
    format!("/{}", name.replace(' ', "-"))
}

/// A server that answers each case as one side does.
fn side(at: usize) -> Server {
    Server::answering(move |seen: &Seen| {
        let body = BODIES.iter().find(|row| path(row.0) == seen.target);
        let head = HEADERS.iter().find(|row| path(row.0) == seen.target);
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let (header, body) = match (body, head) {
            (Some(row), _) => (row.1[at], row.2[at]),
            (_, Some(row)) => (row.1[at], &b"x"[..]),
            _ if at == 1 => (JSON, deep.as_bytes()),
            _ => (JSON, &b"[]"[..]),
        };
        let header = header.replace("{host}", seen.header("host").unwrap_or_default());
        let length = body.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n{header}\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    })
}

#[test]
fn every_claim_of_the_comparison_holds_in_a_run() {
    let (old, new) = (side(0), side(1));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let mut names: Vec<&str> = BODIES.iter().map(|row| row.0).collect();
    names.extend(HEADERS.iter().map(|row| row.0));
    names.push("deep");
    let cases = names
        .iter()
        .map(|name| format!("  - {{ name: {name}, request: GET {} }}\n", path(name)));
    let cases: String = cases.collect();
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{cases}"));
    let (ran, results) = sandbox.results(&["run"]);
    let mut expected: Vec<String> = Vec::new();
    expected.extend(BODIES.iter().map(|row| format!("{}: {}", row.0, row.3)));
    expected.extend(HEADERS.iter().map(|row| format!("{}: {}", row.0, row.2)));
    expected.push("deep: different body $ unparsable".to_owned());
    assert_eq!(outcomes(&results), expected);
    assert_eq!(ran.code, 1, "{}", ran.err);
    // The report opens with the causes, the most frequent first.
    let head: Vec<&str> = ran
        .out
        .lines()
        .skip_while(|line| *line != "CAUSES")
        .take(3)
        .collect();
    assert_eq!(
        head,
        [
            "CAUSES",
            "    5 cases  $ unparsable: on the new side",
            "    2 cases  $.a value: 1 became 2 (1 more)"
        ]
    );
    let top = &results.causes[0];
    assert_eq!(
        (top.template.as_str(), top.change.as_str(), top.cases),
        ("$", "on the new side", 5)
    );
}

#[test]
fn a_run_with_one_mistake_everywhere_has_one_cause() {
    let answer = |at: usize| {
        move |seen: &Seen| {
            let number: u32 = seen.target.trim_start_matches('/').parse().unwrap_or(0);
            let hour = if at == 0 { 10 } else { 11 };
            let price = if at == 0 {
                format!("{number}.5")
            } else {
                format!("\"{number}.5\"")
            };
            let total = if at == 0 { number * 100 } else { number };
            let gone = if at == 0 { ",\"note\":null" } else { "" };
            let items = format!("[{{\"price\":{price}}},{{\"price\":{price}}}]");
            crate::serve::json(&format!(
                "{{\"at\":\"2026-11-21T{hour}:{:02}:00Z\",\"items\":{items},\"total\":{total},\"id\":\"{}-{number}\"{gone}}}",
                number % 60,
                ["ord", "sale"][at]
            ))
        }
    };
    let (old, new) = (Server::answering(answer(0)), Server::answering(answer(1)));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let cases: String = (1001..1009)
        .map(|at| format!("  - {{ name: c{at}, request: GET /{at} }}\n"))
        .collect();
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{cases}"));
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(ran.code, 1);
    let causes: Vec<String> = results
        .causes
        .iter()
        .map(|c| format!("{} {} {}: {}", c.cases, c.kind, c.template, c.change))
        .collect();
    assert_eq!(
        causes,
        [
            "8 value $.at: an hour later",
            "8 value $.id: prefix \"ord\" became \"sale\"",
            "8 type $.items[*].price: number to string",
            "8 removed $.note: null to missing",
            "8 value $.total: divided by 100",
        ]
    );
}

#[test]
fn a_key_that_is_none_is_said_and_one_that_was_found_is_printed() {
    let old = Server::json(
        "{\"l\":[{\"s\":\"a\",\"n\":1},{\"s\":\"a\",\"n\":2}],\"m\":[{\"id\":1},{\"id\":2},{\"id\":3}]}",
    );
    let new = Server::json(
        "{\"l\":[{\"s\":\"a\",\"n\":1},{\"s\":\"a\",\"n\":3}],\"m\":[{\"id\":3},{\"id\":1},{\"id\":2}]}",
    );
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let rules = "{ keyed: { \"$.l\": s }, ignore: [ \"$.nothing\" ] }";
    let case = format!("  - {{ name: x, request: GET /x, compare: {rules} }}\n");
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{case}"));
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (
            1,
            vec!["x: different body $.l[1].n value, body $.m order".to_owned()]
        )
    );
    let warnings: Vec<String> = results
        .warnings
        .iter()
        .map(|w| format!("{}: {}", w.code, w.message))
        .collect();
    assert_eq!(
        warnings,
        [
            "unused-rule: suites/a.yaml:3: ignore $.nothing matched nothing: take it away, or mend its path",
            "rule-to-pin: write down what elements are matched by, in `suites/a.yaml::x`: compare: keyed: { \"$.m\": id } (their order then does not count)",
            "no-key: in `suites/a.yaml::x`: keyed \"$.l\": s is no key here: elements 0 and 1 of the old side have the same; the elements were matched by likeness",
        ]
    );
}
