//! A credential of the pair file: how to obtain a token on one side.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret as _, SecretString};

use super::header::check_header;
use super::url::BaseUrl;
use crate::source::{Cx, Decode, Diagnostic, Entries, Node, Span, Spanned, Value, document, word};

word! {
    /// How a token is obtained (RFC 6749 section 1.3).
    pub enum Grant is "grant" {
        /// RFC 6749 section 4.4.
        ClientCredentials = "client_credentials",
        /// RFC 6749 section 6, from a seed.
        RefreshToken = "refresh_token",
        /// RFC 6749 section 4.3.
        Password = "password",
        /// A token that is already there.
        Static = "static",
        /// An API key in a header or a query parameter.
        ApiKey = "api_key",
        /// No credential.
        None = "none",
    }
    later { "authorization_code", "device_code", "token_exchange", "jwt_bearer" }
}

word! {
    /// How the client shows who it is at the token endpoint (RFC 6749 section 2.3, OpenID Connect Core section 9).
    pub enum ClientAuth is "client authentication" {
        /// Id and secret in the Authorization header.
        Basic = "client_secret_basic",
        /// Id and secret in the form.
        Post = "client_secret_post",
        /// A JWT that the client signs with its own key (RFC 7523 section 2.2).
        PrivateKeyJwt = "private_key_jwt",
        /// A JWT that the client signs with its secret (OpenID Connect Core section 9).
        SecretJwt = "client_secret_jwt",
        /// The certificate of the connection (RFC 8705 section 2).
        Tls = "tls_client_auth",
        /// The id alone: a public client.
        None = "none",
    }
}

word! {
    /// How a client signs its assertion (RFC 7518 section 3.1).
    pub enum ClientAlg is "signature algorithm" {
        /// RSA, PKCS #1.
        Rs256 = "RS256",
        /// RSA, PSS.
        Ps256 = "PS256",
        /// Elliptic curve P-256.
        Es256 = "ES256",
        /// Ed25519 (RFC 8037).
        EdDsa = "EdDSA",
    }
}

word! {
    /// How id and secret are written before they become a Basic header.
    pub enum BasicEncoding is "Basic encoding" {
        /// Form-encoded first, as RFC 6749 section 2.3.1 says.
        Form = "form",
        /// As they are, as many servers want it.
        Raw = "raw",
    }
}

/// A text that must never be shown.
#[derive(Debug, Clone)]
pub struct SecretText(pub SecretString);

impl Decode for SecretText {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        String::decode(node, cx).map(|text| Self(SecretString::from(text)))
    }
}

impl JsonSchema for SecretText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        OneText::json_schema(generator)
    }
}

/// The schema of a text that may also be written as a plain number.
#[derive(Debug)]
pub struct OneText;

impl JsonSchema for OneText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number"] })
    }
}

/// Words parted by blanks, or a list of words: `scope`, `audience`, `resource`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WordList(pub Vec<String>);

impl Decode for WordList {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        match &node.value {
            Value::List(_) => Vec::decode(node, cx).map(Self),
            _ => String::decode(node, cx)
                .map(|text| Self(text.split_whitespace().map(str::to_owned).collect())),
        }
    }
}

impl JsonSchema for WordList {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "WordList".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": ["string", "number"] },
            { "type": "array", "items": { "type": ["string", "number"] } }
        ] })
    }
}

document! {
    /// Where the token stands in a request.
    pub struct PlacementDoc is "a place for the token" {
        /// The header's name.
        optional header: Option<String>,
        /// The word before the token in the header.
        optional scheme: Option<String>,
        /// The query parameter's name.
        optional query: Option<String>,
    }
}

