//! Suites: what is done on both sides, and what is expected of it.

mod body;
mod carried;
mod chain;
mod compile;
mod csv_file;
mod doc;
mod faithful;
mod feature;
mod grant_case;
mod load;
mod model;
mod partial;
mod probe_case;
mod request_line;
mod rows;
mod samples;
mod say_once;
mod scope;
mod unique;
mod variables;
mod with;

pub use body::{Body, JsonBody, JsonKey};
pub use chain::chains;
pub use doc::{CaseDoc, PollDoc, SideDoc, Skip, SuiteDoc};
pub use faithful::{Changed, check_target};
pub use feature::FEATURES;
pub use load::{Known, get_suite, load_suite};
pub use model::{Action, Case, Poll, SideCase, Suite};
pub use request_line::RequestLine;
pub use rows::{Rows, Table};
pub use samples::Samples;
pub use scope::{CaseScope, Given, Run};
pub use with::WithDoc;
