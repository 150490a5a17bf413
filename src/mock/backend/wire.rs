//! Operations that show what a gateway does to messages on their way: SOAP, paths, sizes, delays,
//! character sets, redirects.

use std::fmt::Write as _;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::seed::{ARTICLES, amount};
use super::{Backend, Handler, Seen};
use crate::hex::hex;
use crate::mock::answer::Answer;
use crate::mock::json::{Json, object};

pub(super) const OPERATIONS: &[(&str, Handler)] = &[
    ("POST /soap", soap),
    ("GET /paths/{segment}", segment),
    ("GET /files/*", files),
    ("GET /large", large),
    ("POST /size", size),
    ("GET /slow", slow),
    ("GET /empty", empty),
    ("POST /jobs", job),
    ("GET /latin1", latin1),
    ("GET /moved", moved),
    ("GET /own-cors", own_cors),
    ("OPTIONS /capabilities", capabilities),
    ("GET /capabilities", capabilities),
    ("GET /reports/turnover", turnover),
    ("GET /quota/burst", turnover),
    ("GET /quota/application", turnover),
    ("GET /quota/ample", turnover),
    ("GET /quota/few", turnover),
    ("GET /broken", turnover),
];

/// Bytes of the largest answer that may be asked for.
const LARGEST: usize = 64 * 1024;

const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// A SOAP 1.1 service with one operation, `getPrice`; any other is a fault of its own.
fn soap(_: &Backend, seen: &Seen<'_>) -> Answer {
    let sent = String::from_utf8_lossy(&seen.call.body);
    let article = ARTICLES
        .iter()
        .find(|(sku, _, _)| sent.contains(&format!(">{sku}<")));
    let action = seen.call.headers.text("soapaction").unwrap_or_default();
    let known = action.trim_matches('"').ends_with("getPrice");
    let (status, body) = match article.filter(|_| known) {
        Some((sku, price, _)) => (
            200,
            format!(
                "<p:getPriceResponse xmlns:p=\"urn:example:prices\"><p:sku>{sku}</p:sku><p:price currency=\"EUR\">{}</p:price></p:getPriceResponse>",
                amount(*price)
            ),
        ),
        None => (
            500,
            "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>no such operation or article</faultstring></soap:Fault>".to_owned(),
        ),
    };
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"{ENVELOPE}\"><soap:Body>{body}</soap:Body></soap:Envelope>"
    );
    Answer::of(status, "text/xml; charset=UTF-8", text)
}

/// A segment of the path, decoded, and the path as it arrived.
fn segment(_: &Backend, seen: &Seen<'_>) -> Answer {
    let body = object! {
        "segment" => seen.part("segment"),
        "path" => seen.call.path.as_str(),
        "query" => seen.call.query.as_str(),
    };
    Answer::json(200, &body)
}

fn files(_: &Backend, seen: &Seen<'_>) -> Answer {
    Answer::json(200, &object! { "path" => seen.call.path.as_str() })
}

/// `kb` KiB of JSON.
fn large(_: &Backend, seen: &Seen<'_>) -> Answer {
    let kib: usize = number(seen, "kb").unwrap_or(64);
    let mut text = String::from("[");
    while text.len() < kib.min(LARGEST) * 1024 {
        let comma = if text.len() > 1 { "," } else { "" };
        let _ = write!(
            text,
            "{comma}{{\"at\":{},\"text\":\"a line of a large answer\"}}",
            text.len()
        );
    }
    text.push(']');
    Answer::of(200, "application/json", text)
}

/// What arrived of a body: its length, its digest, its type.
fn size(_: &Backend, seen: &Seen<'_>) -> Answer {
    let call = seen.call;
    let body = object! {
        "bytes" => Json::number(call.body.len()),
        "sha256" => hex(&Sha256::digest(&call.body)),
        "type" => call.headers.text("content-type").unwrap_or_default(),
    };
    Answer::json(200, &body)
}

/// An answer that takes `ms` milliseconds.
fn slow(_: &Backend, seen: &Seen<'_>) -> Answer {
    let mut answer = Answer::json(200, &object! { "done" => true });
    answer.delay = Duration::from_millis(number(seen, "ms").unwrap_or(0));
    answer
}

fn number<T: std::str::FromStr>(seen: &Seen<'_>, name: &str) -> Option<T> {
    seen.call.param(name)?.parse().ok()
}

fn empty(_: &Backend, _: &Seen<'_>) -> Answer {
    Answer::empty(200)
}

/// A job that is taken and not yet done: 202 with a body.
fn job(_: &Backend, seen: &Seen<'_>) -> Answer {
    let at = format!("{}/health", seen.address);
    Answer::json(202, &object! { "state" => "queued" }).with("Location", at)
}

/// Text of another character set than UTF-8.
fn latin1(_: &Backend, _: &Seen<'_>) -> Answer {
    let text: &[u8] = b"Stra\xdfe, caf\xe9, 20 \xb5m";
    Answer::of(200, "text/plain; charset=iso-8859-1", text)
}

fn moved(_: &Backend, seen: &Seen<'_>) -> Answer {
    Answer::empty(302).with("Location", format!("{}/terms", seen.address))
}

/// A backend with CORS headers of its own.
fn own_cors(_: &Backend, _: &Seen<'_>) -> Answer {
    Answer::json(200, &object! { "cors" => "of the backend" })
        .with("Access-Control-Allow-Origin", "https://partner.example.com")
}

/// An operation that declares OPTIONS, so that the request is passed on.
fn capabilities(_: &Backend, seen: &Seen<'_>) -> Answer {
    let body = object! { "method" => seen.call.method.as_str() };
    Answer::json(200, &body).with("Allow", "GET, OPTIONS")
}

fn turnover(_: &Backend, _: &Seen<'_>) -> Answer {
    Answer::json(200, &object! { "turnover" => Json::number("1280.50") })
}
