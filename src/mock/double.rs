//! [`Double`]: a double's file, read and checked.

use std::path::{Component, Path};
use std::sync::Arc;

use crate::Pair;
use crate::mock::document::{ChangeDoc, DefectDoc, DoubleDoc, RouteDoc, Situation, TokenDoc};
use crate::mock::gateway::Route;
use crate::mock::token::jwt::Signer;
use crate::results::{Kind, Where};
use crate::source::{Cx, Decode, Diagnostic, Diagnostics, Entries, Node, Source, Span, Spanned};

/// A double that can be started.
#[derive(Debug, Clone)]
pub struct Double {
    pub(crate) doc: DoubleDoc,
    pub(crate) routes: Vec<Route>,
    /// The PEM text of `token.key`, where the file names its own.
    pub(crate) key: Option<String>,
}

/// A finding that a defect must lead to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExpectedFinding {
    /// The id of the case.
    pub case: String,
    /// Where it stands.
    pub place: Where,
    /// Its path; empty for a status.
    pub path: String,
    /// Its kind.
    pub kind: Kind,
}

/// A defect as it is listed: its name, what it does, and what must be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefectInfo {
    /// The name that `--defect` takes.
    pub name: String,
    /// What is broken, in a line.
    pub about: String,
    /// The feature that it breaks.
    pub feature: String,
    /// Every finding that must be there, sorted; no other may be.
    pub findings: Vec<ExpectedFinding>,
}

impl Double {
    /// Reads a double from a file. Files that it names are read too, from its own folder.
    ///
    /// # Errors
    /// Every problem of the file, or that it cannot be read.
    pub fn load(path: &Path) -> Result<Self, Diagnostics> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&Source::new(name, text), path.parent()),
            Err(error) => {
                let source = Source::new(name, "");
                let mut diagnostics = Diagnostics::default();
                diagnostics.push(
                    Diagnostic::error(&source, Span::default(), format!("cannot be read: {error}"))
                        .help("give the path of a double's YAML file"),
                );
                Err(diagnostics)
            }
        }
    }

    /// Reads a double from a text; it can name no files.
    ///
    /// # Errors
    /// Every problem of the text.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Diagnostics> {
        Self::read(source, None)
    }

    /// The doubles that ship with the product: API Cloud as old side, Choreo as new side.
    ///
    /// # Errors
    /// None while the shipped files are sound, which a test sees to.
    pub fn embedded() -> Result<Pair<Self>, Diagnostics> {
        let old = include_str!("../../mocks/api-cloud.yaml");
        let new = include_str!("../../mocks/choreo.yaml");
        Ok(Pair::new(
            Self::parse(&Source::new("mocks/api-cloud.yaml", old))?,
            Self::parse(&Source::new("mocks/choreo.yaml", new))?,
        ))
    }

    /// The name shown to people.
    pub fn name(&self) -> &str {
        &self.doc.name
    }

    /// The platform that it stands for.
    pub fn platform(&self) -> &str {
        &self.doc.platform
    }

    /// The ways to break it, in file order.
    pub fn defects(&self) -> Vec<DefectInfo> {
        let defects = self.doc.defects.iter();
        defects.map(|(name, doc)| info(name, doc)).collect()
    }

    /// What a defect changes.
    pub(crate) fn change(&self, name: &str) -> Option<&ChangeDoc> {
        self.doc.defects.get(name).map(|defect| &defect.change)
    }

    fn read(source: &Arc<Source>, folder: Option<&Path>) -> Result<Self, Diagnostics> {
        let (node, _) = Cx::open(source)?;
        Self::of(&node, source, folder)
    }

    /// Reads a double from a tree; `source` is what its places are shown in.
    pub(crate) fn of(
        node: &Node,
        source: &Arc<Source>,
        folder: Option<&Path>,
    ) -> Result<Self, Diagnostics> {
        let mut cx = Cx::new(source);
        let double = DoubleDoc::decode(node, &mut cx).map(|doc| {
            check(&doc, &mut cx);
            let routes = doc.routes.iter().map(|route| {
                let file = route.file.as_ref();
                let bytes = file.and_then(|file| beside(file, folder, &mut cx));
                Route::new(route.clone(), bytes)
            });
            let routes = routes.collect();
            let key = key(&doc, folder, &mut cx);
            Self { doc, routes, key }
        });
        match double {
            Some(double) if !cx.diagnostics.has_errors() => Ok(double),
            _ => Err(cx.diagnostics),
        }
    }
}

fn info(name: &str, doc: &DefectDoc) -> DefectInfo {
    let main = doc.cases.iter().map(|case| ExpectedFinding {
        case: case.clone(),
        place: doc.r#where.0,
        path: doc.path.clone(),
        kind: doc.kind.0,
    });
    let also = doc.also.iter().map(|finding| ExpectedFinding {
        case: finding.case.clone(),
        place: finding.r#where.0,
        path: finding.path.clone(),
        kind: finding.kind.0,
    });
    let mut findings: Vec<ExpectedFinding> = main.chain(also).collect();
    findings.sort();
    DefectInfo {
        name: name.to_owned(),
        about: doc.about.clone(),
        feature: doc.feature.clone(),
        findings,
    }
}

