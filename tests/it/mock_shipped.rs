//! The shipped doubles' files, the pair file that fits them, and their defects.

use cutover::mock::document::DoubleDoc;
use cutover::mock::{Double, Doubles, StartOptions, pair_file};
use cutover::source::{Source, parse};

use crate::mock_support::{double, shipped, start};

fn problems(text: &str) -> Vec<String> {
    let source = Source::new("double.yaml", text);
    let diagnostics = Double::parse(&source).expect_err("problems");
    let problem = |d: &&cutover::source::Diagnostic| {
        let line = source.line(d.span.start);
        format!(
            "{line}: {} ({})",
            d.message,
            d.help.as_deref().unwrap_or(&d.label)
        )
    };
    diagnostics.sorted().iter().map(problem).collect()
}

#[test]
fn a_file_is_refused_with_every_problem_and_its_line() {
    let text = "name: T
platform: generic
listen: { port: 70000, tls: ssl, http: [3] }
backend: oders
token:
  path: token
  clients: []
  format: uid
gateway:
  base: /a/
  texts: { no-aip: { status: 42, code: x, message: y } }
  headers: { 'a b': c }
routes:
  - { request: get /a }
  - { request: GET /b, raw: cutt, dealy: 1s }
  - { request: GET /c, json: {}, text: x, delay: soon }
";
    assert_eq!(
        problems(text),
        [
            "3: `70000` is not a whole number from 0 to 65535 (out of range)",
            "3: unknown TLS mode `ssl` (known here: none, server, mutual)",
            "3: unknown HTTP version `3` (did you mean `2`?)",
            "4: unknown backend `oders` (did you mean `orders`?)",
            "8: unknown token format `uid` (did you mean `uuid`?)",
            "14: `get /a` is no request (for example GET /orders/{id}, or GET /files/* for all below it)",
            "15: unknown raw mode `cutt` (did you mean `cut`?)",
            "15: unknown key of a route `dealy` (did you mean `delay`?)",
            "16: expected a duration such as 500ms, 2s or 5m, found a text (should be a duration such as 500ms, 2s or 5m)",
        ]
    );
}

#[test]
fn what_is_well_formed_and_still_wrong_is_refused_too() {
    let text = "name: T
platform: generic
token:
  path: token
  clients: []
gateway:
  base: /a/
  texts: { no-aip: { status: 42, code: x, message: y } }
  headers: { 'a b': c }
routes:
  - { request: GET /c, json: {}, text: x }
  - { request: GET /d, file: ../secret }
";
    assert_eq!(
        problems(text),
        [
            "4: `token` is no path (starts with a slash, has no query)",
            "7: a base path has no slash at its end (take it away)",
            "8: unknown situation `no-aip` (did you mean `no-api`?)",
            "8: 42 is no final HTTP status (from 200 to 599)",
            "9: `a b` is no header name (letters, digits and hyphens)",
            "11: a route has at most one of `json`, `text`, `file`, `fault` (a second answer)",
            "12: `../secret` is not in the folder of this file (a relative path without `..`)",
        ]
    );
}

#[test]
fn files_beside_a_double_are_read_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.yaml");
    let text = "{ name: T, platform: generic, routes: [ { request: GET /f, file: body.bin } ] }";
    std::fs::write(&path, text).unwrap();
    let missing = Double::load(&path).expect_err("no such file");
    assert!(missing.render(false).contains("`body.bin` cannot be read"));
    std::fs::write(folder.path().join("body.bin"), "bytes").unwrap();
    let double = Double::load(&path).expect("a sound double");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let doubles = start(vec![double]).await;
        let url = format!("{}/f", doubles.running()[0].url());
        assert_eq!(crate::mock_support::get(&url, &[]).await.body, "bytes");
        doubles.stop().await;
    });
    let nowhere = Double::load(&folder.path().join("none.yaml")).expect_err("no file");
    assert!(nowhere.render(false).contains("cannot be read"));
}

