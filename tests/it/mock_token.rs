//! The token servers of the shipped doubles.

use cutover::mock::{Doubles, Running};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::mock_support::{
    Got, NEW, OLD, OLD_BASE, ask, bearer, double, form, get, part, shipped, start,
};

const CLIENT: &str = "grant_type=client_credentials";
const USER: &str =
    "grant_type=password&username=john%40johns.org%40johnsorg&password=test-password-of-john";

async fn token(running: &Running, client: (&str, &str), body: &str) -> Got {
    form(
        &running.token_url().expect("a token endpoint"),
        client,
        body,
    )
    .await
}

/// Status, `error`, `error_description`.
fn refusal(got: &Got) -> (u16, String, String) {
    assert_eq!(got.header("cache-control"), Some("no-store"));
    assert_eq!(got.header("pragma"), Some("no-cache"));
    assert_eq!(got.header("content-type"), Some("application/json"));
    (
        got.status,
        got.member("error"),
        got.member("error_description"),
    )
}

fn said(status: u16, error: &str, text: &str) -> (u16, String, String) {
    (status, error.into(), text.into())
}

#[tokio::test]
async fn the_old_side_serves_the_same_opaque_token_again() {
    let doubles = shipped(None).await;
    let old = &doubles.running()[0];
    let first = token(old, OLD, CLIENT).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("cache-control"), Some("no-store"));
    assert_eq!(first.header("pragma"), Some("no-cache"));
    let opaque = first.member("access_token");
    assert_eq!(
        first.body,
        format!(
            r#"{{"scope":"default","token_type":"Bearer","expires_in":3600,"access_token":"{opaque}"}}"#
        )
    );
    let form = regex::Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$");
    assert!(form.unwrap().is_match(&opaque), "{opaque}");
    let again = token(old, OLD, CLIENT).await;
    assert_eq!(again.member("access_token"), opaque);
    assert!(again.json()["expires_in"].as_u64() <= Some(3600));
    let other_scope = token(old, OLD, "grant_type=client_credentials&scope=orders.read").await;
    assert_ne!(other_scope.member("access_token"), opaque);
    assert_eq!(other_scope.member("scope"), "orders.read");
    doubles.stop().await;
}

/// A double whose opaque tokens, served again, live some seconds.
async fn lives(seconds: u64) -> Doubles {
    let text = format!(
        "
name: T
platform: wso2-api-cloud
token: {{ path: /token, clients: [ {{ id: a, secret: bbbbbb }} ], reissue: same, life: {seconds}, format: hex }}
gateway: {{ base: /api }}
routes: [ {{ request: GET /x, text: fine }} ]
"
    );
    start(vec![double(&text)]).await
}

#[tokio::test]
async fn the_life_of_a_served_again_token_shrinks() {
    let doubles = lives(3600).await;
    let running = &doubles.running()[0];
    let ask = || token(running, ("a", "bbbbbb"), CLIENT);
    let first = ask().await;
    assert_eq!(first.json()["expires_in"], 3600);
    // It ends by itself within a second, or not at all.
    let later = loop {
        let again = ask().await;
        if again.json()["expires_in"] != 3600 {
            break again;
        }
        tokio::task::yield_now().await;
    };
    assert!(later.json()["expires_in"].as_u64() < Some(3600));
    assert_eq!(later.member("access_token"), first.member("access_token"));
    doubles.stop().await;
}

#[tokio::test]
async fn a_served_again_token_ends_with_its_life() {
    let doubles = lives(4).await;
    let running = &doubles.running()[0];
    let client = ("a", "bbbbbb");
    let opaque = token(running, client, CLIENT).await.member("access_token");
    assert_eq!(opaque.len(), 32);
    let url = format!("{}/api/x", running.url());
    let authorization = format!("Bearer {opaque}");
    let headers = [("authorization", authorization.as_str())];
    let call = || get(&url, &headers);
    assert_eq!(call().await.body, "fine");
    // What is waited for is the token's own life: nothing else ends it.
    while call().await.status == 200 {
        tokio::task::yield_now().await;
    }
    assert_ne!(
        token(running, client, CLIENT).await.member("access_token"),
        opaque
    );
    doubles.stop().await;
}

