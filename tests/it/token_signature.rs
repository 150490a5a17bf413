//! `cutover token`: the signature of a JWT, by the keys of its issuer.

use std::path::Path;

use cutover::mock::{Doubles, pair_file};
use serde_json::Value;

use crate::command::{code, cutover, said};
use crate::mock_support::{double, shipped, start};

/// What is told of the new side's token, where the pair file has another place for the keys.
fn told(doubles: &Doubles, jwks_uri: Option<&str>) -> (Value, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = pair_file(doubles.running());
    let own = format!("{}/oauth2/jwks", doubles.running()[1].url());
    if let Some(uri) = jwks_uri {
        pair = pair.replace(&own, uri);
    }
    std::fs::write(folder.path().join("cutover.yaml"), pair).unwrap();
    let told = json(folder.path(), &["token", "new", "--json"]);
    let unmet = told[0]["checks"].as_array().unwrap().iter();
    let unmet = unmet.map(|check| check["id"].as_str().unwrap().to_owned());
    (told[0]["signature"].clone(), unmet.collect())
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let output = cutover(folder, args);
    assert_eq!(code(&output), 0, "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_is_checked_by_the_issuers_keys() {
    let doubles = shipped(None).await;
    let (signature, unmet) = told(&doubles, None);
    let text = signature.as_str().unwrap();
    assert!(text.starts_with("verified by JWKS, key "), "{text}");
    let wanted = ["F02", "F09"];
    assert_eq!(
        unmet, wanted,
        "Choreo's tokens have no `typ`, and `azp` for `client_id`"
    );
    doubles.stop().await;
}

const KEYS: &str = r#"
name: Keys
platform: generic
routes:
  - { request: GET /empty, json: { keys: [] } }
  - { request: GET /html, text: "<html>", headers: { Content-Type: text/html } }
  - { request: GET /other, json: { keys: [ { kty: RSA, kid: other, n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw", e: AQAB } ] } }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_do_not_help_are_told_as_what_they_are() {
    let doubles = shipped(None).await;
    let keys = start(vec![double(KEYS)]).await;
    let url = keys.running()[0].url();
    let kid = "YzA1YTYyNGJkNDMyY2E2MGVkOGFmNTE3MWUxMWY3OTBhN2RlMzcxMjQzNGE4NWQ0YTVjODU5ZDJmMjA5YWI4OQ_RS256";
    let cases = [
        (
            "empty",
            format!("not verified: the JWKS at {url}/empty have no key"),
        ),
        (
            "html",
            format!("not verified: what is at {url}/html is no JWKS (RFC 7517 section 5)"),
        ),
        (
            "none",
            format!("not verified: the JWKS at {url}/none answer 404"),
        ),
        (
            "other",
            format!("not verified: the JWKS have no key `{kid}`"),
        ),
    ];
    for (path, expected) in cases {
        let (signature, unmet) = told(&doubles, Some(&format!("{url}/{path}")));
        assert_eq!(
            (signature, unmet),
            (
                Value::from(expected),
                ["F02", "F04", "F09"].map(str::to_owned).to_vec()
            )
        );
    }
    let asked = keys.running()[0].connections().into_iter();
    let asked: usize = asked
        .map(|c| {
            String::from_utf8_lossy(&c.bytes)
                .matches("GET /other ")
                .count()
        })
        .sum();
    assert_eq!(asked, 2, "an unknown key is looked for once more");
    keys.stop().await;
    doubles.stop().await;
}
