//! TLS errors in words: what is wrong with the connection, and which key of the pair file helps.

use std::error::Error;
use std::io;

use tokio_rustls::rustls::{AlertDescription, CertificateError, Error as TlsError};

/// The TLS error inside an error, if there is one. Errors of input and output wrap each other, and
/// their `source` leaves the wrapped one out.
pub(super) fn tls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e TlsError> {
    if let Some(error) = error.downcast_ref::<TlsError>() {
        return Some(error);
    }
    tls_error(error.downcast_ref::<io::Error>()?.get_ref()?)
}

/// The same for an alert that HTTP/2 met: of the error only its text is left there.
pub(super) fn alert_words(text: &str) -> Option<String> {
    let (_, alert) = text.split_once("received fatal alert: ")?;
    Some(format!(
        "{REFUSED} (received fatal alert: {alert}): {SHOW_YOURS}"
    ))
}

const REFUSED: &str = "the side refused the handshake";
pub(super) const SHOW_YOURS: &str = "if it asks for a client certificate, name yours in `tls.client_cert` and \
                          `tls.client_key`";

/// What to tell of it.
pub(super) fn words(error: &TlsError) -> String {
    let (what, help) = match error {
        TlsError::InvalidCertificate(certificate) => certificate_words(certificate),
        TlsError::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::HandshakeFailure,
        ) => (REFUSED, SHOW_YOURS),
        _ => ("the TLS handshake failed", ""),
    };
    if help.is_empty() {
        format!("{what} ({error})")
    } else {
        format!("{what} ({error}): {help}")
    }
}

fn certificate_words(error: &CertificateError) -> (&'static str, &'static str) {
    match error {
        CertificateError::UnknownIssuer => (
            "the certificate is of an authority that is not trusted",
            "name the authority in `tls.ca`",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "the certificate is for another host name",
            "see that `url` names the host as its certificate does; `resolve` gives it an address",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            ("the certificate has expired", "clients will refuse it too")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "the certificate is not valid yet",
            "see that the clocks of both ends are right",
        ),
        _ => ("the certificate was refused", ""),
    }
}
