use bytes::Bytes;

use super::*;
use crate::compare::compare as both;
use crate::message::{Headers, Packing};

pub(super) fn answer(media: &str, body: &[u8]) -> Response {
    let mut headers = Headers::default();
    if !media.is_empty() {
        headers.set("content-type", media);
    }
    Response::plain(200, headers, Bytes::copy_from_slice(body))
}

/// Every difference, without rules and between gateways of no platform.
pub(super) fn found(answers: &Pair<Response>) -> Vec<Difference> {
    let platforms = Pair::both(Platform::generic());
    let (rules, standing) = (Rules::default(), Standing::default());
    both(answers.as_ref(), &rules, &standing, platforms).differences
}

/// What each difference says in words.
pub(super) fn explained(answers: &Pair<Response>) -> Vec<String> {
    found(answers).into_iter().map(|d| d.explain).collect()
}

pub(super) fn diff(old: (&str, &[u8]), new: (&str, &[u8])) -> Vec<String> {
    let answers = Pair::new(old, new).map(|(media, body)| answer(media, body));
    let short = |d: &Difference| format!("{} {} {} {}", d.r#where, d.path, d.kind, d.severity);
    found(&answers).iter().map(short).collect()
}

pub(super) const JSON: &str = "application/json";

#[test]
fn why_both_bodies_are_compared_as_text_is_said() {
    let deep = |end: &str| format!("{}{end}{}", "[".repeat(201), "]".repeat(201));
    let said = |media: &str, old: &str, new: &str| {
        explained(&Pair::new(old, new).map(|body| answer(media, body.as_bytes())))
    };
    let found = said(JSON, &deep("1"), &deep("2"));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].ends_with(" (compared as text, since it is no JSON; of both sides: more than 200 arrays and objects inside each other at byte 200)"),
        "{found:?}"
    );
    let found = said("application/xml", "<a><b></a>", "<a><b>");
    assert!(
        found.len() == 1
            && found[0].contains("since it is no XML; of the old side: ")
            && found[0].contains("; of the new side: "),
        "{found:?}"
    );
}

#[test]
fn a_hundred_thousand_arrays_inside_each_other_are_said_and_never_followed() {
    let deep = |leaf: &str| format!("{}{leaf}{}", "[".repeat(100_000), "]".repeat(100_000));
    let (one, two) = (deep("1"), deep("2"));
    let body = |text: &'static str| (JSON, text.as_bytes());
    assert_eq!(
        diff((JSON, one.as_bytes()), body("[1]")),
        ["body $ unparsable breaking"]
    );
    assert_eq!(
        diff(body("[1]"), (JSON, one.as_bytes())),
        ["body $ unparsable breaking"]
    );
    // Neither can be read as JSON: they are texts of one line.
    assert_eq!(
        diff((JSON, one.as_bytes()), (JSON, two.as_bytes())),
        ["body line 1 value breaking"]
    );
    assert_eq!(
        diff((JSON, one.as_bytes()), (JSON, one.as_bytes())),
        [""; 0]
    );
}

#[test]
fn json_under_a_false_type_is_recognised_and_the_type_said_beside_it() {
    assert_eq!(
        diff((JSON, b"{\"a\":1}"), ("text/html", b" {\"a\":2}")),
        [
            "header content-type value breaking",
            "body $.a value breaking"
        ]
    );
    assert_eq!(
        diff((JSON, b"{\"a\":1}"), ("text/html", b"<h1>no</h1>")),
        ["header content-type value breaking", "body $ type breaking"]
    );
}

#[test]
fn xml_under_another_type_is_recognised() {
    let xml: &[u8] = b"<fault><code>1</code></fault>";
    let other: &[u8] = b"<fault><code>2</code></fault>";
    for media in ["", "text/plain", "application/octet-stream", JSON] {
        assert_eq!(
            diff((media, xml), (media, other)),
            ["body /fault/code value breaking"],
            "{media}"
        );
    }
    // HTML is a text, however well it is formed.
    assert_eq!(
        diff(("text/html", xml), ("text/html", other)),
        ["body line 1 value breaking"]
    );
}

#[test]
fn nothing_and_something_are_told_apart() {
    assert_eq!(
        diff((JSON, b"{}"), (JSON, b"")),
        ["body $ removed breaking"]
    );
    assert_eq!(diff((JSON, b""), (JSON, b"{}")), ["body $ added risky"]);
}

#[test]
fn records_are_elements() {
    let lines = "application/x-ndjson";
    assert_eq!(
        diff(
            (lines, b"{\"a\":1}\n{\"a\":2}\n"),
            (lines, b"{\"a\":1}\n\n{\"a\":3}\n")
        ),
        ["body $[1].a value breaking"]
    );
    let stream = "text/event-stream";
    assert_eq!(
        diff(
            (
                stream,
                b"event: x\ndata: {\"a\":1}\n\n: ping\n\ndata: 5\n\n"
            ),
            (
                stream,
                b"event: x\ndata: {\"a\":2}\n\n: ping\n\ndata: 5\n\n"
            )
        ),
        ["body $[0].data.a value breaking"]
    );
}