document! {
    /// How a token is obtained on one side.
    pub struct CredentialDoc is "a credential" {
        /// The grant; `client_credentials` if not given.
        optional grant: Option<Spanned<Grant>>,
        /// The issuer (RFC 8414); its metadata name the endpoints.
        optional issuer: Option<BaseUrl>,
        /// The token endpoint (RFC 6749 section 3.2).
        optional token_endpoint: Option<BaseUrl>,
        /// The revocation endpoint (RFC 7009).
        optional revocation_endpoint: Option<BaseUrl>,
        /// The introspection endpoint (RFC 7662).
        optional introspection_endpoint: Option<BaseUrl>,
        /// The issuer's keys (RFC 7517): tokens that are JWTs are checked by them.
        optional jwks_uri: Option<BaseUrl>,
        /// The client's id: the consumer key.
        optional client_id: Option<String>,
        /// The client's secret.
        optional client_secret: Option<SecretText>,
        /// How the client shows who it is; `client_secret_basic` if not given.
        optional client_auth: Option<ClientAuth>,
        /// `private_key_jwt`: the private key, PEM text.
        optional client_key: Option<SecretText>,
        /// `private_key_jwt`: the key's id.
        optional client_key_id: Option<String>,
        /// `private_key_jwt`: how it signs; `RS256` if not given.
        optional client_alg: Option<ClientAlg>,
        /// How a Basic header is written; `form` if not given.
        optional basic_encoding: Option<BasicEncoding>,
        /// The scopes to ask for.
        optional scope: WordList,
        /// The `audience` parameter.
        optional audience: WordList,
        /// The `resource` parameter (RFC 8707).
        optional resource: WordList,
        /// Further form parameters.
        optional params: Entries<String>,
        /// Where the token stands in a request; `Authorization: Bearer` if not given.
        optional send: Option<PlacementDoc>,
        /// `refresh_token` grant: the token to begin with.
        optional refresh_token: Option<SecretText>,
        /// `password` grant: the resource owner.
        optional username: Option<String>,
        /// `password` grant: the resource owner's password.
        optional password: Option<SecretText>,
        /// `static` and `api_key`: the value.
        optional value: Option<SecretText>,
        /// `api_key`: the header that carries it.
        optional header: Option<String>,
        /// `api_key`: the query parameter that carries it.
        optional query: Option<String>,
    }
    later {
        "authorization_endpoint": "comes with the browser flows",
        "device_authorization_endpoint": "comes with the device flow",
        "subject_token": "comes with token exchange",
        "subject_token_type": "comes with token exchange",
        "subject": "comes with token exchange",
        "assertion": "comes with the jwt_bearer grant",
        "issuer_key": "comes with the jwt_bearer grant",
        "sub": "comes with the jwt_bearer grant",
        "aud": "comes with the jwt_bearer grant",
    }
}

impl CredentialDoc {
    /// The grant, with its default.
    pub fn grant(&self) -> Grant {
        let given = self.grant.as_ref();
        given.map_or(Grant::ClientCredentials, |grant| grant.value)
    }

    /// Whether it can ever hold a refresh token.
    pub fn can_refresh(&self) -> bool {
        matches!(self.grant(), Grant::RefreshToken | Grant::Password)
    }

    /// Reports what the grant needs and does not have, and what it has and cannot use.
    pub fn check(&self, name: &Spanned<String>, cx: &mut Cx<'_>) {
        let grant = self.grant();
        let have = self.given();
        let (needed, usable) = keys_of(grant);
        for key in needed {
            if !have.contains(key) {
                cx.report::<()>(problem(
                    cx,
                    name.span,
                    grant,
                    name,
                    &format!("needs `{key}`"),
                ));
            }
        }
        for key in have
            .iter()
            .filter(|key| !usable.contains(key) && !needed.contains(key))
        {
            cx.report::<()>(problem(
                cx,
                name.span,
                grant,
                name,
                &format!("has no use for `{key}`"),
            ));
        }
        let asks_endpoint = usable.contains(&"token_endpoint");
        if asks_endpoint && self.issuer.is_none() && self.token_endpoint.is_none() {
            let what = "needs `token_endpoint`, or `issuer` to find it by its metadata";
            cx.report::<()>(problem(cx, name.span, grant, name, what));
        }
        if grant == Grant::ApiKey && self.header.is_some() == self.query.is_some() {
            let what = "needs one of `header` and `query`";
            cx.report::<()>(problem(cx, name.span, grant, name, what));
        }
        for (key, text) in self.texts() {
            if text.is_some_and(str::is_empty) {
                let what = format!("has an empty `{key}`");
                cx.report::<()>(
                    problem(cx, name.span, grant, name, &what)
                        .help("a variable of the environment that is set to nothing gives this"),
                );
            }
        }
        self.check_places(name, cx);
        if asks_endpoint && let Some(what) = self.client_misfit() {
            cx.report::<()>(problem(cx, name.span, grant, name, what));
        }
    }

