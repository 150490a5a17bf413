//! The pair file as a document.

use super::target::TargetDoc;
use super::url::BaseUrl;
use super::variable::VarDoc;
use crate::judge::AcceptDoc;
use crate::locator::Locator;
use crate::pair::Side;
use crate::source::{Entries, Node, Spanned, document};

document! {
    /// Where one API stands: a base path below the URL of its side, or a URL of its own.
    pub struct ApiDoc is "an API" {
        /// Its base path or URL on the old side.
        required old: Spanned<String>,
        /// Its base path or URL on the new side.
        required new: Spanned<String>,
    }
}

impl ApiDoc {
    /// What the file says for a side.
    pub const fn on(&self, side: Side) -> &Spanned<String> {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    /// The URL below which its paths stand, on a side that has this URL.
    pub fn base(&self, side: Side, url: &str) -> String {
        let base = self.on(side);
        match has_own_host(base) {
            true => base.value.clone(),
            false => format!("{url}{}", base.value),
        }
    }

    /// Its own URL on a side, where it names one: a custom domain, a region, another port.
    pub fn own_url(&self, side: Side) -> Option<BaseUrl> {
        let base = self.on(side);
        has_own_host(base)
            .then(|| BaseUrl::parse(base).ok())
            .flatten()
    }
}

/// Whether what stands for an API names its host.
pub(super) fn has_own_host(base: &str) -> bool {
    base.contains("://")
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
