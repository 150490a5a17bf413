//! D: what a refresh is.

use super::By::{Case, CaseOrProbe, Probe};
use super::checks;

checks! {
    /// Checks of refreshes.
    RENEWALS;
    D01 Breaking, Case, "RFC 6749 section 6":
        "a refresh token that the endpoint issued gives a new token" => "without it users have to sign in again";
    D02 Risky, CaseOrProbe("refresh-rotation"), "RFC 6749 section 6, RFC 9700 section 4.14.2":
        "a refresh gives no new refresh token where it gave none" => "store the refresh token of every answer: a client that does not is locked out at its next refresh";
    D03 Risky, CaseOrProbe("refresh-rotation"), "RFC 6749 section 6":
        "a refresh gives a new refresh token where it gave one, or the same one where it did" => "keep the refresh token where an answer has none: a client that overwrites it with nothing is locked out";
    D04 Breaking, Probe(&["refresh-rotation"]), "RFC 9700 section 4.14.2":
        "a refresh token that was replaced is refused" => "refuse a refresh token that was replaced, and end those that came from it: a stolen one works as long as the new one";
    D05 Risky, Probe(&["refresh-rotation"]), "RFC 9700 section 4.14.2":
        "the use of a replaced refresh token ends the whole family, or on neither side" => "let one part of the client refresh, and the others wait for it: clients that refresh in parallel lose everything at once";
    D07 Breaking or Cosmetic "where more succeed", Probe(&["refresh-rotation"]), "RFC 9700 section 4.14.2":
        "as many refreshes with one refresh token succeed, one after the other and at once" => "store the refresh token of every answer, and let one part of the client refresh";
    D09 Breaking or Cosmetic "where the new side closes the hole", Probe(&["refresh-rotation"]), "RFC 6749 sections 6 and 10.4":
        "a refresh token is refused from another client" => "bind each refresh token to the client that it was issued to: a stolen one works for everybody";
    D11 Breaking, Probe(&["cross-acceptance"]), "RFC 6749 section 6":
        "refresh tokens of the old side work on the new one, and for a rollback the other way round" => "plan for it that every user signs in again";
}
