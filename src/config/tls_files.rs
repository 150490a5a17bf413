//! Whether the certificates and keys of a side can be used, before a connection needs them.

use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, InconsistentKeys, RootCertStore};

use super::folder::Folder;
use super::target::TlsDoc;
use crate::source::{Cx, Diagnostic, Spanned};

/// Reports files that are not there, and what is in them and cannot be used.
pub(super) fn check(tls: &TlsDoc, folder: &Folder, cx: &mut Cx<'_>) {
    let mut read = |text: &Option<Spanned<String>>| {
        let text = text.as_ref()?;
        Some((text.span, pem(text, folder, cx)?))
    };
    let (ca, certificate, key) = (read(&tls.ca), read(&tls.client_cert), read(&tls.client_key));
    if let Some((span, pem)) = ca
        && let Err((message, help)) = trusted(&pem)
    {
        cx.error::<()>(span, message, help);
    }
    let Some((span, certificate)) = certificate else {
        return;
    };
    // One file may hold both.
    let key_span = key.as_ref().map_or(span, |(span, _)| *span);
    let key = match (key, &tls.client_key) {
        (Some((_, pem)), _) => pem,
        (None, None) => certificate.clone(),
        // That it cannot be read was said.
        (None, Some(_)) => return,
    };
    match shown(&certificate, &key) {
        Ok(()) => {}
        Err(Unusable::Certificate(message, help)) => {
            cx.error::<()>(span, message, help);
        }
        Err(Unusable::Key(message, help)) => {
            cx.error::<()>(key_span, message, help);
        }
    }
}

fn pem(text: &Spanned<String>, folder: &Folder, cx: &mut Cx<'_>) -> Option<Vec<u8>> {
    if text.contains("-----BEGIN") {
        return Some(text.value.clone().into_bytes());
    }
    match folder.bytes(text) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let diagnostic = Diagnostic::error(cx.source, text.span, error.to_string());
            let help = "a path relative to this file, inside its folder, or PEM text";
            cx.report(diagnostic.help(help))
        }
    }
}

/// What is wrong, and what to do.
type Wrong = (&'static str, &'static str);

enum Unusable {
    Certificate(&'static str, &'static str),
    Key(&'static str, &'static str),
}

const NO_CERTIFICATE: Wrong = (
    "there is no certificate in it",
    "PEM text with `-----BEGIN CERTIFICATE-----`",
);
const BAD_CERTIFICATE: Wrong = (
    "a certificate in it cannot be used: it is damaged, or not of X.509 version 3",
    "`openssl x509 -noout -text -in FILE` shows what it is",
);

/// Certificates to trust.
fn trusted(pem: &[u8]) -> Result<(), Wrong> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(pem)? {
        roots.add(certificate).map_err(|_| BAD_CERTIFICATE)?;
    }
    Ok(())
}

fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Wrong> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = chain.map_err(|_| NO_CERTIFICATE)?;
    match chain.is_empty() {
        true => Err(NO_CERTIFICATE),
        false => Ok(chain),
    }
}

/// The client's own certificate and its key.
fn shown(certificate: &[u8], key: &[u8]) -> Result<(), Unusable> {
    let chain = chain(certificate).map_err(|(what, help)| Unusable::Certificate(what, help))?;
    let no_key = Unusable::Key(
        "there is no private key in it",
        "PEM text with `-----BEGIN PRIVATE KEY-----`, not encrypted; name its file in `client_key`",
    );
    let Ok(key) = PrivateKeyDer::from_pem_slice(key) else {
        return Err(no_key);
    };
    match CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()) {
        Ok(_) => Ok(()),
        Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => Err(Unusable::Key(
            "the private key is not that of the certificate",
            "name the key that the certificate was made for",
        )),
        Err(Error::InvalidCertificate(_)) => {
            let (what, help) = BAD_CERTIFICATE;
            Err(Unusable::Certificate(what, help))
        }
        Err(_) => Err(Unusable::Key(
            "the private key cannot be used",
            "RSA, ECDSA or Ed25519, in PKCS#8, PKCS#1 or SEC1",
        )),
    }
}
