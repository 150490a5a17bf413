//! [`TokenAnswer`]: what a token endpoint said, read as a tolerant client would read it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::endpoint::Endpoint;
use crate::message::Response;
use crate::redact::Secrets;

/// A token endpoint's answer, good or bad. `Debug` shows no value of it.
#[derive(Clone)]
pub struct TokenAnswer {
    /// The members of the JSON object; empty where there is none.
    pub members: Map<String, Value>,
    /// The names of members that stand more than once; the last of them counts.
    pub repeated: Vec<String>,
    /// The status code.
    pub status: u16,
    /// What came where a JSON object was expected.
    instead: Option<String>,
}

/// A byte order mark, which tolerant clients pass over.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes of the longest text that is taken for a token: four times what Envoy takes as the head of a request,
/// the most of all servers that were measured.
const LONGEST: usize = 256 * 1024;
/// Characters that are shown of a body that is no JSON object.
const EXCERPT: usize = 80;

/// A JSON object, with what stands twice in it.
#[derive(Default)]
struct Object {
    members: Map<String, Value>,
    repeated: Vec<String>,
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut object = Object::default();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if object.members.insert(name.clone(), value).is_some() {
                object.repeated.push(name);
            }
        }
        Ok(object)
    }
}

/// Why an answer is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status code.
    pub status: u16,
    /// The `error` code (RFC 6749 section 5.2), if there is one.
    pub error: Option<String>,
    /// What to tell the user: the endpoint's own words.
    pub message: String,
}

impl Refusal {
    /// Whether it comes with a status of success.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }
}

impl TokenAnswer {
    /// Reads any media type and any JSON object. Anything else is described; only a refusal is shown,
    /// without secrets.
    pub fn read(response: &Response, secrets: &Secrets) -> Self {
        let body = response.body.strip_prefix(MARK).unwrap_or(&response.body);
        let parsed: Result<Object, _> = serde_json::from_slice(body);
        let instead = parsed.is_err().then(|| instead(response, secrets));
        let Object { members, repeated } = parsed.unwrap_or_default();
        Self {
            members,
            repeated,
            status: response.status,
            instead,
        }
    }

    /// A member that is a text that is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = self.members.get(name)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    /// A member that is a token: a text that something could be done with.
    pub fn token(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|text| text.len() <= LONGEST)
    }

    /// The life of the token in seconds; a number in a text counts too, and one that is written `3600.0`.
    pub fn expires_in(&self) -> Option<u64> {
        match self.members.get("expires_in")? {
            Value::Number(number) => seconds(&number.to_string()),
            Value::String(text) => seconds(text.trim()),
            _ => None,
        }
    }

    /// The access token: of any 2xx answer that carries one.
    ///
    /// # Errors
    /// What the endpoint said instead.
    pub fn access_token(&self) -> Result<&str, Refusal> {
        if (200..300).contains(&self.status)
            && let Some(token) = self.token("access_token")
        {
            return Ok(token);
        }
        Err(self.refusal(Endpoint::Token))
    }

    /// What the endpoint said instead of what was asked for.
    pub(super) fn refusal(&self, endpoint: Endpoint) -> Refusal {
        let error = self.text("error").map(str::to_owned);
        let said = match (&error, self.text("error_description")) {
            (Some(error), Some(description)) => format!("{error}: {description}"),
            (Some(error), None) => error.clone(),
            (None, _) if self.instead.is_some() => self.instead.clone().unwrap_or_default(),
            (None, _) if let Some(long) = self.text("access_token") => format!(
                "its token has {} characters, and no server takes a header of that length",
                long.chars().count()
            ),
            (None, _) if (200..300).contains(&self.status) => missing(endpoint).to_owned(),
            (None, _) => "no OAuth error in it".to_owned(),
        };
        Refusal {
            status: self.status,
            message: format!("the {} answered {}: {said}", words(endpoint), self.status),
            error,
        }
    }
}

/// Whole seconds, with or without a fraction of nothing but zeros.
fn seconds(text: &str) -> Option<u64> {
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

const fn words(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Token => "token endpoint",
        Endpoint::Revocation => "revocation endpoint",
        Endpoint::Introspection => "introspection endpoint",
        Endpoint::Keys => "key set",
    }
}

/// What a good answer would have.
const fn missing(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Introspection => "`active` is not true or false",
        _ => "no access_token in it",
    }
}

