//! Members of an answer, its scopes, and what carries it.

use serde_json::{Value, json};

use super::bent::{Bent, changed, found, one, usual};
use crate::config::Grant;
use crate::results::Kind::{Added, DuplicateKey, Format, Length, Removed, Type, Value as Other};
use crate::results::Severity::{Breaking, Cosmetic, Risky};

#[test]
fn order_of_scopes_and_the_rest_of_a_life_are_no_difference() {
    assert_eq!(changed("scope", json!("a  b")), []);
    assert_eq!(changed("expires_in", json!(3299)), []);
    assert_eq!(
        changed("access_token", json!("ca19a540f544777860e44e75f605d927")),
        []
    );
}

#[test]
fn types_and_words_of_the_required_members() {
    let path = "$.token_type";
    assert_eq!(
        changed("token_type", json!("bearer")),
        one("B22", path, Format, Cosmetic)
    );
    assert_eq!(
        changed("token_type", json!("DPoP")),
        one("B23", path, Other, Breaking)
    );
    assert_eq!(
        changed("token_type", json!("jwt")),
        one("B21", path, Other, Breaking)
    );
    assert_eq!(
        changed("token_type", Value::Null),
        one("B20", path, Removed, Breaking)
    );
    let path = "$.scope";
    assert_eq!(
        changed("scope", json!("a")),
        one("B31", path, Other, Breaking)
    );
    assert_eq!(
        changed("scope", json!("a b c")),
        one("B31", path, Added, Risky)
    );
    assert_eq!(
        changed("scope", json!(["a", "b"])),
        one("B32", path, Type, Breaking)
    );
    // Nothing said is what was asked for (RFC 6749 section 5.1).
    assert_eq!(changed("scope", Value::Null), []);
    let mut narrower = usual();
    narrower["scope"] = json!("a");
    let mut silent = usual();
    silent.as_object_mut().unwrap().remove("scope");
    assert_eq!(
        found(&Bent::good(&narrower), &Bent::good(&silent)),
        one("B30", path, Removed, Breaking)
    );
}

#[test]
fn members_that_come_and_go() {
    assert_eq!(
        changed("refresh_token", json!("r")),
        one("B34", "$.refresh_token", Added, Risky)
    );
    assert_eq!(
        changed("expires_at", json!(7)),
        one("B37", "$.expires_at", Added, Cosmetic)
    );
    let mut rich = usual();
    rich["id_token"] = json!("x");
    rich["userName"] = json!("x");
    rich["refresh_token"] = json!("x");
    rich["nested"] = json!({ "a": { "b": 1 } });
    let mut typed = rich.clone();
    typed["nested"] = json!({ "a": { "b": "1" } });
    typed["userName"] = Value::Null;
    assert_eq!(
        found(&Bent::good(&rich), &Bent::good(&typed)),
        [
            one("B39", "$.nested.a.b", Type, Breaking),
            one("B40", "$.userName", Type, Breaking),
        ]
        .concat()
    );
    assert_eq!(
        found(&Bent::good(&rich), &Bent::good(&usual())),
        [
            one("B36", "$.id_token", Removed, Breaking),
            one("B38", "$.nested", Removed, Risky),
            one("B33", "$.refresh_token", Removed, Breaking),
            one("B38", "$.userName", Removed, Risky),
        ]
        .concat()
    );
    let of_user = |body: &Value| Bent {
        grant: Grant::Password,
        ..Bent::good(body)
    };
    let mut refreshed = usual();
    refreshed["refresh_token"] = json!("r");
    assert_eq!(
        found(&of_user(&usual()), &of_user(&refreshed)),
        one("B33", "$.refresh_token", Added, Risky)
    );
}

#[test]
fn what_carries_the_answer() {
    let old = Bent::good(&usual());
    let bent = |bend: &dyn Fn(Bent) -> Bent| found(&old, &bend(old.clone()));
    let status = bent(&|b| Bent { status: 201, ..b });
    assert_eq!(status, one("B01", "", Other, Breaking));
    let html = bent(&|b| b.header("content-type", "text/html"));
    assert_eq!(html, one("B02", "content-type", Type, Breaking));
    let cached = bent(&|b| b.header("cache-control", "max-age=60"));
    assert_eq!(
        cached,
        one("B04", "cache-control[no-store]", Removed, Breaking)
    );
    let marked = bent(&|b| Bent {
        body: format!("\u{feff}{}", b.body),
        ..b
    });
    assert_eq!(marked, one("B06", "$", Format, Breaking));
    let twice = bent(&|b| Bent {
        body: b.body.replacen('{', "{\"scope\":\"a b\",", 1),
        ..b
    });
    assert_eq!(twice, one("B07", "$.scope", DuplicateKey, Breaking));
    let escaped = bent(&|b| Bent {
        body: b.body.replace("Bearer", "\\u0042earer"),
        ..b
    });
    assert_eq!(escaped, one("B41", "$", Format, Risky));
    let packed = bent(&|b| b.header("content-encoding", "gzip"));
    assert_eq!(packed, one("B42", "content-encoding", Added, Cosmetic));
    let cookie = bent(&|b| b.header("set-cookie", "apim=1; Path=/"));
    assert_eq!(cookie, one("B43", "set-cookie[apim]", Added, Risky));
    let large = bent(&|b| Bent {
        body: format!("{}{}", b.body, " ".repeat(5_000)),
        ..b
    });
    assert_eq!(large, one("B44", "$", Length, Risky));
    // 600 s ahead of our clock.
    let late = "Wed, 18 Nov 2026 11:16:40 GMT";
    assert_eq!(
        bent(&|b| b.header("date", late)),
        one("T02", "date", Other, Risky)
    );
}
