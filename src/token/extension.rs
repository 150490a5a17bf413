//! Grants that the `oauth2` crate does not write: token exchange (RFC 8693) and JWT bearer (RFC 7523).

use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::address::Address;
use super::credential::Credential;
use super::form::{Fields, form_request};
use super::library::{Ask, Asked, strict_reading, unsent};
use crate::exchange::{Failure, Target};

/// RFC 8693 section 2.1.
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// RFC 7523 section 2.1.
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The grant's own fields; none for a grant that the library writes.
fn fields(ask: &Ask) -> Option<Fields> {
    let own = match ask {
        Ask::Exchange { subject, kind } => [
            ("grant_type", EXCHANGE),
            ("subject_token", subject.expose_secret()),
            ("subject_token_type", kind),
        ]
        .to_vec(),
        Ask::Bearer(assertion) => [
            ("grant_type", JWT_BEARER),
            ("assertion", assertion.expose_secret()),
        ]
        .to_vec(),
        Ask::ClientCredentials | Ask::Password | Ask::Refresh(_) => return None,
    };
    let own = own.into_iter();
    Some(own.map(|(n, v)| (n.to_owned(), v.to_owned())).collect())
}

/// Sends a request of such a grant; none where the library writes the grant.
pub(super) async fn ask_extension(
    target: &Target,
    credential: &Credential,
    endpoint: &Address,
    ask: &Ask,
    timeout: Duration,
) -> Option<Result<Asked, Failure>> {
    let mut fields = fields(ask)?;
    if !credential.scope.is_empty() {
        fields.push(("scope".to_owned(), credential.scope.join(" ")));
    }
    fields.extend(credential.params.iter().cloned());
    let request = match form_request(credential, endpoint, &fields) {
        Ok(request) => request,
        Err(message) => return Some(Err(unsent(message))),
    };
    let answer = match target.send(&request, timeout).await {
        Ok(answer) => answer,
        Err(failure) => return Some(Err(failure)),
    };
    let strict = strict_reading(&answer).await;
    Some(Ok(Asked {
        request,
        answer,
        strict,
    }))
}
