//! The gateway of a double: from a request to the answer of a route, of the backend, or of itself.

mod auth;
mod cors;
mod faults;
mod throttle;

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use crate::message::Headers;
use crate::mock::answer::{Answer, Call};
use crate::mock::backend::Backend;
use crate::mock::document::{FaultStyle, GatewayDoc, RouteDoc, Situation, WrongMethod};
use crate::mock::gateway::faults::{Filling, Layer};
use crate::mock::gateway::throttle::Throttle;
use crate::mock::json::Json;
use crate::mock::token::TokenServer;
use crate::source::Entries;

/// A route and the bytes of its body, where it has one of its own.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    /// As it stands in the file.
    pub(crate) doc: RouteDoc,
    /// Its body and the media type that goes with it.
    pub(crate) body: Option<(&'static str, Bytes)>,
}

/// A running gateway.
pub(crate) struct Gateway {
    doc: Option<GatewayDoc>,
    base: String,
    style: FaultStyle,
    routes: Vec<Route>,
    backend: Option<Arc<Backend>>,
    throttle: Throttle,
}

impl Gateway {
    /// A gateway in front of its routes and its backend.
    pub(crate) fn new(
        doc: Option<GatewayDoc>,
        routes: Vec<Route>,
        backend: Option<Arc<Backend>>,
    ) -> Self {
        let base = doc.as_ref().and_then(|doc| doc.base.as_ref());
        Self {
            base: base.map(|base| base.value.clone()).unwrap_or_default(),
            style: doc
                .as_ref()
                .and_then(|doc| doc.faults)
                .unwrap_or(FaultStyle::Plain),
            doc,
            routes,
            backend,
            throttle: Throttle::default(),
        }
    }

