use bytes::Bytes;

use super::*;
use crate::message::Headers;

fn answer(headers: &[(&str, &str)]) -> Response {
    Response::plain(200, Headers::of(headers), Bytes::new())
}

pub(super) fn standing() -> Standing {
    let mut standing = Standing::default();
    standing.base(Pair::new(
        "https://old.example/t/1.0",
        "https://new.example/v1",
    ));
    standing.base(Pair::new("https://old.example", "https://new.example"));
    standing
}

pub(super) fn diff(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
    let (old, new) = (answer(old), answer(new));
    let mut found = Comparison::default();
    let choreo = Platform::shipped("choreo").expect("shipped");
    compare(
        Pair::new(&old, &new),
        &Rules::default(),
        &standing(),
        Pair::new(Platform::generic(), choreo),
        &mut found,
    );
    let short = |d: &Difference| format!("{} {} {}", d.path, d.kind, d.severity);
    found.differences.iter().map(short).collect()
}

pub(super) fn one(name: &str, old: &str, new: &str) -> Vec<String> {
    diff(&[(name, old)], &[(name, new)])
}

#[test]
fn what_is_framing_or_volatile_is_no_difference() {
    let old = [("Date", "a"), ("Content-Length", "1"), ("X-A", "1")];
    let new = [
        ("date", "b"),
        ("transfer-encoding", "chunked"),
        ("x-a", "1"),
    ];
    assert_eq!(diff(&old, &new), [""; 0]);
}

#[test]
fn the_gateways_own_headers_are_cosmetic() {
    let found = diff(
        &[("Server", "WSO2")],
        &[("server", "envoy"), ("x-trace-key", "1"), ("x-b", "1")],
    );
    assert_eq!(
        found,
        [
            "server value cosmetic",
            "x-b added cosmetic",
            "x-trace-key added cosmetic"
        ]
    );
}

#[test]
fn headers_that_clients_act_on_weigh_more() {
    assert_eq!(diff(&[("ETag", "\"1\"")], &[]), ["etag removed breaking"]);
    assert_eq!(diff(&[("X-Total", "5")], &[]), ["x-total removed risky"]);
    assert_eq!(one("x-total", "5", "6"), ["x-total value risky"]);
    assert_eq!(
        diff(&[], &[("cache-control", "max-age=60")]),
        ["cache-control added risky"]
    );
    assert_eq!(
        diff(&[], &[("vary", "Accept-Encoding")]),
        ["vary added cosmetic"]
    );
}

#[test]
fn references_are_resolved_and_stand_for_each_other() {
    assert_eq!(
        one(
            "location",
            "https://old.example/t/1.0/orders/1",
            "https://new.example/v1/orders/1"
        ),
        [""; 0]
    );
    assert_eq!(
        one(
            "location",
            "/t/1.0/orders/1",
            "https://new.example/v1/orders/1"
        ),
        ["location format risky"]
    );
    assert_eq!(
        one("location", "/t/1.0/orders/1", "/v1/orders/2"),
        ["location value breaking"]
    );
    assert_eq!(
        one("location", "/t/1.0/o", "https://old.example/t/1.0/o"),
        ["location host-leak breaking"]
    );
    let next = |base: &str, page: u8| format!("<{base}/x?p={page}>; rel=\"next\"");
    assert_eq!(
        one(
            "link",
            &next("https://old.example/t/1.0", 2),
            &next("https://new.example/v1", 2)
        ),
        [""; 0]
    );
    assert_eq!(
        one(
            "link",
            &next("https://old.example/t/1.0", 2),
            &next("https://new.example/v1", 3)
        ),
        ["link[next] value breaking"]
    );
}

#[test]
fn directives_sets_and_challenges_have_parts() {
    assert_eq!(
        one("cache-control", "no-cache, max-age=60", "max-age=90"),
        [
            "cache-control[max-age] value risky",
            "cache-control[no-cache] removed risky"
        ]
    );
    assert_eq!(one("allow", "GET, POST", "POST,GET"), [""; 0]);
    assert_eq!(one("allow", "GET, POST", "GET"), ["allow value risky"]);
    assert_eq!(
        one("access-control-allow-methods", "GET, PUT", "get"),
        ["access-control-allow-methods value breaking"]
    );
    assert_eq!(
        one(
            "www-authenticate",
            "OAuth2 realm=\"WSO2 API Manager\", error=\"invalid_token\", error_description=\"x\"",
            "Bearer realm=\"Choreo Connect\", error=\"invalid_token\", error_description=\"y\"",
        ),
        [
            "www-authenticate[scheme] value breaking",
            "www-authenticate[error_description] value cosmetic",
            "www-authenticate[realm] value risky",
        ]
    );
}

