//! Which variables a case needs, whether they have a value, and which captures tie it to others.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::doc::{CaseDoc, SuiteDoc};
use super::may_name::Known;
use super::model::{Case, SideCase};
use super::rows::Table;
use crate::judge::Expect;
use crate::locator::Locator;
use crate::pair::{Pair, Side};
use crate::source::{Cx, Diagnostic, Entries, Span, Spanned, nearest};
use crate::template::{BUILT_IN, Scalar, Scope, Template};

/// Captures of the cases before, and whether anybody used them.
#[derive(Debug, Default)]
pub(super) struct Names {
    captures: BTreeMap<String, Capture>,
}

#[derive(Debug)]
struct Capture {
    case: usize,
    span: Span,
    used: bool,
}

/// A scope in which every name has a value: for checks that do not depend on it.
pub(super) struct Anything;

impl Scope for Anything {
    fn get(&self, _: &str) -> Option<Cow<'_, Scalar>> {
        Some(Cow::Owned(Scalar::Text("x".to_owned())))
    }
}

impl Names {
    /// Adds what a case captures, for the cases behind it.
    pub(super) fn captured(&mut self, case: usize, captures: &Entries<Spanned<Locator>>) {
        for (name, _) in captures.iter() {
            let capture = Capture {
                case,
                span: name.span,
                used: false,
            };
            self.captures.insert(name.value.clone(), capture);
        }
    }

    /// Whether a case before captures a value of this name.
    pub(super) fn is_captured(&self, name: &str) -> bool {
        self.captures.contains_key(name)
    }

    /// Warns of captures that nobody used.
    pub(super) fn warn_of_unused(&self, cx: &mut Cx<'_>) {
        for (name, capture) in self.captures.iter().filter(|(_, capture)| !capture.used) {
            let message = format!("nobody uses the capture `{name}`");
            let warning = Diagnostic::warning(cx.source, capture.span, message);
            cx.diagnostics.push(warning.help(format!(
                "use {{{{{name}}}}} in a later case, or take it away"
            )));
        }
    }
}

/// Checks every placeholder of a case; gives the cases whose captures it uses.
pub(super) fn check_variables(
    case: &Uses<'_>,
    rows: Option<&Table>,
    known: Known<'_>,
    suite: &SuiteDoc,
    names: &mut Names,
    cx: &mut Cx<'_>,
) -> Vec<usize> {
    let mut depends = Vec::new();
    let mut reported: Vec<String> = Vec::new();
    for (name, span, side) in case.all() {
        if BUILT_IN.contains(&name.as_str()) || rows.is_some_and(|t| t.columns.contains(&name)) {
            continue;
        }
        if let Some(capture) = names.captures.get_mut(&name) {
            capture.used = true;
            depends.push(capture.case);
            continue;
        }
        let has_value = known.given.get(&name, side).is_some()
            || suite
                .vars
                .get(&name)
                .is_some_and(|var| var.on(side).is_some());
        // A table without rows was told, and may have had that column.
        let is_column = rows.is_some_and(Table::is_empty);
        if !has_value && !is_column && !reported.contains(&name) {
            report(&name, span, rows, known, suite, names, cx);
            reported.push(name);
        }
    }
    depends
}

/// Where a case may have placeholders.
pub(super) struct Uses<'a> {
    pub(super) doc: &'a CaseDoc,
    pub(super) sides: &'a Pair<Arc<SideCase>>,
    pub(super) expects: [Option<&'a Expect>; 2],
}

impl Uses<'_> {
    /// Every placeholder: its name, where it stands, and on which side.
    fn all(&self) -> Vec<(String, Span, Side)> {
        let mut all = Vec::new();
        for (side, case) in self.sides.iter() {
            for template in Case::templates(case) {
                all.extend(
                    template
                        .names()
                        .map(|name| (name.to_owned(), template.span, side)),
                );
            }
            for expect in self.expects.into_iter().flatten() {
                let mut note = |text: &str| {
                    if let Ok(template) = Template::parse(text) {
                        let span = self.doc.name.span;
                        all.extend(template.names().map(|name| (name.to_owned(), span, side)));
                    }
                    Scalar::Text(text.to_owned())
                };
                drop(expect.sides[side].resolve(&mut note));
            }
        }
        all
    }
}

fn report(
    name: &str,
    span: Span,
    rows: Option<&Table>,
    known: Known<'_>,
    suite: &SuiteDoc,
    names: &Names,
    cx: &mut Cx<'_>,
) {
    let declared = suite.vars.get(name).is_some() || known.given.pair.get(name).is_some();
    let diagnostic = if declared {
        Diagnostic::error(
            cx.source,
            span,
            format!("the variable `{name}` must be given"),
        )
        .help(format!(
            "run with --var {name}=…, or set CUTOVER_VAR_{name}"
        ))
    } else {
        let candidates = BUILT_IN
            .into_iter()
            .chain(
                rows.into_iter()
                    .flat_map(|table| table.columns.iter().map(String::as_str)),
            )
            .chain(names.captures.keys().map(String::as_str))
            .chain(known.given.options.keys().map(String::as_str))
            .chain(known.given.pair.names())
            .chain(suite.vars.names());
        let help = match nearest(name, candidates) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a name comes from rows, an earlier capture, --var, or `vars`".to_owned(),
        };
        Diagnostic::error(cx.source, span, format!("undefined variable `{name}`")).help(help)
    };
    cx.diagnostics.push(diagnostic);
}
