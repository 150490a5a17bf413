//! Values that are secret because of a name: what is masked at its own place is a secret from then
//! on, wherever else it is used or shown.

use std::sync::PoisonError;

use super::places::{Places, is_fault_code, last_name};
use super::spans::Span;
use super::{SHORTEST, Secrets, parameters};
use crate::locator::{Locator, Place};

/// The mark that stands for a value at a place whose name is that of a secret: `$.password`,
/// `header:apikey`. Nothing where it may be shown.
pub fn at(path: &str, value: &str) -> Option<String> {
    let name = name_of(path)?;
    if !Places::default().parameter(&name) || says_nothing(&name, value) {
        return None;
    }
    let span = Span::place(value.as_bytes(), 0, value.len(), &name)?;
    Some(span.mark.text())
}

fn name_of(path: &str) -> Option<String> {
    path.strip_prefix("header:")
        .map_or_else(|| last_name(path), |name| Some(name.to_owned()))
}

fn says_nothing(name: &str, value: &str) -> bool {
    is_fault_code(name, value.as_bytes()) || matches!(value, "null" | "true" | "false")
}

impl Secrets {
    /// Learns the value of a variable or of a column, where its name is that of a secret. A `code`
    /// holds many things that are none.
    pub fn add_named(&self, name: &str, value: &str) {
        if !name.eq_ignore_ascii_case("code") && self.asks(|places| places.parameter(name)) {
            self.add_unless_open(name, value);
        }
    }

    /// Learns what a case takes from a place of an answer, or hands on under the name of a secret.
    pub fn add_captured(&self, place: &Locator, name: &str, value: &str) {
        if let Place::Header(header) = place.place() {
            self.add_header(header, value, true);
        } else if let Some(last) = self.asks(|places| places.secret_place(place)) {
            self.add_unless_open(&last, value);
        }
        self.add_named(name, value);
    }

    /// Learns what is expected at a place of secrets. Too short a value is masked where it stands.
    pub fn add_expected(&self, place: &Locator, value: &str) {
        let name = self.asks(|places| places.secret_place(place));
        if let Some(name) = name.filter(|name| !name.eq_ignore_ascii_case("code"))
            && value.chars().count() >= SHORTEST
        {
            self.add_unless_open(&name, value);
        }
    }

    /// Learns the value of a header field that is secret. Of a cookie only where it is asked for: most
    /// that a suite writes down are words such as `lang=english`.
    pub fn add_header(&self, name: &str, value: &str, cookies: bool) {
        if !self.asks(|places| places.header(name)) {
            return;
        }
        let (lower, bytes) = (name.to_ascii_lowercase(), value.as_bytes());
        let spans: Vec<Span> = match lower.as_str() {
            "cookie" | "set-cookie" if !cookies => Vec::new(),
            "cookie" => parameters::cookies(bytes, false),
            "set-cookie" => parameters::cookies(bytes, true),
            "authorization" | "proxy-authorization" => {
                parameters::credentials(bytes, &lower).into_iter().collect()
            }
            _ => Span::place(bytes, 0, bytes.len(), &lower)
                .into_iter()
                .collect(),
        };
        for span in spans {
            let value = value.get(span.start..span.end).unwrap_or_default();
            self.add_unless_open(&lower, value);
        }
    }

    /// Asks about places without making ready what looks for values: many are added one by one.
    fn asks<T>(&self, question: impl FnOnce(&Places) -> T) -> T {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        question(&registry.places)
    }

    fn add_unless_open(&self, name: &str, value: &str) {
        if !value.contains("{{") && !says_nothing(name, value) {
            self.add(name, value);
        }
    }
}

impl Places {
    /// The name of a place, if it is one of secrets.
    fn secret_place(&self, place: &Locator) -> Option<String> {
        let name = match place.place() {
            Place::Status => return None,
            Place::Header(name) | Place::Form(name) | Place::Token(name) => name.clone(),
            Place::Claims(_) | Place::Json(_) => last_name(place.text())?,
            Place::XPath(path) => path.last_name()?.to_owned(),
        };
        (self.parameter(&name) || self.last_name(&name)).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(secrets: &Secrets, text: &str) -> String {
        secrets.text(text).into_owned()
    }

    #[test]
    fn a_value_at_a_secret_place_is_marked() {
        let mark = |path, value| at(path, value);
        let secret = |name| Some(format!("[secret {name}, 6 characters]"));
        assert_eq!(mark("$.a[0].password", "abcdef"), secret("password"));
        assert_eq!(mark("header:apikey", "abcdef"), secret("apikey"));
        assert_eq!(mark("/a/access_token", "abcdef"), secret("access_token"));
        assert_eq!(mark("$.code", "900901"), None);
        assert_eq!(mark("$.password", "null"), None);
        assert_eq!(mark("$.name", "abcdef"), None);
    }

    #[test]
    fn what_is_captured_from_a_secret_place_is_a_secret_everywhere() {
        let secrets = Secrets::new();
        let place = |text| Locator::parse(text).expect("a place");
        secrets.add_captured(&place("$.id"), "id", "order-77");
        secrets.add_captured(&place("$.access_token"), "tok", "abcdef-1");
        secrets.add_captured(&place("$.id"), "password", "abcdef-2");
        secrets.add_captured(
            &place("header:set-cookie"),
            "c",
            "sid=abcdef-3; Path=/shown",
        );
        secrets.add_captured(&place("$.code"), "c", "900901");
        assert_eq!(
            shown(
                &secrets,
                "order-77 abcdef-1 abcdef-2 abcdef-3 /shown 900901"
            ),
            "order-77 [secret access_token, 8 characters] [secret password, 8 characters] \
             [secret set-cookie, 8 characters] /shown 900901"
        );
    }

    #[test]
    fn headers_and_variables_are_secrets_by_their_names() {
        let secrets = Secrets::new();
        secrets.add_header("Authorization", "Bearer abcdef-1", false);
        secrets.add_header("Cookie", "lang=english", false);
        secrets.add_header("X-Trace", "abcdef-2", false);
        secrets.add_header("apikey", "{{key}}-abc", false);
        secrets.add_named("code", "english");
        secrets.add_named("Password", "abcdef-3");
        assert_eq!(
            shown(
                &secrets,
                "Bearer abcdef-1 english abcdef-2 {{key}}-abc abcdef-3"
            ),
            "Bearer [secret authorization, 8 characters] english abcdef-2 {{key}}-abc \
             [secret Password, 8 characters]"
        );
    }
}
