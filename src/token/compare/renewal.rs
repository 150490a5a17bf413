//! Refresh tokens: what a refresh gives, and what they are made of.

use super::secret::crossed;
use super::{Answered, catalogue};
use crate::config::Grant;
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed};

const PATH: &str = "$.refresh_token";

/// What became of the refresh token that was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Renewed {
    /// Another one came in its place.
    Replaced,
    /// The same one came again.
    Repeated,
    /// None came: it goes on being good (RFC 6749 section 6).
    Omitted,
}

impl Renewed {
    const fn words(self) -> &'static str {
        match self {
            Self::Replaced => "another one",
            Self::Repeated => "the same one again",
            Self::Omitted => "none",
        }
    }
}

pub(super) fn refresh_token(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let mut found = Vec::new();
    if pair.new.grant == Grant::RefreshToken {
        found.extend(renewed(pair));
    }
    found.extend(made_of(pair));
    found
}

fn renewed(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let what = pair.map(|side| {
        let given = side.acquired.answer.text("refresh_token");
        match given {
            None => Renewed::Omitted,
            Some(given) if used(side).as_deref() == Some(given) => Renewed::Repeated,
            Some(_) => Renewed::Replaced,
        }
    });
    if what.old == what.new {
        return None;
    }
    let (check, explain) = match what.new {
        Renewed::Replaced => (
            catalogue::D02,
            "a refresh now gives another refresh token: clients must store it",
        ),
        Renewed::Repeated => (
            catalogue::D03,
            "a refresh now gives the same refresh token again",
        ),
        Renewed::Omitted => (
            catalogue::D03,
            "a refresh gives no refresh token any more: clients must keep the one they have",
        ),
    };
    let shown = what.map(|what| Observed::text(what.words()));
    let difference = check.differs(PATH, Kind::Value, explain);
    Some(difference.showing(shown.old, shown.new))
}

/// The refresh token that was sent.
fn used(side: Answered<'_>) -> Option<String> {
    let mut form = url::form_urlencoded::parse(&side.acquired.request.body);
    let (_, value) = form.find(|(name, _)| name == "refresh_token")?;
    Some(value.into_owned())
}

fn made_of(pair: Pair<Answered<'_>>) -> Option<Difference> {
    let tokens = pair.map(|side| side.acquired.answer.text("refresh_token"));
    let (old, new) = (tokens.old?, tokens.new?);
    let lengths = Pair::new(old, new).map(|token| token.chars().count());
    let seen = |text: &str| text.chars().all(|c| matches!(c, ' '..='~'));
    let steps = crossed(lengths);
    let explain = if seen(old) && !seen(new) {
        "the refresh token has characters that are not visible ASCII".to_owned()
    } else {
        let first = steps.first()?;
        format!("the refresh token no longer fits where {first} characters did")
    };
    let shown =
        lengths.map(|length| Observed::text(&format!("refresh token, {length} characters")));
    let difference = catalogue::B35.differs(PATH, Kind::Length, explain);
    let difference = match seen(old) && !seen(new) {
        true => catalogue::B35.otherwise(difference),
        false => difference,
    };
    let difference = difference.showing(shown.old, shown.new);
    let difference = difference
        .detail("old_length", lengths.old)
        .detail("new_length", lengths.new);
    Some(difference.detail("crossed", steps))
}
