//! An API with a URL of its own: its host belongs to its side, and to no other.

use crate::sandbox::{Sandbox, outcomes};
use crate::serve::Server;

const SUITE: &str = "name: A
token: app
cases:
  - { name: base path, api: below, request: GET /x }
  - { name: own host, api: elsewhere, request: GET /x }
";

fn bench() -> (Sandbox, [Server; 3]) {
    let servers = [Server::json("{}"), Server::json("{}"), Server::json("{}")];
    let [old, new, other] = servers.each_ref().map(Server::url);
    let token = "tokens: { app: { grant: static, value: a-secret-of-some-length } }";
    let pair = format!(
        "apis:
  below: {{ old: /v1, new: /v2 }}
  elsewhere: {{ old: /v1, new: \"{other}/v3\" }}
old: {{ url: \"{old}\", {token} }}
new: {{ url: \"{new}\", {token} }}
"
    );
    let sandbox = Sandbox::new();
    sandbox
        .file("cutover.yaml", &pair)
        .file("suites/a.yaml", SUITE);
    (sandbox, servers)
}

#[test]
fn requests_and_their_token_go_to_the_host_of_the_api() {
    let (sandbox, [old, new, other]) = bench();
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(outcomes(&results), ["base path: same", "own host: same"]);
    let asked = |server: &Server| -> Vec<String> {
        let mut seen = server.seen();
        seen.retain(|one| one.header("authorization").is_some());
        let mut targets: Vec<String> = seen.into_iter().map(|one| one.target).collect();
        targets.sort();
        targets
    };
    assert_eq!(asked(&old), ["/v1/x", "/v1/x"]);
    assert_eq!(asked(&new), ["/v2/x"]);
    assert_eq!(asked(&other), ["/v3/x"]);
}

#[test]
fn the_list_shows_where_they_go() {
    let (sandbox, [_old, new, other]) = bench();
    let ran = sandbox.run(&["list"]);
    assert!(
        ran.out.contains(&format!("GET {}/v2/x", new.url())),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains(&format!("GET {}/v3/x", other.url())),
        "{}",
        ran.out
    );
}

#[test]
fn the_sides_can_be_exchanged() {
    let (sandbox, [old, _new, other]) = bench();
    let ran = sandbox.run(&["run", "--swap"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!((old.seen().len(), other.seen().len()), (2, 1));
}

#[test]
fn a_url_that_is_none_is_told_with_its_line() {
    let (sandbox, _servers) = bench();
    let pair = sandbox.read("cutover.yaml");
    let wrong = pair
        .replace(
            "old: /v1, new: /v2",
            "old: \"ftp://h/v1\", new: \"https://h/v2/\"",
        )
        .replace("/v3\"", "/v3?a=b\"");
    sandbox.file("cutover.yaml", &wrong);
    let ran = sandbox.run(&["check"]);
    assert_eq!(ran.code, 2);
    for told in [
        "error: `ftp://h/v1` is neither http nor https\n --> cutover.yaml:2:",
        "error: the URL of an API has no slash at its end: requests begin with one\n --> cutover.yaml:2:",
        "error: a base URL has no query and no fragment\n --> cutover.yaml:3:",
    ] {
        assert!(ran.err.contains(told), "{told}\n{}", ran.err);
    }
}

#[test]
fn a_side_ends_where_the_paths_of_its_requests_begin() {
    let server = Server::json("{}");
    let url = server.url();
    let sandbox = Sandbox::new();
    sandbox.file(
        "suites/a.yaml",
        "name: A\ncases:\n  - { name: one, request: GET /x }\n",
    );
    // The lone slash of a URL without a path is no path.
    let lone = format!("{url}/");
    let ran = sandbox.run(&["run", "--old", &url, "--new", &lone]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let targets: Vec<String> = server.seen().into_iter().map(|one| one.target).collect();
    assert_eq!(targets, ["/x", "/x"]);
    let long = format!("{url}/v1/");
    let ran = sandbox.run(&["run", "--old", &url, "--new", &long]);
    assert_eq!(ran.code, 2);
    let told = "it has no slash at its end: requests begin with one";
    assert!(ran.err.contains(told), "{}", ran.err);
    let pair = format!("old: {{ url: \"{lone}\" }}\nnew:\n  url: {long}\n");
    sandbox.file("cutover.yaml", &pair);
    let ran = sandbox.run(&["run"]);
    let marks = "^".repeat(long.len());
    let expected = format!(
        "error: the URL of a side has no slash at its end: requests begin with one\n --> cutover.yaml:3:8\n  |\n\
         3 |   url: {long}\n  |        {marks} take it away\n"
    );
    assert_eq!((ran.code, ran.err), (2, expected));
    assert_eq!(server.seen().len(), 2);
}
