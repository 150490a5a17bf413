//! The gateways of the shipped doubles: what they ask and refuse.

use cutover::mock::Doubles;
use serde_json::json;

use crate::mock_support::{
    Got, NEW, NEW_BASE, OLD, OLD_BASE, ask, bearer, double, form, get, shipped, start,
};

/// The shipped pair with the URLs of its APIs and a token for each.
pub(crate) struct Ready {
    pub(crate) doubles: Doubles,
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) old_token: String,
    pub(crate) new_token: String,
}

pub(crate) async fn ready() -> Ready {
    let doubles = shipped(None).await;
    let (old, new) = (&doubles.running()[0], &doubles.running()[1]);
    Ready {
        old: format!("{}{OLD_BASE}", old.url()),
        new: format!("{}{NEW_BASE}", new.url()),
        old_token: bearer(old).await,
        new_token: bearer(new).await,
        doubles,
    }
}

async fn ask_with(
    token: &str,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Got {
    let all = [&[("authorization", token)], headers].concat();
    ask(method, url, &all, body).await
}

impl Ready {
    pub(crate) async fn ask_old(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Got {
        let url = format!("{}{path}", self.old);
        ask_with(&self.old_token, method, &url, headers, body).await
    }

    pub(crate) async fn ask_new(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Got {
        let url = format!("{}{path}", self.new);
        ask_with(&self.new_token, method, &url, headers, body).await
    }
}

const CHALLENGE: &str = r#"Bearer realm="Choreo Connect", error="invalid_token", error_description="The provided token is invalid""#;

#[tokio::test]
async fn the_old_side_tells_missing_credentials_in_xml_or_json_by_accept() {
    let ready = ready().await;
    let url = format!("{}/orders", ready.old);
    let text = "Missing Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN' or 'Authorization : Basic ACCESS_TOKEN' or 'apikey: API_KEY'";
    let xml = format!(
        "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>900902</ams:code><ams:message>Missing Credentials</ams:message><ams:description>{text}</ams:description></ams:fault>"
    );
    for accept in ["*/*", "application/xml", "application/json, text/plain"] {
        let got = get(&url, &[("accept", accept)]).await;
        assert_eq!((got.status, got.body.as_str()), (401, xml.as_str()));
        assert_eq!(
            got.header("content-type"),
            Some("application/xml; charset=UTF-8")
        );
        assert_eq!(
            got.header("www-authenticate"),
            Some(
                r#"OAuth2 realm="WSO2 API Manager", error="invalid_token", error_description="The access token expired""#
            )
        );
    }
    let got = get(&url, &[("accept", "application/json")]).await;
    assert_eq!(
        got.body,
        format!(
            r#"{{"fault":{{"code":900902,"message":"Missing Credentials","description":"{text}"}}}}"#
        )
    );
    ready.doubles.stop().await;
}

#[tokio::test]
async fn the_old_side_refuses_unknown_tokens_with_900901() {
    let ready = ready().await;
    let url = format!("{}/orders", ready.old);
    let json = ("accept", "application/json");
    let unknown = get(&url, &[("authorization", "Bearer nothing"), json]).await;
    assert_eq!(unknown.status, 401);
    assert_eq!(unknown.json()["fault"]["code"], 900_901);
    let scheme = get(&url, &[("authorization", "Token nothing"), json]).await;
    assert_eq!(scheme.json()["fault"]["code"], 900_902);
    ready.doubles.stop().await;
}

#[tokio::test]
async fn each_kind_of_bad_credential_has_its_own_words_on_the_new_side() {
    let ready = ready().await;
    let url = format!("{}/orders", ready.new);
    let jwt = ready.new_token.strip_prefix("Bearer ").unwrap().to_owned();
    let sure = "Make sure you have provided the correct security credentials";
    let other = if jwt.ends_with('A') { 'Q' } else { 'A' };
    let changed = format!("Bearer {}{other}", &jwt[..jwt.len() - 1]);
    let cases = [
        ("", "Invalid Credentials", "900901", sure.to_owned()),
        ("Bearer opaque", "Invalid Credentials", "900901", sure.to_owned()),
        (
            "Bearer aaa.bbb.ccc",
            "Invalid Credentials",
            "900901",
            format!("Not a JWT token. Failed to decode the token header. {sure}"),
        ),
        (
            changed.as_str(),
            "Invalid Credentials",
            "900901",
            format!("Invalid Credentials. {sure}"),
        ),
        (
            jwt.as_str(),
            "Missing Credentials",
            "900902",
            "Missing Credentials. Make sure your API invocation call has a header: Authorization: Bearer ACCESS_TOKEN".to_owned(),
        ),
    ];
    for (header, message, code, description) in cases {
        let headers = [("authorization", header)];
        let sent: &[(&str, &str)] = if header.is_empty() { &[] } else { &headers };
        let got = get(&url, sent).await;
        assert_eq!(got.status, 401);
        assert_eq!(
            got.body,
            format!(
                r#"{{"error_message":"{message}","code":"{code}","error_description":"{description}"}}"#
            )
        );
        assert_eq!(got.header("content-type"), Some("text/plain"));
        assert_eq!(got.header("www-authenticate"), Some(CHALLENGE));
        assert_eq!(got.header("x-trace-key").map(str::len), Some(36));
    }
    let revoke = format!("{}/oauth2/revoke", ready.doubles.running()[1].url());
    form(&revoke, NEW, &format!("token={jwt}")).await;
    let revoked = ready.ask_new("GET", "/orders", &[], "").await;
    assert_eq!(
        revoked.member("error_description"),
        format!("Invalid JWT token. {sure}")
    );
    ready.doubles.stop().await;
}

#[tokio::test]
async fn a_missing_scope_is_403_and_the_old_side_leaks_the_token() {
    let ready = ready().await;
    let old = ready.ask_old("GET", "/reports/margins", &[], "").await;
    let token = ready.old_token.strip_prefix("Bearer ").unwrap();
    assert_eq!(old.status, 403);
    assert_eq!(old.header("www-authenticate"), None);
    assert_eq!(
        old.body,
        format!(
            "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>900910</ams:code><ams:message>The access token does not allow you to access the requested resource</ams:message><ams:description>Access failure for API: {OLD_BASE}, version: 1.0.0 with key: {token}</ams:description></ams:fault>"
        )
    );
    let new = ready.ask_new("GET", "/reports/margins", &[], "").await;
    assert_eq!(new.status, 403);
    assert_eq!(new.header("www-authenticate"), Some(CHALLENGE));
    assert_eq!(
        new.body,
        r#"{"error_message":"The access token does not allow you to access the requested resource","code":"900910","error_description":"User is NOT authorized to access the Resource: /reports/margins. Scope validation failed."}"#
    );
    ready.doubles.stop().await;
}

#[tokio::test]
async fn routing_faults_of_the_old_side() {
    let ready = ready().await;
    let fault = |code: &str, message: &str, description: &str| {
        format!(
            "<am:fault xmlns:am=\"http://wso2.org/apimanager\"><am:code>{code}</am:code><am:type>Status report</am:type><am:message>{message}</am:message><am:description>{description}</am:description></am:fault>"
        )
    };
    let api = get(
        &format!("{}/nowhere", ready.doubles.running()[0].url()),
        &[],
    )
    .await;
    assert_eq!(
        (api.status, api.body),
        (
            404,
            fault(
                "404",
                "Not Found",
                "The requested resource is not available."
            )
        )
    );
    let resource = ready.ask_old("GET", "/nowhere", &[], "").await;
    let text = "No matching resource found for given API Request";
    assert_eq!(
        (resource.status, resource.body),
        (404, fault("404", "Runtime Error", text))
    );
    let text = "Method not allowed for given API resource";
    let method = ready.ask_old("DELETE", "/orders", &[], "").await;
    assert_eq!(
        (method.status, method.body),
        (405, fault("405", "Runtime Error", text))
    );
    // A body of JSON gets its fault in JSON, whatever it accepts.
    let json = [("content-type", "application/json")];
    let patch = ready.ask_old("PATCH", "/orders", &json, "{}").await;
    assert_eq!(
        (patch.status, patch.json()),
        (
            405,
            json!({"fault": {"code": 405, "type": "Status report", "message": "Runtime Error", "description": text}})
        )
    );
    let down = ready.ask_old("GET", "/stock", &[], "").await;
    assert_eq!(down.status, 500);
    assert!(down.body.contains("<am:code>101503</am:code>"));
    ready.doubles.stop().await;
}

#[tokio::test]
async fn routing_faults_of_the_new_side() {
    let ready = ready().await;
    let body = "{\"message\":\"Not Found\",\"description\":\"The requested resource is not available.\",\"code\":\"404\"}\n";
    assert_eq!(body.len(), 94);
    for (method, path) in [
        ("GET", "/nowhere"),
        ("PATCH", "/orders"),
        ("DELETE", "/orders"),
    ] {
        let got = ready.ask_new(method, path, &[], "").await;
        assert_eq!((got.status, got.body.as_str()), (404, body), "{method}");
        assert_eq!(got.header("content-type"), Some("application/json"));
        assert_eq!(got.header("www-authenticate"), None);
    }
    let api = get(
        &format!("{}/nowhere", ready.doubles.running()[1].url()),
        &[],
    )
    .await;
    assert_eq!((api.status, api.body.as_str()), (404, body));
    let down = ready.ask_new("GET", "/stock", &[], "").await;
    assert_eq!((down.status, down.member("code").as_str()), (503, "102503"));
    ready.doubles.stop().await;
}

#[tokio::test]
async fn limits_are_told_in_each_platforms_way() {
    let ready = ready().await;
    let old = ready.ask_old("GET", "/quota", &[], "").await;
    assert_eq!(old.status, 429);
    assert!(old.body.starts_with("<amt:fault xmlns:amt=\"http://wso2.org/apimanager/throttling\"><amt:code>900800</amt:code><amt:message>Message throttled out</amt:message>"));
    let date = old.header("retry-after").expect("a date");
    let form = regex::Regex::new(
        "^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$",
    );
    assert!(form.unwrap().is_match(date), "{date}");
    assert_eq!(old.header("x-ratelimit-limit"), None);
    let new = ready.ask_new("GET", "/quota", &[], "").await;
    assert_eq!(new.status, 429);
    assert_eq!(
        new.body,
        "{\"message\":\"Message throttled out\",\"description\":\"Allowed request limit for the API/Resource, exceeded\",\"code\":\"900800\"}\n"
    );
    assert_eq!(new.header("retry-after"), None);
    assert_eq!(new.header("x-ratelimit-limit"), Some("0, 0;w=60"));
    assert_eq!(new.header("x-ratelimit-remaining"), Some("0"));
    let reset: u32 = new.header("x-ratelimit-reset").unwrap().parse().unwrap();
    assert!((1..=60).contains(&reset));
    ready.doubles.stop().await;
}

#[tokio::test]
async fn a_limit_lets_its_number_pass() {
    let text = "
name: T
platform: choreo
gateway: { faults: choreo-json, throttle: { limit: 2, per: 60m, only: [ GET /x ] } }
routes: [ { request: GET /x, text: fine }, { request: GET /y, text: fine } ]
";
    let doubles = start(vec![double(text)]).await;
    let url = doubles.running()[0].url();
    let mut told = Vec::new();
    for _ in 0..3 {
        let got = get(&format!("{url}/x"), &[]).await;
        let left = got.header("x-ratelimit-remaining").map(str::to_owned);
        told.push((got.status, left.unwrap()));
    }
    assert_eq!(
        told,
        [(200, "1".into()), (200, "0".into()), (429, "0".into())]
    );
    let other = get(&format!("{url}/y"), &[]).await;
    assert_eq!(
        (other.status, other.header("x-ratelimit-limit")),
        (200, None)
    );
    doubles.stop().await;
}

#[tokio::test]
async fn browsers_hear_a_star_from_the_old_side_and_themselves_from_the_new() {
    let ready = ready().await;
    let origin = [("origin", "https://app.example.com")];
    let old = ready.ask_old("GET", "/terms", &[], "").await;
    assert_eq!(old.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        old.header("access-control-allow-methods"),
        Some("GET,PUT,POST,DELETE,PATCH,OPTIONS")
    );
    let new = ready.ask_new("GET", "/terms", &[], "").await;
    assert_eq!(new.header("access-control-allow-origin"), None);
    let new = ready.ask_new("GET", "/terms", &origin, "").await;
    assert_eq!(
        new.header("access-control-allow-origin"),
        Some("https://app.example.com")
    );
    assert_eq!(new.header("access-control-allow-methods"), None);
    let preflight = [
        ("origin", "https://app.example.com"),
        ("access-control-request-method", "POST"),
    ];
    let old = ask("OPTIONS", &format!("{}/orders", ready.old), &preflight, "").await;
    assert_eq!((old.status, old.body.as_str()), (200, ""));
    assert_eq!(old.header("access-control-allow-methods"), Some("GET,POST"));
    let new = ask("OPTIONS", &format!("{}/orders", ready.new), &preflight, "").await;
    assert_eq!((new.status, new.body.as_str()), (200, ""));
    assert_eq!(
        new.header("access-control-allow-methods"),
        Some("GET,PUT,POST,DELETE,PATCH,OPTIONS")
    );
    let old = ask("OPTIONS", &format!("{}/orders", ready.old), &[], "").await;
    assert_eq!(old.status, 405);
    let new = ask("OPTIONS", &format!("{}/orders", ready.new), &[], "").await;
    assert_eq!(
        (new.status, new.header("allow")),
        (204, Some("OPTIONS, GET, POST"))
    );
    ready.doubles.stop().await;
}

#[tokio::test]
async fn each_side_has_its_own_headers() {
    let ready = ready().await;
    let old = ready.ask_old("GET", "/terms", &[], "").await;
    assert_eq!(old.header("server"), Some("WSO2-PassThrough-HTTP"));
    assert_eq!(old.header("activityid").map(str::len), Some(36));
    assert_eq!(old.header("transfer-encoding"), Some("chunked"));
    let new = ready.ask_new("GET", "/terms", &[], "").await;
    let names: Vec<&str> = new.headers.keys().map(String::as_str).collect();
    assert_eq!(names, ["content-length", "content-type", "server"]);
    assert_eq!(new.header("server"), Some("envoy"));
    assert_eq!(old.body, new.body);
    ready.doubles.stop().await;
}

#[tokio::test]
async fn the_backend_never_sees_the_credential() {
    let ready = ready().await;
    let sent = [("x-one", "1"), ("user-agent", "tester")];
    let old = ready
        .ask_old("POST", "/echo?a=1&b=%20", &sent, "hello")
        .await
        .json();
    assert_eq!(old["path"], "/echo");
    assert_eq!(old["query"], "a=1&b=%20");
    assert_eq!(old["body"], "hello");
    assert_eq!(old["headers"].get("authorization"), None);
    assert_eq!(
        old["headers"]["user-agent"],
        "Synapse-PT-HttpComponents-NIO"
    );
    let new = ready.ask_new("POST", "/echo", &sent, "hello").await.json();
    assert_eq!(new["headers"].get("authorization"), None);
    assert_eq!(new["headers"]["user-agent"], "tester");
    assert_eq!(new["headers"]["x-forwarded-proto"], "https");
    ready.doubles.stop().await;
}

#[tokio::test]
async fn a_scope_that_was_granted_opens_its_route() {
    let text = "
name: T
platform: wso2-api-cloud
backend: orders
token: { path: /token, clients: [ { id: a, secret: bbbbbb, scopes: [ m, n ] } ] }
gateway: { base: /api, faults: wso2-xml }
routes: [ { request: GET /reports/margins, scope: m } ]
";
    let doubles = start(vec![double(text)]).await;
    let running = &doubles.running()[0];
    let token = running.token_url().unwrap();
    let url = format!("{}/api/reports/margins", running.url());
    let mut statuses = Vec::new();
    for scope in ["n", "m%20x", ""] {
        let body = format!("grant_type=client_credentials&scope={scope}");
        let got = form(&token, ("a", "bbbbbb"), &body).await;
        let bearer = format!("Bearer {}", got.member("access_token"));
        let answer = get(&url, &[("authorization", &bearer)]).await;
        statuses.push((got.member("scope"), answer.status));
    }
    let expected = [("n", 403), ("m", 200), ("default", 403)];
    assert_eq!(
        statuses,
        expected.map(|(scope, status)| (scope.to_owned(), status))
    );
    doubles.stop().await;
}

#[test]
fn the_secrets_of_the_shipped_doubles_show_in_no_debug_text() {
    let pair = cutover::mock::Double::embedded().expect("sound doubles");
    let text = format!("{pair:?}");
    for secret in [OLD.1, NEW.1, "test-password-of-john"] {
        assert!(!text.contains(secret));
    }
}
