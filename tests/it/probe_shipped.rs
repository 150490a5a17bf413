//! Every probe on the doubles that ship with the product: what it finds there is what the two platforms
//! are known to do.

use cutover::mock::{Doubles, StartOptions, pair_file};

use crate::mock_support::double;
use crate::sandbox::{Sandbox, outcomes};

const OLD: &str = include_str!("../../mocks/api-cloud.yaml");
const NEW: &str = include_str!("../../mocks/choreo.yaml");

/// The outcomes of some probe cases; the doubles' files are changed first.
async fn run(change: impl Fn(&str) -> String, cases: &str) -> Vec<String> {
    let pair = vec![double(&change(OLD)), double(&change(NEW))];
    let doubles = Doubles::start(pair, &StartOptions::default())
        .await
        .unwrap();
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair_file(doubles.running()));
    sandbox.file(
        "suites/p.yaml",
        &format!("name: P\napi: orders\ntoken: app\ncases:\n{cases}"),
    );
    let run = tokio::task::spawn_blocking(move || {
        let flags = [
            "run",
            "--probes",
            "--allow-writes",
            "--allow-cross-side",
            "-j",
            "1",
        ];
        let (_, results) = sandbox.results(&flags);
        outcomes(&results)
    });
    let outcomes = run.await.unwrap();
    doubles.stop().await;
    outcomes
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
            "reuse: same token probe.token-reuse value",
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
        text.replace("life: 3600", "life: 2")
            .replace("life: 900", "life: 2")
    };
    let case = "  - { name: expiry, probe: expiry, with: { request: GET /orders, within: 20s, leeway: 2s } }\n";
    assert_eq!(run(short, case).await, ["expiry: same"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refusals_of_a_limit_differ_as_it_is_known() {
    let limited = with(
        "{ limit: 0, per: 1m, only: [ GET /quota ] }",
        "{ limit: 5, per: 5m, only: [ GET /orders ] }",
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
async fn two_sides_with_tls_are_alike() {
    let tls = with("tls: none", "tls: server");
    let case = "  - { name: tls, probe: tls }\n  - { name: header, probe: header-limit, with: { request: GET /orders } }\n";
    assert_eq!(run(tls, case).await[0], "tls: same");
}