#[test]
fn the_shipped_files_fit_the_schema() {
    let schema = schemars::schema_for!(DoubleDoc);
    let validator = jsonschema::validator_for(schema.as_value()).expect("a schema");
    for text in [
        include_str!("../../mocks/api-cloud.yaml"),
        include_str!("../../mocks/choreo.yaml"),
    ] {
        let first = text.lines().next();
        assert_eq!(
            first,
            Some("# yaml-language-server: $schema=schema/double.schema.json")
        );
        let node = parse(&Source::new("double.yaml", text)).expect("YAML");
        let errors: Vec<String> = validator
            .iter_errors(&json_of(&node))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

pub(crate) fn json_of(node: &cutover::source::Node) -> serde_json::Value {
    use cutover::source::Value;
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(text) => serde_json::from_str(text).expect("a JSON number"),
        Value::Text(text) => text.as_str().into(),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|entry| (entry.key.value.clone(), json_of(&entry.value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

#[tokio::test]
async fn the_pair_file_names_what_is_served() {
    let doubles = shipped(None).await;
    let text = pair_file(doubles.running());
    // Certificates and ports are new each time; ports are numbered as they come.
    let mut ports = Vec::new();
    let shown = regex::Regex::new(r"(127\.0\.0\.1|example\.com):[0-9]+")
        .unwrap()
        .replace_all(&text, |found: &regex::Captures<'_>| {
            let (host, port) = found[0].rsplit_once(':').unwrap();
            let at = ports.iter().position(|known| known == port);
            let at = at.unwrap_or_else(|| {
                ports.push(port.to_owned());
                ports.len() - 1
            });
            format!("{host}:PORT{at}")
        });
    let pem = regex::Regex::new(r#"-----BEGIN [^"]*"#).unwrap();
    let shown = pem.replace_all(&shown, "PEM");
    assert_eq!(shown, include_str!("golden/doubles-pair.yaml"));
    doubles.stop().await;
}

#[tokio::test]
async fn an_unknown_defect_is_an_error_with_the_nearest_name() {
    let text = "
name: T
platform: generic
defects:
  wrong-status: { feature: f, where: status, kind: value, change: { status: 500 } }
";
    let options = StartOptions {
        defect: Some("wrong-statsu".into()),
        ..StartOptions::default()
    };
    let error = Doubles::start(vec![double(text)], &options)
        .await
        .expect_err("an unknown defect");
    assert_eq!(
        error.to_string(),
        "unknown defect `wrong-statsu`; did you mean `wrong-status`? known: wrong-status"
    );
}

/// The ids of the pack's cases; those with rows once for each row.
fn case_ids() -> Vec<String> {
    let mut ids = Vec::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in crate::demo::files_of_the_pack() {
        let text = std::fs::read_to_string(root.join(&file)).unwrap();
        let source = Source::new(file.clone(), text);
        let suite = json_of(&parse(&source).unwrap_or_else(|d| panic!("{}", d.render(false))));
        for case in suite["cases"].as_array().expect("cases") {
            let name = case["name"].as_str().expect("a name");
            let id = format!("{file}::{name}");
            let Some(rows) = case["rows"].as_array() else {
                ids.push(id);
                continue;
            };
            for row in rows {
                let cells: Vec<String> = row
                    .as_object()
                    .expect("a row")
                    .iter()
                    .map(|(key, value)| format!("{key}={}", value.to_string().trim_matches('"')))
                    .collect();
                ids.push(format!("{id} [{}]", cells.join(", ")));
            }
        }
    }
    ids
}

#[test]
fn the_pack_has_cases_enough_and_every_defect_names_some_of_them() {
    let ids = case_ids();
    assert!(ids.len() >= 25, "{}", ids.len());
    let pair = Double::embedded().expect("sound doubles");
    let defects = pair.new.defects();
    assert!(defects.len() >= 8);
    for defect in defects {
        assert!(!defect.about.is_empty() && !defect.findings.is_empty());
        for finding in defect.findings {
            assert!(
                ids.contains(&finding.case),
                "{}: {}",
                defect.name,
                finding.case
            );
        }
    }
}

/// What a request shows of a broken or sound pair's new side; where the answer breaks, that.
async fn shown(defect: Option<&str>, method: &str, path: &str, body: &str) -> String {
    use crate::mock_support::{NEW_BASE, bearer, client};
    let doubles = shipped(defect).await;
    let new = &doubles.running()[1];
    let url = format!("{}{NEW_BASE}{path}", new.url());
    let request = client().request(method.parse().unwrap(), &url);
    let request = request.header("authorization", bearer(new).await);
    let response = request
        .body(body.to_owned())
        .send()
        .await
        .expect("an answer");
    let mut headers = response.headers().clone();
    headers.remove("date");
    let head = format!("{} {headers:?}", response.status());
    let body = response.text().await.unwrap_or_else(|_| "broken".into());
    // What is new in each answer, broken or not.
    let new_each_time = regex::Regex::new(
        r#"127.0.0.1:[0-9]+|ord-[0-9a-f]{32}|[0-9T:-]+\.[0-9]+Z|\\"[0-9a-f]{16}\\""#,
    );
    let text = format!("{head}\n{body}");
    let text = new_each_time
        .unwrap()
        .replace_all(&text, "NEW")
        .into_owned();
    doubles.stop().await;
    text
}

#[tokio::test]
async fn each_shipped_defect_breaks_the_answer_that_it_names() {
    let requests = [
        ("price-as-string", "GET", "/orders/ord-1001", ""),
        ("missing-field", "GET", "/customers/cus-18", ""),
        ("extra-field", "GET", "/customers/cus-19", ""),
        ("null-for-missing", "GET", "/customers/cus-19", ""),
        ("wrong-status", "POST", "/orders/search", "{}"),
        ("lost-etag", "GET", "/orders/ord-1003", ""),
        (
            "lost-location",
            "POST",
            "/orders",
            r#"{"sku":"A-1","quantity":1}"#,
        ),
        ("host-leak", "GET", "/orders/ord-1004", ""),
        ("wrong-length", "GET", "/terms", ""),
        ("reordered-list", "GET", "/customers", ""),
        ("last-digit", "GET", "/numbers", ""),
        ("charset", "GET", "/articles.csv", ""),
    ];
    let pair = Double::embedded().expect("sound doubles");
    let quick = pair.new.defects().into_iter();
    let quick = quick.filter(|d| d.findings.iter().all(|f| f.case.contains("/quick/")));
    let mut untried: Vec<String> = quick.map(|d| d.name).collect();
    for (name, method, path, body) in requests {
        untried.retain(|untried| untried != name);
        let sound = shown(None, method, path, body).await;
        let broken = shown(Some(name), method, path, body).await;
        assert_ne!(sound, broken, "{name}");
        assert_eq!(
            sound,
            shown(None, method, path, body).await,
            "not by chance"
        );
        let other = shown(Some(name), "GET", "/health", "").await;
        assert_eq!(other, shown(None, "GET", "/health", "").await, "{name}");
    }
    assert_eq!(untried, ["short-life"], "tried with the tokens");
}
