//! Each check of a token case, alone and together.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::config::PairInput;
use crate::message::{Headers, Request, Response};
use crate::results::Kind::{
    Added, DuplicateKey, Format, Length, NotRefused, Removed, Type, Unparsable, Value as Other,
};
use crate::results::Severity::{self, Breaking, Cosmetic, Risky};
use crate::token::TokenAnswer;

const NOW: i64 = 1_795_000_000;
const OPAQUE: &str = "1fa22cef-c791-3105-9ac4-58511c199aa0";

/// An answer that can be bent.
#[derive(Clone)]
struct Bent {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: String,
    asked: &'static str,
    grant: Grant,
    meant: bool,
    longest: Option<u32>,
    strict: Option<&'static str>,
}

impl Bent {
    fn good(body: &Value) -> Self {
        let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
        Self {
            status: 200,
            headers: vec![
                header("cache-control", "no-store"),
                header("content-type", "application/json;charset=UTF-8"),
            ],
            body: body.to_string(),
            asked: "",
            grant: Grant::ClientCredentials,
            meant: false,
            longest: None,
            strict: None,
        }
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        let mut headers = Headers(self.headers);
        headers.set(name, value.as_bytes());
        self.headers = headers.0;
        self
    }

    fn acquired(&self) -> Acquired {
        let headers = Headers(self.headers.clone());
        let response = Response::plain(self.status, headers, self.body.clone().into());
        Acquired {
            request: Request {
                method: "POST".into(),
                url: String::new(),
                headers: Headers::default(),
                body: self.asked.into(),
            },
            answer: TokenAnswer::read(&response, &crate::redact::Secrets::new()),
            response,
            strict: self.strict.map(str::to_owned),
            took: Duration::ZERO,
            at: NOW,
        }
    }
}

fn usual() -> Value {
    json!({ "access_token": OPAQUE, "token_type": "Bearer", "expires_in": 3600, "scope": "b a" })
}

fn credential() -> Credential {
    let text = "old:\n  url: http://a.test\n  tokens: { app: { client_id: me, client_secret: a-long-secret, \
                token_endpoint: 'http://a.test/t', scope: a b } }\nnew: { url: 'http://b.test' }\n";
    let file = Some(("cutover.yaml".into(), text.to_owned()));
    let input = PairInput {
        file,
        urls: None,
        environment: None,
    };
    let pair = crate::config::load_pair(input, &|_| None).unwrap();
    Credential::of("app", pair.doc.old.tokens.get("app").unwrap())
}

fn compared(old: &Bent, new: &Bent) -> Vec<Difference> {
    let credential = credential();
    let acquired = Pair::new(old.acquired(), new.acquired());
    let bent = Pair::new(old, new);
    compare_answers(acquired.as_ref().map_sides(|side, acquired| Answered {
        acquired,
        credential: &credential,
        grant: bent[side].grant,
        signature: None,
        introspected: None,
        longest: bent[side].longest,
        shape_meant: bent[side].meant,
    }))
}

type Found = (String, String, Kind, Severity);

fn found(old: &Bent, new: &Bent) -> Vec<Found> {
    let all = compared(old, new).into_iter();
    all.map(|d| (d.check.unwrap_or_default(), d.path, d.kind, d.severity))
        .collect()
}

fn one(check: &str, path: &str, kind: Kind, severity: Severity) -> Vec<Found> {
    vec![(check.to_owned(), path.to_owned(), kind, severity)]
}

/// What is found where a member of the usual answer is another, or gone (`Null` stands for that).
fn changed(name: &str, value: Value) -> Vec<Found> {
    let mut body = usual();
    match value {
        Value::Null => {
            body.as_object_mut().unwrap().remove(name);
        }
        value => body[name] = value,
    }
    found(&Bent::good(&usual()), &Bent::good(&body))
}

fn jwt(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "alg": "RS256", "typ": "at+jwt", "kid": "a" });
    format!("{}.{}.{}", part(&header), part(claims), "c2ln".repeat(170))
}

