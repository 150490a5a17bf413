//! E: what a gateway does with a token. Probes and request cases look.

use super::By::{Person, Probe, Request};
use super::checks;

checks! {
    /// Checks of the use of tokens.
    USES;
    E01 Breaking, Request, "RFC 6750 section 2.1":
        "a fresh token is taken by its own gateway" => "see that the API trusts the issuer, and the audience";
    E02 Breaking, Probe("tampered-token"), "RFC 9110 section 11.1":
        "the scheme `Bearer` is taken in any case" => "clients that echo `token_type` send `bearer`";
    E05 Breaking, Request, "":
        "tokens and keys are taken in the headers that clients use" => "write a case with a credential of `send:` or `grant: api_key`";
    E08 Breaking, Probe("expiry"), "RFC 6750 section 3.1":
        "an expired token is refused with 401 and `invalid_token`" => "clients that renew on 401 do not on 403";
    E09 Breaking, Probe("revocation"), "RFC 7009 section 3, RFC 9068 section 5":
        "a revoked token is refused, at once or as fast as before" => "a JWT may live to its end: measure, and have the window signed off";
    E13 Breaking, Person, "":
        "`Authorization` reaches the backend, or is taken away, as before" => "log the headers at the backend on both sides";
    E14 Breaking, Person, "":
        "the backend is told who calls in the same headers" => "log the headers at the backend on both sides";
    E15 Breaking, Probe("header-limit"), "RFC 6585 section 5, RFC 9110 section 15.5.15":
        "the largest token passes every hop" => "raise the header limits of gateway, proxies and backend";
    E16 Breaking, Person, "RFC 9113 sections 6.5.2 and 10.5.1":
        "HTTP/2 and gRPC take a header list of this size" => "gRPC stops at 8 KiB unless told otherwise";
    E17 Breaking, Probe("cross-acceptance"), "":
        "the new gateway takes tokens of the old side, if the plan needs it" => "decide what happens to tokens that are live at the cutover";
    E18 Breaking, Probe("cross-acceptance"), "":
        "the old gateway takes tokens of the new side, if a rollback needs it" => "decide what happens to tokens that are live at a rollback";
    E19 Breaking, Probe("tampered-token"), "RFC 8725 section 3.3":
        "a token with a changed signature is refused" => "stop: whoever can write a token is let in";
    E20 Breaking, Probe("tampered-token"), "RFC 8725 sections 3.1, 3.2 and 3.10":
        "`alg: none`, a foreign key and a key in the token are refused" => "stop: whoever can write a token is let in";
    E21 Breaking, Probe("tampered-token"), "RFC 9068 section 4, RFC 8725 section 3.9":
        "a token for another audience is refused" => "let the gateway check `aud`";
    E22 Breaking, Probe("tampered-token"), "RFC 9068 section 4, RFC 8725 section 3.8":
        "a token of another issuer is refused" => "let the gateway check `iss`";
    E23 Breaking, Person, "RFC 9068 section 4, RFC 8725 sections 3.11 and 3.12":
        "an ID token is refused in place of an access token" => "let the gateway check `typ` and `aud`";
}
