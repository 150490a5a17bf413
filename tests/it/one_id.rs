//! No two cases of one id, and no suite twice.

use crate::sandbox::{Sandbox, outcomes, pair};
use crate::serve::Server;

fn bench() -> (Sandbox, Server) {
    let server = Server::json("{\"n\": 5}");
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&server.url(), &server.url()));
    (sandbox, server)
}

#[test]
fn a_suite_that_is_named_twice_is_read_once() {
    let (sandbox, server) = bench();
    let suite = "name: A\ncases:\n  - { name: one, request: GET /1 }\n";
    sandbox.file("suites/a.yaml", suite);
    let absolute = sandbox.path("suites/a.yaml").display().to_string();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(".", sandbox.path("suites/loop")).unwrap();
        std::os::unix::fs::symlink("a.yaml", sandbox.path("suites/link.yaml")).unwrap();
    }
    for args in [
        &["suites/a.yaml", "suites/a.yaml"][..],
        &["suites", "./suites/a.yaml"],
        &["suites/a.yaml", &absolute, "suites/../suites"],
        &[],
    ] {
        let before = server.seen().len();
        let (ran, results) = sandbox.results(&[&["run"], args].concat());
        assert_eq!(
            (ran.code, outcomes(&results)),
            (0, vec!["one: same".to_owned()]),
            "{args:?}: {}",
            ran.err
        );
        assert_eq!(results.cases[0].id, "suites/a.yaml::one", "{args:?}");
        assert_eq!(server.seen().len() - before, 2, "{args:?}");
    }
}

#[test]
fn rows_that_make_one_case_twice_are_refused_before_anything_is_sent() {
    let (sandbox, server) = bench();
    sandbox.file("suites/t.csv", "id,n\n1,a\n2,b\n\n1,a\n");
    for (cases, expected) in [
        (
            "  - name: x\n    request: GET /{{id}}\n    rows:\n      - { id: 1 }\n      - { id: 1 }\n",
            "error: two cases are named `x [id=1]`\n --> suites/a.yaml:7:11\n  |\n\
             7 |       - { id: 1 }\n  |           ^^ first on line 6\n",
        ),
        (
            "  - { name: \"x [id=1]\", request: GET / }\n  - name: x\n    request: GET /{{id}}\n    \
             rows: [ { id: 1 } ]\n",
            "error: two cases are named `x [id=1]`\n --> suites/a.yaml:6:15\n  |\n\
             6 |     rows: [ { id: 1 } ]\n  |               ^^ first on line 3\n",
        ),
        (
            "  - { name: x, request: \"GET /{{id}}{{n}}\", rows: t.csv }\n",
            "error: two cases are named `x [id=1, n=a]`\n --> suites/t.csv:5:1\n  |\n\
             5 | 1,a\n  | ^^^ first on line 2\n",
        ),
    ] {
        sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{cases}"));
        let ran = sandbox.run(&["run"]);
        assert_eq!((ran.code, ran.err.as_str()), (2, expected));
    }
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn the_mistakes_of_a_table_are_told_with_their_line() {
    let (sandbox, server) = bench();
    let suite = "name: A\ncases:\n  - { name: x, request: \"GET /{{id}}\", rows: t.csv }\n";
    sandbox.file("suites/a.yaml", suite);
    for (table, expected) in [
        (
            "id,n\n1,\"a\n2,b\n",
            &["this quotation mark is never closed", "suites/t.csv:2:3"][..],
        ),
        (
            "id,n,id\n1,a,2\n",
            &["two columns are named `id`", "suites/t.csv:1:1"],
        ),
        (
            "id,,n\n1,a,2\n",
            &[
                "column 2 of the header line has no name",
                "suites/t.csv:1:1",
            ],
        ),
        (
            "id;n\n1;2\n",
            &[
                "the header line has one column, with `;` in its name",
                "suites/t.csv:1:1",
                "columns are parted by commas",
            ],
        ),
        (
            "id,n\n1,a\n2\n",
            &[
                "this line has 1 values, the header line has 2 columns",
                "suites/t.csv:3:1",
            ],
        ),
    ] {
        sandbox.file("suites/t.csv", table);
        let ran = sandbox.run(&["check"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{table}");
        assert_eq!(ran.err.matches("error: ").count(), 1, "{}", ran.err);
        for text in expected {
            assert!(ran.err.contains(text), "{text}: {}", ran.err);
        }
    }
    assert_eq!(server.seen().len(), 0);
}
