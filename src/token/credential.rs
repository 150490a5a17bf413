//! [`Credential`]: a way to a token, ready to use.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::address::Address;
use super::assertion::ClientKey;
use super::bearer::Assertion;
use super::endpoint::Endpoint;
use super::shape::shape;
use crate::config::{
    BasicEncoding, ClientAlg, ClientAuth, CredentialDoc, EndpointUrl, Grant, TokenTypeName,
};
use crate::redact::Secrets;
use crate::results::TokenShape;

/// A way to a token on one side.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Its name in the pair file.
    pub name: String,
    /// The grant.
    pub grant: Grant,
    /// The token endpoint, if it was given.
    pub token_endpoint: Option<Address>,
    /// The issuer whose metadata name the endpoint, if it was not.
    pub issuer: Option<Address>,
    /// The revocation endpoint (RFC 7009), if it was given.
    pub revocation_endpoint: Option<Address>,
    /// The introspection endpoint (RFC 7662), if it was given.
    pub introspection_endpoint: Option<Address>,
    /// Where the issuer's keys are (RFC 7517), if that is given.
    pub jwks_uri: Option<Address>,
    /// The client's id; empty where an assertion is brought by nobody in particular (RFC 7523 section 2.1).
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Option<SecretString>,
    /// How the client shows who it is.
    pub client_auth: ClientAuth,
    /// The key that it signs with, for `private_key_jwt`.
    pub client_key: Option<ClientKey>,
    /// How a Basic header is written.
    pub basic_encoding: BasicEncoding,
    /// The scopes to ask for.
    pub scope: Vec<String>,
    /// Further form parameters, `audience` and `resource` among them.
    pub params: Vec<(String, String)>,
    /// The resource owner, for the password grant.
    pub owner: Option<(String, SecretString)>,
    /// The refresh token to begin with, or the value of a static credential.
    pub seed: Option<SecretString>,
    /// What is exchanged, for `token_exchange`.
    pub subject: Option<Subject>,
    /// What sort of token that is, where the pair file says so (RFC 8693 section 3).
    pub subject_type: Option<String>,
    /// The assertion, for `jwt_bearer`.
    pub assertion: Option<Assertion>,
    /// Where the token stands in a request.
    pub placement: Placement,
}

/// The token that is exchanged for another (RFC 8693 section 2.1).
#[derive(Debug, Clone)]
pub enum Subject {
    /// This one.
    Token(SecretString),
    /// The access token of the credential of this name.
    Of(String),
}

/// Where a token stands in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// In a header, behind a word if there is one.
    Header {
        /// The header's name.
        name: String,
        /// The word, e.g. `Bearer` (RFC 6750 section 2.1).
        scheme: Option<String>,
    },
    /// In a query parameter.
    Query(String),
}

impl Credential {
    /// Takes a checked document over.
    pub fn of(name: &str, doc: &CredentialDoc) -> Self {
        let repeated = |key: &str, values: &[String]| -> Vec<(String, String)> {
            values.iter().map(|v| (key.to_owned(), v.clone())).collect()
        };
        let mut params = repeated("audience", &doc.audience.0);
        params.extend(repeated("resource", &doc.resource.0));
        params.extend(doc.params.iter().map(|(k, v)| (k.value.clone(), v.clone())));
        let url = |given: &Option<EndpointUrl>| given.as_ref().map(|url| Address::from(&url.0));
        let secret = |text: &Option<crate::config::SecretText>| text.as_ref().map(|t| t.0.clone());
        Self {
            name: name.to_owned(),
            grant: doc.grant(),
            token_endpoint: url(&doc.token_endpoint),
            issuer: doc.issuer.as_ref().map(Address::from),
            revocation_endpoint: url(&doc.revocation_endpoint),
            introspection_endpoint: url(&doc.introspection_endpoint),
            jwks_uri: url(&doc.jwks_uri),
            client_id: doc.client_id.clone().unwrap_or_default(),
            client_secret: secret(&doc.client_secret),
            client_auth: doc.client_auth.unwrap_or(match doc.is_nobody() {
                true => ClientAuth::None,
                false => ClientAuth::Basic,
            }),
            client_key: doc.client_key.as_ref().map(|pem| ClientKey {
                pem: pem.0.clone(),
                id: doc.client_key_id.clone(),
                alg: doc.client_alg.unwrap_or(ClientAlg::Rs256),
            }),
            basic_encoding: doc.basic_encoding.unwrap_or(BasicEncoding::Form),
            scope: doc.scope.0.clone(),
            params,
            owner: doc.username.clone().zip(secret(&doc.password)),
            seed: secret(&doc.refresh_token).or(secret(&doc.value)),
            subject: secret(&doc.subject_token).map(Subject::Token).or_else(|| {
                doc.subject
                    .as_ref()
                    .map(|name| Subject::Of(name.value.clone()))
            }),
            subject_type: doc.subject_token_type.as_ref().map(|name| name.0.clone()),
            assertion: Assertion::of(doc),
            placement: Placement::of(doc),
        }
    }

