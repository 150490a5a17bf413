//! Reports made from journals: golden texts, and each format read back by what it is for.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use cutover::Side;
use cutover::journal::{Footer, Header, JournalSet, Writer};
use cutover::report::{Format, Style, append_summary, save, write, write_since};
use cutover::results::{
    AcceptedBy, CaseResult, Difference, ExchangeRecord, FailureSummary, Finding, Kind,
    MessageRecord, Observed, Phase, Reason, Results, Severity, Verdict, Warning, Where,
};

use super::journal_support::{answer, because, case, end, header, journal, suite, with};

fn price(index: usize) -> Difference {
    Difference::new(
        Where::Body,
        format!("$.items[{index}].price"),
        Kind::Type,
        Severity::Breaking,
        "a number became a string: typed clients fail to decode it",
    )
    .showing(Observed::raw("12.50"), Observed::raw("\"12.50\""))
    .new_path(format!("$.items[{}].price", index + 1))
    .advice("send the price as a number again")
}

fn status(old: u16, new: u16) -> Difference {
    Difference::new(
        Where::Status,
        "",
        Kind::Value,
        Severity::Breaking,
        "clients that handle one status do not handle the other",
    )
    .showing(Observed::of(&old), Observed::of(&new))
}

fn accepted(mut difference: Difference) -> Difference {
    difference.accepted_by = Some(AcceptedBy {
        rule: "known:choreo/wrong-method-404".into(),
        because: "the new gateway routes by method".into(),
        until: Some("2027-01-31".into()),
        at: "b.yaml:31".into(),
    });
    difference.known = Some("choreo/wrong-method-404".into());
    difference
}

fn exchange(body: &str) -> ExchangeRecord {
    let request = MessageRecord {
        method: Some("POST".into()),
        url: Some("https://old.example.com/orders?page=1".into()),
        headers: vec![(
            "Authorization".into(),
            "Bearer [secret app.access_token, 36 characters]".into(),
        )],
        body: body.into(),
        bytes: body.len() as u64,
        ..MessageRecord::default()
    };
    ExchangeRecord {
        request,
        response: None,
    }
}

/// One case of every verdict, with values of every sort.
#[expect(clippy::too_many_lines, reason = "one table")]
fn cases() -> Vec<CaseResult> {
    let mut known = status(405, 404);
    known.known = Some("choreo/wrong-method-404".into());
    let mut long = Difference::new(
        Where::Header,
        "location",
        Kind::HostLeak,
        Severity::Breaking,
        "clients are sent back to the old gateway",
    )
    .showing(
        Observed::text("https://new.example.dev/orders/1"),
        Observed::text(&format!("https://old.example.com/{}", "orders/".repeat(40))),
    );
    long.shorten();
    let nasty = Difference::new(
        Where::Body,
        "$.a_rather_long_name.of_a_member_that_is.nested_deeply_in_the_answer[17].comment",
        Kind::Value,
        Severity::Breaking,
        "another value",
    )
    .showing(
        Observed::text("\u{1b}[31mred\u{202e}\r\nINJECTED"),
        Observed::text("<b>&\u{0}]]>"),
    );
    let missing = Difference::new(
        Where::Body,
        "$.note",
        Kind::Removed,
        Severity::Risky,
        "null against missing",
    )
    .showing(Observed::raw("null"), Observed::Absent);
    let cosmetic = Difference::new(
        Where::Body,
        "$.n",
        Kind::Format,
        Severity::Cosmetic,
        "trailing zeros",
    )
    .showing(Observed::raw("1.5"), Observed::raw("1.50"));
    let mut orders = with(
        case("b.yaml", 3, "list orders", Verdict::Different),
        vec![price(3), price(9), missing, cosmetic.clone(), long],
    );
    for side in [&mut orders.old, &mut orders.new].into_iter().flatten() {
        side.exchange = Some(exchange("{\"it's\":1}"));
    }
    let mut down = because(
        case("a.yaml", 5, "read it back", Verdict::Inconclusive),
        Reason::Connect,
    );
    down.new = None;
    if let Some(old) = &mut down.old {
        old.failure = Some(FailureSummary {
            phase: Phase::Connect,
            message: "connection refused".into(),
        });
    }
    let mut failed = because(
        case("a.yaml", 8, "both fail", Verdict::Inconclusive),
        Reason::BothFailed,
    );
    failed.old = Some(answer(404));
    failed.new = Some(answer(404));
    let mut skipped = because(case("a.yaml", 30, "later", Verdict::Skipped), Reason::Skip);
    skipped.note = Some("not before May".into());
    vec![
        with(
            case("a.yaml", 2, "prices [page=10]", Verdict::Different),
            vec![price(0), nasty],
        ),
        with(
            case("a.yaml", 2, "prices [page=2]", Verdict::Different),
            vec![price(1), known],
        ),
        orders,
        down,
        failed,
        skipped,
        with(
            case("b.yaml", 31, "wrong method", Verdict::Accepted),
            vec![accepted(status(405, 404))],
        ),
        with(case("b.yaml", 40, "same", Verdict::Same), vec![cosmetic]),
        because(
            case("b.yaml", 50, "create", Verdict::Skipped),
            Reason::WritesWithheld,
        ),
        because(case("b.yaml", 51, "read", Verdict::Skipped), Reason::Needs),
    ]
}

