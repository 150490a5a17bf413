//! The token server of a double.

mod alike;
mod answer;
mod assertion;
mod browsers;
mod client;
mod code;
mod endpoints;
mod extension;
pub(crate) mod jwt;
mod making;
mod opaque;
mod refusal;
mod store;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::mock::answer::{Answer, Call};
use crate::mock::document::{
    ClientDoc, Failing, Refresh, Reissue, Situation, TokenDoc, TokenFormat, UnknownScopes,
};
use crate::mock::json::Json;
use crate::mock::token::client::{Form, authenticate};
use crate::mock::token::extension::{EXCHANGE, JWT_BEARER};
use crate::mock::token::jwt::Signer;
use crate::mock::token::refusal::{Family, Refusal, error_answer, uncached};
use crate::mock::token::store::{Access, Grant, Store};

pub(crate) use crate::mock::token::making::OPENID;
pub(crate) use crate::mock::token::store::Standing;

/// A running token server. Times are seconds since 1970.
pub(crate) struct TokenServer {
    doc: TokenDoc,
    family: Family,
    signer: Option<Signing>,
    life: u64,
    store: Mutex<Store>,
    /// Token requests so far.
    asked: AtomicU64,
    /// New tokens so far.
    made: AtomicUsize,
}

/// The key that tokens are signed with.
pub(crate) enum Signing {
    /// The key that ships with the product.
    Builtin(&'static Signer),
    /// A key of the file's own.
    Own(Box<Signer>),
}

impl Signing {
    fn signer(&self) -> &Signer {
        match self {
            Self::Builtin(signer) => signer,
            Self::Own(signer) => signer,
        }
    }
}

/// The life of an access token where the file names none.
const DEFAULT_LIFE: u64 = 3600;
/// The scope that is granted where none is asked for, or none that the client has.
const DEFAULT_SCOPE: &str = "default";

impl TokenServer {
    /// A server without tokens yet. `life` replaces the file's own.
    pub(crate) fn new(
        doc: TokenDoc,
        platform: &str,
        signer: Option<Signing>,
        life: Option<u64>,
    ) -> Self {
        let written = doc.life.as_ref().map(|life| life.value);
        Self {
            family: Family::of(platform),
            life: life.or(written).unwrap_or(DEFAULT_LIFE),
            doc,
            signer,
            store: Mutex::default(),
            asked: AtomicU64::new(0),
            made: AtomicUsize::new(0),
        }
    }

    /// How the gateway refuses every token of the client that this one was issued to.
    pub(crate) fn refused(&self, token: &str) -> Option<Situation> {
        let store = self.store();
        let holder = &store.access(token)?.grant.client;
        let client = self.doc.clients.iter().find(|known| known.id == *holder);
        client.and_then(|client| client.refused)
    }

    /// Whether an access token was issued here, whatever became of it.
    pub(crate) fn issued(&self, token: &str) -> bool {
        self.store().access(token).is_some()
    }

    /// What an access token is worth at the API; it counts as a use of the token.
    pub(crate) fn standing(&self, token: &str, now: i64) -> Standing {
        let mut store = self.store();
        if let Some(most) = &self.doc.revoked_after {
            store.use_first(token, most.value);
        }
        let leeway = i64::try_from(self.doc.leeway).unwrap_or(i64::MAX);
        store.standing(token, now.saturating_sub(leeway))
    }

    fn store(&self) -> std::sync::MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token endpoint (RFC 6749 section 3.2).
    fn grant(&self, call: &Call, now: i64) -> Answer {
        let host = call.headers.text("host").unwrap_or_default();
        let mut answer = match self
            .out_of_order()
            .map_or_else(|| Ok(self.granted(call, now)), Err)
        {
            Err(answer) => answer,
            Ok(Ok(body)) => {
                let media_type = self.doc.content_type.as_ref();
                let media_type = media_type.map_or("application/json", |given| &given.value);
                uncached(Answer::of(200, media_type, body.to_string()))
            }
            Ok(Err(refusal)) => refusal.answer(self.family, &host),
        };
        answer.delay = self.doc.delay.unwrap_or_default().0;
        answer
    }

    /// The answer of an endpoint that is out of order at first.
    fn out_of_order(&self) -> Option<Answer> {
        let refuse = self.doc.refuse.as_ref()?;
        if self.asked.fetch_add(1, Ordering::Relaxed) >= refuse.times {
            return None;
        }
        let error = "temporarily_unavailable";
        let mut answer = error_answer(refuse.status.value, error, "Try again later.");
        for (name, value) in refuse.headers.iter() {
            answer.headers.set(name, value.as_bytes());
        }
        Some(answer)
    }

