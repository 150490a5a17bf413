//! A: how a side is reached, by those who have a token and by those who ask for one.

use super::By::Probe;
use super::checks;

checks! {
    /// Checks of how a side is reached.
    REACH;
    A33 Breaking or Risky "where clients may go on" or Cosmetic "where it is stronger", Probe(&["tls"]), "RFC 9325 sections 3.1 and 7.1":
        "a TLS client meets the same versions, a chain that it trusts, and the same wish for a certificate" => "try the trust stores and TLS versions of your clients against the new side";
    A36 Breaking or Risky "where a page may do more, or reads less of an answer" or Cosmetic "where no page feels it", Probe(&["cors"]), "Fetch standard section 3.2":
        "a browser lets pages of other origins do the same" => "allow the origins, methods and headers of your pages on the new side, and no others";
}
