//! A double at work: token server and gateway behind one address, with a defect where one is asked for.

use std::sync::{Arc, OnceLock};

use crate::mock::answer::{Answer, Call};
use crate::mock::backend::Backend;
use crate::mock::defect::{self, Addresses};
use crate::mock::document::{ChangeDoc, JwtAlgorithm, Tls, TokenFormat};
use crate::mock::double::Double;
use crate::mock::gateway::Gateway;
use crate::mock::log::Log;
use crate::mock::token::jwt::{KeyError, Signer};
use crate::mock::token::{Signing, TokenServer};

/// A running double.
pub(crate) struct Engine {
    tokens: Option<TokenServer>,
    gateway: Gateway,
    change: Option<ChangeDoc>,
    scheme: &'static str,
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
        let tokens = match &doc.token {
            None => None,
            Some(token) => {
                let formats = token.format.iter().chain(&token.formats);
                let signed = formats.copied().any(|format| format == TokenFormat::Jwt);
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
        let listen = doc.listen.as_ref();
        Ok(Self {
            tokens,
            gateway: Gateway::new(doc.gateway.clone(), double.routes.clone(), backend),
            change,
            scheme: match listen.and_then(|listen| listen.tls) {
                None | Some(Tls::None) => "http",
                Some(Tls::Server | Tls::Mutual) => "https",
            },
            other: OnceLock::new(),
            log: Log::new(),
        })
    }

    /// `http` or `https`.
    pub(crate) const fn scheme(&self) -> &'static str {
        self.scheme
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

    /// Answers a request.
    pub(crate) fn answer(&self, call: &Call) -> Answer {
        let now = jiff::Timestamp::now().as_second();
        let tokens = self.tokens.as_ref();
        if let Some(answer) = tokens.and_then(|tokens| tokens.answer(call, now)) {
            self.log.add(call, &answer, true);
            return answer;
        }
        let answer = self.by_gateway(call, now);
        self.log.add(call, &answer, false);
        answer
    }

    fn by_gateway(&self, call: &Call, now: i64) -> Answer {
        let tokens = self.tokens.as_ref();
        let host = call.headers.text("host").unwrap_or_default();
        let origin = format!("{}://{host}", self.scheme);
        let mut answer = self.gateway.answer(call, &origin, tokens, now);
        if let (Some(change), Some(path)) = (&self.change, self.gateway.below(&call.path)) {
            let concerned = change
                .on
                .as_ref()
                .is_none_or(|on| on.matches(&call.method, path));
            if concerned {
                let own = format!("{origin}{}", self.gateway.base());
                let other = self.other.get().unwrap_or(&own);
                defect::apply(change, &mut answer, Addresses { own: &own, other });
            }
        }
        answer
    }
}
