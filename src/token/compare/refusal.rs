//! Refusals: by status and code, never by wording.

use secrecy::ExposeSecret;
use serde_json::Value;

use super::{Answered, catalogue, shown, wire};
use crate::config::Grant;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Where};

/// Both sides refuse.
pub(super) fn both(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let mut found: Vec<Difference> = challenge(pair).into_iter().collect();
    found.extend(form(pair).or_else(|| alike(pair)));
    found.extend(code(pair));
    found.extend(description(pair));
    found.extend(echo(pair));
    found.extend(wire::no_store(pair, catalogue::C10));
    found
}

/// Refusals without an `error` on both sides: a move changes nothing, and who writes the clients should know.
fn alike(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let mut sides = pair.iter();
    let without = sides.all(|(_, side)| {
        let (answer, status) = (&side.acquired.answer, side.acquired.response.status);
        status >= 400 && answer.text("error").is_none()
    });
    let explain = "the refusals of both sides have no `error` in JSON: clients report a parse error instead of the \
                   reason, before the move and after it";
    let check = catalogue::C05;
    without.then(|| check.otherwise(check.differs("$.error", Kind::Unparsable, explain)))
}

/// The new side alone refuses.
pub(super) fn lost(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let check = match pair.new.grant {
        Grant::RefreshToken => catalogue::D01,
        _ => catalogue::B09,
    };
    let said = pair.new.acquired.answer.access_token();
    let said = said
        .err()
        .map(|refusal| refusal.message)
        .unwrap_or_default();
    let explain = format!("the new side issues no token: {said}");
    let difference = check.differs("$.access_token", Kind::Removed, explain);
    let mut found = vec![difference.showing(Observed::text("present"), Observed::Absent)];
    found.extend(form(pair));
    found.extend(echo(pair));
    found
}

/// The new side alone issues a token.
pub(super) fn granted(pair: Pair<Answered<'_>>) -> Difference {
    let said = pair.old.acquired.answer.access_token();
    let said = said
        .err()
        .map(|refusal| refusal.message)
        .unwrap_or_default();
    let explain = format!("the new side issues a token, the old one none: {said}");
    let difference = catalogue::C17.differs("$.access_token", Kind::NotRefused, explain);
    difference.showing(Observed::Absent, Observed::text("present"))
}

/// A refusal is JSON with an error, and no success.
fn form(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let is_error = pair.map(|side| side.acquired.answer.text("error").is_some());
    let success = pair.map(|side| (200..300).contains(&side.acquired.response.status));
    let refuses_well = !pair.old.is_good() && is_error.old && !success.old;
    let fine = pair.old.is_good() || refuses_well;
    if !fine {
        return None;
    }
    match (is_error.new, success.new) {
        (true, false) => None,
        (true, true) => {
            let explain = "an error comes with a status of success: clients look for a token in it";
            Some(catalogue::C06.differs("$.error", Kind::Value, explain))
        }
        // A token that nobody can send is told as that.
        (false, true) if pair.new.acquired.answer.text("access_token").is_some() => None,
        (false, true) => {
            let explain = "what comes with a status of success is no token answer";
            Some(catalogue::B06.differs("$", Kind::Unparsable, explain))
        }
        (false, false) => {
            let explain =
                "the refusal has no `error`: clients report a parse error instead of the reason";
            Some(catalogue::C05.differs("$.error", Kind::Removed, explain))
        }
    }
}

fn code(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let error = pair.map(|side| side.member("error"));
    // That there is none is told already.
    if error.old == error.new || error.new.is_none_or(|new| !new.is_string()) {
        return None;
    }
    let explain = "another error code: clients that branch on `error` take another path";
    let (old, new) = shown(pair, "error");
    let difference = catalogue::C03.differs("$.error", Kind::Value, explain);
    Some(difference.showing(old, new))
}

fn description(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let mut found = Vec::new();
    for name in ["error_description", "error_uri"] {
        let text = pair.map(|side| side.member(name));
        let path = format!("$.{name}");
        if text.old != text.new {
            let explain = "another wording; clients must not read it";
            let (old, new) = shown(pair, name);
            let difference = catalogue::C07.differs(&path, Kind::Value, explain);
            found.push(difference.showing(old, new));
        }
        let text = text.map(|text| text.and_then(Value::as_str).unwrap_or_default());
        let odd = text.map(|text| !text.chars().all(printable));
        if odd.new && !odd.old {
            let explain = "the text has characters that RFC 6749 does not allow in it";
            found.push(catalogue::C08.differs(&path, Kind::Format, explain));
        }
    }
    found
}

/// RFC 6749 appendix A.8.
const fn printable(c: char) -> bool {
    matches!(c, ' '..='!' | '#'..='[' | ']'..='~')
}

fn challenge(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let value = pair.map(|side| side.acquired.response.headers.text("www-authenticate"));
    let scheme = value.as_ref().map(|value| {
        let word = value.as_ref()?.split_whitespace().next()?;
        Some(word.to_ascii_lowercase())
    });
    if scheme.old.is_none() || scheme.old == scheme.new {
        return None;
    }
    let (kind, explain) = match scheme.new {
        None => (Kind::Removed, "the challenge is gone"),
        Some(_) => (Kind::Value, "the challenge is of another scheme"),
    };
    let difference = catalogue::C01.at(Where::Header, "www-authenticate", kind, explain);
    let shown = value.map(|value| value.map_or(Observed::Absent, |text| Observed::text(&text)));
    Some(difference.showing(shown.old, shown.new))
}

/// A refusal that repeats what it was told in confidence.
fn echo(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let echoes = pair.map(|side| {
        let credential = side.credential;
        let password = credential.owner.as_ref().map(|(_, password)| password);
        let all = [
            credential.client_secret.as_ref(),
            password,
            credential.seed.as_ref(),
        ];
        let text = String::from_utf8_lossy(&side.acquired.response.body);
        let mut known = all.into_iter().flatten().map(ExposeSecret::expose_secret);
        known.any(|secret| secret.len() > 5 && text.contains(secret))
    });
    (echoes.new && !echoes.old).then(|| {
        let explain = "the refusal repeats a secret of the request";
        catalogue::C09.differs("$", Kind::Value, explain)
    })
}
