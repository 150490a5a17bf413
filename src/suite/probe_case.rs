//! Probe cases: their settings checked, their credential looked at.

use std::time::Duration;

use url::Url;

use super::body_keys::BodyKeys;
use super::compile::Compiler;
use super::doc::{CaseDoc, SideDoc};
use super::model::Action;
use super::with::WithDoc;
use crate::config::{CredentialDoc, Grant, TimeSpan};
use crate::pair::Side;
use crate::probe::{CorsAsk, Forge, Grow, LARGEST_LIMIT, Probe, ProbeName, RefreshUse};
use crate::request_line::RequestLine;
use crate::source::{Diagnostic, Spanned, nearest};

/// The smallest limit of a quota: a fifth of it must be a whole request.
const SMALLEST_LIMIT: u32 = 5;
/// The longest window of a quota: a probe waits for its end.
const LONGEST_WINDOW: Duration = Duration::from_secs(300);
/// A revoked token is looked at once before, and once after.
const SHORTEST_LOOK: Duration = Duration::from_secs(2);

impl Compiler<'_, '_> {
    pub(super) fn probe(
        &mut self,
        doc: &CaseDoc,
        own: Option<&SideDoc>,
        probe: &Spanned<ProbeName>,
        token: Option<&Spanned<String>>,
        side: Side,
    ) -> Option<Action> {
        self.check_keys(doc, own, side);
        let with = doc.with.as_deref();
        self.check_settings(probe, with, side);
        self.check_credential(probe, token, side);
        let line = own.and_then(|own| own.request.as_ref());
        let line = line.or(with.and_then(|with| with.request.as_ref()));
        let line = self.request_of(probe, line, side);
        let settings = self.settings(probe, with, line.as_ref(), side);
        let line = line?;
        Some(Action::Probe {
            probe: Box::new(settings?),
            method: line.method,
            target: line.target,
        })
    }

    /// Reports keys of a case that mean nothing to a probe.
    fn check_keys(&mut self, doc: &CaseDoc, own: Option<&SideDoc>, side: Side) {
        let mut given = vec![
            ("request", doc.request.is_some()),
            ("grant", doc.grant.is_some()),
            ("expect", doc.expect.is_some()),
            ("compare", doc.compare.is_some()),
            ("capture", !doc.capture.0.is_empty()),
            ("poll", doc.poll.is_some()),
            ("rows", doc.rows.is_some()),
            ("safe", doc.safe),
        ];
        given.extend(BodyKeys::of_case(doc).all());
        given.extend(own.into_iter().flat_map(|own| BodyKeys::of_side(own).all()));
        let useless: Vec<&str> = given
            .into_iter()
            .filter(|(_, given)| *given)
            .map(|(key, _)| key)
            .collect();
        if useless.is_empty() {
            return;
        }
        let keys: Vec<String> = useless.iter().map(|key| format!("`{key}`")).collect();
        let message = format!("a probe has no use for {}", keys.join(", "));
        let help = match useless.as_slice() {
            ["request", ..] => {
                "a probe's request is one of its settings: with: { request: GET /… }"
            }
            ["safe", ..] => "whether a probe is a write is not for the suite to say",
            _ => {
                "a probe asks its own questions, and finds what it finds; `accept` says what is meant"
            }
        };
        let diagnostic = Diagnostic::error(self.cx.source, doc.name.span, message);
        self.once_with::<()>(side, diagnostic.help(help));
    }

    /// Reports settings that are another probe's.
    fn check_settings(&mut self, probe: &Spanned<ProbeName>, with: Option<&WithDoc>, side: Side) {
        let known = probe.value.settings();
        for (setting, span) in with.map(WithDoc::given).unwrap_or_default() {
            if known.contains(&setting) {
                continue;
            }
            let (key, name) = (setting.key(), probe.value.word());
            let keys: Vec<&str> = known.iter().map(|setting| setting.key()).collect();
            let message = format!("`{key}` is no setting of the probe `{name}`");
            let help = match nearest(key, keys.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if keys.is_empty() => format!("`{name}` has no settings"),
                None => format!("`{name}` has: {}", keys.join(", ")),
            };
            let diagnostic = Diagnostic::error(self.cx.source, span, message);
            self.once_with::<()>(side, diagnostic.help(help));
        }
    }

