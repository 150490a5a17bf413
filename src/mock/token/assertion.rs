//! JWTs that others bring: assertions of clients and issuers, and tokens to be exchanged.
//!
//! A double trusts its own key and the test key that ships with the product, whoever signs with it: it
//! stands for every key that a real server would have been told of.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Map, Value};

use crate::mock::answer::Call;
use crate::mock::document::ClientDoc;
use crate::mock::token::client::Form;
use crate::mock::token::jwt::Signer;
use crate::mock::token::refusal::Refusal;

/// RFC 7523 section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Seconds by which clocks may differ.
const LEEWAY: u64 = 5;

/// The claims of a JWT that is signed with a trusted key, and in time; none of any other text.
pub(crate) fn trusted(token: &str, own: Option<&Signer>) -> Option<Map<String, Value>> {
    let keys = own.into_iter().chain(Signer::builtin().ok());
    let mut keys = keys.filter_map(Signer::decoding_key);
    keys.find_map(|key| claims(token, Algorithm::RS256, &key))
}

fn claims(token: &str, alg: Algorithm, key: &DecodingKey) -> Option<Map<String, Value>> {
    let mut validation = Validation::new(alg);
    validation.leeway = LEEWAY;
    validation.validate_nbf = true;
    // Who it must be for depends on what it is brought for.
    validation.validate_aud = false;
    let decoded = decode::<Map<String, Value>>(token, key, &validation);
    decoded.ok().map(|decoded| decoded.claims)
}

/// A claim that is a text.
pub(crate) fn text<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c str> {
    claims.get(name).and_then(Value::as_str)
}

/// Whether a JWT is for the server that was called: an audience is a URL of its host.
pub(crate) fn is_for(claims: &Map<String, Value>, call: &Call) -> bool {
    let host = call.headers.text("host").unwrap_or_default();
    let fits = |value: &Value| {
        let url = value.as_str().and_then(|text| url::Url::parse(text).ok());
        url.is_some_and(|url| url.authority() == host)
    };
    match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(fits),
        Some(one) => fits(one),
        None => false,
    }
}

/// The client that an assertion proves (RFC 7523 section 3), signed with its secret or a trusted key. None
/// where the form has no assertion.
pub(crate) fn client<'a>(
    call: &Call,
    form: &Form,
    clients: &'a [ClientDoc],
) -> Option<Result<&'a ClientDoc, Refusal>> {
    let assertion = form.get("client_assertion")?;
    if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Some(Err(Refusal::NoClient));
    }
    let proven = clients.iter().find(|client| {
        let key = DecodingKey::from_secret(client.secret.reveal().as_bytes());
        let secret = Some(key).filter(|_| !client.secret.reveal().is_empty());
        let by_secret = secret.and_then(|key| claims(assertion, Algorithm::HS256, &key));
        let claims = by_secret.or_else(|| trusted(assertion, None));
        claims.is_some_and(|claims| {
            let named = ["iss", "sub"].map(|name| text(&claims, name));
            named == [Some(client.id.as_str()); 2] && is_for(&claims, call)
        })
    });
    Some(proven.ok_or(Refusal::WrongSecret))
}
