//! One side of a pair as probes meet it: token server and gateway in one, whose habits are data.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::probe_forged::{forged, key_set};
use crate::sandbox::Sandbox;
use crate::serve::{Seen, Server, answer, json as ok};

/// What a side does. The default is right in everything.
#[derive(Debug, Clone)]
pub(crate) struct Habits {
    pub(crate) name: &'static str,
    pub(crate) jwt: bool,
    /// Seconds.
    pub(crate) life: u64,
    /// `same`, `fresh`, `revokes`, `dated`: fresh, and equal to another of the same second (JWT without `jti`), or
    /// `one-id`: fresh, and each with the same `jti`.
    pub(crate) reissue: &'static str,
    /// How long a revoked token lives on; none for ever.
    pub(crate) lag: Option<Duration>,
    /// `rotate`, `keep` or `omit`.
    pub(crate) refresh: &'static str,
    /// Whether a used refresh token works again.
    pub(crate) reuse: bool,
    /// Whether the second use of a refresh token ends those that came from it.
    pub(crate) family: bool,
    /// Whether an ID token comes with a user's token.
    pub(crate) id_token: bool,
    /// Tokens that are let in although they must not be, by the variant's name.
    pub(crate) lets: &'static [&'static str],
    /// Good tokens that are refused, by the variant's name; `revocation`: the server revokes none.
    pub(crate) refuses: &'static [&'static str],
    /// Whether a token is taken after its life.
    pub(crate) immortal: bool,
    /// The status of a refusal.
    pub(crate) refusal: u16,
    /// Bytes of one header field, and the status above; 0 closes the connection.
    pub(crate) header_limit: Option<(usize, u16)>,
    /// Requests that pass; then 429.
    pub(crate) limit: Option<usize>,
    /// Headers of a refusal for the number of requests.
    pub(crate) throttled: &'static [(&'static str, &'static str)],
    /// The calls after which the API is away, and the status that says so.
    pub(crate) away: Option<(usize, u16)>,
    /// The same of the token endpoint.
    pub(crate) endpoint_away: Option<(usize, u16)>,
    /// How long each answer takes.
    pub(crate) slow: Duration,
    /// Headers for browsers, on every answer; `{origin}` is the request's own.
    pub(crate) cors: &'static [(&'static str, &'static str)],
}

pub(crate) const STAR: &[(&str, &str)] = &[
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, PUT"),
    (
        "Access-Control-Allow-Headers",
        "authorization, content-type",
    ),
];

impl Habits {
    pub(crate) fn old() -> Self {
        Self {
            name: "old",
            jwt: false,
            life: 3600,
            reissue: "fresh",
            lag: Some(Duration::ZERO),
            refresh: "rotate",
            reuse: false,
            family: false,
            id_token: false,
            lets: &[],
            refuses: &[],
            immortal: false,
            refusal: 401,
            header_limit: None,
            limit: None,
            throttled: &[("Retry-After", "1")],
            away: None,
            endpoint_away: None,
            slow: Duration::ZERO,
            cors: STAR,
        }
    }

    pub(crate) fn new() -> Self {
        Self {
            name: "new",
            jwt: true,
            ..Self::old()
        }
    }
}

#[derive(Debug)]
struct Known {
    ends: Instant,
    revoked: Option<Instant>,
}

#[derive(Debug, Default)]
struct State {
    issued: usize,
    tokens: HashMap<String, Known>,
    latest: Option<String>,
    /// Refresh tokens, and whether they work.
    refresh: HashMap<String, bool>,
    /// The client of each, as it says who it is.
    owners: HashMap<String, String>,
    /// The ID tokens.
    ids: Vec<String>,
    taken: usize,
    called: usize,
    asked: usize,
}

/// A running side.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) server: Server,
    name: &'static str,
}

impl Gate {
    pub(crate) fn start(habits: Habits) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let name = habits.name;
        let server = Server::start(move |seen, stream| {
            let mut state = state.lock().unwrap();
            let answer = match seen.target.split('?').next().unwrap() {
                "/token" => state.token(&habits, seen),
                "/revoke" => state.revoke(&habits, seen),
                "/keys" => ok(&key_set()),
                _ => state.api(&habits, seen),
            };
            let _ = stream.write_all(&answer);
        });
        Self { server, name }
    }

    /// The side in a pair file.
    pub(crate) fn side(&self) -> String {
        side(self.name, &self.server.url())
    }

    /// Requests to the token endpoint, to the revocation endpoint, and to the API.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let token = self.server.asked("/token").len();
        let revoke = self.server.asked("/revoke").len();
        let keys = self.server.asked("/keys").len();
        (
            token,
            revoke,
            self.server.seen().len() - token - revoke - keys,
        )
    }
}