fn claims() -> Value {
    json!({ "iss": "https://sts.example.dev", "aud": "api", "sub": "me", "client_id": "me",
            "jti": "1fa22cef-c791-3105-9ac4-58511c199aa0", "exp": NOW + 3600, "iat": NOW, "scope": "a b" })
}

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

fn refusal(status: u16, body: &str) -> Bent {
    Bent {
        status,
        body: body.to_owned(),
        ..Bent::good(&Value::Null)
    }
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

/// Every row of the table has what to read and what to do.
#[test]
fn what_a_strict_client_rejects_is_of_the_table() {
    let good = Bent::good(&usual());
    let strict = Bent {
        strict: Some("at `expires_in`"),
        ..good.clone()
    };
    let told = compared(&good, &strict);
    let told: Vec<_> = told
        .iter()
        .map(|d| {
            (
                d.check.as_deref(),
                d.kind,
                d.severity,
                d.r#ref.as_deref(),
                d.advice.is_some(),
            )
        })
        .collect();
    let section = Some("RFC 6749 section 5.1");
    assert_eq!(told, [(Some("B45"), Unparsable, Risky, section, true)]);
    assert_eq!(found(&strict, &strict), []);
    assert_eq!(found(&strict, &good), []);
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

proptest! {
    /// Whatever an endpoint answers: no panic, and no difference from itself; that a refusal is no JSON is told.
    #[test]
    fn an_answer_never_differs_from_itself(
        status in 100_u16..600,
        body in "(\\{(\"(access_token|expires_in|scope|error|a)\":(1|\"a.b.c\"|null|\\[1\\]),?){0,3}\\}?|.{0,40})",
    ) {
        let bent = refusal(status, &body);
        let mut all = found(&bent, &bent);
        all.retain(|(check, _, _, severity)| (check.as_str(), *severity) != ("C05", Cosmetic));
        prop_assert_eq!(all, []);
    }

    /// Every difference of a token case names its check, save those that have none.
    #[test]
    fn two_answers_are_compared_without_a_panic(
        old in "\\{\"access_token\":\"[!-~]{1,40}\",\"expires_in\":[0-9]{1,20}\\}",
        new in "\\{\"access_token\":\"[#-\\[]{0,40}\",\"expires_in\":(\"x\"|[0-9]{1,20})\\}",
    ) {
        let _ = found(&refusal(200, &old), &refusal(200, &new));
    }
}

/// Of what a changed answer gives, the first difference of a kind.
fn the_page_shows_first(kind: Kind, old: &Bent, new: &Bent) {
    let found = compared(old, new);
    let first = found
        .iter()
        .find(|d| d.kind == kind && d.r#where == Where::Token);
    crate::page::shows(first.unwrap_or_else(|| panic!("{kind}: {found:?}")));
}

#[test]
fn the_page_shows_one_of_each_kind() {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = usual();
        change(&mut body);
        Bent::good(&body)
    };
    let good = Bent::good(&usual());
    let shows = |kind: Kind, change: &dyn Fn(&mut Value)| {
        the_page_shows_first(kind, &good, &with(change));
    };
    shows(Other, &|body| body["expires_in"] = json!(900));
    shows(Type, &|body| body["expires_in"] = json!("3600"));
    shows(Format, &|body| body["token_type"] = json!("bearer"));
    shows(Removed, &|body| {
        drop(body.as_object_mut().unwrap().remove("expires_in"));
    });
    shows(Added, &|body| body["scope"] = json!("a b c"));
    shows(Length, &|body| body["access_token"] = json!(jwt(&claims())));
    let mut twice = Bent::good(&usual());
    twice.body = twice.body.replacen('{', "{\"expires_in\":60,", 1);
    the_page_shows_first(DuplicateKey, &good, &twice);
    let mut page = Bent::good(&usual());
    page.body = "<html>busy</html>".to_owned();
    the_page_shows_first(Unparsable, &good, &page);
}
