//! C: what a refusal of a token endpoint is.

use super::By::{Case, Probe};
use super::checks;

checks! {
    /// Checks of refusals.
    REFUSALS;
    C01 Breaking, Case, "RFC 6749 section 5.2":
        "401 comes with `WWW-Authenticate`, of the same scheme" => "HTTP libraries that wait for the challenge never send the credential";
    C03 Breaking, Case, "RFC 6749 section 5.2":
        "`error` has the same code" => "clients that branch on `error` take another path";
    C04 Breaking, Case, "RFC 6749 section 5.2":
        "the same status" => "clients that renew on 401 and give up on 400, or the other way round, do the other thing";
    C05 Breaking or Cosmetic "where neither side has it", Case, "RFC 6749 section 5.2":
        "the body is JSON with `error` as a text" => "clients report a parse error instead of the reason";
    C06 Breaking, Case, "RFC 6749 section 5.2":
        "an error never comes with a status of success" => "clients take the answer for a token";
    C07 Cosmetic, Case, "RFC 6749 section 5.2":
        "`error_description` and `error_uri` stay" => "they are for people; clients must not read them";
    C08 Risky, Case, "RFC 6749 section 5.2 and appendix A.8":
        "`error_description` has printable ASCII only, without quotes and backslashes" => "log parsers and strict clients stumble";
    C09 Breaking, Case, "RFC 6749 section 10.3":
        "a refusal repeats no secret" => "errors end up in logs: have the endpoint mended, and change the secret";
    C10 Cosmetic, Case, "RFC 6749 section 5.2":
        "a refusal has `Cache-Control: no-store`" => "a cached refusal outlives its reason";
    C11 Breaking or Risky "where consumers may go on, or a protection is gone" or Cosmetic "where more pass", Probe(&["throttle"]), "RFC 6585 section 4, RFC 9110 section 10.2.3":
        "429 comes after as many requests, says as much, and is over when it says" => "give consumers the limit that they had before they move, and tell them when to come again";
    C17 Breaking, Case, "RFC 6749 section 5.2":
        "what was refused is refused" => "see which clients, grants, scopes and users the new side lets through: whoever was kept out has a token now";
}
