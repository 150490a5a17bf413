//! Suites: what is done on both sides, and what is expected of it.

mod body;
mod carried;
mod chain;
mod client_suite;
mod compile;
mod csv_file;
mod doc;
mod faithful;
mod feature;
mod file;
mod load;
mod model;
mod partial;
mod request_line;
mod rows;
mod samples;
mod scope;
mod unique;
mod variables;

pub use body::{Body, JsonBody, JsonKey};
pub use chain::chains;
pub use client_suite::{Choice, ClientSuiteDoc, command_suite, is_file};
pub use doc::{CaseDoc, PollDoc, SideDoc, Skip, SuiteDoc};
pub use faithful::{Changed, check_target};
pub use feature::FEATURES;
pub use file::SuiteFile;
pub use load::{Known, get_suite, load_client_suite, load_suite};
pub use model::{Action, Case, Poll, SideCase, Suite};
pub use request_line::RequestLine;
pub use rows::{Rows, Table};
pub use samples::Samples;
pub use scope::{CaseScope, Given, Run};
