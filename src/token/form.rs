//! A form for an endpoint of a token server, with the client's proof of who it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use secrecy::ExposeSecret;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::address::Address;
use super::assertion::proof;
use super::credential::Credential;
use crate::config::{BasicEncoding, ClientAuth};
use crate::message::{Headers, Request};

/// Names and values of a form, in order; a name may stand more than once.
pub(super) type Fields = Vec<(String, String)>;

/// A request of the client of a credential to one of its server's endpoints, authenticated as the
/// credential says (RFC 6749 section 2.3).
///
/// # Errors
/// The client's assertion cannot be signed.
pub(super) fn form_request(
    credential: &Credential,
    endpoint: &Address,
    fields: &Fields,
) -> Result<Request, String> {
    let mut form = Serializer::new(String::new());
    for (name, value) in fields.iter().chain(&proof(credential, endpoint)?) {
        form.append_pair(name, value);
    }
    let mut headers = Headers(vec![
        ("accept".to_owned(), b"application/json".to_vec()),
        (
            "content-type".to_owned(),
            b"application/x-www-form-urlencoded".to_vec(),
        ),
        ("user-agent".to_owned(), crate::USER_AGENT.into()),
    ]);
    let secret = credential.client_secret.as_ref();
    let secret = secret.map(ExposeSecret::expose_secret);
    match credential.client_auth {
        ClientAuth::Basic => headers.set("authorization", basic(credential)),
        auth => {
            // Of an assertion that is brought without a client there is none (RFC 7523 section 2.1).
            if !credential.client_id.is_empty() {
                form.append_pair("client_id", &credential.client_id);
            }
            if let (ClientAuth::Post, Some(secret)) = (auth, secret) {
                form.append_pair("client_secret", secret);
            }
        }
    }
    Ok(Request {
        method: "POST".to_owned(),
        url: endpoint.url().to_string(),
        headers,
        body: Bytes::from(form.finish()),
    })
}

/// The `Authorization` of a client with a secret: form-encoded first, as RFC 6749 section 2.3.1 says, or
/// raw, as many servers want it.
pub(super) fn basic(credential: &Credential) -> String {
    let secret = credential.client_secret.as_ref();
    let secret = secret.map(ExposeSecret::expose_secret).unwrap_or_default();
    let written = |text: &str| match credential.basic_encoding {
        BasicEncoding::Form => byte_serialize(text.as_bytes()).collect(),
        BasicEncoding::Raw => text.to_owned(),
    };
    let pair = format!("{}:{}", written(&credential.client_id), written(secret));
    format!("Basic {}", STANDARD.encode(pair))
}
