//! What the keys of a credential's issuer say of a token.

use super::endpoint::Endpoint;
use super::jwks::{Signature, check_signature, public_key};
use super::shape::shape;
use super::wallet::Wallet;
use crate::results::TokenShape;

impl Wallet {
    /// What the issuer's keys say of a JWT. None for an opaque token, and where nobody says where the
    /// keys are.
    pub async fn signature(&self, name: &str, token: &str) -> Option<Signature> {
        if shape(token) == TokenShape::Opaque {
            return None;
        }
        let uri = match self.endpoint(name, Endpoint::Keys).await {
            Ok(uri) => uri?,
            Err(failure) => return Some(Signature::Unasked(failure.message)),
        };
        let uri = uri.url();
        self.target().admit(uri);
        Some(check_signature(self.target(), uri, token, self.timeout()).await)
    }

    /// The issuer's public key by which a JWT is checked, in PEM. None where nobody says where the keys are, where
    /// they cannot be had, or have none that fits.
    pub async fn public_key(&self, name: &str, token: &str) -> Option<String> {
        let uri = self.endpoint(name, Endpoint::Keys).await.ok()??;
        let uri = uri.url();
        self.target().admit(uri);
        public_key(self.target(), uri, token, self.timeout()).await
    }
}
