//! The pair file of somebody's own doubles works as it is written.

use crate::readme::Mock;
use crate::sandbox::Sandbox;

/// A double of docs/doubles.md, with a base path of its own.
fn double(name: &str, base: &str) -> String {
    format!(
        "name: {name}
platform: generic
token:
  path: /token
  clients: [ {{ id: my-client, secret: my-secret }} ]
gateway:
  base: {base}
routes:
  - {{ request: GET /hello, json: {{ hello: world }} }}
"
    )
}

const SUITE: &str = "name: Hello
api: main
token: app
cases:
  - { name: hello, request: GET /hello, expect: { status: 200 } }
";

#[test]
fn own_doubles_without_a_backend_have_their_api_in_the_pair_file() {
    let sandbox = Sandbox::new();
    sandbox
        .file("old.yaml", &double("Mine", "/api/v1"))
        .file("new.yaml", &double("Theirs", "/acme/v2.0"))
        .file("suites/hello.yaml", SUITE);
    let doubles = ["old.yaml", "new.yaml"].map(|name| sandbox.path(name));
    let mock = Mock::of(sandbox.folder(), doubles.clone());
    let pair = sandbox.read("cutover.yaml");
    let begins = "# Doubles of cutover. The secrets are test values.\napis:\n  main: { old: \"/api/v1\", new: \"/acme/v2.0\" }\nold:\n";
    assert!(pair.starts_with(begins), "{pair}");
    let checked = sandbox.run(&["check", "--strict"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    let ran = sandbox.run(&["run"]);
    assert_eq!(
        (ran.code, ran.verdict()),
        (0, "parity in 1 of 1 cases"),
        "{ran:?}"
    );
    drop(mock);

    // Editors find the schema where it is there.
    let schema = sandbox.run(&["schema", "pair"]);
    sandbox.file("schema/pair.schema.json", &schema.out);
    let _mock = Mock::of(sandbox.folder(), doubles);
    let line = "# yaml-language-server: $schema=schema/pair.schema.json\n# Doubles of cutover.";
    assert!(sandbox.read("cutover.yaml").starts_with(line));
    assert_eq!(sandbox.run(&["run"]).code, 0);
}

#[test]
fn a_double_without_a_gateway_is_there_too() {
    let sandbox = Sandbox::new();
    for name in ["old", "new"] {
        let text = format!(
            "name: {name}\nplatform: generic\nroutes: [ {{ request: GET /hello, text: hello }} ]\n"
        );
        sandbox.file(&format!("{name}.yaml"), &text);
    }
    sandbox.file("suites/hello.yaml", &SUITE.replace("token: app\n", ""));
    let doubles = ["old.yaml", "new.yaml"].map(|name| sandbox.path(name));
    let _mock = Mock::of(sandbox.folder(), doubles);
    let ran = sandbox.run(&["run", "--strict"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}
