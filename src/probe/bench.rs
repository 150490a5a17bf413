//! [`Bench`]: one side as a probe asks it. Every request of a probe goes through here, is counted,
//! and is refused where the probe has used up what it may send.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::kind::Allowance;
use super::log::ProbeLog;
use super::stopped::Stopped;
use crate::exchange::{Answer, Connection, Crossing, Failure, Target};
use crate::message::Request;
use crate::pair::Side;
use crate::results::{ProbeObservation, Reason};
use crate::token::{Acquired, Placement, Revoked, Token, TokenHint, Wallet, carry};

/// One side as a probe asks it.
#[derive(Debug)]
pub struct Bench<'a> {
    pub(super) side: Side,
    pub(super) target: &'a Target,
    pub(super) wallet: &'a Wallet,
    /// How the side is connected to.
    pub(super) connection: &'a Connection,
    /// The name of the credential, if the case has one.
    pub(super) credential: Option<String>,
    /// The request to the API, without a token.
    pub(super) request: Request,
    pub(super) timeout: Duration,
    pub(super) crossing: Option<Crossing>,
    left: Allowance,
    fresh: Option<Arc<Token>>,
    log: ProbeLog,
}

/// Where a side is, and how it is asked.
#[derive(Debug)]
pub struct Place<'a> {
    /// The side.
    pub side: Side,
    /// Where requests go.
    pub target: &'a Target,
    /// Its tokens.
    pub wallet: &'a Wallet,
    /// How it is connected to.
    pub connection: &'a Connection,
    /// The time for one exchange.
    pub timeout: Duration,
}

impl<'a> Bench<'a> {
    /// A side, and what a case asks of it: the request to the API without a token, and the name of the
    /// credential.
    pub fn new(
        place: Place<'a>,
        request: Request,
        credential: Option<String>,
        allowance: Allowance,
        crossing: Option<Crossing>,
    ) -> Self {
        Self {
            side: place.side,
            target: place.target,
            wallet: place.wallet,
            connection: place.connection,
            credential,
            request,
            timeout: place.timeout,
            crossing,
            left: allowance,
            fresh: None,
            log: ProbeLog::default(),
        }
    }

    /// What was sent, and what was seen, as it comes to be.
    pub fn log(&self) -> ProbeLog {
        self.log.clone()
    }

    /// Requests to the API that are left.
    pub(super) const fn api_left(&self) -> u32 {
        self.left.api
    }

    /// Requests to the token endpoint that are left.
    pub(super) const fn token_left(&self) -> u32 {
        self.left.token
    }

    /// Where the token stands in a request.
    pub(super) fn placement(&self) -> Placement {
        let credential = self.credential.as_deref();
        let credential = credential.and_then(|name| self.wallet.credential(name));
        credential.map_or_else(
            || Placement::Header {
                name: "Authorization".to_owned(),
                scheme: Some("Bearer".to_owned()),
            },
            |credential| credential.placement.clone(),
        )
    }

    /// The request with a token of this side, whole or changed.
    pub(super) fn with_token(&self, value: &str) -> Result<Request, Stopped> {
        self.with_token_of(self.side, value)
    }

    /// The request with a token of a side, whole or changed.
    pub(super) fn with_token_of(&self, of: Side, value: &str) -> Result<Request, Stopped> {
        let mut request = self.request.clone();
        carry(
            &mut request,
            self.target,
            (of, value),
            &self.placement(),
            self.crossing,
        )
        .map_err(|failure| Stopped::by(self.side, failure))?;
        Ok(request)
    }

    /// The request with the case's own token; without one where the case has none.
    pub(super) async fn ordinary(&mut self) -> Result<Request, Stopped> {
        match self.token().await? {
            Some(token) => self.with_token(token.value.expose_secret()),
            None => Ok(self.request.clone()),
        }
    }

    /// The case's own token, which other cases use too; none where it has none.
    pub(super) async fn token(&mut self) -> Result<Option<Arc<Token>>, Stopped> {
        let Some(name) = self.credential.clone() else {
            return Ok(None);
        };
        if !self.wallet.is_ready(&name) {
            self.spend(|left| &mut left.token)?;
        }
        let token = self.wallet.get(&name).await;
        token.map_err(|failure| Stopped::by(self.side, failure))
    }

    /// The case's own token, which there must be.
    pub(super) async fn needed_token(&mut self) -> Result<Arc<Token>, Stopped> {
        let side = self.side;
        let token = self.token().await?;
        token.ok_or_else(|| {
            Stopped::because(Reason::Token, format!("the {side} side sends no token"))
        })
    }

    /// A new token by the credential's grant, which no other case uses.
    pub(super) async fn fresh(&mut self, name: &str) -> Result<Arc<Token>, Stopped> {
        self.spend(|left| &mut left.token)?;
        let credential = self.credential.clone().unwrap_or_default();
        let result = self.wallet.fresh(&credential).await;
        let status = result.as_ref().ok().and_then(|token| {
            let acquired = token.acquired.as_ref()?;
            Some((acquired.response.status, acquired.took))
        });
        self.saw(name, status.map(|s| s.0), status.map(|s| s.1));
        let token = result.map_err(|failure| Stopped::by(self.side, failure))?;
        let token = Arc::new(token);
        self.fresh = Some(Arc::clone(&token));
        Ok(token)
    }

    /// The last token that [`Self::fresh`] gave.
    pub(super) fn last_fresh(&self) -> Option<Arc<Token>> {
        self.fresh.clone()
    }

