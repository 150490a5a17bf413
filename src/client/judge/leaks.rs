//! Where else a token turned up: it belongs into one header, and nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::cause::number;
use super::parts::Parts;
use super::tokens::finding;
use crate::client::observation::{Issued, Observation};
use crate::client::wire::Message;
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

/// How much of a token stands somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// All of it, in one of its forms.
    Whole,
    /// So many characters in a row.
    Part(usize),
}

/// What is looked for: the tokens of a run, in every form, and parts of them.
pub(crate) struct Tokens {
    forms: Vec<Vec<u8>>,
    parts: Parts,
}

impl Tokens {
    /// The tokens that were issued, refresh tokens among them.
    pub(crate) fn of(issued: &[Issued]) -> Self {
        let access = issued.iter().map(|issued| issued.token.as_str());
        let refresh = issued.iter().filter_map(|issued| issued.refresh.as_deref());
        let all: Vec<&str> = access.chain(refresh).collect();
        let mut forms: Vec<Vec<u8>> = all.iter().copied().flat_map(forms).collect();
        forms.sort();
        forms.dedup();
        Self {
            forms,
            parts: Parts::of(&all),
        }
    }

    /// How much of one of them is in a text.
    pub(crate) fn share(&self, text: &[u8]) -> Option<Share> {
        if self.forms.iter().any(|form| contains(text, form)) {
            return Some(Share::Whole);
        }
        self.parts.longest(text).map(Share::Part)
    }
}

/// One finding for each place of a kind.
pub(super) fn findings(run: &Observation) -> Vec<Difference> {
    let tokens = Tokens::of(&run.issued);
    let mut places: Vec<(String, Place, Share)> = Vec::new();
    let mut add = |path: String, place: Place, share: Option<Share>| {
        if let Some(share) = share
            && !places.iter().any(|(_, known, _)| *known == place)
        {
            places.push((path, place, share));
        }
    };
    for (at, call) in run.calls.iter().enumerate() {
        let path = format!("request[{at}]");
        in_message(&call.message, &path, &tokens, &mut add);
        add(
            format!("{path}.body"),
            Place::Body,
            tokens.share(&call.message.body),
        );
    }
    let asked = run.asked.iter().enumerate();
    let asked = asked.map(|(at, asked)| (format!("token[{at}]"), &asked.message));
    let beside = run
        .beside
        .iter()
        .map(|other| (other.endpoint.to_owned(), &other.message));
    for (path, message) in asked.chain(beside) {
        in_message(message, &path, &tokens, &mut add);
        add(
            format!("{path}.body"),
            Place::Form,
            in_form(&message.body, &tokens),
        );
    }
    for (path, text) in [
        ("stdout", &run.written.stdout),
        ("stderr", &run.written.stderr),
    ] {
        add(
            path.to_owned(),
            Place::Output(path),
            tokens.share(text.as_bytes()),
        );
    }
    for (at, reply) in run.replies.iter().flatten().enumerate() {
        let body = reply.answer.as_ref().map(|(_, body)| body.as_bytes());
        let share = tokens.share(body.unwrap_or_default());
        add(format!("answer[{at}].body"), Place::Answer, share);
    }
    for file in &run.files {
        let path = format!("file:{}", file.name);
        let place = Place::File(file.name.clone(), file.open);
        add(path, place, Some(file.share));
    }
    places
        .into_iter()
        .map(|(path, place, share)| place.finding(path, share))
        .collect()
}

/// The URL and the fields of a request, but for the one in which a token belongs.
fn in_message(
    message: &Message,
    path: &str,
    tokens: &Tokens,
    add: &mut impl FnMut(String, Place, Option<Share>),
) {
    add(
        format!("{path}.url"),
        Place::Url,
        tokens.share(message.target.as_bytes()),
    );
    for (name, value) in &message.fields {
        let name = name.to_ascii_lowercase();
        if name == "authorization" {
            continue;
        }
        let place = if name == "cookie" {
            Place::Cookie
        } else {
            Place::Header(name.clone())
        };
        add(format!("{path}.{name}"), place, tokens.share(value));
    }
}

/// Parameters of a token server that are there for tokens: those of RFC 6749, 7009, 7521, 7662 and 8693.
const FOR_TOKENS: [&str; 6] = [
    "refresh_token",
    "token",
    "subject_token",
    "actor_token",
    "assertion",
    "client_assertion",
];

/// A token in a parameter of a form that is there for something else.
fn in_form(body: &[u8], tokens: &Tokens) -> Option<Share> {
    let is_other = |name: &str| !FOR_TOKENS.contains(&name);
    url::form_urlencoded::parse(body)
        .filter(|(name, _)| is_other(name))
        .find_map(|(_, value)| tokens.share(value.as_bytes()))
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Url,
    Cookie,
    Header(String),
    Body,
    Form,
    Output(&'static str),
    Answer,
    File(String, bool),
}

impl Place {
    fn finding(&self, path: String, share: Share) -> Difference {
        let what = match share {
            Share::Whole => "the token".to_owned(),
            Share::Part(count) => format!("a part of the token, {} characters,", number(count)),
        };
        let (word, severity, explain, advice) = self.told(&what);
        finding(path, Kind::Leaked, severity, explain)
            .advice(advice)
            .detail("place", word)
    }

    /// The word for `detail`, the severity, what is wrong, and what to do.
    fn told(&self, what: &str) -> (&'static str, Severity, String, &'static str) {
        match self {
            Self::Url => (
                "url",
                Severity::Risky,
                format!(
                    "{what} stands in a URL: it gets into logs and histories, and a long one past the \
                     limits of proxies and servers"
                ),
                "send it in the header `Authorization` only (RFC 9700 section 4.3.2)",
            ),
            Self::Cookie => (
                "cookie",
                Severity::Risky,
                format!("{what} stands in a cookie, which holds 4,096 bytes in all"),
                "send it in the header `Authorization` only; keep a session on the server",
            ),
            Self::Header(name) => (
                "header",
                Severity::Risky,
                format!("{what} stands in the header `{name}` too"),
                "send it in the header `Authorization` only",
            ),
            Self::Body => (
                "body",
                Severity::Risky,
                format!("{what} stands in the body of a call"),
                "send it in the header `Authorization` only",
            ),
            Self::Form => (
                "form",
                Severity::Risky,
                format!(
                    "{what} stands in a parameter of the token server that is there for something else"
                ),
                "send it in `token`, `refresh_token` or `subject_token` only",
            ),
            Self::Output(name) => (
                *name,
                Severity::Risky,
                format!("{what} is written to {}: logs keep it", stream(name)),
                "write its length or its last characters, never the token",
            ),
            Self::Answer => (
                "answer",
                Severity::Breaking,
                format!("{what} stands in an answer of the service: its callers get it"),
                "answer what was asked, and keep the token inside",
            ),
            Self::File(_, open) => in_file(what, *open),
        }
    }
}

/// [`Place::told`] of a file.
fn in_file(what: &str, open: bool) -> (&'static str, Severity, String, &'static str) {
    if open {
        (
            "file",
            Severity::Risky,
            format!("{what} stands in a file that others can read"),
            "make the file readable by its owner only (mode 0600)",
        )
    } else {
        (
            "file",
            Severity::Cosmetic,
            format!("{what} stands in a file, which only its owner can read"),
            "nothing to do, as long as it outlives no token",
        )
    }
}

fn stream(name: &str) -> &'static str {
    match name {
        "stdout" => "standard output",
        _ => "standard error",
    }
}
