//! The file format of a double.

use crate::mock::habits::{Certificates, FurtherListenDoc, Level, LimitsDoc, TrailingSlash};
use crate::mock::pattern::Pattern;
use crate::mock::place::Place;
use crate::mock::words::{Hidden, ResultWord, Span, words};
use crate::results::{Kind, Where};
use crate::source::{Entries, Node, OneOrMany, Spanned, document};

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
    /// A token server.
    pub struct TokenDoc is "a token server" {
        /// The path of the token endpoint, from the root of the double.
        required path: Spanned<String>,
        /// The path of the revocation endpoint (RFC 7009).
        optional revoke: Option<Spanned<String>>,
        /// The path of the introspection endpoint (RFC 7662).
        optional introspect: Option<Spanned<String>>,
        /// The path of the key set (RFC 7517); JWT only.
        optional jwks: Option<Spanned<String>>,
        /// The clients it knows.
        required clients: Vec<ClientDoc>,
        /// The users it knows, for the password grant.
        optional users: Vec<UserDoc>,
        /// The form of access tokens; default uuid.
        optional format: Option<TokenFormat>,
        /// The forms of the first, second, .. access token, over and over; goes before `format`.
        optional formats: Vec<TokenFormat>,
        /// The signature of JWTs; default RS256.
        optional alg: Option<JwtAlgorithm>,
        /// The length of JWTs, in characters; what is missing is filled up.
        optional length: Option<Spanned<u64>>,
        /// The RSA key of JWTs: a PEM file beside this one, or `builtin` (default).
        optional key: Option<Spanned<String>>,
        /// Claims of JWTs that are added or replaced; null takes one away.
        optional claims: Entries<Node>,
        /// Seconds that an access token lives; default 3600.
        optional life: Option<Spanned<u64>>,
        /// Seconds for which an access token is taken beyond its life; default 0.
        optional leeway: u64,
        /// Requests to the API after which the first access token is revoked; none: it is not.
        optional revoked_after: Option<Spanned<u64>>,
        /// What a second request for a live token gives; default fresh.
        optional reissue: Option<Reissue>,
        /// What the refresh grant gives; default rotate.
        optional refresh: Option<Refresh>,
        /// Members of the token answer that are added, replaced or removed.
        optional answer: TokenAnswer,
        /// What stands behind the paths of token and revocation endpoint to give those that answer
        /// browsers of other origins, e.g. `-cors`.
        optional cors_suffix: Option<String>,
        /// Whether a request may ask for the life of its token in `validity_period`, in seconds.
        optional validity_period: bool,
        /// Whether the key manager behind the gateway is down.
        optional down: bool,
        /// How long a token that was revoked is still taken; default not at all.
        optional revocation_lag: Option<Span>,
        /// How long an answer of the token endpoint waits.
        optional delay: Option<Span>,
        /// The first requests for a token are refused.
        optional refuse: Option<RefuseDoc>,
    }
}

document! {
    /// A token endpoint that is out of order at first.
    pub struct RefuseDoc is "a refusal" {
        /// Requests that are refused.
        required times: u64,
        /// The status of the refusals.
        required status: Spanned<u16>,
        /// Headers of the refusals.
        optional headers: Entries<String>,
    }
}

words! {
    /// The signature of a JWT (RFC 7518 section 3.1).
    pub enum JwtAlgorithm is "signature algorithm" {
        /// RSA, with the key of the file or a built-in one of 4096 bits.
        Rs256 = "RS256",
        /// An elliptic curve, with a built-in key.
        Es256 = "ES256",
    }
}

document! {
    /// A client of the token server.
    pub struct ClientDoc is "a client" {
        /// Its client id (consumer key).
        required id: String,
        /// Its client secret.
        required secret: Hidden,
        /// The scopes it may ask for.
        optional scopes: Vec<String>,
        /// The name of its credential in the pair file; the first client's is `app`.
        optional name: Option<String>,
        /// How the gateway refuses its tokens, e.g. `subscription-blocked`.
        optional refused: Option<Situation>,
    }
}

document! {
    /// A user of the password grant.
    pub struct UserDoc is "a user" {
        /// The user name.
        required name: String,
        /// The password.
        required password: Hidden,
        /// The name of the credential in the pair file; the first user's is `user`.
        optional credential: Option<String>,
    }
}

words! {
    /// The form of an access token.
    pub enum TokenFormat is "token format" {
        /// 36 characters, opaque.
        Uuid = "uuid",
        /// 32 hexadecimal digits, opaque.
        Hex = "hex",
        /// 64 characters of base64, opaque; `+`, `/` and `=` are among them.
        Base64 = "base64",
        /// A signed JWT (RS256).
        Jwt = "jwt",
    }
}