#[tokio::test]
async fn the_new_side_signs_a_jwt_of_1459_characters_each_time() {
    let doubles = shipped(None).await;
    let new = &doubles.running()[1];
    let jwks = get(&format!("{}/oauth2/jwks", new.url()), &[]).await;
    let keys: JwkSet = serde_json::from_str(&jwks.body).expect("a key set");
    let mut seen = Vec::new();
    for _ in 0..3 {
        let got = token(new, NEW, CLIENT).await;
        let jwt = got.member("access_token");
        assert_eq!(jwt.len(), 1459);
        let lengths: Vec<usize> = jwt.split('.').map(str::len).collect();
        assert_eq!(lengths, [282, 492, 683]);
        assert_eq!(
            got.body,
            format!(
                r#"{{"access_token":"{jwt}","scope":"default","token_type":"Bearer","expires_in":900}}"#
            )
        );
        let header = part(&jwt, 0);
        let kid = header["kid"].as_str().expect("a kid");
        assert_eq!(kid, format!("{}_RS256", header["x5t"].as_str().unwrap()));
        assert_eq!(header.get("typ"), None);
        let key = DecodingKey::from_jwk(keys.find(kid).expect("the key")).expect("a key");
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&[NEW.0]);
        let claims = jsonwebtoken::decode::<Value>(&jwt, &key, &validation)
            .expect("a good signature")
            .claims;
        assert_eq!(claims["aut"], "APPLICATION");
        assert_eq!(claims["azp"], NEW.0);
        assert_eq!(claims["iss"], "https://sts.choreo.dev:443/oauth2/token");
        assert_eq!(
            claims["exp"].as_i64().unwrap(),
            claims["iat"].as_i64().unwrap() + 900
        );
        seen.push(jwt);
    }
    seen.dedup();
    assert_eq!(seen.len(), 3, "a fresh token each time");
    doubles.stop().await;
}

#[tokio::test]
async fn a_user_gets_a_refresh_token_that_works_once() {
    let doubles = shipped(None).await;
    for (running, client) in doubles.running().iter().zip([OLD, NEW]) {
        let first = token(running, client, USER).await;
        let refresh = first.member("refresh_token");
        assert_eq!(refresh.len(), 36);
        let body = format!("grant_type=refresh_token&refresh_token={refresh}");
        let second = token(running, client, &body).await;
        assert_eq!(second.status, 200);
        assert_ne!(second.member("access_token"), first.member("access_token"));
        assert_ne!(second.member("refresh_token"), refresh);
        let third = token(running, client, &body).await;
        assert_eq!(
            refusal(&third),
            said(
                400,
                "invalid_grant",
                "Persisted access token data not found"
            )
        );
    }
    let new = token(&doubles.running()[1], NEW, USER).await;
    let claims = part(&new.member("access_token"), 1);
    assert_eq!(claims["aut"], "APPLICATION_USER");
    doubles.stop().await;
}

#[tokio::test]
async fn refusals_of_the_old_side_have_the_texts_of_its_family() {
    let doubles = shipped(None).await;
    let old = &doubles.running()[0];
    let wrong = token(old, (OLD.0, "wrong-secret"), CLIENT).await;
    assert_eq!(
        refusal(&wrong),
        said(401, "invalid_client", "Client Authentication failed.")
    );
    assert_eq!(
        wrong.body,
        r#"{"error_description":"Client Authentication failed.","error":"invalid_client"}"#
    );
    assert_eq!(
        wrong.header("www-authenticate"),
        Some("Basic realm=127.0.0.1")
    );
    let unknown = token(old, ("nobody", "wrong-secret"), CLIENT).await;
    let text = "A valid OAuth client could not be found for client_id: nobody";
    assert_eq!(refusal(&unknown), said(401, "invalid_client", text));
    assert_eq!(unknown.header("www-authenticate"), None);
    let grant = token(old, OLD, "grant_type=magic").await;
    let text = "Unsupported grant type : magic, is used.";
    assert_eq!(refusal(&grant), said(400, "unsupported_grant_type", text));
    doubles.stop().await;
}

