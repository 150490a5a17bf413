//! Every probe on the doubles that ship with the product: what it finds there is what the two platforms
//! are known to do.

use cutover::mock::{Doubles, StartOptions, pair_file};
use cutover::results::Results;

use crate::mock_support::double;
use crate::sandbox::{Sandbox, outcomes};

const OLD: &str = include_str!("../../mocks/api-cloud.yaml");
const NEW: &str = include_str!("../../mocks/choreo.yaml");

/// The results of some probe cases; the doubles' files are changed first, and the new side is broken by a
/// defect where one is named.
async fn results(change: impl Fn(&str) -> String, defect: Option<&str>, cases: &str) -> Results {
    results_of(change, str::to_owned, defect, cases).await
}

/// The same; the pair file is changed too.
async fn results_of(
    change: impl Fn(&str) -> String,
    pair: impl Fn(&str) -> String,
    defect: Option<&str>,
    cases: &str,
) -> Results {
    let written = pair;
    let pair = vec![double(&change(OLD)), double(&change(NEW))];
    let options = StartOptions {
        defect: defect.map(str::to_owned),
        ..StartOptions::default()
    };
    let doubles = Doubles::start(pair, &options).await.unwrap();
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &written(&pair_file(doubles.running())));
    let suite = format!("name: P\napi: orders\ntoken: app\ncases:\n{cases}");
    sandbox.file("suites/p.yaml", &suite);
    let run = tokio::task::spawn_blocking(move || {
        let flags = [
            "run",
            "--probes",
            "--allow-writes",
            "--allow-cross-side",
            "-j",
            "1",
        ];
        sandbox.results(&flags).1
    });
    let results = run.await.unwrap();
    doubles.stop().await;
    results
}

async fn run(change: impl Fn(&str) -> String, cases: &str) -> Vec<String> {
    outcomes(&results(change, None, cases).await)
}

