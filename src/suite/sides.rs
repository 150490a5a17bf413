//! What a case does on each side: its action, its credential, its API.

use std::sync::Arc;

use super::compile::Compiler;
use super::doc::{CaseDoc, SideDoc};
use super::model::{Action, SideCase};
use crate::pair::{Pair, Side};
use crate::source::{Diagnostic, Spanned, nearest};

impl Compiler<'_, '_> {
    /// What a case does on each side. Where it says nothing of either it does the same on both, and
    /// only what it names is looked up on the new side too.
    pub(super) fn sides(&mut self, doc: &CaseDoc) -> Option<Pair<Arc<SideCase>>> {
        let old = self.side(doc, Side::Old).map(Arc::new);
        let new = match &old {
            Some(old) if doc.old.is_none() && doc.new.is_none() => {
                self.fits(doc, old, Side::New).then(|| Arc::clone(old))
            }
            _ => self.side(doc, Side::New).map(Arc::new),
        };
        Some(Pair::new(old?, new?))
    }

    /// Whether a side has what a case names.
    fn fits(&mut self, doc: &CaseDoc, case: &SideCase, side: Side) -> bool {
        let token = doc.token.as_ref().or(self.doc.token.as_ref());
        let api = doc.api.as_ref().or(self.doc.api.as_ref());
        let granted = match &doc.grant {
            Some(grant) => self.grant(doc, grant, token, side).is_some(),
            None => true,
        };
        let known = self.credential(token, side).is_some();
        let probed = match &doc.probe {
            Some(probe) => self.probe(doc, None, probe, token, side).is_some(),
            None => true,
        };
        if let (Action::Request { target, .. } | Action::Probe { target, .. }, Some(base)) =
            (&case.action, self.base(api, side))
        {
            self.check_faithful(target, &base, side);
        }
        granted && probed && known
    }

    fn side(&mut self, doc: &CaseDoc, side: Side) -> Option<SideCase> {
        let own = match side {
            Side::Old => doc.old.as_deref(),
            Side::New => doc.new.as_deref(),
        };
        let token = own.and_then(|own| own.token.as_ref());
        let token = token.or(doc.token.as_ref()).or(self.doc.token.as_ref());
        let api = own.and_then(|own| own.api.as_ref());
        let api = api.or(doc.api.as_ref()).or(self.doc.api.as_ref());
        let action = self.action(doc, own, token, side);
        let token = self.credential(token, side);
        let base = self.base(api, side);
        let headers = self.headers(doc, own);
        let body = self.body(doc, own);
        let action = action?;
        if let (Action::Request { target, .. } | Action::Probe { target, .. }, Some(base)) =
            (&action, &base)
        {
            self.check_faithful(target, base, side);
        }
        Some(SideCase {
            action,
            headers: self.shared.headers(headers),
            body: self.shared.body(body?),
            token: token?.map(|token| self.shared.word(token)),
            api: api.map(|api| self.shared.word(api)),
        })
    }

    fn action(
        &mut self,
        doc: &CaseDoc,
        own: Option<&SideDoc>,
        token: Option<&Spanned<String>>,
        side: Side,
    ) -> Option<Action> {
        if let Some(probe) = &doc.probe {
            return self.probe(doc, own, probe, token, side);
        }
        if let Some(with) = &doc.with {
            let label = "add `probe: NAME`, or take `with` away";
            let span = with
                .given()
                .first()
                .map_or(doc.name.span, |(_, span)| *span);
            return self.once(side, span, "only a probe has settings", label);
        }
        let request = own
            .and_then(|own| own.request.as_ref())
            .or(doc.request.as_ref());
        match (request, &doc.grant) {
            (Some(line), None) => Some(Action::Request {
                method: line.method.clone(),
                target: line.target.clone(),
            }),
            (None, Some(grant)) => self.grant(doc, grant, token, side),
            (Some(_), Some(grant)) => {
                let label = "take `request` or `grant` away";
                self.once(side, grant.span, "a case does one thing", label)
            }
            (None, None) => {
                let label = "add `request: GET /…`, `grant: client_credentials` or `probe: NAME`";
                self.once(
                    side,
                    doc.name.span,
                    "a case needs `request`, `grant` or `probe`",
                    label,
                )
            }
        }
    }

    /// The credential's name, or nothing for `none`; reported where a side does not have it.
    #[expect(clippy::option_option, reason = "outer: readable; inner: `none`")]
    pub(super) fn credential<'t>(
        &mut self,
        token: Option<&'t Spanned<String>>,
        side: Side,
    ) -> Option<Option<&'t str>> {
        let Some(token) = token.filter(|token| token.value != "none") else {
            return Some(None);
        };
        let known: Vec<&str> = self.known.pair.target(side).tokens.names().collect();
        if known.contains(&token.as_str()) {
            return Some(Some(token.as_str()));
        }
        let help = match nearest(token, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("`{side}.tokens` of the pair file is empty"),
            None => format!("`{side}.tokens` of the pair file has: {}", known.join(", ")),
        };
        let message = format!("unknown credential `{}` on the {side} side", token.value);
        self.once_with(
            side,
            Diagnostic::error(self.cx.source, token.span, message).help(help),
        )
    }

    fn side_url(&self, side: Side) -> &str {
        self.known.pair.target(side).url.as_str()
    }

    /// The URL below which the paths of an API stand.
    fn base(&mut self, api: Option<&Spanned<String>>, side: Side) -> Option<String> {
        let Some(api) = api else {
            return Some(self.side_url(side).to_owned());
        };
        let apis = &self.known.pair.doc.apis;
        match (apis.get(api), side) {
            (Some(doc), _) => Some(doc.base(side, self.side_url(side))),
            (None, Side::Old) if !self.said(api.span) => {
                let known: Vec<&str> = apis.names().collect();
                if known.is_empty() {
                    let label = "the pair file has no `apis`";
                    return self
                        .cx
                        .error(api.span, format!("unknown API `{}`", api.value), label);
                }
                self.cx.unknown(api.span, "API", api, &known)
            }
            // Said once, for the old side of the first case.
            (None, _) => None,
        }
    }
}
