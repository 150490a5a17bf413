//! Reports made from journals: golden texts, and each format read back by what it is for.

use cutover::journal::{Header, JournalSet};
use cutover::report::{Format, Style, write_since};
use cutover::results::{CaseResult, Kind, Reason, Results, Severity, Verdict};

use super::journal_support::{because, case, header, journal, with};
use super::report_support::{accepted, cases, columns, full_header, golden, price, status, text};

#[test]
fn the_terminal_report_at_60_and_100_columns() {
    let (_folder, set) = journal(&full_header(), &cases());
    for width in [60, 100] {
        let shown = text(Format::Terminal, &set, &columns(width));
        golden(&format!("terminal-{width}.txt"), &shown);
        for line in shown.lines() {
            assert!(
                line.chars().count() <= width,
                "{} {line}",
                line.chars().count()
            );
        }
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
    }
}

#[test]
fn the_terminal_report_with_evidence_and_colour() {
    let (_folder, set) = journal(&full_header(), &cases());
    let verbose = Style {
        verbose: true,
        ..columns(60)
    };
    let shown = text(Format::Terminal, &set, &verbose);
    let curls: Vec<&str> = shown
        .lines()
        .filter(|line| line.contains("curl "))
        .collect();
    let line = "curl -sS -i --path-as-is -X POST 'https://old.example.com/orders?page=1' \
                -H 'Authorization: Bearer [secret app.access_token, 36 characters]' \
                --data-raw '{\"it'\\''s\":1}'";
    assert_eq!(curls, [format!("  old  {line}"), format!("  new  {line}")]);

    let coloured = text(
        Format::Terminal,
        &set,
        &Style {
            colour: true,
            ..columns(60)
        },
    );
    let plain = text(Format::Terminal, &set, &columns(60));
    let codes = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern");
    assert_eq!(
        codes.replace_all(&coloured, ""),
        plain,
        "colour changes nothing else"
    );
    assert!(coloured.contains("\u{1b}[1;31mDIFFERENT"));

    let quiet = text(
        Format::Terminal,
        &set,
        &Style {
            quiet: true,
            ..columns(60)
        },
    );
    for id in [
        "b.yaml::list orders",
        "a.yaml::prices [page=2]",
        "a.yaml::both fail",
    ] {
        assert!(quiet.contains(id), "{quiet}");
    }
    assert!(!quiet.contains("typed clients") && quiet.contains("certificate-checks-off"));
}

fn last_line(header: &Header, cases: &[CaseResult]) -> String {
    let (_folder, set) = journal(header, cases);
    let shown = text(Format::Terminal, &set, &columns(200));
    shown.lines().last().expect("a line").to_owned()
}

#[test]
fn the_verdict_line_never_says_parity_alone_when_something_is_missing() {
    let many = |same: usize, withheld: usize, needs: usize| {
        let mut cases = Vec::new();
        for number in 0..same + withheld + needs {
            let name = format!("case {number}");
            cases.push(match number {
                n if n < same => case("a.yaml", n, &name, Verdict::Same),
                n if n < same + withheld => because(
                    case("a.yaml", n, &name, Verdict::Skipped),
                    Reason::WritesWithheld,
                ),
                n => because(case("a.yaml", n, &name, Verdict::Skipped), Reason::Needs),
            });
        }
        cases
    };
    assert_eq!(
        last_line(&header(25), &many(14, 8, 3)),
        "parity in 14 of 25 cases; 11 not run: writes withheld (--allow-writes)"
    );
    assert_eq!(
        last_line(&header(2), &many(2, 0, 0)),
        "parity in 2 of 2 cases"
    );
    assert_eq!(
        last_line(&header(1000), &many(412, 0, 0)),
        "parity not proved: only 412 of 1000 cases have a result"
    );
    assert_eq!(
        last_line(&header(3), &many(0, 3, 0)),
        "nothing ran: none of 3 cases; 3 not run: writes withheld (--allow-writes)"
    );
    assert_eq!(last_line(&header(0), &[]), "nothing ran: none of 0 cases");
    let mut mixed = many(2, 1, 0);
    mixed.push(because(
        case("b.yaml", 1, "p", Verdict::Skipped),
        Reason::ProbesWithheld,
    ));
    mixed.push(with(
        case("b.yaml", 2, "a", Verdict::Accepted),
        vec![accepted(status(405, 404))],
    ));
    assert_eq!(
        last_line(&header(5), &mixed),
        "parity in 3 of 5 cases; 1 by accepted differences; 2 not run: 1 probes withheld (--probes), 1 writes withheld (--allow-writes)"
    );
    mixed.push(because(
        case("b.yaml", 3, "i", Verdict::Inconclusive),
        Reason::Timeout,
    ));
    assert!(
        last_line(&header(6), &mixed).starts_with("parity not proved: 1 of 6 cases inconclusive; ")
    );
    mixed.push(with(
        case("b.yaml", 4, "d", Verdict::Different),
        vec![status(200, 404)],
    ));
    assert!(
        last_line(&header(7), &mixed)
            .starts_with("no parity: 1 of 7 cases different; 1 inconclusive; ")
    );
}