words! {
    /// What a second request for a live token of the same client, user and scope gives.
    pub enum Reissue is "way to re-issue" {
        /// The same token again, with the life that is left.
        Same = "same",
        /// A new token; the first lives on.
        Fresh = "fresh",
        /// A new token; the first is revoked.
        Revokes = "revokes",
    }
}

words! {
    /// What happens with refresh tokens.
    pub enum Refresh is "way to refresh" {
        /// None are issued.
        None = "none",
        /// The same refresh token serves again.
        Keep = "keep",
        /// Each use gives a new one and ends the old one.
        Rotate = "rotate",
    }
}

/// Members of the token answer: added or replaced by name; the list `remove` takes away.
#[derive(Debug, Clone, Default)]
pub struct TokenAnswer {
    /// Members that are added or replaced, in file order.
    pub set: Vec<(String, Node)>,
    /// Members that are taken away.
    pub remove: Vec<String>,
}

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
        /// What a slash at the end of a path means; default ignored.
        optional trailing_slash: Option<TrailingSlash>,
        /// The media type of refused credentials, where the platform's own is not certain.
        optional refusal_type: Option<String>,
        /// Situations that something in front of it answers, with a page.
        optional pages: Vec<Situation>,
        /// Whether its own faults carry headers of the request back.
        optional echo_headers: bool,
        /// What a client certificate is worth; default ignored.
        optional certificates: Option<Certificates>,
    }
}

words! {
    /// The syntax of a gateway's faults.
    pub enum FaultStyle is "fault style" {
        /// WSO2 API Manager 3.x: XML, or JSON where `Accept` is exactly a JSON type.
        Wso2Xml = "wso2-xml",
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
        /// The API itself is blocked.
        ApiBlocked = "api-blocked",
        /// More requests than the limit.
        Throttled = "throttled",
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

document! {
    /// A way to break a double, with the findings it must lead to.
    pub struct DefectDoc is "a defect" {
        /// What is broken, in a line.
        optional about: String,
        /// The feature that it breaks.
        required feature: String,
        /// Where the finding stands.
        required r#where: ResultWord<Where>,
        /// The path of the finding; empty for a status.
        optional path: String,
        /// The kind of the finding.
        required kind: ResultWord<Kind>,
        /// The cases of the shipped pack in which it is found.
        optional cases: Vec<String>,
        /// Further findings of the same change.
        optional also: Vec<FindingDoc>,
        /// What is changed.
        required change: ChangeDoc,
    }
}

document! {
    /// A finding that a defect must lead to.
    pub struct FindingDoc is "a finding" {
        /// The case in which it is found.
        required case: String,
        /// Where it stands.
        required r#where: ResultWord<Where>,
        /// Its path; empty for a status.
        optional path: String,
        /// Its kind.
        required kind: ResultWord<Kind>,
    }
}

document! {
    /// A change of a double's answers.
    pub struct ChangeDoc is "a change" {
        /// The requests whose answers change; none: all of the API.
        optional on: Option<Spanned<Pattern>>,
        /// Another status.
        optional status: Option<u16>,
        /// Headers that are set; null takes one away.
        optional headers: Entries<Option<String>>,
        /// Values that are set in the JSON body.
        optional set: Vec<SettingDoc>,
        /// Places in the JSON body that are taken away.
        optional remove: Vec<Place>,
        /// Numbers that become strings.
        optional stringify: Vec<Place>,
        /// Arrays whose order is turned round.
        optional reverse: Vec<Place>,
        /// Numbers whose last digit changes.
        optional bump: Vec<Place>,
        /// Texts of the body that are replaced.
        optional replace: Entries<String>,
        /// Whether the double's own address becomes the other double's.
        optional host_leak: bool,
        /// A way to break the answer on the wire.
        optional raw: Option<Raw>,
        /// How long the answer waits.
        optional delay: Option<Span>,
        /// Seconds that an access token lives.
        optional life: Option<Spanned<u64>>,
        /// Only requests to this name.
        optional host: Option<String>,
        /// Only requests whose path begins so, from the root.
        optional below: Option<String>,
        /// A fault of the gateway instead of the answer.
        optional fault: Option<Situation>,
        /// Refusals that no longer happen: what is refused so is let through.
        optional admit: Vec<Situation>,
        /// Members of the token answer that are added, replaced or removed.
        optional answer: TokenAnswer,
        /// Claims of JWTs that are added or replaced; null takes one away.
        optional claims: Entries<Node>,
    }
}

document! {
    /// A value that is set in a JSON body; a member that is not there is added.
    pub struct SettingDoc is "a setting" {
        /// Its place.
        required path: Place,
        /// The value.
        required value: Node,
    }
}
