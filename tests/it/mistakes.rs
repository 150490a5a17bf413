//! Mistakes of pair files and suites: each is told, all at once, and each one once.

use crate::sandbox::Sandbox;

const SUITE: &str = "name: A\ncases:\n  - { name: x, request: GET /x }\n";

/// What `check` says is wrong, a line for each: `FILE:LINE: MESSAGE`.
fn mistakes(pair: &str, suite: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", pair);
    sandbox.file("suites/a.yaml", suite);
    let ran = sandbox.run(&["check"]);
    let expected = if ran.err.is_empty() { 0 } else { 2 };
    assert_eq!(ran.code, expected, "{}{}", ran.out, ran.err);
    let mut lines = ran.err.lines();
    let mut told = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(message) = line.strip_prefix("error: ") {
            let place = lines.next().unwrap_or_default();
            let place = place.split("--> ").nth(1).unwrap_or_default();
            let place = place.rsplit_once(':').unwrap_or_default().0;
            told.push(format!("{place}: {message}"));
        }
    }
    told
}

fn in_pair(pair: &str) -> Vec<String> {
    mistakes(pair, SUITE)
}

/// The mistakes of a suite on a sound pair.
fn in_suite(suite: &str) -> Vec<String> {
    let pair = "old: { url: \"http://127.0.0.1:1\" }\nnew: { url: \"http://127.0.0.1:2\" }\n";
    mistakes(pair, suite)
}

const NONE: [&str; 0] = [];

