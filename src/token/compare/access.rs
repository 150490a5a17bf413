//! The access token itself: its form, its length, its characters. It is never shown: its shape and its
//! length say what a client feels.

use super::secret::{bits, crossed};
use super::{Answered, catalogue};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, TokenShape};
use crate::token::shape::shape;

/// Where it stands.
const PATH: &str = "$.access_token";
/// Bits that cannot be guessed: those of a UUID of version 4, and a little less.
const ENOUGH: usize = 120;

pub(super) fn access_token(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let mut found: Vec<Difference> = form(pair).into_iter().collect();
    found.extend(length(pair));
    found.extend(undocumented(pair));
    found.extend(wrapped(pair));
    found.extend(characters(pair));
    found.extend(guessable(pair));
    found
}

fn described(token: &str) -> Observed {
    let length = token.chars().count();
    Observed::text(&format!(
        "{} token, {length} characters",
        shape(token).word()
    ))
}

/// A difference that says of each token what can be said.
fn about(pair: Pair<Answered<'_>>, difference: Difference) -> Difference {
    let tokens = pair.map(|side| side.token());
    let lengths = tokens.map(|token| token.chars().count());
    difference
        .showing(described(tokens.old), described(tokens.new))
        .detail("old_length", lengths.old)
        .detail("new_length", lengths.new)
}

fn meant(pair: Pair<Answered<'_>>) -> bool {
    pair.old.shape_meant && pair.new.shape_meant
}

fn form(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let shapes = pair.map(|side| shape(side.token()));
    if shapes.old == shapes.new {
        return None;
    }
    let explain = "the token has another form: columns, buffers, patterns and header limits that fitted \
                   the old one may not fit this one";
    let check = catalogue::B13;
    let difference = about(pair, check.differs(PATH, Kind::Format, explain));
    Some(match meant(pair) {
        true => check.otherwise(difference),
        false => difference,
    })
}

fn length(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let lengths = pair.map(|side| side.token().chars().count());
    let steps = crossed(lengths);
    // JWTs of one issuer vary by a few characters; a quarter more is another kind of token.
    let (short, long) = (lengths.old.min(lengths.new), lengths.old.max(lengths.new));
    let other = long * 4 > short * 5;
    let same_form = shape(pair.old.token()) == shape(pair.new.token());
    let check = catalogue::B15;
    let explain = match steps.first().zip(steps.last()) {
        Some((first, last)) if first == last => {
            format!("the token no longer fits where {first} characters did")
        }
        Some((first, last)) => format!(
            "the token no longer fits where {first} characters did, nor in any of {} places known, up to {last}",
            steps.len()
        ),
        None if other && same_form => {
            "the token has another length: a column or buffer that fitted may not".to_owned()
        }
        None => return None,
    };
    let difference = about(pair, check.differs(PATH, Kind::Length, explain));
    let difference = match steps.is_empty() {
        true => difference,
        false => difference.detail("crossed", steps),
    };
    Some(match meant(pair) {
        true => check.otherwise(difference),
        false => difference,
    })
}

/// The characters by which a token is longer than the documents of its platform say.
fn beyond(side: Answered<'_>) -> Option<(usize, usize)> {
    let longest = usize::try_from(side.longest?).ok()?;
    let length = side.token().chars().count();
    (length > longest).then_some((length, longest))
}

fn undocumented(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let (length, longest) = beyond(pair.new).filter(|_| beyond(pair.old).is_none())?;
    let explain = format!(
        "the token has {length} characters, and the platform's documents say {longest} at most: whoever \
         made room for what they say cuts it"
    );
    let difference = catalogue::B17.differs(PATH, Kind::Length, explain);
    Some(about(pair, difference).detail("longest", longest))
}

/// A JWE (five parts), or a JWT behind a prefix: neither opaque nor what clients know as a JWT.
fn wrapping(token: &str) -> Option<&'static str> {
    if shape(token) == TokenShape::Jwt {
        return None;
    }
    let parts = token.split('.').count();
    if parts == 5 && token.starts_with("ey") {
        return Some("a JWE of five parts");
    }
    // GitHub's way: `ghs_` and a JWT.
    let inner = token.find("eyJ").and_then(|at| token.get(at..));
    let inner = inner.filter(|inner| shape(inner) == TokenShape::Jwt);
    inner.map(|_| "a JWT behind a prefix")
}

fn wrapped(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let wrappings = pair.map(|side| wrapping(side.token()));
    let new = wrappings.new.filter(|new| wrappings.old != Some(*new))?;
    let explain = format!("the token is {new}");
    let difference = catalogue::B14.differs(PATH, Kind::Format, explain);
    Some(about(pair, difference))
}

/// What a token has that it must not have.
fn outside(token: &str) -> [bool; 3] {
    let edge = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\u{feff}');
    let visible = |c: char| matches!(c, ' '..='~');
    let bearer = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    let trimmed = token.trim_end_matches('=');
    [
        !token.chars().all(visible),
        !trimmed.chars().all(bearer),
        token.chars().any(edge),
    ]
}

fn characters(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let (old, new) = (outside(pair.old.token()), outside(pair.new.token()));
    let [unseen, unsent, edged] = [0, 1, 2].map(|at| new[at] && !old[at]);
    let mut found = Vec::new();
    if old[1] && !new[1] {
        let explain =
            "the token has no characters any more that `Authorization: Bearer` does not take";
        let mended = catalogue::B11.differs(PATH, Kind::Format, explain);
        found.push(about(pair, catalogue::B11.otherwise(mended)));
    }
    let mut tell = |check: catalogue::Check, explain: &str| {
        found.push(about(pair, check.differs(PATH, Kind::Format, explain)));
    };
    if edged {
        let explain = "the token has a blank, line break, quote or byte order mark in it";
        tell(catalogue::B12, explain);
    }
    if unseen {
        let explain = "the token has characters that no header can carry";
        tell(catalogue::B10, explain);
    } else if unsent && !edged {
        let explain = "the token has characters that `Authorization: Bearer` does not take";
        tell(catalogue::B11, explain);
    }
    found
}

fn guessable(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let bits = pair.map(|side| bits(side.token()));
    let (old, new) = (bits.old?, bits.new?);
    (old >= ENOUGH && new < ENOUGH).then(|| {
        let explain =
            format!("the token can have {new} random bits at most, where it had up to {old}");
        about(pair, catalogue::B18.differs(PATH, Kind::Value, explain))
    })
}
