//! The gateway of a double: from a request to the answer of a route, of the backend, or of itself.

mod auth;
mod behind;
mod cors;
mod faults;
mod limits;
mod refusing;
mod route;
mod throttle;

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use uuid::Uuid;

use crate::message::Headers;
use crate::mock::answer::{Answer, Call};
use crate::mock::backend::Backend;
use crate::mock::document::{FaultStyle, GatewayDoc, Situation, ThrottleDoc};
use crate::mock::gateway::auth::{Needs, Refused};
use crate::mock::gateway::throttle::Throttle;
use crate::mock::habits::{Certificates, PlainHttp, TrailingSlash};
use crate::mock::token::TokenServer;
use crate::source::Entries;

pub(crate) use crate::mock::gateway::route::Route;

/// A running gateway.
pub(crate) struct Gateway {
    doc: Option<GatewayDoc>,
    base: String,
    style: FaultStyle,
    routes: Vec<Route>,
    backend: Option<Arc<Backend>>,
    throttles: Vec<(ThrottleDoc, Throttle)>,
    /// The second, since 1970, until which the backend is left alone.
    suspended: Mutex<i64>,
}

/// A request, and what the gateway knows beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit<'a> {
    /// The request.
    pub(crate) call: &'a Call,
    /// The scheme and host that the consumer called.
    pub(crate) origin: &'a str,
    /// Whether the connection showed a client certificate.
    pub(crate) certificate: bool,
    /// Refusals that do not happen.
    pub(crate) admit: &'a [Situation],
    /// Seconds since 1970.
    pub(crate) now: i64,
}

impl Visit<'_> {
    fn refuses(&self, situation: Situation) -> bool {
        !self.admit.contains(&situation)
    }
}

impl Gateway {
    /// A gateway in front of its routes and its backend.
    pub(crate) fn new(
        doc: Option<GatewayDoc>,
        routes: Vec<Route>,
        backend: Option<Arc<Backend>>,
    ) -> Self {
        let base = doc.as_ref().and_then(|doc| doc.base.as_ref());
        let throttles = doc.as_ref().and_then(|doc| doc.throttle.as_ref());
        let throttles = throttles.map_or(&[][..], |all| &all.0);
        Self {
            base: base.map(|base| base.value.clone()).unwrap_or_default(),
            style: doc
                .as_ref()
                .and_then(|doc| doc.faults)
                .unwrap_or(FaultStyle::Plain),
            throttles: throttles
                .iter()
                .map(|doc| (doc.clone(), Throttle::default()))
                .collect(),
            doc,
            routes,
            backend,
            suspended: Mutex::new(0),
        }
    }