    /// Reports a credential that cannot do what the probe does with it.
    fn check_credential(
        &mut self,
        probe: &Spanned<ProbeName>,
        token: Option<&Spanned<String>>,
        side: Side,
    ) {
        let name = probe.value.word();
        let Some(token) = token.filter(|token| token.value != "none") else {
            if probe.value.needs_token() || probe.value == ProbeName::RefreshRotation {
                let message = format!("the probe `{name}` needs a credential");
                let label = "add `token: NAME`, a credential of the pair file";
                self.once::<()>(side, probe.span, &message, label);
            }
            return;
        };
        let credential = self.known.pair.target(side).tokens.get(token);
        let Some(lacks) = credential.and_then(|credential| lacking(probe.value, credential)) else {
            return;
        };
        let message = format!(
            "the credential `{}` of the {side} side is of no use to the probe `{name}`",
            token.value
        );
        // A refresh on a credential that has nothing to refresh is a mistake whoever asks; what else is missing
        // may be missing on the other platform only, and holds nothing back where nothing is sent.
        let diagnostic = if self.known.probes || probe.value == ProbeName::RefreshRotation {
            Diagnostic::error(self.cx.source, probe.span, message)
        } else {
            Diagnostic::warning(self.cx.source, probe.span, message)
                .help("without --probes the case is skipped; with it, this is a mistake")
        };
        self.cx.diagnostics.push(diagnostic.label(lacks));
    }

    /// The request to the API. A probe sends it again and again: it must not change anything.
    fn request_of(
        &mut self,
        probe: &Spanned<ProbeName>,
        line: Option<&Spanned<RequestLine>>,
        side: Side,
    ) -> Option<RequestLine> {
        let Some(line) = line else {
            let mut line = RequestLine::parse("GET /").ok()?;
            line.target.span = probe.span;
            return Some(line);
        };
        if !matches!(line.method.as_ref(), "GET" | "HEAD" | "OPTIONS") {
            let message = format!("a probe does not send {}", line.method);
            let label = "it repeats its request: GET, HEAD or OPTIONS";
            return self.once(side, line.span, &message, label);
        }
        Some(line.value.clone())
    }

    fn settings(
        &mut self,
        probe: &Spanned<ProbeName>,
        with: Option<&WithDoc>,
        line: Option<&RequestLine>,
        side: Side,
    ) -> Option<Probe> {
        let within = with.and_then(|with| with.within.as_ref());
        let leeway = with.and_then(|with| with.leeway.as_ref());
        let leeway = self.span(leeway, 60, side);
        Some(match probe.value {
            ProbeName::TokenReuse => Probe::TokenReuse,
            ProbeName::RefreshRotation => Probe::RefreshRotation(self.refresh_use(with, side)?),
            ProbeName::TamperedToken => {
                let forge = with.and_then(|with| with.forge.as_ref());
                Probe::TamperedToken(forge.map_or(Forge::Token, |forge| forge.value))
            }
            ProbeName::Tls => Probe::Tls,
            ProbeName::Revocation => Probe::Revocation(self.looks(within, side)?),
            ProbeName::Expiry => Probe::Expiry {
                within: self.span(within, 60, side)?,
                leeway: leeway?,
            },
            ProbeName::CrossAcceptance => Probe::CrossAcceptance {
                within: match within {
                    Some(within) => Some(self.span(Some(within), 60, side)?),
                    None => None,
                },
                leeway: leeway?,
            },
            ProbeName::HeaderLimit => {
                let grow = with.and_then(|with| with.grow.as_ref());
                Probe::HeaderLimit(grow.map_or(Grow::Token, |grow| grow.value))
            }
            ProbeName::Cors => Probe::Cors(self.cors(with, line, side)?),
            ProbeName::Throttle => self.throttle(probe, with, side)?,
        })
    }

    /// How the refresh token is used: at once, or by another client, but not both.
    fn refresh_use(&mut self, with: Option<&WithDoc>, side: Side) -> Option<RefreshUse> {
        let parallel = with.and_then(|with| with.parallel.as_ref());
        let parallel = parallel.filter(|parallel| parallel.value);
        let client = with.and_then(|with| with.client.as_ref());
        let Some(client) = client else {
            return Some(match parallel {
                Some(_) => RefreshUse::AtOnce,
                None => RefreshUse::Twice,
            });
        };
        if let Some(parallel) = parallel {
            let message = "a refresh token is used twice at once, or by another client";
            return self.once(side, parallel.span, message, "write two cases");
        }
        let name = self.credential(Some(client), side)?;
        let tokens = &self.known.pair.target(side).tokens;
        let doc = name.and_then(|name| tokens.get(name));
        let asks = doc.is_some_and(|credential| {
            !matches!(
                credential.grant(),
                Grant::Static | Grant::ApiKey | Grant::None
            )
        });
        match name.filter(|_| asks) {
            Some(name) => Some(RefreshUse::By(name.to_owned())),
            None => {
                let message = format!("`{}` has no client to ask with", client.value);
                let label = "a credential of another client at the same token endpoint";
                self.once(side, client.span, &message, label)
            }
        }
    }

    /// A time that must be longer than nothing.
    fn span(
        &mut self,
        span: Option<&Spanned<TimeSpan>>,
        seconds: u64,
        side: Side,
    ) -> Option<Duration> {
        let Some(span) = span else {
            return Some(Duration::from_secs(seconds));
        };
        if span.value.0.is_zero() {
            let message = "a time of nothing is over before anything was sent";
            return self.once(side, span.span, message, "such as 500ms, 10s or 2m");
        }
        Some(span.value.0)
    }

