//! The shipped doubles do what is known of the two platforms: `tests/conformance`, entry by entry.

use std::collections::{BTreeMap, BTreeSet};

use cutover::mock::document::Tls;
use cutover::mock::{Double, Doubles, StartOptions};
use cutover::source::{Source, parse};
use regex::Regex;
use serde_json::Value;

use crate::mock_shipped::json_of;
use crate::mock_support::{basic, part};
use crate::plain_http::{Raw, send};

const API_CLOUD: &str = include_str!("../conformance/api-cloud.yaml");
const CHOREO: &str = include_str!("../conformance/choreo.yaml");

fn yaml(name: &str, text: &str) -> Value {
    json_of(&parse(&Source::new(name, text)).unwrap_or_else(|d| panic!("{}", d.render(false))))
}

fn entries(text: &str) -> Vec<Value> {
    yaml("conformance.yaml", text)["entries"]
        .as_array()
        .unwrap()
        .clone()
}

/// A mapping laid over another, key by key; null takes away what is there.
fn laid_over(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                if value.is_null() && below.remove(key).is_some() {
                    continue;
                }
                laid_over(below.entry(key).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above.clone(),
    }
}

/// A double that is asked, and what it knows of its clients.
struct Asked {
    origin: String,
    base: String,
    token_path: String,
    clients: BTreeMap<String, (String, String)>,
    doubles: Doubles,
}