#[test]
fn every_environment_is_checked_whether_it_is_asked_for_or_not() {
    let base = "old: { url: \"http://127.0.0.1:1\" }\nnew: { url: \"http://127.0.0.1:2\" }\n";
    let sound = "environments:
  prod: { new: { url: \"${env:NOT_SET}\", tokens: { app: { grant: static, value: \"${env:NOR_THIS}\" } } } }
  empty:
";
    assert_eq!(in_pair(&format!("{base}{sound}")), NONE);
    let wrong = "environments:
  prod: { old: { urll: x } }
  dark:
    new: { platform: chooreo, timeout: 5 }
    old: { resolve: { a: b }, tokens: { app: { grant: api_key, value: v } } }
  list: [ 1 ]
  deep: { environments: {} }
";
    assert_eq!(
        in_pair(&format!("{base}{wrong}")),
        [
            "cutover.yaml:4: unknown key of a target `urll`",
            "cutover.yaml:6: unknown platform `chooreo`",
            "cutover.yaml:6: expected a duration such as 500ms, 2s or 5m, found a number",
            "cutover.yaml:7: `a` is not host:port",
            "cutover.yaml:7: `b` is not address:port",
            "cutover.yaml:7: the credential `app` (api_key) needs one of `header` and `query`",
            "cutover.yaml:8: expected a mapping, as the file itself is one, found a list",
            "cutover.yaml:9: an environment has no `environments`",
        ]
    );
}

#[test]
fn an_unknown_environment_is_one_mistake() {
    let sandbox = Sandbox::new();
    let sides = "old: { url: \"http://127.0.0.1:1\" }, new: { url: \"http://127.0.0.1:2\" }";
    let pair =
        format!("old: {{ name: a }}\nnew: {{ name: b }}\nenvironments:\n  prod: {{ {sides} }}\n");
    sandbox.file("cutover.yaml", &pair);
    sandbox.file("suites/a.yaml", SUITE);
    let ran = sandbox.run(&["check", "--env", "prod"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let ran = sandbox.run(&["check", "--env", "prd"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            2,
            "error: unknown environment `prd`\n --> cutover.yaml:4:3\n  |\n4 |   prod: { old: { url: \
             \"http://127.0.0.1:1\" }, new: { url: \"http://127.0.0.1:2\" } }\n  |   ^^^^\n  |\n  = \
             help: did you mean --env prod?\n"
        )
    );
}

#[test]
fn all_mistakes_of_a_pair_file_come_at_once() {
    let pair = "vars: { a: { old: 1 } }
accept: [ { known: choreo/wrong-metod-404 } ]
apis: { orders: { old: /a } }
old:
  urll: http://127.0.0.1:1
  platform: wso2-api-clout
  max_rps: 0
  timeout: 0s
  tokens:
    app: { grant: api_key, value: v }
    other: { grant: static }
new:
  url: gateway.example.com
  resolve: { a: b }
  tls: { ca: none.pem }
  headers: { \"a b\": c, X-A: \"a\\nb\", Content-Length: 5 }
  tokens:
    app: { grant: static, value: \"\" }
    other: { token_endpoint: \"http://127.0.0.1:2\", client_id: a, client_secret: \"\" }
    third: { grant: client_credential }
";
    assert_eq!(
        in_pair(pair),
        [
            "cutover.yaml:1: a mapping as a variable has exactly the keys `old` and `new`",
            "cutover.yaml:2: unknown known change `choreo/wrong-metod-404`",
            "cutover.yaml:3: an API needs `new`",
            "cutover.yaml:5: unknown key of a target `urll`",
            "cutover.yaml:6: unknown platform `wso2-api-clout`",
            "cutover.yaml:7: with `max_rps: 0` nothing could ever be sent",
            "cutover.yaml:8: a time of nothing is over before anything was sent",
            "cutover.yaml:10: the credential `app` (api_key) needs one of `header` and `query`",
            "cutover.yaml:11: the credential `other` (static) needs `value`",
            "cutover.yaml:13: `gateway.example.com` is no absolute URL; write https://gateway.example.com",
            "cutover.yaml:14: `a` is not host:port",
            "cutover.yaml:14: `b` is not address:port",
            "cutover.yaml:15: cannot read `none.pem`: No such file or directory (os error 2)",
            "cutover.yaml:16: `a b` is no header name (RFC 9110 section 5.1)",
            "cutover.yaml:16: the header `X-A` has a value that HTTP forbids",
            "cutover.yaml:16: the header `Content-Length` would be changed on its way",
            "cutover.yaml:18: the credential `app` (static) has an empty `value`",
            "cutover.yaml:19: the credential `other` (client_credentials) has an empty `client_secret`",
            "cutover.yaml:20: unknown grant `client_credential`",
        ]
    );
}

#[test]
fn one_mistake_is_one_message() {
    let unset = "old: { url: \"${env:NOT_SET}\" }\nnew: { url: \"http://127.0.0.1:2\" }\n";
    assert_eq!(
        in_pair(unset),
        ["cutover.yaml:1: the environment variable `NOT_SET` is not set"]
    );
    let suite = "name: A
api: nope
token: nobody
cases:
  - { name: a, request: GETT }
  - { name: b, requst: GET /b }
  - { name: c, grant: none_such }
  - { name: d, probe: coors }
  - { name: e, request: POST /e, file: nofile }
  - { name: f, request: GET /f }
  - { name: g, request: GET /g }
";
    assert_eq!(
        in_suite(suite),
        [
            "suites/a.yaml:2: unknown API `nope`",
            "suites/a.yaml:3: unknown credential `nobody` on the old side",
            "suites/a.yaml:5: `GETT` has no path, or no method",
            "suites/a.yaml:6: unknown key of a case `requst`",
            "suites/a.yaml:7: unknown grant `none_such`",
            "suites/a.yaml:8: unknown probe `coors`",
            "suites/a.yaml:9: cannot read `nofile`: No such file or directory (os error 2)",
        ]
    );
    let suite = "name: A
headers: { X: \"{{nope}}\" }
cases:
  - { name: a, request: GET /a }
  - { name: b, request: GET /b }
";
    assert_eq!(
        in_suite(suite),
        ["suites/a.yaml:2: undefined variable `nope`"]
    );
    assert_eq!(
        in_suite("name: A\nclient: { run: [ x ], ready: GET / }\n"),
        ["suites/a.yaml:2: expected what says that a service is ready, found a text"]
    );
}

#[test]
fn what_cannot_be_sent_as_it_is_written_is_refused() {
    let suite = "name: A
timeout: 0s
headers: { X-All: \"a\\nb\" }
cases:
  - { name: a, request: GET /a, headers: { Content-Length: 3 } }
  - { name: b, request: POST /b, text: x, headers: { transfer-encoding: gzip } }
  - { name: c, request: GET /c, headers: { Connection: close, Host: other.example } }
  - { name: d, request: GET /d, headers: { \"a b\": c }, timeout: 0ms }
  - { name: \"\", request: GET /e, headers: { Content-Length: null } }
  - { name: f, request: GET /f, new: { headers: { Upgrade: h2c } } }
";
    assert_eq!(
        in_suite(suite),
        [
            "suites/a.yaml:2: a time of nothing is over before anything was sent",
            "suites/a.yaml:3: the header `X-All` has a value that HTTP forbids",
            "suites/a.yaml:5: the header `Content-Length` would be changed on its way",
            "suites/a.yaml:6: the header `transfer-encoding` would be changed on its way",
            "suites/a.yaml:7: the header `Connection` would be changed on its way",
            "suites/a.yaml:8: `a b` is no header name (RFC 9110 section 5.1)",
            "suites/a.yaml:8: a time of nothing is over before anything was sent",
            "suites/a.yaml:9: a case needs a name",
            "suites/a.yaml:10: the header `Upgrade` would be changed on its way",
        ]
    );
}

#[test]
fn a_file_without_cases_is_nothing_to_check() {
    let sandbox = Sandbox::new();
    let pair = "old: { url: \"http://127.0.0.1:1\" }\nnew: { url: \"http://127.0.0.1:2\" }\n";
    sandbox.file("cutover.yaml", pair);
    sandbox.file("suites/a.yaml", "name: A\ncases: []\n");
    for (command, code) in [("check", 2), ("list", 4), ("run", 4)] {
        let ran = sandbox.run(&[command]);
        let expected = format!("error: nothing to {command}: no suite has a case\n");
        assert_eq!((ran.code, ran.out.as_str(), ran.err), (code, "", expected));
    }
}

#[test]
fn a_pair_without_a_suite_can_be_checked() {
    let sandbox = Sandbox::new();
    let pair = "old: { url: \"http://127.0.0.1:1\" }\nnew: { url: \"http://127.0.0.1:2\" }\n";
    sandbox.file("cutover.yaml", pair);
    let ran = sandbox.run(&["check"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (0, "0 suites, 0 cases: no mistakes\n", "")
    );
    let ran = sandbox.run(&["check", "--connect"]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert_eq!(ran.err.matches("warning: no-connection").count(), 2);
}

#[test]
fn a_pair_file_says_what_its_paths_addresses_and_placeholders_lack() {
    let pair = "apis: { orders: { old: orders/1, new: \"\" } }\n\
                old: { url: \"http://127.0.0.1:1\", headers: { X-Tenant: \"{{tenant}}\" } }\n\
                new: { url: \"http://127.0.0.1:2\" }\n";
    assert_eq!(
        in_pair(pair),
        [
            "cutover.yaml:1: the base path `orders/1` does not begin with a slash",
            "cutover.yaml:2: `{{tenant}}` stands for nothing in a pair file",
        ]
    );
    let endpoint = |url: &str| {
        format!(
            "old: {{ url: \"http://127.0.0.1:1\", tokens: {{ app: {{ client_id: a, client_secret: b, token_endpoint: \"{url}\" }} }} }}\n\
             new: {{ url: \"http://127.0.0.1:2\" }}\n"
        )
    };
    assert_eq!(
        in_pair(&endpoint("http://127.0.0.1:1/token?tenant=a")),
        NONE
    );
    assert_eq!(
        in_pair(&endpoint("http://127.0.0.1:1/token#a")),
        ["cutover.yaml:1: a URL has no fragment (`#…`) here"]
    );
}

#[test]
fn tls_files_that_cannot_be_used_are_named_where_they_are_named() {
    let made = rcgen::generate_simple_self_signed(["a.example".to_owned()]).expect("certificate");
    let other = rcgen::KeyPair::generate().expect("key");
    let sandbox = Sandbox::new();
    sandbox.file("cert.pem", &made.cert.pem());
    sandbox.file("own.key", &made.signing_key.serialize_pem());
    sandbox.file("other.key", &other.serialize_pem());
    sandbox.file(
        "junk.pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    sandbox.file("empty.pem", "");
    sandbox.file("suites/a.yaml", SUITE);
    let said = |tls: &str| {
        let pair = format!(
            "old:\n  url: \"https://127.0.0.1:1\"\n  tls: {{ {tls} }}\nnew: {{ url: \"https://127.0.0.1:2\" }}\n"
        );
        sandbox.file("cutover.yaml", &pair);
        let ran = sandbox.run(&["check"]);
        (
            ran.code,
            ran.err
                .lines()
                .take(2)
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    };
    let damaged =
        "error: a certificate in it cannot be used: it is damaged, or not of X.509 version 3";
    for (tls, message, column) in [
        ("ca: junk.pem", damaged, 14),
        ("ca: empty.pem", "error: there is no certificate in it", 14),
        ("client_cert: junk.pem, client_key: own.key", damaged, 23),
        (
            "client_cert: cert.pem",
            "error: there is no private key in it",
            23,
        ),
        (
            "client_cert: cert.pem, client_key: other.key",
            "error: the private key is not that of the certificate",
            45,
        ),
    ] {
        let place = format!(" --> cutover.yaml:3:{column}");
        assert_eq!(said(tls), (2, vec![message.to_owned(), place]), "{tls}");
    }
    assert_eq!(
        said("client_cert: cert.pem, client_key: own.key"),
        (0, vec![])
    );
}

#[test]
fn a_name_that_is_built_in_takes_no_other_value() {
    let suite = "name: A
vars: { now: never, run.id: mine, fine: 1 }
cases:
  - { name: x, request: \"GET /{{uuid}}\", rows: [ { side: left } ] }
  - { name: y, request: \"GET /{{fine}}\", capture: { uuid: $.id } }
";
    assert_eq!(
        in_suite(suite),
        [
            "suites/a.yaml:2: a variable cannot be named `now`",
            "suites/a.yaml:2: a variable cannot be named `run.id`",
            "suites/a.yaml:4: a column cannot be named `side`",
            "suites/a.yaml:5: a capture cannot be named `uuid`",
        ]
    );
    let pair = "vars: { side: left }\nold: { url: \"http://127.0.0.1:1\" }\nnew: { url: \"http://127.0.0.1:2\" }\n";
    assert_eq!(
        in_pair(pair),
        ["cutover.yaml:1: a variable cannot be named `side`"]
    );
}

#[test]
fn a_built_in_name_is_given_by_nobody_from_outside() {
    let sandbox = Sandbox::new();
    let pair = "old: { url: \"http://127.0.0.1:1\" }\nnew: { url: \"http://127.0.0.1:2\" }\n";
    sandbox.file("cutover.yaml", pair);
    sandbox.file("suites/a.yaml", SUITE);
    let ran = sandbox.run(&["check", "--var", "now=1"]);
    let text = "error: --var now gives a value that would never be used: {{now}} is built in; take another name";
    assert_eq!((ran.code, ran.err.trim()), (2, text));
    let output = sandbox
        .command(&["check"])
        .env("CUTOVER_VAR_side", "left")
        .output()
        .unwrap();
    let text = "CUTOVER_VAR_side gives a value that would never be used";
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(2) && told.contains(text),
        "{told}"
    );
}

#[test]
fn what_would_ask_for_nothing_is_a_mistake() {
    let of = |more: &str| {
        let suite = format!("name: A\ncases:\n  - {{ name: x, request: GET /x, {more} }}\n");
        in_suite(&suite)
    };
    let empty = ["suites/a.yaml:3: an empty list says nothing"];
    assert_eq!(of("expect: { status: [] }"), empty);
    assert_eq!(of("expect: { new: { status: [] } }"), empty);
    assert_eq!(of("compare: { keyed: { \"$.a\": [] } }"), empty);
    let nothing = ["suites/a.yaml:3: this waits for nothing: every answer would do"];
    assert_eq!(of("poll: { until: {} }"), nothing);
    assert_eq!(of("poll: { until: { new: {} }, every: 1ms }"), nothing);
    let busy = ["suites/a.yaml:3: a poll without a pause would ask as often as it can"];
    assert_eq!(of("poll: { until: { status: 200 }, every: 0s }"), busy);
    assert_eq!(of("poll: { until: { status: 200 }, every: 1ms }"), NONE);
}

#[test]
fn a_rewrite_names_groups_that_are_there() {
    let of = |from: &str, to: &str| {
        let suite = format!(
            "name: A\ncompare: {{ rewrite: [ {{ path: $.a, from: '{from}', to: '{to}' }} ] }}\ncases:\n  - {{ name: x, request: GET /x }}\n"
        );
        in_suite(&suite)
    };
    let lacks = |group: &str| {
        [format!(
            "suites/a.yaml:2: `from` has no group `{group}`: nothing would stand in its place"
        )]
    };
    assert_eq!(of("/v(1)/", "/v$3/"), lacks("3"));
    assert_eq!(of("/v(1)/", "/v${2}/"), lacks("2"));
    assert_eq!(of("/v(1)/", "/v$1x"), lacks("1x"));
    assert_eq!(of("/v1/", "/$name/"), lacks("name"));
    for (from, to) in [
        ("/v(1)/", "/v$1/"),
        ("/v(?<n>1)/", "${n}$0"),
        ("x", "$$1$$"),
        ("x", "5 $"),
    ] {
        assert_eq!(of(from, to), NONE, "{from} {to}");
    }
}

#[test]
fn one_bad_variable_leaves_the_others_alone() {
    let suite = "name: A
vars: { n: 1, h: 0x1F, m: { old: 1 } }
cases:
  - { name: x, request: \"GET /x/{{n}}/{{h}}/{{m}}/{{o}}\" }
";
    let told = in_suite(suite);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told.iter()
            .all(|line| !line.contains("`n`") && !line.contains("`h`")),
        "{told:?}"
    );
    let unknown = "suites/a.yaml:4: undefined variable `o`".to_owned();
    assert!(told.contains(&unknown), "{told:?}");
}

#[test]
fn a_table_without_rows_is_told_once() {
    let suite = "name: A\ncases:\n  - { name: x, request: \"GET /x/{{n}}\", rows: [] }\n";
    assert_eq!(in_suite(suite), ["suites/a.yaml:3: a table without rows"]);
}