#[tokio::test]
async fn refusals_of_the_new_side_have_the_texts_of_its_family() {
    let doubles = shipped(None).await;
    let new = &doubles.running()[1];
    for client in [(NEW.0, "wrong-secret"), ("nobody", "wrong-secret")] {
        let wrong = token(new, client, CLIENT).await;
        assert_eq!(
            refusal(&wrong),
            said(401, "invalid_client", "Client credentials are invalid.")
        );
    }
    let url = new.token_url().unwrap();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let nobody = ask("POST", &url, &form, CLIENT).await;
    assert_eq!(
        refusal(&nobody),
        said(401, "invalid_client", "Client ID not found in the request.")
    );
    doubles.stop().await;
}

#[tokio::test]
async fn refusals_that_both_sides_share() {
    let doubles = shipped(None).await;
    for (running, client) in doubles.running().iter().zip([OLD, NEW]) {
        let both = format!("{CLIENT}&client_id={}&client_secret={}", client.0, client.1);
        let cases = [
            (
                both.as_str(),
                "invalid_request",
                "The client MUST NOT use more than one authentication method in each",
            ),
            (
                "a=1",
                "invalid_request",
                "Missing grant_type parameter value",
            ),
            (
                "grant_type=password&grant_type=password",
                "invalid_request",
                "Invalid request with repeated parameters.",
            ),
            (
                "grant_type=password&username=eve&password=guess",
                "invalid_grant",
                "Authentication failed for eve",
            ),
        ];
        for (body, error, text) in cases {
            let got = token(running, client, body).await;
            assert_eq!(refusal(&got), said(400, error, text), "{body}");
        }
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let posted = ask("POST", &running.token_url().unwrap(), &form, &both).await;
        assert_eq!(posted.status, 200, "client_secret_post");
        let read = get(&running.token_url().unwrap(), &[]).await;
        assert_eq!((read.status, read.header("allow")), (405, Some("POST")));
    }
    doubles.stop().await;
}