    /// What the client authentication needs and does not have, or has and cannot use.
    fn client_misfit(&self) -> Option<&'static str> {
        let (secret, key) = (self.client_secret.is_some(), self.client_key.is_some());
        match self.client_auth.unwrap_or(ClientAuth::Basic) {
            ClientAuth::PrivateKeyJwt if !key => {
                Some("needs `client_key`, a private key in PEM: ${file:key.pem}")
            }
            ClientAuth::PrivateKeyJwt if secret => {
                Some("has no use for `client_secret` beside `client_key`")
            }
            ClientAuth::Basic | ClientAuth::Post if !secret => {
                Some("needs `client_secret` (or client_auth: none)")
            }
            ClientAuth::SecretJwt if !secret => Some("needs `client_secret`, with which it signs"),
            ClientAuth::Tls if secret => {
                Some("has no use for `client_secret`: its certificate says who it is")
            }
            ClientAuth::Basic
            | ClientAuth::Post
            | ClientAuth::SecretJwt
            | ClientAuth::Tls
            | ClientAuth::None
                if key =>
            {
                Some("has a use for `client_key` with client_auth: private_key_jwt only")
            }
            _ => None,
        }
    }

    /// The texts without which nothing can be obtained.
    fn texts(&self) -> [(&'static str, Option<&str>); 7] {
        fn secret(text: Option<&SecretText>) -> Option<&str> {
            text.map(|text| text.0.expose_secret())
        }
        [
            ("client_id", self.client_id.as_deref()),
            ("client_secret", secret(self.client_secret.as_ref())),
            ("client_key", secret(self.client_key.as_ref())),
            ("refresh_token", secret(self.refresh_token.as_ref())),
            ("username", self.username.as_deref()),
            ("password", secret(self.password.as_ref())),
            ("value", secret(self.value.as_ref())),
        ]
    }

    /// Reports headers that cannot carry anything.
    fn check_places(&self, name: &Spanned<String>, cx: &mut Cx<'_>) {
        let send = self.send.as_ref().and_then(|send| send.header.as_ref());
        for header in [self.header.as_ref(), send].into_iter().flatten() {
            check_header(&Spanned::new(header.clone(), name.span), None, cx);
        }
        let carried = [
            self.value.as_ref().map(|value| value.0.expose_secret()),
            self.send.as_ref().and_then(|send| send.scheme.as_deref()),
        ];
        for text in carried.into_iter().flatten() {
            if http::HeaderValue::from_bytes(text.as_bytes()).is_err() {
                let what = "has a line break or a control character in what it sends";
                cx.report::<()>(problem(cx, name.span, self.grant(), name, what));
            }
        }
    }

    /// The keys that depend on the grant and were given.
    fn given(&self) -> Vec<&'static str> {
        let all = [
            ("issuer", self.issuer.is_some()),
            ("token_endpoint", self.token_endpoint.is_some()),
            ("revocation_endpoint", self.revocation_endpoint.is_some()),
            (
                "introspection_endpoint",
                self.introspection_endpoint.is_some(),
            ),
            ("jwks_uri", self.jwks_uri.is_some()),
            ("client_id", self.client_id.is_some()),
            ("client_secret", self.client_secret.is_some()),
            ("client_auth", self.client_auth.is_some()),
            ("client_key", self.client_key.is_some()),
            ("client_key_id", self.client_key_id.is_some()),
            ("client_alg", self.client_alg.is_some()),
            ("basic_encoding", self.basic_encoding.is_some()),
            ("scope", !self.scope.0.is_empty()),
            ("audience", !self.audience.0.is_empty()),
            ("resource", !self.resource.0.is_empty()),
            ("params", !self.params.0.is_empty()),
            ("send", self.send.is_some()),
            ("refresh_token", self.refresh_token.is_some()),
            ("username", self.username.is_some()),
            ("password", self.password.is_some()),
            ("value", self.value.is_some()),
            ("header", self.header.is_some()),
            ("query", self.query.is_some()),
        ];
        let given = all.into_iter().filter(|(_, given)| *given);
        given.map(|(key, _)| key).collect()
    }
}

/// The keys that a grant needs, and those that it can use.
const fn keys_of(grant: Grant) -> (&'static [&'static str], &'static [&'static str]) {
    const CLIENT: &[&str] = &[
        "issuer",
        "token_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "jwks_uri",
        "client_secret",
        "client_auth",
        "client_key",
        "client_key_id",
        "client_alg",
        "basic_encoding",
        "scope",
        "audience",
        "resource",
        "params",
        "send",
    ];
    match grant {
        Grant::ClientCredentials => (&["client_id"], CLIENT),
        Grant::RefreshToken => (&["client_id", "refresh_token"], CLIENT),
        Grant::Password => (&["client_id", "username", "password"], CLIENT),
        Grant::Static => (&["value"], &["send", "issuer", "jwks_uri"]),
        Grant::ApiKey => (&["value"], &["header", "query"]),
        Grant::None => (&[], &[]),
    }
}

fn problem(cx: &Cx<'_>, at: Span, grant: Grant, name: &str, what: &str) -> Diagnostic {
    let message = format!("the credential `{name}` ({}) {what}", grant.word());
    Diagnostic::error(cx.source, at, message)
}
