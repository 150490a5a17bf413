//! Noise: what varies between answers of the *same* side to the same question. Each side is asked
//! several times; what differs there is then compared by what it is (a UUID, a timestamp, a counter),
//! and ids that each side makes stand for each other one to one.

mod form;
mod later;
mod learn;
mod place;
mod rule;
mod seen;
mod shape;
mod sorts;
mod times;
mod weigh;
mod words;

use form::Form;
use learn::{SideNoise, Way, within};
use place::Place;
use weigh::Scales;

use super::{Comparison, Effect, Rule, RuleId, Rules, Standing, compare, compare_values};
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::platform::Platform;
use crate::results::{Difference, Severity, Where};

pub use rule::Learned;
pub use times::shows_a_clock;

/// What comparing several answers of each side gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sampled {
    /// The differences of the first answers that are more than noise.
    pub comparison: Comparison,
    /// What varies on both sides, each with the rule that says so in a suite.
    pub learned: Vec<Learned>,
    /// What comparing each side with itself would have raised.
    pub alarms: Pair<Alarms>,
}

/// What comparing a side with itself raises: there is no difference, so whatever it is, is false.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Alarms {
    /// The worst difference that the suite's rules alone leave.
    pub ruled: Option<Severity>,
    /// The worst one that is left by what the other answers showed to vary, in an answer that was not
    /// learned from; the outer `None` where there are too few answers to keep one back.
    pub held_back: Option<Worst>,
}

/// The worst difference that was found, if one was.
pub type Worst = Option<Severity>;

/// Compares two sides that were each asked several times; the first answers are those compared. Answers
/// of another status than the first have no say. With one answer a side this is [`compare`].
pub fn compare_sampled(
    answers: Pair<&[Response]>,
    rules: &Rules,
    standing: &Standing,
    platforms: Pair<&Platform>,
) -> Sampled {
    let alike = answers.map(|answers| {
        let status = answers.first().map(|first| first.status);
        let alike = answers.iter().filter(|it| Some(it.status) == status);
        alike.collect::<Vec<&Response>>()
    });
    let firsts = alike.as_ref().map(|alike| alike.first().copied());
    let Some(firsts) = firsts.transpose() else {
        return Sampled::default();
    };
    let unsteady = later::unsteady(answers);
    if alike.old.len() < 2 || alike.new.len() < 2 {
        let mut comparison = compare(firsts, rules, standing, platforms);
        comparison.differences.splice(0..0, unsteady);
        return Sampled {
            comparison,
            ..Sampled::default()
        };
    }
    let own_rules = rules.within_a_side();
    let noise = Pair::of(|side| SideNoise::learn(&alike[side], &own_rules, platforms[side]));
    let weigh =
        |answers: Pair<&Response>| weighed(answers, noise.as_ref(), rules, standing, platforms);
    let mut comparison = weigh(firsts);
    let alike_there = alike.as_ref().map(Vec::as_slice);
    let others = later::differences(alike_there, noise.as_ref(), &comparison.differences, weigh);
    comparison.differences.extend(others);
    if !noise.old.dressed && !noise.new.dressed {
        comparison.tell_dress(firsts);
    }
    comparison.differences.splice(0..0, unsteady);
    let alarms = Pair::of(|side| alarms(&alike[side], &own_rules, platforms[side]));
    let learned = rule::learned(noise.as_ref(), firsts, &comparison.differences);
    Sampled {
        comparison,
        learned,
        alarms,
    }
}

/// Compares two answers and leaves out what is noise.
fn weighed(
    answers: Pair<&Response>,
    noise: Pair<&SideNoise>,
    rules: &Rules,
    standing: &Standing,
    platforms: Pair<&Platform>,
) -> Comparison {
    let learned = rules.with(as_rules(noise, answers));
    let first = compare_values(answers, &learned, standing, platforms);
    let mut standing = standing.clone();
    let born = births(&first.differences, noise);
    for (place, values) in &born {
        standing.born(values.as_ref().map(String::as_str), place);
    }
    let mut found = if born.is_empty() {
        first
    } else {
        compare_values(answers, &learned, &standing, platforms)
    };
    let scales = Scales {
        noise,
        standing: &standing,
        answers,
    };
    let stopped = scales.stopped(&found.differences);
    found.differences = scales.weigh(found.differences);
    found.differences.extend(stopped);
    found.used.only_written();
    // What a header names is made for one answer.
    found.born.extend(
        born.into_iter()
            .filter(|(place, _)| !place.starts_with("header:")),
    );
    found
}

/// What varies, as rules: so that elements of lists are matched by what does not.
fn as_rules(noise: Pair<&SideNoise>, answers: Pair<&Response>) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut add = |place: &Place, effect: Effect| {
        if let Some(locator) = place.locator().filter(|_| place.is_aligned()) {
            let id = RuleId {
                file: String::new(),
                line: 0,
                text: locator.text().to_owned(),
            };
            rules.push(Rule {
                id,
                place: locator,
                effect,
            });
        }
    };
    for side in Side::BOTH {
        for (place, _) in noise[side].places(answers[side]) {
            add(&place, Effect::Varies(side));
        }
    }
    for (way, place) in noise.old.ways.keys() {
        if *way == Way::Order && noise.new.varies(*way, place) {
            add(place, Effect::Unordered);
        }
    }
    rules
}

/// Ids that each side made for itself: they vary on both sides, and no two things have the same by
/// chance.
fn births(differences: &[Difference], noise: Pair<&SideNoise>) -> Vec<(String, Pair<String>)> {
    let mut born = Vec::new();
    for difference in differences {
        let places = Pair::new(Place::of_old(difference), Place::of_new(difference));
        let forms = Pair::of(|side| {
            let seen = noise[side].leaves.get(&places[side])?;
            Form::of(seen.texts()).filter(Form::is_id)
        });
        let values = Pair::new(difference.old.display(), difference.new.display());
        let forms = forms.transpose();
        let alike = forms.is_some_and(|forms| Form::change(forms.as_ref()).is_none());
        if let (true, Some(values)) = (alike, values.transpose()) {
            let place = match difference.r#where {
                Where::Header => format!("header:{}", difference.path),
                _ => difference.path.clone(),
            };
            born.push((place, values.map(std::borrow::Cow::into_owned)));
        }
    }
    born
}

/// What a side compared with itself raises.
fn alarms(answers: &[&Response], rules: &Rules, platform: &Platform) -> Alarms {
    let worst = |found: &Comparison| found.differences.iter().map(|it| it.severity).max();
    let Some((first, others)) = answers.split_first() else {
        return Alarms::default();
    };
    let ruled = others
        .iter()
        .filter_map(|it| worst(&within(first, it, rules, platform)));
    let held_back = match answers.split_last() {
        Some((last, learned)) if learned.len() > 1 => {
            let noise = SideNoise::learn(learned, rules, platform);
            let noise = Pair::both(&noise);
            let answers = Pair::new(*first, *last);
            let (standing, platforms) = (Standing::default(), Pair::both(platform));
            // Its own places are not known: those of the first answer are taken for them.
            Some(worst(&weighed(answers, noise, rules, &standing, platforms)))
        }
        _ => None,
    };
    Alarms {
        ruled: ruled.max(),
        held_back,
    }
}

#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod one_side_tests;
#[cfg(test)]
mod tests;
