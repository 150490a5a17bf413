//! Every check of the table of checks, provoked through the command: a row says what both sides do, and exactly what
//! is found then. A check without a row fails the last test of this file.

mod answers;
mod jwts;
mod made;
mod refusals;
mod said;
mod staged;
mod tampered;
mod uses;

use std::collections::BTreeSet;

use cutover::results::{CaseResult, Difference, Results, SideResult, Verdict};
use cutover::token::catalogue;

use crate::sandbox::Sandbox;
use crate::serve::{Seen, Server, answer};

/// Two token answers, and what is found.
pub(crate) struct Row {
    /// The check that it is for.
    check: &'static str,
    /// What is other on the new side; the name of its case.
    what: &'static str,
    /// Keys of the case, beside its grant.
    case: &'static str,
    /// Keys of its credential, on both sides.
    client: &'static str,
    old: fn() -> Vec<u8>,
    new: fn() -> Vec<u8>,
    /// What introspection of the old token says, where the old side has it.
    introspected: &'static str,
    /// Of each difference, in order: check, severity, where, path, kind.
    found: &'static [&'static str],
}

/// Rows of client credentials, one a line: the check, what is other, keys that are (`[client: ..]`), the old answer, the
/// new one, and what is found.
macro_rules! rows {
    ($( $check:literal $what:literal $([$($key:ident: $value:expr),+])?: $old:expr, $new:expr => $($found:literal),+; )*) => {
        vec![$({
            #[allow(unused_mut, reason = "few rows have keys of their own")]
            let mut row = $crate::token_rows::Row {
                check: $check,
                what: $what,
                case: "grant: client_credentials",
                client: "",
                old: $old,
                new: $new,
                introspected: "",
                found: &[$($found),+],
            };
            $($(row.$key = $value;)+)?
            row
        }),*]
    };
}
use rows;

/// A side whose token endpoints answer what its rows say: `/token-0` the first, and so on.
fn side(rows: &[Row], answers: impl Fn(&Row) -> fn() -> Vec<u8>) -> Server {
    let answers: Vec<fn() -> Vec<u8>> = rows.iter().map(answers).collect();
    let active: Vec<&'static str> = rows.iter().map(|row| row.introspected).collect();
    Server::answering(move |seen: &Seen| {
        let at = |prefix: &str| seen.target.strip_prefix(prefix)?.parse::<usize>().ok();
        match (at("/token-"), at("/active-")) {
            (Some(row), _) => answers[row](),
            (_, Some(row)) => made::json(200, active[row]),
            _ if seen.target == "/keys" => made::json(200, &made::keys()),
            _ => answer(404, &[], ""),
        }
    })
}

fn credentials(rows: &[Row], name: &str, url: &str) -> String {
    let mut text = format!("{name}:\n  url: {url}\n  writes: allowed\n  tokens:\n");
    for (at, row) in rows.iter().enumerate() {
        let introspects = match row.introspected.is_empty() || name == "new" {
            true => String::new(),
            false => format!(", introspection_endpoint: '{url}/active-{at}'"),
        };
        text += &format!(
            "    c{at}: {{ token_endpoint: '{url}/token-{at}', jwks_uri: '{url}/keys', client_id: me, \
             client_secret: {}{introspects}{} }}\n",
            made::SECRET,
            row.client
        );
    }
    text
}

fn told(difference: &Difference) -> String {
    format!(
        "{} {} {} {} {}",
        difference.check.as_deref().unwrap_or("-"),
        difference.severity,
        difference.r#where,
        difference.path,
        difference.kind
    )
}

/// What a case with these differences has to come to, where `--fail-on` is `risky`.
fn verdict(found: &[String]) -> Verdict {
    let counts = |found: &String| !found.contains(" cosmetic ");
    match found.iter().any(counts) {
        true => Verdict::Different,
        false => Verdict::Same,
    }
}

/// Runs each row as a case, and wants exactly its differences, its verdict, and no secret anywhere.
fn hold(rows: &[Row]) -> Results {
    let (old, new) = (side(rows, |row| row.old), side(rows, |row| row.new));
    let sandbox = Sandbox::new();
    let pair = credentials(rows, "old", &old.url()) + &credentials(rows, "new", &new.url());
    sandbox.file("cutover.yaml", &pair);
    let cases = rows.iter().enumerate().map(|(at, row)| {
        format!(
            "  - {{ name: \"{}\", token: c{at}, {} }}\n",
            row.what, row.case
        )
    });
    let cases: String = cases.collect();
    sandbox.file("suites/a.yaml", &format!("name: A\ncases:\n{cases}"));
    let (ran, results) = sandbox.results(&["run", "--allow-writes"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(results.cases.len(), rows.len());
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let case = results.cases.iter().find(|case| case.case == row.what);
            otherwise(row, case.unwrap())
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let json = sandbox.read("results.json");
    for text in [&ran.out, &ran.err, &json] {
        assert!(!text.contains(made::SECRET), "{text}");
        assert!(!text.contains("panicked"), "{text}");
    }
    results
}

/// What a case came to, where that is another thing than its row says; each difference has what its check says.
fn otherwise(row: &Row, case: &CaseResult) -> Option<String> {
    for difference in &case.differences {
        let check = difference.check.as_deref().and_then(catalogue::check);
        // An `expect` that is not met is of no check.
        let Some(check) = check else { continue };
        assert!(check.admits(difference.severity), "{difference:?}");
        let rfc = difference.r#ref.as_deref().unwrap_or_default();
        assert_eq!(rfc, check.rfc, "{difference:?}");
        assert_eq!(difference.advice.as_deref(), Some(check.advice));
    }
    let found: Vec<String> = case.differences.iter().map(told).collect();
    let own = found.iter().any(|found| found.starts_with(row.check));
    let good = found == row.found && case.verdict == verdict(&found) && own;
    let side = |side: &Option<SideResult>| side.as_ref().and_then(|side| side.failure.clone());
    (!good).then(|| {
        format!(
            "{} ({}): {} {:?} {:?} {:?} {found:#?}",
            row.what,
            row.check,
            case.verdict,
            case.note,
            side(&case.old),
            side(&case.new)
        )
    })
}

/// The table of checks and the rows are of the same checks: one that is added needs a row.
#[test]
fn every_check_of_the_table_is_provoked() {
    let mut rows = answers::rows();
    rows.extend(said::rows());
    rows.extend(refusals::rows());
    rows.extend(jwts::rows());
    let mut provoked: BTreeSet<&str> = rows.iter().map(|row| row.check).collect();
    provoked.extend(uses::checks());
    provoked.extend(staged::checks());
    let table: BTreeSet<&str> = catalogue::all().map(|check| check.id).collect();
    assert_eq!(provoked, table);
}
