//! Reports of large runs: what is left out is said, and what must not be is not.

use std::fs;

use cutover::journal::{Footer, JournalSet, Writer};
use cutover::report::{Format, Style, append_summary};
use cutover::results::{CaseResult, Finding, Results, Verdict};

use super::journal_support::{case, end, header, journal, suite, with};
use super::report_support::{columns, differing, price, status, text};

#[test]
fn a_summary_stays_below_a_megabyte_and_says_what_is_left_out() {
    let large = differing(3_000, &[price(1), status(200, 404)]);
    let (folder, set) = journal(&header(3_000), &large);
    let whole = text(Format::Markdown, &set, &Style::default());
    assert!(whole.len() > 1_048_576, "{}", whole.len());
    let page = folder.path().join("summary.md");
    append_summary(&set, &page).expect("a summary");
    let summary = fs::read_to_string(&page).expect("text");
    assert!(summary.len() < 1_048_576, "{}", summary.len());
    let (kept, said) = summary
        .split_once("\n\nThe report is too long")
        .expect("said");
    assert!(whole.starts_with(kept) && kept.ends_with('\n'), "{said}");
}

/// Thirty thousand cases that differ: more than a browser takes at once.
#[test]
fn a_large_page_counts_what_it_does_not_list_and_says_so() {
    let count = 30_000;
    let cases: Vec<CaseResult> = (0..count)
        .map(|number| {
            let name = format!("case {number}");
            let case = case("a.yaml", number + 1, &name, Verdict::Different);
            with(case, vec![price(number % 7), status(200, 404)])
        })
        .collect();
    let (_folder, set) = journal(&header(count), &cases);
    let page = text(Format::Html, &set, &Style::default());
    assert!(page.len() < 10_000_000, "{}", page.len());
    let listed = page.matches("<article class=\"case ").count();
    let beyond = format!(
        "{} cases more are counted above and not listed",
        count - listed
    );
    assert!(listed > 1_000 && page.contains(&beyond), "{listed}");
    assert!(page.contains("<td class=\"n\">30000</td><td>value</td>"));
}

/// Twenty thousand cases, half of them different: causes stay few, and nothing is left out.
#[test]
fn large_reports_are_streamed_and_never_cut() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("j");
    let count = 20_000;
    let mut header = header(count);
    header.suites = vec![suite("a.yaml")];
    let writer = Writer::create(&path, &header).expect("a journal");
    for number in 0..count {
        let verdict = if number % 2 == 0 {
            Verdict::Same
        } else {
            Verdict::Different
        };
        let mut case = case("a.yaml", number, &format!("case {number}"), verdict);
        if verdict == Verdict::Different {
            case.differences.push(price(number));
        }
        writer.append(&case).expect("a line");
    }
    let finding = Finding {
        kind: "k".into(),
        message: "m".into(),
        cases: vec![],
    };
    let footer = Footer {
        findings: vec![finding],
        ..Footer::new(end(1))
    };
    writer.finish(&footer).expect("the end");
    let set = JournalSet::open(&[path]).expect("a journal");
    let shown = text(Format::Terminal, &set, &columns(100));
    assert_eq!(
        shown.matches("typed clients fail to decode it").count(),
        count / 2
    );
    assert_eq!(
        shown
            .matches("10000 cases  $.items[*].price type: number to string")
            .count(),
        1
    );
    let results: Results =
        serde_json::from_str(&text(Format::Json, &set, &Style::default())).expect("results");
    assert_eq!((results.cases.len(), results.causes.len()), (count, 1));
    assert_eq!(results.findings.len(), 1);
}
