//! Finding an endpoint by the issuer's metadata.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::exchange::{Failure, FailureCause, Target};
use crate::message::{Headers, Request};
use crate::results::Phase;

/// The address that an issuer's metadata name, e.g. `token_endpoint`: OpenID Connect Discovery 1.0
/// section 4, then RFC 8414 section 3.
///
/// # Errors
/// Neither document is there, it is another issuer's (RFC 8414 section 3.3), or lacks the name.
pub(super) async fn discover(
    target: &Target,
    issuer: &Url,
    name: &str,
    timeout: Duration,
) -> Result<Url, Failure> {
    let fail = |message: String| Failure::new(Phase::Token, FailureCause::Token, message);
    for url in metadata_urls(issuer) {
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
        let Ok(metadata) = serde_json::from_slice::<Value>(&answer.body) else {
            continue;
        };
        if answer.status != 200 {
            continue;
        }
        let named = metadata
            .get("issuer")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if named.trim_end_matches('/') != issuer.as_str().trim_end_matches('/') {
            return Err(fail(format!(
                "the metadata of {issuer} are those of `{named}` (RFC 8414 section 3.3)"
            )));
        }
        let endpoint = metadata.get(name).and_then(Value::as_str);
        return endpoint
            .and_then(|url| Url::parse(url).ok())
            .ok_or_else(|| fail(format!("the metadata of {issuer} name no {name}")));
    }
    Err(fail(format!(
        "{issuer} serves no metadata (OpenID discovery, RFC 8414)"
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
}