fn check(doc: &DoubleDoc, cx: &mut Cx<'_>) {
    if let Some(gateway) = &doc.gateway {
        for (name, text) in gateway.texts.iter() {
            if !Situation::WORDS.contains(&name.as_str()) {
                cx.unknown::<()>(name.span, "situation", name, Situation::WORDS);
            }
            check_status(text.status, name.span, cx);
        }
        for headers in [
            &gateway.headers,
            &gateway.refusal_headers,
            &gateway.backend_headers,
        ] {
            check_headers(headers, cx);
        }
        if let Some(base) = gateway.base.as_ref().filter(|base| !base.is_empty()) {
            check_path(base, cx);
            if base.ends_with('/') {
                cx.error::<()>(
                    base.span,
                    "a base path has no slash at its end",
                    "take it away",
                );
            }
        }
    }
    if let Some(token) = &doc.token {
        check_token(token, cx);
    }
    for route in &doc.routes {
        check_route(route, cx);
    }
    for (name, defect) in doc.defects.iter() {
        if let Some(status) = defect.change.status {
            check_status(status, name.span, cx);
        }
        for (header, value) in defect.change.headers.iter() {
            check_header(header, value.as_deref().unwrap_or_default(), cx);
        }
    }
}

fn check_route(route: &RouteDoc, cx: &mut Cx<'_>) {
    let bodies = [
        route.json.as_ref().map(|json| json.span),
        route.text.as_ref().map(|text| text.span),
        route.file.as_ref().map(|file| file.span),
        route.fault.as_ref().map(|fault| fault.span),
    ];
    if let Some(second) = bodies.into_iter().flatten().nth(1) {
        let message = "a route has at most one of `json`, `text`, `file`, `fault`";
        cx.error::<()>(second, message, "a second answer");
    }
    if let Some(status) = route.status {
        check_status(status, route.request.span, cx);
    }
    check_headers(&route.headers, cx);
}

fn check_status(status: u16, span: Span, cx: &mut Cx<'_>) {
    if !(200..=599).contains(&status) {
        let message = format!("{status} is no final HTTP status");
        cx.error::<()>(span, message, "from 200 to 599");
    }
}

/// Characters of the longest token: eight times the longest that a program of Linux takes as an argument.
const LONGEST: u64 = 1 << 20;

fn check_token(token: &TokenDoc, cx: &mut Cx<'_>) {
    let others = [&token.revoke, &token.introspect, &token.jwks];
    for path in others.into_iter().flatten().chain([&token.path]) {
        check_path(path, cx);
    }
    for length in [&token.length, &token.refresh_length].into_iter().flatten() {
        if !(1..=LONGEST).contains(&length.value) {
            let message = format!("no token has {} characters", length.value);
            cx.error::<()>(length.span, message, "from 1 to 1,048,576");
        }
    }
    if let Some(media_type) = &token.content_type {
        let name = Spanned::new("Content-Type".to_owned(), media_type.span);
        check_header(&name, &media_type.value, cx);
    }
}

fn check_path(path: &Spanned<String>, cx: &mut Cx<'_>) {
    if !path.starts_with('/') || path.contains(['?', '#', ' ']) {
        let message = format!("`{}` is no path", path.value);
        cx.error::<()>(path.span, message, "starts with a slash, has no query");
    }
}

fn check_headers(headers: &Entries<String>, cx: &mut Cx<'_>) {
    for (name, value) in headers.iter() {
        check_header(name, value, cx);
    }
}

fn check_header(name: &Spanned<String>, value: &str, cx: &mut Cx<'_>) {
    if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
        let message = format!("`{}` is no header name", name.value);
        cx.error::<()>(name.span, message, "letters, digits and hyphens");
    }
    if http::HeaderValue::from_str(value).is_err() {
        let message = format!("the value of `{}` cannot stand in a header", name.value);
        cx.error::<()>(name.span, message, "visible ASCII and blanks");
    }
}

fn key(doc: &DoubleDoc, folder: Option<&Path>, cx: &mut Cx<'_>) -> Option<String> {
    let key = doc.token.as_ref()?.key.as_ref()?;
    if key.value == "builtin" {
        return None;
    }
    let pem = String::from_utf8(beside(key, folder, cx)?).ok();
    match pem.filter(|pem| Signer::new(pem).is_ok()) {
        Some(pem) => Some(pem),
        None => cx.error(
            key.span,
            format!("`{}` holds no RSA private key in PEM", key.value),
            "a PEM file, or `builtin`",
        ),
    }
}

/// Reads a file that stands in the folder of the double's own, or below it.
fn beside(name: &Spanned<String>, folder: Option<&Path>, cx: &mut Cx<'_>) -> Option<Vec<u8>> {
    let path = Path::new(&name.value);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let Some(folder) = folder.filter(|_| inside) else {
        let message = format!("`{}` is not in the folder of this file", name.value);
        return cx.error(name.span, message, "a relative path without `..`");
    };
    match std::fs::read(folder.join(path)) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let message = format!("`{}` cannot be read: {error}", name.value);
            cx.error(name.span, message, "a file beside this one")
        }
    }
}
