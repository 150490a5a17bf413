//! The suites of the pack are pointed at an API of one's own by variables: no case has a path of the doubles in it.

use std::path::Path;

use cutover::source::{Source, parse};

use crate::demo::files_of_the_pack;
use crate::mock_shipped::json_of;
use crate::sandbox::{Sandbox, outcomes};
use crate::serve::{Seen, Server, answer};

/// The suites of rows, each with its text.
fn suites() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = files_of_the_pack().into_iter();
    let files = files.filter(|file| !file.contains("/quick/"));
    files
        .map(|file| {
            let text = std::fs::read_to_string(root.join(&file)).unwrap();
            (file, text)
        })
        .collect()
}

/// The requests of a case: its own, and those of a side or a probe.
fn requests(case: &serde_json::Value) -> Vec<&str> {
    let places = [case, &case["old"], &case["new"], &case["with"]];
    let asked = places.into_iter().map(|place| &place["request"]);
    asked.filter_map(serde_json::Value::as_str).collect()
}

#[test]
fn each_suite_opens_with_what_it_proves_and_needs_and_names_no_path_itself() {
    for (file, text) in suites() {
        let head: Vec<&str> = text.lines().take_while(|l| l.starts_with('#')).collect();
        for word in ["# Proves", "# Needs"] {
            let said = head.iter().any(|line| line.starts_with(word));
            assert!(said, "{file}: {word}");
        }
        let suite = json_of(&parse(&Source::new(file.as_str(), text.as_str())).unwrap());
        for case in suite["cases"].as_array().unwrap() {
            for request in requests(case) {
                let path = request.split_once(" /").map(|(_, path)| path);
                let by_variable = path.is_some_and(|path| path.starts_with("{{"));
                assert!(by_variable, "{file}: {request}");
            }
        }
    }
}

/// An API with paths of its own: a list, a thing with a tag, a search, and things that can be made.
fn shop(base: &str, seen: &Seen) -> Vec<u8> {
    let json = [("Content-Type", "application/json")];
    let (path, _) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
    let Some(path) = path.strip_prefix(base) else {
        return answer(404, &json, r#"{"error":"no such API"}"#);
    };
    let tag = [("Content-Type", "application/json"), ("ETag", "\"v1\"")];
    let place = format!("{base}/shop/carts/c1");
    let made = [json[0], ("Location", place.as_str())];
    match (seen.method.as_str(), path) {
        ("GET", "/shop/products/7") if seen.header("if-none-match").is_some() => {
            answer(304, &tag[1..], "")
        }
        ("GET", "/shop/products/7") => answer(200, &tag, r#"{"id":7}"#),
        ("HEAD", "/shop/products/7") => answer(200, &tag, ""),
        ("GET", "/shop/products") => answer(200, &json, "[7,8]"),
        ("POST", "/shop/find") => answer(200, &json, "[7]"),
        ("POST", "/shop/carts") if seen.body.contains("quantity") => answer(422, &json, "{}"),
        ("POST", "/shop/carts") => answer(201, &made, r#"{"id":"c1"}"#),
        ("GET" | "PUT", "/shop/carts/c1") => answer(200, &json, r#"{"id":"c1"}"#),
        ("DELETE", "/shop/carts/c1") => answer(204, &[], ""),
        _ => answer(404, &json, r#"{"error":"not there"}"#),
    }
}

#[test]
fn a_suite_goes_to_an_api_of_ones_own_by_a_handful_of_variables() {
    let old = Server::answering(|seen| shop("/v2", seen));
    let new = Server::answering(|seen| shop("/store/2.0", seen));
    let sandbox = Sandbox::new();
    let side = |name: &str, url: &str| {
        format!(
            "{name}: {{ url: \"{url}\", writes: allowed, tokens: {{ app: {{ grant: static, value: a-token-of-mine }} }} }}\n"
        )
    };
    let pair = [
        "vars: { read: shop/products/7, list: shop/products, pages: shop/products, search: shop/find, \
         gone: shop/carts/c0, collection: shop/carts }\n\
         apis: { main: { old: /v2, new: /store/2.0 } }\n"
            .to_owned(),
        side("old", &old.url()),
        side("new", &new.url()),
    ];
    sandbox.file("cutover.yaml", &pair.concat());
    let (_, rest) = suites()
        .into_iter()
        .find(|(file, _)| file.ends_with("/rest-apis.yaml"))
        .unwrap();
    sandbox.file("suites/rest-apis.yaml", &rest);
    let (ran, results) = sandbox.results(&["run", "--allow-writes"]);
    let parity = outcomes(&results);
    assert!(
        parity.iter().all(|case| case.ends_with(": same")),
        "{parity:?}"
    );
    assert_eq!((ran.code, parity.len()), (0, 13), "{ran:?}");
}
