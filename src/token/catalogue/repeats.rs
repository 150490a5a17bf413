//! L: what asking once more gives.

use super::By::Probe;
use super::checks;

checks! {
    /// Checks of repeated requests.
    REPEATS;
    L01 Risky, Probe(&["token-reuse"]), "":
        "a second request gives the token that the first gave, where it did" => "see that no limit on live tokens or token requests is met, and that replicas share a token";
    L02 Breaking or Cosmetic "where the new side ends none any more", Probe(&["token-reuse"]), "":
        "a second token leaves the first one good" => "give each replica a client of its own, keep one token for all of them, or have the new side leave earlier tokens alone";
}
