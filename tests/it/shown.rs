//! What `list` shows is what would be sent, and an accepted place may be written in any form.

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::{Server, json};

#[test]
fn list_shows_what_would_be_sent_as_far_as_it_is_known() {
    let sandbox = Sandbox::new();
    let text = pair("http://127.0.0.1:1", "http://127.0.0.1:2");
    sandbox.file(
        "cutover.yaml",
        &format!("vars: {{ who: {{ old: c-17, new: \"c 88\" }} }}\n{text}"),
    );
    sandbox.file(
        "suites/a.yaml",
        "name: A
vars: { size: 10, id: none }
cases:
  - name: same
    request: GET /{{who}}/same?id={{id}}&size={{size}}&page={{page}}&side={{side}}
    rows: [ { id: a/b } ]
  - { name: get, request: GET /get, capture: { id: \"$.id\" } }
  - { name: again, request: \"GET /{{id}}/{{uuid}}/{{size:raw}}\" }
",
    );
    let ran = sandbox.run(&["list", "--var", "page=7"]);
    let expected = "suites/a.yaml::same [id=a/b]
  old  GET http://127.0.0.1:1/c-17/same?id=a%2Fb&size=10&page=7&side=old  (token: none)
  new  GET http://127.0.0.1:2/c%2088/same?id=a%2Fb&size=10&page=7&side=new  (token: none)
suites/a.yaml::get
  old  GET http://127.0.0.1:1/get  (token: none)
  new  GET http://127.0.0.1:2/get  (token: none)
suites/a.yaml::again
  old  GET http://127.0.0.1:1/{{id}}/{{uuid}}/10  (token: none)
  new  GET http://127.0.0.1:2/{{id}}/{{uuid}}/10  (token: none)
3 cases in 1 suite: 0 writes, 0 skipped
";
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (0, expected, "")
    );
}

#[test]
fn an_accepted_place_of_a_body_may_be_written_in_any_form_that_is_one() {
    let old = Server::answering(|_| json("{\"c\": 1, \"d e\": [ { \"f\": 1 } ]}"));
    let new = Server::answering(|_| json("{\"c\": 2, \"d e\": [ { \"f\": 2 } ]}"));
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&old.url(), &new.url()));
    let suite = |paths: [&str; 2]| {
        let items = paths.map(|path| format!("{{ where: body, path: {path}, because: meant }}"));
        let items = items.join(", ");
        format!("name: A\ncases:\n  - {{ name: x, request: GET /x, accept: [ {items} ] }}\n")
    };
    sandbox.file(
        "suites/a.yaml",
        &suite(["\"$['c']\"", "'$[\"d e\"][*][\"f\"]'"]),
    );
    let (ran, results) = sandbox.results(&["run", "--strict"]);
    assert_eq!(
        (ran.code, outcomes(&results)),
        (
            0,
            vec!["x: accepted body $.c value, body $['d e'][0].f value".to_owned()]
        ),
        "{}",
        ran.err
    );
    sandbox.file("suites/a.yaml", &suite(["a.b", "\"$.c[\""]));
    let ran = sandbox.run(&["check"]);
    let errors: Vec<&str> = ran.err.lines().filter(|l| l.starts_with("error")).collect();
    assert_eq!(
        (ran.code, errors),
        (
            2,
            vec![
                "error: `a.b` is not a place in a body",
                "error: bad JSONPath `$.c[`: parser error"
            ]
        )
    );
    assert!(
        ran.err.contains("help: did you mean `$.a.b`?"),
        "{}",
        ran.err
    );
}
