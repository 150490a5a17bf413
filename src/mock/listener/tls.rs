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

/// Makes an authority, a server certificate for `address` and localhost, and a client certificate.
pub(crate) fn set_up(
    address: IpAddr,
    versions: &[HttpVersion],
    mutual: bool,
) -> Result<(Arc<ServerConfig>, TlsFiles), TlsError> {
    let ca = authority().map_err(|_| TlsError)?;
    let names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        address.to_string(),
    ];
    let (server, server_key) =
        leaf(names, ExtendedKeyUsagePurpose::ServerAuth, &ca).map_err(|_| TlsError)?;
    let (client, client_key) = leaf(
        vec!["client.example.com".to_owned()],
        ExtendedKeyUsagePurpose::ClientAuth,
        &ca,
    )
    .map_err(|_| TlsError)?;
    let files = TlsFiles {
        ca: ca.pem(),
        client_cert: client.pem(),
        client_key: client_key.serialize_pem(),
    };
    let config = server_config(ca.der(), server.der(), &server_key, versions, mutual);
    Ok((Arc::new(config?), files))
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
