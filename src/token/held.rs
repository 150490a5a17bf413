//! [`Token`] and [`Slot`]: what a wallet holds for a credential.

use std::sync::{Arc, PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::acquire::Acquired;
use super::credential::Credential;
use super::shape::shape;
use crate::exchange::Failure;
use crate::pair::Side;
use crate::results::{TokenShape, TokenSummary};

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
    pub(super) renew_at: Option<Instant>,
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

    pub(super) fn is_fresh(&self) -> bool {
        self.renew_at.is_none_or(|at| Instant::now() < at)
    }
}

/// What became of a credential.
#[derive(Debug, Clone)]
pub(super) enum Held {
    Token(Arc<Token>),
    Refused(Failure, Instant),
}

/// A credential and what is held for it.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) credential: Credential,
    held: RwLock<Option<Held>>,
    /// Held while a token is being obtained: the others wait for it instead of asking too.
    pub(super) asking: Mutex<()>,
}

impl Slot {
    pub(super) fn new(credential: Credential) -> Self {
        Self {
            credential,
            held: RwLock::default(),
            asking: Mutex::default(),
        }
    }

    pub(super) fn current(&self) -> Option<Arc<Token>> {
        match &*self.held.read().unwrap_or_else(PoisonError::into_inner) {
            Some(Held::Token(token)) => Some(Arc::clone(token)),
            _ => None,
        }
    }

    /// What can be used without asking.
    pub(super) fn peek(&self) -> Option<Result<Arc<Token>, Failure>> {
        match &*self.held.read().unwrap_or_else(PoisonError::into_inner) {
            Some(Held::Token(token)) if token.is_fresh() => Some(Ok(Arc::clone(token))),
            Some(Held::Refused(failure, until)) if Instant::now() < *until => {
                Some(Err(failure.clone()))
            }
            _ => None,
        }
    }

    pub(super) fn hold(&self, held: Held) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
    }
}
