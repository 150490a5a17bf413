//! `cutover token`: what a token is, on each side and beside each other, in plain words.

use cutover::mock::{Doubles, pair_file};

use crate::mock_support::shipped;
use crate::sandbox::Sandbox;

/// A pair of the shipped doubles, their introspection endpoints named, and a scope asked for that nobody
/// grants.
fn pair(doubles: &Doubles) -> String {
    let endpoint = |at: usize, path: &str| {
        let url = doubles.running()[at].url();
        format!("introspection_endpoint: {url}{path}\n      scope: orders.read margins.read\n")
    };
    let text = pair_file(doubles.running());
    let (old, new) = text.split_once("\nnew:\n").unwrap();
    let with = |side: &str, more: &str| {
        let name = "      grant: client_credentials\n";
        side.replacen(name, &format!("{name}      {more}"), 1)
    };
    let old = with(old, &endpoint(0, "/introspect"));
    let new = with(new, &endpoint(1, "/oauth2/introspect"));
    format!("{old}\nnew:\n{new}")
}

#[tokio::test(flavor = "multi_thread")]
async fn both_tokens_stand_beside_each_other_with_what_is_wrong_below() {
    let doubles = shipped(None).await;
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&doubles));
    let mut command = sandbox.command(&["token", "both", "app"]);
    let output = command.env("COLUMNS", "110").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let row = |name: &str| {
        let mut lines = text.lines();
        let line = lines.find(|line| line.starts_with(name));
        let words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
        words.join(" ")
    };
    assert_eq!(
        row("shape"),
        "shape opaque, 36 characters jwt, 1465 characters"
    );
    assert_eq!(row("life"), "life 3600 s 900 s");
    assert_eq!(
        row("scope asked"),
        "scope asked orders.read margins.read orders.read margins.read"
    );
    assert_eq!(
        row("scope granted"),
        "scope granted orders.read orders.read"
    );
    assert_eq!(row("claims.aut"), "claims.aut - \"APPLICATION\"");
    assert!(
        row("introspection").contains("active: active, client_id"),
        "{text}"
    );
    let (_, below) = text.split_once("\n\nold\n").unwrap();
    let (old, new) = below.split_once("\n\nnew\n").unwrap();
    let missing =
        "  warning: not granted, though asked for: margins.read; calls that need it are refused";
    let shared = "  warning: asking twice gives the same token: unless cutover has an application of its own, \
                  this token was already live: somebody else holds it";
    assert_eq!(old.lines().collect::<Vec<_>>(), [shared, missing]);
    let ids: Vec<&str> = new
        .lines()
        .filter_map(|line| line.strip_prefix("  check "))
        .collect();
    assert_eq!(ids.len(), 2, "{new}");
    assert!(
        ids[0].starts_with("F02, risky: ") && ids[1].starts_with("F09, breaking: "),
        "{new}"
    );
    assert!(new.contains(missing), "{new}");
    doubles.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_for_machines() {
    let doubles = shipped(None).await;
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &pair(&doubles));
    let ran = sandbox.run(&["token", "both", "app", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let of = |name: &str| [&told[0][name], &told[1][name]].map(ToString::to_string);
    assert_eq!(of("side"), ["\"old\"", "\"new\""]);
    assert_eq!(of("shape"), ["\"opaque\"", "\"jwt\""]);
    assert_eq!(of("expires_in"), ["3600", "900"]);
    assert_eq!(of("scope_granted"), ["\"orders.read\"", "\"orders.read\""]);
    // Of a JWT its claims are told too.
    let opaque = "\"active: active, client_id, exp, iat, scope, token_type, username\"";
    let jwt = "\"active: active, aud, client_id, exp, iat, iss, jti, nbf, scope, sub, token_type, username\"";
    assert_eq!(of("introspection"), [opaque, jwt]);
    assert_eq!(told[0]["warnings"].as_array().unwrap().len(), 2);
    assert_eq!(told[1]["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(told[1]["checks"][1]["rfc"], "RFC 9068 section 2.2");
    doubles.stop().await;
}
