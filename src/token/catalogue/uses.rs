//! E: what a gateway does with a token. Probes and request cases look.

use super::By::{Probe, Request};
use super::checks;

checks! {
    /// Checks of the use of tokens.
    USES;
    E01 Breaking, Request, "RFC 6750 section 2.1":
        "a fresh token is taken by its own gateway" => "see that the API trusts the issuer, and the audience";
    E02 Breaking or Cosmetic "where the new side alone takes it", Probe(&["tampered-token"]), "RFC 9110 section 11.1":
        "the scheme `Bearer` is taken in any case" => "compare the scheme without regard to case: clients that echo `token_type` send `bearer`";
    E03 Risky or Breaking "where the new side alone takes it", Probe(&["tampered-token"]), "RFC 6750 section 2.2":
        "a token in a form is taken or refused as before" => "have clients send the token once, in the Authorization header, and take it there alone";
    E04 Risky or Breaking "where the new side alone takes it", Probe(&["tampered-token"]), "RFC 6750 section 2.3, RFC 9700 section 4.3.2":
        "a token in the query is taken or refused as before" => "have clients send the token once, in the Authorization header, and take it there alone";
    E05 Breaking, Request, "":
        "tokens and keys are taken in the headers that clients use" => "write a case with a credential of `send:` or `grant: api_key`";
    E07 Breaking, Probe(&["tampered-token"]), "RFC 6750 section 3.1":
        "what is no good token is refused with the same status" => "answer 401 with `error=\"invalid_token\"`: clients that renew on 401 do not on another status";
    E08 Breaking or Cosmetic "where the new side closes the hole", Probe(&["expiry", "revocation", "tampered-token", "cross-acceptance"]), "RFC 6750 section 3.1, RFC 7519 section 4.1.4":
        "a token that is over is refused, with the same status: 401 with `invalid_token`" => "check `exp` with a leeway of seconds, and answer 401: clients that renew on 401 do not on 403";
    E09 Breaking or Risky "where it is refused later" or Cosmetic "where it is refused sooner", Probe(&["revocation", "cross-acceptance"]), "RFC 7009 section 3, RFC 9068 section 5":
        "a revoked token is refused, at once or as fast as before" => "keep tokens short-lived, or have the new side look revoked tokens up; a JWT may live to its end: measure, and have the window signed off";
    E13 Breaking, Request, "":
        "`Authorization` reaches the backend, or is taken away, as before" => "set the gateway so, or change the backend: one that is sent a token may log it or send it on, one that is not cannot check it";
    E14 Breaking, Request, "":
        "the backend is told who calls in the same headers" => "have the new gateway set these headers, and see that clients cannot set them themselves";
    E15 Breaking or Risky "where the token at hand still passes" or Cosmetic "where more passes, or too much is refused in another way", Probe(&["header-limit"]), "RFC 6585 section 5, RFC 9110 section 15.5.15":
        "the largest token passes every hop" => "raise the header limits of gateway, proxies and backend, or keep tokens and other headers below them";
    E16 Breaking or Risky "where the token at hand still passes" or Cosmetic "where more passes, or too much is refused in another way", Probe(&["header-limit"]), "RFC 9113 sections 6.5.2 and 10.5.1":
        "over HTTP/2 the largest token passes every hop: asked where a side is spoken to so" => "raise the largest header list of gateway, proxies and backend; gRPC stops at 8 KiB unless told otherwise";
    E17 Risky, Probe(&["cross-acceptance"]), "":
        "the new gateway takes tokens of the old side, if the plan needs it" => "switch each client with its token endpoint at once, and have it ask for a new token";
    E18 Risky, Probe(&["cross-acceptance"]), "":
        "the old gateway takes tokens of the new side, if a rollback needs it" => "keep the old side's credentials in force until a rollback is ruled out";
    E19 Breaking or Cosmetic "where the new side closes the hole", Probe(&["tampered-token", "cross-acceptance"]), "RFC 8725 section 3.3":
        "a token that was cut or changed, or its signature, is refused" => "stop: whoever can write a token is let in; compare whole tokens, and check the signature of each";
    E20 Breaking or Cosmetic "where the new side closes the hole", Probe(&["tampered-token"]), "RFC 8725 sections 3.1, 3.2 and 3.10":
        "`alg: none`, a foreign key and a key in the token are refused" => "stop: whoever can write a token is let in; allow the issuer's algorithms and keys, and no others";
    E21 Breaking or Cosmetic "where the new side closes the hole", Probe(&["tampered-token"]), "RFC 9068 section 4, RFC 8725 section 3.9":
        "a token for another audience is refused" => "let the gateway check `aud`";
    E22 Breaking or Cosmetic "where the new side closes the hole", Probe(&["tampered-token"]), "RFC 9068 section 4, RFC 8725 section 3.8":
        "a token of another issuer is refused" => "let the gateway check `iss`; where a staged cutover needs the other side's tokens, accept it";
    E23 Breaking or Cosmetic "where the new side closes the hole", Probe(&["tampered-token"]), "RFC 9068 section 4, RFC 8725 sections 3.11 and 3.12":
        "an ID token is refused in place of an access token" => "let the gateway check `typ` and `aud`";
    E24 Risky or Cosmetic "where the new side gives more", Probe(&["expiry"]), "RFC 7519 section 4.1.4":
        "clocks may differ by as much" => "renew before `expires_in` is over, or on 401";
    E26 Risky or Breaking "where the new side alone takes it", Probe(&["tampered-token"]), "RFC 6750 section 2":
        "two Authorization headers are taken or refused as before" => "refuse a request with two of them: two hops may each look at another one";
}
