//! Two token answers, compared by what OAuth promises of them and not as bodies.

mod access;
mod jwts;
mod life;
mod members;
mod refusal;
mod renewal;
mod scope;
mod secret;
mod wire;

use serde_json::Value;

use super::acquire::Acquired;
use super::catalogue;
use super::credential::Credential;
use super::introspect::Introspected;
use super::jwks::Signature;
use crate::config::Grant;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// A token answer of one side, with what is known besides it.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// Request and answer.
    pub acquired: &'a Acquired,
    /// The credential that asked.
    pub credential: &'a Credential,
    /// The grant that was run.
    pub grant: Grant,
    /// What the issuer's keys say of the token, where they were asked.
    pub signature: Option<&'a Signature>,
    /// What the server says of the token, where it was asked.
    pub introspected: Option<&'a Introspected>,
    /// The length of the longest token of the side's platform in characters, where its documents say one.
    pub longest: Option<u32>,
    /// Whether the suite says which shape the token has on each side: then a change of it is meant.
    pub shape_meant: bool,
}

impl<'a> Answered<'a> {
    /// The access token; empty where there is none.
    fn token(&self) -> &'a str {
        self.acquired.answer.access_token().unwrap_or_default()
    }

    fn member(&self, name: &str) -> Option<&'a Value> {
        self.acquired.answer.members.get(name)
    }

    fn is_good(&self) -> bool {
        self.acquired.answer.access_token().is_ok()
    }
}

/// What a client would notice when its tokens come from the other endpoint (RFC 6749 section 5).
pub fn compare_answers(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let mut found: Vec<Difference> = status(pair).into_iter().collect();
    found.extend(wire::clock(pair));
    match (pair.old.is_good(), pair.new.is_good()) {
        (true, true) => {
            found.extend(wire::answer(pair));
            found.extend(access::access_token(pair));
            found.extend(members::token_type(pair));
            found.extend(life::expires_in(pair));
            found.extend(life::unsaid(pair));
            found.extend(scope::scope(pair));
            found.extend(members::presence(pair));
            found.extend(renewal::refresh_token(pair));
            found.extend(jwts::jwt(pair));
            found.extend(strict(pair));
        }
        (false, false) => found.extend(refusal::both(pair)),
        (true, false) => found.extend(refusal::lost(pair)),
        // What the old side refused is granted: the status tells, and there is nothing to compare.
        (false, true) => {}
    }
    found
}

fn status(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let status = pair.map(|side| side.acquired.response.status);
    let explain = "the token endpoint answers with another status";
    let difference = match (pair.old.is_good(), pair.new.is_good()) {
        _ if status.old == status.new => return None,
        (true, true) => catalogue::B01.at(Where::Status, "", Kind::Value, explain),
        (false, false) => catalogue::C04.at(Where::Status, "", Kind::Value, explain),
        _ => Difference::new(Where::Status, "", Kind::Value, Severity::Breaking, explain),
    };
    Some(difference.showing(Observed::of(&status.old), Observed::of(&status.new)))
}

/// What each side shows of a member.
fn shown(pair: Pair<Answered<'_>>, name: &str) -> (Observed, Observed) {
    let show = |value: Option<&Value>| value.map_or(Observed::Absent, Observed::of);
    let member = pair.map(|side| show(side.member(name)));
    (member.old, member.new)
}

fn strict(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let said = pair.map(|side| side.acquired.strict.clone());
    match (said.old, said.new) {
        (None, Some(new)) => {
            let explain = format!("a strict client library rejects this answer, {new}");
            let (kind, severity) = (Kind::Unparsable, Severity::Risky);
            let mut difference = Difference::new(Where::Token, "$", kind, severity, explain);
            difference.check = Some("strict-client".to_owned());
            Some(difference)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
