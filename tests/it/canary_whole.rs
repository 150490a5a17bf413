//! What is secret by its place stays so where a whole body, or much of one, is shown.

use crate::canary_places::{hunt, outputs};
use crate::sandbox::{Sandbox, pair};
use crate::serve::{Server, answer};

const JSON: &str = "application/json";
const XML: &str = "application/xml";
const FORM: &str = "application/x-www-form-urlencoded";
const NDJSON: &str = "application/x-ndjson";
/// Of the old side, and of the new one.
const SECRETS: [&str; 2] = ["secret-of-old", "secret-of-new"];

/// A media type, the line of `redact:`, and the two bodies: `OLD` and `NEW` stand for the secrets.
type Row = (&'static str, &'static str, &'static str, &'static str);

const EMAIL: &str = "[ \"$..email\" ]";

const ROWS: [Row; 19] = [
    // Below a member that is secret by its name.
    (
        JSON,
        "[]",
        "{\"password\":{\"z\":\"OLD\",\"y\":[\"OLD\"]}}",
        "{\"password\":{\"z\":\"NEW\",\"y\":[\"NEW\"]}}",
    ),
    (
        JSON,
        "[]",
        "{\"a\":{\"password\":[{\"q\":\"OLD\"}]}}",
        "{\"a\":{\"password\":[{\"q\":\"NEW\"}]}}",
    ),
    (
        JSON,
        "[]",
        "{\"password\":{\"z\":\"OLD\"}, ",
        "{\"password\":\"NEW\"}",
    ),
    // What `redact:` names, in a body that is shown whole.
    (JSON, EMAIL, "{\"email\":\"OLD\"}", "<html>x</html>"),
    (JSON, EMAIL, "{\"email\":\"OLD\"}", ""),
    (
        JSON,
        EMAIL,
        "{\"email\":\"OLD\"}",
        "{\"email\":\"NEW\", \"b\": ",
    ),
    (
        JSON,
        EMAIL,
        "{\"email\":\"OLD\", \"b\": ",
        "{\"email\":\"NEW\", \"b\": ",
    ),
    (JSON, EMAIL, "{\"email\":\"OLD\"}x", "{\"email\":\"NEW\"}"),
    (
        JSON,
        EMAIL,
        "\u{feff}{\"email\":\"OLD\"}",
        "{\"email\":\"NEW\"}",
    ),
    (
        JSON,
        EMAIL,
        "{\"email\":\"OLD\",\"d\":[[1]}",
        "{\"email\":\"NEW\",\"d\":1}",
    ),
    (
        NDJSON,
        EMAIL,
        "{\"email\":\"OLD\"}\n{\"email\":\"OLD\"",
        "{\"email\":\"NEW\"}\n",
    ),
    (
        XML,
        "[ \"//email\" ]",
        "<a><email>OLD</email>",
        "<a><email>NEW</email></a>",
    ),
    (
        XML,
        "[ \"//email\" ]",
        "<a><u><email>OLD</email></u></a>",
        "<a></a>",
    ),
    (FORM, "[ \"form:email\" ]", "email=OLD&x=1", "{}"),
    // Elements with the name of a secret.
    (
        XML,
        "[]",
        "<a><b/><w:Password Type=\"t\">OLD</w:Password></a>",
        "<a><c/><w:Password Type=\"t\">NEW</w:Password></a>",
    ),
    (
        XML,
        "[]",
        "<a><x><access_token>OLD</access_token></x></a>",
        "<a><y><access_token>NEW</access_token></y></a>",
    ),
    // The same through the whole document, whose other members differ.
    (
        JSON,
        EMAIL,
        "{\"n\":1,\"email\":\"OLD\"}",
        "[{\"email\":\"NEW\"}]",
    ),
    (
        JSON,
        "[ \"$.l\" ]",
        "{\"l\":{\"a\":{\"b\":\"OLD\"}}}",
        "{\"l\":{\"a\":{\"b\":\"NEW\"}}}",
    ),
    (
        "text/plain",
        EMAIL,
        "{\"email\":\"OLD\"}",
        "{\"email\":\"NEW\"}x",
    ),
];

fn serve(media_type: &'static str, body: &str) -> Server {
    let body = body.replace("OLD", SECRETS[0]).replace("NEW", SECRETS[1]);
    Server::answering(move |_| answer(200, &[("Content-Type", media_type)], &body))
}

fn secrets() -> [(&'static str, &'static str); 2] {
    [
        ("the secret of old", SECRETS[0]),
        ("the secret of new", SECRETS[1]),
    ]
}

#[test]
fn a_secret_place_is_none_less_in_a_whole_body() {
    for (media_type, redact, old, new) in ROWS {
        let (old, new) = (serve(media_type, old), serve(media_type, new));
        let sandbox = Sandbox::new();
        sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
        let suite =
            format!("name: A\nredact: {redact}\ncases:\n  - {{ name: x, request: GET /x }}\n");
        sandbox.file("suites/a.yaml", &suite);
        hunt(&outputs(&sandbox, &[]), &secrets());
    }
}

#[test]
fn the_rule_that_accepts_a_secret_does_not_tell_it() {
    let (old, new) = (
        serve(JSON, "{\"email\":\"OLD\",\"n\":1}"),
        serve(JSON, "{\"email\":\"NEW\",\"n\":2}"),
    );
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let item = format!(
        "{{ where: body, path: $.email, old: {}, new: {}, because: b }}",
        SECRETS[0], SECRETS[1]
    );
    let suite = format!(
        "name: A\nredact: {EMAIL}\ncases:\n  - {{ name: x, request: GET /x, accept: [ {item} ] }}\n"
    );
    sandbox.file("suites/a.yaml", &suite);
    hunt(&outputs(&sandbox, &[]), &secrets());
    let rule = "\"rule\":\"body $.email\"";
    assert!(
        sandbox.read("j.jsonl").contains(rule),
        "{}",
        sandbox.read("j.jsonl")
    );
}
