//! What the tests of doubles share: starting them, asking them, reading answers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cutover::mock::{Double, Doubles, Running, StartOptions};
use cutover::source::Source;
use serde_json::Value;

/// The client of the shipped doubles: id and secret, old and new.
pub(crate) const OLD: (&str, &str) = (
    "cutover-test-client-old-side-1",
    "test-secret-of-the-old-side",
);
pub(crate) const NEW: (&str, &str) = (
    "cutover-test-client-new-side-1",
    "test-secret-of-the-new-side",
);
pub(crate) const OLD_BASE: &str = "/t/acme/orders/1.0.0";
pub(crate) const NEW_BASE: &str = "/acme/orders/v1.0";

/// An answer: status, headers by lower-case name (values of one name joined), body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The member of a JSON body, as text.
    pub(crate) fn member(&self, name: &str) -> String {
        self.json()[name].as_str().expect("a string").to_owned()
    }
}

pub(crate) fn double(text: &str) -> Double {
    match Double::parse(&Source::new("double.yaml", text)) {
        Ok(double) => double,
        Err(diagnostics) => panic!("{}", diagnostics.render(false)),
    }
}

pub(crate) async fn start(doubles: Vec<Double>) -> Doubles {
    Doubles::start(doubles, &StartOptions::default())
        .await
        .expect("doubles that start")
}

/// The shipped doubles, old first.
pub(crate) async fn shipped(defect: Option<&str>) -> Doubles {
    let pair = Double::embedded().expect("sound doubles");
    let options = StartOptions {
        defect: defect.map(str::to_owned),
        ..StartOptions::default()
    };
    Doubles::start(vec![pair.old, pair.new], &options)
        .await
        .expect("doubles that start")
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> Got {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in response.headers() {
        let value = value.to_str().expect("a text value");
        headers
            .entry(name.as_str().to_owned())
            .and_modify(|known| {
                known.push_str(" | ");
                known.push_str(value);
            })
            .or_insert_with(|| value.to_owned());
    }
    headers.remove("date");
    let bytes = response.bytes().await.expect("a body");
    Got {
        status,
        headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

pub(crate) async fn get(url: &str, headers: &[(&str, &str)]) -> Got {
    ask("GET", url, headers, "").await
}

pub(crate) async fn ask(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Got {
    let method = method.parse().expect("a method");
    let mut request = client().request(method, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !body.is_empty() {
        request = request.body(body.to_owned());
    }
    send(request).await
}

pub(crate) fn basic((id, secret): (&str, &str)) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// Posts a form with HTTP Basic.
pub(crate) async fn form(url: &str, client: (&str, &str), body: &str) -> Got {
    let basic = basic(client);
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    ask("POST", url, &headers, body).await
}

/// A header with a new token of the shipped client.
pub(crate) async fn bearer(running: &Running) -> String {
    let client = if running.platform() == "choreo" {
        NEW
    } else {
        OLD
    };
    let url = running.token_url().expect("a token endpoint");
    let got = form(&url, client, "grant_type=client_credentials").await;
    format!("Bearer {}", got.member("access_token"))
}

/// The JSON of a JWT's part.
pub(crate) fn part(jwt: &str, at: usize) -> Value {
    let part = jwt.split('.').nth(at).expect("a part");
    let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}
