//! The token itself.

use serde_json::json;

use super::bent::{Bent, OPAQUE, changed, claims, compared, found, jwt, one, usual};
use crate::results::Kind::{Format, Length, Value as Other};
use crate::results::Severity::{Breaking, Cosmetic, Risky};

#[test]
fn the_token_itself() {
    let path = "$.access_token";
    let of = |token: &str| changed("access_token", json!(token));
    assert_eq!(
        of("token-000001"),
        [
            one("B15", path, Length, Risky),
            one("B18", path, Other, Breaking),
        ]
        .concat()
    );
    assert_eq!(
        of(&format!("{OPAQUE}|{OPAQUE}")),
        [
            one("B15", path, Length, Risky),
            one("B11", path, Format, Breaking),
        ]
        .concat()
    );
    assert_eq!(
        of(&format!("{OPAQUE}\n")),
        [
            one("B12", path, Format, Breaking),
            one("B10", path, Format, Breaking),
        ]
        .concat()
    );
    assert_eq!(
        of(&format!(" {OPAQUE}")),
        one("B12", path, Format, Breaking)
    );
    assert_eq!(
        of(&format!("{OPAQUE}\u{e9}")),
        one("B10", path, Format, Breaking)
    );
    let jwe = format!("eyJhbGciOiJSU0EifQ.{}", ["aaaa"; 4].join("."));
    assert_eq!(of(&jwe), one("B14", path, Format, Risky));
    let behind = format!("ghs_{}", jwt(&claims()));
    let ids: Vec<String> = of(&behind).into_iter().map(|found| found.0).collect();
    assert_eq!(ids, ["B15", "B14"]);
}

#[test]
fn a_change_of_form_that_is_meant_is_cosmetic() {
    let mut body = usual();
    body["access_token"] = json!(jwt(&claims()));
    let (old, new) = (Bent::good(&usual()), Bent::good(&body));
    let path = "$.access_token";
    assert_eq!(
        found(&old, &new),
        [
            one("B13", path, Format, Risky),
            one("B15", path, Length, Risky),
        ]
        .concat()
    );
    let meant = |bent: Bent| Bent {
        meant: true,
        ..bent
    };
    let differences = compared(&meant(old), &meant(new));
    assert!(
        differences.iter().all(|d| d.severity == Cosmetic),
        "{differences:?}"
    );
    assert_eq!(differences[0].r#ref, None);
    assert_eq!(
        differences[1].r#ref.as_deref(),
        Some("RFC 6749 section 5.1")
    );
    let crossed = differences[1].detail["crossed"].as_array().unwrap().len();
    assert_eq!(crossed, 8);
}

/// What the platform's documents say of the length is held against the token, on the new side alone.
#[test]
fn a_token_is_no_longer_than_the_documents_say() {
    let of = |old: Option<u32>, new: Option<u32>| {
        let said = |longest| Bent {
            longest,
            ..Bent::good(&usual())
        };
        compared(&said(old), &said(new))
    };
    assert_eq!(of(None, Some(36)), []);
    let found = of(None, Some(35));
    assert_eq!(
        found
            .iter()
            .map(|d| (d.check.as_deref(), d.kind, d.severity, d.explain.as_str()))
            .collect::<Vec<_>>(),
        [(
            Some("B17"),
            Length,
            Risky,
            "the token has 36 characters, and the platform's documents say 35 at most: whoever made room \
             for what they say cuts it"
        )]
    );
    assert_eq!(of(Some(35), Some(35)), []);
    assert_eq!(of(Some(35), None), []);
}

#[test]
fn a_token_that_fits_the_header_at_last_is_told() {
    let mut body = usual();
    body["access_token"] = json!("1fa22cefc7913105|9ac458511c199aa0be");
    let (old, new) = (Bent::good(&body), Bent::good(&usual()));
    let mended = one("B11", "$.access_token", Format, Cosmetic);
    assert_eq!(found(&old, &new), mended);
    assert_eq!(found(&old, &old), []);
}

#[test]
fn no_token_is_ever_shown() {
    let mut body = usual();
    body["access_token"] = json!("short-one");
    body["refresh_token"] = json!("another-secret");
    let text = format!("{:?}", compared(&Bent::good(&usual()), &Bent::good(&body)));
    assert!(
        !["1fa22cef", "short-one", "another-secret"]
            .iter()
            .any(|secret| text.contains(secret)),
        "{text}"
    );
    assert!(text.contains("36 characters"), "{text}");
}
