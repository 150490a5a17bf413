//! What API Cloud and Choreo answer in one situation, compared, tied to its known change, accepted.

use bytes::Bytes;

use super::*;
use crate::compare::{Rules, Standing, compare};
use crate::judge::{AcceptDoc, Accepts, Facts, accept, verdict};
use crate::message::Headers;
use crate::results::{Severity, Verdict};
use crate::source::{Cx, Decode, Source, parse};

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let body = Bytes::copy_from_slice(body.as_bytes());
    Response::plain(status, Headers::of(headers), body)
}

const XML: (&str, &str) = ("Content-Type", "application/xml; charset=UTF-8");

fn xml(code: &str) -> String {
    format!(
        "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>{code}</ams:code><ams:message>m</ams:message><ams:description>with key: eb51</ams:description></ams:fault>"
    )
}

fn enforcer(code: &str) -> String {
    format!("{{\"error_message\":\"m\",\"code\":\"{code}\",\"error_description\":\"d\"}}")
}

fn router(code: &str) -> String {
    format!("{{\"message\":\"m\",\"description\":\"d\",\"code\":\"{code}\"}}\n")
}

fn platforms() -> Pair<&'static Platform> {
    Pair::new("wso2-api-cloud", "choreo").map(|name| Platform::shipped(name).expect("shipped"))
}

/// Place, kind and known change of each difference at or above risky.
fn found(old: &Response, new: &Response) -> (Vec<String>, Vec<Difference>) {
    let answers = Pair::new(old, new);
    let mut found = compare(
        answers,
        &Rules::default(),
        &Standing::default(),
        platforms(),
    )
    .differences;
    mark_known(&mut found, Some(answers), platforms());
    let risky = found.iter().filter(|d| d.severity >= Severity::Risky);
    let short = |d: &Difference| {
        format!(
            "{} {} {} {}",
            d.r#where,
            d.path,
            d.kind,
            d.known.as_deref().unwrap_or("-")
        )
    };
    (risky.map(short).collect(), found)
}

#[test]
fn a_wrong_method_is_known_as_a_whole() {
    let (lines, mut differences) = found(
        &answer(405, &[XML], &xml("405")),
        &answer(404, &[("content-type", "application/json")], &router("404")),
    );
    assert_eq!(
        lines,
        [
            "status  value choreo/wrong-method-404",
            "header content-type value choreo/wrong-method-404",
            "body $ value choreo/wrong-method-404",
        ]
    );
    let advice = differences[0].advice.clone().unwrap_or_default();
    // Reports add the line that accepts it, where nothing does yet.
    assert!(
        !advice.is_empty() && !advice.contains("accept:"),
        "{advice}"
    );
    assert_eq!(
        judged(
            &mut differences,
            "[ { known: choreo/wrong-method-404 } ]",
            Pair::new(405, 404)
        ),
        Verdict::Accepted
    );
    let (_, mut differences) = found(
        &answer(405, &[], &xml("405")),
        &answer(404, &[], &router("404")),
    );
    assert_eq!(
        judged(
            &mut differences,
            "[ { known: choreo/fault-json } ]",
            Pair::new(405, 404)
        ),
        Verdict::Different
    );
}

fn judged(differences: &mut [Difference], accepts: &str, statuses: Pair<u16>) -> Verdict {
    let source = Source::new("s.yaml", accepts);
    let node = parse(&source).expect("YAML");
    let mut cx = Cx::new(&source);
    let docs: Vec<AcceptDoc> = Vec::decode(&node, &mut cx).expect("accept items");
    let accepts = Accepts::new(&docs, [], &mut cx);
    assert!(
        cx.diagnostics.is_empty(),
        "{}",
        cx.diagnostics.render(false)
    );
    accept(
        differences,
        &accepts,
        jiff::civil::Date::constant(2026, 11, 21),
    );
    let facts = Facts {
        skipped: None,
        failed: None,
        differences,
        fail_on: Severity::Risky,
        statuses: Some(statuses),
        expected: Pair::both(false),
    };
    verdict(&facts).verdict
}

