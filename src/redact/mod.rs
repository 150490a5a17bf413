//! Secrets never leave: every output is made of texts that went through [`Secrets`].
//!
//! A stretch of text is secret because its value is known, in whatever form ([`Secrets::add`]);
//! because of the place where it stands (header fields such as `Authorization`, members and
//! parameters such as `access_token`, what `redact:` names); or because it has the shape of a JWT.
//! In its stead stands a mark: `[secret app.access_token, 36 characters]`.

mod case;
mod forms;
mod jwt;
mod listed;
mod matcher;
mod members;
mod named;
mod parameters;
mod payload;
mod places;
mod spans;
mod views;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::locator::Locator;
use crate::message::Headers;
use crate::results::Warning;

use matcher::{Known, Matcher};
use members::Wanted;
use places::Places;
use spans::{Span, clean_name, merge, without};

pub use named::at;
pub use payload::Payload;

/// Fewest characters of a value that is looked for by itself; shorter ones would be found in
/// innocent text everywhere.
const SHORTEST: usize = 6;
/// Fewest characters of a line of a key file that is looked for by itself.
const SHORTEST_LINE: usize = 16;

/// Every secret of a run, and the places where secrets stand. Clones share one registry, which
/// workers use and add to at the same time.
#[derive(Clone, Default)]
pub struct Secrets {
    registry: Arc<RwLock<Registry>>,
}

#[derive(Default)]
struct Registry {
    known: Vec<Known>,
    /// The same, to ask whether a value is known, as a whole or as a part.
    values: HashSet<(String, bool)>,
    /// Names of values that are too short to be looked for.
    short: Vec<Arc<str>>,
    places: Places,
    /// Made when it is needed first after a change.
    rules: Option<Arc<Rules>>,
}

/// What is looked for at one moment.
struct Rules {
    matcher: Matcher,
    places: Places,
}

/// A name of a case, or the target of its request, without the parameters that are secret by their
/// name. What a run knows has no say here: a name must be the same in every run.
pub fn name(text: &str) -> Cow<'_, str> {
    if !text.contains('=') {
        return Cow::Borrowed(text);
    }
    let places = Places::default();
    let mut spans = parameters::queries(text.as_bytes(), &|name| places.parameter(name));
    // A placeholder tells nothing.
    spans.retain(|span| {
        let value = text.get(span.start..span.end).unwrap_or_default();
        !(value.starts_with("{{") && value.ends_with("}}"))
    });
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(lossy(without(text.as_bytes(), &merge(spans), text.len())))
}

/// The mark that stands for a cell of a table in a name, where its column has the name of a secret.
/// A column `code` holds many things that are none.
pub fn cell(column: &str, value: &str) -> Option<String> {
    if column.eq_ignore_ascii_case("code") || !Places::default().parameter(column) {
        return None;
    }
    let span = Span::place(value.as_bytes(), 0, value.len(), column)?;
    Some(span.mark.text())
}

impl Secrets {
    /// A registry that knows no value yet: what is secret by place or shape is masked already.
    pub fn new() -> Self {
        Self::default()
    }

    /// Learns a value, from now on masked in every form: as it is, in base64 and base64url at any
    /// alignment, percent- and form-encoded, escaped for JSON or XML, as a list of bytes, and the
    /// parts of a JWT. `name` is what marks say: `app.access_token`.
    ///
    /// A value of fewer than 6 characters is masked by its places only: [`Self::warnings`].
    pub fn add(&self, name: &str, value: &str) {
        let value = value.trim();
        if value.is_empty() || self.knows(value) {
            return;
        }
        let name: Arc<str> = clean_name(name).into();
        let mut registry = self
            .registry
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if value.chars().count() < SHORTEST {
            if !registry.short.contains(&name) {
                registry.short.push(name);
            }
            return;
        }
        registry.learn(&name, value, false);
        for part in jwt::parts(value) {
            registry.learn(&name, part, true);
        }
        if value.contains('\n') {
            let lines = value.lines().map(str::trim);
            for line in lines.filter(|l| l.len() >= SHORTEST_LINE && !l.starts_with("-----")) {
                registry.learn(&name, line, true);
            }
        }
        registry.rules = None;
    }

    /// A registry of its own, which knows what this one does: what it learns is not looked for elsewhere.
    #[must_use]
    pub fn fork(&self) -> Self {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        let own = Registry {
            known: registry.known.clone(),
            values: registry.values.clone(),
            short: registry.short.clone(),
            places: registry.places.clone(),
            rules: registry.rules.clone(),
        };
        Self {
            registry: Arc::new(RwLock::new(own)),
        }
    }

