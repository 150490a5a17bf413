//! `expires_in`: whether it is there, of which type, and how long a token lives; where it is gone, what the
//! new token says itself.

use serde_json::Value;

use super::{Answered, catalogue, shown};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed};
use crate::token::catalogue::Check;
use crate::token::shape::payload;

const PATH: &str = "$.expires_in";
/// A life below which clients that renew ahead of time never stop renewing, in seconds.
const STORM: u64 = 60;
/// How many times too long a life is that was written in milliseconds.
const MILLISECONDS: u64 = 1000;
/// The longest life that can be meant: a year, in seconds.
const YEAR: u64 = 31_536_000;

pub(super) fn expires_in(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let value = pair.map(|side| side.member("expires_in"));
    let tell = |check: Check, kind: Kind, explain: &str| {
        let (old, new) = shown(pair, "expires_in");
        check.differs(PATH, kind, explain).showing(old, new)
    };
    let written = match (value.old, value.new) {
        (None, None) => None,
        (Some(_), None) => {
            let explain = "without `expires_in` a client does not know when to renew its token";
            Some(tell(catalogue::B24, Kind::Removed, explain))
        }
        (None, Some(new)) if whole(new) => {
            let explain = "the answer now says how long the token lives";
            let added = tell(catalogue::B24, Kind::Added, explain);
            Some(catalogue::B24.otherwise(added))
        }
        (old, Some(new)) if old.is_none_or(whole) && !whole(new) => {
            let explain =
                "`expires_in` is no whole number any more: typed clients fail to decode it";
            Some(tell(catalogue::B25, Kind::Type, explain))
        }
        (Some(old), Some(new)) if whole(old) != whole(new) => {
            let explain = "`expires_in` became a whole number: clients that took a text or a fraction may \
                           fail to decode it";
            Some(tell(catalogue::B25, Kind::Type, explain))
        }
        _ => return life(pair, tell).into_iter().collect(),
    };
    // Another type says nothing of the life: where that can be read all the same, it is told too.
    let readable = pair.new.acquired.answer.expires_in().is_some();
    let lives = (value.old.is_some() && readable).then(|| life(pair, tell));
    written.into_iter().chain(lives.flatten()).collect()
}

fn whole(value: &Value) -> bool {
    value.is_u64() || value.is_i64()
}

fn life(
    pair: Pair<Answered<'_>>,
    tell: impl Fn(Check, Kind, &str) -> Difference,
) -> Option<Difference> {
    let life = pair.map(|side| side.acquired.answer.expires_in());
    let sound = |life: Option<u64>| life.is_some_and(|life| (1..=YEAR).contains(&life));
    if sound(life.old) && !sound(life.new) {
        let explain = "the new life is no time that a token can live";
        return Some(tell(catalogue::B26, Kind::Value, explain));
    }
    let (old, new) = (life.old?, life.new?);
    if !differs(old, new) {
        return None;
    }
    let times = old.max(new) / old.min(new).max(1);
    let often = match times {
        1 => "more often".to_owned(),
        times => format!("{times} times as often"),
    };
    let difference = if new < old {
        let explain =
            format!("the token lives {new} s instead of {old} s: clients renew it {often}");
        let shorter = tell(catalogue::B27, Kind::Value, &explain);
        match new < STORM {
            true => catalogue::B27.otherwise(shorter),
            false => shorter,
        }
    } else {
        let longer = match times {
            1 => "longer".to_owned(),
            times => format!("{times} times as long"),
        };
        let explain =
            format!("the token lives {new} s instead of {old} s: a leaked one is useful {longer}");
        tell(catalogue::B28, Kind::Value, &explain)
    };
    Some(difference.detail("times", times))
}

/// The life that a JWT gives itself by `exp`, where the new answer has stopped to say one. Twice or half the
/// old one is what clients cannot know; a thousand times is milliseconds taken for seconds, and told as that too.
pub(super) fn unsaid(pair: Pair<Answered<'_>>) -> Vec<Difference> {
    let Some((old, left)) = lives_by_exp(pair) else {
        return Vec::new();
    };
    if left < old.saturating_mul(2) && old < left.saturating_mul(2) {
        return Vec::new();
    }
    let times = left / old;
    let tell = |check: Check, explain: String| {
        let difference = check.differs("claims.$.exp", Kind::Value, explain);
        let difference = difference.showing(Observed::of(&old), Observed::of(&left));
        difference.detail("times", times)
    };
    let explain = format!(
        "the answer does not say how long the token lives, and by its `exp` it lives {left} s instead of {old} s"
    );
    let mut found = vec![tell(catalogue::B29, explain)];
    if (MILLISECONDS - 1..=MILLISECONDS).contains(&times) {
        let explain = format!(
            "`exp` is {left} s ahead, a thousand times the old life: milliseconds taken for seconds"
        );
        found.push(tell(catalogue::F06, explain));
    }
    found
}

/// The old life as it is said, and the new one by `exp` where none is said; in seconds.
fn lives_by_exp(pair: Pair<Answered<'_>>) -> Option<(u64, u64)> {
    let old = pair.old.acquired.answer.expires_in();
    let old = old.filter(|old| *old > 0)?;
    if pair.new.member("expires_in").is_some() {
        return None;
    }
    let claims: Value = serde_json::from_slice(&payload(pair.new.token())?).ok()?;
    let left = claims["exp"].as_i64()?.saturating_sub(pair.new.acquired.at);
    // What has ended already is told by the check of the clocks.
    Some((old, u64::try_from(left).ok()?))
}

/// Lives are whole minutes; what is left of the life of a token that is served again seldom is. Such a
/// rest is another life only where it is half or twice the other.
fn differs(old: u64, new: u64) -> bool {
    if old.is_multiple_of(60) && new.is_multiple_of(60) {
        return old != new;
    }
    old.max(new) >= old.min(new).saturating_mul(2)
}
