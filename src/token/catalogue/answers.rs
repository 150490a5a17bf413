//! B: what a good answer of a token endpoint is.

use super::By::{Case, Jwt, Preflight, Probe};
use super::checks;

checks! {
    /// Checks of good answers.
    ANSWERS;
    B01 Breaking, Case, "RFC 6749 section 5.1":
        "the status is 200" => "clients that test for 200 take any other for a refusal";
    B02 Breaking, Case, "RFC 6749 section 5.1":
        "the media type is `application/json`" => "many client libraries refuse to parse anything else";
    B04 Breaking, Case, "RFC 6749 section 5.1":
        "`Cache-Control: no-store`" => "without it a proxy on the way may keep tokens and hand them to others";
    B06 Breaking, Case, "RFC 6749 section 5.1, RFC 8259 section 8.1":
        "the body is one JSON object in UTF-8, without a byte order mark" => "have the endpoint mended";
    B07 Breaking, Case, "RFC 8259 section 4":
        "no member stands twice" => "which of the two counts depends on the client's parser";
    B09 Breaking, Case, "RFC 6749 section 5.1":
        "`access_token` is a text that is not empty" => "see what the endpoint says instead, and its log";
    B10 Breaking, Case, "RFC 6749 appendix A.12":
        "the token has visible ASCII characters and blanks only" => "clients cannot put anything else into a header";
    B11 Breaking or Cosmetic "where the new token mends it", Case, "RFC 6750 section 2.1":
        "the token has only characters that `Authorization: Bearer` takes" => "strict gateways and proxies refuse other characters";
    B12 Breaking, Case, "RFC 6749 appendix A.12":
        "no blank, line break, quote or byte order mark stands in the token" => "clients trim it away or send it along: the token is then another";
    B13 Risky or Cosmetic "where `expect` names both shapes" or Breaking "where it then stays", Case, "":
        "the token keeps its form: opaque or JWT" => "run the clients against tokens of this form and length before the cutover";
    B14 Risky, Case, "RFC 7516 section 7.1":
        "the token is no JWE, and no JWT behind a prefix" => "clients that count dots or look for `eyJ` take it for something else";
    B15 Risky or Cosmetic "where `expect` names both shapes", Case, "RFC 6749 section 5.1":
        "the token stays below each length at which stores and hops are known to cut or refuse it, and within a quarter of its old length" => "find every column, cache, cookie and header limit between the issuer and the API that holds it";
    B16 Risky, Preflight, "RFC 6749 section 5.1, RFC 9068 section 2.2.3.1":
        "no JWT of a side is more than twice as long as the usual one" => "what fits for one user is cut for another with more roles: measure with the richest one";
    B17 Risky, Case, "RFC 6749 section 5.1":
        "no token is longer than the platform says: `longest_token` of its file" => "have the issuer say how long its tokens can be, and tell everybody who stores one";
    B18 Breaking, Case, "RFC 6749 section 10.10":
        "the token, or `jti` of a JWT, has 120 bits or more that cannot be guessed" => "have the issuer make ids of at least 128 random bits; a UUID is just enough";
    B19 Risky, Probe(&["token-reuse"]), "RFC 6749 section 10.3":
        "two requests in a row give two tokens" => "count on each: who shares a key, and what a revocation takes from all of them";
    B20 Breaking, Case, "RFC 6749 section 5.1":
        "`token_type` is there" => "strict clients refuse an answer without it";
    B21 Breaking, Case, "RFC 6749 section 5.1":
        "`token_type` is the same word in any case" => "clients send the token in another way, or not at all";
    B22 Cosmetic, Case, "RFC 6749 section 5.1":
        "`token_type` is written in the same case" => "a client that echoes it as the scheme sends `bearer`: try that against the gateway";
    B23 Breaking, Case, "RFC 9449 section 5, RFC 8693 section 2.2.1":
        "`token_type` does not become `DPoP`, `N_A` or `mac`" => "clients need new code for such tokens";
    B24 Breaking or Cosmetic "where it is added", Case, "RFC 6749 section 5.1":
        "`expires_in` is there as before" => "without it a client does not know when to renew, asks for each call, or never";
    B25 Breaking, Case, "RFC 6749 appendix A.14":
        "`expires_in` is a whole JSON number" => "typed clients fail to decode a text or a fraction";
    B26 Breaking, Case, "RFC 6749 section 4.2.2":
        "`expires_in` is between 1 s and a year" => "milliseconds are the usual mistake: have the issuer mended";
    B27 Risky or Breaking "below a minute", Case, "RFC 6750 section 5.3":
        "the life is not shorter" => "clients renew more often: plan the token endpoint's limits for it, and find lives that are written into clients";
    B28 Risky, Case, "RFC 9700 section 2.2":
        "the life is not longer" => "a leaked token is useful for longer, and a JWT cannot be called back";
    B29 Breaking, Jwt, "RFC 9068 section 2.2, RFC 7519 section 4.1.4":
        "`exp` is the time of the answer and `expires_in`, within 5 s; where the new answer has none, it is within twice and half the old life" => "clients renew by `expires_in`, gateways refuse by `exp`; see also both clocks";
    B30 Breaking, Case, "RFC 6749 sections 3.3 and 5.1":
        "`scope` is there, where what is granted is not what was asked for" => "clients cannot know what they were given";
    B31 Breaking or Risky "where it is wider", Case, "RFC 6749 section 3.3":
        "the same scopes are granted" => "give the application the same scopes on the new side";
    B32 Breaking, Case, "RFC 6749 section 3.3":
        "`scope` is a text with blanks between the scopes" => "typed clients fail to decode a list";
    B33 Breaking or Risky "where it is added", Case, "RFC 6749 section 5.1":
        "a refresh token comes with the same grants" => "without one, clients run their grant again, which may need a user";
    B34 Risky, Case, "RFC 6749 section 4.4.3":
        "no refresh token comes with client credentials, where none did" => "clients that refresh with it take another way than before";
    B35 Risky or Breaking "where it has other characters", Case, "RFC 6749 appendix A.17":
        "the refresh token has visible ASCII characters, and stays below the lengths of B15" => "refresh tokens are stored too: look at the same columns";
    B36 Breaking, Case, "OpenID Connect Core section 3.1.3.3":
        "an ID token comes as before" => "clients do not learn who signed in";
    B37 Cosmetic, Case, "RFC 6749 section 5.1":
        "no member is added" => "clients must ignore what they do not know";
    B38 Risky, Case, "":
        "no further member is gone" => "see whether a client reads it";
    B39 Breaking, Case, "RFC 8259 section 3":
        "common members keep their JSON types" => "typed clients fail to decode another type";
    B40 Breaking, Case, "RFC 6749 section 5.1":
        "what is not there is left out, not `null`" => "typed clients fail on null, others take the word for a token";
    B41 Risky, Case, "RFC 8259 section 7":
        "texts are escaped only where JSON needs it" => "clients that search the body with a pattern find another token";
    B42 Cosmetic, Case, "RFC 9110 section 8.4":
        "the packing (`Content-Encoding`) stays" => "small clients may not unpack";
    B43 Risky, Case, "RFC 6265 section 4.1":
        "the same cookies are set" => "a client with a cookie jar is tied to a node, or no longer";
    B44 Risky or Cosmetic "where `expect` names both shapes", Case, "":
        "the answer stays below 4, 8, 16 and 64 KiB" => "small clients read into a buffer of such a size";
    B45 Risky, Case, "RFC 6749 section 5.1":
        "a strict client library reads the answer" => "clients of this kind stop at the member that is named: have the endpoint send it as the standard writes it";
}
