//! C and D: rows of refusals, and of refreshes.

use serde_json::json;

use super::made::{NEW, OLD, REFRESH, SECRET, adding, good, json, refused, usual, with};
use super::{Row, hold, rows as table};
use crate::serve::answer;

#[test]
fn what_a_refusal_and_a_refresh_lack_is_found() {
    let results = hold(&rows());
    // What became of a refresh token is said in words, which are no secret.
    let lost = results.cases.iter().find(|case| case.case == LOST);
    let found = &lost.unwrap().differences[0];
    let shown = [&found.old, &found.new].map(|shown| shown.display().unwrap().into_owned());
    assert_eq!(shown, ["another one", "none"]);
}

const LOST: &str = "no new refresh token";

/// Every row of C and D that two answers show.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = refusals();
    rows.extend(refreshes());
    rows
}

const WANTS_401: &str = "grant: client_credentials, expect: { status: 401 }";
const WANTS_400: &str = "grant: client_credentials, expect: { status: 400 }";

fn challenged() -> Vec<u8> {
    let challenge = [("WWW-Authenticate", "Basic realm=\"tokens\"")];
    with(401, &challenge, r#"{"error":"invalid_client"}"#)
}

fn scope() -> Vec<u8> {
    refused("invalid_scope")
}

fn described(text: &str) -> Vec<u8> {
    let body = json!({ "error": "invalid_scope", "error_description": text });
    json(400, &body.to_string())
}

fn text() -> Vec<u8> {
    let headers = [
        ("Content-Type", "text/plain"),
        ("Cache-Control", "no-store"),
    ];
    answer(401, &headers, "Unauthorized")
}

fn client() -> Vec<u8> {
    json(401, r#"{"error":"invalid_client"}"#)
}

fn stored() -> Vec<u8> {
    let json = [("Content-Type", "application/json")];
    answer(400, &json, r#"{"error":"invalid_scope"}"#)
}

fn refusals() -> Vec<Row> {
    table! {
        "C01" "no challenge" [case: WANTS_401]: challenged, client => "C01 breaking header www-authenticate removed";
        "C03" "another error code" [case: WANTS_400]: scope, || refused("invalid_request")
            => "C03 breaking token $.error value";
        "C04" "another status of a refusal" [case: WANTS_400]: scope, || json(401, r#"{"error":"invalid_scope"}"#)
            => "C04 breaking status  value", "- breaking expect status expectation";
        "C05" "a refusal that is no JSON" [case: WANTS_401]: client, text => "C05 breaking token $.error removed";
        "C05" "refusals that are no JSON on either side" [case: WANTS_401]: text, text
            => "C05 cosmetic token $.error unparsable";
        "C06" "an error with a status of success" [case: WANTS_400]: scope, || json(200, r#"{"error":"invalid_scope"}"#)
            => "C04 breaking status  value", "C06 breaking token $.error value", "- breaking expect status expectation";
        "C07" "another wording" [case: WANTS_400]: || described("No such scope."), || described("Unknown scope.")
            => "C07 cosmetic token $.error_description value";
        "C08" "a quote in the wording" [case: WANTS_400]: || described("No such scope."), || described("No \"x\".")
            => "C07 cosmetic token $.error_description value", "C08 risky token $.error_description format";
        "C09" "a secret in the wording" [case: WANTS_400]: scope, || described(SECRET)
            => "C07 cosmetic token $.error_description value", "C09 breaking token $ value";
        "C10" "a refusal that may be stored" [case: WANTS_400]: scope, stored
            => "C10 cosmetic header cache-control[no-store] removed";
        "C17" "a token for what was refused" [case: WANTS_400]: scope, || good(NEW)
            => "C04 breaking status  value", "C17 breaking token $.access_token not-refused",
               "- breaking expect status expectation";
    }
}

/// A refresh token that nobody has had.
fn next() -> String {
    uuid::Uuid::new_v4().to_string()
}

const SEED: &str = ", grant: refresh_token, refresh_token: c2f8a1d0-7b34-4e92-9d15-3a6b8c7e0f21";

const REFRESHES: &str = "grant: refresh_token";

fn refreshes() -> Vec<Row> {
    table! {
        "D01" "a refresh token that gives nothing" [client: SEED, case: REFRESHES]: usual, || refused("invalid_grant")
            => "B01 breaking status  value", "D01 breaking token $.access_token removed";
        "D02" "a new refresh token" [client: SEED, case: REFRESHES]: usual, || adding(NEW, "refresh_token", json!(next()))
            => "D02 risky token $.refresh_token value";
        "D03" "no new refresh token" [client: SEED, case: REFRESHES]:
            || adding(OLD, "refresh_token", json!(next())), || good(NEW)
            => "D03 risky token $.refresh_token value";
        "D03" "the same refresh token again" [client: SEED, case: REFRESHES]:
            || adding(OLD, "refresh_token", json!(next())), || adding(NEW, "refresh_token", json!(REFRESH))
            => "D03 risky token $.refresh_token value";
    }
}
