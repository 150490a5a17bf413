//! The gateway of a double.

use crate::mock::habits::{Certificates, CountedBy, Level, LimitsDoc, PlainHttp, TrailingSlash};
use crate::mock::pattern::Pattern;
use crate::mock::words::{Span, words};
use crate::source::{Entries, OneOrMany, Spanned, document};
document! {
    /// A gateway.
    pub struct GatewayDoc is "a gateway" {
        /// The base path of its API; default none.
        optional base: Option<Spanned<String>>,
        /// Other base paths of the same API: without a version, or with its major number only.
        optional also_at: Vec<Spanned<String>>,
        /// The syntax of its faults; default plain.
        optional faults: Option<FaultStyle>,
        /// What its faults say, by situation.
        optional texts: Entries<FaultDoc>,
        /// The `WWW-Authenticate` value of refused requests.
        optional challenge: Option<String>,
        /// The status where the path is known and the method is not; default 405.
        optional wrong_method: Option<WrongMethod>,
        /// Headers of every answer; `{uuid}` becomes a new UUID.
        optional headers: Entries<String>,
        /// Headers of refused credentials only; `{uuid}` becomes a new UUID.
        optional refusal_headers: Entries<String>,
        /// Headers that the backend sees in addition; `{uuid}` becomes a new UUID.
        optional backend_headers: Entries<String>,
        /// Headers that the backend never sees; `*` at the end of a name stands for the rest of it.
        optional backend_drops: Vec<String>,
        /// The media type that a request with a body and without a media type has for the backend.
        optional untyped_as: Option<String>,
        /// How header names are written on HTTP/1.1; default as-written.
        optional header_names: Option<HeaderNames>,
        /// How bodies are framed on HTTP/1.1; default length.
        optional framing: Option<Framing>,
        /// Answers to browsers of other origins.
        optional cors: Option<CorsDoc>,
        /// A limit on requests, or a list of limits on different ones.
        optional throttle: Option<OneOrMany<ThrottleDoc>>,
        /// Sizes above which a request is refused.
        optional limits: Option<LimitsDoc>,
        /// How long the backend may take; no limit if not given.
        optional backend_timeout: Option<Span>,
        /// How long the backend is left alone once it could not be reached; default not at all.
        optional suspend: Option<Span>,
        /// How often a request is sent again to a backend that closed the connection; default never.
        optional retries: u64,
        /// Whether slashes that follow each other in a path are one; default each counts.
        optional merge_slashes: bool,
        /// What a slash at the end of a path means; default ignored.
        optional trailing_slash: Option<TrailingSlash>,
        /// The media type of refused credentials, where the platform's own is not certain.
        optional refusal_type: Option<String>,
        /// Situations that something in front of it answers, with a page.
        optional pages: Vec<Situation>,
        /// Whether its own faults carry headers of the request back.
        optional echo_headers: bool,
        /// What becomes of requests to the API without TLS; default: they are served.
        optional plain_http: Option<PlainHttp>,
        /// What a client certificate is worth; default ignored.
        optional certificates: Option<Certificates>,
        /// The environment that it serves: a JWT whose audience names environments
        /// (`choreo:environment:NAME`) must name this one. Default: none is asked for.
        optional environment: Option<String>,
        /// The issuers that are set up: a JWT of any other is refused as `unclassified`. None listed: all are.
        optional issuers: Vec<String>,
    }
}

words! {
    /// The syntax of a gateway's faults.
    pub enum FaultStyle is "fault style" {
        /// WSO2 API Manager 3.x: XML, or JSON where `Accept` is exactly a JSON type.
        Wso2Xml = "wso2-xml",
        /// WSO2 API Manager 4.x: JSON without a wrapper and with codes as texts, or XML where `Accept` is
        /// exactly an XML type.
        Wso2Apim4 = "wso2-apim-4",
        /// Choreo: two shapes of JSON, one of the enforcer and one of the router.
        ChoreoJson = "choreo-json",
        /// A line of text.
        Plain = "plain",
        /// A page, as of a web server in front of the gateway.
        Page = "page",
    }
}

words! {
    /// The status for a known path with another method.
    pub enum WrongMethod is "status for wrong methods" {
        /// 405 Method Not Allowed.
        NotAllowed = "405",
        /// 404 Not Found.
        NotFound = "404",
    }
}

words! {
    /// How header names are written on HTTP/1.1.
    pub enum HeaderNames is "way to write header names" {
        /// As backend and file write them.
        AsWritten = "as-written",
        /// In lower case.
        Lower = "lower",
    }
}

words! {
    /// How bodies are framed on HTTP/1.1.
    pub enum Framing is "framing" {
        /// With Content-Length.
        Length = "length",
        /// With Transfer-Encoding: chunked.
        Chunked = "chunked",
    }
}

