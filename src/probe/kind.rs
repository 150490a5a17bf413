//! [`Probe`]: which probes there are, what each is set to, and what each may cost.

use std::time::Duration;

use crate::source::word;

word! {
    /// A probe, by its name.
    pub enum ProbeName is "probe" {
        /// What asking twice for a token gives.
        TokenReuse = "token-reuse",
        /// How long a revoked token lives on.
        Revocation = "revocation",
        /// What becomes of a used refresh token.
        RefreshRotation = "refresh-rotation",
        /// Whether a token is refused after its life.
        Expiry = "expiry",
        /// Whether a changed or forged token is refused.
        TamperedToken = "tampered-token",
        /// Which side takes whose tokens.
        CrossAcceptance = "cross-acceptance",
        /// The longest token that passes.
        HeaderLimit = "header-limit",
        /// What a browser of another origin may do.
        Cors = "cors",
        /// What a TLS client meets.
        Tls = "tls",
        /// What a client meets above a limit.
        Throttle = "throttle",
    }
}

/// A key of `with:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The request to the API.
    Request,
    /// The time after which is given up.
    Within,
    /// The time by which clocks may differ.
    Leeway,
    /// What grows.
    Grow,
    /// What is forged.
    Forge,
    /// The origin that is allowed.
    Origin,
    /// An origin that is not.
    ForeignOrigin,
    /// The method that a browser asks for.
    Method,
    /// The request headers that a browser asks for.
    Headers,
    /// Requests that pass in a window.
    Limit,
    /// The length of a window.
    Per,
    /// Whether a refresh token is used twice at once.
    Parallel,
    /// Another client of the side.
    Client,
}

impl Setting {
    /// The key, as it is written.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Within => "within",
            Self::Leeway => "leeway",
            Self::Grow => "grow",
            Self::Forge => "forge",
            Self::Origin => "origin",
            Self::ForeignOrigin => "foreign_origin",
            Self::Method => "method",
            Self::Headers => "headers",
            Self::Limit => "limit",
            Self::Per => "per",
            Self::Parallel => "parallel",
            Self::Client => "client",
        }
    }
}

word! {
    /// What grows in a request until a side refuses it.
    pub enum Grow is "thing to grow" {
        /// The token: its own header grows, and no request reaches the API.
        Token = "token",
        /// A header beside a good token: requests reach the API.
        Header = "header",
    }
}

word! {
    /// What of a token is forged.
    pub enum Forge is "thing to forge" {
        /// The token: its text, its claims, its signature, and its place in a request.
        Token = "token",
        /// The key that signs it, in every way in which gateways were talked into a wrong one.
        Key = "key",
    }
}

/// What a browser is taken to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsAsk {
    /// The page's origin, which should be allowed.
    pub origin: String,
    /// An origin that should not be.
    pub foreign: String,
    /// The method of the request behind the preflight.
    pub method: String,
    /// Its headers that need leave, in lower case.
    pub headers: Vec<String>,
}

/// How a refresh token is used that one client was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshUse {
    /// Twice, one after the other.
    Twice,
    /// Twice at once.
    AtOnce,
    /// By the client of another credential.
    By(String),
}

/// A probe with its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// Asks for two tokens.
    TokenReuse,
    /// Revokes a token and asks with it each second, so long.
    Revocation(Duration),
    /// Uses a refresh token as it should not be used.
    RefreshRotation(RefreshUse),
    /// Waits for the end of a token.
    Expiry {
        /// The longest wait.
        within: Duration,
        /// The time by which clocks may differ.
        leeway: Duration,
    },
    /// Sends changed tokens.
    TamperedToken(Forge),
    /// Sends each side's tokens to both.
    CrossAcceptance {
        /// The longest wait for the end of a token; none does not wait.
        within: Option<Duration>,
        /// The time by which clocks may differ.
        leeway: Duration,
    },
    /// Sends ever longer tokens or headers.
    HeaderLimit(Grow),
    /// Asks as a browser does.
    Cors(CorsAsk),
    /// Shakes hands.
    Tls,
    /// Sends more requests than a limit.
    Throttle {
        /// Requests that pass in a window.
        limit: u32,
        /// The length of a window.
        per: Duration,
    },
}

