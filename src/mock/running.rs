//! [`Running`]: a double that is being served, and what can be asked of it.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::mock::document::Tls;
use crate::mock::double::Double;
use crate::mock::engine::Engine;
use crate::mock::listener::tls::TlsFiles;
use crate::mock::listener::{RawConnection, Records};
use crate::mock::log::Answered;

/// A double that is being served.
pub struct Running {
    pub(super) double: Double,
    /// Where it listens, the address of `listen` itself first.
    pub(super) ways: Vec<Way>,
    pub(super) base: String,
    pub(super) tls: Option<TlsFiles>,
    pub(super) records: Arc<Records>,
    pub(super) engine: Arc<Engine>,
}

/// A way to a double.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) address: SocketAddr,
    pub(super) tls: Tls,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("name", &self.name())
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

impl Running {
    /// The name shown to people.
    pub fn name(&self) -> &str {
        self.double.name()
    }

    /// The platform that it stands for.
    pub fn platform(&self) -> &str {
        self.double.platform()
    }

    /// Its address without a path, e.g. `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.ways.first().map(Way::url).unwrap_or_default()
    }

    /// The address, without a path, at which it uses TLS so, if it has one.
    pub fn url_with(&self, tls: Tls) -> Option<String> {
        self.ways.iter().find(|way| way.tls == tls).map(Way::url)
    }

    /// The base path of its API; empty where it has none.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The URL of its token endpoint, where it has one.
    pub fn token_url(&self) -> Option<String> {
        let token = self.double.doc.token.as_ref()?;
        Some(format!("{}{}", self.url(), token.path.value))
    }

    /// The certificate that its clients must trust (PEM), where it uses TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.tls.as_ref().map(|tls| tls.ca.as_str())
    }

    /// The certificate and the key (PEM) that its clients must show, where it asks for one.
    pub fn client_pem(&self) -> Option<(&str, &str)> {
        let asks = self.ways.iter().any(|way| way.tls == Tls::Mutual);
        let tls = self.tls.as_ref().filter(|_| asks)?;
        Some((&tls.client_cert, &tls.client_key))
    }

    /// Keeps the last so many connections and answers, in place of 1,024 and 10,000.
    pub(crate) fn keep(&self, connections: usize, answers: usize) {
        self.records.keep(connections);
        self.engine.log().keep(answers);
    }

    /// Whether a connection or an answer is not kept any more.
    pub(crate) fn lacks_some(&self) -> bool {
        self.records.lacks_some() || self.engine.log().lacks_some()
    }

    /// What clients sent, byte for byte: the last 1,024 connections, oldest first, 1 MiB of each.
    pub fn connections(&self) -> Vec<RawConnection> {
        self.records.read()
    }

    /// The time that [`Answered::at`] is counted in.
    pub fn elapsed(&self) -> std::time::Duration {
        self.engine.log().elapsed()
    }

    /// What was answered, in order: the last 10,000 answers.
    pub fn answered(&self) -> Vec<Answered> {
        self.engine.log().read()
    }

    /// The double itself.
    pub const fn double(&self) -> &Double {
        &self.double
    }
}

impl Way {
    fn url(&self) -> String {
        format!("{}://{}", self.tls.scheme(), self.address)
    }
}
