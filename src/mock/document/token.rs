//! The token server of a double.

use super::{Situation, WrongMethod};
use crate::mock::words::{Hidden, Span, words};
use crate::source::{Entries, Node, Spanned, document};
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
        /// The authorization codes that are out, as if people had signed in and got them; each serves once.
        optional codes: Vec<CodeDoc>,
        /// The form of access tokens; default uuid.
        optional format: Option<TokenFormat>,
        /// The forms of the first, second, .. access token, over and over; goes before `format`.
        optional formats: Vec<TokenFormat>,
        /// The signature of JWTs; default RS256.
        optional alg: Option<JwtAlgorithm>,
        /// The length of JWTs, hexadecimal tokens and those of `vschar`, in characters; JWTs are filled up.
        optional length: Option<Spanned<u64>>,
        /// Characters with which all JWTs of that length begin alike, from 48 on: the filling stands in
        /// front, and where there is no room most claims are left out.
        optional alike: Option<Spanned<u64>>,
        /// The RSA key of JWTs: a PEM file beside this one, or `builtin` (default).
        optional key: Option<Spanned<String>>,
        /// Claims of JWTs that are added or replaced; null takes one away.
        optional claims: Entries<Node>,
        /// Members of the header of JWTs that are added or replaced (`typ: at+jwt`); null takes one away.
        optional header: Entries<Node>,
        /// What becomes of a request for scopes that the client does not have; default left-out.
        optional unknown_scopes: Option<UnknownScopes>,
        /// Seconds that a refresh token lives; default as long as it is not used.
        optional refresh_life: Option<u64>,
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
        /// The form of refresh tokens; default uuid.
        optional refresh_format: Option<TokenFormat>,
        /// The length of refresh tokens, as `length` is that of access tokens.
        optional refresh_length: Option<Spanned<u64>>,
        /// The ways in which a client may send its secret; default both.
        optional client_auth: Vec<ClientAuth>,
        /// What an id and a secret of HTTP Basic are taken for; default either.
        optional basic_encoding: Option<BasicEncoding>,
        /// The `Content-Type` of token answers; default application/json.
        optional content_type: Option<Spanned<String>>,
        /// Members of the token answer that are added, replaced or removed.
        optional answer: TokenAnswer,
        /// What stands behind the paths of token and revocation endpoint to give those that answer
        /// browsers of other origins, e.g. `-cors`; empty: the endpoints themselves do.
        optional cors_suffix: Option<String>,
        /// Whether a request may ask for the life of its token in `validity_period`, in seconds.
        optional validity_period: bool,
        /// Whether the key manager behind the gateway is down.
        optional down: bool,
        /// The status of its endpoints for another method than POST; default 405.
        optional wrong_method: Option<WrongMethod>,
        /// What fails inside of the token server: every request for a token is answered so.
        optional fails: Option<Failing>,
        /// Whether it revokes no access tokens, and says so (RFC 7009 section 2.2.1).
        optional unrevocable: bool,
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
        /// Seconds that its access tokens live; default as everybody's.
        optional life: Option<u64>,
        /// The grants that it may use, as `grant_type` writes them; none listed: all.
        optional grants: Vec<String>,
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

document! {
    /// An authorization code (RFC 6749 section 4.1.2).
    pub struct CodeDoc is "an authorization code" {
        /// The code.
        required code: Hidden,
        /// The user who signed in.
        required user: String,
        /// Where it was sent: a request must say the same. Default: not looked at.
        optional redirect_uri: Option<String>,
        /// The challenge of RFC 7636 (S256) that a request must prove. Default: none.
        optional challenge: Option<String>,
        /// Whether it can be used; default live.
        optional standing: Option<CodeStanding>,
    }
}

words! {
    /// Whether an authorization code can be used.
    pub enum CodeStanding is "standing of a code" {
        /// It can, once.
        Live = "live",
        /// It was used before.
        Inactive = "inactive",
        /// Its life is over, or it was revoked.
        Expired = "expired",
    }
}

words! {
    /// What fails inside of a token server.
    pub enum Failing is "failing part" {
        /// Something that nobody foresaw: 500.
        Internal = "internal",
        /// The database cannot be reached: 502.
        Database = "database",
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
        /// 64 characters of those that a token may have (RFC 6749 appendix A.12), opaque; `|`, `~`, `+`, `/`, `=`,
        /// `&` and `%` are among them.
        Vschar = "vschar",
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
    /// What becomes of a request for scopes that the client does not have.
    pub enum UnknownScopes is "answer to unknown scopes" {
        /// They are left out of what is granted.
        LeftOut = "left-out",
        /// The request is refused (`invalid_scope`).
        Refused = "refused",
    }
}

words! {
    /// What happens with refresh tokens.
    pub enum Refresh is "way to refresh" {
        /// None are issued.
        None = "none",
        /// The same refresh token serves again.
        Keep = "keep",
        /// The same refresh token serves again, and the answer does not repeat it (RFC 6749 section 6).
        Omit = "omit",
        /// Each use gives a new one and ends the old one.
        Rotate = "rotate",
        /// Each use gives a new one; the old one serves on.
        Overlap = "overlap",
    }
}

words! {
    /// A way in which a client sends its secret (RFC 6749 section 2.3.1).
    pub enum ClientAuth is "way to send a secret" {
        /// HTTP Basic.
        Basic = "client_secret_basic",
        /// The form of the request.
        Post = "client_secret_post",
    }
}

words! {
    /// What the id and the secret of HTTP Basic are.
    pub enum BasicEncoding is "encoding of HTTP Basic" {
        /// Form-encoded, as RFC 6749 section 2.3.1 has it.
        Form = "form",
        /// As they are.
        Raw = "raw",
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
