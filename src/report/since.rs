//! What changed since an earlier run: new, still there, fixed.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Write;

use super::ReportError;
use super::causes::{change, template};
use super::page::{Page, Style, Tone};
use super::words::{cases, counts, incomplete, verdict};
use crate::journal::{JournalSet, Listed};
use crate::results::{CaseResult, Verdict};

/// What is wrong with each failed case, by its id.
type Problems = BTreeMap<String, BTreeSet<String>>;

pub(super) fn write(
    before: &JournalSet,
    now: &JournalSet,
    out: &mut dyn Write,
    style: &Style,
) -> Result<(), ReportError> {
    let (was, is) = (problems(before)?, problems(now)?);
    let decided: HashSet<&str> = now.list().filter(is_decided).map(|case| case.id).collect();
    let mut page = Page::new(out, style);
    if let Some(text) = incomplete(now) {
        page.wrapped(Tone::Bad, "", &text)?;
    }
    let text = format!("run {} since run {}", now.run().id, before.run().id);
    page.wrapped(Tone::Faint, "", &text)?;
    let (unknown, gone): (Problems, Problems) = minus(&was, &is)
        .into_iter()
        .partition(|(id, _)| !decided.contains(id.as_str()));
    let new = minus(&is, &was);
    let still = minus(&is, &new);
    list(&mut page, Tone::Bad, "NEW", &new)?;
    list(&mut page, Tone::Unsure, "STILL", &still)?;
    list(&mut page, Tone::Good, "FIXED", &gone)?;
    list(
        &mut page,
        Tone::Faint,
        "UNKNOWN (not run this time)",
        &unknown,
    )?;
    page.gap()?;
    let count = |problems: &Problems| problems.values().map(BTreeSet::len).sum::<usize>();
    let text = format!(
        "{} new, {} still, {} fixed, {} unknown",
        count(&new),
        count(&still),
        count(&gone),
        count(&unknown)
    );
    page.wrapped(Tone::Strong, "", &text)?;
    page.wrapped(Tone::Plain, "", &verdict(now))?;
    Ok(())
}

/// Whether a case says something: what is inconclusive or skipped proves nothing fixed.
fn is_decided(case: &Listed<'_>) -> bool {
    matches!(
        case.verdict,
        Verdict::Same | Verdict::Accepted | Verdict::Different
    )
}

fn problems(journal: &JournalSet) -> Result<Problems, ReportError> {
    let mut problems = Problems::new();
    let failed =
        |case: Listed<'_>| matches!(case.verdict, Verdict::Different | Verdict::Inconclusive);
    for case in journal.cases_where(failed)? {
        let case = case?;
        let found = of_case(journal, &case);
        problems.insert(case.id, found);
    }
    Ok(problems)
}

fn of_case(journal: &JournalSet, case: &CaseResult) -> BTreeSet<String> {
    if case.verdict == Verdict::Inconclusive {
        let reason = case.reason.map_or("", |reason| reason.word());
        return [format!("inconclusive {reason}").trim_end().to_owned()].into();
    }
    let counted = case
        .differences
        .iter()
        .filter(|item| counts(journal.run().fail_on, item));
    counted
        .map(|item| format!("{} {}: {}", template(item), item.kind, change(item)))
        .collect()
}

/// What the first has and the second has not.
fn minus(first: &Problems, second: &Problems) -> Problems {
    let none = BTreeSet::new();
    let left = first.iter().map(|(id, found)| {
        let other = second.get(id).unwrap_or(&none);
        (id.clone(), found.difference(other).cloned().collect())
    });
    left.filter(|(_, found): &(_, BTreeSet<String>)| !found.is_empty())
        .collect()
}

fn list(
    page: &mut Page<'_>,
    tone: Tone,
    heading: &str,
    problems: &Problems,
) -> Result<(), ReportError> {
    if problems.is_empty() {
        return Ok(());
    }
    page.heading(&format!("{heading}: {}", cases(problems.len())))?;
    for (id, found) in problems {
        page.wrapped(tone, "  ", id)?;
        for problem in found {
            page.wrapped(Tone::Plain, "    ", problem)?;
        }
    }
    Ok(())
}