#[test]
fn etags_retry_after_and_origins() {
    assert_eq!(one("etag", "\"a\"", "W/\"a\""), ["etag format risky"]);
    assert_eq!(one("etag", "\"a\"", "\"b\""), ["etag value breaking"]);
    assert_eq!(
        one("retry-after", "12", "13"),
        ["retry-after value cosmetic"]
    );
    assert_eq!(
        one("retry-after", "12", "Sat, 21 Nov 2026 22:10:00 GMT"),
        ["retry-after format risky"]
    );
    assert_eq!(
        one("access-control-allow-origin", "*", "https://app.example"),
        ["access-control-allow-origin format cosmetic"]
    );
    let credentials = ("access-control-allow-credentials", "true");
    let old = [("access-control-allow-origin", "*"), credentials];
    let new = [
        ("access-control-allow-origin", "https://app.example"),
        credentials,
    ];
    assert_eq!(
        diff(&old, &new),
        ["access-control-allow-origin value breaking"]
    );
    assert_eq!(
        one("x-ratelimit-remaining", "9", "8"),
        ["x-ratelimit-remaining value cosmetic"]
    );
}

#[test]
fn what_a_rate_limit_allows_is_no_counter() {
    for (name, old, new, expected) in [
        ("x-ratelimit-limit", "1000", "1", "value risky"),
        ("x-ratelimit-limit", "1", "1000", "value risky"),
        ("x-ratelimit-limit-minute", "60", "6", "value risky"),
        ("x-rate-limit-limit", "60", "6", "value risky"),
        ("ratelimit-limit", "100, 100;w=60", "100", "format risky"),
        ("ratelimit-policy", "100;w=60", "10;w=60", "value risky"),
        ("ratelimit-policy", "100;w=60", "100;w=3600", "value risky"),
        (
            "ratelimit-policy",
            "\"a\";q=9;w=1",
            "\"a\";q=8;w=1",
            "value risky",
        ),
        ("ratelimit", "\"a\";r=9", "\"a\";r=8", "value cosmetic"),
        ("x-ratelimit-reset", "9", "8", "value cosmetic"),
        ("x-ratelimit-remaining-minute", "9", "8", "value cosmetic"),
    ] {
        assert_eq!(one(name, old, new), [format!("{name} {expected}")]);
    }
    let said = |old, new| {
        let parts = parts::differing(
            "x-ratelimit-limit",
            Pair::new(old, new),
            Cors::default(),
            &standing(),
        );
        parts
            .into_iter()
            .map(|part| part.explain)
            .collect::<Vec<_>>()
    };
    let sooner = "fewer requests are allowed: clients are throttled sooner";
    assert_eq!(said("1000", "1"), [sooner]);
    assert_ne!(said("1", "1000"), [sooner]);
}

#[test]
fn moments_in_other_notations() {
    let date = ("date", "Sat, 21 Nov 2026 22:00:00 GMT");
    let past = ("expires", "Thu, 01 Jan 1970 00:00:00 GMT");
    let later = ("expires", "Sat, 21 Nov 2026 22:10:00 GMT");
    let zero = ("expires", "0");
    assert_eq!(diff(&[date, zero], &[past]), ["expires format cosmetic"]);
    assert_eq!(diff(&[date, zero], &[later]), ["expires value risky"]);
    assert_eq!(diff(&[date, past], &[later]), ["expires value risky"]);
    let latest = ("expires", "Sat, 21 Nov 2026 22:11:00 GMT");
    assert_eq!(diff(&[date, later], &[latest]), [""; 0]);
    assert_eq!(
        one("x-at", "2026-11-21T22:10:00Z", "2026-11-21T23:10:00+01:00"),
        ["x-at format risky"]
    );
}
