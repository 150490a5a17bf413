//! What the keys of a credential's issuer say of a token.

use secrecy::ExposeSecret as _;

use super::endpoint::Endpoint;
use super::held::Token;
use super::jwks::{Signature, check_signature};
use super::wallet::Wallet;
use crate::results::TokenShape;

impl Wallet {
    /// What the issuer's keys say of a JWT. None for an opaque token, and where nobody says where the
    /// keys are.
    pub async fn signature(&self, name: &str, token: &Token) -> Option<Signature> {
        if token.shape() == TokenShape::Opaque {
            return None;
        }
        let uri = match self.endpoint(name, Endpoint::Keys).await {
            Ok(uri) => uri?,
            Err(failure) => return Some(Signature::NoKeys(failure.message)),
        };
        self.target().admit(&uri);
        let value = token.value.expose_secret();
        Some(check_signature(self.target(), &uri, value, self.timeout()).await)
    }
}
