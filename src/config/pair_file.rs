//! The pair file as a document.

use super::target::TargetDoc;
use super::variable::VarDoc;
use crate::judge::AcceptDoc;
use crate::locator::Locator;
use crate::source::{Entries, Node, document};

document! {
    /// The base paths of one API.
    pub struct ApiDoc is "an API" {
        /// Its base path on the old side.
        required old: String,
        /// Its base path on the new side.
        required new: String,
    }
}

document! {
    /// The pair: two sides, and what holds for every suite.
    pub struct PairDoc is "a pair file" {
        /// Variables of every suite.
        optional vars: Entries<VarDoc>,
        /// What must not be shown, beyond credentials and tokens.
        optional redact: Vec<Locator>,
        /// Differences that are meant, in every suite.
        optional accept: Vec<AcceptDoc>,
        /// Base paths by API; a suite says `api: NAME`.
        optional apis: Entries<ApiDoc>,
        /// Settings by environment, merged over the rest key by key.
        optional environments: Entries<Node>,
        /// The side that consumers use today.
        required old: TargetDoc,
        /// The side that consumers will use.
        required new: TargetDoc,
    }
}