words! {
    /// A situation in which a gateway answers by itself.
    pub enum Situation is "situation" {
        /// No credential.
        MissingCredentials = "missing-credentials",
        /// A token under another scheme than Bearer.
        WrongScheme = "wrong-scheme",
        /// A token that is no JWT, where JWTs are wanted.
        OpaqueToken = "opaque-token",
        /// Three parts that do not decode.
        UndecodableToken = "undecodable-token",
        /// A token that was never issued, was changed, or is past its life.
        InvalidToken = "invalid-token",
        /// A token that was revoked.
        RevokedToken = "revoked-token",
        /// A token without the scope that the route needs.
        Scope = "scope",
        /// A token of an application that is not subscribed to the API.
        NotSubscribed = "not-subscribed",
        /// A token of an application whose subscription is blocked.
        SubscriptionBlocked = "subscription-blocked",
        /// A token of an application whose subscription is inactive.
        SubscriptionInactive = "subscription-inactive",
        /// A token of another environment.
        WrongEnvironment = "wrong-environment",
        /// A token of another type than the API wants.
        WrongTokenType = "wrong-token-type",
        /// The check knows no resource for the request.
        NoMatchingResource = "no-matching-resource",
        /// A body that looks like an attack (JSON or XML of too great a depth or length).
        Threat = "threat",
        /// A failure of the check itself, or an issuer that nobody set up.
        Unclassified = "unclassified",
        /// The part that checks credentials cannot be reached.
        ValidationUnavailable = "validation-unavailable",
        /// An interceptor, a policy of the API's own, failed.
        InterceptorFailed = "interceptor-failed",
        /// The API itself is blocked.
        ApiBlocked = "api-blocked",
        /// More requests than the limit.
        Throttled = "throttled",
        /// More requests than the limit of the part that checks credentials, not of the router.
        QuotaExceeded = "quota-exceeded",
        /// A path outside the base path.
        NoApi = "no-api",
        /// A path that the API does not have.
        NoResource = "no-resource",
        /// A path that the API has under another method.
        WrongMethod = "wrong-method",
        /// The backend cannot be reached.
        BackendDown = "backend-down",
        /// The backend is too slow.
        BackendSlow = "backend-slow",
        /// The backend ends the connection.
        BackendReset = "backend-reset",
        /// Backends are known, and none is taken for healthy: it failed before and is left alone for a while.
        BackendSuspended = "backend-suspended",
        /// Every backend of a group failed, one after the other.
        BackendsDown = "backends-down",
        /// The backend has more requests at work than it may.
        BackendOverloaded = "backend-overloaded",
        /// The backend was asked as often as it may be.
        BackendAttempts = "backend-attempts",
        /// There is no backend for the resource.
        BackendNotConfigured = "backend-not-configured",
        /// The connection to the backend was ended.
        BackendTerminated = "backend-terminated",
        /// The backend does not speak HTTP as it should.
        BackendProtocol = "backend-protocol",
        /// The gateway itself reset the connection to the backend.
        GatewayReset = "gateway-reset",
        /// A header that is checked strictly is not right.
        BadHeader = "bad-header",
        /// The request ended before its body did.
        IncompletePayload = "incomplete-payload",
        /// Nothing was sent for too long.
        StreamIdle = "stream-idle",
        /// The consumer does not speak HTTP as it should.
        ConsumerProtocol = "consumer-protocol",
        /// The exchange took longer than any may.
        StreamTooLong = "stream-too-long",
        /// A body above the limit.
        BodyTooLarge = "body-too-large",
        /// A target above the limit.
        UrlTooLong = "url-too-long",
        /// A header field, or all of them, above the limit.
        HeadersTooLarge = "headers-too-large",
    }
}

document! {
    /// What a fault says. `{base}`, `{version}`, `{path}` and `{token}` are filled in.
    pub struct FaultDoc is "a fault" {
        /// The HTTP status.
        required status: u16,
        /// The code in the body.
        required code: String,
        /// The short text.
        required message: String,
        /// The long text.
        optional description: String,
        /// Further headers.
        optional headers: Entries<String>,
    }
}

document! {
    /// Answers to browsers of other origins.
    pub struct CorsDoc is "CORS rules" {
        /// What Access-Control-Allow-Origin says.
        required allow_origin: AllowOrigin,
        /// The origins that are allowed; none listed: all.
        optional origins: Vec<String>,
        /// The methods that are allowed.
        required methods: Vec<String>,
        /// The request headers that are allowed.
        required headers: Vec<String>,
        /// Whether answers to ordinary requests carry the headers even without an Origin.
        optional always: bool,
        /// The status of a preflight from an origin that is not allowed; default: it is treated as any
        /// other OPTIONS.
        optional refused: Option<u16>,
    }
}

words! {
    /// What Access-Control-Allow-Origin says.
    pub enum AllowOrigin is "way to allow origins" {
        /// The literal `*`.
        Star = "star",
        /// The request's own origin.
        Echo = "echo",
    }
}

document! {
    /// A limit on requests, counted in fixed windows.
    pub struct ThrottleDoc is "a limit" {
        /// Requests that pass in a window.
        required limit: u64,
        /// The length of a window.
        required per: Span,
        /// The requests that count; none listed: all.
        optional only: Vec<Pattern>,
        /// What is limited; default api.
        optional level: Option<Level>,
        /// What the limit is called in the headers that tell of it.
        optional name: Option<String>,
        /// Whether requests above it are counted only, never refused.
        optional shadow: bool,
        /// Whether the body of a refusal says when to come back (`nextAccessTime`), with `wso2-xml` and
        /// `wso2-apim-4`.
        optional next_access: bool,
        /// With `choreo-json`: the part of the gateway that counts; default router.
        optional by: Option<CountedBy>,
    }
}
