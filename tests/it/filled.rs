//! Values in a path or a header: what they would turn the request into is never sent in its place.

use crate::sandbox::{Sandbox, outcomes};
use crate::serve::Server;

/// Two servers that answer everything with an id that is a way out of the API.
fn bench() -> (Sandbox, [Server; 2]) {
    let sandbox = Sandbox::new();
    let servers = [0, 1].map(|_| Server::json(r#"{"id": "..", "name": "a\nb"}"#));
    let [old, new] = [0, 1].map(|at: usize| servers[at].url());
    sandbox.file(
        "cutover.yaml",
        &format!(
            "old: {{ url: \"{old}\", writes: allowed }}\nnew: {{ url: \"{new}\", writes: allowed }}\n"
        ),
    );
    (sandbox, servers)
}

fn targets(server: &Server) -> Vec<String> {
    let seen = server.seen().into_iter();
    let mut targets: Vec<String> = seen
        .map(|seen| format!("{} {}", seen.method, seen.target))
        .collect();
    targets.sort();
    targets
}

#[test]
fn a_row_or_variable_that_changes_the_path_is_refused_before_anything_is_sent() {
    let (sandbox, servers) = bench();
    for (rows, request, told) in [
        (
            "vars: { id: .. }",
            "GET /a/{{id}}/b",
            "with its values, this request would be changed on its way",
        ),
        (
            "vars: { id: '%2e%2E' }",
            "GET /a/{{id:raw}}/b",
            "with its values, this request would be changed on its way",
        ),
        (
            "vars: { other: 1 }",
            "DELETE /orders/{{row}}",
            "with row 2, this request would be changed on its way",
        ),
    ] {
        let table = if request.contains("row") {
            "    rows: [ { row: a }, { row: .. } ]\n"
        } else {
            ""
        };
        let suite =
            format!("name: A\n{rows}\ncases:\n  - name: a\n    request: {request}\n{table}");
        sandbox.file("suites/a.yaml", &suite);
        for command in ["check", "run"] {
            let ran = sandbox.run(&[command, "suites/a.yaml"]);
            assert_eq!(ran.code, 2, "{}", ran.err);
            let first = ran.err.lines().next().unwrap_or_default();
            assert!(first.ends_with(told), "{first}");
            assert!(ran.err.contains("sent would be /"), "{}", ran.err);
        }
    }
    assert!(servers.iter().all(|server| targets(server).is_empty()));
}

#[test]
fn a_captured_value_that_changes_the_request_is_not_sent() {
    let (sandbox, servers) = bench();
    let suite = "\
name: A
cases:
  - name: make
    request: GET /orders
    capture: { id: $.id, name: $.name }
  - name: remove
    request: DELETE /orders/{{id}}
  - name: named
    request: GET /named
    headers: { X-Name: '{{name}}' }
";
    sandbox.file("suites/a.yaml", suite);
    let (ran, results) = sandbox.results(&["run", "suites/a.yaml", "--allow-writes"]);
    assert_eq!(
        outcomes(&results),
        [
            "make: same",
            "remove: inconclusive (needs)",
            "named: inconclusive (needs)",
        ]
    );
    assert_eq!(ran.code, 3);
    let notes: Vec<_> = results.cases.iter().map(|case| case.note.clone()).collect();
    assert_eq!(
        notes[1].as_deref(),
        Some(
            "with its values, this request would be changed on its way: dot segments are taken out; they \
             cannot be sent; sent would be /"
        )
    );
    assert_eq!(
        notes[2].as_deref(),
        Some("with its values, the header `X-Name` has a value that HTTP forbids")
    );
    // One request is the preflight's.
    for server in &servers {
        let mut targets = targets(server);
        targets.dedup();
        assert!(
            targets
                .iter()
                .all(|target| target != "DELETE /" && target != "GET /named"),
            "{targets:?}"
        );
        assert!(targets.contains(&"GET /orders".to_owned()));
    }
}
