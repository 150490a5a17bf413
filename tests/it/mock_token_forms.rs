//! What a token server's file can say of refresh tokens, of logins and of the type of its answers.

use cutover::mock::{Doubles, Running};

use crate::mock_support::{Got, ask, double, form, part, start};

const SECRET: &str = "p+w/d=%&:x";
const USER: &str = "grant_type=password&username=u&password=test-password";

async fn served(more: &str) -> Doubles {
    let text = format!(
        "
name: T
platform: wso2-api-cloud
token:
  path: /token
  clients: [ {{ id: a, secret: '{SECRET}' }} ]
  users: [ {{ name: u, password: test-password }} ]
  {more}
"
    );
    start(vec![double(&text)]).await
}

async fn token(running: &Running, body: &str) -> Got {
    let url = running.token_url().expect("a token endpoint");
    form(&url, ("a", SECRET), body).await
}

/// The status that a way to log in is answered with.
async fn login(running: &Running, basic: Option<&str>, body: &str) -> u16 {
    use base64::Engine as _;
    let value = basic.map(|pair| {
        let pair = base64::engine::general_purpose::STANDARD.encode(pair);
        format!("Basic {pair}")
    });
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend(value.as_deref().map(|value| ("authorization", value)));
    let url = running.token_url().expect("a token endpoint");
    let body = format!("grant_type=client_credentials{body}");
    ask("POST", &url, &headers, &body).await.status
}

#[tokio::test]
async fn a_refresh_need_not_repeat_its_token() {
    let doubles = served("refresh: omit\n  refresh_format: vschar").await;
    let running = &doubles.running()[0];
    let first = token(running, USER).await;
    let refresh = first.member("refresh_token");
    assert_eq!(refresh.len(), 64);
    assert!(
        refresh.contains(|c: char| !c.is_ascii_alphanumeric()),
        "{refresh}"
    );
    let sent: String = url::form_urlencoded::byte_serialize(refresh.as_bytes()).collect();
    let again = format!("grant_type=refresh_token&refresh_token={sent}");
    for _ in 0..2 {
        let next = token(running, &again).await;
        assert_eq!(next.status, 200, "{}", next.body);
        assert!(!next.body.contains("refresh_token"), "{}", next.body);
        assert_ne!(next.member("access_token"), first.member("access_token"));
    }
    doubles.stop().await;
}

#[tokio::test]
async fn refresh_tokens_can_be_jwts_of_a_length() {
    let doubles = served("refresh_format: jwt\n  refresh_length: 2100").await;
    let first = token(&doubles.running()[0], USER).await;
    let refresh = first.member("refresh_token");
    assert_eq!(refresh.len(), 2100);
    assert!(part(&refresh, 0)["alg"].is_string());
    assert_eq!(first.member("access_token").len(), 36);
    doubles.stop().await;
}

#[tokio::test]
async fn the_type_of_answers_can_be_another() {
    let doubles = served("content_type: text/html\n  format: vschar\n  length: 5000").await;
    let got = token(&doubles.running()[0], USER).await;
    assert_eq!(
        (got.status, got.header("content-type")),
        (200, Some("text/html"))
    );
    assert_eq!(got.member("access_token").len(), 5000);
    doubles.stop().await;
}

#[tokio::test]
async fn a_secret_can_be_wanted_in_one_way_only() {
    let raw = format!("a:{SECRET}");
    let encoded = "a:p%2Bw%2Fd%3D%25%26%3Ax";
    let post = "&client_id=a&client_secret=p%2Bw%2Fd%3D%25%26%3Ax";
    for (more, wanted) in [
        ("life: 60", [200, 200, 200]),
        ("basic_encoding: form", [401, 200, 200]),
        ("basic_encoding: raw", [200, 401, 200]),
        ("client_auth: [ client_secret_basic ]", [200, 200, 401]),
        ("client_auth: [ client_secret_post ]", [401, 401, 200]),
    ] {
        let doubles = served(more).await;
        let running = &doubles.running()[0];
        let got = [
            login(running, Some(&raw), "").await,
            login(running, Some(encoded), "").await,
            login(running, None, post).await,
        ];
        assert_eq!(got, wanted, "{more}");
        doubles.stop().await;
    }
}