/// A side of a pair file that allows writes.
pub(crate) fn side(name: &str, url: &str) -> String {
    let client = format!(
        "token_endpoint: \"{url}/token\", revocation_endpoint: \"{url}/revoke\", \
         client_id: {name}-client, client_secret: {name}-client-secret"
    );
    format!(
        "{name}:\n  url: \"{url}\"\n  writes: allowed\n  tokens:\n    app: {{ {client} }}\n    \
         user: {{ grant: password, {client}, username: {name}-user, password: {name}-password }}\n    \
         other: {{ token_endpoint: \"{url}/token\", client_id: {name}-other, client_secret: {name}-other-secret }}\n"
    )
}

/// A folder with a pair of sides and a suite of one probe.
pub(crate) fn bench(old: &Gate, new: &Gate, case: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("cutover.yaml", &(old.side() + &new.side()));
    sandbox.file("suites/p.yaml", &suite(case));
    sandbox
}

/// The same for a probe of refresh tokens that needs a case before it, which obtains the token.
pub(crate) fn bench_after_a_case(old: &Gate, new: &Gate) -> Sandbox {
    let sandbox = bench(
        old,
        new,
        "probe: refresh-rotation, token: user, needs: before",
    );
    let before = "cases:\n  - { name: before, request: GET /, token: user }\n";
    let suite = sandbox.read("suites/p.yaml").replace("cases:\n", before);
    sandbox.file("suites/p.yaml", &suite);
    sandbox
}

pub(crate) fn suite(case: &str) -> String {
    format!("name: P\ntoken: app\ncases:\n  - {{ name: p, {case} }}\n")
}

pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn field(seen: &Seen, name: &str) -> Option<String> {
    let mut fields = url::form_urlencoded::parse(seen.body.as_bytes());
    let found = fields.find(|(known, _)| known == name);
    found.map(|(_, value)| value.into_owned())
}

impl State {
    fn token(&mut self, habits: &Habits, seen: &Seen) -> Vec<u8> {
        self.asked += 1;
        if let Some((_, status)) = habits.endpoint_away.filter(|(most, _)| self.asked > *most) {
            return answer(status, &[], "");
        }
        let grant = field(seen, "grant_type").unwrap_or_default();
        let mut refresh = None;
        if grant == "refresh_token" {
            refresh = self.used(habits, seen);
            if refresh.is_none() {
                return answer(
                    400,
                    &[("Content-Type", "application/json")],
                    r#"{"error":"invalid_grant"}"#,
                );
            }
        }
        if habits.reissue == "same"
            && refresh.is_none()
            && let Some(latest) = self
                .latest
                .clone()
                .filter(|token| self.is_live(habits, token))
        {
            return ok(&format!(
                r#"{{"access_token":"{latest}","token_type":"Bearer","expires_in":{}}}"#,
                habits.life
            ));
        }
        if habits.reissue == "revokes"
            && let Some(known) = self
                .latest
                .as_ref()
                .and_then(|token| self.tokens.get_mut(token))
        {
            known.revoked = Some(Instant::now().checked_sub(Duration::from_secs(60)).unwrap());
        }
        let token = self.issue(habits);
        let next = match (grant.as_str(), habits.refresh) {
            ("client_credentials", _) | ("refresh_token", "omit") => None,
            ("refresh_token", "keep") => refresh,
            _ => {
                let next = format!("{}-refresh-{:06}", habits.name, self.issued);
                self.refresh.insert(next.clone(), true);
                let owner = seen.header("authorization").unwrap_or_default();
                self.owners.insert(next.clone(), owner.to_owned());
                Some(next)
            }
        };
        let mut body =
            json!({ "access_token": token, "token_type": "Bearer", "expires_in": habits.life });
        if let Some(next) = next {
            body["refresh_token"] = next.into();
        }
        if habits.id_token && grant == "password" {
            body["id_token"] = self.identity().into();
        }
        ok(&body.to_string())
    }

    /// The refresh token of a request, used up where it rotates; none where it is refused.
    fn used(&mut self, habits: &Habits, seen: &Seen) -> Option<String> {
        let used = field(seen, "refresh_token").unwrap_or_default();
        let owner = self.owners.get(&used).map(String::as_str);
        let foreign = owner.is_some() && owner != seen.header("authorization");
        let stolen = foreign && !habits.lets.contains(&"foreign-client");
        let trusted = owner.is_none() && habits.lets.contains(&"foreign-refresh");
        if stolen || !trusted && self.refresh.get(&used) != Some(&true) {
            if habits.family && !stolen && self.refresh.contains_key(&used) {
                self.refresh.values_mut().for_each(|live| *live = false);
            }
            return None;
        }
        if habits.refresh == "rotate" && !habits.reuse {
            self.refresh.insert(used.clone(), false);
        }
        Some(used)
    }

