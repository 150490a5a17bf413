//! Asking a server what a token is worth (RFC 7662).

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use super::answer::{Refusal, TokenAnswer};
use super::endpoint::Endpoint;
use super::revoke::TokenHint;
use super::wallet::Wallet;
use crate::exchange::Failure;
use crate::message::{Request, Response};

/// An introspection request, its answer, and what that means.
#[derive(Debug, Clone)]
pub struct Introspection {
    /// As sent.
    pub request: Request,
    /// As received.
    pub response: Response,
    /// From sending to the last byte.
    pub took: Duration,
    /// What the server says of the token.
    pub outcome: Introspected,
}

/// What a server says of a token.
#[derive(Clone, PartialEq, Eq)]
pub enum Introspected {
    /// It is good; the members of the answer (RFC 7662 section 2.2).
    Active(Map<String, Value>),
    /// It is not: unknown, expired or revoked.
    Inactive,
    /// It introspects no tokens of this sort (`unsupported_token_type`): some servers say so of JWTs.
    Unsupported,
    /// It refuses, in its own words; or what came says neither.
    Refused(Refusal),
}

impl Introspected {
    /// In words, for people.
    pub fn message(&self) -> String {
        match self {
            Self::Active(members) => {
                let names: Vec<&str> = members.keys().map(String::as_str).collect();
                format!("active: {}", names.join(", "))
            }
            Self::Inactive => "NOT active, though it was just issued".to_owned(),
            Self::Unsupported => {
                "not possible: the endpoint takes no tokens of this sort".to_owned()
            }
            Self::Refused(refusal) => refusal.message.clone(),
        }
    }
}

/// Values may be personal: names only.
impl std::fmt::Debug for Introspected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message())
    }
}

impl Wallet {
    /// Asks the server of a credential what a token is worth.
    ///
    /// # Errors
    /// There is no introspection endpoint, or no complete answer.
    pub async fn introspect(
        &self,
        name: &str,
        token: &SecretString,
        hint: TokenHint,
    ) -> Result<Introspection, Failure> {
        let fields = vec![
            ("token".to_owned(), token.expose_secret().to_owned()),
            ("token_type_hint".to_owned(), hint.word().to_owned()),
        ];
        let (request, answer) = self.post(name, Endpoint::Introspection, &fields).await?;
        let response = answer.response;
        let outcome = outcome(TokenAnswer::read(&response, self.secrets()));
        Ok(Introspection {
            request,
            response,
            took: answer.took,
            outcome,
        })
    }
}

fn outcome(answer: TokenAnswer) -> Introspected {
    match (answer.status, answer.members.get("active")) {
        (200, Some(Value::Bool(true))) => Introspected::Active(answer.members),
        (200, Some(Value::Bool(false))) => Introspected::Inactive,
        _ if answer.text("error") == Some("unsupported_token_type") => Introspected::Unsupported,
        _ => Introspected::Refused(answer.refusal(Endpoint::Introspection)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Headers;
    use crate::redact::Secrets;

    fn read(status: u16, body: &str) -> Introspected {
        let response = Response::plain(status, Headers::default(), body.to_owned().into());
        outcome(TokenAnswer::read(&response, &Secrets::new()))
    }

    #[test]
    fn active_is_a_boolean_and_nothing_else() {
        let active = read(200, r#"{"active":true,"scope":"a","exp":7}"#);
        assert_eq!(active.message(), "active: active, exp, scope");
        assert_eq!(read(200, r#"{"active":false}"#), Introspected::Inactive);
        let text = read(200, r#"{"active":"true"}"#);
        assert_eq!(
            text.message(),
            "the introspection endpoint answered 200: `active` is not true or false"
        );
        let unsupported = read(400, r#"{"error":"unsupported_token_type"}"#);
        assert_eq!(unsupported, Introspected::Unsupported);
        assert_eq!(
            read(404, "").message(),
            "the introspection endpoint answered 404: its body is empty"
        );
    }
}
