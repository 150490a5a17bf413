//! D: what a refresh is.

use super::By::{Case, Person, Probe};
use super::checks;

checks! {
    /// Checks of refreshes.
    RENEWALS;
    D01 Breaking, Case, "RFC 6749 section 6":
        "a refresh token that the endpoint issued gives a new token" => "without it users have to sign in again";
    D02 Risky, Case, "RFC 6749 section 6, RFC 9700 section 4.14.2":
        "a refresh gives no new refresh token where it gave none" => "a client that does not store the new one is locked out at its next refresh";
    D03 Risky, Case, "RFC 6749 section 6":
        "a refresh gives a new refresh token where it gave one, or the same one where it did" => "a client that overwrites the old one with nothing is locked out";
    D04 Risky, Probe("refresh-rotation"), "RFC 9700 section 4.14.2":
        "a refresh token that was replaced is refused" => "a stolen one works as long as the new one";
    D05 Risky, Probe("refresh-rotation"), "RFC 9700 section 4.14.2":
        "the use of a replaced refresh token ends the whole family, or on neither side" => "clients that refresh in parallel lose everything at once";
    D07 Breaking, Person, "RFC 9700 section 4.14.2":
        "as many parallel refreshes with one token succeed" => "let clients refresh one at a time";
    D09 Breaking, Person, "RFC 6749 sections 6 and 10.4":
        "a refresh token is refused from another client" => "a stolen one works for everybody";
    D11 Breaking, Person, "RFC 6749 section 6":
        "refresh tokens of the old side work on the new one, and for a rollback the other way round" => "if not, every user signs in again: plan for it";
}
