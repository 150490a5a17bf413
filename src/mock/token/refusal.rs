//! What a token server answers when it refuses, in the words of the two WSO2 families.
//!
//! The texts are those of `identity-inbound-auth-oauth` 6.4 (API Manager 3.2) and 7.5 (Asgardeo,
//! Choreo); statuses and error codes are RFC 6749 section 5.2.

use crate::mock::answer::Answer;
use crate::mock::json::object;

/// The family of a token server: its texts, and the order of members in its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// API Manager 3.2, as on API Cloud.
    Wso2,
    /// Asgardeo, as on Choreo.
    Asgardeo,
}

impl Family {
    /// The family of a platform; any other than API Cloud speaks the newer one.
    pub(crate) fn of(platform: &str) -> Self {
        match platform {
            "wso2-api-cloud" => Self::Wso2,
            _ => Self::Asgardeo,
        }
    }
}

/// A refusal of the token endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No client id at all.
    NoClient,
    /// A client id that is not known.
    UnknownClient(String),
    /// The wrong secret.
    WrongSecret,
    /// Two ways of client authentication at once.
    TwoMethods,
    /// A parameter stands twice.
    Repeated,
    /// No grant type.
    NoGrantType,
    /// A grant type that is not offered.
    UnsupportedGrant(String),
    /// The client may not use this grant.
    UnauthorizedClient,
    /// A parameter is missing.
    Missing(&'static str),
    /// The user's password is wrong.
    WrongPassword(String),
    /// The token that is to be exchanged, or the assertion, is not trusted, or past its life.
    NotTrusted(&'static str),
    /// The authorization code is not good.
    Code(OfCode),
    /// The refresh token is not known, or no longer.
    NoSuchRefresh,
    /// The life of the refresh token is over.
    RefreshExpired,
    /// A scope that the client does not have.
    UnknownScope,
    /// Something inside of the server failed.
    ServerError,
    /// The server cannot reach its database.
    NoDatabase,
}

/// What is wrong with an authorization code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfCode {
    /// It was never issued.
    Unknown,
    /// It was used before.
    Inactive,
    /// Its life is over, or it was revoked.
    Expired,
    /// It was sent to another place than the request says.
    OtherCallback,
    /// The verifier of RFC 7636 is missing, or does not fit.
    NotProven,
}

impl OfCode {
    /// `AuthorizationCodeGrantHandler` of identity-inbound-auth-oauth.
    const fn words(self) -> &'static str {
        match self {
            Self::Unknown => "Invalid authorization code received from token request",
            Self::Inactive => "Inactive authorization code received from token request",
            Self::Expired => "Expired or Revoked authorization code received from token request",
            Self::OtherCallback => "Callback url mismatch",
            Self::NotProven => "PKCE validation failed",
        }
    }
}

const TWO_METHODS: &str = "The client MUST NOT use more than one authentication method in each";
const UNAUTHORIZED: &str =
    "The authenticated client is not authorized to use this authorization grant type";

impl Refusal {
    /// Status, `error` and `error_description`.
    fn say(&self, family: Family) -> (u16, &'static str, String) {
        let old = family == Family::Wso2;
        match self {
            Self::NoClient | Self::WrongSecret if old => (
                401,
                "invalid_client",
                "Client Authentication failed.".into(),
            ),
            Self::NoClient => {
                let text = "Client ID not found in the request.";
                (401, "invalid_client", text.into())
            }
            Self::UnknownClient(id) if old => {
                let text = format!("A valid OAuth client could not be found for client_id: {id}");
                (401, "invalid_client", text)
            }
            Self::UnknownClient(_) | Self::WrongSecret => (
                401,
                "invalid_client",
                "Client credentials are invalid.".into(),
            ),
            Self::TwoMethods => (400, "invalid_request", TWO_METHODS.into()),
            Self::Repeated => {
                let text = "Invalid request with repeated parameters.";
                (400, "invalid_request", text.into())
            }
            Self::NoGrantType => {
                let text = "Missing grant_type parameter value";
                (400, "invalid_request", text.into())
            }
            Self::UnsupportedGrant(grant) if old => {
                let text = format!("Unsupported grant type : {grant}, is used.");
                (400, "unsupported_grant_type", text)
            }
            Self::UnsupportedGrant(_) => {
                let text = "Unsupported grant_type value";
                (400, "unsupported_grant_type", text.into())
            }
            of_grant => of_grant.say_of_grant(),
        }
    }

    /// The same, where the client is who it says: both families use the same words.
    fn say_of_grant(&self) -> (u16, &'static str, String) {
        match self {
            Self::UnauthorizedClient => (400, "unauthorized_client", UNAUTHORIZED.into()),
            Self::Missing(name) => (
                400,
                "invalid_request",
                format!("Missing parameters: {name}"),
            ),
            Self::WrongPassword(user) => (
                400,
                "invalid_grant",
                format!("Authentication failed for {user}"),
            ),
            Self::NotTrusted("assertion") => {
                let text = "Provided Authorization Grant is invalid";
                (400, "invalid_grant", text.into())
            }
            Self::NotTrusted(what) => (400, untrusted(what), format!("The {what} is not valid")),
            Self::Code(why) => (400, "invalid_grant", why.words().into()),
            Self::NoSuchRefresh => {
                let text = "Persisted access token data not found";
                (400, "invalid_grant", text.into())
            }
            Self::RefreshExpired => (400, "invalid_grant", "Refresh token is expired.".into()),
            Self::UnknownScope => (400, "invalid_scope", "Invalid Scope!".into()),
            Self::NoDatabase => (502, "server_error", "Service Unavailable Error.".into()),
            // `ServerError`, which every other has been told before.
            _ => (500, "server_error", "Internal Server Error.".into()),
        }
    }

    /// The answer. `host` is the realm of the challenge, without its port.
    pub(crate) fn answer(&self, family: Family, host: &str) -> Answer {
        let (status, error, description) = self.say(family);
        let answer = error_answer(status, error, &description);
        if *self == Self::WrongSecret && family == Family::Wso2 {
            let realm = host.split(':').next().unwrap_or_default();
            return answer.with("WWW-Authenticate", format!("Basic realm={realm}"));
        }
        answer
    }
}

/// The error code of RFC 8693 section 2.2.2, or that of RFC 7523 section 3.1.
const fn untrusted(what: &str) -> &'static str {
    match what.as_bytes() {
        b"subject_token" => "invalid_request",
        _ => "invalid_grant",
    }
}

/// An error of RFC 6749 section 5.2, members in the order of the WSO2 servers.
pub(crate) fn error_answer(status: u16, error: &str, description: &str) -> Answer {
    let body = object! { "error_description" => description, "error" => error };
    uncached(Answer::json(status, &body))
}

/// Adds the headers that keep an answer out of caches (RFC 6749 section 5.1).
pub(crate) fn uncached(answer: Answer) -> Answer {
    answer
        .with("Cache-Control", "no-store")
        .with("Pragma", "no-cache")
}
