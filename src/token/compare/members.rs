//! The other members of an answer: there or not, and of which type. Values may be secrets and are not
//! shown.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Answered, catalogue, shown};
use crate::config::Grant;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed};
use crate::token::catalogue::Check;

/// Members that are judged by their own meaning.
const JUDGED: [&str; 4] = ["access_token", "token_type", "expires_in", "scope"];

pub(super) fn token_type(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let value = pair.map(|side| side.member("token_type"));
    if value.old == value.new {
        return None;
    }
    let text = value.map(|value| value.and_then(Value::as_str));
    let same_word = matches!((text.old, text.new), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b));
    let bound = ["dpop", "n_a", "mac"];
    let (check, kind, explain) = if same_word {
        let explain = "`token_type` is written in another case; it is compared without case, but not by \
                       every client";
        (catalogue::B22, Kind::Format, explain)
    } else if value.new.is_none() {
        let explain = "`token_type` is required: strict clients refuse the answer";
        (catalogue::B20, Kind::Removed, explain)
    } else if value.old.is_none() {
        return None;
    } else if text
        .new
        .is_some_and(|new| bound.iter().any(|word| new.eq_ignore_ascii_case(word)))
    {
        let explain =
            "the token is no bearer token any more: clients need a proof, or another use of it";
        (catalogue::B23, Kind::Value, explain)
    } else {
        let explain = "another token type: clients send the token in another way, or not at all";
        (catalogue::B21, Kind::Value, explain)
    };
    let (old, new) = shown(pair, "token_type");
    Some(
        check
            .differs("$.token_type", kind, explain)
            .showing(old, new),
    )
}

/// Members that are on one side only, `null`, or of another type.
pub(super) fn presence(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let members = pair.map(|side| &side.acquired.answer.members);
    let names: BTreeSet<&String> = members.old.keys().chain(members.new.keys()).collect();
    let names = names
        .into_iter()
        .filter(|name| !JUDGED.contains(&name.as_str()));
    let mut found = Vec::new();
    for name in names {
        let path = format!("$.{name}");
        match (members.old.get(name), members.new.get(name)) {
            (old, Some(Value::Null)) if old != Some(&Value::Null) => {
                found.push(null(&path, old.is_some()));
            }
            (Some(Value::Null) | None, None) => {}
            (Some(_), None) => found.extend(removed(pair, name, &path)),
            (None | Some(Value::Null), Some(_)) => found.extend(added(pair, name, &path)),
            (Some(old), Some(new)) => types(&path, old, new, &mut found),
        }
    }
    found
}

fn null(path: &str, was_there: bool) -> Difference {
    let old = match was_there {
        true => Observed::text("present"),
        false => Observed::Absent,
    };
    let kind = match was_there {
        true => Kind::Type,
        false => Kind::Added,
    };
    let explain = "the member is null where it had a value or was left out";
    let null = Observed::of(&Value::Null);
    catalogue::B40
        .differs(path, kind, explain)
        .showing(old, null)
}

fn removed(pair: Pair<Answered<'_>>, name: &str, path: &str) -> Option<Difference> {
    let (check, explain) = match name {
        // A refresh may keep the old one: that is a check of its own.
        "refresh_token" if pair.new.grant == Grant::RefreshToken => return None,
        "refresh_token" => (
            catalogue::B33,
            "no refresh token any more: clients must run their grant again",
        ),
        "id_token" => (
            catalogue::B36,
            "no ID token any more: clients do not learn who signed in",
        ),
        _ => (catalogue::B38, "a member of the token answer is gone"),
    };
    let there = Observed::text("present");
    let difference = check.differs(path, Kind::Removed, explain);
    Some(difference.showing(there, Observed::Absent))
}

fn added(pair: Pair<Answered<'_>>, name: &str, path: &str) -> Option<Difference> {
    let tell = |check: Check, explain: &str| {
        let there = Observed::text("present");
        let difference = check.differs(path, Kind::Added, explain);
        difference.showing(Observed::Absent, there)
    };
    Some(match name {
        "refresh_token" if pair.new.grant == Grant::RefreshToken => return None,
        "refresh_token" if pair.new.grant == Grant::ClientCredentials => {
            let explain = "a refresh token comes with client credentials, which need none";
            tell(catalogue::B34, explain)
        }
        "refresh_token" => {
            let explain = "a refresh token comes where none did";
            catalogue::B33.otherwise(tell(catalogue::B33, explain))
        }
        _ => tell(catalogue::B37, "a member of the token answer is new"),
    })
}

/// Types of common members, at any depth.
fn types(path: &str, old: &Value, new: &Value, found: &mut Vec<Difference>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, old) in old {
                if let Some(new) = new.get(name) {
                    types(&format!("{path}.{name}"), old, new, found);
                }
            }
        }
        // Types may vary within a list: its first item stands for it.
        (Value::Array(old), Value::Array(new)) => {
            if let (Some(old), Some(new)) = (old.first(), new.first()) {
                types(&format!("{path}[0]"), old, new, found);
            }
        }
        _ if word(old) != word(new) => {
            let explain = format!("{} became {}", word(old), word(new));
            let difference = catalogue::B39.differs(path, Kind::Type, explain);
            let shown = (Observed::text(word(old)), Observed::text(word(new)));
            found.push(difference.showing(shown.0, shown.1));
        }
        _ => {}
    }
}

const fn word(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
