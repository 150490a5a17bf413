//! What a request of a case carries: its headers, its body, its target as it is sent.

use super::body::Body;
use super::body_keys::BodyKeys;
use super::compile::Compiler;
use super::doc::{CaseDoc, SideDoc};
use super::faithful::check_target;
use super::variables::Anything;
use crate::config::check_header;
use crate::pair::Side;
use crate::source::{Diagnostic, Entries, Spanned};
use crate::template::Template;

impl Compiler<'_, '_> {
    pub(super) fn headers(
        &mut self,
        doc: &CaseDoc,
        own: Option<&SideDoc>,
    ) -> Vec<(String, Option<Template>)> {
        let mut merged: Vec<(String, Option<Template>)> = Vec::new();
        let layers = [
            Some(&self.doc.headers),
            Some(&doc.headers),
            own.map(|own| &own.headers),
        ];
        for layer in layers.into_iter().flatten() {
            for (name, value) in layer.iter() {
                let text = value.as_ref().map(|value| value.render(&Anything));
                check_header(name, text.and_then(Result::ok).as_deref(), self.cx);
            }
            for (name, value) in layer.iter() {
                merged.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
                merged.push((name.value.clone(), value.clone()));
            }
        }
        merged
    }

    pub(super) fn body(&mut self, doc: &CaseDoc, side: Option<&SideDoc>) -> Option<Body> {
        let case = BodyKeys::of_case(doc);
        let own = side.map(BodyKeys::of_side);
        for keys in [Some(&case), own.as_ref()].into_iter().flatten() {
            let given = keys.given();
            if given.len() > 1 {
                let message = format!("a request has one body; here are {}", given.join(" and "));
                let is_this = |d: &Diagnostic| d.message == message && d.span == doc.name.span;
                let said = self.cx.diagnostics.iter().any(is_this);
                if !said {
                    self.cx.error::<()>(doc.name.span, message, "in this case");
                }
                return None;
            }
        }
        let mut body = Body::None;
        for keys in [Some(&case), own.as_ref()].into_iter().flatten() {
            match keys.body(&doc.name, &self.folder) {
                Ok(Some(given)) => body = given,
                Ok(None) => {}
                Err(why) if self.said(why.span) => return None,
                Err(why) => return self.cx.error(why.span, why.message, why.label),
            }
        }
        if body.owns_its_type() {
            let layers = [Some(&doc.headers), side.map(|side| &side.headers)];
            self.check_type_is_left(layers.into_iter().flatten())?;
        }
        Some(body)
    }

    /// A boundary that only we know cannot be in a `Content-Type` that the case writes.
    fn check_type_is_left<'h>(
        &mut self,
        layers: impl Iterator<Item = &'h Entries<Option<Template>>>,
    ) -> Option<()> {
        let is_type = |name: &&Spanned<String>| name.eq_ignore_ascii_case("content-type");
        let names = layers.flat_map(|layer| layer.iter().map(|(name, _)| name));
        let Some(name) = names.into_iter().find(is_type) else {
            return Some(());
        };
        if self.said(name.span) {
            return None;
        }
        let message = "the `Content-Type` of a multipart body is not for the case to write";
        let label = "it names the boundary between the parts: take it away";
        self.cx.error(name.span, message, label)
    }

    /// A request that the HTTP stack would change on its way is refused.
    pub(super) fn check_faithful(&mut self, target: &Template, base: &str, side: Side) {
        // Placeholders are percent-encoded where they stand, so a plain word stands for any value.
        let Ok(text) = target.render_url(&Anything) else {
            return;
        };
        if let Err(changed) = check_target(base, &text) {
            let message = "this request would be changed on its way";
            let diagnostic = Diagnostic::error(self.cx.source, target.span, message);
            self.once_with::<()>(side, diagnostic.help(changed.in_words()));
        }
    }
}
