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
                let text = text.filter(|text| !ends_with_a_word(text));
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

/// Whether a header's value ends with a plain word, as in `Bearer nothing`: it stands for a credential that must
/// be refused. It is masked where it stands; as a secret it would be masked in every sentence that has the word.
fn ends_with_a_word(value: &str) -> bool {
    let last = value.rsplit(' ').next().unwrap_or_default();
    last.len() < 10 && last.bytes().all(|b| b.is_ascii_lowercase())
}

/// A scope without any value: only a text without placeholders can be rendered.
struct Nothing;

impl Scope for Nothing {
    fn get(&self, _: &str) -> Option<Cow<'_, Scalar>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_word_is_no_secret_and_anything_else_is() {
        for word in ["nothing", "Bearer nothing", "Basic invalid", "Bearer "] {
            assert!(ends_with_a_word(word), "{word}");
        }
        for secret in ["Bearer s3same", "Bearer opensesame", "Sesame", "Bearer a-b"] {
            assert!(!ends_with_a_word(secret), "{secret}");
        }
    }
}