    /// The answer to a refresh token.
    pub(super) async fn refresh(
        &mut self,
        name: &str,
        refresh: &SecretString,
    ) -> Result<Acquired, Stopped> {
        self.refresh_of(name, (self.side, refresh)).await
    }

    /// The answer to a refresh token of a side.
    pub(super) async fn refresh_of(
        &mut self,
        name: &str,
        refresh: (Side, &SecretString),
    ) -> Result<Acquired, Stopped> {
        let credential = self.credential.clone().unwrap_or_default();
        self.refresh_as(name, &credential, refresh).await
    }

    /// The answer to a refresh token of a side, sent by the client of a credential.
    pub(super) async fn refresh_as(
        &mut self,
        name: &str,
        credential: &str,
        (of, refresh): (Side, &SecretString),
    ) -> Result<Acquired, Stopped> {
        let allowed = self.target.takes(of, self.crossing);
        allowed.map_err(|failure| Stopped::by(self.side, failure))?;
        self.spend(|left| &mut left.token)?;
        let result = self.wallet.refreshed(credential, refresh).await;
        self.acquired(name, result)
    }

    /// The answers to a refresh token that is sent twice at once.
    pub(super) async fn refresh_twice(
        &mut self,
        name: &str,
        refresh: &SecretString,
    ) -> Result<[Acquired; 2], Stopped> {
        self.spend(|left| &mut left.token)?;
        self.spend(|left| &mut left.token)?;
        let credential = self.credential.clone().unwrap_or_default();
        let (first, second) = self.wallet.refreshed_twice(&credential, refresh).await;
        Ok([self.acquired(name, first)?, self.acquired(name, second)?])
    }

    fn acquired(
        &mut self,
        name: &str,
        result: Result<Acquired, Failure>,
    ) -> Result<Acquired, Stopped> {
        let acquired = result.map_err(|failure| Stopped::by(self.side, failure))?;
        self.saw(name, Some(acquired.response.status), Some(acquired.took));
        self.speaks(name, acquired.response.status)?;
        Ok(acquired)
    }

    /// Asks the API. A side that answers 429, or that what stands behind it is away, says nothing of the token.
    pub(super) async fn api(&mut self, name: &str, request: &Request) -> Result<Answer, Stopped> {
        let answer = self.try_api(name, request).await?;
        let answer = answer.map_err(|failure| Stopped::by(self.side, failure))?;
        self.speaks(name, answer.response.status)?;
        Ok(answer)
    }

    /// Whether a status speaks of what was sent. RFC 6585 section 4: 429 is about the number of requests. RFC 9110
    /// sections 15.6.3 to 15.6.5: 502 to 504 are about what stands behind a gateway.
    fn speaks(&self, name: &str, status: u16) -> Result<(), Stopped> {
        let side = self.side;
        match status {
            429 => {
                let note = format!(
                    "the {side} side answered 429 (Too Many Requests): what it makes of {name} is not known"
                );
                Err(Stopped::because(Reason::Throttled, note))
            }
            502..=504 => {
                let note = format!(
                    "the {side} side answered {status}: what stands behind it did not answer, and what it makes of \
                     {name} is not known"
                );
                Err(Stopped::because(Reason::Needs, note))
            }
            _ => Ok(()),
        }
    }

    /// Asks the API where a failed exchange is an answer too.
    pub(super) async fn try_api(
        &mut self,
        name: &str,
        request: &Request,
    ) -> Result<Result<Answer, Failure>, Stopped> {
        self.spend(|left| &mut left.api)?;
        let result = self.target.send(request, self.timeout).await;
        match &result {
            Ok(answer) => self.saw(name, Some(answer.response.status), Some(answer.took)),
            Err(failure) => {
                self.saw(name, None, None);
                self.remark(failure.message.clone());
            }
        }
        Ok(result)
    }

    /// Revokes an access token (RFC 7009 section 2); gives what the server made of it.
    pub(super) async fn revoke(
        &mut self,
        name: &str,
        token: &SecretString,
    ) -> Result<Revoked, Stopped> {
        self.spend(|left| &mut left.revoke)?;
        let credential = self.credential.clone().unwrap_or_default();
        let revoked = self
            .wallet
            .revoke(&credential, token, TokenHint::Access)
            .await;
        let revoked = revoked.map_err(|failure| Stopped::by(self.side, failure))?;
        self.saw(name, Some(revoked.response.status), Some(revoked.took));
        Ok(revoked.outcome)
    }

    /// Counts a handshake that is made elsewhere.
    pub(super) fn handshake(&mut self) -> Result<(), Stopped> {
        self.spend(|left| &mut left.handshakes)
    }

    /// Notes what was seen.
    pub(super) fn saw(&mut self, name: &str, status: Option<u16>, took: Option<Duration>) {
        self.log.saw(ProbeObservation {
            name: name.to_owned(),
            status,
            ms: took.map_or(0.0, |took| (took.as_secs_f64() * 100_000.0).round() / 100.0),
            note: None,
        });
    }

    /// Says more about what was seen last.
    pub(super) fn remark(&mut self, note: impl Into<String>) {
        self.log.remark(note.into());
    }

    fn spend(&mut self, of: impl Fn(&mut Allowance) -> &mut u32) -> Result<(), Stopped> {
        let left = of(&mut self.left);
        match left.checked_sub(1) {
            Some(less) => *left = less,
            None => {
                let note = format!(
                    "the probe has sent the {} side as many requests as it may",
                    self.side
                );
                return Err(Stopped::because(Reason::Throttled, note));
            }
        }
        self.log.sent();
        Ok(())
    }
}
