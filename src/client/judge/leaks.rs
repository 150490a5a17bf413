//! Where else a token turned up: it belongs into one header, and nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::tokens::finding;
use crate::client::observation::Observation;
use crate::results::{Difference, Kind, Severity};

/// The forms of a token in which it is looked for.
fn forms(token: &str) -> Vec<Vec<u8>> {
    let encoded = utf8_percent_encode(token, NON_ALPHANUMERIC).to_string();
    let form: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let base64 = STANDARD.encode(token);
    let mut forms: Vec<Vec<u8>> = [token, &encoded, &form, base64.trim_end_matches('=')]
        .map(|text| text.as_bytes().to_vec())
        .to_vec();
    forms.sort();
    forms.dedup();
    forms
}

/// What is looked for: every token of a run, in every form.
pub(crate) struct Wanted(Vec<Vec<u8>>);

impl Wanted {
    /// The tokens of a run.
    pub(crate) fn of<'t>(tokens: impl Iterator<Item = &'t str>) -> Self {
        let mut all: Vec<Vec<u8>> = tokens.flat_map(forms).collect();
        all.sort();
        all.dedup();
        Self(all)
    }

    /// Whether one of them is in a text.
    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        self.0.iter().any(|form| contains(text, form))
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && aho(text, part)
}

fn aho(text: &[u8], part: &[u8]) -> bool {
    let first = part[0];
    let mut from = 0;
    while let Some(at) = text
        .get(from..)
        .and_then(|rest| rest.iter().position(|b| *b == first))
    {
        let start = from + at;
        if text.get(start..start + part.len()) == Some(part) {
            return true;
        }
        from = start + 1;
    }
    false
}

/// One finding for each place of a kind.
pub(super) fn findings(run: &Observation) -> Vec<Difference> {
    let tokens = run.issued.iter().map(|issued| issued.token.as_str());
    let refresh = run
        .issued
        .iter()
        .filter_map(|issued| issued.refresh.as_deref());
    let wanted = Wanted::of(tokens.chain(refresh));
    let mut places: Vec<(String, Place)> = Vec::new();
    let mut add = |path: String, place: Place| {
        if !places.iter().any(|(_, known)| *known == place) {
            places.push((path, place));
        }
    };
    for (at, call) in run.calls.iter().enumerate() {
        if wanted.is_in(call.message.target.as_bytes()) {
            add(format!("request[{at}].url"), Place::Url);
        }
        for (name, value) in &call.message.fields {
            let name = name.to_ascii_lowercase();
            if name != "authorization" && wanted.is_in(value) {
                let place = if name == "cookie" {
                    Place::Cookie
                } else {
                    Place::Header(name.clone())
                };
                add(format!("request[{at}].{name}"), place);
            }
        }
        if wanted.is_in(&call.message.body) {
            add(format!("request[{at}].body"), Place::Body);
        }
    }
    for (path, text) in [
        ("stdout", &run.written.stdout),
        ("stderr", &run.written.stderr),
    ] {
        if wanted.is_in(text.as_bytes()) {
            add(path.to_owned(), Place::Output(path));
        }
    }
    for (at, reply) in run.replies.iter().flatten().enumerate() {
        let body = reply.answer.as_ref().map(|(_, body)| body.as_bytes());
        if wanted.is_in(body.unwrap_or_default()) {
            add(format!("answer[{at}].body"), Place::Answer);
        }
    }
    for file in &run.files {
        let path = format!("file:{}", file.name);
        add(path, Place::File(file.name.clone(), file.open));
    }
    places
        .into_iter()
        .map(|(path, place)| place.finding(path))
        .collect()
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Url,
    Cookie,
    Header(String),
    Body,
    Output(&'static str),
    Answer,
    File(String, bool),
}

impl Place {
    fn finding(&self, path: String) -> Difference {
        let (word, severity, explain, advice) = match self {
            Self::Url => (
                "url",
                Severity::Risky,
                "the token stands in a URL: it gets into logs and histories, and a long one past the \
                 limits of proxies and servers"
                    .to_owned(),
                "send it in the header `Authorization` only (RFC 9700 section 4.3.2)",
            ),
            Self::Cookie => (
                "cookie",
                Severity::Risky,
                "the token stands in a cookie, which holds 4,096 bytes in all".to_owned(),
                "send it in the header `Authorization` only; keep a session on the server",
            ),
            Self::Header(name) => (
                "header",
                Severity::Risky,
                format!("the token stands in the header `{name}` too"),
                "send it in the header `Authorization` only",
            ),
            Self::Body => (
                "body",
                Severity::Risky,
                "the token stands in the body of a call".to_owned(),
                "send it in the header `Authorization` only",
            ),
            Self::Output(name) => (
                *name,
                Severity::Risky,
                format!("the token is written to {}: logs keep it", stream(name)),
                "write its length or its last characters, never the token",
            ),
            Self::Answer => (
                "answer",
                Severity::Breaking,
                "the token stands in an answer of the service: its callers get it".to_owned(),
                "answer what was asked, and keep the token inside",
            ),
            Self::File(_, true) => (
                "file",
                Severity::Risky,
                "the token stands in a file that others can read".to_owned(),
                "make the file readable by its owner only (mode 0600)",
            ),
            Self::File(_, false) => (
                "file",
                Severity::Cosmetic,
                "the token stands in a file, which only its owner can read".to_owned(),
                "nothing to do, as long as it outlives no token",
            ),
        };
        finding(path, Kind::Leaked, severity, explain)
            .advice(advice)
            .detail("place", word)
    }
}

fn stream(name: &str) -> &'static str {
    match name {
        "stdout" => "standard output",
        _ => "standard error",
    }
}
