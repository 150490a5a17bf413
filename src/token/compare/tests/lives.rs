//! How long a token lives.

use serde_json::{Value, json};

use super::bent::{Bent, NOW, changed, claims, compared, found, jwt, one, usual};
use crate::results::Kind::{Added, Removed, Type, Value as Other};
use crate::results::Severity::{Breaking, Cosmetic, Risky};

#[test]
fn a_life_is_a_whole_number_of_seconds_and_stays() {
    let path = "$.expires_in";
    let of = |value: Value| changed("expires_in", value);
    assert_eq!(of(Value::Null), one("B24", path, Removed, Breaking));
    assert_eq!(of(json!("3600")), one("B25", path, Type, Breaking));
    assert_eq!(of(json!(3600.0)), one("B25", path, Type, Breaking));
    let both = |check: &str, severity| {
        let typed = one("B25", path, Type, Breaking);
        [typed, one(check, path, Other, severity)].concat()
    };
    assert_eq!(of(json!("900")), both("B27", Risky));
    assert_eq!(of(json!(900.0)), both("B27", Risky));
    assert_eq!(of(json!("30")), both("B27", Breaking));
    assert_eq!(of(json!("7200")), both("B28", Risky));
    assert_eq!(of(json!("0")), both("B26", Breaking));
    assert_eq!(of(json!("soon")), one("B25", path, Type, Breaking));
    assert_eq!(of(json!([900])), one("B25", path, Type, Breaking));
    assert_eq!(
        of(json!(3_600_000_000_u64)),
        one("B26", path, Other, Breaking)
    );
    assert_eq!(of(json!(0)), one("B26", path, Other, Breaking));
    assert_eq!(of(json!(900)), one("B27", path, Other, Risky));
    assert_eq!(of(json!(2700)), one("B27", path, Other, Risky));
    assert_eq!(of(json!(30)), one("B27", path, Other, Breaking));
    assert_eq!(of(json!(7200)), one("B28", path, Other, Risky));
    let mut silent = usual();
    silent.as_object_mut().unwrap().remove("expires_in");
    assert_eq!(
        found(&Bent::good(&silent), &Bent::good(&usual())),
        one("B24", path, Added, Cosmetic)
    );
    let mut short = usual();
    short["expires_in"] = json!(900);
    let said = compared(&Bent::good(&usual()), &Bent::good(&short));
    assert_eq!(
        said[0].explain,
        "the token lives 900 s instead of 3600 s: clients renew it 4 times as often"
    );
}

#[test]
fn a_life_that_only_the_token_tells() {
    let living = |seconds: i64| {
        let mut claims = claims();
        claims["exp"] = json!(NOW + seconds);
        let mut body = usual();
        body["access_token"] = json!(jwt(&claims));
        body.as_object_mut().unwrap().remove("expires_in");
        let all = compared(&Bent::good(&usual()), &Bent::good(&body)).into_iter();
        let all = all.filter(|d| d.path == "claims.$.exp");
        all.map(|d| (d.check.unwrap_or_default(), d.kind, d.severity, d.explain))
            .collect::<Vec<_>>()
    };
    let told = |check: &str, explain: String| (check.to_owned(), Other, Breaking, explain);
    let unsaid = |left: u32| {
        let explain = format!(
            "the answer does not say how long the token lives, and by its `exp` it lives {left} s instead \
             of 3600 s"
        );
        told("B29", explain)
    };
    assert_eq!(living(3600), []);
    assert_eq!(living(1801), []);
    assert_eq!(living(7199), []);
    assert_eq!(living(1800), [unsaid(1800)]);
    assert_eq!(living(7200), [unsaid(7200)]);
    let thousand =
        "`exp` is 3600000 s ahead, a thousand times the old life: milliseconds taken for seconds";
    let both = [unsaid(3_600_000), told("F06", thousand.to_owned())];
    assert_eq!(living(3_600_000), both);
}
