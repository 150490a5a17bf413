//! What a browser makes of answers.

use super::*;
use crate::message::Headers;

const PAGE: &str = "https://app.example.com";

fn answer(status: u16, headers: &[(&str, &str)]) -> Response {
    Response::plain(status, Headers::of(headers), bytes::Bytes::new())
}

fn asked() -> CorsAsk {
    CorsAsk {
        origin: PAGE.to_owned(),
        foreign: "https://foreign.example".to_owned(),
        method: "PUT".to_owned(),
        headers: vec!["authorization".to_owned()],
    }
}

fn told(found: impl IntoIterator<Item = Difference>) -> Vec<String> {
    let found = found.into_iter();
    found
        .map(|d| format!("{} {} {} {}", d.r#where, d.path, d.kind, d.severity))
        .collect()
}

fn preflight(new: &Response) -> Vec<String> {
    let old = answer(
        200,
        &[
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Methods", "GET, PUT"),
            ("Access-Control-Allow-Headers", "Authorization,Content-Type"),
        ],
    );
    told(preflights(Pair::new(&old, new), PAGE, &asked(), PREFLIGHT))
}

#[test]
fn an_origin_that_is_echoed_is_the_same_as_all() {
    let echo = [
        ("access-control-allow-origin", PAGE),
        ("access-control-allow-methods", "PUT"),
        ("access-control-allow-headers", "authorization"),
    ];
    assert_eq!(preflight(&answer(204, &echo)), [""; 0]);
}

#[test]
fn each_thing_that_stops_a_browser_is_named() {
    let allow = |methods, headers| {
        let all = [
            ("Access-Control-Allow-Origin", PAGE),
            ("Access-Control-Allow-Methods", methods),
            ("Access-Control-Allow-Headers", headers),
        ];
        preflight(&answer(200, &all))
    };
    let methods = "header access-control-allow-methods[preflight] value breaking";
    assert_eq!(allow("GET", "authorization"), [methods]);
    let headers = "header access-control-allow-headers[preflight] value breaking";
    assert_eq!(
        allow("PUT", "*"),
        [headers],
        "a star does not stand for Authorization"
    );
    let origin = "header access-control-allow-origin[preflight] removed breaking";
    assert_eq!(preflight(&answer(204, &[])), [origin]);
    let echo = [("Access-Control-Allow-Origin", PAGE)];
    assert_eq!(preflight(&answer(403, &echo)), ["status  value breaking"]);
}

#[test]
fn credentials_and_exposed_headers_are_compared() {
    let one = |headers: &[(&str, &str)]| answer(200, headers);
    let old = one(&[
        ("Access-Control-Allow-Origin", PAGE),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", "ETag"),
    ]);
    let new = one(&[("Access-Control-Allow-Origin", "*")]);
    let wanted = [
        "header access-control-allow-credentials[request] removed breaking",
        "header access-control-expose-headers[request] removed risky",
    ];
    assert_eq!(told(requests(Pair::new(&old, &new), PAGE, REQUEST)), wanted);
    let origin = ["header access-control-allow-origin[request] removed breaking"];
    let none = one(&[]);
    assert_eq!(
        told(requests(Pair::new(&old, &none), PAGE, REQUEST)),
        origin
    );
}

#[test]
fn an_open_door_is_told() {
    let foreign = "https://foreign.example";
    let star = answer(200, &[("Access-Control-Allow-Origin", "*")]);
    let none = answer(200, &[]);
    let with = answer(
        200,
        &[
            ("Access-Control-Allow-Origin", foreign),
            ("Access-Control-Allow-Credentials", "true"),
        ],
    );
    let told = |old: &Response, new: &Response| {
        told(opened(Pair::new(old, new), foreign, FOREIGN_REQUEST))
    };
    let path = "header access-control-allow-origin[request of a foreign origin]";
    assert_eq!(told(&star, &star), [""; 0]);
    assert_eq!(told(&none, &star), [format!("{path} added risky")]);
    assert_eq!(told(&star, &none), [format!("{path} removed risky")]);
    assert_eq!(told(&star, &with), [format!("{path} not-refused breaking")]);
}
