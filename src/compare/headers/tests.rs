use bytes::Bytes;

use super::*;
use crate::message::Headers;

fn answer(headers: &[(&str, &str)]) -> Response {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
    Response::plain(200, Headers(headers.collect()), Bytes::new())
}

fn standing() -> Standing {
    let mut standing = Standing::default();
    standing.base(Pair::new(
        "https://old.example/t/1.0",
        "https://new.example/v1",
    ));
    standing.base(Pair::new("https://old.example", "https://new.example"));
    standing
}

fn diff(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
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

fn one(name: &str, old: &str, new: &str) -> Vec<String> {
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
fn media_types_by_their_grammar() {
    assert_eq!(
        one(
            "content-type",
            "text/html;charset=utf-8",
            "Text/HTML; charset=\"UTF-8\""
        ),
        [""; 0]
    );
    assert_eq!(
        one(
            "content-type",
            "application/json",
            "application/json; charset=utf-8"
        ),
        [""; 0]
    );
    assert_eq!(
        one("content-type", "application/json", "text/plain"),
        ["content-type value breaking"]
    );
    assert_eq!(
        one(
            "content-type",
            "text/html; charset=utf-8",
            "text/html; charset=latin1"
        ),
        ["content-type[charset] value risky"]
    );
}

#[test]
fn dispositions_languages_and_transport_security_by_their_grammar() {
    let disposition = |old, new| one("content-disposition", old, new);
    assert_eq!(
        disposition(
            "attachment; filename=\"a.txt\"",
            "Attachment;FileName=a.txt"
        ),
        [""; 0]
    );
    assert_eq!(
        disposition("attachment; filename=\"a;b.txt\"", "inline"),
        ["content-disposition value breaking"]
    );
    assert_eq!(
        disposition(
            "attachment; filename=\"a;b.txt\"; size=1",
            "attachment; filename=\"b.txt\""
        ),
        [
            "content-disposition[filename] value breaking",
            "content-disposition[size] removed risky"
        ]
    );
    assert_eq!(one("content-language", "en-GB, de", "DE,en-gb"), [""; 0]);
    assert_eq!(
        one("content-language", "en", "de"),
        ["content-language value risky"]
    );
    assert_eq!(
        one("accept-patch", "text/a, text/b", "text/b,text/a"),
        [""; 0]
    );
    let security = |old, new| one("strict-transport-security", old, new);
    assert_eq!(
        security(
            "max-age=1; includeSubDomains",
            "includesubdomains;max-age=1"
        ),
        [""; 0]
    );
    assert_eq!(
        security("max-age=2; preload", "max-age=1"),
        [
            "strict-transport-security[max-age] value risky",
            "strict-transport-security[preload] removed risky"
        ]
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
fn a_wildcard_covers_what_was_allowed_by_name() {
    let (methods, headers) = (
        "access-control-allow-methods",
        "access-control-allow-headers",
    );
    assert_eq!(
        one(methods, "GET, PUT", "*"),
        [format!("{methods} value cosmetic")]
    );
    assert_eq!(
        one(methods, "*", "GET, PUT"),
        [format!("{methods} value breaking")]
    );
    assert_eq!(
        one(headers, "X-A", "*"),
        [format!("{headers} value cosmetic")]
    );
    let lost = [format!("{headers} value breaking")];
    assert_eq!(one(headers, "Authorization, X-A", "*"), lost);
    assert_eq!(
        one(headers, "Authorization, X-A", "*, authorization"),
        [format!("{headers} value cosmetic")]
    );
    let credentials = ("access-control-allow-credentials", "true");
    assert_eq!(
        diff(
            &[(headers, "X-A"), credentials],
            &[(headers, "*"), credentials]
        ),
        lost
    );
    assert_eq!(one("vary", "Origin", "*"), ["vary value risky"]);
}

#[test]
fn vary_origin_follows_an_origin_that_is_echoed_on_one_side() {
    for vary in ["Origin", "Accept-Encoding, origin"] {
        let (any, vary) = (("access-control-allow-origin", "*"), ("vary", vary));
        let echoed = ("access-control-allow-origin", "https://app.example");
        assert_eq!(
            diff(&[any], &[echoed, vary]),
            [
                "access-control-allow-origin format cosmetic",
                "vary added cosmetic"
            ]
        );
        assert_eq!(
            diff(&[echoed, vary], &[any]),
            [
                "access-control-allow-origin format cosmetic",
                "vary removed cosmetic"
            ]
        );
        // Without the echo it tells caches to keep answers apart, or no longer to.
        assert_eq!(diff(&[echoed, vary], &[echoed]), ["vary removed risky"]);
        assert_eq!(diff(&[any], &[any, vary]), ["vary added risky"]);
    }
    assert_eq!(
        diff(
            &[("access-control-allow-origin", "*"), ("vary", "Accept")],
            &[
                ("access-control-allow-origin", "https://app.example"),
                ("vary", "Accept, Origin")
            ]
        ),
        [
            "access-control-allow-origin format cosmetic",
            "vary value cosmetic"
        ]
    );
    assert_eq!(
        diff(
            &[("access-control-allow-origin", "*")],
            &[
                ("access-control-allow-origin", "https://app.example"),
                ("vary", "Cookie, Origin")
            ]
        ),
        [
            "access-control-allow-origin format cosmetic",
            "vary added risky"
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
fn cookies_by_name_and_attributes() {
    let old = [
        (
            "Set-Cookie",
            "sid=1; Path=/t/1.0; HttpOnly; Expires=Sat, 21 Nov 2026 22:10:00 GMT",
        ),
        ("Set-Cookie", "a=1"),
    ];
    let new = [
        (
            "set-cookie",
            "sid=2; path=/v1; httponly; expires=Sat, 21-Nov-2026 22:10:07 GMT",
        ),
        ("set-cookie", "b=1"),
    ];
    assert_eq!(
        diff(&old, &new),
        [
            "set-cookie[a] removed breaking",
            "set-cookie[b] added risky"
        ]
    );
    assert_eq!(
        one("set-cookie", "s=1; Secure", "s=1"),
        ["set-cookie[s] value risky"]
    );
}

#[test]
fn the_life_of_a_cookie_and_its_end() {
    const DATE: (&str, &str) = ("date", "Sat, 21 Nov 2026 22:00:00 GMT");
    let life = |old: &str, new: &str| {
        let with = |attributes: &str| format!("s=1; Path=/{attributes}");
        let (old, new) = (with(old), with(new));
        let found = diff(&[DATE, ("set-cookie", &old)], &[DATE, ("set-cookie", &new)]);
        found.join(", ")
    };
    let at = |time: &str| format!("; Expires=Sat, 21 Nov 2026 {time} GMT");
    for (old, new, found) in [
        ("; Max-Age=3600", "; Max-Age=0", "breaking"),
        ("; Max-Age=-1", "", "breaking"),
        ("; Max-Age=60", "; Max-Age=6000", "risky"),
        ("; Max-Age=60", "", "risky"),
        ("; Max-Age=soon", "", ""),
        (
            &at("22:10:00"),
            "; Expires=Thu, 01-Jan-1970 00:00:00 GMT",
            "breaking",
        ),
        (&at("22:10:00"), &at("21:59:00"), "breaking"),
        (&at("22:10:00"), &at("22:10:07"), ""),
        (&at("22:10:00"), &at("22:11:00"), "risky"),
        (&at("22:10:00"), "; Max-Age=600", ""),
        (
            &format!("; Max-Age=60{}", at("21:00:00")),
            "; max-age=60; expires=never",
            "",
        ),
    ] {
        let found = match found {
            "" => String::new(),
            weight => format!("set-cookie[s] value {weight}"),
        };
        assert_eq!(life(old, new), found, "{old} {new}");
    }
    assert_eq!(
        one("set-cookie", "s=1", "s="),
        ["set-cookie[s] value breaking"]
    );
    assert_eq!(
        one("set-cookie", "s=1; Max-Age=0", "s=; Max-Age=0"),
        [""; 0]
    );
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
