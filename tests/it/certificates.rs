//! What a client certificate is worth at a double: whether Choreo takes one is not confirmed, so both are there.

use cutover::mock::{Double, pair_file};

use crate::mock_support::{double, start};
use crate::sandbox::Sandbox;

const SUITE: &str = include_str!("../../suites/api-cloud-to-choreo/client-mutual-ssl.yaml");

/// The verdicts of the suite for mutual TLS, where the new side takes certificates for this.
async fn verdicts(worth: &str) -> Vec<(String, String)> {
    let choreo = include_str!("../../mocks/choreo.yaml");
    let choreo = choreo.replace("certificates: enough", &format!("certificates: {worth}"));
    let old = Double::embedded().unwrap().old;
    let doubles = start(vec![old, double(&choreo)]).await;
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair_file(doubles.running()));
    sandbox.file("suites/mutual.yaml", SUITE);
    let (_, results) = tokio::task::block_in_place(|| sandbox.results(&["run"]));
    doubles.stop().await;
    let cases = results.cases.into_iter();
    cases
        .map(|case| (case.case, case.verdict.to_string()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_opens_the_api_or_is_worth_nothing() {
    let cases = |alone: &str| {
        [
            ("certificate and token", "same"),
            ("the certificate alone", alone),
            ("the handshake", "skipped"),
        ]
        .map(|(case, verdict)| (case.to_owned(), verdict.to_owned()))
    };
    assert_eq!(verdicts("enough").await, cases("same"));
    assert_eq!(verdicts("ignored").await, cases("different"));
}