/// Requests that a probe may send to one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowance {
    /// To the token endpoint.
    pub token: u32,
    /// To the revocation endpoint.
    pub revoke: u32,
    /// To the API.
    pub api: u32,
    /// TLS handshakes of its own.
    pub handshakes: u32,
}

/// The largest limit of a quota that `throttle` goes beyond: above it, it would be a load test.
pub const LARGEST_LIMIT: u32 = 200;
/// The pause between two looks at a revoked token.
pub(super) const LOOK: Duration = Duration::from_secs(1);

impl ProbeName {
    /// The settings that it has.
    pub const fn settings(self) -> &'static [Setting] {
        use Setting::{
            Client, ForeignOrigin, Forge, Grow, Headers, Leeway, Limit, Method, Origin, Parallel,
            Per, Request, Within,
        };
        match self {
            Self::TokenReuse => &[Request],
            Self::TamperedToken => &[Request, Forge],
            Self::Revocation => &[Request, Within],
            Self::RefreshRotation => &[Parallel, Client],
            Self::Tls => &[],
            Self::Expiry | Self::CrossAcceptance => &[Request, Within, Leeway],
            Self::HeaderLimit => &[Request, Grow],
            Self::Cors => &[Request, Origin, ForeignOrigin, Method, Headers],
            Self::Throttle => &[Request, Limit, Per],
        }
    }

    /// Whether it changes something: whatever revokes, rotates or re-issues a token does.
    pub const fn is_write(self) -> bool {
        matches!(
            self,
            Self::TokenReuse | Self::Revocation | Self::RefreshRotation | Self::CrossAcceptance
        )
    }

    /// Whether it is about tokens, so that it needs a credential that has one.
    pub const fn needs_token(self) -> bool {
        !matches!(
            self,
            Self::HeaderLimit | Self::Cors | Self::Tls | Self::Throttle
        )
    }

    /// Whether it asks the token endpoint for tokens of its own.
    pub const fn needs_grant(self) -> bool {
        self.is_write() || matches!(self, Self::Expiry)
    }
}

impl Probe {
    /// Its name.
    pub const fn name(&self) -> ProbeName {
        match self {
            Self::TokenReuse => ProbeName::TokenReuse,
            Self::Revocation(_) => ProbeName::Revocation,
            Self::RefreshRotation(_) => ProbeName::RefreshRotation,
            Self::Expiry { .. } => ProbeName::Expiry,
            Self::TamperedToken(_) => ProbeName::TamperedToken,
            Self::CrossAcceptance { .. } => ProbeName::CrossAcceptance,
            Self::HeaderLimit(_) => ProbeName::HeaderLimit,
            Self::Cors(_) => ProbeName::Cors,
            Self::Tls => ProbeName::Tls,
            Self::Throttle { .. } => ProbeName::Throttle,
        }
    }

    /// What it may send to one side, at most.
    pub fn allowance(&self) -> Allowance {
        let of = |token, revoke, api, handshakes| Allowance {
            token,
            revoke,
            api,
            handshakes,
        };
        match self {
            Self::TokenReuse => of(2, 0, 2, 0),
            Self::Revocation(within) => {
                let looks = within.as_secs() / LOOK.as_secs();
                of(1, 1, u32::try_from(looks).unwrap_or(u32::MAX), 0)
            }
            Self::RefreshRotation(_) => of(3, 0, 0, 0),
            Self::Expiry { .. } => of(1, 0, 4, 0),
            Self::TamperedToken(_) => of(1, 0, 12, 0),
            Self::CrossAcceptance { .. } => of(2, 1, 16, 0),
            Self::HeaderLimit(_) => of(1, 0, 16, 0),
            Self::Cors(_) => of(1, 0, 6, 0),
            Self::Tls => of(0, 0, 0, 3),
            Self::Throttle { limit, .. } => of(1, 0, limit.saturating_mul(6) / 5, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_gone_beyond_by_a_fifth_at_most() {
        let api = |limit| {
            let per = Duration::from_secs(60);
            Probe::Throttle { limit, per }.allowance().api
        };
        assert_eq!(api(200), 240);
        assert_eq!(api(10), 12);
        assert_eq!(api(5), 6);
    }

    #[test]
    fn a_revoked_token_is_looked_at_once_a_second() {
        let probe = Probe::Revocation(Duration::from_secs(60));
        assert_eq!(probe.allowance().api, 60);
    }
}