    /// The base path of its API.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The path below the base path, where there is one.
    pub(crate) fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        match path.strip_prefix(self.base.as_str())? {
            "" => Some("/"),
            below => below.starts_with('/').then_some(below),
        }
    }

    /// Answers a request. `origin` is the scheme and host that the consumer called.
    pub(crate) fn answer(
        &self,
        call: &Call,
        origin: &str,
        tokens: Option<&TokenServer>,
        now: i64,
    ) -> Answer {
        let mut answer = match self.below(&call.path) {
            None => self.fault(Situation::NoApi, call, ""),
            Some(below) => {
                let inner = Call {
                    path: below.to_owned(),
                    ..call.clone()
                };
                self.route(&inner, origin, tokens, now)
            }
        };
        if let Some(doc) = &self.doc {
            add(&doc.headers, &mut answer.headers);
        }
        answer
    }

    fn route(&self, call: &Call, origin: &str, tokens: Option<&TokenServer>, now: i64) -> Answer {
        let cors = self.doc.as_ref().and_then(|doc| doc.cors.as_ref());
        let declared = self.declared(&call.path);
        if let Some(preflight) = cors.and_then(|cors| cors::preflight(cors, call, &declared)) {
            return preflight;
        }
        let mut answer = if declared.is_empty() {
            self.fault(Situation::NoResource, call, "")
        } else if !self.declares(call) {
            cors.and_then(|cors| cors::options(cors, call, &declared))
                .unwrap_or_else(|| self.fault(Situation::WrongMethod, call, ""))
        } else {
            self.admitted(call, origin, tokens, now)
        };
        if let Some(cors) = cors {
            cors::decorate(cors, call, &mut answer);
        }
        answer
    }

    /// Credentials come before limits: a refused request does not count.
    fn admitted(
        &self,
        call: &Call,
        origin: &str,
        tokens: Option<&TokenServer>,
        now: i64,
    ) -> Answer {
        let rule = self.rule(call);
        if let (Some(tokens), Some(_)) = (tokens, &self.doc) {
            let scope = rule.and_then(|route| route.doc.scope.as_deref());
            let header = call.headers.text("authorization");
            let checked = auth::check(self.style, header.as_deref(), scope, tokens, now);
            if let Err(refused) = checked {
                return self.fault(refused.situation, call, &refused.token);
            }
        }
        let limit = self.doc.as_ref().and_then(|doc| doc.throttle.as_ref());
        let count = limit.and_then(|limit| self.throttle.count(limit, call, now));
        let mut answer = match count {
            Some(count) if count.over => self.fault(Situation::Throttled, call, ""),
            _ => self.served(rule, call, origin),
        };
        if let Some(count) = count {
            count.tell(self.style, now, &mut answer);
        }
        answer
    }

    fn served(&self, rule: Option<&Route>, call: &Call, origin: &str) -> Answer {
        let Some(route) = rule else {
            return self.passed(call, origin);
        };
        let doc = &route.doc;
        let mut answer = match (&doc.fault, &route.body, doc.status) {
            (Some(situation), _, _) => self.fault(situation.value, call, ""),
            (None, Some((media_type, body)), status) => {
                Answer::of(status.unwrap_or(200), media_type, body.clone())
            }
            (None, None, Some(status)) => Answer::empty(status),
            (None, None, None) => self.passed(call, origin),
        };
        for (name, value) in doc.headers.iter() {
            answer.headers.set(name, value.as_bytes());
        }
        answer.delay = doc.delay.unwrap_or_default().0;
        answer.raw = doc.raw;
        answer
    }

    /// The backend's answer; an empty 200 where there is no backend.
    fn passed(&self, call: &Call, origin: &str) -> Answer {
        let Some(backend) = &self.backend else {
            return Answer::empty(200);
        };
        let mut seen = call.clone();
        seen.headers.remove("authorization");
        if let Some(doc) = &self.doc {
            add(&doc.backend_headers, &mut seen.headers);
        }
        let address = format!("{origin}{}", self.base);
        backend
            .answer(&seen, &address)
            .unwrap_or_else(|| self.fault(Situation::NoResource, call, ""))
    }

    /// The first route of the file for a request.
    fn rule(&self, call: &Call) -> Option<&Route> {
        self.routes
            .iter()
            .find(|route| route.doc.request.matches(&call.method, &call.path))
    }

    /// The methods of a path, those of the file first.
    fn declared<'a>(&'a self, path: &'a str) -> Vec<&'a str> {
        let own = self.routes.iter().map(|route| &route.doc.request.value);
        let mut methods: Vec<&str> = own
            .filter(|pattern| pattern.parts(path).is_some())
            .chain(
                self.backend
                    .iter()
                    .flat_map(|backend| backend.operations_at(path)),
            )
            .map(crate::mock::pattern::Pattern::method)
            .collect();
        let mut seen = Vec::new();
        methods.retain(|method| {
            let first = !seen.contains(method);
            seen.push(*method);
            first
        });
        methods
    }

    fn declares(&self, call: &Call) -> bool {
        self.rule(call).is_some()
            || self.backend.as_ref().is_some_and(|backend| {
                backend
                    .operations_at(&call.path)
                    .any(|pattern| pattern.allows(&call.method))
            })
    }

    fn fault(&self, situation: Situation, call: &Call, token: &str) -> Answer {
        let doc = self.doc.as_ref();
        let text = doc.and_then(|doc| doc.texts.get(situation.word()));
        let filling = Filling {
            base: &self.base,
            path: &call.path,
            token,
        };
        let mut answer = faults::fault(self.style, situation, text, call, filling);
        if situation == Situation::WrongMethod {
            match doc.and_then(|doc| doc.wrong_method) {
                Some(WrongMethod::NotFound) => answer.status = 404,
                Some(WrongMethod::NotAllowed) => answer.status = 405,
                None => {}
            }
        }
        if let (Some(doc), Layer::Security) = (doc, situation.layer()) {
            add(&doc.refusal_headers, &mut answer.headers);
            let challenged = self.style == FaultStyle::ChoreoJson || answer.status == 401;
            if let (Some(challenge), true) = (&doc.challenge, challenged) {
                answer.headers.set("WWW-Authenticate", challenge.as_bytes());
            }
        }
        answer
    }
}

/// Sets headers of the file; `{uuid}` becomes a new UUID.
fn add(from: &Entries<String>, to: &mut Headers) {
    for (name, value) in from.iter() {
        let value = value.replace("{uuid}", &Uuid::new_v4().to_string());
        to.set(name, value);
    }
}

impl Route {
    /// The body that a route's own keys give it.
    pub(crate) fn new(doc: RouteDoc, file: Option<Vec<u8>>) -> Self {
        let body = match (&doc.json, &doc.text, file) {
            (Some(json), _, _) => Some((
                "application/json",
                Bytes::from(Json::from(&json.value).to_string()),
            )),
            (None, Some(text), _) => {
                Some(("text/plain; charset=utf-8", Bytes::from(text.value.clone())))
            }
            (None, None, Some(bytes)) => Some(("application/octet-stream", Bytes::from(bytes))),
            (None, None, None) => None,
        };
        Self { doc, body }
    }
}
