//! Many differences, few causes: grouped by kind, generalised path and the way the value changed.

use std::collections::HashMap;

use super::words::counts;
use crate::journal::{JournalError, JournalSet};
use crate::results::{Cause, Difference, Finding, Kind, Observed, Verdict, Where};

/// Distinct causes that are kept: what is beyond is counted and said.
const MOST: usize = 5_000;
/// Longest value that is named in a cause.
const LONGEST: usize = 24;

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
    change: String,
}

#[derive(Debug)]
struct Group {
    cases: usize,
    last_case: usize,
    /// The one pair of values that every case shows, if it is one.
    pair: Option<String>,
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
                change: change(difference),
            };
            let pair = pair(difference);
            let full = self.seen.len() >= MOST;
            match self.seen.get_mut(&key) {
                Some(group) => {
                    group.cases += usize::from(group.last_case != self.case);
                    group.last_case = self.case;
                    if group.pair != pair {
                        group.pair = None;
                    }
                }
                None if full => self.beyond += 1,
                None => {
                    let group = Group {
                        cases: 1,
                        last_case: self.case,
                        pair,
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
                change: group.pair.unwrap_or(key.change),
                cases: group.cases,
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

/// The path with its indices generalised; outside bodies, with the part it is of.
pub fn template(difference: &Difference) -> String {
    let path = &difference.path;
    match difference.r#where {
        Where::Body => general(path),
        part if path.is_empty() => part.to_string(),
        part => format!("{part}:{}", general(path)),
    }
}

/// `$.items[3].price` to `$.items[*].price`, `/a/b[2]` to `/a/b[*]`, `line 12` to `line *`.
fn general(path: &str) -> String {
    if let Some((unit @ ("line" | "offset"), number)) = path.split_once(' ')
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        return format!("{unit} *");
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, behind)) = rest.split_once('[') {
        out.push_str(before);
        out.push('[');
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        let is_index = digits > 0 && behind.as_bytes().get(digits) == Some(&b']');
        if is_index {
            out.push('*');
            rest = behind.get(digits..).unwrap_or_default();
        } else {
            rest = behind;
        }
    }
    out + rest
}

/// `number to string`, `a null is gone`, `changed text`; for a status the two codes, for an
/// expectation whose it is.
pub(super) fn change(difference: &Difference) -> String {
    let (old, new) = (kind_of(&difference.old), kind_of(&difference.new));
    match (difference.r#where, old, new) {
        (Where::Status, ..) => pair(difference).unwrap_or_else(|| "another status".to_owned()),
        (Where::Expect, ..) => {
            let side = difference.detail.get("side").and_then(|side| side.as_str());
            match side {
                Some("both") => "not met by both sides".to_owned(),
                Some(side) => format!("not met by the {side} side"),
                None => "not met".to_owned(),
            }
        }
        (_, None, None) => difference.kind.word().to_owned(),
        (_, Some(old), None) => format!("{} is gone", one(old)),
        (_, None, Some(new)) => format!("{} is new", one(new)),
        (_, Some("string"), Some("string")) => "changed text".to_owned(),
        (_, Some(old), Some(new)) if old == new => format!("changed {old}"),
        (_, Some(old), Some(new)) => format!("{old} to {new}"),
    }
}

/// A value of a kind, in words.
fn one(kind: &str) -> String {
    match kind {
        "string" => "a text".to_owned(),
        "object" | "array" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

/// The two values, where both are short and plain: `5 became 6`.
fn pair(difference: &Difference) -> Option<String> {
    let plain = |observed: &Observed| {
        let json = observed.json()?;
        let is_plain = !json.starts_with(['{', '[']) && json.chars().count() <= LONGEST;
        is_plain.then(|| json.to_owned())
    };
    let same_kind = kind_of(&difference.old) == kind_of(&difference.new);
    let status = difference.r#where == Where::Status;
    let (old, new) = (plain(&difference.old)?, plain(&difference.new)?);
    let is_change = difference.r#where != Where::Expect && (same_kind || status);
    is_change.then(|| format!("{old} became {new}"))
}

/// The JSON type of what a side showed; none where it showed nothing.
fn kind_of(observed: &Observed) -> Option<&'static str> {
    let first = observed.json()?.bytes().next()?;
    Some(match first {
        b'n' => "null",
        b't' | b'f' => "boolean",
        b'"' => "string",
        b'{' => "object",
        b'[' => "array",
        _ => "number",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Severity;

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
                "1 removed $.a['b[*]'] a null is gone",
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
