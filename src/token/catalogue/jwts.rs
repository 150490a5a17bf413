//! F: what a JWT access token is. T: what time it is.

use super::By::{Case, Jwt, JwtOrProbe};
use super::checks;

checks! {
    /// Checks of JWTs.
    JWTS;
    F01 Breaking, Jwt, "RFC 7515 sections 2 and 7.1":
        "header, payload and signature are base64url without padding, the first two JSON objects" => "resource servers cannot read the token at all";
    F02 Risky or Breaking "where it names another kind of JWT, such as `logout+jwt`", Jwt, "RFC 9068 section 2.1, RFC 8725 section 3.11":
        "`typ` is `at+jwt`" => "resource servers that insist on `at+jwt` refuse this token; few do";
    F03 Breaking, Jwt, "RFC 8725 sections 3.1 and 3.2":
        "`alg` is a signature with a public key: `RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512`, `ES256`, `ES384`, `ES512`, `ES256K`, `EdDSA` or `Ed25519`" => "let the issuer sign with RS256 or ES256";
    F04 Breaking, Jwt, "RFC 7515 section 4.1.4, RFC 7517 section 4.5, RFC 8725 section 3.3":
        "the signature is one of the issuer's keys, and the key is for such signatures" => "see that `jwks_uri` is the issuer's, and that it publishes the key before it signs";
    F05 Breaking, Jwt, "RFC 9068 section 2.2, RFC 8414 section 3.3, RFC 8725 section 3.8":
        "`iss` is the issuer, to the character" => "name the issuer in the pair file as the token does, or mend the issuer";
    F06 Breaking, Jwt, "RFC 7519 sections 2 and 4.1":
        "`exp` and `iat`, and `nbf` where it is there, are whole seconds since 1970" => "milliseconds make a token that lives for ages; have the issuer mended";
    F07 Breaking, Jwt, "RFC 9068 section 2.2, RFC 8725 section 3.9":
        "`aud` is there, and names at least one audience by a text" => "without an audience the token is good at every resource server of the issuer";
    F08 Breaking, Jwt, "RFC 9068 sections 2.2 and 5":
        "`sub` is there, and what introspection of the old token says" => "APIs that keep data by subject find nobody: map the subjects";
    F09 Breaking, Jwt, "RFC 9068 section 2.2":
        "the claim `client_id` is the client" => "gateways and APIs that count or allow by `client_id` see none; `azp` and `cid` are other names";
    F10 Risky, JwtOrProbe("token-reuse"), "RFC 9068 section 2.2":
        "`jti` is there, and another one in each token" => "without an id of its own a token cannot be named in a log or revoked by its id";
    F11 Breaking or Risky "where the answer names none", Jwt, "RFC 9068 section 2.2.3, RFC 8693 section 4.2":
        "the claim `scope` is a text, the same as in the answer" => "resource servers read the claim, clients the answer: they must not disagree";
    F14 Risky, Jwt, "RFC 9068 section 6":
        "no personal data stand in claims" => "whoever holds the token can read them: leave them to the user info endpoint";
    F15 Risky, Jwt, "RFC 7515 section 4.1.11, RFC 8725 section 3.10":
        "no `crit`, `jwk`, `jku`, `x5u` or `x5c` in the header" => "a key in the token is an invitation to trust it; certificates make it long";
    F16 Breaking, Jwt, "RFC 8705 section 3.1, RFC 9449 section 6.1":
        "`cnf` is there, where the token is bound to a key or was" => "without it a stolen token works for everybody";
    F18 Breaking, Jwt, "RFC 9068 section 5, RFC 8725 section 3.12":
        "no `nonce` and no `at_hash`: those are of an ID token" => "take the access token of the answer, not the ID token";
    F19 Breaking, Jwt, "RFC 8725 sections 3.2 and 3.5":
        "the token is not signed with the client's secret" => "whoever has the secret makes tokens of any content: let the issuer sign with a key of its own";
}

checks! {
    /// Checks of clocks.
    TIMES;
    T01 Breaking, Jwt, "RFC 7519 sections 4.1.4 to 4.1.6":
        "`iat` and `nbf` are not in the future and `exp` is not past, within 5 s" => "set the clocks: gateways are known to give no more than 5 s";
    T02 Risky, Case, "RFC 9110 section 6.6.1":
        "`Date` of the answer is the time at which it came, within 5 s" => "set the clocks: what is issued by a wrong one is refused by a right one";
}
