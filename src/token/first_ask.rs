//! What a credential's grant asks for, before there is anything to refresh.

use std::pin::Pin;

use secrecy::ExposeSecret as _;

use super::acquire::{Ask, at_token_phase};
use super::credential::{Credential, Subject};
use super::endpoint::Endpoint;
use super::library::unsent;
use super::wallet::Wallet;
use crate::config::Grant;
use crate::exchange::Failure;

/// What is to be asked, found out.
type Asking<'a> = Pin<Box<dyn Future<Output = Result<Ask, Failure>> + Send + 'a>>;

impl Wallet {
    /// What a grant asks for that does not begin with a refresh token of an earlier answer. On the heap, since
    /// an exchange begins with another credential's token, and that one may be an exchange.
    pub(super) fn first_ask<'a>(&'a self, credential: &'a Credential, grant: Grant) -> Asking<'a> {
        Box::pin(async move {
            let missing = |what: &str| {
                let name = &credential.name;
                unsent(format!("the credential `{name}` has no {what}"))
            };
            Ok(match grant {
                Grant::Password => Ask::Password,
                Grant::RefreshToken => match &credential.seed {
                    Some(seed) => Ask::Refresh(seed.clone()),
                    None => return Err(missing("refresh token")),
                },
                Grant::TokenExchange => {
                    let subject = match &credential.subject {
                        Some(Subject::Token(token)) => Some(token.clone()),
                        Some(Subject::Of(name)) => {
                            self.get(name).await?.map(|token| token.value.clone())
                        }
                        None => None,
                    };
                    let subject = subject.ok_or_else(|| missing("token to exchange"))?;
                    let kind = credential.kind_of(subject.expose_secret());
                    Ask::Exchange { subject, kind }
                }
                Grant::JwtBearer => {
                    let assertion = credential.assertion.as_ref();
                    let assertion = assertion.ok_or_else(|| missing("assertion"))?;
                    let found = self.endpoint(&credential.name, Endpoint::Token).await;
                    let url = found.map_err(at_token_phase)?;
                    let url = url.ok_or_else(|| missing("token endpoint"))?;
                    let text = assertion.text(&credential.client_id, &url);
                    Ask::Bearer(text.map_err(unsent)?)
                }
                _ => Ask::ClientCredentials,
            })
        })
    }
}