/// A text in a double's file, replaced where it stands.
fn with(from: &'static str, to: &'static str) -> impl Fn(&str) -> String {
    move |text| text.replace(from, to)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_probe_finds_what_the_platforms_do() {
    let cases = "  - { name: reuse, probe: token-reuse, with: { request: GET /orders } }
  - { name: revocation, probe: revocation, with: { request: GET /orders, within: 3s } }
  - { name: rotation, probe: refresh-rotation, token: user }
  - { name: tampered, probe: tampered-token, with: { request: GET /orders } }
  - { name: cross, probe: cross-acceptance, with: { request: GET /orders } }
  - { name: cors, probe: cors, with: { request: GET /orders, method: POST } }
  - { name: after, request: GET /terms, headers: { Origin: \"https://app.example.com\" }, compare: { ignore: [ \"header:access-control-allow-headers\", \"header:access-control-allow-methods\", \"header:access-control-allow-origin\", \"header:activityid\", \"header:server\" ] } }
";
    assert_eq!(
        run(str::to_owned, cases).await,
        [
            // One serves its token again, the other makes a fresh one.
            "reuse: different token probe.token-reuse value",
            "revocation: same",
            "rotation: same",
            "tampered: same",
            // Neither knows the other's tokens.
            "cross: different token probe.old-token-at-new refused, token probe.new-token-at-old refused",
            // OPTIONS without a requested method: 405 on the one, 204 on the other.
            "cors: same status  value",
            "after: same",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_live_shortly_are_refused_in_time() {
    let short = |text: &str| {
        text.replace("life: 3600", "life: 4")
            .replace("life: 900", "life: 4")
            .replace("leeway: 5 ", "leeway: 0 ")
    };
    let case = "  - { name: expiry, probe: expiry, with: { request: GET /orders, within: 20s, leeway: 2s } }\n";
    assert_eq!(run(short, case).await, ["expiry: same"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refusals_of_a_limit_differ_as_it_is_known() {
    let limited = with(
        "{ limit: 0, per: 1m, only: [ GET /quota ] }",
        "{ limit: 5, per: 1440m, only: [ GET /orders ] }",
    );
    let case = "  - { name: throttle, probe: throttle, with: { request: GET /orders, limit: 5, per: 1m }, \
                accept: [ { known: choreo/throttle-headers }, { known: choreo/fault-json } ] }\n";
    let got = run(limited, case).await;
    assert!(
        got[0].starts_with("throttle: different header access-control-allow-headers removed"),
        "{got:?}"
    );
    assert!(got[0].contains("header retry-after removed"), "{got:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_side_speaks_a_version_of_tls_more() {
    let tls = |text: &str| text.replace("tls: none", "tls: server");
    let case = "  - { name: tls, probe: tls }\n";
    assert_eq!(run(tls, case).await, ["tls: same tls protocol added"]);
    let both = |text: &str| tls(text).replace("tls_versions: [1.2]", "tls_versions: [1.2, 1.3]");
    assert_eq!(run(both, case).await, ["tls: same"]);
}

/// Choreo documents 10 KiB for a header field, and 40 KiB for all.
#[tokio::test(flavor = "multi_thread")]
async fn the_longest_token_is_what_the_new_side_documents() {
    let case = "  - { name: header, probe: header-limit, with: { request: GET /orders } }\n";
    let results = results(str::to_owned, None, case).await;
    let found = &results.cases[0].differences[0];
    assert_eq!(
        (found.path.as_str(), found.kind.word()),
        ("probe.header-limit", "length")
    );
    let longest = found.detail["new"].as_u64().unwrap();
    assert!((10_190..=10_240).contains(&longest), "{longest}");
}

/// The probe on the shipped doubles, the new one spoken to over HTTP/2.
pub(crate) fn headers_over_http_2() -> (i32, Results) {
    let case = "  - { name: token, probe: header-limit, with: { request: GET /orders } }\n";
    let second = |pair: &str| pair.replacen("\nnew:\n", "\nnew:\n  http: \"2\"\n", 1);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let results = runtime.block_on(results_of(str::to_owned, second, None, case));
    (i32::from(results.run.exit.unwrap_or_default()), results)
}

/// Over HTTP/2 headers have a limit of their own, and a check.
#[tokio::test(flavor = "multi_thread")]
async fn over_http_2_the_longest_header_is_a_check_of_its_own() {
    let cases = "  - { name: token, probe: header-limit, with: { request: GET /orders } }
  - { name: header, probe: header-limit, with: { request: GET /orders, grow: header } }
";
    let second = |pair: &str| pair.replacen("\nnew:\n", "\nnew:\n  http: \"2\"\n", 1);
    for (pair, check) in [
        (str::to_owned as fn(&str) -> String, "E15"),
        (second, "E16"),
    ] {
        let results = results_of(str::to_owned, pair, None, cases).await;
        for case in &results.cases {
            let found = case.differences.iter();
            let found = found.map(|d| (d.check.as_deref().unwrap(), d.kind.word()));
            assert_eq!(found.collect::<Vec<_>>(), [(check, "length")], "{case:?}");
        }
    }
}

/// The defects of these are made here: they are of no suite of the shipped pack.
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_new_side_is_found_out() {
    let defect = |admit: &str| {
        let text = format!(
            "defects:\n  broken: {{ feature: oauth2-authentication, where: token, kind: not-refused, \
             change: {{ admit: [ {admit} ] }} }}\n"
        );
        move |file: &str| file.replace("defects:\n", &text)
    };
    let revocation =
        "  - { name: p, probe: revocation, with: { request: GET /orders, within: 3s } }\n";
    let got = results(defect("revoked-token"), Some("broken"), revocation).await;
    assert_eq!(
        outcomes(&got),
        ["p: different token probe.revocation still-valid"]
    );
    let tampered = "  - { name: p, probe: tampered-token, with: { request: GET /orders } }\n";
    let got = results(defect("invalid-token"), Some("broken"), tampered).await;
    let holes = [
        "truncated",
        "one-character",
        "none",
        "stripped",
        "foreign-key",
        "payload",
        "expired",
        "aud",
        "iss",
    ];
    let paths: Vec<&str> = got.cases[0]
        .differences
        .iter()
        .map(|d| d.path.trim_start_matches("probe."))
        .collect();
    // Where the altered scope is taken one character more is not asked.
    let wanted: Vec<&str> = holes
        .into_iter()
        .filter(|hole| *hole != "one-character")
        .collect();
    assert_eq!(paths, wanted);
    let reuse = "  - { name: p, probe: token-reuse, with: { request: GET /orders } }\n";
    let got = run(with("reissue: fresh", "reissue: revokes"), reuse).await;
    assert_eq!(got, ["p: different token probe.token-reuse evicted"]);
}
