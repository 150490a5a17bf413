//! What goes wrong on one side now and then, and not in the answers that are compared: the first ones.

use std::collections::BTreeMap;

use super::learn::{Matter, SideNoise, Way};
use super::place::Place;
use super::words as say;
use crate::compare::Comparison;
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::Difference;

/// A status that one side gives now and then, and the other never. 429 says how often was asked.
pub(super) fn unsteady(answers: Pair<&[Response]>) -> Option<Difference> {
    let all = answers.map(|answers| answers.iter().map(|it| it.status).collect::<Vec<u16>>());
    let first = all.as_ref().map(|all| all.first().copied()).transpose()?;
    if first.old != first.new {
        return None;
    }
    [Side::New, Side::Old].into_iter().find_map(|side| {
        let others = &all[side.other()];
        let odd = |status: &&u16| **status != 429 && !others.contains(status);
        let odd = all[side].iter().find(odd)?;
        let mut pair = first;
        pair[side] = *odd;
        let mut difference = crate::compare::status::compare(pair)?;
        let times = all[side].iter().filter(|status| *status == odd).count();
        let note = say::some_answers(side, times, all[side].len());
        difference.explain = format!("{}; {note}", difference.explain);
        Some(difference)
    })
}

/// What comes and goes, or is shuffled, on one side only, and does not show in the first answers.
/// `told`: what they show.
pub(super) fn differences(
    alike: Pair<&[&Response]>,
    noise: Pair<&SideNoise>,
    told: &[Difference],
    weigh: impl Fn(Pair<&Response>) -> Comparison,
) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    for side in Side::BOTH {
        let mut answers: BTreeMap<usize, Vec<&(Way, Place)>> = BTreeMap::new();
        for (way, at) in &noise[side].ways {
            if !noise[side.other()].varies(way.0, &way.1) {
                answers.entry(*at).or_default().push(way);
            }
        }
        for (at, ways) in answers {
            let firsts = alike.map(|answers| answers.first().copied());
            let (Some(mut pair), Some(answer)) = (firsts.transpose(), alike[side].get(at)) else {
                continue;
            };
            pair[side] = answer;
            for mut difference in weigh(pair).differences {
                let Matter::Way(way) = Matter::of(&difference) else {
                    continue;
                };
                let places = [Place::of_old(&difference), Place::of_new(&difference)];
                let fits = |it: &&(Way, Place)| {
                    it.0 == way && places.iter().any(|place| place.template() == it.1)
                };
                let is_known = |known: &Difference| {
                    let mut places = places.iter();
                    places.any(|it| {
                        it.is_within(&Place::of_old(known)) || it.is_within(&Place::of_new(known))
                    })
                };
                if ways.iter().any(fits) && !told.iter().chain(&found).any(is_known) {
                    let note = say::in_another_answer(side);
                    difference.explain = format!("{}; {note}", difference.explain);
                    found.push(difference);
                }
            }
        }
    }
    found
}