#[test]
fn a_known_change_covers_its_answer_and_nothing_else() {
    let (lines, _) = found(
        &answer(405, &[XML, ("X-Total", "5")], &xml("405")),
        &answer(
            404,
            &[("content-type", "application/json"), ("x-total", "6")],
            &router("404"),
        ),
    );
    assert!(
        lines.contains(&"header x-total value -".to_owned()),
        "{lines:?}"
    );
    // 405 to 404 that a backend answered is not the gateway's change.
    let (lines, _) = found(&answer(405, &[], "no"), &answer(404, &[], "no"));
    assert_eq!(lines, ["status  value -"]);
}

#[test]
fn one_fault_in_two_syntaxes_is_one_difference() {
    let challenge = "Bearer realm=\"Choreo Connect\", error=\"invalid_token\", error_description=\"The provided token is invalid\"";
    let (lines, _) = found(
        &answer(
            401,
            &[
                XML,
                (
                    "WWW-Authenticate",
                    "OAuth2 realm=\"WSO2 API Manager\", error=\"invalid_token\", error_description=\"The access token expired\"",
                ),
            ],
            &xml("900901"),
        ),
        &answer(
            401,
            &[
                ("content-type", "text/plain"),
                ("www-authenticate", challenge),
            ],
            &enforcer("900901"),
        ),
    );
    assert_eq!(
        lines,
        [
            "header content-type value choreo/fault-json",
            "header www-authenticate[scheme] value choreo/challenge",
            "header www-authenticate[realm] value choreo/challenge",
            "body $ dialect choreo/fault-json",
        ]
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_situation_has_its_known_change() {
    let json = ("content-type", "application/json");
    let cases = [
        (
            "missing-credentials-code",
            answer(401, &[XML], &xml("900902")),
            answer(401, &[json], &enforcer("900901")),
        ),
        (
            "expired-token-code",
            answer(401, &[XML], &xml("900903")),
            answer(401, &[json], &enforcer("900901")),
        ),
        (
            "blocked-subscription-403",
            answer(401, &[XML], &xml("900907")),
            answer(403, &[json], &enforcer("900907")),
        ),
        (
            "limits-of-ones-own-soon",
            answer(429, &[XML], &xml("900800")),
            answer(200, &[json], "{}"),
        ),
        (
            "url-limit",
            answer(200, &[json], "{}"),
            answer(414, &[("content-type", "text/html")], "<html></html>"),
        ),
        (
            "header-limit",
            answer(200, &[json], "{}"),
            answer(431, &[("content-type", "text/html")], "<html></html>"),
        ),
        (
            "body-limit",
            answer(200, &[json], "{}"),
            answer(413, &[("content-type", "text/html")], "<html></html>"),
        ),
        (
            "backend-down-503",
            answer(500, &[XML], &xml("303001")),
            answer(503, &[json], &router("102503")),
        ),
        (
            "backend-slow-504",
            answer(500, &[XML], &xml("101504")),
            answer(504, &[json], &router("102504")),
        ),
        (
            "fault-json",
            answer(403, &[XML], &xml("900910")),
            answer(403, &[json], &enforcer("900910")),
        ),
        (
            "fault-json",
            answer(404, &[XML], &xml("404")),
            answer(404, &[json], &router("404")),
        ),
        (
            "fault-shape",
            answer(
                403,
                &[json],
                "{\"fault\":{\"code\":900910,\"message\":\"m\",\"description\":\"d\"}}",
            ),
            answer(403, &[json], &enforcer("900910")),
        ),
        (
            "throttle-headers",
            answer(
                429,
                &[("Retry-After", "Sat, 21 Nov 2026 22:10:00 GMT")],
                "x",
            ),
            answer(429, &[("x-ratelimit-limit", "1, 1;w=60")], "x"),
        ),
        (
            "cors-echo",
            answer(200, &[("Access-Control-Allow-Origin", "*")], "x"),
            answer(
                200,
                &[
                    ("access-control-allow-origin", "https://a.example"),
                    ("vary", "Origin"),
                ],
                "x",
            ),
        ),
    ];
    for (id, old, new) in cases {
        let (lines, differences) = found(&old, &new);
        let expected = format!("choreo/{id}");
        assert!(!differences.is_empty(), "{id}");
        assert!(
            differences
                .iter()
                .all(|d| d.known.as_ref() == Some(&expected)),
            "{id}: {lines:?}"
        );
    }
}

/// A change of syntax says nothing of a fault that means something else now, or may.
#[test]
fn another_syntax_does_not_excuse_another_meaning() {
    let wrapped = |code: &str| {
        format!("{{\"fault\":{{\"code\":{code},\"message\":\"m\",\"description\":\"d\"}}}}")
    };
    let json = ("content-type", "application/json");
    let cases = [
        (answer(403, &[XML], &xml("900908")), "900910"),
        (answer(403, &[XML], &xml("999999")), "888888"),
        (answer(403, &[XML], &xml("999999")), "900910"),
        (answer(403, &[json], &wrapped("900908")), "900910"),
        (answer(403, &[json], &wrapped("999999")), "888888"),
    ];
    for (old, new) in cases {
        let (lines, mut differences) = found(&old, &answer(403, &[json], &enforcer(new)));
        assert!(
            differences.iter().all(|d| d.known.is_none()),
            "{new}: {lines:?}"
        );
        let body = differences.iter().find(|d| d.path == "$");
        let explain = body.map(|d| d.explain.as_str()).unwrap_or_default();
        assert!(
            explain.contains("now means") && !explain.contains("same meaning"),
            "{explain}"
        );
        let accepts = "[ { known: choreo/fault-json }, { known: choreo/fault-shape } ]";
        let verdict = judged(&mut differences, accepts, Pair::both(403));
        assert_eq!(verdict, Verdict::Different, "{new}");
    }
    // A code that nobody knows is the same code all the same.
    let same = answer(403, &[json], &enforcer("999999"));
    let (lines, _) = found(&answer(403, &[XML], &xml("999999")), &same);
    assert!(
        lines.contains(&"body $ value choreo/fault-json".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn token_changes_are_known_without_answers() {
    let life = |new: u32| {
        Difference::new(
            crate::results::Where::Token,
            "$.expires_in",
            crate::results::Kind::Value,
            Severity::Risky,
            "",
        )
        .showing(
            crate::results::Observed::of(&3600),
            crate::results::Observed::of(&new),
        )
    };
    let shape = Difference::new(
        crate::results::Where::Token,
        "$.access_token",
        crate::results::Kind::Format,
        Severity::Breaking,
        "",
    );
    let shown = |text: &str| crate::results::Observed::text(text);
    let opaque = shown("opaque token, 36 characters");
    let jwt = shape
        .clone()
        .showing(opaque.clone(), shown("jwt token, 1459 characters"));
    let neither = shape
        .clone()
        .showing(opaque, shown("opaque token, 512 characters"));
    let lost = shape.showing(shown("present"), crate::results::Observed::Absent);
    let mut differences = [life(900), life(60), jwt, neither, lost];
    mark_known(&mut differences, None, platforms());
    let known = differences.map(|d| d.known);
    assert_eq!(
        known,
        [
            Some("choreo/token-life".into()),
            None,
            Some("choreo/token-jwt".into()),
            None,
            None
        ]
    );
}

#[test]
fn nothing_is_known_of_an_unknown_pair() {
    let old = answer(405, &[XML], &xml("405"));
    let new = answer(404, &[], &router("404"));
    let answers = Pair::new(&old, &new);
    let generic = Pair::both(Platform::generic());
    let mut found = compare(answers, &Rules::default(), &Standing::default(), generic).differences;
    mark_known(&mut found, Some(answers), generic);
    assert!(!found.is_empty() && found.iter().all(|d| d.known.is_none()));
}
