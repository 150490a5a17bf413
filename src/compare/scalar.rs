//! Two texts outside a JSON body (a header, a form field) under the rules of their place.

use super::rules::Effects;
use super::{Comparison, Relation, Standing, words};
use crate::pair::Pair;
use crate::results::Kind;

/// How two texts differ, if the rules of their place and what stands for each other leave a difference.
/// Values that a `bind` rule ties, and the rules that rewrote something, are noted in `found`.
pub(super) fn compare(
    texts: Pair<&str>,
    effects: &Effects<'_>,
    standing: &Standing,
    place: &str,
    found: &mut Comparison,
) -> Option<(Kind, String)> {
    if let Some(host) = standing.leaked(texts.new.as_bytes()) {
        return Some((Kind::HostLeak, words::host_leak(host)));
    }
    // What is the same on the wire is the same to a consumer, whatever a rule makes of one side.
    if texts.old == texts.new {
        return None;
    }
    let rewritten = effects.rewrite(texts.old, &mut found.used);
    let texts = Pair::new(rewritten.as_str(), texts.new);
    if texts.old == texts.new {
        return None;
    }
    if let Some(pattern) = effects.pattern {
        let fits = texts.map(|text| pattern.matches(text));
        if fits.old && fits.new {
            return None;
        }
        if fits.old != fits.new {
            return Some((Kind::Value, words::pattern(&pattern.what(), fits.old)));
        }
    }
    if effects
        .tolerance
        .is_some_and(|rule| rule.allows(texts.old, texts.new) == Some(true))
    {
        return None;
    }
    let relation = standing.relation(texts, place);
    if effects.bind && relation != Relation::Broken {
        found
            .born
            .push((place.to_owned(), texts.map(str::to_owned)));
        return None;
    }
    match relation {
        Relation::Same => None,
        Relation::Broken => Some((Kind::BrokenReference, words::BROKEN.to_owned())),
        Relation::Different => Some((Kind::Value, words::value(texts, false))),
    }
}
