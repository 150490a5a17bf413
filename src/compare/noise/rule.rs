//! [`Learned`]: the rule that says in a suite what the answers showed.

use std::collections::{BTreeMap, BTreeSet};

use super::form::Form;
use super::learn::{SideNoise, Way};
use super::place::Place;
use super::seen::Seen;
use super::sorts::Odd;
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Observed, Where};

/// Values of a side that are shown as evidence.
const SHOWN: usize = 3;

/// Places that a path names, with what was seen there.
type Members<'n> = Vec<(&'n Place, &'n Seen)>;

/// Something that varies, and the rule that says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    /// The part of the answer.
    pub r#where: Where,
    /// The place, indices of lists left open where all that it names varies.
    pub path: String,
    /// A place that it names, indices and all: what `redact:` is asked about.
    pub at: String,
    /// What stands behind `compare:` in the suite; `None` where any rule would hide what does not
    /// vary.
    pub rule: Option<String>,
    /// Values that each side showed, some of them. Redact them before they are shown.
    pub seen: Pair<Vec<Observed>>,
    /// The side that it varies on, where it does so on one only and that is no difference.
    pub only: Option<Side>,
}

/// What varies on both sides, with its rules. A rule names nothing that stayed the same.
/// `differences`: what is told already.
pub(super) fn learned(
    noise: Pair<&SideNoise>,
    answers: Pair<&Response>,
    differences: &[Difference],
) -> Vec<Learned> {
    let others: BTreeMap<Place, Members<'_>> = noise.new.places(answers.new).into_iter().collect();
    let mut learned = Vec::new();
    for (place, old) in noise.old.places(answers.old) {
        if let Some(new) = others.get(&place) {
            learned.extend(one(&place, &Pair::new(old, new.clone())));
            continue;
        }
        // A list that varies as a whole on one side only: each place that varies on both.
        for (place, seen) in old {
            if let Some(new) = noise.new.leaves.get(place) {
                let members = Pair::new(vec![(place, seen)], vec![(place, new)]);
                learned.extend(one(place, &members));
            }
        }
    }
    for side in Side::BOTH {
        learned.extend(one_sided(side, noise, answers, differences));
    }
    let ways = noise.old.ways.keys();
    for (way, place) in ways.filter(|way| noise.new.ways.contains_key(way)) {
        let rule = match (way, place.locator()) {
            (Way::Order, Some(at)) => Some(format!("unordered: [ {} ]", quoted(at.text()))),
            _ => None,
        };
        learned.push(Learned {
            r#where: place.r#where,
            path: place.path.clone(),
            at: place.path.clone(),
            rule,
            seen: Pair::default(),
            only: None,
        });
    }
    learned
}

/// What varies on one side only, and might have stayed the same by chance on the other: nobody is told
/// of it otherwise.
fn one_sided(
    side: Side,
    noise: Pair<&SideNoise>,
    answers: Pair<&Response>,
    differences: &[Difference],
) -> Vec<Learned> {
    let moving: BTreeSet<Place> = noise[side.other()]
        .leaves
        .keys()
        .map(Place::template)
        .collect();
    let mut alone = Vec::new();
    for (place, members) in noise[side].places(answers[side]) {
        let told = |(at, _): &(&Place, &Seen)| {
            let mut known = differences.iter();
            known.any(|d| at.is_within(&Place::of_old(d)) || at.is_within(&Place::of_new(d)))
        };
        let weighs = members.iter().any(|(_, seen)| seen.weighs);
        if !weighs || moving.contains(&place.template()) || members.iter().any(told) {
            continue;
        }
        let Some((at, seen)) = members.iter().find(|(_, seen)| seen.weighs) else {
            continue;
        };
        let mut shown = Pair::default();
        shown[side] = seen.distinct(SHOWN);
        alone.push(Learned {
            r#where: place.r#where,
            path: place.path.clone(),
            at: at.path.clone(),
            rule: None,
            seen: shown,
            only: Some(side),
        });
    }
    alone
}

/// What varies at one place; nothing where it is too light to count.
fn one(place: &Place, members: &Pair<Members<'_>>) -> Option<Learned> {
    let weighs = |members: &Members<'_>| members.iter().any(|(_, seen)| seen.weighs);
    if !weighs(&members.old) && !weighs(&members.new) {
        return None;
    }
    let (at, _) = members.old.first()?;
    let seen = members.as_ref().map(|members| {
        let values = members
            .iter()
            .flat_map(|(_, seen)| seen.values.iter().cloned());
        Seen {
            values: values.collect(),
            weighs: true,
        }
    });
    // A type that one side never shows is a difference, which no rule allows.
    if Odd::between(seen.as_ref()).is_some() {
        return None;
    }
    Some(Learned {
        r#where: place.r#where,
        path: place.path.clone(),
        at: at.path.clone(),
        rule: rule(place, &seen),
        seen: seen.map(|seen| seen.distinct(SHOWN)),
        only: None,
    })
}

fn rule(place: &Place, seen: &Pair<Seen>) -> Option<String> {
    let path = quoted(place.locator()?.text());
    let forms = seen.as_ref().map(|seen| Form::of(seen.texts()));
    let Some(forms) = forms.transpose() else {
        return Some(format!("pattern: {{ {path}: any }}"));
    };
    let pattern = Form::pattern(forms.as_ref());
    Some(format!("pattern: {{ {path}: {pattern} }}"))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
