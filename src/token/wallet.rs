//! [`Wallet`]: the tokens of one side, each obtained once and kept until it nears its end.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::acquire::{Acquired, Ask, acquire, endpoint};
use super::credential::Credential;
use super::shape::shape;
use crate::config::Grant;
use crate::exchange::{Failure, FailureCause, Target};
use crate::pair::Side;
use crate::redact::Secrets;
use crate::results::{Phase, TokenShape, TokenSummary};

/// A token is renewed this long before its end, or a tenth of its life before, if that is less.
const EARLY: Duration = Duration::from_secs(30);
/// A refused credential is not asked for again before this much time.
const PATIENCE: Duration = Duration::from_secs(10);

/// A token of one side.
#[derive(Debug)]
pub struct Token {
    /// The side that it belongs to; it is sent nowhere else.
    pub side: Side,
    /// The value.
    pub value: SecretString,
    /// The refresh token that came with it.
    pub refresh: Option<SecretString>,
    /// The request that it came from; none for a value of the pair file.
    pub acquired: Option<Acquired>,
    renew_at: Option<Instant>,
}

impl Token {
    /// What can be said of it without showing it.
    pub fn summary(&self) -> TokenSummary {
        let value = self.value.expose_secret();
        TokenSummary {
            shape: shape(value),
            length: value.chars().count(),
            expires_in: self.acquired.as_ref().and_then(|a| a.answer.expires_in()),
        }
    }

    /// What it looks like.
    pub fn shape(&self) -> TokenShape {
        shape(self.value.expose_secret())
    }

    fn is_fresh(&self) -> bool {
        self.renew_at.is_none_or(|at| Instant::now() < at)
    }
}

/// What became of a credential.
#[derive(Debug, Clone)]
enum Held {
    Token(Arc<Token>),
    Refused(Failure, Instant),
}

#[derive(Debug)]
struct Slot {
    credential: Credential,
    held: RwLock<Option<Held>>,
    /// Held while a token is being obtained: the others wait for it instead of asking too.
    asking: Mutex<Option<Url>>,
}

/// The tokens of one side.
#[derive(Debug)]
pub struct Wallet {
    target: Arc<Target>,
    secrets: Secrets,
    timeout: Duration,
    slots: BTreeMap<String, Arc<Slot>>,
    credentials: BTreeMap<String, Credential>,
}

impl Wallet {
    /// A wallet for the credentials of a side. Credentials that differ in name and place only share a token.
    pub fn new(
        target: Arc<Target>,
        credentials: Vec<Credential>,
        secrets: Secrets,
        timeout: Duration,
    ) -> Self {
        let mut by_key: HashMap<String, Arc<Slot>> = HashMap::new();
        let mut slots = BTreeMap::new();
        let mut named = BTreeMap::new();
        for credential in credentials {
            credential.register(&secrets);
            let name = credential.name.clone();
            named.insert(name.clone(), credential.clone());
            let slot = by_key.entry(credential.key()).or_insert_with(|| {
                Arc::new(Slot {
                    credential,
                    held: RwLock::default(),
                    asking: Mutex::default(),
                })
            });
            slots.insert(name, Arc::clone(slot));
        }
        Self {
            target,
            secrets,
            timeout,
            slots,
            credentials: named,
        }
    }

    /// The credential of a name.
    pub fn credential(&self, name: &str) -> Option<&Credential> {
        self.credentials.get(name)
    }

