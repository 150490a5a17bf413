//! The tokens that were issued, and what became of them.

use std::collections::{HashMap, HashSet};

/// Whom a token was issued to, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Grant {
    /// The client id.
    pub(crate) client: String,
    /// The user, where there is one.
    pub(crate) user: Option<String>,
    /// The granted scopes, blanks between them.
    pub(crate) scope: String,
    /// Whether it came of a token exchange (RFC 8693).
    pub(crate) exchanged: bool,
}

/// An access token's life.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    /// Whom it was issued to.
    pub(crate) grant: Grant,
    /// When, in seconds since 1970.
    pub(crate) issued: i64,
    /// Until when, exclusive.
    pub(crate) expires: i64,
    /// Whether it was revoked.
    pub(crate) revoked: bool,
    /// The refresh token that came with it.
    pub(crate) refresh: Option<String>,
}

/// A refresh token.
#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    /// Whom it was issued to.
    pub(crate) grant: Grant,
    /// When, in seconds since 1970.
    pub(crate) issued: i64,
    /// Whether it still works.
    pub(crate) live: bool,
    /// The access token that it came with last.
    pub(crate) access: String,
}

/// What a token is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is good, for these scopes.
    Live(String),
    /// It was revoked.
    Revoked,
    /// It was never issued here, or its life is over.
    Unknown,
}

/// Every token of a token server.
#[derive(Default)]
pub(crate) struct Store {
    access: HashMap<String, Access>,
    refresh: HashMap<String, RefreshToken>,
    latest: HashMap<Grant, String>,
    /// The first token of all, and how often it was shown.
    first: Option<(String, u64)>,
    /// The authorization codes that were used.
    codes: HashSet<String>,
}

/// Tokens above which those whose life is over are forgotten.
const MANY: usize = 10_000;

impl Store {
    /// The live token that was last issued for a grant.
    pub(crate) fn live(&self, grant: &Grant, now: i64) -> Option<(&str, &Access)> {
        let token = self.latest.get(grant)?;
        let access = self.access.get(token)?;
        (!access.revoked && now < access.expires).then_some((token.as_str(), access))
    }

    /// Keeps a new token.
    pub(crate) fn add(&mut self, token: &str, access: Access) {
        if self.access.len() > MANY {
            let now = access.issued;
            self.access.retain(|_, old| now < old.expires);
        }
        if let Some(refresh) = &access.refresh {
            let entry = RefreshToken {
                grant: access.grant.clone(),
                issued: access.issued,
                live: true,
                access: token.to_owned(),
            };
            self.refresh.insert(refresh.clone(), entry);
        }
        self.first.get_or_insert_with(|| (token.to_owned(), 0));
        self.latest.insert(access.grant.clone(), token.to_owned());
        self.access.insert(token.to_owned(), access);
    }

    /// An access token.
    pub(crate) fn access(&self, token: &str) -> Option<&Access> {
        self.access.get(token)
    }

    /// A refresh token.
    pub(crate) fn refresh(&self, token: &str) -> Option<&RefreshToken> {
        self.refresh.get(token)
    }

    /// Ends an access token.
    pub(crate) fn revoke(&mut self, token: &str) {
        if let Some(access) = self.access.get_mut(token) {
            access.revoked = true;
        }
    }

    /// Ends an access token at a second to come, as a gateway does that has it in a cache.
    pub(crate) fn end_at(&mut self, token: &str, second: i64) {
        if let Some(access) = self.access.get_mut(token) {
            access.expires = access.expires.min(second);
        }
    }

    /// Counts a use of the first token of all, and ends it where it was used `most` times before.
    pub(crate) fn use_first(&mut self, token: &str, most: u64) {
        let Some((first, uses)) = self.first.as_mut().filter(|(first, _)| first == token) else {
            return;
        };
        *uses += 1;
        if *uses > most {
            let first = first.clone();
            self.revoke(&first);
        }
    }

    /// Uses an authorization code; false where it was used before.
    pub(crate) fn use_code(&mut self, code: &str) -> bool {
        self.codes.insert(code.to_owned())
    }

    /// Ends a refresh token.
    pub(crate) fn end_refresh(&mut self, token: &str) {
        if let Some(refresh) = self.refresh.get_mut(token) {
            refresh.live = false;
        }
    }

    /// What an access token is worth.
    pub(crate) fn standing(&self, token: &str, now: i64) -> Standing {
        match self.access.get(token) {
            Some(access) if access.revoked => Standing::Revoked,
            Some(access) if now < access.expires => Standing::Live(access.grant.scope.clone()),
            _ => Standing::Unknown,
        }
    }
}
