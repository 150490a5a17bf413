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
use crate::results::{Difference, Kind, Observed, Where};

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
        (false, true) => found.push(refusal::granted(pair)),
    }
    found
}

fn status(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let status = pair.map(|side| side.acquired.response.status);
    let explain = "the token endpoint answers with another status";
    if status.old == status.new {
        return None;
    }
    let check = match pair.old.is_good() {
        true => catalogue::B01,
        false => catalogue::C04,
    };
    let difference = check.at(Where::Status, "", Kind::Value, explain);
    Some(difference.showing(Observed::of(&status.old), Observed::of(&status.new)))
}

/// What each side shows of a member.
fn shown(pair: Pair<Answered<'_>>, name: &str) -> (Observed, Observed) {
    let show = |value: Option<&Value>| value.map_or(Observed::Absent, Observed::of);
    let member = pair.map(|side| show(side.member(name)));
    (member.old, member.new)
}

fn strict(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let said = pair.map(|side| side.acquired.strict.as_ref());
    let new = said.new.filter(|_| said.old.is_none())?;
    let explain = format!("a strict client library rejects this answer, {new}");
    Some(catalogue::B45.differs("$", Kind::Unparsable, explain))
}

#[cfg(test)]
mod tests;
