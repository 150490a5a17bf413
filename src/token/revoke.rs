//! Revoking a token (RFC 7009).

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::answer::{Refusal, TokenAnswer};
use super::endpoint::Endpoint;
use super::wallet::Wallet;
use crate::exchange::Failure;
use crate::message::{Request, Response};

/// What sort of token is revoked or introspected (RFC 7009 section 2.1, RFC 7662 section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenHint {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
}

impl TokenHint {
    /// The word of `token_type_hint`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Access => "access_token",
            Self::Refresh => "refresh_token",
        }
    }
}

/// A revocation request, its answer, and what that means.
#[derive(Debug, Clone)]
pub struct Revocation {
    /// As sent.
    pub request: Request,
    /// As received.
    pub response: Response,
    /// From sending to the last byte.
    pub took: Duration,
    /// What the server made of it.
    pub outcome: Revoked,
}

/// What a server made of a revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revoked {
    /// It says that the token is of no use any more. So it says of a token that it never knew
    /// (RFC 7009 section 2.2): only a request with the token shows what became of it.
    Done,
    /// It revokes no tokens of this sort (`unsupported_token_type`, RFC 7009 section 2.2.1): such a
    /// token lives on to its end.
    Unsupported,
    /// It refuses, in its own words.
    Refused(Refusal),
}

impl Wallet {
    /// Asks the server of a credential to revoke a token. Nothing is forgotten here: the wallet goes on
    /// giving the token, should it be the one that it holds.
    ///
    /// # Errors
    /// There is no revocation endpoint, or no complete answer.
    pub async fn revoke(
        &self,
        name: &str,
        token: &SecretString,
        hint: TokenHint,
    ) -> Result<Revocation, Failure> {
        let fields = vec![
            ("token".to_owned(), token.expose_secret().to_owned()),
            ("token_type_hint".to_owned(), hint.word().to_owned()),
        ];
        let (request, answer) = self.post(name, Endpoint::Revocation, &fields).await?;
        let response = answer.response;
        let outcome = outcome(&TokenAnswer::read(&response, self.secrets()));
        Ok(Revocation {
            request,
            response,
            took: answer.took,
            outcome,
        })
    }
}

fn outcome(answer: &TokenAnswer) -> Revoked {
    match answer.text("error") {
        None if (200..300).contains(&answer.status) => Revoked::Done,
        Some("unsupported_token_type") => Revoked::Unsupported,
        _ => Revoked::Refused(answer.refusal(Endpoint::Revocation)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Headers;
    use crate::redact::Secrets;

    fn read(status: u16, body: &str) -> Revoked {
        let response = Response::plain(status, Headers::default(), body.to_owned().into());
        outcome(&TokenAnswer::read(&response, &Secrets::new()))
    }

    #[test]
    fn an_empty_answer_is_the_usual_one() {
        assert_eq!(read(200, ""), Revoked::Done);
        assert_eq!(read(200, "{}"), Revoked::Done);
    }

    #[test]
    fn a_server_that_cannot_is_told_from_one_that_will_not() {
        let unsupported = r#"{"error":"unsupported_token_type"}"#;
        assert_eq!(read(400, unsupported), Revoked::Unsupported);
        let Revoked::Refused(refusal) = read(200, r#"{"error":"server_error"}"#) else {
            panic!("an error with status 200 is no success");
        };
        assert_eq!(
            refusal.message,
            "the revocation endpoint answered 200: server_error"
        );
        assert!(matches!(read(503, ""), Revoked::Refused(_)));
    }
}
