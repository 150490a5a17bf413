//! Operations that show one trait of HTTP each: other media types, packing, cookies, echo.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use uuid::Uuid;

use super::seed::{ARTICLES, CUSTOMERS, amount};
use super::{Backend, Handler, Seen};
use crate::mock::answer::Answer;
use crate::mock::json::{Json, object};

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("GET /customers", customers),
    ("GET /customers/{id}", customer),
    ("GET /articles", articles),
    ("GET /articles.xml", articles_xml),
    ("GET /articles.csv", articles_csv),
    ("GET /terms", terms),
    ("GET /numbers", numbers),
    ("GET /clock", clock),
    ("GET /health", health),
    ("GET /session", session),
    ("GET /packed", packed),
    ("GET /reports/margins", margins),
    ("GET /quota", health),
    ("GET /stock", health),
    ("GET /echo", echo),
    ("POST /echo", echo),
    ("PUT /echo", echo),
    ("GET /echo/*", echo),
];

fn customer_json((id, name, email): &(&str, &str, &str)) -> Json {
    object! { "id" => *id, "name" => *name, "email" => *email }
}

fn customers(_: &Backend, _: &Seen<'_>) -> Answer {
    let list = CUSTOMERS.iter().map(customer_json).collect();
    Answer::json(200, &Json::List(list))
}

fn customer(_: &Backend, seen: &Seen<'_>) -> Answer {
    match CUSTOMERS.iter().find(|(id, _, _)| *id == seen.part("id")) {
        Some(found) => Answer::json(200, &customer_json(found)),
        None => Answer::json(
            404,
            &object! { "error" => "not-found", "message" => "there is no such customer" },
        ),
    }
}

fn articles(_: &Backend, _: &Seen<'_>) -> Answer {
    let list = ARTICLES
        .iter()
        .map(|(sku, price, name)| object! { "sku" => *sku, "name" => *name, "price" => amount(*price) })
        .collect();
    Answer::json(200, &Json::List(list)).with("Cache-Control", "max-age=300")
}

fn articles_xml(_: &Backend, _: &Seen<'_>) -> Answer {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<articles>");
    for (sku, price, name) in ARTICLES {
        let price = amount(*price);
        let _ = write!(
            text,
            "\n  <article sku=\"{sku}\"><name>{name}</name><price currency=\"EUR\">{price}</price></article>"
        );
    }
    text.push_str("\n</articles>\n");
    Answer::of(200, "application/xml", text)
}

fn articles_csv(_: &Backend, _: &Seen<'_>) -> Answer {
    let mut text = String::from("sku,name,price\r\n");
    for (sku, price, name) in ARTICLES {
        let _ = write!(text, "{sku},\"{name}\",{}\r\n", amount(*price));
    }
    Answer::of(200, "text/csv; charset=utf-8", text)
}

fn terms(_: &Backend, _: &Seen<'_>) -> Answer {
    let text =
        "Terms of delivery\n\nGoods leave the warehouse within two days.\nReturns: 30 days.\n";
    Answer::of(200, "text/plain; charset=utf-8", text)
}

/// Numbers that tell whether anything on the way went through a float.
fn numbers(_: &Backend, _: &Seen<'_>) -> Answer {
    let text =
        r#"{"fraction":12.50,"large":9007199254740993,"small":1e-7,"zero":0.0,"negative":-3}"#;
    Answer::of(200, "application/json", text)
}

/// Values that are new in each answer.
fn clock(_: &Backend, _: &Seen<'_>) -> Answer {
    let body = object! {
        "now" => super::orders::now(),
        "requestId" => Uuid::new_v4().to_string(),
        "zone" => "UTC",
    };
    Answer::json(200, &body)
}

fn health(_: &Backend, _: &Seen<'_>) -> Answer {
    Answer::empty(204)
}

fn session(_: &Backend, _: &Seen<'_>) -> Answer {
    let cookie = format!("session={}; Path=/; HttpOnly", Uuid::new_v4().simple());
    Answer::json(200, &object! { "signedIn" => true })
        .with("Set-Cookie", cookie)
        .with("Set-Cookie", "theme=light; Path=/")
}

/// The same content, gzipped for those who accept it.
fn packed(_: &Backend, seen: &Seen<'_>) -> Answer {
    let words = vec![Json::from("the same content, packed"); 40];
    let answer = Answer::json(200, &object! { "lines" => words }).with("Vary", "Accept-Encoding");
    let accepted = seen
        .call
        .headers
        .text("accept-encoding")
        .unwrap_or_default();
    if !accepted.contains("gzip") {
        return answer;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    match encoder
        .write_all(&answer.body)
        .and_then(|()| encoder.finish())
    {
        Ok(bytes) => {
            let mut answer = answer.with("Content-Encoding", "gzip");
            answer.body = bytes.into();
            answer
        }
        Err(_) => answer,
    }
}

fn margins(_: &Backend, _: &Seen<'_>) -> Answer {
    Answer::json(200, &object! { "margin" => Json::number("0.37") })
}

/// The request as it arrived here.
fn echo(_: &Backend, seen: &Seen<'_>) -> Answer {
    let mut headers: Vec<(String, Json)> = Vec::new();
    for (name, value) in seen.call.headers.iter() {
        headers.push((name.to_ascii_lowercase(), Json::from(value.as_ref())));
    }
    headers.sort_by(|a, b| a.0.cmp(&b.0));
    let body = object! {
        "method" => seen.call.method.as_str(),
        "path" => seen.call.path.as_str(),
        "query" => seen.call.query.as_str(),
        "headers" => Json::Map(headers),
        "body" => String::from_utf8_lossy(&seen.call.body).into_owned(),
    };
    Answer::json(200, &body)
}
