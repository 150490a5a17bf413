//! The parts of a double's file that say how its gateway behaves beside routes and faults: further
//! addresses, sizes, slashes, certificates.

use crate::mock::document::{HttpVersion, Tls};
use crate::mock::words::words;
use crate::source::document;

document! {
    /// A further address of a double.
    pub struct FurtherListenDoc is "a further listener" {
        /// The port; 0 (default) takes a free one.
        optional port: u16,
        /// TLS: none (default), server certificate, or client certificate too.
        optional tls: Option<Tls>,
        /// The HTTP versions spoken; default both.
        optional http: Vec<HttpVersion>,
        /// The versions of TLS that are spoken; default those of the first address.
        optional tls_versions: Vec<TlsVersion>,
    }
}

document! {
    /// Sizes above which a request is refused, in bytes. What is not given has no limit.
    pub struct LimitsDoc is "limits" {
        /// Path and query.
        optional url: Option<usize>,
        /// Name and value of one header field.
        optional header: Option<usize>,
        /// Names and values of all header fields.
        optional headers: Option<usize>,
        /// The body.
        optional body: Option<usize>,
    }
}

words! {
    /// A version of TLS.
    pub enum TlsVersion is "TLS version" {
        /// TLS 1.2 (RFC 5246).
        Tls12 = "1.2",
        /// TLS 1.3 (RFC 8446).
        Tls13 = "1.3",
    }
}

words! {
    /// What a slash at the end of a path means.
    pub enum TrailingSlash is "meaning of a trailing slash" {
        /// Nothing: the path is the same without it.
        Ignored = "ignored",
        /// Another path, which the API does not have.
        Strict = "strict",
    }
}

words! {
    /// What becomes of a request without TLS.
    pub enum PlainHttp is "answer without TLS" {
        /// It is refused with 403, as by an API of API Manager that is there over https alone.
        Refused = "refused",
        /// It is sent to https with 308, as by an ingress.
        Redirected = "redirected",
    }
}

words! {
    /// What a client certificate is worth.
    pub enum Certificates is "worth of client certificates" {
        /// It opens the API in place of a token.
        Enough = "enough",
        /// Nothing.
        Ignored = "ignored",
    }
}

words! {
    /// What a limit on requests is set for.
    pub enum Level is "level of a limit" {
        /// The API.
        Api = "api",
        /// One resource of it.
        Resource = "resource",
        /// An application.
        Application = "application",
        /// A subscription.
        Subscription = "subscription",
        /// The burst control of a subscription.
        Burst = "burst",
        /// All that the backend can take: above it the API takes no requests.
        Hard = "hard",
        /// The conditions of a policy of one's own.
        Custom = "custom",
        /// A list of who is blocked.
        Blocked = "blocked",
    }
}

impl Tls {
    /// The scheme of URLs that lead there.
    pub(crate) const fn scheme(self) -> &'static str {
        match self {
            Self::None => "http",
            Self::Server | Self::Mutual => "https",
        }
    }
}

words! {
    /// The part of a gateway that counts requests.
    pub enum CountedBy is "part that counts" {
        /// The router, by a service of its own.
        Router = "router",
        /// The part that checks credentials.
        Enforcer = "enforcer",
    }
}

impl Level {
    /// The code that API Manager gives for it (`APIThrottleConstants` of carbon-apimgt).
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Api => "900800",
            Self::Hard => "900801",
            Self::Resource => "900802",
            Self::Application => "900803",
            Self::Subscription => "900804",
            Self::Blocked => "900805",
            Self::Custom => "900806",
            Self::Burst => "900807",
        }
    }

    /// Status, message and description, where they are not those of any other limit (`ThrottleHandler` of
    /// carbon-apimgt).
    pub(crate) const fn words(self) -> Option<(u16, &'static str, &'static str)> {
        match self {
            Self::Hard => Some((503, "API Limit Reached", "API not accepting requests")),
            Self::Blocked => Some((
                403,
                "Message blocked",
                "You have been blocked from accessing the resource",
            )),
            _ => None,
        }
    }

    /// Whether a refusal says when to come back (for bursts: wso2/api-manager#3128).
    pub(crate) const fn tells_when(self) -> bool {
        !matches!(self, Self::Burst | Self::Blocked)
    }
}
