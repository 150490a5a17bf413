//! A throw-away certificate authority, made when a double starts.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{self, RootCertStore, ServerConfig, SupportedProtocolVersion};

use crate::mock::document::HttpVersion;
use crate::mock::habits::TlsVersion;

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the certificates of a double could not be made")]
pub(crate) struct TlsError;

/// The files of a client that trusts a double, as PEM texts.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    /// The certificate of the authority.
    pub(crate) ca: String,
    /// A client certificate of the same authority.
    pub(crate) client_cert: String,
    /// Its key.
    pub(crate) client_key: String,
}

/// The certificates and keys of a double: its authority, its own, and one for its clients.
pub(crate) struct Keys {
    /// What clients need.
    pub(crate) files: TlsFiles,
    ca: CertificateDer<'static>,
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Keys {
    /// Makes an authority, a server certificate for `address`, localhost and `names`, and a client
    /// certificate. With `days` the server's certificate ends after so many; without, not in our time.
    pub(crate) fn make(
        address: IpAddr,
        names: Vec<String>,
        days: Option<u32>,
    ) -> Result<Self, TlsError> {
        Self::made(address, names, days).map_err(|_| TlsError)
    }

    fn made(
        address: IpAddr,
        mut names: Vec<String>,
        days: Option<u32>,
    ) -> Result<Self, rcgen::Error> {
        let ca = authority()?;
        names.extend([
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            address.to_string(),
        ]);
        let (server, key) = leaf(names, ExtendedKeyUsagePurpose::ServerAuth, days, &ca)?;
        let client = vec!["client.example.com".to_owned()];
        let (client, client_key) = leaf(client, ExtendedKeyUsagePurpose::ClientAuth, None, &ca)?;
        Ok(Self {
            files: TlsFiles {
                ca: ca.pem(),
                client_cert: client.pem(),
                client_key: client_key.serialize_pem(),
            },
            ca: ca.der().clone(),
            certificate: server.der().clone(),
            key,
        })
    }

    /// The settings of a listener that speaks these versions of HTTP, and these of TLS (none: all). With `mutual` its clients must
    /// show a certificate of the same authority.
    pub(crate) fn config(
        &self,
        versions: &[HttpVersion],
        tls: &[TlsVersion],
        mutual: bool,
    ) -> Result<Arc<ServerConfig>, TlsError> {
        let authority = mutual.then_some(&self.ca);
        server_config(authority, &self.certificate, &self.key, versions, tls).map(Arc::new)
    }
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Result<Authority, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name.push(
        DnType::CommonName,
        "throw-away authority of a cutover double",
    );
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn leaf(
    names: Vec<String>,
    usage: ExtendedKeyUsagePurpose,
    days: Option<u32>,
    ca: &Authority,
) -> Result<(rcgen::Certificate, KeyPair), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "a cutover double");
    if let Some(days) = days {
        let end = SystemTime::now() + Duration::from_secs(u64::from(days) * 86_400);
        params.not_after = end.into();
    }
    params.extended_key_usages = vec![usage];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let certificate = params.signed_by(&key, ca)?;
    Ok((certificate, key))
}

/// The versions of TLS, as rustls names them.
fn spoken(tls: &[TlsVersion]) -> Vec<&'static SupportedProtocolVersion> {
    if tls.is_empty() {
        return rustls::ALL_VERSIONS.to_vec();
    }
    let name = |version: &TlsVersion| match version {
        TlsVersion::Tls12 => &rustls::version::TLS12,
        TlsVersion::Tls13 => &rustls::version::TLS13,
    };
    tls.iter().map(name).collect()
}

fn server_config(
    asked_of_clients: Option<&CertificateDer<'static>>,
    certificate: &CertificateDer<'static>,
    key: &KeyPair,
    versions: &[HttpVersion],
    tls: &[TlsVersion],
) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&spoken(tls))
        .map_err(|_| TlsError)?;
    let builder = if let Some(ca) = asked_of_clients {
        let mut roots = RootCertStore::empty();
        roots.add(ca.clone()).map_err(|_| TlsError)?;
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|_| TlsError)?;
        builder.with_client_cert_verifier(verifier)
    } else {
        builder.with_no_client_auth()
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = builder
        .with_single_cert(vec![certificate.clone()], key)
        .map_err(|_| TlsError)?;
    config.alpn_protocols = versions
        .iter()
        .rev()
        .map(|version| match version {
            HttpVersion::Http11 => b"http/1.1".to_vec(),
            HttpVersion::Http2 => b"h2".to_vec(),
        })
        .collect();
    Ok(config)
}
