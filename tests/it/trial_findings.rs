//! What a stranger's trial of the tool found: answers that looked the same and were not, and words
//! that led astray.

use std::io::Write as _;

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::{Server, answer, json};

const TEXT: &str = "one line of text\nand another one\n";

fn gzip(content: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A text with a `Content-Encoding`, packed or not.
fn packed(coding: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    let head = answer(
        200,
        &[("Content-Type", "text/plain"), ("Content-Encoding", coding)],
        "",
    );
    let head = String::from_utf8(head).unwrap();
    let head = head.replace("Content-Length: 0", &format!("Content-Length: {length}"));
    [head.as_bytes(), body].concat()
}

/// Exit code and outcome of `GET /x` where each side always gives one answer.
fn compared(old: Vec<u8>, new: Vec<u8>, case: &str) -> (i32, String) {
    let old = Server::answering(move |_| old.clone());
    let new = Server::answering(move |_| new.clone());
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let suite = format!("name: A\ncases:\n  - {{ name: x, request: GET /x{case} }}\n");
    sandbox.file("suites/a.yaml", &suite);
    let (ran, results) = sandbox.results(&["run"]);
    (ran.code, outcomes(&results).remove(0))
}

#[test]
fn a_body_that_is_not_packed_as_it_says_is_one_breaking_difference() {
    let good = packed("gzip", &gzip(TEXT));
    let mut checksum = gzip(TEXT);
    let at = checksum.len() - 8;
    checksum[at] ^= 1;
    let cut = gzip(TEXT);
    for bad in [
        packed("gzip", TEXT.as_bytes()),
        packed("gzip", &cut[..cut.len() - 9]),
        packed("gzip", &checksum),
        packed("gzip", &[gzip(TEXT), b"more".to_vec()].concat()),
        packed("br", b"\x0b\x02\x80abc\x03"),
        packed("deflate", TEXT.as_bytes()),
    ] {
        let differs = (1, "x: different body $ encoding".to_owned());
        assert_eq!(compared(good.clone(), bad.clone(), ""), differs);
        assert_eq!(compared(bad, good.clone(), ""), differs);
    }
    assert_eq!(compared(good.clone(), good, ""), (0, "x: same".to_owned()));
}

#[test]
fn a_cookie_that_is_deleted_on_one_side_is_told_without_its_value() {
    let cookie = |text: &str| answer(200, &[("Set-Cookie", text)], "");
    let kept = "sid=kept-s3cret; Path=/; HttpOnly; Max-Age=3600";
    let gone = "sid=gone-s3cret; Path=/; HttpOnly; Max-Age=0";
    let sandbox = Sandbox::new();
    let (old, new) = (cookie(kept), cookie(gone));
    let old = Server::answering(move |_| old.clone());
    let new = Server::answering(move |_| new.clone());
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let (ran, results) = sandbox.results(&["run", "--get", "/x"]);
    let expected = (1, "GET /x: different header set-cookie[sid] value");
    assert_eq!((ran.code, outcomes(&results).remove(0).as_str()), expected);
    let difference = &results.cases[0].differences[0];
    assert_eq!(
        difference.old.display().unwrap(),
        "sid=[secret set-cookie, 11 characters]; Path=/; HttpOnly; Max-Age=3600"
    );
    assert_eq!(
        difference.new.display().unwrap(),
        "sid=[secret set-cookie, 11 characters]; Path=/; HttpOnly; Max-Age=0"
    );
    assert!(!ran.out.contains("s3cret"), "{}", ran.out);
}

#[test]
fn times_numbers_and_line_ends_are_told_as_what_they_are() {
    let told = |old: &str, new: &str, rules: &str| {
        compared(json(old), json(new), &format!(", compare: {{ {rules} }}"))
    };
    let format = (1, "x: different body $.at format".to_owned());
    let (utc, paris) = (
        r#"{"at":"2026-11-21T22:10:00Z"}"#,
        r#"{"at":"2026-11-21T23:10:00+01:00"}"#,
    );
    assert_eq!(told(utc, paris, ""), format);
    let same = (0, "x: same".to_owned());
    assert_eq!(told(utc, paris, "tolerance: { \"$.at\": 0s }"), same);
    let numbers = ("[12345678901234567890]", "[12345678901234567000]");
    let value = (1, "x: different body $[0] value".to_owned());
    let rule = |limit| format!("tolerance: {{ \"$[0]\": {limit} }}");
    assert_eq!(told(numbers.0, numbers.1, &rule(1)), value);
    assert_eq!(told(numbers.0, numbers.1, &rule(890)), same);
}

/// A side that makes orders with its own short ids.
fn shop(id: u32, note: u32) -> Server {
    Server::answering(move |seen| match seen.target.as_str() {
        "/v1/orders" if seen.method == "POST" => {
            let headers = [
                ("Content-Type", "application/json".to_owned()),
                ("Location", format!("/v1/orders/{id}")),
            ];
            let headers = headers
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            answer(201, &headers, &format!("{{\"id\":\"{id}\"}}"))
        }
        "/v1/orders" => json(&format!(
            "[{{\"id\":\"{id}\",\"href\":\"/v1/orders/{id}\"}}]"
        )),
        _ => json(&format!(
            "{{\"id\":\"{id}\",\"href\":\"/v1/orders/{id}/lines\",\"note\":\"{note}\"}}"
        )),
    })
}

const ORDERS: &str = "name: A
cases:
  - { name: make, request: POST /orders, json: {}, safe: true, capture: { id: $.id } }
  - { name: read, request: \"GET /orders/{{id}}\" }
  - { name: list, request: GET /orders, needs: make, compare: { bind: [ \"$[*].id\" ] } }
";

#[test]
fn short_captured_ids_stand_in_the_paths_of_their_chain_and_nowhere_else() {
    for (notes, read) in [
        ((5, 5), "read: same"),
        // The numbers of the ids, and not the ids.
        ((111, 222), "read: different body $.note value"),
    ] {
        let (old, new) = (shop(111, notes.0), shop(222, notes.1));
        let sandbox = Sandbox::new();
        let base = |server: &Server| format!("{}/v1", server.url());
        sandbox.file("cutover.yaml", &pair(&base(&old), &base(&new)));
        sandbox.file("suites/a.yaml", ORDERS);
        let (_, results) = sandbox.results(&["run"]);
        assert_eq!(outcomes(&results), ["make: same", read, "list: same"]);
    }
}

#[test]
fn a_failed_expectation_shows_what_each_side_answered_and_once_for_both() {
    let (fine, gone) = (json("{\"n\":1}"), answer(404, &[], ""));
    let told = |old: &[u8], new: &[u8], case: &str| {
        let (old, new) = (old.to_vec(), new.to_vec());
        let old = Server::answering(move |_| old.clone());
        let new = Server::answering(move |_| new.clone());
        let sandbox = Sandbox::new();
        sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
        let suite = format!("name: A\ncases:\n  - {{ name: x, request: GET /x, {case} }}\n");
        sandbox.file("suites/a.yaml", &suite);
        let (ran, results) = sandbox.results(&["run"]);
        let expected = results.cases[0].differences.iter();
        let expected = expected.filter(|d| d.r#where.word() == "expect");
        let told: Vec<String> = expected
            .map(|d| {
                let shown = |observed: &cutover::results::Observed| {
                    observed.json().unwrap_or("nothing").to_owned()
                };
                format!("{}: {} / {}", d.explain, shown(&d.old), shown(&d.new))
            })
            .collect();
        (told, ran.out)
    };
    let (both, out) = told(&fine, &fine, "expect: { status: 404 }");
    assert_eq!(both, ["both sides answered 200, expected 404: 200 / 200"]);
    assert!(
        out.contains("1 case  expect:status expectation: not met by both sides"),
        "{out}"
    );
    let (one, _) = told(&fine, &gone, "expect: { status: 404 }");
    assert_eq!(one, ["the old side answered 200, expected 404: 200 / 404"]);
    let (value, out) = told(&fine, &json("{}"), "expect: { body: { $.n: 1 } }");
    assert_eq!(value.len(), 1, "{value:?}");
    assert!(value[0].ends_with(": 1 / nothing"), "{value:?}");
    assert!(!out.contains("number to missing"), "{out}");
}

#[test]
fn a_side_that_throttles_is_named_with_the_way_out() {
    let (old, new) = (
        Server::json("{}"),
        Server::answering(|_| answer(429, &[], "")),
    );
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let ran = sandbox.run(&["run", "--get", "/x", "--retries", "0"]);
    assert_eq!(ran.code, 3);
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    let said = "throttled: the new side answered 429 (Too Many Requests) to 1 request: ask again \
                later, let safe requests be repeated with --retries, or, if 429 is what the case is \
                about, name it in `expect`";
    assert!(words.join(" ").contains(said), "{}", ran.out);
}

#[test]
fn a_secret_parameter_is_masked_in_the_names_of_cases_which_stay_apart() {
    let (old, new) = (Server::json("{}"), Server::json("[]"));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let asked = [
        "--get",
        "/x?access_token=s3cret-1&page=2",
        "--get",
        "/x?access_token=s3cret-2&page=2",
    ];
    let ran = sandbox.run(&[&["list"], &asked[..]].concat());
    assert_eq!(ran.code, 0);
    assert!(!ran.out.contains("s3cret"), "{}", ran.out);
    let (ran, results) =
        sandbox.results(&[&["run", "--journal", "one.jsonl"], &asked[..]].concat());
    let masked = "--get::GET /x?access_token=[secret access_token, 8 characters]&page=2";
    let ids: Vec<&str> = results.cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, [masked, &format!("{masked} (2)")]);
    let targets: Vec<String> = new.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets.len(), 2);
    assert!(
        targets.iter().any(|target| target == asked[1]),
        "{targets:?}"
    );
    let everything = [
        ran.out,
        ran.err,
        sandbox.read("one.jsonl"),
        sandbox.read("results.json"),
    ];
    for text in everything {
        assert!(!text.contains("s3cret"), "{text}");
    }
    let refused = sandbox.run(&["run", "--get", "/a/../x?access_token=s3cret-1"]);
    assert_eq!(refused.code, 2);
    assert!(!refused.err.contains("s3cret"), "{}", refused.err);
    let skipped = "{ name: x, request: GET /x, skip: \"see /x?code=s3cret-3\" }";
    sandbox.file(
        "suites/a.yaml",
        &format!("name: A\ncases:\n  - {skipped}\n"),
    );
    for command in ["run", "list"] {
        let ran = sandbox.run(&[command]);
        assert!(!format!("{ran:?}").contains("s3cret"), "{ran:?}");
    }
    let (_, again) = sandbox.results(&[&["run", "--rerun", "one.jsonl"], &asked[..]].concat());
    assert_eq!(again.cases.len(), 2);
}

#[test]
fn what_accepts_a_known_change_is_said_once_and_not_where_it_is_accepted() {
    let fault = "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>405</ams:code>\
                 <ams:message>m</ams:message><ams:description>d</ams:description></ams:fault>";
    let old = Server::answering(move |_| {
        answer(
            405,
            &[("Content-Type", "application/xml; charset=UTF-8")],
            fault,
        )
    });
    let new = Server::answering(|_| {
        let router = "{\"message\":\"m\",\"description\":\"d\",\"code\":\"404\"}\n";
        answer(404, &[("Content-Type", "application/json")], router)
    });
    let sandbox = Sandbox::new();
    let pair = format!(
        "old: {{ url: \"{}\", platform: wso2-api-cloud }}\nnew: {{ url: \"{}\", platform: choreo }}\n",
        old.url(),
        new.url()
    );
    sandbox.file("cutover.yaml", &pair);
    let told = |accept: &str| {
        let case = format!("{{ name: x, request: PATCH /x, safe: true, accept: [{accept}] }}");
        sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n  - {case}\n"));
        let ran = sandbox.run(&["run", "-v"]);
        let words: Vec<&str> = ran.out.split_whitespace().collect();
        (ran.code, words.join(" "))
    };
    let line = "accept: [ { known: choreo/wrong-method-404 } ]";
    let (code, out) = told("");
    assert_eq!((code, out.matches(line).count()), (1, 1), "{out}");
    // Another difference keeps the case in the report.
    let (code, out) = told("{ known: choreo/wrong-method-404 }], expect: { max_ms: 0 }, tags: [a");
    assert_eq!(code, 1, "{out}");
    assert!(
        out.contains("accepted by known:choreo/wrong-method-404"),
        "{out}"
    );
    assert!(!out.contains(line), "{out}");
    assert_eq!(out.matches("fix ").count(), 1, "{out}");
}

#[test]
fn texts_that_look_the_same_are_told_apart_and_secret_ones_are_not_shown() {
    for (member, told) in [("name", true), ("password", false)] {
        let body = |accent: &str| json(&format!("{{\"{member}\":\"caf{accent}-of-mine\"}}"));
        let (old, new) = (body("\u{e9}"), body("e\u{301}"));
        let old = Server::answering(move |_| old.clone());
        let new = Server::answering(move |_| new.clone());
        let sandbox = Sandbox::new();
        sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
        let (ran, results) = sandbox.results(&["run", "--get", "/x"]);
        let outcome = format!("GET /x: different body $.{member} value");
        assert_eq!((ran.code, outcomes(&results)), (1, vec![outcome]));
        let explain = &results.cases[0].differences[0].explain;
        assert!(explain.contains("another Unicode normal form"), "{explain}");
        assert_eq!(
            explain.contains("U+00E9 became U+0065 U+0301"),
            told,
            "{explain}"
        );
    }
}
