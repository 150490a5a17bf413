//! Differences and cases without secrets.

use std::collections::HashSet;

use serde_json::Value;

use super::payload::is_form;
use super::places::is_fault_code;
use super::spans::{Span, merge, without};
use super::{Rules, Secrets, lossy, parameters};
use crate::compare::without_code_points;
use crate::results::{CaseResult, Difference, NEW_SEEN, OLD_SEEN, Observed, Where};

/// Shortest value that is taken out of the words of a difference when its place is secret.
const SHORTEST_ECHO: usize = 3;
/// Characters of a value that further answers showed.
const SEEN: usize = 60;
/// Largest index of a path for which a document is made to ask the `JSONPath`s of `redact:`.
const INDEX: usize = 10_000;

impl Secrets {
    /// Takes the secrets out of a case: its note, failure messages and differences, whose long
    /// values are shortened then. Exchanges are redacted by [`Self::record`]. A case without any of
    /// these costs nothing.
    pub fn case(&self, case: &mut CaseResult) {
        if let Some(note) = &mut case.note {
            self.replace(note);
        }
        for side in [&mut case.old, &mut case.new].into_iter().flatten() {
            if let Some(failure) = &mut side.failure {
                self.replace(&mut failure.message);
            }
            let notes = side.observations.iter_mut();
            for note in notes.filter_map(|seen| seen.note.as_mut()) {
                self.replace(note);
            }
        }
        for difference in &mut case.differences {
            self.difference(difference);
        }
    }

