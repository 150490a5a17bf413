//! What a suite itself says that is secret by the place where it says it.

use std::borrow::Cow;

use super::model::{Case, Suite};
use super::scope::Given;
use crate::config::VarDoc;
use crate::judge::{Expect, Wanted};
use crate::locator::Locator;
use crate::pair::Side;
use crate::redact::Secrets;
use crate::source::Entries;
use crate::template::{Scalar, Scope};

impl Suite {
    /// Makes known what must not be shown: the places of `redact:`, and what the suite says at places of
    /// secrets: variables, cells, headers, expectations.
    pub fn register(&self, secrets: &Secrets) {
        secrets.add_places(&self.redact);
        variables(&self.vars, secrets);
        for case in &self.cases {
            case.register(secrets);
        }
    }
}

impl Given {
    /// Makes the variables known whose names are those of secrets.
    pub fn register(&self, secrets: &Secrets) {
        for (name, value) in self.options.iter().chain(&self.environment) {
            secrets.add_named(name, value);
        }
        variables(&self.pair, secrets);
    }
}

fn variables(vars: &Entries<VarDoc>, secrets: &Secrets) {
    for (name, var) in vars.iter() {
        for value in Side::BOTH.into_iter().filter_map(|side| var.on(side)) {
            secrets.add_named(&name.value, value.as_text());
        }
    }
}

impl Case {
    fn register(&self, secrets: &Secrets) {
        if let Some(table) = &self.rows {
            table.register(secrets);
        }
        for (_, side) in self.sides.iter() {
            for (name, value) in side.headers.iter() {
                let text = value.as_ref().and_then(|value| value.render(&Nothing).ok());
                secrets.add_header(name, text.as_deref().unwrap_or_default(), false);
            }
        }
        expected(&self.expect, secrets);
        if let Some(poll) = &self.extras.poll {
            expected(&poll.until, secrets);
        }
    }
}

fn expected(expect: &Expect, secrets: &Secrets) {
    for (_, side) in expect.sides.iter() {
        for (place, wanted) in side.body.iter().chain(&side.claims) {
            if let Wanted::Text(text) | Wanted::Json(text) = wanted {
                secrets.add_expected(place, text);
            }
        }
        for (name, wanted) in &side.headers {
            if let (Wanted::Text(text), Ok(place)) =
                (wanted, Locator::parse(&format!("header:{name}")))
            {
                secrets.add_expected(&place, text);
            }
        }
    }
}

/// A scope without any value: only a text without placeholders can be rendered.
struct Nothing;

impl Scope for Nothing {
    fn get(&self, _: &str) -> Option<Cow<'_, Scalar>> {
        None
    }
}
