//! What a grant case asks of a wallet: an answer to look at.

use std::sync::Arc;
use std::time::Duration;

use super::acquire::{Acquired, Ask};
use super::held::Held;
use super::wallet::{Wallet, keep};
use crate::config::Grant;
use crate::exchange::{Failure, FailureCause};
use crate::results::Phase;

impl Wallet {
    /// Runs a grant with a credential's client, whatever the cache holds, and keeps the token of
    /// its answer if there is one. `within` is the time for the exchange, where it is another than the side's.
    ///
    /// # Errors
    /// There was no complete answer, or there is no refresh token to run the grant with.
    pub async fn run(
        &self,
        name: &str,
        grant: Grant,
        within: Option<Duration>,
    ) -> Result<Acquired, Failure> {
        let slot = self.slot(name)?;
        let ask = match grant {
            Grant::RefreshToken => Ask::Refresh(self.refresh_token(name).await?),
            _ => self.first_ask(&slot.credential, grant).await?,
        };
        let _asking = slot.asking.lock().await;
        let mut store = self.lock().await?;
        let timeout = within.unwrap_or(self.timeout());
        let acquired = self.ask(&slot, &ask, timeout).await?;
        if let Ok(token) = self.token_of(&slot, acquired.clone(), Some(&ask)) {
            keep(store.as_mut(), &slot, &token)?;
            slot.hold(Held::Token(Arc::new(token)));
        }
        Ok(acquired)
    }

    /// The answer that the credential's current token came with; asks if there is none yet. `within` is the time
    /// for the exchange, where it is another than the side's; it holds for the answer at hand, too.
    ///
    /// # Errors
    /// There was no complete answer, or none in time. An answer that refuses is no error here.
    pub async fn answer(&self, name: &str, within: Option<Duration>) -> Result<Acquired, Failure> {
        let slot = self.slot(name)?;
        let timeout = within.unwrap_or(self.timeout());
        let token = self.get_within(name, timeout).await.ok().flatten();
        let acquired = match token.and_then(|token| token.acquired.clone()) {
            Some(acquired) => acquired,
            None => self.run(name, slot.credential.grant, within).await?,
        };
        match within {
            Some(within) if within < self.timeout() && acquired.took > within => {
                Err(late(&acquired, within))
            }
            _ => Ok(acquired),
        }
    }
}

/// An answer that came before this case and took longer than it gives one.
fn late(acquired: &Acquired, within: Duration) -> Failure {
    let (took, within) = (acquired.took.as_millis(), within.as_millis());
    let message = format!(
        "no answer from the token endpoint in the {within} ms of this case: the one at hand took {took} ms"
    );
    Failure::new(Phase::Token, FailureCause::Token, message)
}