    fn looks(&mut self, within: Option<&Spanned<TimeSpan>>, side: Side) -> Option<Duration> {
        let time = self.span(within, 60, side)?;
        if time < SHORTEST_LOOK {
            let message = "a revoked token is looked at once a second";
            let at = within.map(|within| within.span).unwrap_or_default();
            return self.once(side, at, message, "at least 2s");
        }
        Some(time)
    }

    fn cors(
        &mut self,
        with: Option<&WithDoc>,
        line: Option<&RequestLine>,
        side: Side,
    ) -> Option<CorsAsk> {
        let usual = |text: &str| text.to_owned();
        let own = with.and_then(|with| with.origin.as_ref());
        let foreign = with.and_then(|with| with.foreign_origin.as_ref());
        let own = self.origin(own, "https://app.example.com", side);
        let foreign = self.origin(foreign, "https://foreign.example", side);
        let method = with.and_then(|with| with.method.as_ref());
        let method = match method {
            None => line.map_or_else(|| usual("GET"), |line| line.method.clone().into_owned()),
            Some(method)
                if method.bytes().all(|b| b.is_ascii_uppercase()) && !method.is_empty() =>
            {
                method.value.clone()
            }
            Some(method) => {
                let message = format!("`{}` is no method", method.value);
                let label = "methods are written in capitals: PUT";
                return self.once(side, method.span, &message, label);
            }
        };
        let headers = with.and_then(|with| with.headers.as_ref());
        let headers = match headers {
            None => vec![usual("authorization"), usual("content-type")],
            Some(headers) => {
                let wrong = headers
                    .iter()
                    .find(|name| http::HeaderName::from_bytes(name.as_bytes()).is_err());
                if let Some(name) = wrong {
                    let message = format!("`{name}` is no header name");
                    return self.once(side, headers.span, &message, "letters, digits and hyphens");
                }
                headers
                    .iter()
                    .map(|name| name.to_ascii_lowercase())
                    .collect()
            }
        };
        Some(CorsAsk {
            origin: own?,
            foreign: foreign?,
            method,
            headers,
        })
    }

    /// Scheme, host and port, as a browser writes an origin (RFC 6454 section 6.2).
    fn origin(
        &mut self,
        origin: Option<&Spanned<String>>,
        usual: &str,
        side: Side,
    ) -> Option<String> {
        let Some(origin) = origin else {
            return Some(usual.to_owned());
        };
        let parsed = Url::parse(origin)
            .ok()
            .map(|url| url.origin().ascii_serialization());
        if parsed.as_ref() == Some(&origin.value) {
            return parsed;
        }
        let message = format!("`{}` is no origin", origin.value);
        let label = "scheme, host and port alone: https://app.example.com";
        self.once(side, origin.span, &message, label)
    }

    fn throttle(
        &mut self,
        probe: &Spanned<ProbeName>,
        with: Option<&WithDoc>,
        side: Side,
    ) -> Option<Probe> {
        let Some(limit) = with.and_then(|with| with.limit.as_ref()) else {
            let message = "the probe `throttle` needs a limit to go beyond";
            let label = "add `with: { limit: 20, per: 1m }`";
            return self.once(side, probe.span, message, label);
        };
        if !(SMALLEST_LIMIT..=LARGEST_LIMIT).contains(&limit.value) {
            let message = format!("a limit of {} is not tested", limit.value);
            let label =
                format!("from {SMALLEST_LIMIT} to {LARGEST_LIMIT}: more would be a load test");
            return self.once(side, limit.span, &message, &label);
        }
        let window = with.and_then(|with| with.per.as_ref());
        let per = self.span(window, 60, side)?;
        if per > LONGEST_WINDOW {
            let at = window.map(|window| window.span).unwrap_or_default();
            let message = "the window is too long to wait for its end";
            return self.once(side, at, message, "at most 5m");
        }
        Some(Probe::Throttle {
            limit: limit.value,
            per,
        })
    }
}

/// What a credential lacks for a probe, if it lacks something.
fn lacking(probe: ProbeName, credential: &CredentialDoc) -> Option<&'static str> {
    let grant = credential.grant();
    let asks = !matches!(grant, Grant::Static | Grant::ApiKey | Grant::None);
    let revokes = credential.revocation_endpoint.is_some() || credential.issuer.is_some();
    match probe {
        ProbeName::RefreshRotation if !credential.can_refresh() => {
            Some("it can have no refresh token")
        }
        _ if probe.needs_grant() && !asks => Some("no token of it can be asked for"),
        _ if probe.needs_token() && grant == Grant::None => Some("it sends no token"),
        ProbeName::Revocation if !revokes => {
            Some("it has no `revocation_endpoint`, and no `issuer` to find it by")
        }
        _ => None,
    }
}
