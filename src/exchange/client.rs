//! Building the HTTP client of a side.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity, Proxy};
use thiserror::Error;
use url::Url;

use crate::config::HttpVersion;

/// How a side is connected to.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// Whether any of its URLs is https.
    pub https: bool,
    /// PEM texts for TLS.
    pub tls: TlsFiles,
    /// Hosts and ports that do not go to DNS.
    pub resolve: Vec<Pinned>,
    /// A proxy for everything.
    pub proxy: Option<String>,
    /// The version to speak; none negotiates.
    pub http: Option<HttpVersion>,
    /// The time for a connection.
    pub connect_timeout: Option<Duration>,
}

/// A host and port that has a given address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    /// The host, as it stands in URLs.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Where its requests go.
    pub address: SocketAddr,
}

impl Pinned {
    /// Whether a URL has this host and port.
    pub fn fits(&self, url: &Url) -> bool {
        url.host_str()
            .is_some_and(|host| host.eq_ignore_ascii_case(&self.host))
            && url.port_or_known_default() == Some(self.port)
    }
}

/// The PEM texts of a target.
#[derive(Clone, Default)]
pub struct TlsFiles {
    /// Certificates to trust, in place of the system's.
    pub ca: Option<Vec<u8>>,
    /// The client's certificate chain and key.
    pub identity: Option<Vec<u8>>,
    /// Do not check certificates.
    pub insecure: bool,
}

impl std::fmt::Debug for TlsFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The identity holds a private key.
        f.debug_struct("TlsFiles")
            .field("ca", &self.ca.is_some())
            .field("identity", &self.identity.is_some())
            .field("insecure", &self.insecure)
            .finish()
    }
}

/// Why there is no client.
#[derive(Debug, Error)]
pub enum ClientError {
    /// A PEM text that holds no certificate.
    #[error("tls.ca holds no PEM certificate")]
    Ca,
    /// A PEM text that holds no certificate and key.
    #[error("tls.client_cert and tls.client_key are no PEM certificate and key")]
    Identity,
    /// A proxy that is no proxy.
    #[error("the proxy cannot be used")]
    Proxy,
    /// The TLS library refused the settings.
    #[error("the TLS settings cannot be used: {0}")]
    Build(String),
}

impl Connection {
    /// The client: what is sent is what was asked for, and what comes is kept as it came.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn client(&self) -> Result<Client, ClientError> {
        self.client_for(None)
    }

    /// The client for requests to one pinned host and port.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn client_for(&self, pinned: Option<&Pinned>) -> Result<Client, ClientError> {
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .http1_title_case_headers()
            .tls_danger_accept_invalid_certs(self.tls.insecure);
        if let Some(timeout) = self.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(pem) = &self.tls.ca {
            let roots = Certificate::from_pem_bundle(pem).map_err(|_| ClientError::Ca)?;
            if roots.is_empty() {
                return Err(ClientError::Ca);
            }
            builder = builder.tls_certs_only(roots);
        } else if !self.https {
            // Without this the client cannot be built where there is no certificate store,
            // although nothing here speaks TLS.
            builder = builder.tls_certs_only([]);
        }
        if let Some(pem) = &self.tls.identity {
            builder = builder.identity(Identity::from_pem(pem).map_err(|_| ClientError::Identity)?);
        }
        if let Some(pinned) = pinned {
            builder = builder.resolve(&pinned.host, pinned.address);
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(Proxy::all(proxy).map_err(|_| ClientError::Proxy)?);
        }
        builder = match self.http {
            Some(HttpVersion::One) => builder.http1_only(),
            Some(HttpVersion::Two) => builder.http2_prior_knowledge(),
            None => builder,
        };
        builder
            .build()
            .map_err(|error| ClientError::Build(error.without_url().to_string()))
    }
}