    /// Learns a client's secret, alone and paired with its id as HTTP Basic sends it, raw or
    /// form-encoded first (RFC 6749 section 2.3.1).
    pub fn add_basic(&self, name: &str, id: &str, secret: &str) {
        self.add(name, secret);
        if secret.is_empty() {
            return;
        }
        let encoded =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        self.add(name, &format!("{id}:{secret}"));
        self.add(name, &format!("{}:{}", encoded(id), encoded(secret)));
    }

    /// Learns the places of `redact:`.
    pub fn add_places(&self, places: &[Locator]) {
        let mut registry = self
            .registry
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        for place in places {
            registry.places.add(place);
        }
        registry.rules = None;
    }

    /// What a reader should know: which secrets are too short to be found by their value
    /// (`short-secret`).
    pub fn warnings(&self) -> Vec<Warning> {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        let short = registry.short.iter();
        short
            .map(|name| Warning {
                code: "short-secret".to_owned(),
                side: None,
                message: format!(
                    "the secret {name} has fewer than {SHORTEST} characters: it is masked only \
                     where secrets are expected, not wherever its value appears"
                ),
            })
            .collect()
    }

    /// A text without secrets: known values, JWTs, and members and parameters of secret names.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let spans = merge(self.rules().text_spans(text.as_bytes()));
        if spans.is_empty() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(lossy(without(text.as_bytes(), &spans, text.len())))
        }
    }

    /// A URL without secrets: its password and its secret parameters, and what [`Self::text`] finds.
    pub fn url(&self, url: &str) -> String {
        self.text(url).into_owned()
    }

    /// Header fields without secrets, in order.
    pub fn headers(&self, headers: &Headers) -> Vec<(String, String)> {
        let rules = self.rules();
        let shown = headers.0.iter();
        shown
            .map(|(name, value)| (self.text(name).into_owned(), rules.header(name, value)))
            .collect()
    }

    fn knows(&self, value: &str) -> bool {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        registry.values.contains(&(value.to_owned(), false))
    }

    fn rules(&self) -> Arc<Rules> {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = &registry.rules {
            return Arc::clone(rules);
        }
        drop(registry);
        let mut registry = self
            .registry
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let rules = match registry.rules.take() {
            // Another worker was faster.
            Some(rules) => rules,
            None => Arc::new(Rules {
                matcher: Matcher::new(&registry.known),
                places: registry.places.clone(),
            }),
        };
        registry.rules = Some(Arc::clone(&rules));
        rules
    }
}

impl Registry {
    fn learn(&mut self, name: &Arc<str>, value: &str, part: bool) {
        if value.chars().count() >= SHORTEST && self.values.insert((value.to_owned(), part)) {
            self.known.push(Known {
                name: Arc::clone(name),
                value: value.to_owned(),
                part,
            });
        }
    }
}

impl Rules {
    /// What is secret in any text, wherever the text stands.
    fn text_spans(&self, text: &[u8]) -> Vec<Span> {
        let mut spans = self.matcher.find(text);
        spans.extend(jwt::spans(text));
        if text.contains(&b'=') {
            spans.extend(parameters::queries(text, &|name| {
                self.places.parameter(name)
            }));
        }
        if text.contains(&b'@') {
            spans.extend(parameters::user_info(text));
        }
        if text.contains(&b'"') {
            spans.extend(self.members(text, &HashSet::new(), false));
        }
        spans
    }

    /// Members by name and path; with `wide`, also those that a path of `redact:` ends with.
    fn members(&self, text: &[u8], paths: &HashSet<String>, wide: bool) -> Vec<Span> {
        let name = |name: &str| self.places.member(name) || (wide && self.places.last_name(name));
        members::spans(text, &Wanted { name: &name, paths })
    }

    /// A header field's value without secrets.
    fn header(&self, name: &str, value: &[u8]) -> String {
        let mut spans = self.text_spans(value);
        if self.places.header(name) {
            let lower = name.to_ascii_lowercase();
            match lower.as_str() {
                "cookie" => spans.extend(parameters::cookies(value, false)),
                "set-cookie" => spans.extend(parameters::cookies(value, true)),
                "authorization" | "proxy-authorization" => {
                    spans.extend(parameters::credentials(value, &lower));
                }
                _ => spans.extend(Span::place(value, 0, value.len(), &lower)),
            }
        }
        lossy(without(value, &merge(spans), value.len()))
    }
}

fn lossy(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        write!(f, "Secrets({} values)", registry.known.len())
    }
}