    /// The base path of its API.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The base path that a path stands below, and the rest: its own base first, then the others.
    fn split<'a>(&'a self, path: &'a str) -> Option<(&'a str, &'a str)> {
        let others = self.doc.iter().flat_map(|doc| &doc.also_at);
        let others = others.map(|base| base.value.as_str());
        std::iter::once(self.base.as_str())
            .chain(others)
            .find_map(|base| match path.strip_prefix(base)? {
                "" => Some((base, "/")),
                below => below.starts_with('/').then_some((base, below)),
            })
    }

    /// The path below the base path, where there is one.
    pub(crate) fn below<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        self.split(path).map(|(_, below)| below)
    }

    /// The answer to a request that came without TLS, where such are not served.
    pub(crate) fn without_tls(&self, call: &Call) -> Option<Answer> {
        Some(match self.doc.as_ref()?.plain_http? {
            PlainHttp::Refused => Answer::empty(403),
            PlainHttp::Redirected => {
                let host = call.headers.text("host").unwrap_or_default();
                let query = match call.query.as_str() {
                    "" => String::new(),
                    query => format!("?{query}"),
                };
                let place = format!("https://{host}{}{query}", call.path);
                Answer::empty(308).with("Location", place)
            }
        })
    }

    /// Answers a request.
    pub(crate) fn answer(&self, visit: Visit<'_>, tokens: Option<&TokenServer>) -> Answer {
        let call = visit.call;
        let limits = self.doc.as_ref().and_then(|doc| doc.limits.as_ref());
        let exceeded = limits.and_then(|limits| limits::exceeded(limits, call));
        let merged = self.merged(&call.path);
        let mut answer = match (exceeded, self.split(&merged)) {
            (Some(situation), _) => self.fault(situation, call, ""),
            (None, None) => self.outside(visit, tokens),
            (None, Some((base, below))) => {
                let inner = Call {
                    path: below.to_owned(),
                    ..call.clone()
                };
                let address = format!("{}{base}", visit.origin);
                let visit = Visit {
                    call: &inner,
                    origin: &address,
                    ..visit
                };
                self.route(visit, tokens)
            }
        };
        if let Some(doc) = &self.doc {
            add(&doc.headers, &mut answer.headers);
        }
        answer
    }

    /// The path, with one slash where several follow each other, if the file says so.
    fn merged<'a>(&self, path: &'a str) -> Cow<'a, str> {
        let merges = self.doc.as_ref().is_some_and(|doc| doc.merge_slashes);
        if !merges || !path.contains("//") {
            return Cow::Borrowed(path);
        }
        let mut letters: Vec<char> = path.chars().collect();
        letters.dedup_by(|next, before| *next == '/' && *before == '/');
        Cow::Owned(letters.into_iter().collect())
    }

    /// What stands outside the base path: routes of the file that say so.
    fn outside(&self, visit: Visit<'_>, tokens: Option<&TokenServer>) -> Answer {
        match self.rule(visit.call, true) {
            Some(_) => self.admitted(visit, tokens, true),
            None => self.fault(Situation::NoApi, visit.call, ""),
        }
    }

    fn route(&self, visit: Visit<'_>, tokens: Option<&TokenServer>) -> Answer {
        let call = visit.call;
        let cors = self.doc.as_ref().and_then(|doc| doc.cors.as_ref());
        let declared = self.declared(&call.path);
        if let Some(preflight) = cors.and_then(|cors| cors::preflight(cors, call, &declared)) {
            return preflight;
        }
        let mut answer = if declared.is_empty() || self.has_foreign_slash(&call.path) {
            self.fault(Situation::NoResource, call, "")
        } else if !self.declares(call) {
            cors.and_then(|cors| cors::options(cors, call, &declared))
                .unwrap_or_else(|| self.fault(Situation::WrongMethod, call, ""))
        } else {
            self.admitted(visit, tokens, false)
        };
        if let Some(cors) = cors {
            cors::decorate(cors, call, &mut answer);
        }
        answer
    }

    /// Whether a slash at the end makes it another path.
    fn has_foreign_slash(&self, path: &str) -> bool {
        let doc = self.doc.as_ref();
        let strict = doc.and_then(|doc| doc.trailing_slash) == Some(TrailingSlash::Strict);
        strict && path.len() > 1 && path.ends_with('/')
    }

    /// Credentials come before limits: a refused request does not count.
    fn admitted(&self, visit: Visit<'_>, tokens: Option<&TokenServer>, outside: bool) -> Answer {
        let Visit { call, now, .. } = visit;
        let rule = self.rule(call, outside);
        if let Err(refused) = self.checked(rule, visit, tokens) {
            return self.fault(refused.situation, call, &refused.token);
        }
        let limits = self.throttles.iter();
        let count = limits
            .filter_map(|(doc, throttle)| throttle.count(doc, call, now))
            .reduce(|first, next| if first.over { first } else { next });
        let mut answer = match count {
            Some(count) if count.over && visit.refuses(Situation::Throttled) => {
                self.throttled(&count, call)
            }
            _ => self.served(rule, visit),
        };
        if let Some(count) = count {
            count.tell(self.style, now, &mut answer);
        }
        answer
    }

    /// The check of the credential, with the scope that the route needs.
    fn checked(
        &self,
        rule: Option<&Route>,
        visit: Visit<'_>,
        tokens: Option<&TokenServer>,
    ) -> Result<(), Refused> {
        let (Some(tokens), Some(doc)) = (tokens, &self.doc) else {
            return Ok(());
        };
        let header = visit.call.headers.text("authorization");
        let enough = doc.certificates == Some(Certificates::Enough) && visit.certificate;
        if rule.is_some_and(|route| route.doc.open) || enough && header.is_none() {
            return Ok(());
        }
        let scope = rule.and_then(|route| route.doc.scope.as_deref());
        let needs = Needs {
            scope,
            environment: doc.environment.as_deref(),
            issuers: &doc.issuers,
        };
        let checked = auth::check(self.style, header.as_deref(), needs, tokens, visit.now);
        match checked {
            Err(refused) if visit.refuses(refused.situation) => Err(refused),
            _ => Ok(()),
        }
    }

    fn served(&self, rule: Option<&Route>, visit: Visit<'_>) -> Answer {
        let Some(route) = rule else {
            return self.passed(visit);
        };
        let doc = &route.doc;
        let mut answer = match (&doc.fault, &route.body, doc.status) {
            (Some(situation), _, _) => self.faulted(situation.value, visit),
            (None, Some((media_type, body)), status) => {
                Answer::of(status.unwrap_or(200), media_type, body.clone())
            }
            (None, None, Some(status)) => Answer::empty(status),
            (None, None, None) => self.passed(visit),
        };
        for (name, value) in doc.headers.iter() {
            answer.headers.set(name, value.as_bytes());
        }
        if let Some(delay) = doc.delay {
            answer.delay = delay.0;
        }
        answer.raw = doc.raw;
        answer
    }

    /// The first route of the file for a request, below the base path or outside it.
    fn rule(&self, call: &Call, outside: bool) -> Option<&Route> {
        let mut routes = self.routes.iter();
        routes.find(|route| {
            route.doc.outside == outside && route.doc.request.matches(&call.method, &call.path)
        })
    }

    /// The methods of a path, those of the file first.
    fn declared<'a>(&'a self, path: &'a str) -> Vec<&'a str> {
        let own = self.routes.iter().filter(|route| !route.doc.outside);
        let own = own.map(|route| &route.doc.request.value);
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
        self.rule(call, false).is_some()
            || self.backend.as_ref().is_some_and(|backend| {
                backend
                    .operations_at(&call.path)
                    .any(|pattern| pattern.allows(&call.method))
            })
    }
}

/// Sets headers of the file; `{uuid}` becomes a new UUID.
fn add(from: &Entries<String>, to: &mut Headers) {
    for (name, value) in from.iter() {
        let value = value.replace("{uuid}", &Uuid::new_v4().to_string());
        to.set(name, value);
    }
}
