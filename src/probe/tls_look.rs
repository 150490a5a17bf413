//! [`look`]: one TLS handshake, and what the other end showed in it. Nothing is sent, and nothing is
//! refused: what a client would refuse is said.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::client::{ResolvesClientCert, WebPkiServerVerifier};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, ProtocolVersion,
    RootCertStore, SignatureScheme, SupportedProtocolVersion,
};
use url::Url;

use crate::exchange::{Connection, Failure, FailureCause, TlsFiles};
use crate::results::Phase;

/// What the other end showed.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// The version that was agreed on.
    pub(super) version: Option<ProtocolVersion>,
    /// The certificates, the server's own first (DER).
    pub(super) chain: Vec<CertificateDer<'static>>,
    /// Whether it asked for a certificate of the client's.
    pub(super) asks_client: bool,
}

/// Why a handshake came to nothing.
#[derive(Debug)]
pub(super) enum NoLook {
    /// There is no connection.
    Unreachable(Failure),
    /// The other end refused the handshake.
    Refused(String),
}

/// Shakes hands with a side, in the given versions of TLS.
pub(super) async fn look(
    url: &Url,
    connection: &Connection,
    versions: &[&'static SupportedProtocolVersion],
    patience: Duration,
) -> Result<Shown, NoLook> {
    let late = |_| {
        let message = "no TLS handshake in time";
        let failure = Failure::new(Phase::Tls, FailureCause::Timeout, message);
        NoLook::Unreachable(failure)
    };
    timeout(patience, shake(url, connection, versions))
        .await
        .map_err(late)?
}

async fn shake(
    url: &Url,
    connection: &Connection,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<Shown, NoLook> {
    let stream = connect(url, connection)
        .await
        .map_err(NoLook::Unreachable)?;
    let refused = |error: &dyn std::fmt::Display| NoLook::Refused(error.to_string());
    let provider = Arc::new(aws_lc_rs::default_provider());
    let witness = Arc::new(Witness {
        provider: Arc::clone(&provider),
        chain: Mutex::default(),
    });
    let identity = Arc::new(Identity {
        key: identity(&connection.tls, &provider),
        asked: Mutex::default(),
    });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|error| refused(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Witness>::clone(&witness))
        .with_client_cert_resolver(Arc::<Identity>::clone(&identity));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = server_name(url).ok_or_else(|| refused(&"the URL has no host"))?;
    let connector = TlsConnector::from(Arc::new(config));
    let session = connector.connect(name, stream).await;
    let session = session.map_err(|error| refused(&error))?;
    let version = session.get_ref().1.protocol_version();
    let chain = witness.chain.lock().unwrap_or_else(PoisonError::into_inner);
    let asked = identity
        .asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    Ok(Shown {
        version,
        chain: chain.clone(),
        asks_client: *asked,
    })
}

async fn connect(url: &Url, connection: &Connection) -> Result<TcpStream, Failure> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let pinned = connection.resolve.iter().find(|pinned| pinned.fits(url));
    let connected = match pinned {
        Some(pinned) => TcpStream::connect(pinned.address).await,
        None => TcpStream::connect((host.trim_matches(['[', ']']), port)).await,
    };
    connected.map_err(|error| {
        let message = format!("cannot connect to {host}:{port}: {error}");
        Failure::new(Phase::Connect, FailureCause::Connect, message)
    })
}

pub(super) fn server_name(url: &Url) -> Option<ServerName<'static>> {
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    ServerName::try_from(host).ok()
}

/// The client's own certificate, where the pair file names one.
fn identity(files: &TlsFiles, provider: &CryptoProvider) -> Option<Arc<CertifiedKey>> {
    let pem = files.identity.as_ref()?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let key = PrivateKeyDer::from_pem_slice(pem).ok()?;
    let key = provider.key_provider.load_private_key(key).ok()?;
    Some(Arc::new(CertifiedKey::new(chain.ok()?, key)))
}

/// Takes whatever certificates are shown, and keeps them.
#[derive(Debug)]
struct Witness {
    provider: Arc<CryptoProvider>,
    chain: Mutex<Vec<CertificateDer<'static>>>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let all = std::iter::once(end_entity).chain(intermediates);
        let all = all.map(|certificate| certificate.clone().into_owned());
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = all.collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let known = &self.provider.signature_verification_algorithms;
        known.supported_schemes()
    }
}

/// Shows the client's certificate where one is asked for, and notes that it was.
#[derive(Debug)]
struct Identity {
    key: Option<Arc<CertifiedKey>>,
    asked: Mutex<bool>,
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.key.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// What a client that checks certificates says of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trust {
    /// It trusts it.
    Trusted,
    /// It trusts the authority; the certificate is for another name.
    OtherName,
    /// It does not, for this reason.
    Untrusted(String),
}

/// Checks a chain as the pair file says: by `tls.ca`, or by the authorities of this machine. `at` is the
/// time at which it is checked: a certificate that has expired may be sound otherwise.
pub(super) fn trust(
    chain: &[CertificateDer<'static>],
    name: &ServerName<'_>,
    files: &TlsFiles,
    at: UnixTime,
) -> Trust {
    let Some((own, others)) = chain.split_first() else {
        return Trust::Untrusted("no certificate was shown".to_owned());
    };
    let verifier = match verifier(files) {
        Ok(verifier) => verifier,
        Err(message) => return Trust::Untrusted(message),
    };
    match verifier.verify_server_cert(own, others, name, &[], at) {
        Ok(_) => Trust::Trusted,
        Err(TlsError::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        )) => Trust::OtherName,
        Err(error) => Trust::Untrusted(error.to_string()),
    }
}

fn verifier(files: &TlsFiles) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let Some(pem) = &files.ca else {
        let verifier = rustls_platform_verifier::Verifier::new(provider);
        return match verifier {
            Ok(verifier) => Ok(Arc::new(verifier)),
            Err(error) => Err(error.to_string()),
        };
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| "tls.ca holds no PEM certificate")?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    match verifier {
        Ok(verifier) => Ok(verifier),
        Err(error) => Err(error.to_string()),
    }
}
