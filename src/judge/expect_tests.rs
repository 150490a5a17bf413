use bytes::Bytes;

use super::*;
use crate::message::Headers;
use crate::source::{Source, parse};

fn expect(text: &str) -> (Option<Expect>, Vec<String>) {
    let source = Source::new("s.yaml", text);
    let node = parse(&source).expect("YAML");
    let mut cx = Cx::new(&source);
    let doc = ExpectDoc::decode(&node, &mut cx);
    let expect = doc.map(|doc| Expect::new(&doc, &mut cx));
    let messages = cx
        .diagnostics
        .sorted()
        .iter()
        .map(|d| d.message.clone())
        .collect();
    (expect, messages)
}

fn sound(text: &str) -> Expect {
    let (expect, messages) = expect(text);
    assert_eq!(messages, [""; 0]);
    expect.expect("an expect")
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let body = Bytes::copy_from_slice(body.as_bytes());
    Response::plain(status, Headers::of(headers), body)
}

fn failed(expect: &Expect, side: Side, answer: &Response) -> Vec<(String, String)> {
    let found = expect.sides[side].check(side, answer, 12.0);
    found.into_iter().map(|d| (d.path, d.explain)).collect()
}

#[test]
fn each_side_has_the_common_wants_and_its_own() {
    let expect = sound(
        "status: 2xx\nheaders: { X-A: one }\nnew: { status: 404, headers: { x-a: null } }\nold: { status: [405, 5xx] }\n",
    );
    let gone = answer(404, &[], "");
    assert_eq!(failed(&expect, Side::New, &gone), []);
    let lines = failed(&expect, Side::Old, &gone);
    assert_eq!(
        lines,
        [
            (
                "status".into(),
                "the old side answered 404, expected 405 or 5xx".into()
            ),
            (
                "header:x-a".into(),
                "the header `x-a` of the old side is not there, expected `one`".into()
            ),
        ]
    );
    assert!(expect.names_status(Side::New, 404) && expect.names_status(Side::Old, 503));
    assert!(
        !expect.names_status(Side::New, 405) && !Expect::default().names_status(Side::Old, 200)
    );
}

#[test]
fn values_of_the_body_are_wanted_exactly() {
    let expect = sound(
        "body:\n  $.n: 1.50\n  $.big: 9007199254740993\n  $.s: \"x\"\n  $.none: null\n  $.gone: { present: false }\n  \"$.list[*].id\": { pattern: uuid }\n  $.obj: { type: object }\n  $.i: { type: integer }\n",
    );
    let good = r#"{"n":1.5,"big":9007199254740993,"s":"x","none":null,"list":[{"id":"6f9619ff-8b86-d011-b42d-00cf4fc964ff"}],"obj":{},"i":7}"#;
    assert_eq!(failed(&expect, Side::Old, &answer(200, &[], good)), []);
    let bad = r#"{"n":1.51,"big":9007199254740992,"s":1,"none":0,"gone":null,"list":[{"id":"1"}],"obj":[],"i":7.0}"#;
    let paths: Vec<String> = failed(&expect, Side::Old, &answer(200, &[], bad))
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        paths,
        [
            "$.n",
            "$.big",
            "$.s",
            "$.none",
            "$.gone",
            "$.list[*].id",
            "$.obj",
            "$.i"
        ]
    );
    let broken = failed(&expect, Side::New, &answer(200, &[], "<html>"));
    assert!(
        broken
            .iter()
            .all(|(_, why)| why.contains("cannot be read as JSON")),
        "{broken:?}"
    );
}

