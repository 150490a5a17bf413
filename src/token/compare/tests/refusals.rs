//! Refusals, and refreshes.

use serde_json::json;

use super::bent::{Bent, compared, found, one, refusal, usual};
use crate::config::Grant;
use crate::results::Kind::{Format, Length, NotRefused, Removed, Unparsable, Value as Other};
use crate::results::Severity::{Breaking, Cosmetic, Risky};

#[test]
fn a_refresh_that_keeps_replaces_or_forgets() {
    let with = |token: Option<&str>| {
        let mut body = usual();
        if let Some(token) = token {
            body["refresh_token"] = json!(token);
        }
        Bent {
            grant: Grant::RefreshToken,
            asked: "grant_type=refresh_token&refresh_token=used-one",
            ..Bent::good(&body)
        }
    };
    let (kept, new, none) = (with(Some("used-one")), with(Some("other")), with(None));
    let path = "$.refresh_token";
    assert_eq!(found(&none, &new), one("D02", path, Other, Risky));
    assert_eq!(found(&kept, &new), one("D02", path, Other, Risky));
    assert_eq!(found(&new, &none), one("D03", path, Other, Risky));
    assert_eq!(found(&kept, &none), one("D03", path, Other, Risky));
    let long = with(Some(&"x".repeat(300)));
    assert_eq!(found(&new, &long), one("B35", path, Length, Risky));
    let odd = with(Some("other\u{e9}"));
    assert_eq!(found(&new, &odd), one("B35", path, Length, Breaking));
    // What is masked by its place would say a length that is none.
    let mut told = compared(&new, &long).remove(0);
    crate::redact::Secrets::new().difference(&mut told);
    let shown = [&told.old, &told.new].map(|shown| shown.display().unwrap().into_owned());
    assert_eq!(
        shown,
        [
            "refresh token, 5 characters",
            "refresh token, 300 characters"
        ]
    );
    let lengths = ["old_length", "new_length"].map(|name| told.detail[name].clone());
    assert_eq!(lengths, [json!(5), json!(300)]);
    let refused = Bent {
        status: 400,
        body: json!({ "error": "invalid_grant" }).to_string(),
        ..with(None)
    };
    assert_eq!(
        found(&new, &refused),
        [
            one("B01", "", Other, Breaking),
            one("D01", "$.access_token", Removed, Breaking),
        ]
        .concat()
    );
}

#[test]
fn refusals_are_compared_by_code_and_not_by_wording() {
    let old = refusal(401, r#"{"error":"invalid_client","error_description":"a"}"#);
    let old = old.header("www-authenticate", "Basic realm=a");
    let new = refusal(
        400,
        r#"{"error":"invalid_grant","error_description":"b\"a-long-secret"}"#,
    );
    assert_eq!(
        found(&old, &new),
        [
            one("C04", "", Other, Breaking),
            one("C01", "www-authenticate", Removed, Breaking),
            one("C03", "$.error", Other, Breaking),
            one("C07", "$.error_description", Other, Cosmetic),
            one("C08", "$.error_description", Format, Risky),
            one("C09", "$", Other, Breaking),
        ]
        .concat()
    );
    assert_eq!(found(&old, &old), []);
    let text = refusal(401, "Unauthorized").header("www-authenticate", "basic");
    let ids: Vec<String> = found(&old, &text).into_iter().map(|f| f.0).collect();
    assert_eq!(ids, ["C05", "C07"]);
    let success = Bent {
        status: 200,
        ..old.clone()
    };
    let ids: Vec<String> = found(&old, &success).into_iter().map(|f| f.0).collect();
    assert_eq!(ids, ["C04", "C06"]);
    let stored = old.clone().header("cache-control", "private");
    assert_eq!(
        found(&old, &stored),
        one("C10", "cache-control[no-store]", Removed, Cosmetic)
    );
}

/// What both sides do wrong changes nothing, and is told.
#[test]
fn refusals_that_are_no_json_on_both_sides_are_told() {
    let text = refusal(401, "Unauthorized");
    assert_eq!(
        found(&text, &text),
        one("C05", "$.error", Unparsable, Cosmetic)
    );
    let json = refusal(401, r#"{"error":"invalid_client"}"#);
    assert_eq!(
        found(&json, &text),
        one("C05", "$.error", Removed, Breaking)
    );
    assert_eq!(found(&json, &json), []);
}

#[test]
fn a_token_on_one_side_only() {
    let good = Bent::good(&usual());
    let html = refusal(200, "<html>");
    let lost = one("B09", "$.access_token", Removed, Breaking);
    assert_eq!(
        found(&good, &html),
        [lost.clone(), one("B06", "$", Unparsable, Breaking)].concat()
    );
    let error = refusal(200, r#"{"error":"server_error"}"#);
    assert_eq!(
        found(&good, &error),
        [lost, one("C06", "$.error", Other, Breaking)].concat()
    );
    let refused = refusal(400, r#"{"error":"invalid_scope"}"#);
    let granted = one("C17", "$.access_token", NotRefused, Breaking);
    assert_eq!(
        found(&refused, &good),
        [one("C04", "", Other, Breaking), granted.clone()].concat()
    );
    assert_eq!(found(&error, &good), granted);
}
