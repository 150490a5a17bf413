//! A credential of the pair file: how to obtain a token on one side.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::SecretString;

use super::url::{BaseUrl, EndpointUrl};
use crate::source::{Cx, Decode, Entries, Node, Spanned, Value, document, word};

word! {
    /// How a token is obtained (RFC 6749 section 1.3).
    pub enum Grant is "grant" {
        /// RFC 6749 section 4.4.
        ClientCredentials = "client_credentials",
        /// RFC 6749 section 6, from a seed.
        RefreshToken = "refresh_token",
        /// RFC 6749 section 4.3.
        Password = "password",
        /// RFC 8693: another token for one that is there.
        TokenExchange = "token_exchange",
        /// RFC 7523 section 2.1: a signed assertion.
        JwtBearer = "jwt_bearer",
        /// A token that is already there.
        Static = "static",
        /// An API key in a header or a query parameter.
        ApiKey = "api_key",
        /// No credential.
        None = "none",
    }
    later { "authorization_code", "device_code" }
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

/// The name of a sort of token (RFC 8693 section 3), always in its long form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenTypeName(pub String);

/// What the names of RFC 8693 section 3 begin with.
const TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:";
/// Their last words.
const TOKEN_TYPES: [&str; 6] = [
    "access_token",
    "refresh_token",
    "id_token",
    "saml1",
    "saml2",
    "jwt",
];

impl TokenTypeName {
    /// The name of a JWT (RFC 7519), which is what Choreo wants.
    pub fn jwt() -> Self {
        Self(format!("{TOKEN_TYPE}jwt"))
    }

    /// The name of an access token of any form.
    pub fn access_token() -> Self {
        Self(format!("{TOKEN_TYPE}access_token"))
    }
}

impl Decode for TokenTypeName {
    fn decode(node: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let text = String::decode(node, cx)?;
        if TOKEN_TYPES.contains(&text.as_str()) {
            return Some(Self(format!("{TOKEN_TYPE}{text}")));
        }
        if text.contains(':') {
            return Some(Self(text));
        }
        cx.unknown(node.span, "token type", &text, &TOKEN_TYPES)
    }
}

impl JsonSchema for TokenTypeName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TokenTypeName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string", "enum": TOKEN_TYPES },
            { "type": "string", "pattern": ":" }
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
        optional token_endpoint: Option<EndpointUrl>,
        /// The revocation endpoint (RFC 7009).
        optional revocation_endpoint: Option<EndpointUrl>,
        /// The introspection endpoint (RFC 7662).
        optional introspection_endpoint: Option<EndpointUrl>,
        /// The issuer's keys (RFC 7517): tokens that are JWTs are checked by them.
        optional jwks_uri: Option<EndpointUrl>,
        /// The client's id: the consumer key.
        optional client_id: Option<String>,
        /// The client's secret.
        optional client_secret: Option<SecretText>,
        /// How the client shows who it is; `client_secret_basic` if not given.
        optional client_auth: Option<ClientAuth>,
        /// `private_key_jwt`: the private key, PEM text.
        optional client_key: Option<SecretText>,
        /// `private_key_jwt`, and `jwt_bearer` with `issuer_key`: the key's id.
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
        /// `token_exchange`: the token that is exchanged.
        optional subject_token: Option<SecretText>,
        /// `token_exchange`: the credential of this side whose access token is exchanged.
        optional subject: Option<Spanned<String>>,
        /// `token_exchange`: what sort of token that is; a URN (RFC 8693 section 3), or its last word.
        optional subject_token_type: Option<TokenTypeName>,
        /// `jwt_bearer`: the assertion, where there is one already.
        optional assertion: Option<SecretText>,
        /// `jwt_bearer`: the private key, PEM text, by which each assertion is signed.
        optional issuer_key: Option<SecretText>,
        /// `jwt_bearer`: of whom the assertion speaks.
        optional sub: Option<String>,
        /// `jwt_bearer`: whom it is for; the token endpoint if not given.
        optional aud: Option<String>,
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
        matches!(
            self.grant(),
            Grant::RefreshToken | Grant::Password | Grant::TokenExchange | Grant::JwtBearer
        )
    }
}