    fn granted(&self, call: &Call, now: i64) -> Result<Json, Refusal> {
        match self.doc.fails {
            Some(Failing::Internal) => return Err(Refusal::ServerError),
            Some(Failing::Database) => return Err(Refusal::NoDatabase),
            None => {}
        }
        let form = Form::read(call)?;
        let client = authenticate(call, &form, &self.doc)?;
        let mut exchanged = false;
        let kind = form.get("grant_type").ok_or(Refusal::NoGrantType)?;
        if !client.grants.is_empty() && !client.grants.iter().any(|grant| grant == kind) {
            return Err(Refusal::UnauthorizedClient);
        }
        self.scopes_known(client, &form)?;
        let (grant, refreshed) = match kind {
            "client_credentials" => (grant_of(client, None, &form), None),
            "password" => (
                grant_of(client, Some(self.user(&form)?.to_owned()), &form),
                None,
            ),
            "refresh_token" => self.refreshed(client, &form, now)?,
            EXCHANGE => {
                exchanged = true;
                (self.exchanged(client, &form, now)?, None)
            }
            JWT_BEARER => (self.asserted(client, &form, call)?, None),
            "authorization_code" => (self.redeemed(client, &form)?, None),
            other => return Err(Refusal::UnsupportedGrant(other.to_owned())),
        };
        let asked = form.get("validity_period");
        let life = asked.filter(|_| self.doc.validity_period);
        let life = life.and_then(|seconds| seconds.parse().ok());
        let life = life.or(client.life).unwrap_or(self.life);
        let mut body = self.issue(grant, refreshed.as_deref(), life, now)?;
        if exchanged {
            body.set("issued_token_type", self.issued_type().as_str().into());
            self.doc.answer.apply(&mut body);
        }
        Ok(body)
    }

    /// Refuses scopes that the client does not have, where the file says so.
    fn scopes_known(&self, client: &ClientDoc, form: &Form) -> Result<(), Refusal> {
        let asked = form.get("scope").unwrap_or_default();
        let known = |scope: &str| client.scopes.iter().any(|known| known == scope);
        let refused = self.doc.unknown_scopes == Some(UnknownScopes::Refused);
        match refused && !asked.split_ascii_whitespace().all(known) {
            true => Err(Refusal::UnknownScope),
            false => Ok(()),
        }
    }

    fn user<'a>(&self, form: &'a Form) -> Result<&'a str, Refusal> {
        let name = form.get("username").ok_or(Refusal::Missing("username"))?;
        let password = form.get("password").ok_or(Refusal::Missing("password"))?;
        let known = self.doc.users.iter().find(|user| user.name == name);
        match known {
            Some(user) if user.password.reveal() == password => Ok(name),
            _ => Err(Refusal::WrongPassword(name.to_owned())),
        }
    }

    fn refreshed(
        &self,
        client: &ClientDoc,
        form: &Form,
        now: i64,
    ) -> Result<(Grant, Option<String>), Refusal> {
        if self.refresh_mode() == Refresh::None {
            return Err(Refusal::UnauthorizedClient);
        }
        let token = form
            .get("refresh_token")
            .ok_or(Refusal::Missing("refresh_token"))?;
        let store = self.store();
        match store.refresh(token) {
            Some(entry) if entry.live && entry.grant.client == client.id => {
                let life = self.doc.refresh_life;
                match life.is_some_and(|life| entry.issued.saturating_add_unsigned(life) <= now) {
                    true => Err(Refusal::RefreshExpired),
                    false => Ok((entry.grant.clone(), Some(token.to_owned()))),
                }
            }
            _ => Err(Refusal::NoSuchRefresh),
        }
    }

    /// Issues a token, or serves the live one again. `refreshed` is the refresh token that was used.
    fn issue(
        &self,
        grant: Grant,
        refreshed: Option<&str>,
        life: u64,
        now: i64,
    ) -> Result<Json, Refusal> {
        let mut store = self.store();
        let live = store.live(&grant, now);
        let mode = self.doc.reissue.unwrap_or(Reissue::Fresh);
        if let (Some((token, access)), Reissue::Same, None) = (live, mode, refreshed) {
            return Ok(self.body(token, access, now));
        }
        if let (Some((token, _)), Reissue::Revokes) = (live, mode) {
            let token = token.to_owned();
            store.revoke(&token);
        }
        if let Some(used) = refreshed {
            self.use_refresh(&mut store, used);
        }
        let token = self
            .new_token(&grant, life, now)
            .ok_or(Refusal::ServerError)?;
        let access = Access {
            refresh: self.refresh_token(&grant, refreshed, life, now),
            grant,
            issued: now,
            expires: now.saturating_add_unsigned(life),
            revoked: false,
        };
        let mut body = self.body(&token, &access, now);
        if refreshed.is_some() && self.refresh_mode() == Refresh::Omit {
            body.remove("refresh_token");
        }
        store.add(&token, access);
        Ok(body)
    }

    /// An opaque token ends with its refresh; a JWT that is out lives on, as nobody asks for it.
    fn use_refresh(&self, store: &mut Store, used: &str) {
        if self.refresh_mode() == Refresh::Rotate {
            store.end_refresh(used);
        }
        if self.doc.format != Some(TokenFormat::Jwt)
            && let Some(access) = store.refresh(used).map(|entry| entry.access.clone())
        {
            store.revoke(&access);
        }
    }

    fn refresh_mode(&self) -> Refresh {
        self.doc.refresh.unwrap_or(Refresh::Rotate)
    }
}

/// What is granted: the scopes that were asked for and that the client has.
fn grant_of(client: &ClientDoc, user: Option<String>, form: &Form) -> Grant {
    let asked = form.get("scope").unwrap_or_default();
    let granted: Vec<&str> = asked
        .split_ascii_whitespace()
        .filter(|scope| client.scopes.iter().any(|known| known == scope))
        .collect();
    Grant {
        client: client.id.clone(),
        user,
        exchanged: false,
        scope: if granted.is_empty() {
            DEFAULT_SCOPE.to_owned()
        } else {
            granted.join(" ")
        },
    }
}