#[test]
fn a_record_that_cannot_be_read_is_said_on_its_side() {
    let lines = "application/x-ndjson";
    let good: &[u8] = b"{\"a\":1}\n{\"a\":2}\n";
    let one = ["body $[1] unparsable breaking"];
    for bad in [
        &b"{\"a\":1}\n{\"a\":"[..],
        b"{\"a\":1}\n\n{\"a\":\"\xFF\"}\n",
        b"{\"a\":1}\nupstream timed out\n",
    ] {
        assert_eq!(diff((lines, good), (lines, bad)), one);
        assert_eq!(diff((lines, bad), (lines, good)), one);
    }
    assert_eq!(
        diff((lines, b"oops\none"), (lines, b"oops\ntwo")),
        ["body line 2 value breaking"]
    );
    // In an event stream data may be any text, and a comment is nothing.
    let stream = "text/event-stream";
    assert_eq!(
        diff(
            (stream, b"data: {\"a\":1}\n\n"),
            (stream, b"\xEF\xBB\xBF: hi\r\n\r\ndata: gone\r\n\r\n")
        ),
        ["body $[0] type breaking"]
    );
}

#[test]
fn fields_of_a_form_that_stand_twice_are_not_one_with_a_comma() {
    let form = "application/x-www-form-urlencoded";
    assert_eq!(
        diff((form, b"a=1&a=2"), (form, b"a=1%2C+2")),
        ["body a value breaking"]
    );
    assert_eq!(
        diff((form, b"a=1&b=3&a=2"), (form, b"a=1&a=2&b=3")),
        [""; 0]
    );
    assert_eq!(
        diff((form, b"a=1&a=2"), (form, b"a=2&a=1")),
        ["body a value breaking"]
    );
}

#[test]
fn forms_by_field_and_binary_by_offset() {
    let form = "application/x-www-form-urlencoded";
    assert_eq!(
        diff((form, b"a=1&b=2&c=x+y"), (form, b"b=3&c=x%20y&d=4")),
        [
            "body a removed breaking",
            "body b value breaking",
            "body d added risky"
        ]
    );
    assert_eq!(
        diff(("image/png", b"\0\xFFab"), ("image/png", b"\0\xFFcb")),
        ["body offset 2 value breaking"]
    );
}

#[test]
fn packing_is_cosmetic_unless_it_cannot_be_taken_off() {
    let gzip = || Packing::Unpacked("gzip".to_owned());
    let broken = || Packing::Broken("gzip".to_owned(), "it is cut short".to_owned());
    let brotli = || Packing::Foreign("br".to_owned());
    for (old, new, found) in [
        (Packing::Plain, gzip(), vec!["$ encoding cosmetic"]),
        (gzip(), broken(), vec!["$ encoding breaking"]),
        (broken(), Packing::Plain, vec!["$ encoding breaking"]),
        (gzip(), brotli(), vec!["$ encoding breaking"]),
        (broken(), broken(), vec!["$.a value breaking"]),
    ] {
        assert_eq!(packed(old, new), found);
    }
}

fn packed(old: Packing, new: Packing) -> Vec<String> {
    let cosmetic = matches!((&old, &new), (Packing::Plain, Packing::Unpacked(_)));
    let bodies = Pair::new(
        br#"{"a":1}"#.as_slice(),
        if cosmetic { b"{\"a\":1}" } else { b"{\"a\":2}" },
    );
    let (mut one, mut other) = (answer(JSON, bodies.old), answer(JSON, bodies.new));
    (one.packing, other.packing) = (old, new);
    let mut found = Comparison::default();
    let platforms = Pair::both(Platform::generic());
    compare(
        Pair::new(&one, &other),
        &Rules::default(),
        &Standing::default(),
        platforms,
        &mut found,
    );
    let short = |d: &Difference| format!("{} {} {}", d.path, d.kind, d.severity);
    found.differences.iter().map(short).collect()
}

#[test]
fn texts_are_read_in_their_character_set() {
    let (utf8, latin): (&[u8], &[u8]) = (
        "prix: 5 \u{20ac} l\u{e9}ger\n".as_bytes(),
        b"prix: 5 \x80 l\xE9ger\n",
    );
    let other: &[u8] = b"prix: 5 \x80 l\xE8ger\n";
    let (plain, named) = ("text/plain", "text/plain; charset=ISO-8859-1");
    let header = "header content-type[charset] added risky";
    assert_eq!(diff((plain, utf8), (named, latin)), [header]);
    assert_eq!(
        diff((plain, utf8), (named, other)),
        [header, "body line 1 value breaking"]
    );
    assert_eq!(
        diff((named, latin), (named, other)),
        ["body line 1 value breaking"]
    );
    assert_eq!(
        diff((plain, utf8), (plain, latin)),
        ["body $ charset breaking"]
    );
    assert_eq!(
        diff((plain, latin), (plain, utf8)),
        ["body $ charset breaking"]
    );
    assert_eq!(
        diff((plain, latin), (plain, other)),
        ["body line 1 value breaking"]
    );
    assert_eq!(
        diff((plain, b"a\0b"), (plain, b"a\xFF\0b")),
        ["body $ type breaking"]
    );
}
