//! From a suite's text to a checked [`Suite`].

use std::path::Path;
use std::sync::Arc;

use super::client_choice::Choice;
use super::client_pass::check_pass;
use super::client_suite;
use super::compile::Compiler;
use super::doc::SuiteDoc;
use super::file::SuiteFile;
use super::may_name::Known;
use super::model::Suite;
use super::scope::Given;
use super::streamed::streamed;
use crate::source::{Cx, Decode, Diagnostics, Node, Source};

/// Reads a suite. `path` is where the file is, the source's name is what case ids begin with.
///
/// # Errors
/// Every problem of the file. Warnings come beside a suite that can run.
pub fn load_suite(
    source: &Arc<Source>,
    path: &Path,
    known: Known<'_>,
) -> Result<(Suite, Diagnostics), Diagnostics> {
    if let Some(loaded) = streamed(source, path, known) {
        return Ok(loaded);
    }
    load_whole(source, path, known)
}

/// Reads a suite from its whole tree: the way of those with mistakes, of which all are found.
pub(super) fn load_whole(
    source: &Arc<Source>,
    path: &Path,
    known: Known<'_>,
) -> Result<(Suite, Diagnostics), Diagnostics> {
    let (node, mut cx) = Cx::open(source)?;
    if SuiteFile::is_client(&node) {
        let read = client_suite(&node, source, path, (known.given, &Choice::default()), cx);
        return read.and_then(|(suite, warnings)| {
            let pass = suite
                .client
                .as_ref()
                .and_then(|client| client.pass.as_ref());
            let problems = pass.map(|pass| check_pass(pass, known.pair));
            match problems.filter(Diagnostics::has_errors) {
                Some(problems) => Err(problems),
                None => Ok((suite, warnings)),
            }
        });
    }
    let Some(doc) = SuiteDoc::decode(&node, &mut cx) else {
        // What can be read of the rest is checked too: all problems of a file at once.
        if let Some(partial) = super::partial::readable(&node, &cx) {
            build(&partial, path, known, &mut cx);
        }
        return Err(cx.diagnostics.distinct());
    };
    // A large suite is large twice as a tree: it is not needed any more.
    drop(node);
    let suite = build(&doc, path, known, &mut cx);
    let problems = cx.diagnostics.distinct();
    if problems.has_errors() {
        return Err(problems);
    }
    Ok((suite, problems))
}

/// Reads a suite if it is a client suite, which needs no pair; none where it is another.
///
/// # Errors
/// Every problem of the file.
pub fn load_client_suite(
    source: &Arc<Source>,
    path: &Path,
    given: &Given,
    choice: &Choice,
) -> Result<Option<Suite>, Diagnostics> {
    let (node, cx) = Cx::open(source)?;
    if !SuiteFile::is_client(&node) {
        return Ok(None);
    }
    client_suite(&node, source, path, (given, choice), cx).map(|(suite, _)| Some(suite))
}

fn client_suite(
    node: &Node,
    source: &Arc<Source>,
    path: &Path,
    from_outside: (&Given, &Choice),
    mut cx: Cx<'_>,
) -> Result<(Suite, Diagnostics), Diagnostics> {
    let suite = match SuiteFile::decode(node, &mut cx) {
        Some(SuiteFile::Client(doc)) => Some(client_suite::build(
            &doc,
            source,
            path,
            from_outside,
            &mut cx,
        )),
        _ => None,
    };
    let problems = cx.diagnostics.distinct();
    match suite {
        Some(suite) if !problems.has_errors() => Ok((suite, problems)),
        _ => Err(problems),
    }
}

/// The suite of `--get PATH`: one case for each path.
pub fn get_suite(paths: &[String], token: Option<&str>) -> Arc<Source> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = String::from("name: command line\n");
    if let Some(token) = token {
        text.push_str(&format!("token: {token}\n"));
    }
    text.push_str("cases:\n");
    for path in paths {
        let request = quoted(&format!("GET {path}"));
        text.push_str(&format!("  - {{ name: {request}, request: {request} }}\n"));
    }
    Source::new("--get", text)
}

fn build(doc: &SuiteDoc, path: &Path, known: Known<'_>, cx: &mut Cx<'_>) -> Suite {
    let mut compiler = Compiler::new(doc, path, known, cx);
    doc.cases.iter().for_each(|case| compiler.add(case, false));
    doc.cleanup.iter().for_each(|case| compiler.add(case, true));
    compiler.finish()
}