#[test]
fn the_failing_side_shows_its_value_and_the_other_none() {
    let expect = sound("status: 200\nbody: { $.a: 1 }\n");
    let found = expect
        .sides
        .new
        .check(Side::New, &answer(500, &[], "{\"a\":2}"), 0.0);
    let shown: Vec<(Option<&str>, Option<&str>)> =
        found.iter().map(|d| (d.old.json(), d.new.json())).collect();
    assert_eq!(shown, [(None, Some("500")), (None, Some("2"))]);
    assert!(
        found
            .iter()
            .all(|d| d.kind == Kind::Expectation && d.r#where == Where::Expect)
    );
}

#[test]
fn placeholders_are_rendered_and_time_is_held() {
    let expect = sound("headers: { x-id: \"{{id}}\" }\nbody: { $.id: \"{{id}}\" }\nmax_ms: 10\n");
    let resolved = expect
        .sides
        .old
        .resolve(&mut |text| Scalar::Text(text.replace("{{id}}", "7")));
    let found = resolved.check(
        Side::Old,
        &answer(200, &[("X-Id", "7")], "{\"id\":\"7\"}"),
        11.4,
    );
    let lines: Vec<&str> = found.iter().map(|d| d.explain.as_str()).collect();
    assert_eq!(lines, ["the old side took 11 ms, expected at most 10 ms"]);
}

#[test]
fn tokens_and_claims_are_wanted_by_name_or_path() {
    let expect = sound("new: { token: jwt, claims: { aut: APPLICATION_USER, $.org.id: 5 } }\n");
    let new = &expect.sides.new;
    assert!(new.check_token(Side::New, TokenShape::Jwt).is_none());
    assert!(new.check_token(Side::New, TokenShape::Opaque).is_some());
    assert_eq!(
        new.check_claims(Side::New, br#"{"aut":"APPLICATION_USER","org":{"id":5}}"#),
        []
    );
    let found = new.check_claims(Side::New, br#"{"aut":"APPLICATION"}"#);
    let paths: Vec<&str> = found.iter().map(|d| d.path.as_str()).collect();
    assert_eq!(paths, ["claims.aut", "claims.$.org.id"]);
}

#[test]
fn mistakes_are_told() {
    let (_, messages) =
        expect("status: 99\nbody: { $.a: { patern: uuid }, $.b: [1] }\nmax-ms: 5\n");
    assert_eq!(
        messages,
        [
            "`99` is not a status",
            "unknown key of a wanted value `patern`",
            "expected a scalar, or one of present, pattern, type, found a list",
            "unknown key of an expect `max-ms`",
        ]
    );
    let (_, messages) = expect("body: { \"header:x\": 1, \"$.[\": 2 }\n");
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert_eq!(
        messages[0],
        "`header:x` is not a place in a JSON or XML body"
    );
}

#[test]
fn places_of_an_xml_body_are_texts() {
    let expect = sound(
        "body: { \"/o/@id\": \"7\", /o/n: 12.5, /o/open: true, \"//sku\": { pattern: \"/^A-/\" }, /o/gone: { present: false } }\n",
    );
    let body =
        "<o xmlns='urn:o' id='7'><n>12.50</n><open>true</open><sku>A-1</sku><sku>A-2</sku></o>";
    assert_eq!(failed(&expect, Side::Old, &answer(200, &[], body)), []);
    let body = "<o id='8'><n>12.51</n><open>1</open><sku>A-1</sku><sku>B-2</sku><gone/></o>";
    let found = expect.sides[Side::New].check(Side::New, &answer(200, &[], body), 1.0);
    let short = |d: &Difference| {
        (
            d.path.clone(),
            d.new.display().unwrap_or_default().into_owned(),
        )
    };
    let lines: Vec<(String, String)> = found.iter().map(short).collect();
    let expected = [
        ("/o/@id", "8"),
        ("/o/n", "12.51"),
        ("/o/open", "1"),
        ("//sku", "B-2"),
        ("/o/gone", ""),
    ];
    assert_eq!(
        lines,
        expected.map(|(path, value)| (path.to_owned(), value.to_owned()))
    );
    let lines = failed(&expect, Side::New, &answer(200, &[], "{}"));
    assert_eq!(lines.len(), 5);
    assert_eq!(
        lines[0].1,
        "the body of the new side cannot be read as XML: text outside the root element"
    );
}

#[test]
fn json_types_of_an_xml_body_are_refused() {
    let (_, messages) = expect("body: { /a: null, /b: { type: string }, \"/x:c\": 1 }\n");
    assert_eq!(
        messages,
        [
            "`/a` is in an XML body, which has no JSON types",
            "`/b` is in an XML body, which has no JSON types",
            "bad XPath `/x:c`: its prefix is not among the `namespaces` of the suite; a name without one fits in any namespace",
        ]
    );
}

#[test]
fn a_body_wants_the_type_that_a_value_has() {
    let expect = sound(
        "headers: { x-n: \"{{n}}\" }\nbody: { $.n: \"{{n}}\", $.t: \"{{t}}\", $.b: \"{{b}}\", $.in: \"no {{n}}\" }\n",
    );
    let resolved = expect.sides.old.resolve(&mut |text| match text {
        "{{n}}" => Scalar::Json("12.50".into()),
        "{{b}}" => Scalar::Json("true".into()),
        "{{t}}" => Scalar::Text("7".into()),
        text => Scalar::Text(text.replace("{{n}}", "12.50")),
    });
    let told = |body: &str| -> Vec<String> {
        let found = resolved.check(Side::Old, &answer(200, &[("X-N", "12.50")], body), 1.0);
        found.into_iter().map(|d| d.explain).collect()
    };
    let good = r#"{"n":12.5,"t":"7","b":true,"in":"no 12.50"}"#;
    assert_eq!(told(good), [""; 0]);
    let bad = r#"{"n":"12.50","t":7,"b":"true","in":"no 12.5"}"#;
    assert_eq!(
        told(bad),
        [
            "$.n of the old side is not 12.50",
            "$.t of the old side is no text, expected the text `7`",
            "$.b of the old side is not true",
            "$.in of the old side is not `no 12.50`",
        ]
    );
}
