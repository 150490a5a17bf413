//! What makes a credential sound beyond the types of its values.

use secrecy::ExposeSecret as _;

use super::credential::{ClientAuth, CredentialDoc, Grant, SecretText};
use super::header::check_header;
use crate::source::{Cx, Diagnostic, Span, Spanned};

impl CredentialDoc {
    /// Reports what the grant needs and does not have, and what it has and cannot use.
    pub fn check(&self, name: &Spanned<String>, cx: &mut Cx<'_>) {
        let grant = self.grant();
        let have = self.given();
        let (needed, own, client) = keys_of(grant);
        let usable = |key: &&str| {
            needed.contains(key) || own.contains(key) || (client && CLIENT.contains(key))
        };
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
        for key in have.iter().filter(|key| !usable(key)) {
            cx.report::<()>(problem(
                cx,
                name.span,
                grant,
                name,
                &format!("has no use for `{key}`"),
            ));
        }
        if client && self.issuer.is_none() && self.token_endpoint.is_none() {
            let what = "needs `token_endpoint`, or `issuer` to find it by its metadata";
            cx.report::<()>(problem(cx, name.span, grant, name, what));
        }
        if grant == Grant::ApiKey && self.header.is_some() == self.query.is_some() {
            let what = "needs one of `header` and `query`";
            cx.report::<()>(problem(cx, name.span, grant, name, what));
        }
        self.check_choices(name, cx);
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
        if client
            && !self.is_nobody()
            && let Some(what) = self.client_misfit()
        {
            cx.report::<()>(problem(cx, name.span, grant, name, what));
        }
    }

    /// Reports a grant that begins with one of two things, and has none of them or both.
    fn check_choices(&self, name: &Spanned<String>, cx: &mut Cx<'_>) {
        let grant = self.grant();
        let what = match grant {
            Grant::TokenExchange if self.subject_token.is_some() == self.subject.is_some() => {
                "needs one of `subject_token` and `subject` (the name of a credential)"
            }
            Grant::JwtBearer if self.assertion.is_some() == self.issuer_key.is_some() => {
                "needs one of `assertion` and `issuer_key` (a private key in PEM: ${file:key.pem})"
            }
            Grant::JwtBearer if self.issuer_key.is_some() && self.client_id.is_none() => {
                "needs `client_id`: the issuer of the assertion"
            }
            Grant::JwtBearer if self.issuer_key.is_some() && self.sub.is_none() => {
                "needs `sub`: of whom the assertion speaks"
            }
            Grant::JwtBearer
                if self.assertion.is_some() && (self.sub.is_some() || self.aud.is_some()) =>
            {
                "has no use for `sub` and `aud` beside `assertion`, which says them"
            }
            _ => return,
        };
        cx.report::<()>(problem(cx, name.span, grant, name, what));
    }

    /// Whether it asks as no client at all, which an assertion allows (RFC 7523 section 2.1): no key of a client is
    /// given.
    pub fn is_nobody(&self) -> bool {
        self.grant() == Grant::JwtBearer
            && self.client_id.is_none()
            && self.client_auth.unwrap_or(ClientAuth::None) == ClientAuth::None
            && self.client_secret.is_none()
            && self.client_key.is_none()
    }

    /// What the client authentication needs and does not have, or has and cannot use.
    fn client_misfit(&self) -> Option<&'static str> {
        let (secret, key) = (self.client_secret.is_some(), self.client_key.is_some());
        if self.client_id.is_none() && self.grant() == Grant::JwtBearer {
            return Some("needs `client_id` beside what its client shows who it is with");
        }
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
    fn texts(&self) -> [(&'static str, Option<&str>); 11] {
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
            ("subject_token", secret(self.subject_token.as_ref())),
            ("assertion", secret(self.assertion.as_ref())),
            ("issuer_key", secret(self.issuer_key.as_ref())),
            ("sub", self.sub.as_deref()),
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
            ("subject_token", self.subject_token.is_some()),
            ("subject", self.subject.is_some()),
            ("subject_token_type", self.subject_token_type.is_some()),
            ("assertion", self.assertion.is_some()),
            ("issuer_key", self.issuer_key.is_some()),
            ("sub", self.sub.is_some()),
            ("aud", self.aud.is_some()),
            ("value", self.value.is_some()),
            ("header", self.header.is_some()),
            ("query", self.query.is_some()),
        ];
        let given = all.into_iter().filter(|(_, given)| *given);
        given.map(|(key, _)| key).collect()
    }
}

/// The keys that every grant with a client can use.
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

/// The keys that a grant needs, those that it can use, and whether it has a client.
const fn keys_of(grant: Grant) -> (&'static [&'static str], &'static [&'static str], bool) {
    match grant {
        Grant::ClientCredentials => (&["client_id"], &[], true),
        Grant::RefreshToken => (&["client_id", "refresh_token"], &[], true),
        Grant::Password => (&["client_id", "username", "password"], &[], true),
        Grant::TokenExchange => (
            &["client_id"],
            &["subject_token", "subject", "subject_token_type"],
            true,
        ),
        // The client is optional beside an assertion (RFC 7523 section 2.1).
        Grant::JwtBearer => (
            &[],
            &["client_id", "assertion", "issuer_key", "sub", "aud"],
            true,
        ),
        Grant::Static => (&["value"], &["send", "issuer", "jwks_uri"], false),
        Grant::ApiKey => (&["value"], &["header", "query"], false),
        Grant::None => (&[], &[], false),
    }
}

fn problem(cx: &Cx<'_>, at: Span, grant: Grant, name: &str, what: &str) -> Diagnostic {
    let message = format!("the credential `{name}` ({}) {what}", grant.word());
    Diagnostic::error(cx.source, at, message)
}
