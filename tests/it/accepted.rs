//! Each accepted difference names its rule and reason in every report.

use cutover::journal::JournalSet;
use cutover::report::{Format, Style, write};
use cutover::results::{
    AcceptedBy, CaseResult, Difference, Kind, Observed, Severity, Verdict, Where,
};

use super::journal_support::{case, header, journal, with};
use crate::sandbox::Sandbox;
use crate::serve::Server;

fn meant(path: &str, severity: Severity, rule: &str, because: &str) -> Difference {
    let explain = "another value";
    let mut difference = Difference::new(Where::Body, path, Kind::Value, severity, explain)
        .showing(Observed::text("a"), Observed::text("b"));
    difference.accepted_by = Some(AcceptedBy {
        rule: rule.into(),
        because: because.into(),
        until: Some("2027-01-31".into()),
        at: "a.yaml:31".into(),
    });
    difference.advice(format!("tell them of {path}"))
}

/// A case that only differs in what is meant, one that differs otherwise too, and one that is the same
/// but for what is below the bar.
fn cases() -> [CaseResult; 3] {
    let open = Difference::new(Where::Body, "$.n", Kind::Value, Severity::Breaking, "other");
    [
        with(
            case("a.yaml", 2, "accepted case", Verdict::Accepted),
            vec![
                meant("$.a", Severity::Breaking, "body $.a", "agreed in May"),
                meant("$.b", Severity::Breaking, "known:choreo/b", "a known one"),
            ],
        ),
        with(
            case("a.yaml", 5, "different case", Verdict::Different),
            vec![
                open,
                meant("$.c", Severity::Risky, "body $.c", "agreed in June"),
            ],
        ),
        with(
            case("a.yaml", 8, "same case", Verdict::Same),
            vec![meant(
                "$.d",
                Severity::Cosmetic,
                "body $.d",
                "agreed in July",
            )],
        ),
    ]
}

fn text(format: Format, journal: &JournalSet) -> String {
    let mut out = Vec::new();
    // Lines are not broken: what is looked for stands in one.
    let style = Style {
        width: 1_000,
        ..Style::default()
    };
    write(format, journal, &mut out, &style).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_report_names_the_rule_and_the_reason_of_what_is_accepted() {
    let (_folder, set) = journal(&header(3), &cases());
    for format in Format::ALL {
        // Markdown escapes what would be markup.
        let shown = text(format, &set).replace('\\', "");
        for (rule, because) in [
            ("body $.a", "agreed in May"),
            ("known:choreo/b", "a known one"),
            ("body $.c", "agreed in June"),
            ("body $.d", "agreed in July"),
        ] {
            for part in [rule, because, "2027-01-31", "a.yaml:31"] {
                assert!(
                    shown.contains(part),
                    "{format}: {part} is missing:\n{shown}"
                );
            }
        }
    }
}

#[test]
fn reports_for_people_who_tell_consumers_say_what_to_do_about_what_is_accepted() {
    let (_folder, set) = journal(&header(3), &cases());
    for format in [Format::Html, Format::Markdown] {
        let shown = text(format, &set);
        for path in ["$.a", "$.b", "$.c", "$.d"] {
            let advice = format!("tell them of {path}");
            assert_eq!(shown.matches(&advice).count(), 1, "{format}: {shown}");
        }
    }
    let told = text(Format::Markdown, &set);
    let heading = "## Accepted: 1 case; below `--fail-on` in 1 case that is the same\n";
    assert!(told.contains(heading), "{told}");
    assert!(
        told.contains("- `body $.a` (1 case): tell them of $.a\n"),
        "{told}"
    );
    assert!(!text(Format::Terminal, &set).contains("tell them"));
}

#[test]
fn one_rule_that_accepts_many_places_is_one_line_of_an_annotation() {
    let place = |at: usize| {
        meant(
            &format!("$[{at}]"),
            Severity::Breaking,
            "body $[*]",
            "agreed",
        )
    };
    let many = (0..7).map(place).collect();
    let case = with(case("a.yaml", 2, "many", Verdict::Accepted), many);
    let (_folder, set) = journal(&header(1), &[case]);
    let shown = text(Format::Github, &set);
    let notice = shown.lines().find(|line| line.contains("line=2")).unwrap();
    assert_eq!(
        notice,
        "::notice file=a.yaml,line=2,title=accepted%3A many::accepted at body $[0], body $[1], \
         body $[2], body $[3], body $[4] \
         and 2 more: agreed (until 2027-01-31) [body $[*], a.yaml:31]"
    );
}

/// The REST APIs of the product are gone, and nothing else is excused by that.
#[test]
fn a_known_change_of_some_paths_is_not_one_of_others() {
    let fault = r#"{"code":"404","message":"Not Found","description":"The requested resource is not available."}"#;
    let old = Server::json("{\"a\": 1}");
    let new = Server::answering(move |_| {
        let json = ("Content-Type", "application/json");
        crate::serve::answer(404, &[json], fault)
    });
    let sandbox = Sandbox::new();
    let side = |name: &str, platform: &str, url: &str| {
        format!("{name}: {{ url: \"{url}\", platform: {platform} }}\n")
    };
    let pair = side("old", "wso2-api-cloud", &old.url()) + &side("new", "choreo", &new.url());
    sandbox.file("cutover.yaml", &pair);
    let case = |name: &str, path: &str| {
        format!(
            "  - {{ name: {name}, request: GET {path}, accept: [ {{ known: choreo/no-product-apis }} ] }}\n"
        )
    };
    let cases = case("product", "/api/am/publisher/v1/apis")
        + &case("orders", "/orders/1")
        + &case("below", "/shop/api/am/publisher/v1/apis")
        + &case("other", "/api/am/publishers");
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{cases}"));
    let (ran, results) = sandbox.results(&["run"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let known = |case: &CaseResult| {
        let named = case
            .differences
            .iter()
            .filter(|found| found.known.is_some());
        (case.verdict.to_string(), named.count() > 0)
    };
    let found: Vec<(String, bool)> = results.cases.iter().map(known).collect();
    let lost = || ("different".to_owned(), false);
    let wanted = [("accepted".to_owned(), true), lost(), lost(), lost()];
    assert_eq!(found, wanted);
}
