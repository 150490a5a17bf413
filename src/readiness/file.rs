//! `readiness.yaml`: every row of the comparison, and what people say of those that no run shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::{ROWS, row};
use crate::judge::Day;
use crate::source::{
    Cx, Decode, Diagnostic, Diagnostics, Entries, Node, Source, Spanned, Value, document, nearest,
};

document! {
    /// The file.
    pub struct ReadinessDoc is "a readiness file" {
        /// Every row of the comparison by its name; empty where the runs are to show it.
        required rows: Spanned<Entries<Option<RowDoc>>>,
    }
}

document! {
    /// What people say of a row.
    pub struct RowDoc is "a row" {
        /// Who vouches for it.
        optional attested: Option<AttestedDoc>,
        /// Why it does not concern these consumers.
        optional not_applicable: Option<Spanned<String>>,
    }
}

document! {
    /// Somebody's word for a row.
    pub struct AttestedDoc is "an attestation" {
        /// Who gives it.
        required who: Spanned<String>,
        /// The day on which it was given.
        required when: Day,
        /// What it rests on: a ticket, a page, a record.
        required evidence: Spanned<String>,
        /// The last day on which it counts.
        required until: Day,
    }
}

/// What people say, by row.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    rows: BTreeMap<String, RowDoc>,
}

impl Declared {
    /// What is said of a row.
    pub fn of(&self, key: &str) -> Option<&RowDoc> {
        self.rows.get(key)
    }
}

/// Reads a readiness file.
///
/// # Errors
/// Every problem of the file: among them each row of the comparison that it leaves out.
pub fn load(source: &Arc<Source>) -> Result<Declared, Diagnostics> {
    let (node, mut cx) = Cx::open(source)?;
    let Some(doc) = ReadinessDoc::decode(&node, &mut cx) else {
        return Err(cx.diagnostics);
    };
    check(&doc, &mut cx);
    empty(&node, &mut cx);
    if cx.diagnostics.has_errors() {
        return Err(cx.diagnostics);
    }
    let rows = doc.rows.value.0.into_iter();
    let rows = rows.filter_map(|(name, row)| Some((name.value, row?)));
    Ok(Declared {
        rows: rows.collect(),
    })
}

fn check(doc: &ReadinessDoc, cx: &mut Cx<'_>) {
    let keys = ROWS.map(|row| row.key);
    for (name, said) in doc.rows.iter() {
        if row(name).is_none() {
            let near = nearest(name, keys);
            let known: &[&str] = near.as_slice();
            let known = if known.is_empty() { &keys } else { known };
            cx.unknown::<()>(name.span, "row", name, known);
        }
        let Some(said) = said else { continue };
        if let (Some(_), Some(not)) = (&said.attested, &said.not_applicable) {
            let message = format!("`{}` is attested and not applicable", name.value);
            cx.error::<()>(not.span, message, "only one of the two can hold");
        }
        texts(said, cx);
    }
    let missing = ROWS.iter().filter(|row| !row.beyond);
    let missing: Vec<&str> = missing
        .map(|row| row.key)
        .filter(|key| doc.rows.get(key).is_none())
        .filter(|key| doc.rows.names().all(|name| name != *key))
        .collect();
    if !missing.is_empty() {
        let lines: Vec<String> = missing.iter().map(|key| format!("  {key}:")).collect();
        let message = format!("every row is listed, and {} is not", missing.join(", "));
        let help = format!("add\n{}", lines.join("\n"));
        cx.report::<()>(Diagnostic::error(cx.source, doc.rows.span, message).help(help));
    }
}

/// A key of a row with nothing behind it: whoever wrote it meant to say something.
fn empty(node: &Node, cx: &mut Cx<'_>) {
    let below = |node: &Node, key: &str| node.get(key).cloned();
    let Some(Value::Map(rows)) = below(node, "rows").map(|rows| rows.value) else {
        return;
    };
    for row in rows {
        let Value::Map(said) = row.value.value else {
            continue;
        };
        for entry in said.iter().filter(|entry| entry.value.value == Value::Null) {
            let key = &entry.key;
            cx.error::<()>(
                key.span,
                format!("`{}` says nothing", key.value),
                "write it out",
            );
        }
    }
}

/// What somebody vouches with says something.
fn texts(said: &RowDoc, cx: &mut Cx<'_>) {
    let attested = said.attested.iter();
    let attested = attested.flat_map(|a| [("who", &a.who), ("evidence", &a.evidence)]);
    let reason = said
        .not_applicable
        .iter()
        .map(|not| ("not_applicable", not));
    for (key, text) in attested.chain(reason) {
        if text.trim().is_empty() {
            cx.error::<()>(text.span, format!("`{key}` says nothing"), "write it out");
        }
    }
    if let Some(attested) = &said.attested
        && attested.until.0 < attested.when.0
    {
        let message = format!("until {} is before {}", attested.until.0, attested.when.0);
        cx.error::<()>(
            attested.who.span,
            message,
            "an attestation ends after it is given",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_row() -> String {
        let rows = ROWS.iter().filter(|row| !row.beyond);
        let rows: String = rows.map(|row| format!("  {}:\n", row.key)).collect();
        format!("rows:\n{rows}")
    }

    fn problems(text: &str) -> Vec<String> {
        let problems = load(&Source::new("readiness.yaml", text)).expect_err("mistakes");
        let problems = problems.sorted();
        problems.iter().map(|d| d.message.clone()).collect()
    }

    #[test]
    fn a_file_with_every_row_is_read() {
        let text = every_row().replace(
            "  portal-theming:\n",
            "  portal-theming:\n    attested: { who: J. Doe, when: 2026-11-01, evidence: T-12, until: 2027-05-01 }\n",
        );
        let text = text.replace("api-scopes:", "api-scopes: { not_applicable: no scopes }");
        let declared = load(&Source::new("readiness.yaml", text)).expect("sound");
        let theming = declared
            .of("portal-theming")
            .and_then(|r| r.attested.as_ref());
        assert_eq!(theming.map(|a| a.who.as_str()), Some("J. Doe"));
        let scopes = declared
            .of("api-scopes")
            .and_then(|r| r.not_applicable.as_ref());
        assert_eq!(scopes.map(|text| text.as_str()), Some("no scopes"));
        assert!(declared.of("rest-apis").is_none());
    }

    #[test]
    fn every_mistake_is_told() {
        let text = every_row()
            .replace("  rest-apis:\n", "  rest-api:\n")
            .replace(
                "  self-sign-up:\n",
                "  self-sign-up:\n    not_applicable: ' '\n    attested: { who: '', when: 2026-11-01, evidence: x, until: 2026-10-01 }\n",
            );
        assert_eq!(
            problems(&text),
            [
                "every row is listed, and rest-apis is not",
                "unknown row `rest-api`",
                "`self-sign-up` is attested and not applicable",
                "`not_applicable` says nothing",
                "`who` says nothing",
                "until 2026-10-01 is before 2026-11-01",
            ]
        );
        let text = every_row().replace("  api-scopes:\n", "  api-scopes:\n    not_applicable:\n");
        assert_eq!(problems(&text), ["`not_applicable` says nothing"]);
        assert_eq!(
            problems("rows: { a: { attested: { who: x } } }"),
            [
                "an attestation needs `when`",
                "an attestation needs `evidence`",
                "an attestation needs `until`"
            ]
        );
    }
}
