//! The one file that sees the `oauth2` crate: it writes the token request and gives a strict
//! reading of the answer; the raw answer is kept beside it.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, ClientId, ClientSecret, HttpRequest, HttpResponse,
    RefreshToken, RequestTokenError, ResourceOwnerPassword, ResourceOwnerUsername, Scope, TokenUrl,
};
use secrecy::ExposeSecret;
use thiserror::Error;

use super::address::Address;
use super::assertion::proof;
use super::credential::Credential;
use super::extension::ask_extension;
use super::form::basic;
use crate::config::{BasicEncoding, ClientAuth};
use crate::exchange::{Answer, Failure, FailureCause, Target};
use crate::message::{Headers, Request};
use crate::results::Phase;

/// What is asked of a token endpoint.
#[derive(Debug, Clone)]
pub enum Ask {
    /// RFC 6749 section 4.4.
    ClientCredentials,
    /// RFC 6749 section 4.3.
    Password,
    /// RFC 6749 section 6.
    Refresh(secrecy::SecretString),
    /// RFC 8693 section 2.1.
    Exchange {
        /// The token that is exchanged.
        subject: secrecy::SecretString,
        /// What sort of token that is.
        kind: String,
    },
    /// RFC 7523 section 2.1: the assertion.
    Bearer(secrecy::SecretString),
}

/// A token request, its answer, and what a strict reader says of it.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) answer: Answer,
    /// Why a strict client library rejects a good answer, if it does.
    pub(super) strict: Option<String>,
}

/// An exchange that failed, as the library wants to see it.
#[derive(Debug, Error)]
#[error("the exchange failed")]
struct Lost;

/// What the library sent through us, and what came back.
#[derive(Default)]
struct Kept {
    request: Option<Request>,
    outcome: Option<Result<Answer, Failure>>,
}

/// The library's way to the wire: the side's own target.
struct Wire<'a> {
    target: &'a Target,
    credential: &'a Credential,
    timeout: Duration,
    kept: Mutex<Kept>,
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = Lost;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Lost>> + Send + 'c>>;

    fn call(&'c self, outgoing: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = request(outgoing, self.credential);
            let outcome = self.target.send(&request, self.timeout).await;
            let reply = outcome.as_ref().map_err(|_| Lost).and_then(reply);
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.request = Some(request);
            kept.outcome = Some(outcome);
            reply
        })
    }
}

/// Sends a token request and keeps the raw answer. Boxed: the library's client trait has a lifetime
/// of its own, through which the compiler cannot see from the outside that this is `Send`.
pub(super) fn ask<'a>(
    target: &'a Target,
    credential: &'a Credential,
    endpoint: &'a Address,
    ask: &'a Ask,
    timeout: Duration,
) -> Pin<Box<dyn Future<Output = Result<Asked, Failure>> + Send + 'a>> {
    Box::pin(async move {
        let wire = Wire {
            target,
            credential,
            timeout,
            kept: Mutex::default(),
        };
        if let Some(asked) = ask_extension(target, credential, endpoint, ask, timeout).await {
            return asked;
        }
        let mut params = credential.params.clone();
        params.extend(proof(credential, endpoint).map_err(unsent)?);
        let strict = send(credential, endpoint, ask, params, &wire).await;
        let kept = wire
            .kept
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        match (kept.request, kept.outcome) {
            (Some(request), Some(outcome)) => Ok(Asked {
                request,
                answer: outcome?,
                strict,
            }),
            _ => Err(unsent("the token request could not be made".to_owned())),
        }
    })
}

pub(super) fn unsent(message: String) -> Failure {
    Failure::new(Phase::Token, FailureCause::Token, message)
}

