//! The file format of a double.

mod defect;
mod gateway;
mod token;

use crate::mock::habits::{FurtherListenDoc, TlsVersion};
use crate::mock::pattern::Pattern;
use crate::mock::words::{Span, words};
use crate::source::{Entries, Node, Spanned, document};
pub use defect::*;
pub use gateway::*;
pub use token::*;

document! {
    /// A stand-in for a gateway and its token server.
    pub struct DoubleDoc is "a double" {
        /// The name shown to people, and the name of the target in the pair file.
        required name: Spanned<String>,
        /// The platform it stands for, e.g. `wso2-api-cloud`.
        required platform: Spanned<String>,
        /// Where and how it listens.
        optional listen: Option<ListenDoc>,
        /// The backend behind it; doubles of one command with the same backend share its state.
        optional backend: Option<BackendName>,
        /// Its token server.
        optional token: Option<TokenDoc>,
        /// Its gateway.
        optional gateway: Option<GatewayDoc>,
        /// Answers of its own, and rules for answers of the backend.
        optional routes: Vec<RouteDoc>,
        /// Ways to break it, each with the findings it must lead to.
        optional defects: Entries<DefectDoc>,
    }
}

words! {
    /// A backend that ships with the product.
    pub enum BackendName is "backend" {
        /// Orders and customers, with state.
        Orders = "orders",
    }
}

document! {
    /// Where and how a double listens.
    pub struct ListenDoc is "a listener" {
        /// The port; 0 (default) takes a free one.
        optional port: u16,
        /// TLS: none (default), server certificate, or client certificate too.
        optional tls: Option<Tls>,
        /// The HTTP versions spoken; default both.
        optional http: Vec<HttpVersion>,
        /// The versions of TLS that are spoken; default all.
        optional tls_versions: Vec<TlsVersion>,
        /// Names that the server's certificate has beside localhost, each with the name that the API goes
        /// by in the pair file when it is called so: `custom-domain: api.example.com`.
        optional names: Entries<String>,
        /// Further addresses of the same double.
        optional also: Vec<FurtherListenDoc>,
    }
}

words! {
    /// How a double uses TLS.
    pub enum Tls is "TLS mode" {
        /// Plain text.
        None = "none",
        /// The server shows a certificate of a throw-away authority.
        Server = "server",
        /// The client must show one of the same authority too.
        Mutual = "mutual",
    }
}

words! {
    /// A version of HTTP.
    pub enum HttpVersion is "HTTP version" {
        /// HTTP/1.1 (and 1.0).
        Http11 = "1.1",
        /// HTTP/2, by ALPN with TLS and by prior knowledge without.
        Http2 = "2",
    }
}

document! {
    /// An answer of the double's own, or a rule for an answer of its backend.
    pub struct RouteDoc is "a route" {
        /// The request, below the base path of the gateway.
        required request: Spanned<Pattern>,
        /// The status; default 200.
        optional status: Option<u16>,
        /// Headers of the answer.
        optional headers: Entries<String>,
        /// A JSON body.
        optional json: Option<Spanned<Node>>,
        /// A text body.
        optional text: Option<Spanned<String>>,
        /// A file, beside this one, that is the body.
        optional file: Option<Spanned<String>>,
        /// How long the answer waits; other requests do not wait with it.
        optional delay: Option<Span>,
        /// A way to break the answer on the wire (HTTP/1.1).
        optional raw: Option<Raw>,
        /// A scope that the token must have.
        optional scope: Option<String>,
        /// Whether the path starts at the root, outside the base path of the API. Then the answer is of
        /// the double's own.
        optional outside: bool,
        /// Whether no credential is asked for.
        optional open: bool,
        /// A fault of the gateway instead of an answer.
        optional fault: Option<Spanned<Situation>>,
    }
}

words! {
    /// A way to break an answer on the wire.
    pub enum Raw is "raw mode" {
        /// Half of the body, then the connection is closed.
        Cut = "cut",
        /// A byte at a time.
        Drip = "drip",
        /// The connection is reset before a byte of the answer.
        Reset = "reset",
        /// Content-Length says more than is sent; the connection is closed.
        WrongLength = "wrong-length",
        /// The body does not end.
        Endless = "endless",
    }
}
