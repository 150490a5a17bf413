//! Many differences, few causes: grouped by kind, generalised path and the way the value changed.

mod change;
mod number;
mod shown;
mod template;
mod text;
mod time;

use std::collections::HashMap;

use super::words::counts;
use crate::journal::{JournalError, JournalSet};
use crate::results::{Cause, Difference, Finding, Kind, Verdict};
pub(super) use change::change;
use change::{Change, exact, pair};
pub(super) use shown::Shown;
pub use template::template;

/// Distinct causes that are kept: what is beyond is counted and said.
const MOST: usize = 5_000;

/// Groups differences as cases go by. Its memory is bounded.
#[derive(Debug, Default)]
pub(super) struct Causes {
    seen: HashMap<Key, Group>,
    /// Differences whose cause found no room.
    beyond: usize,
    case: usize,
}

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    kind: Kind,
    template: String,
    /// The way the value changed, without the values.
    change: Change,
}

#[derive(Debug)]
struct Group {
    cases: usize,
    last_case: usize,
    /// The one pair of values that every case shows, if it is one.
    pair: Option<String>,
    /// The change with its values where every case shows the same: `prefix "a" became "b"`.
    exact: Option<String>,
}

impl Group {
    /// The change in the words that hold for every case.
    fn words(self, change: Change) -> String {
        match (self.pair, self.exact) {
            (Some(pair), _) if change.is_plain() => pair,
            (Some(pair), _) => format!("{pair} ({})", change.words()),
            (None, Some(exact)) => exact,
            (None, None) => change.words(),
        }
    }
}

impl Causes {
    /// The causes of every case that is different.
    pub(super) fn of(journal: &JournalSet) -> Result<Self, JournalError> {
        let mut causes = Self::default();
        for case in journal.cases_where(|case| case.verdict == Verdict::Different)? {
            causes.add(&case?.differences, |difference| {
                counts(journal.run().fail_on, difference)
            });
        }
        Ok(causes)
    }

    /// Adds the differences of one case.
    pub(super) fn add(&mut self, differences: &[Difference], wanted: impl Fn(&Difference) -> bool) {
        self.case += 1;
        for difference in differences.iter().filter(|d| wanted(d)) {
            let key = Key {
                kind: difference.kind,
                template: template(difference),
                change: Change::of(difference),
            };
            let (pair, exact) = (pair(difference), exact(difference));
            let full = self.seen.len() >= MOST;
            match self.seen.get_mut(&key) {
                Some(group) => {
                    group.cases += usize::from(group.last_case != self.case);
                    group.last_case = self.case;
                    if group.pair != pair {
                        group.pair = None;
                    }
                    if group.exact != exact {
                        group.exact = None;
                    }
                }
                None if full => self.beyond += 1,
                None => {
                    let group = Group {
                        cases: 1,
                        last_case: self.case,
                        pair,
                        exact,
                    };
                    self.seen.insert(key, group);
                }
            }
        }
    }

    /// The causes, most cases first, and what is said when there were too many.
    pub(super) fn finish(self) -> (Vec<Cause>, Option<Finding>) {
        let mut causes: Vec<Cause> = self
            .seen
            .into_iter()
            .map(|(key, group)| Cause {
                kind: key.kind,
                template: key.template,
                cases: group.cases,
                change: group.words(key.change),
            })
            .collect();
        causes.sort_by(|a, b| {
            b.cases.cmp(&a.cases).then_with(|| {
                (&a.template, a.kind, &a.change).cmp(&(&b.template, b.kind, &b.change))
            })
        });
        let capped = (self.beyond > 0).then(|| Finding {
            kind: "causes-capped".to_owned(),
            message: format!(
                "there are more than {MOST} causes: {} differences are listed with their cases only",
                self.beyond
            ),
            cases: Vec::new(),
        });
        (causes, capped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Observed, Severity, Where};

    fn difference(
        r#where: Where,
        path: &str,
        kind: Kind,
        old: &str,
        new: Option<&str>,
    ) -> Difference {
        let new = new.map_or(Observed::Absent, Observed::raw);
        Difference::new(r#where, path, kind, Severity::Breaking, "")
            .showing(Observed::raw(old), new)
    }

    fn told(causes: Causes) -> Vec<String> {
        let (causes, _) = causes.finish();
        causes
            .into_iter()
            .map(|c| format!("{} {} {} {}", c.cases, c.kind, c.template, c.change))
            .collect()
    }

    #[test]
    fn causes_are_counted_by_cases_and_most_come_first() {
        let mut causes = Causes::default();
        for case in 0..3 {
            let price = |index: usize| {
                let path = format!("$.items[{index}].price");
                difference(Where::Body, &path, Kind::Type, "12.5", Some("\"12.5\""))
            };
            causes.add(&[price(case), price(case + 1)], |_| true);
        }
        causes.add(
            &[
                difference(Where::Status, "", Kind::Value, "200", Some("404")),
                difference(Where::Header, "etag", Kind::Removed, "\"x\"", None),
                difference(Where::Body, "$.a['b[1]']", Kind::Removed, "null", None),
            ],
            |_| true,
        );
        causes.add(
            &[difference(
                Where::Status,
                "",
                Kind::Value,
                "200",
                Some("404"),
            )],
            |_| true,
        );
        assert_eq!(
            told(causes),
            [
                "3 type $.items[*].price number to string",
                "2 value status 200 became 404",
                "1 removed $.a['b[*]'] null to missing",
                "1 removed header:etag a text is gone",
            ]
        );
    }

    #[test]
    fn values_are_named_only_where_every_case_shows_the_same() {
        let name = |new: &str| {
            [difference(
                Where::Body,
                "$.n",
                Kind::Value,
                "\"a\"",
                Some(new),
            )]
        };
        let mut causes = Causes::default();
        causes.add(&name("\"b\""), |_| true);
        causes.add(&name("\"b\""), |_| true);
        assert_eq!(told(causes), ["2 value $.n \"a\" became \"b\""]);
        let mut causes = Causes::default();
        for new in ["\"b\"", "\"c\"", "\"b\""] {
            causes.add(&name(new), |_| true);
        }
        assert_eq!(told(causes), ["3 value $.n changed text"]);
    }

    #[test]
    fn too_many_causes_are_said() {
        let mut causes = Causes::default();
        for name in 0..MOST + 3 {
            causes.add(
                &[difference(
                    Where::Body,
                    &format!("$.n{name}"),
                    Kind::Value,
                    "1",
                    Some("2"),
                )],
                |_| true,
            );
        }
        let (causes, finding) = causes.finish();
        assert_eq!(causes.len(), MOST);
        assert!(finding.is_some_and(|f| f.message.contains(": 3 differences")));
    }
}
