//! Expectations that do not hold, told once for both sides.

use super::SideExpect;
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Observed, Where};

/// Everything that either side was expected to be and is not. What fails on both sides is one
/// difference; what fails on one shows what the other has there. `ms` is the time to the last byte.
pub fn unmet(
    expects: &Pair<SideExpect>,
    answers: Pair<&Response>,
    ms: Pair<f64>,
) -> Vec<Difference> {
    let failed = Pair::of(|side| expects[side].check(side, answers[side], ms[side]));
    let mut told = together(failed);
    for difference in &mut told {
        let path = difference.path.clone();
        if difference.old.is_absent() {
            difference.old = seen(&path, answers.old, ms.old);
        }
        if difference.new.is_absent() {
            difference.new = seen(&path, answers.new, ms.new);
        }
    }
    told
}

/// What fails on both sides at one place is one difference.
pub fn together(failed: Pair<Vec<Difference>>) -> Vec<Difference> {
    let mut told = failed.old;
    for new in failed.new {
        let alike = |old: &&mut Difference| {
            old.r#where == Where::Expect && old.path == new.path && old.new.is_absent()
        };
        let Some(old) = told.iter_mut().find(alike) else {
            told.push(new);
            continue;
        };
        old.explain = both(&old.explain, &new.explain);
        old.new = new.new;
        old.detail.insert("side".to_owned(), "both".into());
    }
    told
}

/// `both sides answered 200, expected 404`, where the words for the two sides are the same.
fn both(old: &str, new: &str) -> String {
    if old.replacen(&side(Side::Old), &side(Side::New), 1) == new {
        old.replacen(&side(Side::Old), "both sides", 1)
    } else {
        format!("{old}; {new}")
    }
}

fn side(side: Side) -> String {
    format!("the {side} side")
}

/// What an answer has at the place of an expectation.
fn seen(path: &str, answer: &Response, ms: f64) -> Observed {
    if path == "status" {
        return Observed::of(&answer.status);
    }
    if path == "max_ms" {
        return Observed::of(&ms);
    }
    if let Some(name) = path.strip_prefix("header:") {
        let values = answer.headers.all(name);
        let values: Vec<_> = values.map(String::from_utf8_lossy).collect();
        return if values.is_empty() {
            Observed::Absent
        } else {
            Observed::text(&values.join(", "))
        };
    }
    super::values::value_at(path, &answer.body).unwrap_or(Observed::Absent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(side: Side, path: &str, explain: &str, shown: &str) -> Difference {
        crate::judge::expect::unmet(side, path, explain.to_owned(), Observed::text(shown))
    }

    #[test]
    fn what_fails_on_both_sides_is_told_once() {
        let told = together(Pair::new(
            vec![
                failed(
                    Side::Old,
                    "status",
                    "the old side answered 200, expected 404",
                    "a",
                ),
                failed(
                    Side::Old,
                    "$.n",
                    "$.n of the old side is 1, expected 3",
                    "b",
                ),
            ],
            vec![
                failed(
                    Side::New,
                    "$.n",
                    "$.n of the new side is 2, expected 3",
                    "c",
                ),
                failed(
                    Side::New,
                    "status",
                    "the new side answered 200, expected 404",
                    "d",
                ),
                failed(
                    Side::New,
                    "$.m",
                    "$.m of the new side is 2, expected 3",
                    "e",
                ),
            ],
        ));
        let words: Vec<(&str, &str)> = told
            .iter()
            .map(|d| {
                (
                    d.explain.as_str(),
                    d.detail["side"].as_str().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(
            words,
            [
                ("both sides answered 200, expected 404", "both"),
                (
                    "$.n of the old side is 1, expected 3; $.n of the new side is 2, expected 3",
                    "both"
                ),
                ("$.m of the new side is 2, expected 3", "new"),
            ]
        );
    }

    #[test]
    fn the_page_shows_an_expectation() {
        let told = together(Pair::of(|side| {
            let explain = format!("the {side} side answered 200, expected 404");
            let status = Observed::of(&200);
            vec![crate::judge::expect::unmet(side, "status", explain, status)]
        }));
        told.iter().for_each(crate::page::shows);
    }
}
