//! [`Wallet`]: the tokens of one side, each obtained once and kept until it nears its end.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::acquire::{Acquired, Ask, acquire, at_token_phase, register};
use super::address::Address;
use super::credential::Credential;
use super::endpoint::{Endpoint, Issuers};
use super::form::{Fields, form_request};
use super::held::{Held, Slot, Token};
use super::shared::{Locked, SharedTokens};
use crate::config::Grant;
use crate::exchange::{Answer, Failure, FailureCause, Target};
use crate::message::Request;
use crate::redact::Secrets;
use crate::results::Phase;

/// A token is renewed this long before its end, or a tenth of its life before, if that is less.
pub(super) const EARLY: Duration = Duration::from_secs(30);
/// A refused credential is not asked for again before this much time.
const PATIENCE: Duration = Duration::from_secs(10);

/// The tokens of one side.
#[derive(Debug)]
pub struct Wallet {
    target: Arc<Target>,
    secrets: Secrets,
    timeout: Duration,
    issuers: Issuers,
    slots: BTreeMap<String, Arc<Slot>>,
    shared: Option<SharedTokens>,
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
            let slot = by_key
                .entry(credential.key())
                .or_insert_with(|| Arc::new(Slot::new(credential)));
            slots.insert(name, Arc::clone(slot));
        }
        Self {
            issuers: Issuers::new(Arc::clone(&target), timeout),
            target,
            secrets,
            timeout,
            slots,
            shared: None,
            credentials: named,
        }
    }

    /// The same wallet, its tokens shared with other processes.
    #[must_use]
    pub fn shared(mut self, tokens: SharedTokens) -> Self {
        self.shared = Some(tokens);
        self
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
        self.get_within(name, self.timeout).await
    }

    /// The same; a token that has to be asked for has so much time.
    pub(super) async fn get_within(
        &self,
        name: &str,
        timeout: Duration,
    ) -> Result<Option<Arc<Token>>, Failure> {
        let slot = self.slot(name)?;
        if slot.credential.grant == Grant::None {
            return Ok(None);
        }
        if let Some(held) = slot.peek() {
            return held.map(Some);
        }
        // On the heap, since it is rare and large: every case would carry the room for it.
        Box::pin(self.first(&slot, timeout)).await.map(Some)
    }

    /// The token that somebody else obtains at this moment, or else one that is asked for.
    async fn first(&self, slot: &Slot, timeout: Duration) -> Result<Arc<Token>, Failure> {
        let _asking = slot.asking.lock().await;
        match slot.peek() {
            Some(held) => held,
            None => self.obtain(slot, None, timeout).await,
        }
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
        let _asking = slot.asking.lock().await;
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
        let token = self.obtain(&slot, Some(refused), self.timeout).await?;
        let same = token.value.expose_secret() == refused.value.expose_secret();
        Ok((!same).then_some(token))
    }

    /// Where an endpoint of a credential is; none where neither the pair file nor the issuer says.
    ///
    /// # Errors
    /// The issuer's metadata cannot be had.
    pub async fn endpoint(
        &self,
        name: &str,
        endpoint: Endpoint,
    ) -> Result<Option<Address>, Failure> {
        match self.credential(name) {
            Some(credential) => self.issuers.find(credential, endpoint).await,
            None => Ok(None),
        }
    }

    /// Sends a form to an endpoint of a credential, with its client's authentication.
    pub(super) async fn post(
        &self,
        name: &str,
        endpoint: Endpoint,
        fields: &Fields,
    ) -> Result<(Request, Answer), Failure> {
        let credential = self.credential(name);
        let credential = credential.ok_or_else(|| self.unknown(name))?;
        let url = self.issuers.find(credential, endpoint).await?;
        let url = url.ok_or_else(|| {
            let key = endpoint.name();
            failure(format!("the credential `{name}` has no `{key}`"))
        })?;
        let request = form_request(credential, &url, fields).map_err(failure)?;
        let answer = self.target.send(&request, self.timeout).await?;
        Ok((request, answer))
    }

    pub(super) const fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub(super) const fn target(&self) -> &Arc<Target> {
        &self.target
    }

    pub(super) const fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(super) async fn refresh_token(&self, name: &str) -> Result<SecretString, Failure> {
        let slot = self.slot(name)?;
        if slot.credential.grant == Grant::RefreshToken
            && slot.current().is_none()
            && let Some(seed) = &slot.credential.seed
        {
            return Ok(seed.clone());
        }
        // Another process may have turned the refresh token over since it was looked at here.
        if let Some(store) = self.lock().await?
            && let Some(token) = self.stored(&slot, &store)
        {
            slot.hold(Held::Token(Arc::new(token)));
        }
        let token = self.get(name).await?;
        let refresh = token.and_then(|token| token.refresh.clone());
        refresh.ok_or_else(|| {
            failure(format!(
                "the credential `{name}` was given no refresh token"
            ))
        })
    }

    pub(super) fn slot(&self, name: &str) -> Result<Arc<Slot>, Failure> {
        let slot = self.slots.get(name).map(Arc::clone);
        slot.ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> Failure {
        let side = self.target.side();
        failure(format!("the {side} side has no credential `{name}`"))
    }

    /// A token that is not the unwanted one: of another process, or a new one.
    async fn obtain(
        &self,
        slot: &Slot,
        unwanted: Option<&Token>,
        timeout: Duration,
    ) -> Result<Arc<Token>, Failure> {
        // Before the file is locked: the token that is exchanged may stand in it too.
        let ask = self.first_ask(&slot.credential, slot.credential.grant);
        let ask = ask.await?;
        let mut store = self.lock().await?;
        if let Some(token) = store.as_ref().and_then(|store| self.stored(slot, store)) {
            let token = Arc::new(token);
            slot.hold(Held::Token(Arc::clone(&token)));
            let is_wanted = unwanted.is_none_or(|unwanted| {
                unwanted.value.expose_secret() != token.value.expose_secret()
            });
            if token.is_fresh() && is_wanted {
                return Ok(token);
            }
        }
        let result = self.obtain_new(slot, ask, timeout).await;
        match &result {
            Ok(token) => {
                keep(store.as_mut(), slot, token)?;
                slot.hold(Held::Token(Arc::clone(token)));
            }
            Err(failure) => slot.hold(Held::Refused(failure.clone(), Instant::now() + PATIENCE)),
        }
        result
    }

    /// The tokens of all processes, where there are several.
    pub(super) async fn lock(&self) -> Result<Option<Locked>, Failure> {
        match &self.shared {
            None => Ok(None),
            Some(shared) => shared.lock().await.map(Some).map_err(|e| unshared(&e)),
        }
    }

    /// What another process obtained.
    fn stored(&self, slot: &Slot, store: &Locked) -> Option<Token> {
        let (acquired, refresh, age) = store.get(&slot.credential.key(), &self.secrets)?;
        let Acquired {
            answer, response, ..
        } = &acquired;
        register(&self.secrets, &slot.credential, answer, response);
        let mut token = self.token_of(slot, acquired, None).ok()?;
        token.refresh = refresh.or(token.refresh);
        token.renew_at = token.renew_at.map(|at| at.checked_sub(age).unwrap_or(at));
        Some(token)
    }

    async fn obtain_new(
        &self,
        slot: &Slot,
        ask: Ask,
        timeout: Duration,
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
            let acquired = self.ask(slot, &ask, timeout).await?;
            if let Ok(token) = self.token_of(slot, acquired, Some(&ask)) {
                return Ok(Arc::new(token));
            }
            // A refresh token may be used up or revoked; the credential's own grant starts afresh.
        }
        let acquired = self.ask(slot, &ask, timeout).await?;
        self.token_of(slot, acquired, Some(&ask)).map(Arc::new)
    }

    pub(super) async fn ask(
        &self,
        slot: &Slot,
        ask: &Ask,
        timeout: Duration,
    ) -> Result<Acquired, Failure> {
        let found = self.issuers.find(&slot.credential, Endpoint::Token).await;
        let url = found.map_err(at_token_phase)?.ok_or_else(|| {
            let name = &slot.credential.name;
            failure(format!("the credential `{name}` has no token endpoint"))
        })?;
        acquire(
            &self.target,
            &slot.credential,
            &url,
            ask,
            &self.secrets,
            timeout,
        )
        .await
    }

    /// The token of an answer.
    pub(super) fn token_of(
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
        let renewed = answer.token("refresh_token").map(SecretString::from);
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

/// Hands a token to the other processes, where there are some.
pub(super) fn keep(store: Option<&mut Locked>, slot: &Slot, token: &Token) -> Result<(), Failure> {
    match store {
        None => Ok(()),
        Some(store) => store
            .keep(&slot.credential.key(), token)
            .map_err(|error| unshared(&error)),
    }
}

pub(super) fn unshared(error: &std::io::Error) -> Failure {
    failure(format!("the tokens shared between processes: {error}"))
}

fn failure(message: String) -> Failure {
    Failure::new(Phase::Token, FailureCause::Token, message)
}
