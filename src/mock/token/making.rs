//! New tokens, and the answer that carries them.

use std::sync::atomic::Ordering;

use crate::mock::document::{Refresh, TokenFormat};
use crate::mock::json::{Json, object};
use crate::mock::token::TokenServer;
use crate::mock::token::alike::Filling;
use crate::mock::token::jwt::Holder;
use crate::mock::token::opaque::{opaque_base64, opaque_hex, opaque_uuid, opaque_vschar};
use crate::mock::token::refusal::Family;
use crate::mock::token::store::{Access, Grant};
use crate::source::Spanned;

/// The scope that asks for an ID token (OpenID Connect Core section 3.1.2.1).
pub(crate) const OPENID: &str = "openid";

impl TokenServer {
    /// Only tokens of a user come with a refresh token (RFC 6749 section 4.4.3).
    pub(super) fn refresh_token(
        &self,
        grant: &Grant,
        refreshed: Option<&str>,
        life: u64,
        now: i64,
    ) -> Option<String> {
        grant.user.as_ref()?;
        match (self.refresh_mode(), refreshed) {
            (Refresh::None, _) => None,
            (Refresh::Keep | Refresh::Omit, Some(used)) => Some(used.to_owned()),
            _ => {
                let format = self.doc.refresh_format.unwrap_or(TokenFormat::Uuid);
                let filling = Filling {
                    length: characters(self.doc.refresh_length.as_ref()),
                    alike: None,
                    nth: 0,
                };
                self.written(format, filling, grant, life, now)
            }
        }
    }

    pub(super) fn new_token(&self, grant: &Grant, life: u64, now: i64) -> Option<String> {
        let made = self.made.fetch_add(1, Ordering::Relaxed);
        let in_turn = self
            .doc
            .formats
            .iter()
            .cycle()
            .nth(made % self.doc.formats.len().max(1));
        let format = in_turn.copied().or(self.doc.format);
        let filling = Filling {
            length: characters(self.doc.length.as_ref()),
            alike: characters(self.doc.alike.as_ref()),
            nth: made,
        };
        let format = format.unwrap_or(TokenFormat::Uuid);
        self.written(format, filling, grant, life, now)
    }

    /// A new token of a form.
    fn written(
        &self,
        format: TokenFormat,
        filling: Filling,
        grant: &Grant,
        life: u64,
        now: i64,
    ) -> Option<String> {
        let holder = Holder {
            client: &grant.client,
            user: grant.user.as_deref(),
            scope: &grant.scope,
            exchanged: grant.exchanged,
        };
        match format {
            TokenFormat::Uuid => Some(opaque_uuid()),
            TokenFormat::Hex => Some(opaque_hex(filling.length.unwrap_or(32))),
            TokenFormat::Base64 => Some(opaque_base64()),
            TokenFormat::Vschar => Some(opaque_vschar(filling.length.unwrap_or(64))),
            TokenFormat::Jwt => {
                let signer = self.signer.as_ref()?.signer();
                let changes = (&self.doc.header, &self.doc.claims);
                signer.sign(holder, now, life, changes, filling)
            }
        }
    }

    /// A user who asks for `openid` gets an ID token too.
    fn id_token(&self, access: &Access, now: i64) -> Option<String> {
        let grant = &access.grant;
        let user = grant.user.as_deref()?;
        grant.scope.split(' ').find(|scope| *scope == OPENID)?;
        let holder = Holder {
            client: &grant.client,
            user: Some(user),
            scope: &grant.scope,
            exchanged: false,
        };
        let left = u64::try_from(access.expires.saturating_sub(now)).unwrap_or_default();
        self.signer.as_ref()?.signer().sign_id(holder, now, left)
    }

    /// The members of RFC 6749 section 5.1, in the order that the family's servers write them.
    pub(super) fn body(&self, token: &str, access: &Access, now: i64) -> Json {
        let left = access.expires.saturating_sub(now).max(0);
        let mut body = match self.family {
            Family::Wso2 => object! {
                "scope" => access.grant.scope.as_str(), "token_type" => "Bearer",
                "expires_in" => Json::number(left), "access_token" => token,
            },
            Family::Asgardeo => object! {
                "access_token" => token, "scope" => access.grant.scope.as_str(),
                "token_type" => "Bearer", "expires_in" => Json::number(left),
            },
        };
        if let (Some(refresh), Json::Map(members)) = (&access.refresh, &mut body) {
            // Behind the life on the one, behind the access token on the other.
            let at = match self.family {
                Family::Wso2 => 3,
                Family::Asgardeo => 1,
            };
            members.insert(at, ("refresh_token".into(), refresh.as_str().into()));
        }
        if let Some(id) = self.id_token(access, now) {
            body.set("id_token", id.as_str().into());
        }
        self.doc.answer.apply(&mut body);
        body
    }
}

/// A length of the file, in characters.
fn characters(length: Option<&Spanned<u64>>) -> Option<usize> {
    usize::try_from(length?.value).ok()
}
