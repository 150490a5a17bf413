//! Tokens that are asked for beside the cache: for probes, which use tokens up.

use std::sync::Arc;

use secrecy::SecretString;
use tokio::time::Instant;

use super::acquire::{Acquired, Ask};
use super::held::{Held, Token};
use super::wallet::{EARLY, Wallet, keep, unshared};
use crate::config::Grant;
use crate::exchange::Failure;

impl Wallet {
    /// Whether the token of a credential is at hand, so that [`Self::get`] asks nobody.
    pub fn is_ready(&self, name: &str) -> bool {
        let slot = self.slot(name);
        slot.is_ok_and(|slot| matches!(slot.peek(), Some(Ok(_))))
    }

    /// A token by the credential's own grant, asked for now, whatever the cache holds. The cache does
    /// not learn of it, save where the grant uses a refresh token up: the cache then has the next one.
    ///
    /// # Errors
    /// It cannot be had.
    pub async fn fresh(&self, name: &str) -> Result<Token, Failure> {
        let slot = self.slot(name)?;
        let grant = slot.credential.grant;
        if grant == Grant::RefreshToken {
            let acquired = self.run(name, grant, None).await?;
            return self.token_of(&slot, acquired, None);
        }
        let ask = self.first_ask(&slot.credential, grant).await?;
        let acquired = self.asked(name, &ask).await?;
        self.token_of(&slot, acquired, None)
    }

    /// The answer to a refresh token (RFC 6749 section 6). The cache does not learn of it.
    ///
    /// # Errors
    /// There was no complete answer. An answer that refuses is no error here.
    pub async fn refreshed(&self, name: &str, refresh: &SecretString) -> Result<Acquired, Failure> {
        self.asked(name, &Ask::Refresh(refresh.clone())).await
    }

    /// The answers to a refresh token that is sent twice at once. The cache does not learn of them.
    pub async fn refreshed_twice(
        &self,
        name: &str,
        refresh: &SecretString,
    ) -> (Result<Acquired, Failure>, Result<Acquired, Failure>) {
        let ask = Ask::Refresh(refresh.clone());
        let one = async {
            let slot = self.slot(name)?;
            self.ask(&slot, &ask, self.timeout()).await
        };
        let other = async {
            let slot = self.slot(name)?;
            self.ask(&slot, &ask, self.timeout()).await
        };
        tokio::join!(one, other)
    }

    /// The answer to a question, whatever is cached.
    async fn asked(&self, name: &str, ask: &Ask) -> Result<Acquired, Failure> {
        let slot = self.slot(name)?;
        let _asking = slot.asking.lock().await;
        self.ask(&slot, ask, self.timeout()).await
    }

    /// Takes the token of the answer to a refresh token into the cache, where it has one.
    ///
    /// # Errors
    /// The tokens that are shared between processes cannot be had.
    pub async fn adopt(
        &self,
        name: &str,
        acquired: Acquired,
        used: &SecretString,
    ) -> Result<(), Failure> {
        let slot = self.slot(name)?;
        let ask = Ask::Refresh(used.clone());
        if let Ok(token) = self.token_of(&slot, acquired, Some(&ask)) {
            keep(self.lock().await?.as_mut(), &slot, &token)?;
            slot.hold(Held::Token(Arc::new(token)));
        }
        Ok(())
    }

    /// Uses the cached token of a credential no more: it was revoked, or may have been. A refresh
    /// token that came with it is tried first when the next one is asked for.
    ///
    /// # Errors
    /// The tokens that are shared between processes cannot be had.
    pub async fn forget(&self, name: &str) -> Result<(), Failure> {
        let slot = self.slot(name)?;
        if let Some(mut store) = self.lock().await? {
            let key = slot.credential.key();
            store.remove(&key).map_err(|error| unshared(&error))?;
        }
        if let Some(token) = slot.current().filter(|token| token.acquired.is_some()) {
            slot.hold(Held::Token(Arc::new(Token {
                side: token.side,
                value: token.value.clone(),
                refresh: token.refresh.clone(),
                acquired: token.acquired.clone(),
                renew_at: Some(Instant::now()),
            })));
        }
        Ok(())
    }
}

impl Token {
    /// When its life ends, as the token endpoint says; none where it does not.
    pub fn ends_at(&self) -> Option<Instant> {
        let life = self.acquired.as_ref()?.answer.expires_in()?;
        let life = std::time::Duration::from_secs(life);
        Some(self.renew_at? + EARLY.min(life / 10))
    }
}
