//! [`Metadata`]: what an issuer says of itself.

use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use super::address::Address;
use crate::exchange::{Failure, FailureCause, Target};
use crate::message::{Headers, Request};
use crate::results::Phase;

/// The metadata of an issuer: OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2.
#[derive(Debug, Clone)]
pub(super) struct Metadata(Map<String, Value>);

impl Metadata {
    /// The address of a name, e.g. `token_endpoint`. A client that shows a certificate goes to the
    /// alias, where there is one (RFC 8705 section 5).
    pub(super) fn endpoint(&self, name: &str, by_certificate: bool) -> Option<Address> {
        let alias = self.0.get("mtls_endpoint_aliases");
        let alias = alias
            .filter(|_| by_certificate)
            .and_then(|aliases| aliases.get(name));
        let url = alias.or_else(|| self.0.get(name))?.as_str()?;
        Address::parse(url)
    }
}

/// The metadata of an issuer: where OpenID Connect Discovery 1.0 section 4 has them, then where
/// RFC 8414 section 3 has them.
///
/// # Errors
/// Neither document is there, or it is another issuer's (RFC 8414 section 3.3).
pub(super) async fn metadata(
    target: &Target,
    issuer: &Address,
    timeout: Duration,
) -> Result<Metadata, Failure> {
    let fail = |message: String| Failure::new(Phase::Token, FailureCause::Token, message);
    for url in metadata_urls(issuer.url()) {
        let request = Request {
            method: "GET".to_owned(),
            url: url.to_string(),
            headers: Headers(vec![
                ("accept".to_owned(), b"application/json".to_vec()),
                ("user-agent".to_owned(), crate::USER_AGENT.into()),
            ]),
            body: bytes::Bytes::new(),
        };
        let answer = target.send(&request, timeout).await?.response;
        let Ok(Value::Object(metadata)) = serde_json::from_slice(&answer.body) else {
            continue;
        };
        if answer.status != 200 {
            continue;
        }
        let named = metadata.get("issuer").and_then(Value::as_str);
        let named = named.unwrap_or_default();
        if named.trim_end_matches('/') != issuer.as_str().trim_end_matches('/') {
            return Err(fail(format!(
                "the metadata of {} are those of `{named}` (RFC 8414 section 3.3)",
                issuer.as_str()
            )));
        }
        return Ok(Metadata(metadata));
    }
    Err(fail(format!(
        "{} serves no metadata (OpenID discovery, RFC 8414)",
        issuer.as_str()
    )))
}

fn metadata_urls(issuer: &Url) -> [Url; 2] {
    let path = issuer.path().trim_end_matches('/').to_owned();
    let at = |path: String| {
        let mut url = issuer.clone();
        url.set_path(&path);
        url
    };
    [
        at(format!("{path}/.well-known/openid-configuration")),
        at(format!("/.well-known/oauth-authorization-server{path}")),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_path_of_an_issuer_goes_where_each_standard_wants_it() {
        let issuer = Url::parse("https://sts.example.dev/t/acme/").expect("URL");
        assert_eq!(
            metadata_urls(&issuer).map(|url| url.path().to_owned()),
            [
                "/t/acme/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/t/acme"
            ]
        );
    }

    #[test]
    fn a_client_with_a_certificate_goes_to_the_alias() {
        let Value::Object(said) = json!({
            "token_endpoint": "https://a.example.dev/token",
            "revocation_endpoint": "https://a.example.dev/revoke",
            "jwks_uri": 7,
            "mtls_endpoint_aliases": { "token_endpoint": "https://mtls.example.dev/token" },
        }) else {
            unreachable!()
        };
        let metadata = Metadata(said);
        let found = |name, by_certificate| {
            let url = metadata.endpoint(name, by_certificate);
            url.map(|url| url.as_str().to_owned())
        };
        let url = |text: &str| Some(text.to_owned());
        assert_eq!(
            found("token_endpoint", false),
            url("https://a.example.dev/token")
        );
        assert_eq!(
            found("token_endpoint", true),
            url("https://mtls.example.dev/token")
        );
        assert_eq!(
            found("revocation_endpoint", true),
            url("https://a.example.dev/revoke")
        );
        assert_eq!(found("jwks_uri", false), None);
        assert_eq!(found("introspection_endpoint", false), None);
    }
}
