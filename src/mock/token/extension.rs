//! The grants that begin with a JWT or another token: RFC 8693 and RFC 7523.

use crate::mock::answer::Call;
use crate::mock::document::{ClientDoc, TokenFormat};
use crate::mock::token::assertion::{is_for, text, trusted};
use crate::mock::token::client::Form;
use crate::mock::token::refusal::{Family, Refusal};
use crate::mock::token::store::{Grant, Standing};
use crate::mock::token::{Signing, TokenServer, grant_of};

/// RFC 8693 section 2.1.
pub(super) const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// RFC 7523 section 2.1.
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// What the names of RFC 8693 section 3 begin with.
const TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:";

impl TokenServer {
    /// Token exchange: for a live token of this server, or a JWT of an issuer that it trusts. API Manager 3.2
    /// does not offer it.
    pub(super) fn exchanged(
        &self,
        client: &ClientDoc,
        form: &Form,
        now: i64,
    ) -> Result<Grant, Refusal> {
        if self.family == Family::Wso2 {
            return Err(Refusal::UnsupportedGrant(EXCHANGE.to_owned()));
        }
        let subject = form.get("subject_token");
        let subject = subject.ok_or(Refusal::Missing("subject_token"))?;
        let kind = form.get("subject_token_type");
        let kind = kind.ok_or(Refusal::Missing("subject_token_type"))?;
        let refused = Err(Refusal::NotTrusted("subject_token"));
        let user = match kind.strip_prefix(TOKEN_TYPE) {
            Some("jwt" | "access_token") => {
                let own = self.holder(subject, now);
                let own = own.or_else(|| {
                    let claims = trusted(subject, self.signer.as_ref().map(Signing::signer))?;
                    text(&claims, "sub").map(str::to_owned)
                });
                match own {
                    Some(user) => user,
                    None => return refused,
                }
            }
            _ => return refused,
        };
        let exchanged = true;
        Ok(Grant {
            exchanged,
            ..grant_of(client, Some(user), form)
        })
    }

    /// JWT bearer: for an assertion of an issuer that it trusts, made for this server.
    pub(super) fn asserted(
        &self,
        client: &ClientDoc,
        form: &Form,
        call: &Call,
    ) -> Result<Grant, Refusal> {
        let assertion = form.get("assertion").ok_or(Refusal::Missing("assertion"))?;
        let claims = trusted(assertion, self.signer.as_ref().map(Signing::signer));
        let user = claims
            .filter(|claims| is_for(claims, call))
            .and_then(|claims| text(&claims, "sub").map(str::to_owned));
        let user = user.ok_or(Refusal::NotTrusted("assertion"))?;
        Ok(grant_of(client, Some(user), form))
    }

    /// Whom a live token of this server was issued to.
    fn holder(&self, token: &str, now: i64) -> Option<String> {
        let store = self.store();
        let Standing::Live(_) = store.standing(token, now) else {
            return None;
        };
        let grant = &store.access(token)?.grant;
        Some(grant.user.clone().unwrap_or_else(|| grant.client.clone()))
    }

    /// What `issued_token_type` says of a token of this server (RFC 8693 section 2.2.1).
    pub(super) fn issued_type(&self) -> String {
        let word = match self.doc.format {
            Some(TokenFormat::Jwt) => "jwt",
            _ => "access_token",
        };
        format!("{TOKEN_TYPE}{word}")
    }
}
