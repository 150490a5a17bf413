//! One token request, from the credential to the answer.

use std::time::Duration;

use super::address::Address;
use super::answer::TokenAnswer;
use super::checks::LEEWAY;
use super::credential::Credential;
pub use super::library::Ask;
use super::library::ask;
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

impl Acquired {
    /// Whole seconds that the answer took.
    pub fn seconds(&self) -> i64 {
        i64::try_from(self.took.as_secs()).unwrap_or(i64::MAX)
    }

    /// Seconds by which the endpoint's clock is ahead of ours, as `Date` shows it (RFC 9110 section 6.6.1), or behind
    /// where it is less than nothing; none where the answer has no date.
    pub fn clock_off(&self) -> Option<i64> {
        let date = self.response.headers.text("date")?;
        let date = jiff::fmt::rfc2822::parse(&date).ok()?;
        let off = date.timestamp().as_second().saturating_sub(self.at);
        // The date is that of the answer's beginning, which may be long ago.
        Some(match off {
            off if off < 0 => off.saturating_add(self.seconds()).min(0),
            off => off,
        })
    }

    /// What the endpoint's clock is, where it is wrong by more than clocks may be.
    pub fn wrong_clock(&self) -> Option<String> {
        let off = self.clock_off()?;
        (off.saturating_abs() > LEEWAY).then(|| {
            let by = clock_words(off);
            format!("the clock of the token endpoint is {by} of ours, more than {LEEWAY} s")
        })
    }
}

/// How far off a clock is, in words.
pub(super) fn clock_words(off: i64) -> String {
    match off {
        0 => "right".to_owned(),
        off if off > 0 => format!("{off} s ahead"),
        off => format!("{} s behind", off.saturating_neg()),
    }
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
    register(secrets, credential, &answer);
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
pub(super) fn register(secrets: &Secrets, credential: &Credential, answer: &TokenAnswer) {
    for member in ["access_token", "refresh_token", "id_token"] {
        if let Some(value) = answer.token(member) {
            secrets.add(&format!("{}.{member}", credential.name), value);
        }
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
