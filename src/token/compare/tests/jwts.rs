//! What two JWTs say.

use serde_json::{Value, json};

use super::bent::{Bent, NOW, claims, found, jwt, one, usual};
use crate::results::Kind::Value as Other;
use crate::results::Severity::{Breaking, Risky};

#[test]
fn scopes_under_another_name_weigh_less_where_the_answer_names_none() {
    let with = |name: &str, answered: bool| {
        let mut claims = claims();
        let scope = claims.as_object_mut().unwrap().remove("scope").unwrap();
        claims[name] = json!([scope]);
        let mut body = usual();
        body["access_token"] = json!(jwt(&claims));
        if !answered {
            body.as_object_mut().unwrap().remove("scope");
        }
        let all = found(&Bent::good(&usual()), &Bent::good(&body)).into_iter();
        all.filter(|found| found.0 == "F11").collect::<Vec<_>>()
    };
    let at = "claims.$.scope";
    assert_eq!(with("scopes", false), one("F11", at, Other, Risky));
    assert_eq!(with("scp", true), one("F11", at, Other, Breaking));
    assert_eq!(with("roles", false), []);
}

#[test]
fn what_the_new_jwt_alone_does_not_meet() {
    let with = |claims: &Value| {
        let mut body = usual();
        body["access_token"] = json!(jwt(claims));
        Bent::good(&body)
    };
    let mut shifted = claims();
    shifted["exp"] = json!(NOW + 4200);
    shifted["iat"] = json!(NOW + 600);
    let sound = with(&claims());
    assert_eq!(
        found(&sound, &with(&shifted)),
        [
            one("T01", "claims.$.iat", Other, Breaking),
            one("B29", "claims.$.exp", Other, Breaking),
        ]
        .concat()
    );
    assert_eq!(found(&with(&shifted), &with(&shifted)), []);
    let mut other = claims();
    other["sub"] = json!("7c1d");
    assert_eq!(
        found(&sound, &with(&other)),
        one("F08", "claims.$.sub", Other, Breaking)
    );
    let mut bound = claims();
    bound["cnf"] = json!({ "x5t#S256": "x" });
    let ids: Vec<String> = found(&with(&bound), &sound)
        .into_iter()
        .map(|f| f.0)
        .collect();
    assert_eq!(ids, ["F16"]);
    let mut body = usual();
    body["access_token"] = json!(jwt(&claims()).replace(".c2ln", ".xc2ln"));
    assert_eq!(
        found(&sound, &Bent::good(&body)),
        one("F01", "claims", Other, Breaking)
    );
}
