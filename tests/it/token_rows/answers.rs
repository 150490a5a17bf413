//! B: rows of what carries a token, and of the token.

use std::io::Write as _;

use serde_json::json;

use super::made::{NEW, OLD, adding, changed, good, json, jwt, members, usual, with};
use super::{Row, hold, rows as table};
use crate::serve::answer;

const MEANT: &str =
    "grant: client_credentials, expect: { old: { token: opaque }, new: { token: jwt } }";

#[test]
fn what_an_answer_lacks_is_found() {
    hold(&rows());
}

/// Every row of B.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = carriers();
    rows.extend(tokens());
    rows.extend(words());
    rows
}

/// A sound body in other bytes.
fn raw(change: fn(String) -> String) -> Vec<u8> {
    json(200, &change(members(NEW).to_string()))
}

fn html() -> Vec<u8> {
    let headers = [("Content-Type", "text/html"), ("Cache-Control", "no-store")];
    answer(200, &headers, &members(NEW).to_string())
}

fn stored() -> Vec<u8> {
    let json = [("Content-Type", "application/json")];
    answer(200, &json, &members(NEW).to_string())
}

fn cookie() -> Vec<u8> {
    let cookie = [("Set-Cookie", "node=1; Path=/")];
    with(200, &cookie, &members(NEW).to_string())
}

fn gzip() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed
        .write_all(members(NEW).to_string().as_bytes())
        .unwrap();
    let packed = packed.finish().unwrap();
    let mut bytes = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n\
         Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        packed.len()
    )
    .into_bytes();
    bytes.extend(packed);
    bytes
}

fn carriers() -> Vec<Row> {
    table! {
        "B01" "another status": usual, || json(201, &members(NEW).to_string())
            => "B01 breaking status  value", "B45 risky token $ unparsable";
        "B02" "another media type": usual, html
            => "B02 breaking header content-type type", "B45 risky token $ unparsable";
        "B04" "an answer that may be stored": usual, stored => "B04 breaking header cache-control[no-store] removed";
        "B06" "a byte order mark": usual, || raw(|body| format!("\u{feff}{body}"))
            => "B06 breaking token $ format", "B45 risky token $ unparsable";
        "B06" "a list in place of an object": usual, || json(200, "[1]")
            => "B09 breaking token $.access_token removed", "B06 breaking token $ unparsable";
        "B07" "a member that stands twice": usual, || raw(|body| body.replacen('{', "{\"scope\":\"a b\",", 1))
            => "B07 breaking token $.scope duplicate-key", "B45 risky token $ unparsable";
        "B41" "escapes that nobody needs": usual, || raw(|body| body.replace("Bearer", "\\u0042earer"))
            => "B41 risky token $ format";
        "B42" "a packed answer": usual, gzip => "B42 cosmetic header content-encoding added";
        "B43" "a cookie": usual, cookie => "B43 risky header set-cookie[node] added";
        "B44" "an answer of more than 4 KiB": usual, || raw(|body| body + &" ".repeat(5_000))
            => "B44 risky token $ length";
    }
}

fn tokens() -> Vec<Row> {
    table! {
        "B09" "no token": usual, || changed("access_token", None)
            => "B09 breaking token $.access_token removed", "B06 breaking token $ unparsable";
        "B10" "a letter that no header carries": usual, || good(&format!("{NEW}\u{e9}"))
            => "B10 breaking token $.access_token format";
        "B11" "a bar in the token": usual, || good(&NEW.replace('-', "|"))
            => "B11 breaking token $.access_token format";
        "B11" "no bar in the token any more": || good(&OLD.replace('-', "|")), || good(NEW)
            => "B11 cosmetic token $.access_token format";
        "B12" "a blank before the token": usual, || good(&format!(" {NEW}"))
            => "B12 breaking token $.access_token format";
        "B13" "a JWT that nobody spoke of": usual, jwt
            => "B13 risky token $.access_token format", "B15 risky token $.access_token length";
        "B13" "a JWT that is meant" [case: MEANT]: usual, jwt
            => "B13 cosmetic token $.access_token format", "B15 cosmetic token $.access_token length";
        "B13" "an opaque token where a JWT is meant" [case: MEANT]: usual, || good(NEW)
            => "B13 breaking expect token expectation";
        "B14" "a JWE": usual, || good(&format!("eyJhbGciOiJSU0EifQ.{}", ["aaaa"; 4].join(".")))
            => "B14 risky token $.access_token format";
        "B15" "a token that is longer than 64": usual, || good(&NEW.repeat(2))
            => "B15 risky token $.access_token length";
        "B18" "a token that can be guessed": usual, || good("123456789012345678901234567890123456")
            => "B18 breaking token $.access_token value";
    }
}

fn words() -> Vec<Row> {
    table! {
        "B20" "no token type": usual, || changed("token_type", None)
            => "B20 breaking token $.token_type removed", "B45 risky token $ unparsable";
        "B21" "another token type": usual, || changed("token_type", Some(json!("jwt")))
            => "B21 breaking token $.token_type value";
        "B22" "a token type in lower case": usual, || changed("token_type", Some(json!("bearer")))
            => "B22 cosmetic token $.token_type format";
        "B23" "tokens that are bound to a key": usual, || changed("token_type", Some(json!("DPoP")))
            => "B23 breaking token $.token_type value";
        "B39" "a member of another type": || adding(OLD, "more", json!({ "a": 1 })), || adding(NEW, "more", json!({ "a": "1" }))
            => "B39 breaking token $.more.a type";
        "B40" "a member that is null": || adding(OLD, "userName", json!("me")), || adding(NEW, "userName", json!(null))
            => "B40 breaking token $.userName type";
        "B37" "a member more": usual, || adding(NEW, "expires_at", json!(7)) => "B37 cosmetic token $.expires_at added";
        "B38" "a member less": || adding(OLD, "userName", json!("me")), || good(NEW)
            => "B38 risky token $.userName removed";
    }
}
