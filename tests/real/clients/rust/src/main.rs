//! The crate oauth2, blocking: the program keeps the token and its time, as the crate leaves to it, behind
//! a lock. <https://docs.rs/oauth2>

use std::env::var;
use std::error::Error;
use std::sync::Mutex;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::reqwest::{blocking, redirect};
use oauth2::{
    ClientId, ClientSecret, EndpointNotSet, EndpointSet, RefreshToken, ResourceOwnerPassword,
    ResourceOwnerUsername, TokenResponse, TokenUrl,
};

type Failed = Box<dyn Error + Send + Sync>;
type Client =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Beyond the life of a token of 3 seconds, which is taken for up to 5.
const BEYOND: Duration = Duration::from_millis(5500);

struct Api {
    client: Client,
    http: blocking::Client,
    base: String,
    /// A user, where refresh tokens are what it is about.
    user: Option<(ResourceOwnerUsername, ResourceOwnerPassword)>,
    token: Mutex<Option<(BasicTokenResponse, Instant)>>,
}

impl Api {
    fn ask(&self, refresh: Option<&RefreshToken>) -> Result<BasicTokenResponse, Failed> {
        Ok(match (refresh, &self.user) {
            (Some(refresh), _) => self
                .client
                .exchange_refresh_token(refresh)
                .request(&self.http)?,
            (None, Some((name, password))) => self
                .client
                .exchange_password(name, password)
                .request(&self.http)?,
            (None, None) => self
                .client
                .exchange_client_credentials()
                .request(&self.http)?,
        })
    }

    fn token(&self) -> Result<String, Failed> {
        let mut kept = self.token.lock().map_err(|_| "a call panicked")?;
        let ended = |(token, since): &(BasicTokenResponse, Instant)| {
            token
                .expires_in()
                .is_some_and(|life| since.elapsed() >= life)
        };
        if kept.as_ref().is_none_or(ended) {
            let refresh = kept.as_ref().and_then(|(token, _)| token.refresh_token());
            *kept = Some((self.ask(refresh)?, Instant::now()));
        }
        let token = kept
            .as_ref()
            .map(|(token, _)| token.access_token().secret().clone());
        token.ok_or_else(|| "no token".into())
    }

    fn call(&self, path: &str) -> Result<usize, Failed> {
        let request = self.http.get(format!("{}{path}", self.base));
        let answer = request.bearer_auth(self.token()?).send()?;
        let text = answer.error_for_status()?.text()?;
        Ok(text.matches("\"id\"").count())
    }
}

fn main() -> Result<(), Failed> {
    let profile = var("CUTOVER_PROFILE")?;
    let user = if profile.contains("refresh") || profile == "parallel-rotation" {
        let name = ResourceOwnerUsername::new(var("CUTOVER_USERNAME")?);
        Some((name, ResourceOwnerPassword::new(var("CUTOVER_PASSWORD")?)))
    } else {
        None
    };
    let api = Api {
        client: BasicClient::new(ClientId::new(var("CUTOVER_CLIENT_ID")?))
            .set_client_secret(ClientSecret::new(var("CUTOVER_CLIENT_SECRET")?))
            .set_token_uri(TokenUrl::new(var("CUTOVER_TOKEN_URL")?)?),
        http: blocking::ClientBuilder::new()
            .redirect(redirect::Policy::none())
            .build()?,
        base: var("CUTOVER_API_URL")?,
        user,
        token: Mutex::default(),
    };
    // Calls at once before there is a token.
    let cold = profile == "cold-start";
    let mut items = if cold { 0 } else { api.call("/customers/1")? };
    if cold || profile.starts_with("parallel-") {
        sleep(if cold { Duration::ZERO } else { BEYOND });
        items = scope(|scope| {
            let threads: Vec<_> = (0..5)
                .map(|at| (at, &api))
                .map(|(at, api)| scope.spawn(move || api.call(&format!("/orders/{at}"))))
                .collect();
            let ended = threads.into_iter().map(|thread| thread.join());
            ended
                .map(|call| call.map_err(|_| "a call panicked")?)
                .try_fold(0, |most, call| Ok::<_, Failed>(most.max(call?)))
        })?;
    } else {
        // Where tokens live 3 seconds, and calls are made one after the other.
        let refreshed = profile.contains("refresh") && profile != "no-refresh-token";
        for path in ["/orders", "/orders/1"] {
            if profile == "short-lived" || refreshed {
                sleep(BEYOND);
            }
            items = api.call(path)?;
        }
    }
    println!("{items} items");
    Ok(())
}
