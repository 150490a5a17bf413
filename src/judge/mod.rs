//! What differences mean for a case: `expect`, `accept`, known changes, and the verdict. Pure: no
//! I/O, and the date that `until` is held against is passed in.

mod accept;
mod accept_item;
mod body_path;
mod expect;
mod expect_doc;
mod known;
mod unmet;
mod values;
mod verdict;
mod wanted;
mod wanted_status;

pub use accept::{Accept, Accepts, accept};
pub use accept_item::{AcceptDoc, Day, ItemDoc as AcceptItemDoc, Stated};
pub use expect::{Expect, SideExpect};
pub use expect_doc::{ExpectDoc, SideDoc as ExpectSideDoc};
pub use known::{mark_known, mark_known_of_grant, mark_known_of_request};
pub use unmet::{together, unmet};
pub use verdict::{Facts, Judgement, verdict};
pub use wanted::{FormDoc, JsonType, Wanted, WantedHeader, WantedValue};
pub use wanted_status::Status;