    /// An endpoint that the pair file gives.
    pub(super) const fn given(&self, endpoint: Endpoint) -> Option<&Address> {
        match endpoint {
            Endpoint::Token => self.token_endpoint.as_ref(),
            Endpoint::Revocation => self.revocation_endpoint.as_ref(),
            Endpoint::Introspection => self.introspection_endpoint.as_ref(),
            Endpoint::Keys => self.jwks_uri.as_ref(),
        }
    }

    /// What sort of token a subject is: as the pair file says, or by its shape. Choreo takes JWTs as such
    /// only; for any other token the issuer knows best what it is.
    pub(super) fn kind_of(&self, subject: &str) -> String {
        let given = self.subject_type.clone();
        given.unwrap_or_else(|| match shape(subject) {
            TokenShape::Jwt => TokenTypeName::jwt().0,
            TokenShape::Opaque => TokenTypeName::access_token().0,
        })
    }

    /// Whether the client shows who it is by its certificate (RFC 8705 section 2).
    pub(super) const fn by_certificate(&self) -> bool {
        matches!(self.client_auth, ClientAuth::Tls)
    }

    /// Whether its keys can sign.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self) -> Result<(), String> {
        if let Some(key) = &self.client_key {
            key.check()?;
        }
        match &self.assertion {
            Some(Assertion::Signed(key)) => key.check(),
            _ => Ok(()),
        }
    }

    /// Makes its secrets known, so that they are redacted from the first byte of output.
    pub fn register(&self, secrets: &Secrets) {
        let name = |what: &str| format!("{}.{what}", self.name);
        if let Some(secret) = &self.client_secret {
            secrets.add_basic(
                &name("client_secret"),
                &self.client_id,
                secret.expose_secret(),
            );
        }
        if let Some(key) = &self.client_key {
            secrets.add(&name("client_key"), key.pem.expose_secret());
        }
        if let Some((_, password)) = &self.owner {
            secrets.add(&name("password"), password.expose_secret());
        }
        if let Some(Subject::Token(token)) = &self.subject {
            secrets.add(&name("subject_token"), token.expose_secret());
        }
        match &self.assertion {
            Some(Assertion::Given(text)) => secrets.add(&name("assertion"), text.expose_secret()),
            Some(Assertion::Signed(key)) => {
                secrets.add(&name("issuer_key"), key.pem.expose_secret());
            }
            None => {}
        }
        if let Some(seed) = &self.seed {
            let what = match self.grant {
                Grant::RefreshToken => "refresh_token",
                _ => "value",
            };
            secrets.add(&name(what), seed.expose_secret());
        }
    }

    /// What makes two credentials of a side the same: they then share one token, wherever each of
    /// them puts it. Secrets are part of it, as a hash: whoever tests a wrong one beside the right one
    /// must not be given the token of the right one.
    pub fn key(&self) -> String {
        let mut hash = Sha256::new();
        let password = self.owner.as_ref().map(|(_, password)| password);
        let key = self.client_key.as_ref().map(|key| &key.pem);
        let (exchanged, of) = match &self.subject {
            Some(Subject::Token(token)) => (Some(token), ""),
            Some(Subject::Of(name)) => (None, name.as_str()),
            None => (None, ""),
        };
        let (assertion, claims) = self.assertion.as_ref().map(Assertion::key).unzip();
        for secret in [
            self.client_secret.as_ref(),
            password,
            self.seed.as_ref(),
            key,
            exchanged,
            assertion,
        ] {
            let text = secret.map(ExposeSecret::expose_secret);
            hash.update([u8::from(text.is_some())]);
            hash.update(Sha256::digest(text.unwrap_or_default()));
        }
        let mut scope = self.scope.clone();
        scope.sort();
        let endpoint = self.token_endpoint.as_ref().or(self.issuer.as_ref());
        let owner = self.owner.as_ref().map(|(name, _)| name.as_str());
        let own_name = match self.grant {
            Grant::Static | Grant::ApiKey | Grant::None => self.name.as_str(),
            _ => "",
        };
        format!(
            "{}|{}|{}|{}|{}|{}|{:?}|{}|{own_name}|{of}|{:?}|{claims:?}|{:?}",
            endpoint.map_or("", |endpoint| endpoint.url().as_str()),
            self.grant.word(),
            self.client_id,
            self.client_auth.word(),
            self.basic_encoding.word(),
            scope.join(" "),
            self.params,
            owner.unwrap_or_default(),
            self.subject_type,
            hash.finalize(),
        )
    }
}

impl Placement {
    fn of(doc: &CredentialDoc) -> Self {
        let send = doc.send.as_ref();
        let query = send
            .and_then(|send| send.query.clone())
            .or(doc.query.clone());
        if let Some(query) = query {
            return Self::Query(query);
        }
        if let Some(header) = &doc.header {
            return Self::Header {
                name: header.clone(),
                scheme: None,
            };
        }
        let header = send.and_then(|send| send.header.clone());
        let scheme = send.and_then(|send| send.scheme.clone());
        let default_scheme = header.is_none().then(|| "Bearer".to_owned());
        Self::Header {
            name: header.unwrap_or_else(|| "Authorization".to_owned()),
            scheme: scheme.or(default_scheme),
        }
    }
}
