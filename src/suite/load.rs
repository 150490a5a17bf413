//! From a suite's text to a checked [`Suite`].

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::compile::Compiler;
use super::doc::SuiteDoc;
use super::model::Suite;
use super::scope::Given;
use crate::compare::Rules;
use crate::config::{Folder, PairFile};
use crate::judge::Accepts;
use crate::pair::Pair;
use crate::platform::Platform;
use crate::results::SuiteInfo;
use crate::source::{Cx, Decode, Diagnostics, Source, Spanned, nearest, parse};

use super::feature::FEATURES;

/// What a suite may name.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The pair: its credentials and APIs.
    pub pair: &'a PairFile,
    /// Its platforms: their known changes.
    pub platforms: Pair<&'a Platform>,
    /// What the pair file accepts in every suite.
    pub accepts: &'a Accepts,
    /// Variables from outside.
    pub given: &'a Given,
}

/// Reads a suite. `path` is where the file is, the source's name is what case ids begin with.
///
/// # Errors
/// Every problem of the file. Warnings come beside a suite that can run.
pub fn load_suite(
    source: &Arc<Source>,
    path: &Path,
    known: Known<'_>,
) -> Result<(Suite, Diagnostics), Diagnostics> {
    let mut cx = Cx::new(source);
    let node = match parse(source) {
        Ok(node) => node,
        Err(diagnostic) => {
            cx.report::<()>(*diagnostic);
            return Err(cx.diagnostics);
        }
    };
    let Some(doc) = SuiteDoc::decode(&node, &mut cx) else {
        // What can be read of the rest is checked too: all problems of a file at once.
        if let Some(partial) = super::partial::readable(&node, source) {
            build(&partial, source, path, known, &mut cx);
        }
        return Err(cx.diagnostics.distinct());
    };
    // A large suite is large twice as a tree: it is not needed any more.
    drop(node);
    let suite = build(&doc, source, path, known, &mut cx);
    let problems = cx.diagnostics.distinct();
    if problems.has_errors() {
        return Err(problems);
    }
    Ok((suite, problems))
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

fn build(
    doc: &SuiteDoc,
    source: &Arc<Source>,
    path: &Path,
    known: Known<'_>,
    cx: &mut Cx<'_>,
) -> Suite {
    check_feature(doc.feature.as_ref(), cx);
    let platforms = [known.platforms.old, known.platforms.new];
    let accepts = Accepts::new(&doc.accept, platforms, cx);
    let rules = doc.compare.as_ref().map(|doc| Rules::new(doc, source));
    let mut compiler = Compiler {
        doc,
        known,
        folder: Folder::of(path),
        rules: rules.unwrap_or_default(),
        accepts: known.accepts.merge(&accepts),
        cx,
    };
    let cases = compiler.cases();
    Suite {
        info: SuiteInfo {
            file: source.name.clone(),
            name: doc.name.value.clone(),
            feature: doc.feature.as_ref().map(|feature| feature.value.clone()),
            sha256: hex(&Sha256::digest(source.text.as_bytes())),
        },
        source: Arc::clone(source),
        vars: doc.vars.clone(),
        redact: doc.redact.clone(),
        cases,
    }
}

fn check_feature(feature: Option<&Spanned<String>>, cx: &mut Cx<'_>) {
    if let Some(feature) = feature
        && !FEATURES.contains(&feature.as_str())
    {
        let near = nearest(feature, FEATURES);
        let known: &[&str] = near.as_slice();
        let known = if known.is_empty() { &FEATURES } else { known };
        cx.unknown::<()>(feature.span, "feature", feature, known);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