async fn send(
    credential: &Credential,
    endpoint: &Address,
    ask: &Ask,
    params: Vec<(String, String)>,
    http: &Wire<'_>,
) -> Option<String> {
    let auth = match credential.client_auth {
        ClientAuth::Basic => AuthType::BasicAuth,
        _ => AuthType::RequestBody,
    };
    let mut client = BasicClient::new(ClientId::new(credential.client_id.clone()))
        .set_token_uri(TokenUrl::from_url(endpoint.url().clone()))
        .set_auth_uri(AuthUrl::from_url(endpoint.url().clone()))
        .set_auth_type(auth);
    let sent = matches!(credential.client_auth, ClientAuth::Basic | ClientAuth::Post);
    if let Some(secret) = credential.client_secret.as_ref().filter(|_| sent) {
        client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
    }
    let scopes = credential.scope.iter().cloned().map(Scope::new);
    // The three request types of the library share no trait, only their methods.
    macro_rules! with_params {
        ($request:expr) => {{
            let mut request = $request;
            for (name, value) in params {
                request = request.add_extra_param(name, value);
            }
            request.request_async(http).await
        }};
    }
    let result = match ask {
        // The other two are sent as forms of our own, before this.
        Ask::ClientCredentials | Ask::Exchange { .. } | Ask::Bearer(_) => {
            with_params!(client.exchange_client_credentials().add_scopes(scopes))
        }
        Ask::Refresh(token) => {
            let token = RefreshToken::new(token.expose_secret().to_owned());
            with_params!(client.exchange_refresh_token(&token).add_scopes(scopes))
        }
        Ask::Password => {
            let owner = credential.owner.as_ref();
            let (name, password) = owner.map_or((String::new(), String::new()), |(name, word)| {
                (name.clone(), word.expose_secret().to_owned())
            });
            let name = ResourceOwnerUsername::new(name);
            let password = ResourceOwnerPassword::new(password);
            with_params!(
                client
                    .exchange_password(&name, &password)
                    .add_scopes(scopes)
            )
        }
    };
    objection(result)
}

/// The library's reading of an answer, whoever wrote the request.
type Reading = Result<
    oauth2::basic::BasicTokenResponse,
    RequestTokenError<Lost, oauth2::basic::BasicErrorResponse>,
>;

/// Why the library rejects a good answer, if it does.
fn objection(result: Reading) -> Option<String> {
    match result {
        // The path names the member; the value would be shown by the error's own text.
        Err(RequestTokenError::Parse(error, _)) => Some(format!("at `{}`", error.path())),
        Err(RequestTokenError::Other(_)) => Some("an empty answer".to_owned()),
        _ => None,
    }
}

/// An answer that is there already, handed to the library in place of the wire's.
struct Replay<'a>(&'a Answer);

impl<'c> AsyncHttpClient<'c> for Replay<'_> {
    type Error = Lost;
    type Future = std::future::Ready<Result<HttpResponse, Lost>>;

    fn call(&'c self, _: HttpRequest) -> Self::Future {
        std::future::ready(reply(self.0))
    }
}

/// What a strict reader says of an answer to a request that the library did not write.
pub(super) async fn strict_reading(answer: &Answer) -> Option<String> {
    let nowhere = TokenUrl::new("http://localhost/".to_owned()).ok()?;
    let client = BasicClient::new(ClientId::new(String::new())).set_token_uri(nowhere);
    let replay = Replay(answer);
    let request = client.exchange_client_credentials();
    objection(request.request_async(&replay).await)
}

fn request(outgoing: HttpRequest, credential: &Credential) -> Request {
    let (parts, body) = outgoing.into_parts();
    let mut headers = Headers::default();
    for (name, value) in &parts.headers {
        headers
            .0
            .push((name.to_string(), value.as_bytes().to_vec()));
    }
    headers.set("user-agent", crate::USER_AGENT);
    if credential.client_auth == ClientAuth::Basic
        && credential.basic_encoding == BasicEncoding::Raw
    {
        headers.set("authorization", basic(credential));
    }
    Request {
        method: parts.method.to_string(),
        url: parts.uri.to_string(),
        headers,
        body: body.into(),
    }
}

fn reply(answer: &Answer) -> Result<HttpResponse, Lost> {
    let response = &answer.response;
    let mut builder = http::Response::builder().status(response.status);
    for (name, value) in &response.headers.0 {
        builder = builder.header(name.as_str(), value.as_slice());
    }
    builder.body(response.body.to_vec()).map_err(|_| Lost)
}