fn full_header() -> Header {
    let mut header = header(10);
    header.warnings.push(Warning {
        code: "certificate-checks-off".into(),
        side: Some(Side::New),
        message: "the certificates of the new side are not checked (tls.insecure)".into(),
    });
    header
}

fn text(format: Format, journal: &JournalSet, style: &Style) -> String {
    let mut out = Vec::new();
    write(format, journal, &mut out, style).expect("a report");
    String::from_utf8(out).expect("UTF-8")
}

fn columns(width: usize) -> Style {
    Style {
        width,
        ..Style::default()
    }
}

/// Compares with a file beside the tests; `BLESS=1` writes it.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/golden")
        .join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, text).expect("a golden file");
    }
    let expected = fs::read_to_string(&path).expect("a golden file");
    assert!(
        text == expected,
        "{name} differs (BLESS=1 accepts it):\n{text}"
    );
}

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
fn github_annotations_stand_on_one_line_each() {
    let mut nasty = case("b.yaml", 7, "a,b: 100%", Verdict::Different);
    nasty.differences = vec![
        Difference::new(
            Where::Body,
            "$.x",
            Kind::Value,
            Severity::Breaking,
            "first\n::error::injected",
        )
        .showing(
            Observed::text("1%\n::stop-commands::x"),
            Observed::text("2"),
        ),
    ];
    let (_folder, set) = journal(&header(1), &[nasty]);
    let shown = text(Format::Github, &set, &Style::default());
    assert_eq!(
        shown,
        "::error file=b.yaml,line=7,title=different%3A a%2Cb%3A 100%25::body $.x value: \
         \"1%25\\n::stop-commands::x\" to \"2\": first\\n::error::injected\n\
         ::notice title=cutover::no parity: 1 of 1 cases different\n"
    );
}

#[test]
fn the_first_ten_errors_on_github_show_what_differs_and_the_verdict_says_where_the_rest_is() {
    // Twenty cases of one cause, and one of another behind them.
    let mut failed: Vec<CaseResult> = (0..20)
        .map(|number| {
            case(
                "a.yaml",
                number + 1,
                &format!("c{number}"),
                Verdict::Different,
            )
        })
        .collect();
    for case in &mut failed {
        case.differences = vec![price(1)];
    }
    let mut other = case("a.yaml", 40, "other", Verdict::Different);
    other.differences = vec![status(200, 404)];
    failed.push(other);
    let (_folder, set) = journal(&header(21), &failed);
    let shown = text(Format::Github, &set, &Style::default());
    let titles: Vec<&str> = shown
        .lines()
        .filter_map(|line| line.split("title=").nth(1)?.split("::").next())
        .collect();
    assert_eq!(titles.len(), 22);
    assert_eq!(
        titles[..3],
        ["different%3A c0", "different%3A other", "different%3A c1"]
    );
    let last = "::notice title=cutover::no parity: 21 of 21 cases different%0A\
                GitHub shows 10 errors of a step; all 21 are in its log and in the summary\n";
    assert!(shown.ends_with(last), "{shown}");
}

#[test]
fn a_summary_stays_below_a_megabyte_and_says_what_is_left_out() {
    let mut large: Vec<CaseResult> = (0..3_000)
        .map(|number| {
            case(
                "a.yaml",
                number + 1,
                &format!("c{number}"),
                Verdict::Different,
            )
        })
        .collect();
    for case in &mut large {
        case.differences = vec![price(1), status(200, 404)];
    }
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

#[test]
fn files_are_written_whole_and_summaries_are_added() {
    let (folder, set) = journal(&full_header(), &cases());
    let path = folder.path().join("out/deep/report.json");
    for _ in 0..2 {
        save(Format::Json, &set, &path, &Style::default()).expect("a file");
        let names: Vec<_> = fs::read_dir(folder.path().join("out/deep"))
            .expect("a folder")
            .collect();
        assert_eq!(names.len(), 1, "nothing beside the report");
    }
    let written = fs::read_to_string(&path).expect("text");
    assert_eq!(written, text(Format::Json, &set, &Style::default()));
    assert!(save(Format::Json, &set, &path.join("below"), &Style::default()).is_err());

    let page = folder.path().join("summary.md");
    fs::write(&page, "before\n").expect("a file");
    append_summary(&set, &page).expect("a summary");
    let report = text(Format::Markdown, &set, &Style::default());
    assert_eq!(
        fs::read_to_string(&page).expect("text"),
        format!("before\n{report}")
    );
}

struct Closed {
    room: usize,
    kind: io::ErrorKind,
}

impl Write for Closed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            return Err(self.kind.into());
        }
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
    let (_folder, set) = journal(&full_header(), &cases());
    for format in Format::ALL {
        for room in [0, 100] {
            let style = Style::default();
            let mut pipe = Closed {
                room,
                kind: io::ErrorKind::BrokenPipe,
            };
            write(format, &set, &mut pipe, &style).expect("no error");
            let mut disk = Closed {
                room,
                kind: io::ErrorKind::StorageFull,
            };
            assert!(write(format, &set, &mut disk, &style).is_err(), "{format}");
        }
    }
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