impl Asked {
    async fn start(file: &Value, over: &Value) -> Self {
        let mut file = file.clone();
        if over.is_object() {
            laid_over(&mut file, over);
        }
        let text = file.to_string();
        let double = Double::parse(&Source::new("double.yaml", text))
            .unwrap_or_else(|problems| panic!("{}", problems.render(false)));
        let options = StartOptions::default();
        let doubles = Doubles::start(vec![double], &options);
        let doubles = doubles.await.expect("a double that starts");
        let clients = file["token"]["clients"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap_or("app").to_owned();
        let clients = clients.map(|client| {
            let credential = (text(&client["id"]), text(&client["secret"]));
            (text(&client["name"]), credential)
        });
        Self {
            origin: doubles.running()[0].url(),
            base: text(&file["gateway"]["base"]),
            token_path: text(&file["token"]["path"]),
            clients: clients.collect(),
            doubles,
        }
    }

    /// Sends what an entry or one of its steps asks.
    fn ask(&self, step: &Value, kept: &BTreeMap<String, String>) -> Raw {
        let line = filled(step["ask"].as_str().unwrap(), kept).replace("{api}", &self.base);
        let (method, target) = line.split_once(' ').unwrap();
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in step["headers"].as_object().into_iter().flatten() {
            headers.push((name.clone(), filled(value.as_str().unwrap(), kept)));
        }
        match &step["client"] {
            Value::String(name) => {
                let (id, secret) = &self.clients[name];
                headers.push(("Authorization".into(), basic((id, secret))));
            }
            Value::Array(pair) => {
                let pair = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
                headers.push(("Authorization".into(), basic(pair)));
            }
            _ => {}
        }
        if let Some(name) = step["token"].as_str() {
            headers.push((
                "Authorization".into(),
                format!("Bearer {}", self.token(name)),
            ));
        }
        let form = step["form"].as_str();
        if form.is_some() {
            let form = "application/x-www-form-urlencoded";
            headers.push(("Content-Type".into(), form.into()));
        }
        let body = filled(form.or(step["body"].as_str()).unwrap_or_default(), kept);
        match step["over"].as_str() {
            None => send(&self.origin, method, target, &headers, body.as_bytes()),
            Some(way) => {
                let asked = self.over_tls(way, (method, target), headers, body);
                tokio::runtime::Handle::current().block_on(asked)
            }
        }
    }

    /// The same by the double's address with TLS, or by the one that wants a certificate. Status 0 where
    /// there is no connection.
    async fn over_tls(
        &self,
        way: &str,
        (method, target): (&str, &str),
        headers: Vec<(String, String)>,
        body: String,
    ) -> Raw {
        let double = &self.doubles.running()[0];
        let tls = match way.starts_with("tls") {
            true => Tls::Server,
            false => Tls::Mutual,
        };
        let ca = double.ca_pem().expect("an authority");
        let ca = reqwest::Certificate::from_pem(ca.as_bytes()).expect("PEM");
        let mut client = reqwest::Client::builder().no_proxy().tls_certs_only([ca]);
        client = match way {
            "tls" | "mutual without a certificate" => client,
            "tls 1.1" => client.http1_only(),
            "tls by 1.2" => client.tls_version_max(reqwest::tls::Version::TLS_1_2),
            "tls by 1.3" => client.tls_version_min(reqwest::tls::Version::TLS_1_3),
            "mutual" => {
                let (certificate, key) = double.client_pem().expect("a certificate");
                let identity = format!("{certificate}{key}");
                client.identity(reqwest::Identity::from_pem(identity.as_bytes()).expect("PEM"))
            }
            other => panic!("`{other}` is no way"),
        };
        let url = format!("{}{target}", double.url_with(tls).expect("an address"));
        let method = method.parse().expect("a method");
        let mut request = client.build().unwrap().request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let Ok(answer) = request.send().await else {
            return Raw {
                status: 0,
                http: String::new(),
                lines: Vec::new(),
                body: Vec::new(),
            };
        };
        let lines = answer.headers().iter();
        let lines = lines.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        Raw {
            status: answer.status().as_u16(),
            http: match answer.version() {
                reqwest::Version::HTTP_2 => "2".to_owned(),
                _ => "1.1".to_owned(),
            },
            lines: lines.collect(),
            body: answer.bytes().await.unwrap().to_vec(),
        }
    }

    fn token(&self, name: &str) -> String {
        let step = serde_json::json!({
            "ask": format!("POST {}", self.token_path), "client": name,
            "form": "grant_type=client_credentials",
        });
        let answer = self.ask(&step, &BTreeMap::new());
        member(&answer, "access_token")
    }
}

fn member(answer: &Raw, name: &str) -> String {
    let body: Value = serde_json::from_slice(&answer.body).expect("a JSON body");
    body[name].as_str().expect("a text").to_owned()
}

/// A text with what was kept in it, and `{2100}` as so many letters.
fn filled(text: &str, kept: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for (name, value) in kept {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    let size = text
        .strip_suffix('}')
        .and_then(|text| text.rsplit_once('{'));
    if let Some((before, size)) = size
        && let Ok(size) = size.parse::<usize>()
    {
        return format!("{before}{}", "x".repeat(size));
    }
    text
}

/// What an answer lacks of what is wanted.
fn unmet(answer: &Raw, want: &Value, kept: &BTreeMap<String, String>) -> Vec<String> {
    let mut unmet = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            unmet.push(what);
        }
    };
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    for (key, value) in want.as_object().into_iter().flatten() {
        let text = filled(value.as_str().unwrap_or_default(), kept);
        match key.as_str() {
            "status" => check(*value == answer.status, format!("status {}", answer.status)),
            "http" => check(answer.http == text, format!("HTTP {}", answer.http)),
            "body" => check(body == text, format!("body {body:?}")),
            "like" => check(is_like(&text, &body), format!("not like {text}: {body}")),
            "unlike" => check(!is_like(&text, &body), format!("like {text}: {body}")),
            "json" => {
                let read = serde_json::from_str::<Value>(&body).ok();
                check(read.as_ref() == Some(value), format!("JSON {body}"));
            }
            "lines" => {
                for line in value.as_array().unwrap() {
                    let line = line.as_str().unwrap().to_owned();
                    check(answer.lines.contains(&line), format!("no line {line}"));
                }
            }
            "only" => {
                let allowed = value.as_array().unwrap();
                for line in &answer.lines {
                    let name = line.split(':').next().unwrap().to_ascii_lowercase();
                    check(
                        allowed.contains(&Value::from(name)),
                        format!("a line {line}"),
                    );
                }
            }
            "headers" => {
                for (name, wanted) in value.as_object().unwrap() {
                    let found = answer.header(name);
                    check(
                        fits(wanted, found, kept),
                        format!("header {name}: {found:?}"),
                    );
                }
            }
            "jwt" | "claims" => {
                let token = member(answer, "access_token");
                let part = part(&token, usize::from(key == "claims"));
                for (name, wanted) in value.as_object().unwrap() {
                    let found = part[name].as_str();
                    let same = wanted.is_object() && part[name] == *wanted;
                    check(
                        same || !wanted.is_object() && fits(wanted, found, kept),
                        format!("{key} {name}: {:?}", part[name]),
                    );
                }
            }
            other => panic!("`{other}` cannot be wanted"),
        }
    }
    unmet
}

