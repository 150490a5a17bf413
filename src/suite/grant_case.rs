//! Grant cases: their credential looked at.

use super::compile::Compiler;
use super::doc::CaseDoc;
use super::model::Action;
use crate::config::Grant;
use crate::pair::Side;
use crate::source::Spanned;

impl Compiler<'_, '_> {
    /// The grant of a case, which its credential must be able to run on a side.
    pub(super) fn grant(
        &mut self,
        doc: &CaseDoc,
        grant: &Spanned<Grant>,
        token: Option<&Spanned<String>>,
        side: Side,
    ) -> Option<Action> {
        let Some(token) = token.filter(|token| token.value != "none") else {
            let label = "add `token: NAME`, a credential of the pair file";
            return self.once(side, doc.name.span, "a grant needs a credential", label);
        };
        let credential = self.known.pair.target(side).tokens.get(token);
        let can = match grant.value {
            Grant::RefreshToken => credential.is_none_or(crate::config::CredentialDoc::can_refresh),
            Grant::Password => credential.is_none_or(|c| c.username.is_some()),
            Grant::ClientCredentials => credential.is_none_or(|c| c.client_id.is_some()),
            Grant::TokenExchange | Grant::JwtBearer => {
                credential.is_none_or(|c| c.grant() == grant.value)
            }
            Grant::Static | Grant::ApiKey | Grant::None => false,
        };
        if !can {
            let message = format!(
                "the credential `{}` of the {side} side cannot run the grant `{}`",
                token.value,
                grant.word()
            );
            let label = match grant.value {
                Grant::RefreshToken => "it can have no refresh token",
                Grant::Password => "it has no username",
                Grant::ClientCredentials => "it has no client_id",
                Grant::TokenExchange => "its own grant is another: there is nothing to exchange",
                Grant::JwtBearer => "its own grant is another: there is no assertion",
                _ => "nothing is asked of a token endpoint",
            };
            return self.cx.error(grant.span, message, label);
        }
        Some(Action::Grant(grant.value))
    }
}
