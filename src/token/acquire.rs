//! One token request, from the credential to the answer.

use std::time::Duration;

use super::address::Address;
use super::answer::TokenAnswer;
use super::credential::Credential;
pub use super::library::Ask;
use super::library::ask;
use super::loose;
use crate::exchange::{Failure, FailureCause, Target};
use crate::message::{Request, Response};
use crate::redact::Secrets;
use crate::results::Phase;

/// A token request and its answer.
#[derive(Debug, Clone)]
pub struct Acquired {
    /// As sent.
    pub request: Request,
    /// As received.
    pub response: Response,
    /// As read by a tolerant client.
    pub answer: TokenAnswer,
    /// Why a strict client library rejects the answer, if it does.
    pub strict: Option<String>,
    /// From sending to the last byte.
    pub took: Duration,
    /// When it came, by our clock: seconds since 1970.
    pub at: i64,
}

/// Asks the credential's token endpoint. Every token in the answer is made known as a secret
/// before anything else is done with it.
///
/// # Errors
/// There was no complete answer. An answer that refuses is no error here.
pub(super) async fn acquire(
    target: &Target,
    credential: &Credential,
    endpoint: &Address,
    what: &Ask,
    secrets: &Secrets,
    timeout: Duration,
) -> Result<Acquired, Failure> {
    let asked = ask(target, credential, endpoint, what, timeout)
        .await
        .map_err(at_token_phase)?;
    let answer = TokenAnswer::read(&asked.answer.response, secrets);
    register(secrets, credential, &answer, &asked.answer.response);
    Ok(Acquired {
        request: asked.request,
        response: asked.answer.response,
        answer,
        strict: asked.strict,
        took: asked.answer.took,
        at: jiff::Timestamp::now().as_second(),
    })
}

/// Makes every token of an answer known as a secret.
pub(super) fn register(
    secrets: &Secrets,
    credential: &Credential,
    answer: &TokenAnswer,
    response: &Response,
) {
    for member in ["access_token", "refresh_token", "id_token"] {
        if let Some(value) = answer.token(member) {
            secrets.add(&format!("{}.{member}", credential.name), value);
        }
    }
    for token in loose::tokens(answer, response) {
        secrets.add(&format!("{}.token", credential.name), &token);
    }
}

/// A failure on the way to a token: the case is `inconclusive (token)`, whatever the wire did. A
/// side that was given up stays that.
pub(super) fn at_token_phase(failure: Failure) -> Failure {
    match failure.cause {
        FailureCause::SideDown => failure,
        _ => Failure::new(
            Phase::Token,
            FailureCause::Token,
            format!("no answer from the token endpoint: {}", failure.message),
        ),
    }
}
