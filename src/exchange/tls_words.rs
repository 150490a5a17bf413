//! TLS errors in words: what is wrong with the connection, and which key of the pair file helps.

use std::error::Error;
use std::io;

use jiff::Timestamp;
use tokio_rustls::rustls::{CertificateError, Error as TlsError};

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
    let name = alert.split(|c: char| !c.is_ascii_alphanumeric());
    Some(refusal(name.into_iter().next().unwrap_or_default()))
}

const REFUSED: &str = "the side refused the handshake";
pub(super) const SHOW_YOURS: &str = "if it asks for a client certificate, name yours in `tls.client_cert` and \
                          `tls.client_key`";

/// An alert (RFC 8446 section 6.2) by the library's name for it.
fn refusal(alert: &str) -> String {
    let (why, is_of_ours) = match alert {
        "CertificateRequired" => ("it wants a client certificate", true),
        "BadCertificate" => (
            "it can make nothing of the client certificate, or has none",
            true,
        ),
        "UnknownCA" => (
            "it does not know the authority of the client certificate",
            true,
        ),
        "CertificateExpired" => ("the client certificate has expired", true),
        "CertificateRevoked" => ("the client certificate was revoked", true),
        "CertificateUnknown" | "UnsupportedCertificate" | "AccessDenied" => {
            ("it does not take the client certificate", true)
        }
        "HandshakeFailure" => ("both ends have no settings in common", true),
        "ProtocolVersion" => ("both ends have no version of TLS in common", false),
        "InsufficientSecurity" => ("our ciphers are too weak for it", false),
        "UnrecognisedName" | "UnrecognizedName" => {
            ("it has no certificate for this host name", false)
        }
        "NoApplicationProtocol" => ("both ends have no version of HTTP in common", false),
        "InternalError" => ("it has an error of its own", false),
        _ => ("without a reason that is known", false),
    };
    if is_of_ours {
        format!("{REFUSED} ({why}): {SHOW_YOURS}")
    } else {
        format!("{REFUSED} ({why})")
    }
}

/// What to tell of it. The library's own words are for those who wrote it.
pub(super) fn words(error: &TlsError) -> String {
    let what = match error {
        TlsError::InvalidCertificate(certificate) => return certificate_words(certificate),
        TlsError::AlertReceived(alert) => return refusal(&format!("{alert:?}")),
        TlsError::InvalidMessage(_) => "what came is no TLS: the port may speak plain HTTP",
        TlsError::PeerIncompatible(_) => "both ends have no version or cipher of TLS in common",
        TlsError::NoCertificatesPresented => "the side shows no certificate",
        TlsError::NoApplicationProtocol => "both ends have no version of HTTP in common",
        TlsError::DecryptError => "what came cannot be decrypted",
        TlsError::PeerMisbehaved(_)
        | TlsError::InappropriateMessage { .. }
        | TlsError::InappropriateHandshakeMessage { .. } => {
            "the other end does not keep to the protocol"
        }
        _ => return "the TLS handshake failed".to_owned(),
    };
    format!("the TLS handshake failed: {what}")
}

fn certificate_words(error: &CertificateError) -> String {
    let date = |seconds: u64| {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| format!(" ({time})"))
    };
    let clocks = "see that the clocks of both ends are right";
    let words = match error {
        CertificateError::UnknownIssuer => {
            "is of an authority that is not trusted: name the authority in `tls.ca`"
        }
        CertificateError::NotValidForName => return wrong_name(&[]),
        CertificateError::NotValidForNameContext { presented, .. } => return wrong_name(presented),
        CertificateError::Expired => "has expired: clients will refuse it too",
        CertificateError::ExpiredContext { not_after, .. } => {
            let date = date(not_after.as_secs());
            return format!("the certificate has expired{date}: clients will refuse it too");
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            let date = date(not_before.as_secs());
            return format!("the certificate is not valid yet{date}: {clocks}");
        }
        CertificateError::NotValidYet => {
            return format!("the certificate is not valid yet: {clocks}");
        }
        CertificateError::Revoked => "was revoked: clients will refuse it too",
        CertificateError::BadEncoding => "cannot be read",
        CertificateError::BadSignature => "is not signed by the authority that it names",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "is not made for a server (extended key usage)"
        }
        CertificateError::UnhandledCriticalExtension => {
            "has a critical extension that is not known here"
        }
        // The verifier's own errors have no other words than the names of their variants.
        CertificateError::Other(error) => match error.0.to_string().as_str() {
            "CaUsedAsEndEntity" => {
                "is that of an authority, not of a server (basic constraints say CA): give the server one \
                 of its own, signed by it"
            }
            "UnsupportedCertVersion" => "is not of X.509 version 3",
            "NameConstraintViolation" => "is for a name that its authority may not vouch for",
            "PathLenConstraintViolated" | "EndEntityUsedAsCa" => {
                "is signed by one that may not sign it"
            }
            _ => "was refused",
        },
        _ => "was refused",
    };
    format!("the certificate {words}")
}

/// The names that the certificate has come as the library writes them: `DnsName("api.example.com")`.
fn wrong_name(presented: &[String]) -> String {
    let plain = |name: &String| {
        let (_, inner) = name.split_once('(')?;
        Some(inner.strip_suffix(')')?.trim_matches('"').to_owned())
    };
    let names: Vec<String> = presented.iter().filter_map(plain).collect();
    let is_for = match names.as_slice() {
        [] => String::new(),
        names => format!(" (it is for {})", names.join(", ")),
    };
    format!(
        "the certificate is for another host name{is_for}: see that `url` names the host as its certificate does; \
         `resolve` gives it an address"
    )
}
