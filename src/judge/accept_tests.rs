use super::*;
use crate::results::Severity;
use crate::source::{Decode, parse};

fn read(text: &str) -> (Accepts, Vec<String>) {
    let source = Source::new("s.yaml", text);
    let node = parse(&source).expect("YAML");
    let mut cx = Cx::new(&source);
    let docs: Vec<AcceptDoc> = Vec::decode(&node, &mut cx).unwrap_or_default();
    let accepts = Accepts::new(&docs, [], &mut cx);
    let told =
        |d: &&Diagnostic| format!("{} ({})", d.message, d.help.as_deref().unwrap_or(&d.label));
    let messages = cx.diagnostics.sorted().iter().map(told).collect();
    (accepts, messages)
}

fn today() -> Date {
    Date::constant(2026, 11, 21)
}

fn removed(path: &str) -> Difference {
    Difference::new(Where::Body, path, Kind::Removed, Severity::Breaking, "gone")
        .showing(Observed::of(&1), Observed::Absent)
}

#[test]
fn an_item_accepts_its_place_and_nothing_beside_it() {
    let (accepts, messages) = read(
        "- { where: body, path: \"$.legacy\", kind: removed, because: unused, until: 2027-01-31 }\n\
         - { where: body, path: \"$.items[*].x\", because: meant }\n",
    );
    assert_eq!(messages, [""; 0]);
    let mut found = [
        removed("$.legacy"),
        removed("$.legacyId"),
        removed("$.items[3].x"),
        removed("$.items[3].y"),
    ];
    let used = accept(&mut found, &accepts, today());
    let by: Vec<Option<String>> = found
        .iter()
        .map(|d| d.accepted_by.as_ref().map(|by| by.at.clone()))
        .collect();
    assert_eq!(
        by,
        [Some("s.yaml:1".into()), None, Some("s.yaml:2".into()), None]
    );
    assert_eq!(used.len(), 2);
    let by = found[0].accepted_by.clone();
    let expected = AcceptedBy {
        rule: "body $.legacy removed".into(),
        because: "unused".into(),
        until: Some("2027-01-31".into()),
        at: "s.yaml:1".into(),
    };
    assert_eq!(by, Some(expected));
}

#[test]
fn an_expired_item_no_longer_accepts_and_says_so() {
    let (accepts, _) = read("- { where: body, path: \"$.a\", because: x, until: 2026-11-20 }\n");
    let mut found = [removed("$.a")];
    accept(&mut found, &accepts, today());
    assert_eq!(found[0].accepted_by, None);
    assert_eq!(found[0].explain, "gone (acceptance expired on 2026-11-20)");
    let (accepts, _) = read("- { where: body, path: \"$.a\", because: x, until: 2026-11-21 }\n");
    let mut found = [removed("$.a")];
    accept(&mut found, &accepts, today());
    assert!(found[0].accepted_by.is_some(), "the last day itself holds");
}

#[test]
fn a_status_is_accepted_with_both_values_only() {
    let (accepts, messages) = read("- { where: status, old: 405, new: 404, because: x }\n");
    assert_eq!(messages, [""; 0]);
    let status = |old: u16, new: u16| {
        Difference::new(Where::Status, "", Kind::Value, Severity::Risky, "")
            .showing(Observed::of(&old), Observed::of(&new))
    };
    let mut found = [status(405, 404), status(405, 403)];
    accept(&mut found, &accepts, today());
    assert_eq!(found.map(|d| d.accepted_by.is_some()), [true, false]);
}

#[test]
fn every_mistake_is_told() {
    let (_, messages) = read(
        "- { where: status, because: x }\n- { where: body, path: \"$\", because: x }\n- { where: header, because: x }\n\
         - { where: body, path: \"$.a\" }\n- { where: boddy, path: \"$.a\", because: x }\n- { path: \"$.a\", because: x }\n\
         - { where: body, path: \"$.a\", kind: gone, because: x, until: soon }\n- { known: choreo/fault-json, path: \"$.a\" }\n",
    );
    let expected = [
        "accepting a status needs `old` and `new`",
        "this would accept every difference of the body",
        "this would accept every difference of the header",
        "an accept item needs `because`",
        "unknown place `boddy` (did you mean `body`?)",
        "an accept item needs `known` or `where`",
        "`soon` is not a date",
        "`known` accepts the whole change that it names",
    ];
    assert_eq!(messages.len(), expected.len(), "{messages:#?}");
    for (message, start) in messages.iter().zip(expected) {
        assert!(message.starts_with(start), "{message} / {start}");
    }
}

