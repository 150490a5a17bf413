//! `expect` as it is written.

use super::wanted::{WantedHeader, WantedValue};
use super::wanted_status::Status;
use crate::platform::Shape;
use crate::source::{Entries, OneOrMany, Span, Spanned, document};

document! {
    /// What the answer must be on both sides; `old` and `new` say it for one side, over the rest.
    pub struct ExpectDoc is "an expect" {
        /// The status: `200`, `2xx`, or a list of them.
        optional status: Option<OneOrMany<Status>>,
        /// Headers by name: a text, `/regex/`, or null for absent.
        optional headers: Entries<WantedHeader>,
        /// Values of the body by JSONPath or XPath: a scalar, or one of `present`, `pattern`, `type`.
        optional body: Entries<WantedValue>,
        /// The longest time to the last byte, in milliseconds.
        optional max_ms: Option<u64>,
        /// The shape of the token that a grant brings: `opaque` or `jwt`.
        optional token: Option<Spanned<Shape>>,
        /// Claims of the JWT that a grant brings, by name or JSONPath.
        optional claims: Entries<WantedValue>,
        /// What only the old side must be.
        optional old: Option<Box<SideDoc>>,
        /// What only the new side must be.
        optional new: Option<Box<SideDoc>>,
    }
}

document! {
    /// What the answer of one side must be.
    pub struct SideDoc is "an expect of one side" {
        /// The status: `200`, `2xx`, or a list of them.
        optional status: Option<OneOrMany<Status>>,
        /// Headers by name: a text, `/regex/`, or null for absent.
        optional headers: Entries<WantedHeader>,
        /// Values of the body by JSONPath or XPath: a scalar, or one of `present`, `pattern`, `type`.
        optional body: Entries<WantedValue>,
        /// The longest time to the last byte, in milliseconds.
        optional max_ms: Option<u64>,
        /// The shape of the token that a grant brings: `opaque` or `jwt`.
        optional token: Option<Spanned<Shape>>,
        /// Claims of the JWT that a grant brings, by name or JSONPath.
        optional claims: Entries<WantedValue>,
    }
}

/// The keys that both documents have.
pub(super) struct Wants<'a> {
    pub(super) status: Option<&'a OneOrMany<Status>>,
    pub(super) headers: &'a Entries<WantedHeader>,
    pub(super) body: &'a Entries<WantedValue>,
    pub(super) max_ms: Option<u64>,
    pub(super) token: Option<&'a Spanned<Shape>>,
    pub(super) claims: &'a Entries<WantedValue>,
}

impl<'a> Wants<'a> {
    pub(super) const fn of(doc: &'a ExpectDoc) -> Self {
        Self {
            status: doc.status.as_ref(),
            headers: &doc.headers,
            body: &doc.body,
            max_ms: doc.max_ms,
            token: doc.token.as_ref(),
            claims: &doc.claims,
        }
    }

    pub(super) const fn of_side(doc: &'a SideDoc) -> Self {
        Self {
            status: doc.status.as_ref(),
            headers: &doc.headers,
            body: &doc.body,
            max_ms: doc.max_ms,
            token: doc.token.as_ref(),
            claims: &doc.claims,
        }
    }
}

impl ExpectDoc {
    /// The keys that are about a token, and where they stand.
    pub fn of_a_token(&self) -> Vec<(&'static str, Span)> {
        let sides = [self.old.as_deref(), self.new.as_deref()];
        let sides = sides.into_iter().flatten().map(Wants::of_side);
        let all = std::iter::once(Wants::of(self)).chain(sides);
        all.flat_map(|wants| wants.of_a_token()).collect()
    }
}

impl Wants<'_> {
    fn of_a_token(&self) -> Vec<(&'static str, Span)> {
        let token = self.token.map(|token| ("token", token.span));
        let claim = self.claims.iter().next();
        let claims = claim.map(|(name, _)| ("claims", name.span));
        token.into_iter().chain(claims).collect()
    }
}