#[tokio::test]
async fn the_old_side_tells_what_it_revoked() {
    let doubles = shipped(None).await;
    let old = &doubles.running()[0];
    let issued = token(old, OLD, USER).await;
    let opaque = issued.member("access_token");
    let revoke = format!("{}/revoke", old.url());
    let got = form(&revoke, OLD, &format!("token={opaque}")).await;
    assert_eq!((got.status, got.body.as_str()), (200, ""));
    let expected = [
        ("content-type", "text/html"),
        ("content-length", "0"),
        ("cache-control", "no-store"),
        ("pragma", "no-cache"),
        ("revokedaccesstoken", opaque.as_str()),
        ("revokedrefreshtoken", &issued.member("refresh_token")),
        ("authorizeduser", "john@johns.org@johnsorg"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(got.headers, expected.into());
    let unknown = form(&revoke, OLD, "token=nothing").await;
    assert_eq!(unknown.status, 200);
    assert_eq!(unknown.header("revokedaccesstoken"), None);
    let missing = form(&revoke, OLD, "a=b").await;
    assert_eq!(
        refusal(&missing),
        said(400, "invalid_request", "Invalid revocation request")
    );
    let url = format!("{}{OLD_BASE}/orders", old.url());
    let refused = get(&url, &[("authorization", &format!("Bearer {opaque}"))]).await;
    assert_eq!(refused.status, 401);
    doubles.stop().await;
}

#[tokio::test]
async fn the_new_side_refuses_to_revoke_what_it_does_not_know() {
    let doubles = shipped(None).await;
    let new = &doubles.running()[1];
    let jwt = token(new, NEW, CLIENT).await.member("access_token");
    let revoke = format!("{}/oauth2/revoke", new.url());
    let got = form(&revoke, NEW, &format!("token={jwt}")).await;
    assert_eq!((got.status, got.body.as_str()), (200, ""));
    assert_eq!(got.header("revokedaccesstoken"), Some(jwt.as_str()));
    assert_eq!(got.header("x-frame-options"), Some("DENY"));
    let cookie = got.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("apim=") && cookie.ends_with("; Path=/oauth2; Secure; HttpOnly"));
    let unknown = form(&revoke, NEW, "token=nothing").await;
    assert_eq!(unknown.status, 400);
    assert_eq!(unknown.header("content-type"), Some("text/html"));
    assert_eq!(unknown.header("content-length"), Some("113"));
    assert_eq!(
        unknown.json(),
        json!({
            "error": "server_error",
            "error_description": "Error occurred while revoking authorization grant for applications"
        })
    );
    doubles.stop().await;
}

#[tokio::test]
async fn introspection_tells_the_living_from_the_dead() {
    let doubles = shipped(None).await;
    let new = &doubles.running()[1];
    let jwt = token(new, NEW, CLIENT).await.member("access_token");
    let url = format!("{}/oauth2/introspect", new.url());
    let got = form(&url, NEW, &format!("token={jwt}")).await.json();
    let claims = part(&jwt, 1);
    assert_eq!(
        got,
        json!({
            "active": true, "scope": "default", "client_id": NEW.0, "username": NEW.0,
            "token_type": "Bearer", "exp": claims["exp"], "iat": claims["iat"],
            "nbf": claims["nbf"], "aud": claims["aud"], "iss": claims["iss"],
            "jti": claims["jti"], "sub": claims["sub"]
        })
    );
    let dead = form(&url, NEW, "token=nothing").await;
    assert_eq!(dead.body, r#"{"active":false}"#);
    let stranger = form(&url, (NEW.0, "wrong-secret"), "token=nothing").await;
    assert_eq!(stranger.status, 401);
    doubles.stop().await;
}

#[tokio::test]
async fn a_new_token_can_end_the_one_before() {
    let text = "
name: T
platform: choreo
token:
  path: /token
  clients: [ { id: a, secret: bbbbbb } ]
  reissue: revokes
  format: jwt
  claims: { org_name: acme, aut: null, n: 12.50 }
  answer: { token_type: bearer, extra: [ 1 ], remove: [ scope ] }
gateway: { base: /api, faults: choreo-json }
routes: [ { request: GET /x, text: fine } ]
";
    let doubles = start(vec![double(text)]).await;
    let running = &doubles.running()[0];
    let url = format!("{}/api/x", running.url());
    let first = token(running, ("a", "bbbbbb"), CLIENT).await;
    let old = format!("Bearer {}", first.member("access_token"));
    assert_eq!(get(&url, &[("authorization", &old)]).await.status, 200);
    let second = token(running, ("a", "bbbbbb"), CLIENT).await;
    assert_eq!(get(&url, &[("authorization", &old)]).await.status, 401);
    let new = second.member("access_token");
    let authorization = format!("Bearer {new}");
    assert_eq!(
        get(&url, &[("authorization", &authorization)]).await.status,
        200
    );
    assert!(
        second
            .body
            .ends_with(r#""token_type":"bearer","expires_in":3600,"extra":[1]}"#)
    );
    assert!(!second.body.contains("\"scope\""));
    let claims = part(&new, 1);
    assert_eq!(
        (&claims["org_name"], claims.get("aut"), &claims["n"]),
        (&json!("acme"), None, &json!(12.5))
    );
    doubles.stop().await;
}

#[tokio::test]
async fn a_defect_can_shorten_the_life_of_tokens() {
    let text = "
name: T
platform: choreo
token: { path: /token, clients: [ { id: a, secret: bbbbbb } ], life: 900 }
defects:
  short: { feature: tokens, where: token, path: $.expires_in, kind: value, change: { life: 60 } }
";
    let options = cutover::mock::StartOptions {
        defect: Some("short".into()),
        ..Default::default()
    };
    let doubles = Doubles::start(vec![double(text)], &options)
        .await
        .expect("a double that starts");
    let got = token(&doubles.running()[0], ("a", "bbbbbb"), CLIENT).await;
    assert_eq!(got.json()["expires_in"], 60);
    doubles.stop().await;
}

#[tokio::test]
async fn tokens_of_one_side_are_nothing_on_the_other() {
    let doubles = shipped(None).await;
    let (old, new) = (&doubles.running()[0], &doubles.running()[1]);
    let foreign = bearer(new).await;
    let url = format!("{}{OLD_BASE}/orders", old.url());
    assert_eq!(get(&url, &[("authorization", &foreign)]).await.status, 401);
    doubles.stop().await;
}
