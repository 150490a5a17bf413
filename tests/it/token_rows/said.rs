//! B: rows of what an answer says of a token: its life, its scopes, the tokens beside it.

use serde_json::json;

use super::made::{NEW, OLD, REFRESH, adding, changed, claiming, good, json, jwt, members, usual};
use super::{Row, hold, rows as table};

const STAYS: &str =
    "grant: client_credentials, expect: { old: { token: jwt }, new: { token: jwt } }";
const USER: &str = ", grant: password, username: somebody, password: the-password-of-somebody";
const BY_USER: &str = "grant: password";

#[test]
fn what_an_answer_says_otherwise_is_found() {
    hold(&rows());
}

/// The rows of B behind those of the token.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = lives();
    rows.extend(scopes());
    rows.extend(others());
    rows
}

/// The old answer without a life.
fn silent() -> Vec<u8> {
    let mut members = members(OLD);
    members.as_object_mut().unwrap().remove("expires_in");
    json(200, &members.to_string())
}

fn lives() -> Vec<Row> {
    table! {
        "B24" "no life": usual, || changed("expires_in", None) => "B24 breaking token $.expires_in removed";
        "B24" "a life where none was": silent, || good(NEW) => "B24 cosmetic token $.expires_in added";
        "B25" "a life in a text": usual, || changed("expires_in", Some(json!("3600")))
            => "B25 breaking token $.expires_in type", "B45 risky token $ unparsable";
        "B45" "a life with a fraction": usual, || changed("expires_in", Some(json!(3600.0)))
            => "B25 breaking token $.expires_in type", "B45 risky token $ unparsable";
        "B26" "a life in milliseconds": usual, || changed("expires_in", Some(json!(3_600_000_000_u64)))
            => "B26 breaking token $.expires_in value";
        "B27" "900 s for 3600": usual, || changed("expires_in", Some(json!(900))) => "B27 risky token $.expires_in value";
        "B27" "half a minute for an hour": usual, || changed("expires_in", Some(json!(30)))
            => "B27 breaking token $.expires_in value";
        "B28" "two hours for one": usual, || changed("expires_in", Some(json!(7200)))
            => "B28 risky token $.expires_in value";
    }
}

fn scopes() -> Vec<Row> {
    table! {
        "B30" "nothing is said of less than was asked for" [client: ", scope: a b c"]: usual, || changed("scope", None)
            => "B30 breaking token $.scope removed";
        "B31" "a scope less": usual, || changed("scope", Some(json!("a"))) => "B31 breaking token $.scope value";
        "B31" "a scope more": usual, || changed("scope", Some(json!("a b c"))) => "B31 risky token $.scope added";
        "B32" "scopes in a list": usual, || changed("scope", Some(json!(["a", "b"])))
            => "B32 breaking token $.scope type", "B45 risky token $ unparsable";
    }
}

fn renewable(token: &str, refresh: &str) -> Vec<u8> {
    adding(token, "refresh_token", json!(refresh))
}

fn others() -> Vec<Row> {
    table! {
        "B33" "no refresh token" [client: USER, case: BY_USER]: || renewable(OLD, REFRESH), || good(NEW)
            => "B33 breaking token $.refresh_token removed";
        "B33" "a refresh token where none was" [client: USER, case: BY_USER]: usual, || renewable(NEW, REFRESH)
            => "B33 risky token $.refresh_token added";
        "B34" "a refresh token for a client": usual, || renewable(NEW, REFRESH)
            => "B34 risky token $.refresh_token added";
        "B35" "a long refresh token" [client: USER, case: BY_USER]:
            || renewable(OLD, REFRESH), || renewable(NEW, &REFRESH.repeat(8))
            => "B35 risky token $.refresh_token length";
        "B35" "a refresh token that no form carries as it is" [client: USER, case: BY_USER]:
            || renewable(OLD, REFRESH), || renewable(NEW, &REFRESH.replace('-', "\u{e9}"))
            => "B35 breaking token $.refresh_token length";
        "B36" "no ID token" [client: USER, case: BY_USER]: || adding(OLD, "id_token", json!("an.id.token")), || good(NEW)
            => "B36 breaking token $.id_token removed";
        "B15" "a longer JWT where JWTs are meant" [case: STAYS]: jwt, || claiming("roles", Some(json!("r".repeat(2_000))))
            => "B15 cosmetic token $.access_token length";
    }
}