    fn identity(&mut self) -> String {
        let head = encoded(&json!({ "alg": "RS256", "kid": "k", "typ": "JWT" }));
        let said =
            json!({ "iss": "https://issuer.example.com", "aud": "the-client", "nonce": "n" });
        let signature = encoded(&json!("the ID token's signature"));
        let id = format!("{head}.{}.{signature}", encoded(&said));
        self.ids.push(id.clone());
        id
    }

    fn issue(&mut self, habits: &Habits) -> String {
        self.issued += 1;
        let number = self.issued;
        let token = if habits.jwt {
            let head = json!({ "alg": "RS256", "kid": "k" });
            let mut said = json!({
                "iss": "https://issuer.example.com", "aud": habits.name, "scope": "default",
                "iat": now(), "exp": now() + habits.life, "jti": number,
            });
            let mut signed = number;
            if habits.reissue == "dated" {
                said.as_object_mut().unwrap().remove("jti");
                signed = 0;
            }
            if habits.reissue == "one-id" {
                said["jti"] = json!("the one and only");
            }
            let signature = encoded(&json!(format!("signature {signed:064}")));
            format!("{}.{}.{signature}", encoded(&head), encoded(&said))
        } else {
            format!("{}-token-000000000000000000{number:06}", habits.name)
        };
        let known = Known {
            ends: Instant::now() + Duration::from_secs(habits.life),
            revoked: None,
        };
        self.tokens.insert(token.clone(), known);
        self.latest = Some(token.clone());
        token
    }

    fn revoke(&mut self, habits: &Habits, seen: &Seen) -> Vec<u8> {
        if habits.refuses.contains(&"revocation") {
            return answer(400, &[], r#"{"error":"unsupported_token_type"}"#);
        }
        let token = field(seen, "token").unwrap_or_default();
        if let Some(known) = self.tokens.get_mut(&token) {
            known.revoked.get_or_insert(Instant::now());
        }
        answer(200, &[], "")
    }

    fn api(&mut self, habits: &Habits, seen: &Seen) -> Vec<u8> {
        std::thread::sleep(habits.slow);
        self.called += 1;
        if let Some((_, status)) = habits.away.filter(|(calls, _)| self.called > *calls) {
            return answer(status, &[], "");
        }
        let origin = seen.header("origin").unwrap_or_default().to_owned();
        let cors: Vec<(&str, String)> = habits
            .cors
            .iter()
            .filter(|_| !origin.is_empty())
            .map(|(name, value)| (*name, value.replace("{origin}", &origin)))
            .collect();
        let mut headers: Vec<(&str, &str)> = cors.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let longest = seen
            .headers
            .iter()
            .map(|(n, v)| n.len() + v.len() + 2)
            .max();
        match habits.header_limit {
            Some((most, 0)) if longest > Some(most) => return Vec::new(),
            Some((most, status)) if longest > Some(most) => return answer(status, &headers, ""),
            _ => {}
        }
        if seen.method == "OPTIONS" {
            return answer(204, &headers, "");
        }
        if !self.admits(habits, seen) {
            headers.push(("WWW-Authenticate", "Bearer"));
            return answer(habits.refusal, &headers, "");
        }
        self.taken += 1;
        if habits.limit.is_some_and(|limit| self.taken > limit) {
            // The window is over with the first refusal.
            if !habits.refuses.contains(&"recovery") {
                self.taken = 0;
            }
            headers.extend(habits.throttled);
            return answer(429, &headers, "");
        }
        headers.push(("Content-Type", "application/json"));
        answer(200, &headers, "{}")
    }

    fn admits(&self, habits: &Habits, seen: &Seen) -> bool {
        let lets = |variant: &str| habits.lets.contains(&variant);
        let all: Vec<&str> = seen
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            .map(|(_, value)| value.as_str())
            .collect();
        let query = seen.target.contains("access_token=");
        let form = seen.body.contains("access_token=");
        if all.is_empty() {
            return query && lets("query") || form && lets("form") || lets("anything");
        }
        if all.len() > 1 {
            return lets("two-headers");
        }
        let Some((scheme, token)) = all[0].split_once(' ') else {
            return false;
        };
        if scheme != "Bearer" && habits.refuses.contains(&"lower-case-scheme") {
            return false;
        }
        let issued: Vec<&str> = self.tokens.keys().map(String::as_str).collect();
        self.is_live(habits, token)
            || lets("anything")
            || forged(&issued, &self.ids, token).is_some_and(lets)
    }

    fn is_live(&self, habits: &Habits, token: &str) -> bool {
        self.tokens.get(token).is_some_and(|known| {
            let revoked = known.revoked.zip(habits.lag);
            let dead = revoked.is_some_and(|(at, lag)| at.elapsed() >= lag);
            !dead && (habits.immortal || Instant::now() < known.ends)
        })
    }
}