fn is_like(pattern: &str, body: &str) -> bool {
    let pattern = Regex::new(&format!("(?s){pattern}")).expect("a pattern");
    pattern.is_match(body)
}

/// A text, a `/regex/`, or null for what is not there.
fn fits(wanted: &Value, found: Option<&str>, kept: &BTreeMap<String, String>) -> bool {
    match (wanted.as_str().map(|text| filled(text, kept)), found) {
        (None, found) => found.is_none(),
        (Some(_), None) => false,
        (Some(wanted), Some(found)) => {
            match wanted
                .strip_prefix('/')
                .and_then(|rest| rest.strip_suffix('/'))
            {
                Some(pattern) => Regex::new(pattern).expect("a pattern").is_match(found),
                None => wanted == found,
            }
        }
    }
}

async fn conforms(file: &str, conformance: &str) {
    let file = yaml("double.yaml", file);
    let mut asked: BTreeMap<String, Asked> = BTreeMap::new();
    let mut wrong = Vec::new();
    for entry in entries(conformance) {
        let over = &entry["double with"];
        let key = over.to_string();
        if !asked.contains_key(&key) {
            asked.insert(key.clone(), Asked::start(&file, over).await);
        }
        let asked = &asked[&key];
        let mut kept = BTreeMap::new();
        let none = Vec::new();
        let first = entry["first"].as_array().unwrap_or(&none);
        for step in first.iter().chain([&entry]) {
            let answer = tokio::task::block_in_place(|| asked.ask(step, &kept));
            for problem in unmet(&answer, &step["want"], &kept) {
                wrong.push(format!("{}: {problem}", entry["id"]));
            }
            let keep = match &step["keep"] {
                Value::Array(names) => names.clone(),
                Value::Null => Vec::new(),
                one => vec![one.clone()],
            };
            for name in keep {
                let name = name.as_str().unwrap();
                kept.insert(name.to_owned(), member(&answer, name));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_double_of_api_cloud_conforms() {
    conforms(include_str!("../../mocks/api-cloud.yaml"), API_CLOUD).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_double_of_choreo_conforms() {
    conforms(include_str!("../../mocks/choreo.yaml"), CHOREO).await;
}

/// Keys that an entry may have.
const KEYS: &[&str] = &[
    "id",
    "fact",
    "says",
    "first",
    "ask",
    "over",
    "client",
    "token",
    "form",
    "headers",
    "body",
    "want",
    "double with",
    "set by",
];

#[test]
fn there_is_an_entry_for_each_fact_and_each_can_fail() {
    let schema: Value = serde_json::from_str(include_str!("../../mocks/schema/double.schema.json"))
        .expect("a schema");
    let fact_form = Regex::new(r"^wire facts \d(\.\d)?$").unwrap();
    let mut count = 0;
    for text in [API_CLOUD, CHOREO] {
        let entries = entries(text);
        count += entries.len();
        let ids: BTreeSet<&str> = entries.iter().map(|e| e["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), entries.len(), "each has a name of its own");
        for entry in &entries {
            let id = &entry["id"];
            let unknown = entry.as_object().unwrap().keys();
            let unknown: Vec<_> = unknown
                .filter(|key| !KEYS.contains(&key.as_str()))
                .collect();
            assert!(unknown.is_empty(), "{id}: {unknown:?}");
            let fact = entry["fact"].as_str().unwrap();
            assert!(fact_form.is_match(fact), "{id}");
            assert!(entry["says"].is_string(), "{id}");
            assert!(entry["want"]["status"].is_number(), "{id}");
            if let Some(key) = entry["set by"].as_str() {
                assert!(is_key(&schema, key), "{id}: `{key}` is no key of a double");
            }
        }
    }
    assert!(count >= 80, "{count}");
}

/// Whether a path of names leads to a key of a double.
fn is_key(schema: &Value, path: &str) -> bool {
    let text = schema.to_string();
    path.split('.')
        .all(|name| text.contains(&format!("\"{name}\":")))
}

#[test]
fn what_is_not_confirmed_has_an_entry_for_either_behaviour() {
    for (text, switch) in [
        (API_CLOUD, "gateway.challenge"),
        (API_CLOUD, "gateway.trailing_slash"),
        (API_CLOUD, "gateway.echo_headers"),
        (API_CLOUD, "gateway.cors.refused"),
        (API_CLOUD, "gateway.plain_http"),
        (API_CLOUD, "token.wrong_method"),
        (API_CLOUD, "gateway.suspend"),
        (API_CLOUD, "gateway.throttle.next_access"),
        (API_CLOUD, "gateway.backend_headers"),
        (API_CLOUD, "listen.tls_versions"),
        (API_CLOUD, "routes.headers"),
        (CHOREO, "gateway.refusal_type"),
        (CHOREO, "gateway.also_at"),
        (CHOREO, "gateway.trailing_slash"),
        (CHOREO, "gateway.limits"),
        (CHOREO, "gateway.plain_http"),
        (CHOREO, "gateway.merge_slashes"),
        (CHOREO, "gateway.retries"),
        (CHOREO, "gateway.issuers"),
        (CHOREO, "gateway.headers"),
        (CHOREO, "gateway.throttle"),
        (CHOREO, "gateway.texts.headers"),
        (CHOREO, "token.reissue"),
        (CHOREO, "token.cors_suffix"),
        (CHOREO, "token.header"),
        (CHOREO, "token.leeway"),
        (CHOREO, "token.unknown_scopes"),
        (CHOREO, "gateway.environment"),
        (CHOREO, "gateway.throttle.by"),
        (CHOREO, "gateway.certificates"),
        (API_CLOUD, "gateway.certificates"),
    ] {
        let entries = entries(text);
        let set = entries.iter().filter(|entry| entry["set by"] == switch);
        let ways: BTreeSet<String> = set.map(|e| e["double with"].to_string()).collect();
        assert!(ways.len() >= 2, "{switch}: {ways:?}");
    }
}

#[test]
fn the_clocks_of_choreo_may_differ_by_five_seconds() {
    let file = yaml("double.yaml", include_str!("../../mocks/choreo.yaml"));
    assert_eq!(file["token"]["leeway"], 5);
}

#[test]
fn what_does_not_hold_is_told() {
    let answer = Raw {
        status: 401,
        http: "1.1".into(),
        lines: vec!["Server: envoy".into()],
        body: b"{\"code\":\"900901\"}".to_vec(),
    };
    let want = serde_json::json!({
        "status": 403, "http": "2", "body": "", "like": "900902", "unlike": "9009", "json": {}, "only": ["date"],
        "lines": ["server: envoy"], "headers": { "server": null, "x": "/./" },
    });
    assert_eq!(unmet(&answer, &want, &BTreeMap::new()).len(), 10);
    let kept = BTreeMap::from([("t".to_owned(), "900901".to_owned())]);
    let want = serde_json::json!({
        "status": 401, "like": "{t}", "json": { "code": "900901" },
        "lines": ["Server: envoy"], "headers": { "SERVER": "/^env/", "x": null },
    });
    assert_eq!(unmet(&answer, &want, &kept), Vec::<String>::new());
}
