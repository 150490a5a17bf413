//! The other endpoints of a token server: revocation, introspection, the key set.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::mock::answer::{Answer, Call};
use crate::mock::document::WrongMethod;
use crate::mock::json::{Json, object};
use crate::mock::token::browsers;
use crate::mock::token::client::{Form, authenticate};
use crate::mock::token::jwt::Signer;
use crate::mock::token::refusal::{Family, Refusal, error_answer, uncached};
use crate::mock::token::{Standing, TokenServer};
use crate::source::Spanned;

/// What the newer family says of a token that it cannot revoke; JSON under `text/html`.
const NOT_REVOKED: &str = r#"{"error_description":"Error occurred while revoking authorization grant for applications","error":"server_error"}"#;

/// What API Manager's gateway says where its key manager cannot be reached.
const UNREACHABLE: &str = "<am:fault xmlns:am=\"http://wso2.org/apimanager\"><am:code>101503</am:code><am:type>Status report</am:type><am:message>Runtime Error</am:message><am:description>Error connecting to the back end</am:description></am:fault>";

type Endpoint = fn(&TokenServer, &Call, i64) -> Answer;

impl TokenServer {
    /// The answer, where the path is one of this server's.
    pub(crate) fn answer(&self, call: &Call, now: i64) -> Option<Answer> {
        match self.twin_of(call) {
            Some(inner) if inner.method == "OPTIONS" => Some(browsers::preflight()),
            Some(inner) => self.at_endpoint(&inner, now).map(browsers::allowed),
            None => self.at_endpoint(call, now),
        }
    }

    fn at_endpoint(&self, call: &Call, now: i64) -> Option<Answer> {
        let is = |path: &Option<Spanned<String>>| {
            path.as_ref().is_some_and(|path| path.value == call.path)
        };
        if is(&self.doc.jwks) {
            return Some(Answer::of(200, "application/json", self.keys()?));
        }
        let endpoint: Endpoint = if call.path == self.doc.path.value {
            Self::grant
        } else if is(&self.doc.revoke) {
            Self::revoke
        } else if is(&self.doc.introspect) {
            Self::introspect
        } else {
            return None;
        };
        if self.doc.down {
            return Some(self.unreachable());
        }
        if call.method != "POST" {
            return Some(match self.doc.wrong_method {
                Some(WrongMethod::NotFound) => Answer::empty(404),
                _ => Answer::empty(405).with("Allow", "POST"),
            });
        }
        Some(endpoint(self, call, now))
    }

    /// The key set. A server has keys also while its tokens are opaque: what reads them when it starts must not
    /// fail for that.
    fn keys(&self) -> Option<String> {
        match &self.signer {
            Some(signing) => Some(signing.signer().jwks().to_owned()),
            None => Some(Signer::builtin().ok()?.jwks().to_owned()),
        }
    }

    /// What is said where the key manager cannot be reached: API Manager's own fault in XML, as of
    /// `_token_fault_.xml` of product-apim, and no OAuth error.
    fn unreachable(&self) -> Answer {
        match self.family {
            Family::Wso2 => Answer::of(500, "application/xml; charset=UTF-8", UNREACHABLE),
            Family::Asgardeo => error_answer(502, "server_error", "Service Unavailable Error."),
        }
    }

    /// Revocation (RFC 7009); the older family calls a function of a page where it is told which.
    fn revoke(&self, call: &Call, now: i64) -> Answer {
        let answer = self.revocation(call, now);
        let form = Form::read(call).unwrap_or_default();
        match form.get("callback") {
            Some(callback) if self.family == Family::Wso2 => called(callback, answer),
            _ => answer,
        }
    }

