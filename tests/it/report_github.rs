//! Reports as GitHub takes them: annotations, of which it shows ten.

use cutover::report::{Format, Style};
use cutover::results::{Difference, Kind, Observed, Severity, Verdict, Where};

use super::journal_support::{case, header, journal, with};
use super::report_support::{differing, price, status, text};

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
    let mut failed = differing(20, &[price(1)]);
    let other = case("a.yaml", 40, "other", Verdict::Different);
    failed.push(with(other, vec![status(200, 404)]));
    let (_folder, set) = journal(&header(21), &failed);
    let shown = text(Format::Github, &set, &Style::default());
    let titles: Vec<&str> = shown
        .lines()
        .filter_map(|line| line.split("title=").nth(1)?.split("::").next())
        .collect();
    assert_eq!(titles.len(), 22);
    assert_eq!(
        titles[..3],
        ["different%3A c1", "different%3A other", "different%3A c2"]
    );
    let last = "::notice title=cutover::no parity: 21 of 21 cases different%0A\
                GitHub shows 10 errors of a step; all 21 are in its log and in the summary\n";
    assert!(shown.ends_with(last), "{shown}");
}
