//! A double at work: token server and gateway behind one address, with a defect where one is asked for.

use std::sync::{Arc, OnceLock};

use crate::mock::answer::{Answer, Call};
use crate::mock::backend::Backend;
use crate::mock::defect::{self, Addresses};
use crate::mock::document::{ChangeDoc, JwtAlgorithm, Tls, TokenFormat};
use crate::mock::double::Double;
use crate::mock::gateway::{Gateway, Visit};
use crate::mock::log::Log;
use crate::mock::token::jwt::{KeyError, Signer};
use crate::mock::token::{OPENID, Signing, TokenServer};

/// A running double.
pub(crate) struct Engine {
    tokens: Option<TokenServer>,
    gateway: Gateway,
    change: Option<ChangeDoc>,
    /// The API address of the double it is paired with, once all listen.
    other: OnceLock<String>,
    log: Log,
}

impl Engine {
    /// Makes a double ready to answer.
    pub(crate) fn new(
        double: &Double,
        backend: Option<Arc<Backend>>,
        change: Option<ChangeDoc>,
    ) -> Result<Self, KeyError> {
        let doc = &double.doc;
        let life = change.as_ref().and_then(|change| change.life.as_ref());
        let token = doc.token.clone().map(|mut token| {
            if let Some(change) = &change {
                defect::of_tokens(change, &mut token);
            }
            token
        });
        let mut gateway = doc.gateway.clone();
        if let (Some(change), Some(gateway)) = (&change, &mut gateway) {
            gateway.limits = change.limits.clone().or(gateway.limits.take());
        }
        let tokens = match &token {
            None => None,
            Some(token) => {
                let formats = token.format.iter().chain(&token.formats);
                let formats = formats.chain(&token.refresh_format);
                let mut scopes = token.clients.iter().flat_map(|client| &client.scopes);
                let signed = formats.copied().any(|format| format == TokenFormat::Jwt)
                    || scopes.any(|scope| scope == OPENID);
                let signing = match (signed, token.alg, &double.key) {
                    (false, ..) => None,
                    (true, Some(JwtAlgorithm::Es256), _) => {
                        Some(Signing::Builtin(Signer::builtin_ec()?))
                    }
                    (true, _, Some(pem)) => Some(Signing::Own(Box::new(Signer::new(pem)?))),
                    (true, _, None) => Some(Signing::Builtin(Signer::builtin()?)),
                };
                let life = life.map(|life| life.value);
                Some(TokenServer::new(
                    token.clone(),
                    &doc.platform,
                    signing,
                    life,
                ))
            }
        };
        Ok(Self {
            tokens,
            gateway: Gateway::new(gateway, double.routes.clone(), backend),
            change,
            other: OnceLock::new(),
            log: Log::new(),
        })
    }

    /// The base path of the API.
    pub(crate) fn base(&self) -> &str {
        self.gateway.base()
    }

    /// Tells the address of the other double's API. Only the first time counts.
    pub(crate) fn pair_with(&self, address: String) {
        let _ = self.other.set(address);
    }

    /// What was answered so far.
    pub(crate) const fn log(&self) -> &Log {
        &self.log
    }

    /// Answers a request that came in by a way of this kind of TLS.
    pub(crate) fn answer(&self, call: &Call, tls: Tls) -> Answer {
        let now = jiff::Timestamp::now().as_second();
        let tokens = self.tokens.as_ref();
        if let Some(answer) = tokens.and_then(|tokens| tokens.answer(call, now)) {
            self.log.add(call, &answer, true);
            return answer;
        }
        let answer = self.by_gateway(call, tls, now);
        self.log.add(call, &answer, false);
        answer
    }

    fn by_gateway(&self, call: &Call, tls: Tls, now: i64) -> Answer {
        let tokens = self.tokens.as_ref();
        let host = call.headers.text("host").unwrap_or_default();
        let origin = format!("{}://{host}", tls.scheme());
        let change = self.change.as_ref().filter(|change| {
            let below = self.gateway.below(&call.path);
            concerns(change, call, &host, below)
        });
        let visit = Visit {
            call,
            origin: &origin,
            certificate: tls == Tls::Mutual,
            admit: change.map_or(&[], |change| &change.admit),
            now,
        };
        let plain = (tls == Tls::None).then(|| self.gateway.without_tls(call));
        let mut answer = match (plain.flatten(), change.and_then(|change| change.fault)) {
            (Some(answer), _) => answer,
            (None, Some(situation)) => self.gateway.fault(situation, call, ""),
            (None, None) => self.gateway.answer(visit, tokens),
        };
        if let Some(change) = change {
            let own = format!("{origin}{}", self.gateway.base());
            let other = self.other.get().unwrap_or(&own);
            defect::apply(change, &mut answer, Addresses { own: &own, other });
        }
        answer
    }
}

/// Whether a change is about a request. One that names no place is about the whole API.
fn concerns(change: &ChangeDoc, call: &Call, host: &str, below: Option<&str>) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let asked = change.host.as_deref().is_none_or(|wanted| wanted == name);
    let placed = change
        .below
        .as_deref()
        .is_none_or(|start| call.path.starts_with(start));
    let fits = change.on.as_ref().is_none_or(|on| {
        let paths = [below, Some(call.path.as_str())];
        paths
            .into_iter()
            .flatten()
            .any(|path| on.matches(&call.method, path))
    });
    asked && placed && fits && (below.is_some() || change.on.is_some() || change.below.is_some())
}
