//! One side of a pair with tokens: an endpoint that issues them, and an API that takes only them.

use std::sync::{Arc, Mutex};

use crate::serve::{Seen, Server, answer, json};

/// What the endpoint and the API know.
#[derive(Debug, Default)]
struct State {
    issued: usize,
    valid: Vec<String>,
}

/// A token endpoint at `/token` and an API at every other path.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) server: Server,
}

impl Issuer {
    /// Tokens are `PREFIX-token-000001` and so on, and live for so many seconds. `/evict` refuses a
    /// token once, `/refuse` refuses every one, `/slow` takes longer than a second, `/echo` tells the token.
    pub(crate) fn start(prefix: &'static str, life: u64) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let server = Server::answering(move |seen| {
            if seen.target == "/slow" {
                std::thread::sleep(std::time::Duration::from_millis(1_100));
            }
            let mut state = state.lock().unwrap();
            if seen.target == "/token" {
                state.issue(prefix, life)
            } else {
                state.serve(seen)
            }
        });
        Self { server }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// What was asked of the token endpoint: the bodies.
    pub(crate) fn token_requests(&self) -> Vec<String> {
        let asked = self.server.asked("/token").into_iter();
        asked.map(|seen| seen.body).collect()
    }

    /// The `Authorization` of each API request.
    pub(crate) fn credentials(&self) -> Vec<String> {
        let seen = self.server.seen().into_iter();
        seen.filter(|seen| seen.target != "/token")
            .map(|seen| seen.header("authorization").unwrap_or("-").to_owned())
            .collect()
    }
}

impl State {
    fn issue(&mut self, prefix: &str, life: u64) -> Vec<u8> {
        self.issued += 1;
        let number = self.issued;
        let token = format!("{prefix}-token-{number:06}");
        self.valid.push(format!("Bearer {token}"));
        json(&format!(
            r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{life},"refresh_token":"{prefix}-refresh-{number:06}"}}"#
        ))
    }

    fn serve(&mut self, seen: &Seen) -> Vec<u8> {
        let given = seen.header("authorization").unwrap_or_default();
        let known = self.valid.iter().any(|token| token == given);
        let evicted = seen.target == "/evict" && self.issued < 2;
        if !known || evicted || seen.target == "/refuse" {
            return answer(401, &[("WWW-Authenticate", "Bearer")], "");
        }
        if seen.target == "/echo" {
            let token = given.trim_start_matches("Bearer ");
            let said =
                format!(r#"{{"token":"{token}","header":"{given}","in":"/in?t%3D{token}"}}"#);
            return json(&said);
        }
        json("{}")
    }
}

/// A side of a pair file with the credential `app` at its own endpoint.
pub(crate) fn side(name: &str, url: &str) -> String {
    format!(
        "{name}:\n  url: \"{url}\"\n  tokens:\n    app: {{ token_endpoint: \"{url}/token\", \
         client_id: {name}-client, client_secret: {name}-client-secret }}\n"
    )
}