    /// Takes the secrets out of a difference, and shortens its values then.
    pub fn difference(&self, difference: &mut Difference) {
        let rules = self.rules();
        let mut echoes = Vec::new();
        let places = [Some(difference.path.clone()), difference.new_path.clone()];
        for observed in [&mut difference.old, &mut difference.new] {
            let before = observed.display().map(std::borrow::Cow::into_owned);
            let masked = places
                .iter()
                .flatten()
                .filter(|_| {
                    let said = before.as_deref();
                    !said.is_some_and(|said| describes_a_token(difference.r#where, said))
                })
                .find_map(|path| rules.by_place(difference.r#where, path, observed));
            if let Some(after) = masked {
                let mark = after.display().unwrap_or_default().into_owned();
                echoes.extend(before.map(|before| (before, mark)));
                *observed = after;
            } else if let Some(after) = self.observed(observed) {
                *observed = after;
            }
        }
        self.seen(difference);
        if !echoes.is_empty()
            && let Some(words) = without_code_points(&difference.explain)
        {
            difference.explain = words;
        }
        let words = [Some(&mut difference.explain), difference.advice.as_mut()];
        for words in words.into_iter().flatten() {
            for (value, mark) in &echoes {
                if value.chars().count() >= SHORTEST_ECHO {
                    *words = words.replace(value.as_str(), mark);
                }
            }
            self.replace(words);
        }
        if let Some(accepted) = &mut difference.accepted_by {
            self.replace(&mut accepted.rule);
        }
        self.replace(&mut difference.path);
        if let Some(path) = &mut difference.new_path {
            self.replace(path);
        }
        for value in difference.detail.values_mut() {
            self.detail(value, &echoes);
        }
        difference.shorten();
    }

    /// Masks the values that further answers showed at the place, as the first ones are. A pattern that
    /// was made of secret ones spells out parts of them, and is taken away.
    fn seen(&self, difference: &mut Difference) {
        let rules = self.rules();
        let places = [Some(&difference.path), difference.new_path.as_ref()];
        let mut hidden = false;
        for key in [OLD_SEEN, NEW_SEEN] {
            let Some(Value::Array(items)) = difference.detail.get_mut(key) else {
                continue;
            };
            for item in items {
                let Value::String(text) = item else { continue };
                let mut observed = Observed::text(text);
                let by_place = places
                    .iter()
                    .flatten()
                    .filter(|_| !describes_a_token(difference.r#where, text))
                    .find_map(|path| rules.by_place(difference.r#where, path, &observed));
                if let Some(masked) = by_place.or_else(|| self.observed(&observed)) {
                    hidden = true;
                    observed = masked;
                }
                let shown = observed.display().unwrap_or_default();
                let mut short: String = shown.chars().take(SEEN).collect();
                if short.len() < shown.len() {
                    short.push('…');
                }
                *text = short;
            }
        }
        if hidden {
            difference.advice = None;
        }
    }

    fn detail(&self, value: &mut Value, echoes: &[(String, String)]) {
        match value {
            Value::String(text) => {
                if let Some((_, mark)) = echoes.iter().find(|(value, _)| value == text) {
                    text.clone_from(mark);
                }
                self.replace(text);
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.detail(item, echoes)),
            Value::Object(members) => {
                members
                    .values_mut()
                    .for_each(|item| self.detail(item, echoes));
            }
            _ => {}
        }
    }

    fn replace(&self, text: &mut String) {
        if let std::borrow::Cow::Owned(redacted) = self.text(text) {
            *text = redacted;
        }
    }

    /// The value without secrets; none where it has none.
    fn observed(&self, observed: &Observed) -> Option<Observed> {
        let json = observed.json()?;
        if let Ok(text) = serde_json::from_str::<String>(json) {
            let redacted = self.text(&text);
            return (*redacted != *text).then(|| Observed::text(&redacted));
        }
        let redacted = self.text(json);
        (*redacted != *json).then(|| Observed::raw(&redacted))
    }
}

impl Rules {
    /// What stands for a value whose place is secret, or that has secret places in it.
    fn by_place(&self, r#where: Where, path: &str, observed: &Observed) -> Option<Observed> {
        let shown = observed.display()?;
        // Of a program's token the length is told, or a word; its own words are looked through as text.
        if matches!(r#where, Where::Status | Where::Client) {
            return None;
        }
        let place = path.strip_prefix("header:").unwrap_or(path);
        let header = place.split(['[', '.']).next().unwrap_or(place);
        if r#where == Where::Header || place.len() < path.len() {
            return self
                .places
                .header(header)
                .then(|| self.header_value(header, &shown));
        }
        let json_path = path.find('$').and_then(|from| path.get(from..));
        if let Some(name) = json_path.and_then(|path| self.secret_above(path)) {
            return self.masked(&name, &shown);
        }
        if let Some(masked) = self.named(path, &shown) {
            return Some(masked);
        }
        let by_path = json_path.and_then(|path| self.by_json_path(path, observed));
        // A text is told apart from a document by its quotation marks.
        let is_text = || observed.json().is_some_and(|json| json.starts_with('"'));
        let whole =
            || r#where == Where::Body && json_path.is_none_or(of_whole_documents) && is_text();
        by_path.or_else(|| whole().then(|| self.whole(&shown)).flatten())
    }

    /// What stands for a value whose own name is secret.
    fn named(&self, path: &str, shown: &str) -> Option<Observed> {
        let name = super::places::last_name(path)?;
        let secret = self.places.member(&name)
            || self.places.header(&name)
            || self.places.last_name(&name) && !path.contains('$');
        secret.then(|| self.masked(&name, shown)).flatten()
    }

    /// The secret member that a path leads through: everything below it is secret.
    fn secret_above(&self, path: &str) -> Option<String> {
        steps(path)?.into_iter().find_map(|step| match step {
            Step::Name(name) if self.places.member(&name) => Some(name),
            _ => None,
        })
    }

    /// A whole body as text, or a part of one that is text with places of its own: what was cut short or
    /// is no JSON, a record, an XML element. None where it has no secret.
    fn whole(&self, shown: &str) -> Option<Observed> {
        let text = shown.as_bytes();
        let mut spans = self.members(text, &HashSet::new(), true);
        spans.extend(self.elements(text));
        if is_form(None, text) {
            spans.extend(parameters::form(text, &|name| self.places.parameter(name)));
        }
        (!spans.is_empty()).then(|| self.spans_of(shown, spans))
    }

    /// A header's value, or a part of it: masked whole where it does not look like the field's.
    fn header_value(&self, header: &str, shown: &str) -> Observed {
        let has_cookie = header == "set-cookie" && cookie_of(shown);
        let spans = if has_cookie {
            parameters::cookies(shown.as_bytes(), true)
        } else if header.ends_with("authorization") {
            parameters::credentials(shown.as_bytes(), header)
                .into_iter()
                .collect()
        } else {
            Span::place(shown.as_bytes(), 0, shown.len(), header)
                .into_iter()
                .collect()
        };
        self.spans_of(shown, spans)
    }

    fn masked(&self, name: &str, shown: &str) -> Option<Observed> {
        if is_fault_code(name, shown.as_bytes()) || matches!(shown, "null" | "true" | "false") {
            return None;
        }
        let span = Span::place(shown.as_bytes(), 0, shown.len(), name);
        Some(self.spans_of(shown, span.into_iter().collect()))
    }

    fn spans_of(&self, shown: &str, mut spans: Vec<Span>) -> Observed {
        spans.extend(self.text_spans(shown.as_bytes()));
        let out = without(shown.as_bytes(), &merge(spans), shown.len());
        Observed::text(&lossy(out))
    }

    /// Asks the `JSONPath`s of `redact:` about a document that has nothing but this value at its path.
    fn by_json_path(&self, path: &str, observed: &Observed) -> Option<Observed> {
        if !self.places.has_paths() {
            return None;
        }
        let name = super::places::last_name(path).unwrap_or_else(|| "body".to_owned());
        let json = observed.json()?;
        let value: Value = serde_json::from_str(json).unwrap_or(Value::Null);
        let steps = steps(path)?;
        let mut document = value;
        for step in steps.iter().rev() {
            document = match step {
                Step::Name(name) => Value::Object([(name.clone(), document)].into_iter().collect()),
                Step::Index(index) => {
                    let mut items = vec![Value::Null; (*index).min(INDEX)];
                    items.push(document);
                    Value::Array(items)
                }
            };
        }
        let base: String = steps.iter().map(Step::normalised).collect();
        let base = format!("${base}");
        let mut inside = HashSet::new();
        for query in &self.places.wide_paths {
            for location in query.query_located(&document).locations() {
                let location = location.to_string();
                if base.starts_with(&location) {
                    return self.masked(&name, &observed.display()?);
                }
                if let Some(below) = location.strip_prefix(&base) {
                    inside.insert(format!("${below}"));
                }
            }
        }
        if inside.is_empty() {
            return None;
        }
        let mut spans = self.members(json.as_bytes(), &inside, false);
        spans.extend(self.text_spans(json.as_bytes()));
        let out = without(json.as_bytes(), &merge(spans), json.len());
        Some(Observed::raw(&lossy(out)))
    }
}

/// Whether a path names a whole document: `$`, or a record of several, `$[3]`.
fn of_whole_documents(path: &str) -> bool {
    steps(path).is_some_and(|steps| steps.iter().all(|step| matches!(step, Step::Index(_))))
}

fn cookie_of(shown: &str) -> bool {
    let first = shown.split(';').next().unwrap_or_default();
    first.contains('=')
}

/// One step of a path.
pub(super) enum Step {
    Name(String),
    Index(usize),
}

impl Step {
    fn normalised(&self) -> String {
        match self {
            Self::Name(name) => {
                let mut text = String::new();
                super::members::normalised(&mut text, name);
                text
            }
            Self::Index(index) => format!("[{}]", (*index).min(INDEX)),
        }
    }
}

/// The steps of a path that leads to one place: `$.a[3]['b c']`.
pub(super) fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            steps.push(Step::Name(name.get(..end)?.to_owned()));
            rest = name.get(end..)?;
        } else if let Some(name) = rest.strip_prefix("['") {
            let (text, behind) = quoted(name)?;
            steps.push(Step::Name(text));
            rest = behind.strip_prefix(']')?;
        } else {
            let (index, behind) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = behind;
        }
    }
    Some(steps)
}

/// A name in single quotes, its escapes undone, and what follows the closing quote.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => return Some((name, text.get(at + 1..)?)),
            '\\' => match chars.next()?.1 {
                'n' => name.push('\n'),
                't' => name.push('\t'),
                'r' => name.push('\r'),
                'b' => name.push('\u{8}'),
                'f' => name.push('\u{c}'),
                'u' => {
                    let hex: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    name.push(char::from_u32(u32::from_str_radix(&hex, 16).ok()?)?);
                }
                other => name.push(other),
            },
            other => name.push(other),
        }
    }
    None
}

/// What a token case says in place of a token: what became of it, or of which type it is.
const OF_TOKENS: [&str; 8] = [
    "another one",
    "the same one again",
    "none",
    "a boolean",
    "a number",
    "a text",
    "a list",
    "an object",
];

/// Whether a text only says what a token is like, as token cases do: "jwt token, 1459 characters",
/// or that it is there. Such a text stands where the token would, and shows nothing of it.
fn describes_a_token(place: Where, text: &str) -> bool {
    let like = text
        .strip_prefix("jwt token, ")
        .or(text.strip_prefix("opaque token, "))
        .or(text.strip_prefix("refresh token, "));
    let length = like.and_then(|rest| rest.strip_suffix(" characters"));
    // A body may have such a word for a secret; a token case never shows one.
    let word = place == Where::Token && OF_TOKENS.contains(&text);
    word || text == "present" || length.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}