#[test]
fn an_unknown_known_change_names_the_nearest() {
    let (_, messages) = read("- { known: choreo/fault-jsn }\n- { known: choreo/fault-json }\n");
    assert_eq!(
        messages,
        ["unknown known change `choreo/fault-jsn` (did you mean `choreo/fault-json`?)"]
    );
}

#[test]
fn an_xpath_accepts_every_position_that_it_does_not_name() {
    let (accepts, messages) = read(
        "- { where: body, path: /l/i/n, because: x }\n- { where: body, path: \"/l/j[*]/@n\", because: x }\n\
         - { where: body, path: \"/l/k[2]\", because: x }\n",
    );
    assert_eq!(messages, [""; 0]);
    let paths = [
        "/l/i[3]/n",
        "/l/i/n",
        "/l/i[3]/@n",
        "/l/j[1]/@n",
        "/l/k[2]",
        "/l/k[1]",
    ];
    let mut found = paths.map(removed);
    accept(&mut found, &accepts, today());
    let accepted = found.map(|d| d.accepted_by.is_some());
    assert_eq!(accepted, [true, true, false, true, true, false]);
    let (_, messages) = read(
        "- { where: body, path: //n, because: x }\n- { where: body, path: /x:n, because: x }\n\
         - { where: body, path: \"/*\", because: x }\n",
    );
    assert_eq!(
        messages,
        [
            "`//n` would accept more than the place that a report shows (write names and positions only: \
             /order/line[2]/price, or /order/line/price for every line)",
            "bad XPath `/x:n`: its prefix is not among the `namespaces` of the suite; a name without one fits in any namespace (did you mean `/n`?)",
            "this would accept every difference of the body (name the place that the report shows: \
             path: \"$.legacy\", path: x-request-id)",
        ]
    );
}

#[test]
fn a_number_is_accepted_by_its_value() {
    let (accepts, messages) =
        read("- { where: body, path: \"$.n\", old: 1, new: 2.50, because: x }\n");
    assert_eq!(messages, [""; 0]);
    let value = |old: &str, new: &str| {
        Difference::new(Where::Body, "$.n", Kind::Value, Severity::Breaking, "")
            .showing(Observed::raw(old), Observed::raw(new))
    };
    let mut found = [
        value("1.0", "25e-1"),
        value("1", "2.5"),
        value("1", "2.51"),
        value("9007199254740993", "2.5"),
        // A text is the text that it is.
        value("\"1.0\"", "2.5"),
    ];
    accept(&mut found, &accepts, today());
    let accepted = found.map(|d| d.accepted_by.is_some());
    assert_eq!(accepted, [true, true, false, false, false]);
}

#[test]
fn a_value_is_accepted_by_its_type_where_values_have_types() {
    let item = |place: &str, old: &str| format!("- {{ where: {place}, old: {old}, because: x }}\n");
    let fits = |place: &str, old: &str, r#where: Where, path: &str, shown: &str| {
        let (accepts, messages) = read(&item(place, old));
        assert_eq!(messages, [""; 0]);
        let mut found = [
            Difference::new(r#where, path, Kind::Value, Severity::Breaking, "")
                .showing(Observed::raw(shown), Observed::Absent),
        ];
        accept(&mut found, &accepts, today());
        found[0].accepted_by.is_some()
    };
    for (written, shown, wanted) in [
        ("1", "1", true),
        ("1", "\"1\"", false),
        ("\"1\"", "\"1\"", true),
        ("\"1\"", "1", false),
        ("null", "null", true),
        ("null", "\"null\"", false),
        ("null", "0", false),
        ("true", "true", true),
        ("true", "\"true\"", false),
        ("\"[1]\"", "[1]", true),
    ] {
        let got = fits("body, path: \"$.a\"", written, Where::Body, "$.a", shown);
        assert_eq!(got, wanted, "{written} {shown}");
    }
    // A header is text, however its value is written down.
    for written in ["5", "\"5\""] {
        assert!(fits(
            "header, path: x-a",
            written,
            Where::Header,
            "x-a",
            "\"5\""
        ));
    }
}
