//! Token answers that can be bent, and what is found of them.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::config::{Grant, PairInput};
use crate::message::{Headers, Request, Response};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Severity};
use crate::token::TokenAnswer;
use crate::token::acquire::Acquired;
use crate::token::compare::{Answered, compare_answers};
use crate::token::credential::Credential;

pub(super) const NOW: i64 = 1_795_000_000;
pub(super) const OPAQUE: &str = "1fa22cef-c791-3105-9ac4-58511c199aa0";

/// An answer that can be bent.
#[derive(Clone)]
pub(super) struct Bent {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: String,
    pub(super) asked: &'static str,
    pub(super) grant: Grant,
    pub(super) meant: bool,
    pub(super) longest: Option<u32>,
    pub(super) strict: Option<&'static str>,
}

impl Bent {
    pub(super) fn good(body: &Value) -> Self {
        let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
        Self {
            status: 200,
            headers: vec![
                header("cache-control", "no-store"),
                header("content-type", "application/json;charset=UTF-8"),
            ],
            body: body.to_string(),
            asked: "",
            grant: Grant::ClientCredentials,
            meant: false,
            longest: None,
            strict: None,
        }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        let mut headers = Headers(self.headers);
        headers.set(name, value.as_bytes());
        self.headers = headers.0;
        self
    }

    pub(super) fn acquired(&self) -> Acquired {
        let headers = Headers(self.headers.clone());
        let response = Response::plain(self.status, headers, self.body.clone().into());
        Acquired {
            request: Request {
                method: "POST".into(),
                url: String::new(),
                headers: Headers::default(),
                body: self.asked.into(),
            },
            answer: TokenAnswer::read(&response, &crate::redact::Secrets::new()),
            response,
            strict: self.strict.map(str::to_owned),
            took: Duration::ZERO,
            at: NOW,
        }
    }
}

pub(super) fn usual() -> Value {
    json!({ "access_token": OPAQUE, "token_type": "Bearer", "expires_in": 3600, "scope": "b a" })
}

pub(super) fn credential() -> Credential {
    let text = "old:\n  url: http://a.test\n  tokens: { app: { client_id: me, client_secret: a-long-secret, \
                token_endpoint: 'http://a.test/t', scope: a b } }\nnew: { url: 'http://b.test' }\n";
    let file = Some(("cutover.yaml".into(), text.to_owned()));
    let input = PairInput {
        file,
        urls: None,
        environment: None,
    };
    let pair = crate::config::load_pair(input, &|_| None).unwrap();
    Credential::of("app", pair.doc.old.tokens.get("app").unwrap())
}

pub(super) fn compared(old: &Bent, new: &Bent) -> Vec<Difference> {
    let credential = credential();
    let acquired = Pair::new(old.acquired(), new.acquired());
    let bent = Pair::new(old, new);
    compare_answers(acquired.as_ref().map_sides(|side, acquired| Answered {
        acquired,
        credential: &credential,
        grant: bent[side].grant,
        signature: None,
        introspected: None,
        longest: bent[side].longest,
        shape_meant: bent[side].meant,
    }))
}

pub(super) type Found = (String, String, Kind, Severity);

pub(super) fn found(old: &Bent, new: &Bent) -> Vec<Found> {
    let all = compared(old, new).into_iter();
    all.map(|d| (d.check.unwrap_or_default(), d.path, d.kind, d.severity))
        .collect()
}

pub(super) fn one(check: &str, path: &str, kind: Kind, severity: Severity) -> Vec<Found> {
    vec![(check.to_owned(), path.to_owned(), kind, severity)]
}

/// What is found where a member of the usual answer is another, or gone (`Null` stands for that).
pub(super) fn changed(name: &str, value: Value) -> Vec<Found> {
    let mut body = usual();
    match value {
        Value::Null => {
            body.as_object_mut().unwrap().remove(name);
        }
        value => body[name] = value,
    }
    found(&Bent::good(&usual()), &Bent::good(&body))
}

pub(super) fn jwt(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "alg": "RS256", "typ": "at+jwt", "kid": "a" });
    format!("{}.{}.{}", part(&header), part(claims), "c2ln".repeat(170))
}

pub(super) fn claims() -> Value {
    json!({ "iss": "https://sts.example.dev", "aud": "api", "sub": "me", "client_id": "me",
            "jti": "1fa22cef-c791-3105-9ac4-58511c199aa0", "exp": NOW + 3600, "iat": NOW, "scope": "a b" })
}
pub(super) fn refusal(status: u16, body: &str) -> Bent {
    Bent {
        status,
        body: body.to_owned(),
        ..Bent::good(&Value::Null)
    }
}
