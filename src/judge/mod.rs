//! What differences mean for a case: `expect`, `accept`, known changes, and the verdict. Pure: no
//! I/O, and the date that `until` is held against is passed in.

mod accept;
mod accept_item;
mod body_path;
mod expect;
mod known;
mod unmet;
mod values;
mod verdict;
mod wanted;

pub use accept::{Accept, Accepts, accept};
pub use accept_item::{AcceptDoc, Day, ItemDoc as AcceptItemDoc, Scalar};
pub use expect::{Expect, ExpectDoc, SideDoc as ExpectSideDoc, SideExpect, Status};
pub use known::{mark_known, mark_known_of_grant, mark_known_of_request};
pub use unmet::{together, unmet};
pub use verdict::{Facts, Judgement, verdict};
pub use wanted::{FormDoc, JsonType, Wanted, WantedHeader, WantedValue};
