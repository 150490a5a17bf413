//! [`Learned`]: the rule that says in a suite what the answers showed.

use super::form::Form;
use super::learn::{SideNoise, Way};
use super::place::Place;
use super::seen::Seen;
use crate::message::Response;
use crate::pair::Pair;
use crate::results::{Observed, Where};

/// Values of a side that are shown as evidence.
const SHOWN: usize = 3;

/// Something that varies on both sides, and the rule that says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    /// The part of the answer.
    pub r#where: Where,
    /// The place, indices of lists left open where all that it names varies.
    pub path: String,
    /// What stands behind `compare:` in the suite; `None` where any rule would hide what does not
    /// vary.
    pub rule: Option<String>,
    /// Values that each side showed, some of them. Redact them before they are shown.
    pub seen: Pair<Vec<Observed>>,
}

/// What varies on both sides, with its rules. A rule names nothing that stayed the same.
pub(super) fn learned(noise: Pair<&SideNoise>, answers: Pair<&Response>) -> Vec<Learned> {
    let places = Pair::of(|side| noise[side].places(answers[side]));
    let mut learned = Vec::new();
    for (place, old) in &places.old {
        let Some((_, new)) = places.new.iter().find(|(other, _)| other == place) else {
            continue;
        };
        let seen = Pair::new(old, new).map(|seen| {
            let values = seen
                .iter()
                .flat_map(|seen: &&Seen| seen.values.iter().cloned());
            Seen {
                values: values.collect(),
            }
        });
        learned.push(Learned {
            r#where: place.r#where,
            path: place.path.clone(),
            rule: rule(place, &seen),
            seen: seen.map(|seen| seen.distinct().into_iter().take(SHOWN).collect()),
        });
    }
    for (way, place) in noise.old.ways.intersection(&noise.new.ways) {
        let rule = match (way, place.locator()) {
            (Way::Order, Some(at)) => Some(format!("unordered: [ {} ]", quoted(at.text()))),
            _ => None,
        };
        learned.push(Learned {
            r#where: place.r#where,
            path: place.path.clone(),
            rule,
            seen: Pair::default(),
        });
    }
    learned
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
