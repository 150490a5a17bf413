//! Headers of a rate limit: what is allowed, and the counters of what is left.

use super::parts::Part;
use super::syntax::{parameter, split};
use crate::pair::Pair;
use crate::results::{Kind, Severity};

/// Whether a header is of a rate limit.
pub(super) fn is_one(name: &str) -> bool {
    ["x-ratelimit-", "x-rate-limit-", "ratelimit"]
        .iter()
        .any(|start| name.starts_with(start))
}

/// What differs between two values: a limit is promised, a counter runs.
pub(super) fn differing(name: &str, texts: Pair<&str>) -> Vec<Part> {
    let part = if sets_a_limit(name) {
        limit(texts)
    } else {
        counter(texts)
    };
    vec![part]
}

/// Whether a header of a rate limit says what is allowed, not what is left of it
/// (draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy`, and `RateLimit-Limit` of its early versions).
fn sets_a_limit(name: &str) -> bool {
    let mut words = name.rsplit('-').peekable();
    // `x-ratelimit-limit-minute` names the window, too.
    words.next_if(|word| ["second", "minute", "hour", "day", "month", "year"].contains(word));
    matches!(words.next(), Some("limit" | "policy"))
}

/// How many requests are allowed: what stands first, or the parameter `q`.
fn quota(text: &str) -> Option<u64> {
    let first = split(text, ',').into_iter().next()?;
    let mut pieces = split(first, ';').into_iter();
    let number = pieces.next()?.parse().ok();
    let named = || {
        let mut named = pieces.map(parameter).filter(|(name, _)| name == "q");
        named.next()?.1.parse().ok()
    };
    number.or_else(named)
}

/// What a rate limit allows: a smaller one stops clients that an old one let pass.
fn limit(texts: Pair<&str>) -> Part {
    let number = texts.map(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let quotas = texts.map(quota);
    if quotas.old.is_some() && quotas.old == quotas.new && number.old != number.new {
        return counter(texts);
    }
    let explain = match quotas.transpose() {
        Some(quotas) if quotas.new < quotas.old => {
            "fewer requests are allowed: clients are throttled sooner"
        }
        Some(quotas) if quotas.new > quotas.old => {
            "more requests are allowed: clients that pace themselves by it send more at a time"
        }
        _ => {
            "the limit is counted another way: clients that pace themselves by it are throttled at other times"
        }
    };
    Part::whole(Kind::Value, Severity::Risky, texts, explain)
}

/// Counters of a rate limit: values run, forms do not.
fn counter(texts: Pair<&str>) -> Part {
    let number = texts.map(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let (kind, severity, explain) = if number.old == number.new {
        (
            Kind::Value,
            Severity::Cosmetic,
            "a counter, which runs from answer to answer",
        )
    } else {
        (
            Kind::Format,
            Severity::Risky,
            "a number on one side only: clients that read a number fail",
        )
    };
    Part::whole(kind, severity, texts, explain)
}
