//! The checks of JWTs, on two sides: what the new token alone does not meet.

use secrecy::ExposeSecret;
use serde_json::Value;

use super::{Answered, catalogue};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, TokenShape};
use crate::token::address::Address;
use crate::token::checks::{Known, Unmet, check_jwt};
use crate::token::introspect::Introspected;
use crate::token::shape::{payload, shape};

pub(super) fn jwt(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let unmet = pair.map(unmet);
    let both = |new: &Unmet| {
        let mut old = unmet.old.iter();
        old.any(|old| old.check.id == new.check.id && old.severity >= new.severity)
    };
    let fresh = unmet.new.iter().filter(|new| !both(new));
    let mut found: Vec<Difference> = fresh.map(|unmet| difference(pair.new, unmet)).collect();
    found.extend(subject(pair));
    found.extend(binding(pair));
    found
}

fn unmet(side: Answered<'_>) -> Vec<Unmet> {
    let answer = &side.acquired.answer;
    let credential = side.credential;
    let secret = credential.client_secret.as_ref();
    let known = Known {
        issuer: credential.issuer.as_ref().map(Address::as_str),
        expires_in: answer.expires_in(),
        scope: answer.text("scope"),
        token_type: answer.text("token_type"),
        now: side.acquired.at,
        took: side.acquired.seconds(),
        signature: side.signature,
        client_id: Some(credential.client_id.as_str()).filter(|id| !id.is_empty()),
        client_secret: secret.map(ExposeSecret::expose_secret),
    };
    check_jwt(side.token(), known)
}

fn difference(side: Answered<'_>, unmet: &Unmet) -> Difference {
    let explain = format!("of the new token: {}", unmet.found);
    let mut difference = unmet.check.differs(unmet.path, Kind::Value, explain);
    difference.severity = unmet.severity;
    // An answer that names no scope tells clients nothing that the claim could contradict.
    if unmet.check == catalogue::F11 && side.member("scope").is_none() {
        difference = unmet.check.otherwise(difference);
    }
    difference.showing(Observed::Absent, Observed::text(&unmet.found))
}

fn claims(side: Answered<'_>) -> Option<Value> {
    serde_json::from_slice(&payload(side.token())?).ok()
}

/// Who the token speaks of: the claim of a JWT, or what the server says of an opaque one.
fn who(side: Answered<'_>) -> Option<String> {
    let named = |said: &Value| said["sub"].as_str().map(str::to_owned);
    if let Some(claims) = claims(side) {
        return named(&claims);
    }
    let Some(Introspected::Active(members)) = side.introspected else {
        return None;
    };
    let all = ["sub", "username"].map(|name| members.get(name).and_then(Value::as_str));
    all.into_iter().flatten().next().map(str::to_owned)
}

fn subject(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let who = pair.map(who);
    let (old, new) = (who.old?, who.new?);
    // A client's own token speaks of the client, which has another id on each side.
    let own = [
        (old.as_str(), pair.old.credential.client_id.as_str()),
        (new.as_str(), pair.new.credential.client_id.as_str()),
    ];
    if old == new || own.iter().all(|(who, client)| who == client) {
        return None;
    }
    let explain = "the token speaks of another subject: APIs that keep data by subject find nobody";
    let difference = catalogue::F08.differs("claims.$.sub", Kind::Value, explain);
    Some(difference.showing(Observed::text(&old), Observed::text(&new)))
}

/// A token that was bound to a key and is not any more.
fn binding(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let bound = pair.map(|side| match (claims(side), side.introspected) {
        (Some(claims), _) => claims["cnf"].is_object(),
        (None, Some(Introspected::Active(members))) => members.contains_key("cnf"),
        _ => false,
    });
    let readable = shape(pair.new.token()) == TokenShape::Jwt;
    (bound.old && !bound.new && readable).then(|| {
        let explain = "the token is not bound to the client's key any more";
        let difference = catalogue::F16.differs("claims.$.cnf", Kind::Removed, explain);
        difference.showing(Observed::text("present"), Observed::Absent)
    })
}