fn unfinished() -> (tempfile::TempDir, JournalSet) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = super::journal_support::write(
        &folder.path().join("j"),
        &header(1000),
        &[case("a.yaml", 1, "one", Verdict::Same)],
        None,
    );
    let set = JournalSet::open(&[path]).expect("a journal");
    (folder, set)
}

#[test]
fn every_report_of_an_unfinished_run_says_so_first() {
    let (_folder, set) = unfinished();
    let said = "INCOMPLETE: 1 of 1000 cases";
    for format in Format::ALL {
        let shown = text(format, &set, &Style::default());
        match format {
            Format::Terminal => assert!(shown.starts_with(said), "{shown}"),
            Format::Markdown => assert!(shown.starts_with(&format!("**{said}**")), "{shown}"),
            Format::Github => assert!(
                shown.starts_with(&format!("::error title=cutover::{said}")),
                "{shown}"
            ),
            Format::Junit => {
                assert!(
                    shown.contains("errors=\"1\"") && shown.contains(said),
                    "{shown}"
                );
            }
            Format::Html => {
                let top = shown.split("<h1>").next().unwrap_or_default();
                assert!(
                    top.contains(&format!("<p class=\"alarm\">{said}</p>")),
                    "{top}"
                );
            }
            Format::Json => {
                let results: Results = serde_json::from_str(&shown).expect("results");
                assert!(!results.run.complete);
                assert_eq!(results.warnings[0].message, said);
            }
        }
    }
    let quiet = Style {
        quiet: true,
        ..Style::default()
    };
    assert!(text(Format::Terminal, &set, &quiet).starts_with(said));
}

#[test]
fn the_json_report_is_the_results_document() {
    let (_folder, set) = journal(&full_header(), &cases());
    let shown = text(Format::Json, &set, &Style::default());
    let results: Results = serde_json::from_str(&shown).expect("results");
    assert_eq!(results.schema, "cutover.results/1");
    assert_eq!(results.cases.len(), 10);
    let expected: Vec<CaseResult> = set
        .cases()
        .expect("cases")
        .map(|c| c.expect("a case"))
        .collect();
    assert_eq!(results.cases, expected);
    assert_eq!(results.summary, set.summary());
    assert_eq!(results.warnings, full_header().warnings);
    assert_eq!(results.suites, full_header().suites);
    assert_eq!(results.pair, full_header().pair);
    let top = &results.causes[0];
    assert_eq!(
        (
            top.kind,
            top.template.as_str(),
            top.change.as_str(),
            top.cases
        ),
        (Kind::Type, "$.items[*].price", "number to string", 3)
    );
    assert!(
        shown.contains("\"old\":12.50,"),
        "numbers stay as they were"
    );
    let (_folder, empty) = journal(&header(0), &[]);
    let none = text(Format::Json, &empty, &Style::default());
    assert!(serde_json::from_str::<Results>(&none).is_ok_and(|r| r.cases.is_empty()));
}

