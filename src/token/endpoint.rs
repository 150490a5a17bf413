//! [`Issuers`]: where the endpoints of a credential are, by hand or by its issuer's metadata.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::address::Address;
use super::credential::Credential;
use super::discover::{Metadata, metadata};
use crate::exchange::{Failure, Target};

/// An endpoint of a token server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// RFC 6749 section 3.2.
    Token,
    /// RFC 7009 section 2.
    Revocation,
    /// RFC 7662 section 2.
    Introspection,
    /// The key set, RFC 7517 section 5.
    Keys,
}

impl Endpoint {
    /// Its name in the pair file and in metadata (RFC 8414 section 2).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token => "token_endpoint",
            Self::Revocation => "revocation_endpoint",
            Self::Introspection => "introspection_endpoint",
            Self::Keys => "jwks_uri",
        }
    }
}

/// The issuers of one side; the metadata of each are read once.
#[derive(Debug)]
pub(super) struct Issuers {
    target: Arc<Target>,
    timeout: Duration,
    /// Held while metadata are read: whoever wants the same waits instead of asking too.
    known: Mutex<HashMap<String, Arc<Metadata>>>,
}

impl Issuers {
    pub(super) fn new(target: Arc<Target>, timeout: Duration) -> Self {
        Self {
            target,
            timeout,
            known: Mutex::default(),
        }
    }

    /// An endpoint of a credential: as given, or as its issuer's metadata name it. None where neither does.
    ///
    /// # Errors
    /// The issuer's metadata cannot be had.
    pub(super) async fn find(
        &self,
        credential: &Credential,
        endpoint: Endpoint,
    ) -> Result<Option<Address>, Failure> {
        if let Some(url) = credential.given(endpoint) {
            return Ok(Some(url.clone()));
        }
        let Some(issuer) = &credential.issuer else {
            return Ok(None);
        };
        let metadata = self.metadata(issuer).await?;
        let found = metadata.endpoint(endpoint.name(), credential.by_certificate());
        if let Some(found) = &found {
            self.target.admit(found.url());
        }
        Ok(found)
    }

    async fn metadata(&self, issuer: &Address) -> Result<Arc<Metadata>, Failure> {
        let mut known = self.known.lock().await;
        if let Some(metadata) = known.get(issuer.as_str()) {
            return Ok(Arc::clone(metadata));
        }
        let metadata = Arc::new(metadata(&self.target, issuer, self.timeout).await?);
        known.insert(issuer.as_str().to_owned(), Arc::clone(&metadata));
        Ok(metadata)
    }
}