    fn revocation(&self, call: &Call, now: i64) -> Answer {
        let host = call.headers.text("host").unwrap_or_default();
        let refused = |refusal: Refusal| refusal.answer(self.family, &host);
        let form = match Form::read(call) {
            Ok(form) => form,
            Err(refusal) => return refused(refusal),
        };
        let client = match authenticate(call, &form, &self.doc) {
            Ok(client) => client.id.clone(),
            Err(refusal) => return refused(refusal),
        };
        let Some(token) = form.get("token") else {
            return error_answer(400, "invalid_request", "Invalid revocation request");
        };
        let mut store = self.store();
        let found = match (store.access(token), store.refresh(token)) {
            (Some(access), _) => Some((
                access.grant.clone(),
                token.to_owned(),
                access.refresh.clone(),
            )),
            (None, Some(refresh)) => Some((
                refresh.grant.clone(),
                refresh.access.clone(),
                Some(token.to_owned()),
            )),
            (None, None) => None,
        };
        if self.doc.unrevocable && store.access(token).is_some() {
            let text = "Access tokens are not revoked; they end by themselves.";
            return error_answer(400, "unsupported_token_type", text);
        }
        let Some((grant, access, refresh)) = found else {
            return self.not_revoked();
        };
        if grant.client != client {
            return error_answer(401, "unauthorized_client", "Client Authentication failed.");
        }
        match self.doc.revocation_lag {
            Some(lag) => store.end_at(&access, now.saturating_add_unsigned(lag.0.as_secs())),
            None => store.revoke(&access),
        }
        if let Some(refresh) = &refresh {
            store.end_refresh(refresh);
        }
        let user = grant.user.unwrap_or(grant.client);
        self.revoked(&access, refresh.as_deref(), &user)
    }

    fn not_revoked(&self) -> Answer {
        match self.family {
            Family::Wso2 => uncached(html("")),
            Family::Asgardeo => {
                let mut answer = html(NOT_REVOKED);
                answer.status = 400;
                answer
            }
        }
    }

    fn revoked(&self, access: &str, refresh: Option<&str>, user: &str) -> Answer {
        let user = match self.family {
            Family::Wso2 => user.to_owned(),
            Family::Asgardeo => format!("{}@carbon.super", super::jwt::stable_uuid(user)),
        };
        let mut answer = html("");
        if self.family == Family::Asgardeo {
            let cookie = format!(
                "apim={}; Path=/oauth2; Secure; HttpOnly",
                Uuid::new_v4().simple()
            );
            answer = answer
                .with("Set-Cookie", cookie)
                .with("X-Frame-Options", "DENY")
                .with("X-Content-Type-Options", "nosniff")
                .with("X-XSS-Protection", "1; mode=block")
                .with(
                    "Strict-Transport-Security",
                    "max-age=15724800; includeSubDomains",
                );
        }
        answer = uncached(answer)
            .with("RevokedAccessToken", access)
            .with("AuthorizedUser", user);
        match refresh {
            Some(refresh) => answer.with("RevokedRefreshToken", refresh),
            None => answer,
        }
    }

    /// Introspection (RFC 7662).
    fn introspect(&self, call: &Call, now: i64) -> Answer {
        let host = call.headers.text("host").unwrap_or_default();
        let form = match Form::read(call) {
            Ok(form) => form,
            Err(refusal) => return refusal.answer(self.family, &host),
        };
        if let Err(refusal) = authenticate(call, &form, &self.doc) {
            return refusal.answer(self.family, &host);
        }
        let Some(token) = form.get("token") else {
            return error_answer(400, "invalid_request", "Missing parameters: token");
        };
        let store = self.store();
        let body = match (store.standing(token, now), store.access(token)) {
            (Standing::Live(scope), Some(access)) => with_claims(
                token,
                object! {
                    "active" => true,
                    "scope" => scope,
                    "client_id" => access.grant.client.as_str(),
                    "username" => access.grant.user.as_deref().unwrap_or(&access.grant.client),
                    "token_type" => "Bearer",
                    "exp" => Json::number(access.expires),
                    "iat" => Json::number(access.issued),
                },
            ),
            _ => object! { "active" => false },
        };
        Answer::json(200, &body)
    }
}

/// What introspection tells of the claims of a JWT beside (`IntrospectionResponse.java` of
/// identity-inbound-auth-oauth).
fn with_claims(token: &str, mut told: Json) -> Json {
    let claims = token.split('.').nth(1);
    let claims = claims.and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let claims = claims.and_then(|bytes| Json::parse(&String::from_utf8(bytes).ok()?));
    for name in ["nbf", "aud", "iss", "jti", "sub"] {
        if let Some(claim) = claims.as_ref().and_then(|claims| claims.get(name)) {
            told.set(name, claim.clone());
        }
    }
    told
}

/// The answer as a script that calls a function of the page with it (`OAuthRevocationEndpoint` of
/// identity-inbound-auth-oauth).
fn called(callback: &str, mut answer: Answer) -> Answer {
    let script = [callback.as_bytes(), b"(", &answer.body, b");"].concat();
    answer.body = script.into();
    answer.headers.set("Content-Type", "application/javascript");
    answer
}

fn html(body: &'static str) -> Answer {
    Answer::of(200, "text/html", body)
}
