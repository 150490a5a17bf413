//! A target of the pair file: where a side lives and how it is spoken to.

use super::credential::CredentialDoc;
use super::time_span::TimeSpan;
use super::url::BaseUrl;
use crate::platform::Documents;
use crate::source::{Entries, Spanned, document, word};

word! {
    /// The HTTP version to speak.
    pub enum HttpVersion is "HTTP version" {
        /// HTTP/1.1 only.
        One = "1.1",
        /// HTTP/2 only.
        Two = "2",
    }
}

word! {
    /// Whether writes may be sent to a target.
    pub enum WritesDoc is "answer about writes" {
        /// With `--allow-writes`, and if the other side allows them too.
        Allowed = "allowed",
        /// Not at all.
        Never = "never",
    }
}

document! {
    /// TLS towards a target.
    pub struct TlsDoc is "TLS settings" {
        /// Certificates to trust: a file, or PEM text.
        optional ca: Option<Spanned<String>>,
        /// The client's certificate chain: a file, or PEM text.
        optional client_cert: Option<Spanned<String>>,
        /// The client's key: a file, or PEM text.
        optional client_key: Option<Spanned<String>>,
        /// Do not check certificates. Every report warns of it.
        optional insecure: bool,
    }
}

document! {
    /// One side.
    pub struct TargetDoc is "a target" {
        /// Its name in reports.
        optional name: Option<String>,
        /// Its platform: a shipped name or a path; `generic` if not given.
        optional platform: Option<Spanned<String>>,
        /// Which document of the platform is gone by where those of different dates differ: `page` (the
        /// comparison that customers hold, if not given) or `latest`.
        optional documents: Option<Documents>,
        /// The base URL of its APIs.
        required url: Spanned<BaseUrl>,
        /// Its credentials, by name.
        optional tokens: Entries<CredentialDoc>,
        /// Headers of every request.
        optional headers: Entries<String>,
        /// TLS settings.
        optional tls: Option<TlsDoc>,
        /// `host:port` to `address:port`, instead of DNS.
        optional resolve: Entries<Spanned<String>>,
        /// A proxy for everything sent to this side.
        optional proxy: Option<Spanned<BaseUrl>>,
        /// The HTTP version; as negotiated if not given.
        optional http: Option<HttpVersion>,
        /// The time for one exchange; 30s if not given.
        optional timeout: Option<Spanned<TimeSpan>>,
        /// Requests per second at most.
        optional max_rps: Option<Spanned<u32>>,
        /// Whether writes may be sent; `never` if not given.
        optional writes: Option<WritesDoc>,
    }
}
