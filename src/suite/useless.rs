//! Keys of a case that mean nothing where they stand: they are mistakes, and never passed over in silence.

use super::body_keys::BodyKeys;
use super::compile::Compiler;
use super::doc::{CaseDoc, SideDoc};
use crate::compare::RulesDoc;
use crate::locator::Place;
use crate::source::{Diagnostic, Span};
use crate::template::check_built_in;

impl Compiler<'_, '_> {
    /// Reports what a case says that has no meaning for what it does.
    pub(super) fn check_useless(&mut self, doc: &CaseDoc) {
        if doc.grant.is_some() && doc.request.is_none() && doc.probe.is_none() {
            self.check_grant_keys(doc);
        } else if doc.probe.is_none() {
            self.check_token_keys(doc);
        }
        for (name, _) in doc.capture.iter() {
            check_built_in(name, "a capture", self.cx);
        }
    }

    /// A grant sends what its credential says and nothing else. Its `api` says which cases wait for it.
    fn check_grant_keys(&mut self, doc: &CaseDoc) {
        let mut given = vec![
            ("headers", doc.headers.iter().next().is_some()),
            ("poll", doc.poll.is_some()),
            ("safe", doc.safe),
        ];
        given.extend(BodyKeys::of_case(doc).all());
        for own in [doc.old.as_deref(), doc.new.as_deref()]
            .into_iter()
            .flatten()
        {
            given.extend(of_a_side(own));
        }
        self.check_grant_rules(doc);
        let mut useless: Vec<&str> = Vec::new();
        for (key, given) in given {
            if given && !useless.contains(&key) {
                useless.push(key);
            }
        }
        if useless.is_empty() {
            return;
        }
        let keys: Vec<String> = useless.iter().map(|key| format!("`{key}`")).collect();
        let message = format!("a grant has no use for {}", keys.join(", "));
        let help = match useless.as_slice() {
            ["safe", ..] => {
                "whether a grant is a write is not for the suite to say: a refresh may rotate and revoke tokens"
            }
            _ => {
                "its request is made from its credential: write there what is to be sent (`scope`, `params`, `send`, `headers` of the target)"
            }
        };
        let diagnostic = Diagnostic::error(self.cx.source, doc.name.span, message);
        self.cx.diagnostics.push(diagnostic.help(help));
    }

    /// A rule of a body says nothing of a grant, whose answer is compared by its contract.
    fn check_grant_rules(&mut self, doc: &CaseDoc) {
        let rules = doc.compare.as_deref();
        for path in rules.into_iter().flat_map(RulesDoc::places) {
            let place = &path.locator;
            let help = match place.place() {
                Place::Token(_) | Place::Claims(_) => continue,
                Place::Json(_) => {
                    format!("did you mean `token:{place}`, or `claims:{place}` of its JWT?")
                }
                _ => "what is found there is accepted: accept: [{ where: header, path: cache-control[no-store], because: … }]".to_owned(),
            };
            let message =
                format!("`{place}` says nothing of a grant, which is compared by its contract");
            let warning = Diagnostic::warning(self.cx.source, path.span, message);
            self.cx.diagnostics.push(warning.help(help));
        }
    }

    /// Rules of tokens in a suite that has no grant can be of no use.
    pub(super) fn check_suite_rules(&mut self, grants: bool) {
        let rules = self.doc.compare.as_ref().filter(|_| !grants);
        for path in rules.into_iter().flat_map(RulesDoc::places) {
            if !path.is_of_a_token() {
                continue;
            }
            let message = format!(
                "`{}` is ruled of a grant, and this suite has none",
                path.locator
            );
            let help = "write a case with `grant: client_credentials` and `token: NAME`, or take the rule away";
            let warning = Diagnostic::warning(self.cx.source, path.span, message);
            self.cx.diagnostics.push(warning.help(help));
        }
    }

    /// A request brings no token that could be looked at.
    fn check_token_keys(&mut self, doc: &CaseDoc) {
        let expect = doc.expect.iter().flat_map(|expect| expect.of_a_token());
        let until = doc.poll.iter().flat_map(|poll| poll.until.of_a_token());
        let wanted: Vec<(&str, Span)> = expect.chain(until).collect();
        for (key, span) in wanted {
            let message = format!("`{key}` is expected of a grant, and this case is none");
            let help = "write a case with `grant: client_credentials` and `token: NAME`; of an answer, expect `status`, `headers`, `body`";
            let diagnostic = Diagnostic::error(self.cx.source, span, message);
            self.cx.diagnostics.push(diagnostic.help(help));
        }
        let rules = doc.compare.as_deref();
        for path in rules.into_iter().flat_map(RulesDoc::places) {
            if path.is_of_a_token() {
                let message = format!(
                    "`{}` is ruled of a grant, and this case is none",
                    path.locator
                );
                let help = "of an answer, rule `$…`, `/…`, `header:NAME` or `form:NAME`";
                let diagnostic = Diagnostic::error(self.cx.source, path.span, message);
                self.cx.diagnostics.push(diagnostic.help(help));
            }
        }
        for (_, place) in doc.capture.iter() {
            if place.value.is_of_a_token() {
                let message = format!(
                    "`{}` is captured of a grant, and this case is none",
                    place.value
                );
                let help =
                    "of an answer, capture `$…`, `/…`, `header:NAME`, `form:NAME` or `status`";
                let diagnostic = Diagnostic::error(self.cx.source, place.span, message);
                self.cx.diagnostics.push(diagnostic.help(help));
            }
        }
    }
}

fn of_a_side(own: &SideDoc) -> Vec<(&'static str, bool)> {
    let mut given = vec![("headers", own.headers.iter().next().is_some())];
    given.extend(BodyKeys::of_side(own).all());
    given
}
