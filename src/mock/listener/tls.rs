//! A throw-away certificate authority, made when a double starts.

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::mock::document::HttpVersion;

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
    /// certificate.
    pub(crate) fn make(address: IpAddr, names: Vec<String>) -> Result<Self, TlsError> {
        Self::made(address, names).map_err(|_| TlsError)
    }

    fn made(address: IpAddr, mut names: Vec<String>) -> Result<Self, rcgen::Error> {
        let ca = authority()?;
        names.extend([
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            address.to_string(),
        ]);
        let (server, key) = leaf(names, ExtendedKeyUsagePurpose::ServerAuth, &ca)?;
        let client = vec!["client.example.com".to_owned()];
        let (client, client_key) = leaf(client, ExtendedKeyUsagePurpose::ClientAuth, &ca)?;
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

    /// The settings of a listener that speaks these versions of HTTP. With `mutual` its clients must
    /// show a certificate of the same authority.
    pub(crate) fn config(
        &self,
        versions: &[HttpVersion],
        mutual: bool,
    ) -> Result<Arc<ServerConfig>, TlsError> {
        server_config(&self.ca, &self.certificate, &self.key, versions, mutual).map(Arc::new)
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
    ca: &Authority,
) -> Result<(rcgen::Certificate, KeyPair), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "a cutover double");
    params.extended_key_usages = vec![usage];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let certificate = params.signed_by(&key, ca)?;
    Ok((certificate, key))
}

fn server_config(
    ca: &CertificateDer<'static>,
    certificate: &CertificateDer<'static>,
    key: &KeyPair,
    versions: &[HttpVersion],
    mutual: bool,
) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|_| TlsError)?;
    let builder = if mutual {
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
