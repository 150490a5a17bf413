//! What the tests of reports have in common: a run with every kind of case, and texts that are checked in.

use std::fs;
use std::path::Path;

use cutover::Side;
use cutover::journal::{Header, JournalSet};
use cutover::report::{Format, Style, write};
use cutover::results::{
    AcceptedBy, CaseResult, Difference, ExchangeRecord, FailureSummary, Kind, MessageRecord,
    Observed, Phase, Reason, Severity, Verdict, Warning, Where,
};

use super::journal_support::{answer, because, case, header, with};

pub(crate) fn price(index: usize) -> Difference {
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

pub(crate) fn status(old: u16, new: u16) -> Difference {
    Difference::new(
        Where::Status,
        "",
        Kind::Value,
        Severity::Breaking,
        "clients that handle one status do not handle the other",
    )
    .showing(Observed::of(&old), Observed::of(&new))
}

pub(crate) fn accepted(mut difference: Difference) -> Difference {
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
pub(crate) fn cases() -> Vec<CaseResult> {
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

pub(crate) fn full_header() -> Header {
    let mut header = header(10);
    header.warnings.push(Warning {
        code: "certificate-checks-off".into(),
        side: Some(Side::New),
        message: "the certificates of the new side are not checked (tls.insecure)".into(),
    });
    header
}

pub(crate) fn text(format: Format, journal: &JournalSet, style: &Style) -> String {
    let mut out = Vec::new();
    write(format, journal, &mut out, style).expect("a report");
    String::from_utf8(out).expect("UTF-8")
}

pub(crate) fn columns(width: usize) -> Style {
    Style {
        width,
        ..Style::default()
    }
}

/// Compares with a file beside the tests; `BLESS=1` writes it.
pub(crate) fn golden(name: &str, text: &str) {
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

/// So many cases of one file that differ, each in all of this.
pub(crate) fn differing(count: usize, differences: &[Difference]) -> Vec<CaseResult> {
    let cases =
        (1..=count).map(|line| case("a.yaml", line, &format!("c{line}"), Verdict::Different));
    cases.map(|case| with(case, differences.to_vec())).collect()
}