    /// The names of all credentials.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.slots.keys().map(String::as_str)
    }

    /// The token of a credential; none for `grant: none`.
    ///
    /// # Errors
    /// It cannot be had; the message has the endpoint's own words.
    pub async fn get(&self, name: &str) -> Result<Option<Arc<Token>>, Failure> {
        let slot = self.slot(name)?;
        if slot.credential.grant == Grant::None {
            return Ok(None);
        }
        if let Some(held) = slot.peek() {
            return held.map(Some);
        }
        let mut asking = slot.asking.lock().await;
        if let Some(held) = slot.peek() {
            return held.map(Some);
        }
        self.obtain(&slot, &mut asking).await.map(Some)
    }

    /// A new token in place of one that was refused. Gives none where that one is not the cached
    /// one any more, or cannot be replaced: then there is nothing to try again with.
    ///
    /// # Errors
    /// It cannot be had.
    pub async fn replace(
        &self,
        name: &str,
        refused: &Token,
    ) -> Result<Option<Arc<Token>>, Failure> {
        let slot = self.slot(name)?;
        if matches!(
            slot.credential.grant,
            Grant::Static | Grant::ApiKey | Grant::None
        ) {
            return Ok(None);
        }
        let mut asking = slot.asking.lock().await;
        match slot.current() {
            Some(current) if std::ptr::eq(current.as_ref(), refused) => {}
            // Another case was faster: its token is the new one.
            Some(current) => return Ok(Some(current)),
            None => {
                // The endpoint has just refused one of them: a hundred more would hear the same.
                if let Some(Err(failure)) = slot.peek() {
                    return Err(failure);
                }
            }
        }
        let token = self.obtain(&slot, &mut asking).await?;
        let same = token.value.expose_secret() == refused.value.expose_secret();
        Ok((!same).then_some(token))
    }

    /// Runs a grant with a credential's client, whatever the cache holds, and keeps the token of
    /// its answer if there is one.
    ///
    /// # Errors
    /// There was no complete answer, or there is no refresh token to run the grant with.
    pub async fn run(&self, name: &str, grant: Grant) -> Result<Acquired, Failure> {
        let slot = self.slot(name)?;
        let ask = match grant {
            Grant::Password => Ask::Password,
            Grant::RefreshToken => Ask::Refresh(self.refresh_token(name).await?),
            _ => Ask::ClientCredentials,
        };
        let mut asking = slot.asking.lock().await;
        let acquired = self.ask(&slot, &mut asking, &ask).await?;
        if let Ok(token) = self.token_of(&slot, acquired.clone(), Some(&ask)) {
            slot.hold(Held::Token(Arc::new(token)));
        }
        Ok(acquired)
    }

    /// The answer that the credential's current token came with; asks if there is none yet.
    ///
    /// # Errors
    /// There was no complete answer. An answer that refuses is no error here.
    pub async fn answer(&self, name: &str) -> Result<Acquired, Failure> {
        let slot = self.slot(name)?;
        let token = self.get(name).await.ok().flatten();
        match token.and_then(|token| token.acquired.clone()) {
            Some(acquired) => Ok(acquired),
            None => self.run(name, slot.credential.grant).await,
        }
    }

    async fn refresh_token(&self, name: &str) -> Result<SecretString, Failure> {
        let slot = self.slot(name)?;
        if slot.credential.grant == Grant::RefreshToken
            && slot.current().is_none()
            && let Some(seed) = &slot.credential.seed
        {
            return Ok(seed.clone());
        }
        let token = self.get(name).await?;
        let refresh = token.and_then(|token| token.refresh.clone());
        refresh.ok_or_else(|| {
            failure(format!(
                "the credential `{name}` was given no refresh token"
            ))
        })
    }

    fn slot(&self, name: &str) -> Result<Arc<Slot>, Failure> {
        let slot = self.slots.get(name).map(Arc::clone);
        slot.ok_or_else(|| {
            failure(format!(
                "the {} side has no credential `{name}`",
                self.target.side()
            ))
        })
    }

    async fn obtain(&self, slot: &Slot, asking: &mut Option<Url>) -> Result<Arc<Token>, Failure> {
        let result = self.obtain_new(slot, asking).await;
        match &result {
            Ok(token) => slot.hold(Held::Token(Arc::clone(token))),
            Err(failure) => slot.hold(Held::Refused(failure.clone(), Instant::now() + PATIENCE)),
        }
        result
    }

    async fn obtain_new(
        &self,
        slot: &Slot,
        asking: &mut Option<Url>,
    ) -> Result<Arc<Token>, Failure> {
        let credential = &slot.credential;
        if let (Grant::Static | Grant::ApiKey, Some(value)) = (credential.grant, &credential.seed) {
            return Ok(Arc::new(Token {
                side: self.target.side(),
                value: value.clone(),
                refresh: None,
                acquired: None,
                renew_at: None,
            }));
        }
        let refresh = slot.current().and_then(|token| token.refresh.clone());
        if let Some(refresh) = refresh {
            let ask = Ask::Refresh(refresh);
            let acquired = self.ask(slot, asking, &ask).await?;
            if let Ok(token) = self.token_of(slot, acquired, Some(&ask)) {
                return Ok(Arc::new(token));
            }
            // A refresh token may be used up or revoked; the credential's own grant starts afresh.
        }
        let ask = match (credential.grant, &credential.seed) {
            (Grant::Password, _) => Ask::Password,
            (Grant::RefreshToken, Some(seed)) => Ask::Refresh(seed.clone()),
            _ => Ask::ClientCredentials,
        };
        let acquired = self.ask(slot, asking, &ask).await?;
        self.token_of(slot, acquired, Some(&ask)).map(Arc::new)
    }

    async fn ask(
        &self,
        slot: &Slot,
        asking: &mut Option<Url>,
        ask: &Ask,
    ) -> Result<Acquired, Failure> {
        let url = match asking {
            Some(url) => url.clone(),
            None => endpoint(&self.target, &slot.credential, self.timeout).await?,
        };
        *asking = Some(url.clone());
        acquire(
            &self.target,
            &slot.credential,
            &url,
            ask,
            &self.secrets,
            self.timeout,
        )
        .await
    }

    fn token_of(
        &self,
        slot: &Slot,
        acquired: Acquired,
        ask: Option<&Ask>,
    ) -> Result<Token, Failure> {
        let answer = &acquired.answer;
        let value = match answer.access_token() {
            Ok(value) => SecretString::from(value),
            Err(refusal) => {
                let message = format!("credential `{}`: {}", slot.credential.name, refusal.message);
                return Err(failure(message));
            }
        };
        let renewed = answer.text("refresh_token").map(SecretString::from);
        let refresh = renewed.or_else(|| match ask {
            // A server that does not rotate leaves the old one in force (RFC 6749 section 6).
            Some(Ask::Refresh(used)) => Some(used.clone()),
            _ => None,
        });
        let renew_at = answer.expires_in().map(|seconds| {
            let life = Duration::from_secs(seconds);
            Instant::now() + life.saturating_sub(EARLY.min(life / 10))
        });
        Ok(Token {
            side: self.target.side(),
            value,
            refresh,
            acquired: Some(acquired),
            renew_at,
        })
    }
}

impl Slot {
    fn current(&self) -> Option<Arc<Token>> {
        match &*self.held.read().unwrap_or_else(PoisonError::into_inner) {
            Some(Held::Token(token)) => Some(Arc::clone(token)),
            _ => None,
        }
    }

    /// What can be used without asking.
    fn peek(&self) -> Option<Result<Arc<Token>, Failure>> {
        match &*self.held.read().unwrap_or_else(PoisonError::into_inner) {
            Some(Held::Token(token)) if token.is_fresh() => Some(Ok(Arc::clone(token))),
            Some(Held::Refused(failure, until)) if Instant::now() < *until => {
                Some(Err(failure.clone()))
            }
            _ => None,
        }
    }

    fn hold(&self, held: Held) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
    }
}

fn failure(message: String) -> Failure {
    Failure::new(Phase::Token, FailureCause::Token, message)
}
