//! Types that only one side's values ever have at a place that varies.

use super::form::Change;
use super::seen::{Seen, Sort};
use super::words as say;
use crate::compare::words;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Severity};

/// A value of a type that the other side never shows.
pub(super) struct Odd {
    side: Side,
    /// The answer, the first being 1.
    answer: usize,
    value: Observed,
}

impl Odd {
    /// Looks at the values of a side, answer by answer, and at all that the other one shows there.
    pub(super) fn of(side: Side, values: &[Observed], others: &[Observed]) -> Option<Self> {
        let others: Vec<Sort> = others.iter().map(Sort::of).collect();
        let odd = |value: &Observed| !others.contains(&Sort::of(value));
        let at = values.iter().position(odd)?;
        Some(Self {
            side,
            answer: at + 1,
            value: values.get(at)?.clone(),
        })
    }

    /// The one that a client feels first: what is new.
    pub(super) fn between(seen: Pair<&Seen>) -> Option<Self> {
        let mut sides = [Side::New, Side::Old].into_iter();
        sides.find_map(|side| Self::of(side, &seen[side].values, &seen[side.other()].values))
    }

    /// What is said of it. `difference`: the one that the first answers have there.
    pub(super) fn told(self, mut difference: Difference) -> (Difference, Change) {
        let sorts = Pair::new(Sort::of(&difference.old), Sort::of(&difference.new));
        if self.answer == 1 && sorts.old != sorts.new {
            let change = Change {
                kind: difference.kind,
                severity: difference.severity,
                explain: difference.explain.clone(),
            };
            return (difference, change);
        }
        let sort = Sort::of(&self.value);
        let (severity, effect) = match self.side {
            Side::New => (
                Severity::Breaking,
                words::retyped(false, sort == Sort::Null),
            ),
            Side::Old => (Severity::Risky, "clients that wait for it meet none"),
        };
        let explain = say::odd_type(sort, self.answer, self.side, effect);
        match self.side {
            Side::Old => difference.old = self.value,
            Side::New => difference.new = self.value,
        }
        let change = Change {
            kind: Kind::Type,
            severity,
            explain,
        };
        (difference, change)
    }
}