/// What a person needs to see that the URL is not that of a token endpoint, or that something
/// stands in front of it: a redirect, an error page.
fn instead(response: &Response, secrets: &Secrets) -> String {
    let location = response.headers.text("location");
    if let Some(to) = location.filter(|_| (300..400).contains(&response.status)) {
        return format!("it sends the client to {to}, and redirects are not followed");
    }
    let named = response.headers.text("content-type");
    let named = named.as_deref().and_then(|text| text.split(';').next());
    let media_type = named.unwrap_or("without a media type").trim();
    if response.body.iter().all(u8::is_ascii_whitespace) {
        return "its body is empty".to_owned();
    }
    let (shape, length) = (shape(&response.body), response.body.len());
    let bytes = if length == 1 { "byte" } else { "bytes" };
    let described = format!("no JSON object but {shape} of {length} {bytes}, {media_type}");
    // What a successful answer says may be the token itself, in a form that nobody foresaw.
    if (200..300).contains(&response.status) || names_a_secret(&response.body) {
        return described;
    }
    let body = String::from_utf8_lossy(&response.body);
    // Before the cut: half of a secret would not be known as one.
    let body = secrets.text(&body);
    let words: Vec<&str> = body.split_whitespace().collect();
    let begin: String = words.join(" ").chars().take(EXCERPT).collect();
    format!("{described}, which begins `{begin}`")
}

/// What kind of text a body is, without a word of it.
fn shape(body: &[u8]) -> &'static str {
    let Ok(text) = std::str::from_utf8(body) else {
        return "binary data";
    };
    let text = text.trim();
    let starts = |with: &str| {
        let head = text.get(..with.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(with))
    };
    match serde_json::from_str(text) {
        Ok(Value::Array(_)) => return "a JSON array",
        Ok(Value::String(_)) => return "a JSON string",
        Ok(_) => return "a JSON value",
        Err(_) => {}
    }
    if starts("<!doctype html") || starts("<html") {
        "an HTML page"
    } else if starts("<") {
        "an XML document"
    } else if starts("{") || starts("[") {
        "broken JSON"
    } else if text.contains('=') && !text.contains(char::is_whitespace) {
        "a form"
    } else {
        "text"
    }
}

/// Whether a body that has no members has the name of one that is a secret: an excerpt of it would
/// have to be read in a notation that is not known.
fn names_a_secret(body: &[u8]) -> bool {
    const NAMES: [&str; 6] = [
        "access_token",
        "refresh_token",
        "id_token",
        "accesstoken",
        "refreshtoken",
        "idtoken",
    ];
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    NAMES.iter().any(|name| text.contains(name))
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.members.keys().collect();
        f.debug_struct("TokenAnswer")
            .field("status", &self.status)
            .field("members", &names)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Headers;

    fn answer(status: u16, body: &str) -> TokenAnswer {
        let response = Response::plain(status, Headers::default(), body.to_owned().into());
        TokenAnswer::read(&response, &Secrets::new())
    }

    #[test]
    fn a_tolerant_client_uses_what_it_can() {
        let odd = answer(201, r#"{"access_token":"t","expires_in":"3600"}"#);
        assert_eq!(odd.access_token(), Ok("t"));
        assert_eq!(odd.expires_in(), Some(3600));
        for (written, read) in [
            ("900.0", Some(900)),
            ("\"900.00\"", Some(900)),
            ("900.5", None),
        ] {
            let odd = answer(200, &format!(r#"{{"expires_in":{written}}}"#));
            assert_eq!(odd.expires_in(), read, "{written}");
        }
        assert!(!format!("{odd:?}").contains("3600"));
    }

    #[test]
    fn a_refusal_is_in_the_endpoints_own_words() {
        let refused = answer(
            401,
            r#"{"error":"invalid_client","error_description":"No."}"#,
        );
        let message = "the token endpoint answered 401: invalid_client: No.";
        assert_eq!(
            refused.access_token().map_err(|r| r.message),
            Err(message.to_owned())
        );
        let html = answer(502, "<html>\n <p>");
        let message = "the token endpoint answered 502: no JSON object but an HTML page of 11 bytes, \
                       without a media type, which begins `<html> <p>`";
        assert_eq!(
            html.access_token().map_err(|r| r.message),
            Err(message.to_owned())
        );
    }

    #[test]
    fn a_successful_answer_that_is_no_object_is_described_and_not_shown() {
        for (body, shape) in [
            (
                "access_token=leakytoken&token_type=bearer",
                "a form of 41 bytes",
            ),
            ("leakytoken", "text of 10 bytes"),
            ("{'access_token':'leakytoken'}", "broken JSON of 29 bytes"),
            ("<r><t>leakytoken</t></r>", "an XML document of 24 bytes"),
            ("<!DOCTYPE HTML>leakytoken", "an HTML page of 25 bytes"),
            ("\"leakytoken\"", "a JSON string of 12 bytes"),
            ("[\"leakytoken\"]", "a JSON array of 14 bytes"),
        ] {
            let answer = answer(200, body);
            let said = answer.access_token().map_err(|r| r.message);
            let message = format!(
                "the token endpoint answered 200: no JSON object but {shape}, without a media type"
            );
            assert_eq!(said, Err(message));
        }
        // Nor is one that is a refusal and names a token in a notation of its own.
        let refused = answer(400, "{'access_token':'leakytoken'}");
        assert!(
            refused
                .access_token()
                .is_err_and(|refusal| !refusal.message.contains("leaky"))
        );
    }
}
