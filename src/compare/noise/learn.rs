//! [`SideNoise`]: what varies between the answers of one side to one question.

use std::collections::BTreeMap;

use super::form::Form;
use super::place::Place;
use super::seen::Seen;
use crate::compare::{Comparison, Rules, Standing};
use crate::message::Response;
use crate::pair::Pair;
use crate::platform::Platform;
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// What varies between the answers of one side. Places are those of its first answer.
#[derive(Debug, Default)]
pub(super) struct SideNoise {
    /// Values that vary, answer by answer.
    pub(super) leaves: BTreeMap<Place, Seen>,
    /// Other ways of being another each time, by template, and the first answer that showed each.
    pub(super) ways: BTreeMap<(Way, Place), usize>,
    /// Whether the same values were written otherwise in any answer: members in another order.
    pub(super) dressed: bool,
    /// How many answers were looked at.
    pub(super) answers: usize,
}

/// A way of being another each time that is no other value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// It comes and goes.
    Presence,
    /// The elements of a list come and go.
    Membership,
    /// The order of a list.
    Order,
    /// Anything else.
    Other(Kind),
}

/// What a difference is a matter of.
pub(super) enum Matter {
    Leaf,
    Way(Way),
    /// What no variation explains: a status, a leak, a reference.
    Fixed,
}

impl Matter {
    pub(super) const fn of(difference: &Difference) -> Self {
        if !matches!(difference.r#where, Where::Header | Where::Body) {
            return Self::Fixed;
        }
        match difference.kind {
            Kind::Value | Kind::Format | Kind::Type => Self::Leaf,
            Kind::Removed | Kind::Added => Self::Way(Way::Presence),
            Kind::MissingElement | Kind::ExtraElement => Self::Way(Way::Membership),
            Kind::Order => Self::Way(Way::Order),
            Kind::HostLeak | Kind::BrokenReference => Self::Fixed,
            kind => Self::Way(Way::Other(kind)),
        }
    }
}

impl SideNoise {
    /// Compares the first answer of a side with each of its others. `rules` are those that hold within
    /// a side.
    pub(super) fn learn(answers: &[&Response], rules: &Rules, platform: &Platform) -> Self {
        let mut noise = Self {
            answers: answers.len(),
            ..Self::default()
        };
        let Some((first, others)) = answers.split_first() else {
            return noise;
        };
        for (at, other) in others.iter().enumerate() {
            let found = within(first, other, rules, platform);
            noise.dressed |= found.dress.is_some();
            for difference in &found.differences {
                noise.take(difference, at + 1);
            }
        }
        noise.widen(first);
        noise
    }

    /// Notes what the answer of an index shows against the first.
    fn take(&mut self, difference: &Difference, at: usize) {
        let place = Place::of_old(difference);
        match Matter::of(difference) {
            Matter::Leaf => {
                let answers = self.answers;
                let first = || Seen::constant(difference.old.clone(), answers);
                let seen = self.leaves.entry(place).or_insert_with(first);
                seen.weighs |= difference.severity > Severity::Cosmetic;
                if let Some(value) = seen.values.get_mut(at) {
                    *value = difference.new.clone();
                }
            }
            Matter::Way(way) => {
                self.ways.entry((way, place.template())).or_insert(at);
            }
            Matter::Fixed => {}
        }
    }

    /// Where an element of a list varies, the same leaf of another may have stayed the same by
    /// chance: a small number, a time of whole seconds.
    fn widen(&mut self, answer: &Response) {
        let mut more = Vec::new();
        for (template, forms) in self.forms() {
            let Some(leaves) = template.leaves(answer) else {
                continue;
            };
            for (place, raw) in leaves {
                if place.path.is_empty() || self.leaves.contains_key(&place) {
                    continue;
                }
                let value = Observed::raw(&raw);
                let text = value.display().unwrap_or_default().into_owned();
                if forms.could_include(&text) {
                    more.push((place, Seen::constant(value, self.answers)));
                }
            }
        }
        self.leaves.extend(more);
    }

    /// What the values of each template are that stands for several places.
    fn forms(&self) -> Vec<(Place, Form)> {
        let mut texts: BTreeMap<Place, Vec<String>> = BTreeMap::new();
        for (place, seen) in &self.leaves {
            let template = place.template();
            if template != *place && place.is_aligned() {
                texts.entry(template).or_default().extend(seen.texts());
            }
        }
        let form = |(place, texts)| Some((place, Form::of(texts)?));
        texts.into_iter().filter_map(form).collect()
    }

    /// The places that vary, each list of them as a template where every leaf that it names does.
    pub(super) fn places(&self, answer: &Response) -> Vec<(Place, Vec<(&Place, &Seen)>)> {
        let mut groups: BTreeMap<Place, Vec<(&Place, &Seen)>> = BTreeMap::new();
        for (place, seen) in &self.leaves {
            groups
                .entry(place.template())
                .or_default()
                .push((place, seen));
        }
        let mut places = Vec::new();
        for (template, members) in groups {
            let single = members.len() == 1 && members.iter().all(|(place, _)| **place == template);
            let whole = || {
                template
                    .leaves(answer)
                    .is_some_and(|all| all.len() == members.len())
            };
            if single || whole() {
                places.push((template, members));
            } else {
                let alone = members.into_iter();
                places.extend(alone.map(|(place, seen)| (place.clone(), vec![(place, seen)])));
            }
        }
        places
    }

    pub(super) fn varies(&self, way: Way, place: &Place) -> bool {
        self.ways.contains_key(&(way, place.template()))
    }
}

/// Compares two answers of one side: nothing stands for anything else.
pub(super) fn within(
    first: &Response,
    other: &Response,
    rules: &Rules,
    platform: &Platform,
) -> Comparison {
    let answers = Pair::new(first, other);
    crate::compare::compare_values(answers, rules, &Standing::default(), Pair::both(platform))
}
