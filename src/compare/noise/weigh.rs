//! What a difference between the sides is worth, once it is known what varies within each.

use std::collections::HashSet;

use super::form::{Change, Form};
use super::learn::{Matter, SideNoise};
use super::place::Place;
use super::seen::Seen;
use super::sorts::Odd;
use super::words as say;
use crate::compare::Standing;
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// Values of a side that a noisy difference shows.
const SHOWN: usize = 3;

/// Weighs differences by what varies within each side.
pub(super) struct Scales<'n> {
    pub(super) noise: Pair<&'n SideNoise>,
    pub(super) standing: &'n Standing,
    pub(super) answers: Pair<&'n Response>,
}

impl Scales<'_> {
    /// The differences that are more than noise, each with the evidence where its place varies.
    pub(super) fn weigh(&self, differences: Vec<Difference>) -> Vec<Difference> {
        differences
            .into_iter()
            .filter_map(|it| self.one(it))
            .collect()
    }

    fn one(&self, difference: Difference) -> Option<Difference> {
        let places = Pair::new(Place::of_old(&difference), Place::of_new(&difference));
        match Matter::of(&difference) {
            Matter::Fixed => Some(difference),
            Matter::Leaf => self.leaf(difference, places.as_ref()),
            Matter::Way(way) => {
                let varies = Pair::of(|side| self.noise[side].varies(way, &places[side]));
                match (varies.old, varies.new) {
                    (true, true) => None,
                    (false, false) => Some(difference),
                    (old, _) => {
                        let side = if old { Side::Old } else { Side::New };
                        let note = format!(
                            "it is so between answers of the {side} side alone, too, and never between those of the {} side: {}",
                            side.other(),
                            say::NO_RULE
                        );
                        Some(difference.advice(note))
                    }
                }
            }
        }
    }

    fn leaf(&self, difference: Difference, places: Pair<&Place>) -> Option<Difference> {
        let seen = Pair::of(|side| self.noise[side].leaves.get(places[side]));
        if seen.old.is_none() && seen.new.is_none() {
            return Some(difference);
        }
        let all = Pair::of(|side| {
            let first = match side {
                Side::Old => &difference.old,
                Side::New => &difference.new,
            };
            let constant = || Seen::constant(first.clone(), self.noise[side].answers);
            seen[side].map_or_else(constant, |seen| seen.behind(first))
        });
        if let Some(odd) = Odd::between(all.as_ref()) {
            let (difference, change) = odd.told(difference);
            return Some(retyped(noisy(difference, change, &all)));
        }
        let change = match (seen.old, seen.new) {
            (Some(old), Some(new)) => self.both(Pair::new(old, new)),
            (Some(varying), None) => self.one_side(Side::Old, varying, &difference),
            (None, Some(varying)) => self.one_side(Side::New, varying, &difference),
            (None, None) => None,
        };
        Some(noisy(difference, change?, &all))
    }

    /// A place that varies on both sides: what it is must be the same.
    fn both(&self, seen: Pair<&Seen>) -> Option<Change> {
        let forms = self.forms(seen).transpose()?;
        Form::change(forms.as_ref())
    }

    fn forms(&self, seen: Pair<&Seen>) -> Pair<Option<Form>> {
        seen.map_sides(|side, seen| {
            let texts = seen.texts().into_iter();
            Form::of(
                texts
                    .map(|text| self.standing.canonical(side, &text))
                    .collect(),
            )
        })
    }

    /// A place that varies on one side only, and shows another value on the other.
    fn one_side(&self, side: Side, varying: &Seen, difference: &Difference) -> Option<Change> {
        let constant = match side {
            Side::Old => &difference.new,
            Side::New => &difference.old,
        };
        let form = Form::of(varying.texts());
        let text = constant.display().unwrap_or_default();
        if form.as_ref().is_some_and(|form| form.could_be(&text)) {
            return None;
        }
        let class = form.map(|form| form.class);
        let answers = self.noise[side.other()].answers;
        Some(Change {
            kind: difference.kind,
            severity: difference.severity,
            explain: say::constant(side, class, answers),
        })
    }

    /// Places that vary on one side and are the same on both in the answers at hand: what stands still
    /// on the other side is a difference all the same. `known`: the places that have one already.
    pub(super) fn stopped(&self, known: &[Difference]) -> Vec<Difference> {
        let mut stopped = Vec::new();
        for side in Side::BOTH {
            let other = self.noise[side.other()];
            let moving: HashSet<Place> = other.leaves.keys().map(Place::template).collect();
            for (place, seen) in &self.noise[side].leaves {
                let told = |d: &Difference| {
                    place.is_within(&Place::of_old(d)) || place.is_within(&Place::of_new(d))
                };
                if known.iter().any(told) || stopped.iter().any(told) {
                    continue;
                }
                if let Some(difference) = self.mixed(side, place, seen) {
                    stopped.push(difference);
                    continue;
                }
                if moving.contains(&place.template()) {
                    continue;
                }
                let Some(first) = seen.values.first() else {
                    continue;
                };
                let text = first.display().unwrap_or_default();
                let form = Form::of(seen.texts());
                let decided = form.as_ref().is_some_and(|form| !form.could_be(&text));
                let still = seen.values.iter().all(|value| value == first);
                if !decided || still || !place.stands_in(self.answers[side.other()]) {
                    continue;
                }
                let severity = match place.r#where {
                    Where::Header => Severity::Risky,
                    _ => Severity::Breaking,
                };
                let explain = say::constant(side, form.map(|form| form.class), other.answers);
                let shown = Pair::both(first.clone());
                let difference =
                    Difference::new(place.r#where, place.path.clone(), Kind::Value, severity, "")
                        .showing(shown.old, shown.new);
                let constant = Seen::constant(first.clone(), other.answers);
                let mut all = Pair::both(constant);
                all[side] = seen.clone();
                let change = Change {
                    kind: Kind::Value,
                    severity,
                    explain,
                };
                stopped.push(noisy(difference, change, &all));
            }
        }
        stopped
    }

    /// Values of several types on one side, of which the other side shows one never, at this place of
    /// any element of its list.
    fn mixed(&self, side: Side, place: &Place, seen: &Seen) -> Option<Difference> {
        if !seen.is_mixed() {
            return None;
        }
        let (template, other) = (place.template(), side.other());
        let here = template.leaves(self.answers[other])?;
        let first = seen.values.first().filter(|_| !here.is_empty())?;
        let noise = self.noise[other];
        let varying = noise
            .leaves
            .iter()
            .filter(|(it, _)| it.template() == template);
        let varying = varying.flat_map(|(_, seen)| seen.values.iter().cloned());
        let constant = here.iter().map(|(_, raw)| Observed::raw(raw));
        let others: Vec<Observed> = varying.chain(constant).collect();
        let odd = Odd::of(side, &seen.values, &others)?;
        let (r#where, path) = (place.r#where, place.path.clone());
        let equal = Difference::new(r#where, path, Kind::Value, Severity::Breaking, "")
            .showing(first.clone(), first.clone());
        let (difference, change) = odd.told(equal);
        let constant = || Seen::constant(first.clone(), noise.answers);
        let mut all = Pair::both(seen.clone());
        all[other] = noise.leaves.get(place).cloned().unwrap_or_else(constant);
        Some(retyped(noisy(difference, change, &all)))
    }
}

/// What to do about another type: no pattern allows it.
fn retyped(difference: Difference) -> Difference {
    let path = serde_json::Value::from(difference.path.as_str());
    let advice = format!(
        "if this is meant: accept: [ {{ where: {}, path: {path}, kind: {}, because: \"…\" }} ]",
        difference.r#where, difference.kind
    );
    difference.advice(advice)
}

/// A difference at a place that varies: what changed, the values seen, and the rule that would allow
/// it.
fn noisy(difference: Difference, change: Change, seen: &Pair<Seen>) -> Difference {
    let place = Place::of_old(&difference);
    // A header of the gateway itself stays as light as it was.
    let severity = match difference.r#where {
        Where::Header => change.severity.min(difference.severity),
        _ => change.severity,
    };
    let texts = seen.as_ref().map(|seen| {
        let shown = seen.distinct(SHOWN).into_iter();
        let shown = shown.filter_map(|value| value.display().map(std::borrow::Cow::into_owned));
        shown.collect::<Vec<String>>()
    });
    let forms = seen.as_ref().map(|seen| Form::of(seen.texts()));
    let advice = match (place.locator(), forms.transpose()) {
        (Some(locator), Some(forms)) => {
            let path = serde_json::Value::from(locator.text());
            let pattern = Form::pattern(forms.as_ref());
            format!("if this is meant: compare: {{ pattern: {{ {path}: {pattern} }} }}")
        }
        _ => say::NO_RULE.to_owned(),
    };
    Difference {
        kind: change.kind,
        severity,
        explain: change.explain,
        ..difference
    }
    .advice(advice)
    .detail(crate::results::OLD_SEEN, texts.old)
    .detail(crate::results::NEW_SEEN, texts.new)
}
