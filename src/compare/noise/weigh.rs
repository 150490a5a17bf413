//! What a difference between the sides is worth, once it is known what varies within each.

use std::collections::HashSet;

use super::form::{Change, Form};
use super::learn::{Matter, SideNoise};
use super::place::Place;
use super::seen::{Seen, Sort};
use super::words as say;
use crate::compare::Standing;
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Severity, Where};

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
        let change = match (seen.old, seen.new) {
            (None, None) => return Some(difference),
            (Some(old), Some(new)) => self.both(&difference, Pair::new(old, new)),
            (Some(varying), None) => self.one_side(Side::Old, varying, &difference),
            (None, Some(varying)) => self.one_side(Side::New, varying, &difference),
        };
        let change = change?;
        let times = Pair::of(|side| self.noise[side].answers);
        let seen = Pair::of(|side| {
            let constant = match side {
                Side::Old => &difference.old,
                Side::New => &difference.new,
            };
            let seen = seen[side].cloned();
            seen.unwrap_or_else(|| Seen::constant(constant.clone(), times[side]))
        });
        Some(noisy(difference, change, &seen))
    }

    /// A place that varies on both sides: what it is must be the same.
    fn both(&self, difference: &Difference, seen: Pair<&Seen>) -> Option<Change> {
        let sorts = Pair::new(Sort::of(&difference.old), Sort::of(&difference.new));
        if sorts.old != sorts.new && !seen.old.has(sorts.new) && !seen.new.has(sorts.old) {
            return Some(kept(difference));
        }
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
        let sorts = Pair::new(Sort::of(&difference.old), Sort::of(&difference.new));
        if sorts.old != sorts.new {
            return (!varying.has(Sort::of(constant))).then(|| kept(difference));
        }
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
                let moves = moving.contains(&place.template());
                if moves || known.iter().any(told) {
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
}

/// The change as the comparison found it.
fn kept(difference: &Difference) -> Change {
    Change {
        kind: difference.kind,
        severity: difference.severity,
        explain: difference.explain.clone(),
    }
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