#[test]
fn accepted_and_cosmetic_differences_are_no_causes() {
    let mut cosmetic = price(2);
    cosmetic.severity = Severity::Cosmetic;
    let differences = vec![accepted(status(405, 404)), cosmetic, price(1)];
    let case = with(case("a.yaml", 1, "c", Verdict::Different), differences);
    let (_folder, set) = journal(&header(1), &[case]);
    let results: Results =
        serde_json::from_str(&text(Format::Json, &set, &Style::default())).expect("results");
    let causes: Vec<_> = results.causes.iter().map(|c| c.template.as_str()).collect();
    assert_eq!(causes, ["$.items[*].price"]);
    let shown = text(Format::Junit, &set, &Style::default());
    assert!(!shown.contains("more)"), "one difference counts: {shown}");
}

#[test]
fn the_junit_report() {
    let (_folder, set) = journal(&full_header(), &cases());
    let shown = text(Format::Junit, &set, &Style::default());
    golden("junit.xml", &shown);
    assert!(shown.contains(
        "<testsuites name=\"cutover\" tests=\"10\" skipped=\"3\" failures=\"3\" errors=\"2\""
    ));
    for c in shown.chars() {
        assert!(
            c >= ' ' || c == '\n',
            "a character that XML 1.0 does not allow"
        );
    }
}

#[test]
fn the_markdown_report() {
    let (_folder, set) = journal(&full_header(), &cases());
    golden(
        "report.md",
        &text(Format::Markdown, &set, &Style::default()),
    );
}

#[test]
fn what_changed_since_an_earlier_run() {
    let (_one, before) = journal(&full_header(), &cases());
    let mut later = cases();
    later.retain(|case| case.case != "read it back");
    for case in &mut later {
        match case.case.as_str() {
            "prices [page=2]" => case.differences = vec![price(7), status(200, 500)],
            "list orders" => case.verdict = Verdict::Same,
            "same" => {
                case.verdict = Verdict::Different;
                case.differences = vec![status(200, 404)];
            }
            _ => {}
        }
    }
    let (_two, now) = journal(&header(9), &later);
    let mut out = Vec::new();
    write_since(&before, &now, &mut out, &columns(60)).expect("a report");
    golden("since.txt", &String::from_utf8(out).expect("text"));
}

#[test]
fn formats_are_known_by_their_words() {
    for format in Format::ALL {
        assert_eq!(format.word().parse(), Ok(format));
    }
    assert_eq!(
        "jnit".parse::<Format>(),
        Err("unknown report format `jnit`: did you mean `junit`?".into())
    );
}

#[test]
fn the_page_shows_every_difference_with_a_link_and_counts_what_is_the_same() {
    let (_folder, set) = journal(&full_header(), &cases());
    let page = text(Format::Html, &set, &Style::default());
    let shown = set
        .cases()
        .expect("cases")
        .map(|case| case.expect("a case"));
    let shown: Vec<CaseResult> = shown.filter(|c| c.verdict != Verdict::Same).collect();
    let differences: usize = shown.iter().map(|case| case.differences.len()).sum();
    assert!(differences > 5);
    assert_eq!(page.matches("<article class=\"case ").count(), shown.len());
    assert_eq!(page.matches(" id=\"d-").count(), differences);
    let ids = regex::Regex::new(" id=\"([^\"]+)\"").expect("a pattern");
    let ids: Vec<&str> = ids
        .captures_iter(&page)
        .filter_map(|found| Some(found.get(1)?.as_str()))
        .collect();
    let distinct: std::collections::HashSet<&&str> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "two parts of one id");
    for case in &shown {
        assert!(
            page.contains(&format!(">{}</a></h4>", case.case)),
            "{}",
            case.id
        );
    }
    // What a server sent stands there as text, and what acts is written out.
    assert!(page.contains("&#60;b&#62;&#38;\\u{0}]]&#62;"), "{page}");
    assert!(page.contains("\\u{1b}[31mred\\u{202e}\\r\\nINJECTED"));
    assert!(page.contains("curl -sS -i --path-as-is -X POST"));
    // The anchors are the same each time.
    assert_eq!(page, text(Format::Html, &set, &Style::default()));
}
