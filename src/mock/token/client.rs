//! Who asks: the form of a token request, and the client's authentication.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use crate::mock::answer::Call;
use crate::mock::document::{BasicEncoding, ClientAuth, ClientDoc, TokenDoc};
use crate::mock::token::assertion;
use crate::mock::token::refusal::Refusal;

/// The form of a request.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body, if it is form-encoded; a parameter that stands twice is refused.
    pub(crate) fn read(call: &Call) -> Result<Self, Refusal> {
        if call.media_type() != "application/x-www-form-urlencoded" {
            return Ok(Self::default());
        }
        let mut fields: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(&call.body) {
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(Refusal::Repeated);
            }
            fields.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(fields))
    }

    /// A field that is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// The client that a request proves to be: an assertion, HTTP Basic or form fields (RFC 6749 section 2.3). A
/// client without a secret is public, or known by its certificate where the listener wants one.
pub(crate) fn authenticate<'a>(
    call: &Call,
    form: &Form,
    server: &'a TokenDoc,
) -> Result<&'a ClientDoc, Refusal> {
    let clients = &server.clients;
    if let Some(proven) = assertion::client(call, form, clients) {
        return proven;
    }
    let takes = |way| server.client_auth.is_empty() || server.client_auth.contains(&way);
    let posted = form.get("client_id").zip(form.get("client_secret"));
    let (id, secret, encoding) = match (basic(call), posted) {
        (Some(_), Some(_)) => return Err(Refusal::TwoMethods),
        (Some(_), None) if !takes(ClientAuth::Basic) => return Err(Refusal::NoClient),
        (None, Some(_)) if !takes(ClientAuth::Post) => return Err(Refusal::NoClient),
        (Some((id, secret)), None) => (id, secret, server.basic_encoding),
        (None, Some((id, secret))) => (id.to_owned(), secret.to_owned(), None),
        (None, None) => match form.get("client_id") {
            Some(id) => (id.to_owned(), String::new(), None),
            None => return Err(Refusal::NoClient),
        },
    };
    let client = clients
        .iter()
        .find(|client| same(&client.id, &id, encoding))
        .ok_or(Refusal::UnknownClient(id))?;
    if same(client.secret.reveal(), &secret, encoding) {
        Ok(client)
    } else {
        Err(Refusal::WrongSecret)
    }
}

/// Equal as sent, or once form-decoded: clients do both in a Basic header. With an encoding only that counts.
fn same(wanted: &str, given: &str, encoding: Option<BasicEncoding>) -> bool {
    let as_sent = || wanted == given;
    let decoded = || percent_decode_str(&given.replace('+', " ")).decode_utf8_lossy() == wanted;
    match encoding {
        Some(BasicEncoding::Raw) => as_sent(),
        Some(BasicEncoding::Form) => decoded(),
        None => as_sent() || decoded(),
    }
}

fn basic(call: &Call) -> Option<(String, String)> {
    let value = call.headers.text("authorization")?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
