use super::tests::{JSON, answer, diff, explained, found};
use super::*;

#[test]
fn what_is_no_json_is_said_on_its_side() {
    let deep = "[".repeat(100_000);
    let bad: [&[u8]; 6] = [
        b"{\"a\":",
        b"{\"a\":1} trailing",
        b"\xEF\xBB\xBF{\"a\":1}",
        b"{\"a\":\"\xFF\"}",
        b"<html>",
        deep.as_bytes(),
    ];
    for body in bad {
        let one = ["body $ unparsable breaking"];
        assert_eq!(diff((JSON, b"{\"a\":1}"), (JSON, body)), one);
        assert_eq!(diff((JSON, body), (JSON, b"{\"a\":1}")), one);
    }
    assert_eq!(
        diff((JSON, b"oops\none"), (JSON, b"oops\ntwo")),
        ["body line 2 value breaking"]
    );
}

#[test]
fn a_content_length_that_is_too_small_is_named_where_the_body_ends_by_it() {
    let told = |body: &'static [u8], length: Option<&str>| {
        let mut new = answer(JSON, body);
        if let Some(length) = length {
            new.headers.set("content-length", length);
        }
        let old = answer(JSON, b"{\"a\":\"text\"}");
        let mut all = found(&Pair::new(old, new)).into_iter();
        let body = all.find(|item| item.r#where == Where::Body);
        let body = body.expect("a difference");
        assert_eq!(body.kind, Kind::Unparsable);
        (body.explain, body.advice.unwrap_or_default())
    };
    for body in [&b"{\"a\":"[..], b"{\"a\":\"te", b"{\"a\":12"] {
        let length = body.len().to_string();
        let (explain, advice) = told(body, Some(&length));
        let named = format!("; it ends where its Content-Length of {length} says");
        assert!(explain.ends_with(&named), "{explain}");
        assert!(advice.contains("too small"), "{advice}");
        for other in [None, Some("99")] {
            assert!(!told(body, other).0.contains("Content-Length"));
        }
    }
    // What is wrong in the middle does not come from the length.
    let (explain, _) = told(b"{\"a\"=1}", Some("7"));
    assert!(!explain.contains("Content-Length"), "{explain}");
}

#[test]
fn a_byte_order_mark_on_both_sides_is_in_nobodys_way() {
    let (old, new): (&[u8], &[u8]) = (b"\xEF\xBB\xBF{\"a\":1}", b"\xEF\xBB\xBF{\"a\":2}");
    for media in [JSON, "text/plain"] {
        assert_eq!(diff((media, old), (media, old)), [""; 0]);
        assert_eq!(
            diff((media, old), (media, new)),
            ["body $.a value breaking"]
        );
    }
    assert_eq!(
        diff((JSON, old), ("text/html", new)),
        [
            "header content-type value breaking",
            "body $.a value breaking"
        ]
    );
}

#[test]
fn what_is_no_json_is_said_in_words() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let cases: [(&[u8], &str); 6] = [
        (
            b"{\"a\":",
            "the end in the middle of the document at byte 5",
        ),
        (
            b"{\"a\":1} trailing",
            "more text behind the value at byte 8",
        ),
        (b"\xEF\xBB\xBF{\"a\":1}", "a byte order mark at byte 0"),
        (b"{\"a\":\"\xFF\"}", "invalid UTF-8 at byte 6"),
        (b"{\"a\":NaN}", "a sign that starts no value at byte 5"),
        (
            deep.as_bytes(),
            "more than 200 arrays and objects inside each other at byte 200",
        ),
    ];
    for (body, why) in cases {
        let words = explained(&Pair::new(&b"{\"a\":1}"[..], body).map(|body| answer(JSON, body)));
        let expected = format!(
            "the new side's body is no JSON ({why}): clients fail to read the answer at all"
        );
        assert_eq!(words, [expected]);
    }
}

#[test]
fn what_is_no_xml_is_said_in_words() {
    let media = "text/xml; charset=utf-8";
    let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
    let wide: String = (0..100_000).map(|at| format!(" a{at}=''")).collect();
    let wide = format!("<a{wide}/>");
    let bomb = "<!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>";
    let cases: [(&[u8], &str); 6] = [
        (
            b"<a>1</b>",
            "an end tag that fits no start tag at line 1, column 5",
        ),
        (
            b"<a>1</a><b/>",
            "text outside the root element at line 1, column 9",
        ),
        (b"<a>\xFF</a>", "invalid UTF-8 at byte 3"),
        (deep.as_bytes(), "more than 200 elements inside each other"),
        (
            wide.as_bytes(),
            "an element with more than 1,000 attributes",
        ),
        (
            bomb.as_bytes(),
            "a document type (`<!DOCTYPE`), which is not read",
        ),
    ];
    for (body, why) in cases {
        let words = explained(&Pair::new(body, &b"<a>1</a>"[..]).map(|body| answer(media, body)));
        let expected = format!(
            "the old side's body is no XML ({why}): clients fail to read the answer at all"
        );
        assert_eq!(words, [expected]);
    }
}
