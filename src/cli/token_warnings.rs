//! [`Looked`]: what somebody who sees a token for the first time should be told, in plain words.

use std::collections::BTreeSet;

use crate::config::Grant;
use crate::token::{Acquired, Credential, Introspected, Sharing, Token};

/// Characters above which servers and proxies are known to refuse the header: Tomcat's limit.
const LONG: usize = 8_104;
/// A life, in seconds, below which clients do little else than renew.
const SHORT_LIFE: u64 = 60;

/// A token, and what was found out about it.
#[derive(Debug)]
pub(super) struct Looked<'a> {
    pub(super) token: &'a Token,
    pub(super) credential: Option<&'a Credential>,
    pub(super) introspected: Option<&'a Introspected>,
    pub(super) sharing: Option<Sharing>,
}

impl Looked<'_> {
    /// Every warning, the gravest first.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        all.extend(self.sharing.map(|sharing| sharing.message().to_owned()));
        all.extend(self.scope());
        all.extend(self.life());
        all.extend(self.used_up());
        let acquired = self.token.acquired.as_ref();
        all.extend(acquired.and_then(Acquired::wrong_clock));
        all.extend(self.introspection());
        let length = self.token.summary().length;
        if length > LONG {
            all.push(format!(
                "the token has {length} characters: many servers refuse a header of that length"
            ));
        }
        all
    }

    fn scope(&self) -> Vec<String> {
        let answer = self
            .token
            .acquired
            .as_ref()
            .map(|acquired| &acquired.answer);
        let (Some(credential), Some(granted)) =
            (self.credential, answer.and_then(|a| a.text("scope")))
        else {
            return Vec::new();
        };
        let granted: BTreeSet<&str> = granted.split_whitespace().collect();
        let asked: BTreeSet<&str> = credential.scope.iter().map(String::as_str).collect();
        let list = |words: Vec<&str>| words.join(" ");
        let missing: Vec<&str> = asked.difference(&granted).copied().collect();
        let more: Vec<&str> = granted.difference(&asked).copied().collect();
        let mut all = Vec::new();
        if !missing.is_empty() {
            all.push(format!(
                "not granted, though asked for: {}; calls that need it are refused",
                list(missing)
            ));
        }
        if !asked.is_empty() && !more.is_empty() {
            all.push(format!("granted, though not asked for: {}", list(more)));
        }
        all
    }

    fn life(&self) -> Option<String> {
        let acquired = self.token.acquired.as_ref()?;
        match acquired.answer.expires_in() {
            None => Some(
                "the answer does not say how long the token lives: clients renew it too often, or never"
                    .to_owned(),
            ),
            Some(life) if life < SHORT_LIFE => Some(format!(
                "the token lives {life} s only: clients that renew ahead of time never stop renewing"
            )),
            Some(_) => None,
        }
    }

    /// A refresh token of the pair file that is not good any more.
    fn used_up(&self) -> Option<String> {
        let credential = self.credential?;
        let acquired = self.token.acquired.as_ref()?;
        let renewed = acquired.answer.text("refresh_token").is_some();
        (credential.grant == Grant::RefreshToken && renewed).then(|| {
            "the server gave another refresh token: that of the pair file may be used up, and the next run \
             needs a new one"
                .to_owned()
        })
    }

    fn introspection(&self) -> Option<String> {
        match self.introspected? {
            Introspected::Active(_) => None,
            Introspected::Unsupported => Some(
                "the introspection endpoint takes no tokens of this sort: APIs that ask it refuse the token"
                    .to_owned(),
            ),
            Introspected::Inactive => Some(
                "introspection says that the token is not active: APIs that ask it refuse the token"
                    .to_owned(),
            ),
            Introspected::Refused(_) | Introspected::Unasked(_) => {
                Some("introspection did not work: see above".to_owned())
            }
        }
    }
}
