//! The keys of a client suite that speak of a program which does not end: `ready`, `requests`, `for`, `stop`.

use std::borrow::Cow;
use std::time::Duration;

use super::scope::Given;
use crate::client::doc::{AskDoc, ClientDoc, ReadyDoc, StopDoc, StopSignal};
use crate::client::{Ask, PORT, Ready, Service, StopBy, Stopping, own_address};
use crate::config::check_header;
use crate::pair::Side;
use crate::regexp::Regexp;
use crate::source::{Cx, Diagnostic, Span, Spanned};
use crate::template::{Scalar, Scope, Template};

/// The time that a program has to end when it was told to.
const WITHIN: Duration = Duration::from_secs(2);

/// The service of a suite; none where it has none, or where it cannot be one.
pub(super) fn service(doc: &ClientDoc, given: &Given, cx: &mut Cx<'_>) -> Option<Service> {
    let Some(ready) = &doc.ready else {
        if !doc.requests.is_empty() {
            let help = "a service is asked when it is ready: ready: { port: \"{{port}}\" }, or `url:`, or `line:`";
            let message = "`requests` without `ready`";
            let needs = Diagnostic::error(cx.source, doc.requests.span, message).help(help);
            cx.diagnostics.push(needs);
        }
        return None;
    };
    if doc.requests.is_empty() && doc.r#for.is_none() {
        let message = "a service that is ready, and then has nothing to do";
        let help = "say what it is asked (`requests:`), or how long it is left alone (`for: 20s`)";
        let idle = Diagnostic::error(cx.source, ready.span, message).help(help);
        cx.diagnostics.push(idle);
    }
    Some(Service {
        ready: ready_of(ready, given, cx)?,
        requests: doc.requests.iter().map(|asked| ask(asked, cx)).collect(),
        stays: doc.r#for.as_ref().map_or(Duration::ZERO, |time| time.0),
    })
}

fn ask(doc: &AskDoc, cx: &mut Cx<'_>) -> Ask {
    let mut headers = Vec::new();
    for (name, value) in doc.headers.iter() {
        check_header(name, Some(&value.to_string()), cx);
        headers.push((name.value.clone(), value.clone()));
    }
    Ask {
        line: doc.request.clone(),
        headers,
        text: doc.text.clone(),
    }
}

fn ready_of(doc: &Spanned<ReadyDoc>, given: &Given, cx: &mut Cx<'_>) -> Option<Ready> {
    match (&doc.url, &doc.port, &doc.line) {
        (Some(url), None, None) => {
            if let Some(why) = sample(url, given).and_then(|url| own_address(&url).err()) {
                let help = "such as http://127.0.0.1:{{port}}/health";
                let foreign = Diagnostic::error(cx.source, url.span, why).help(help);
                return cx.report(foreign);
            }
            Some(Ready::Url(url.clone()))
        }
        (None, Some(port), None) => {
            let number = sample(port, given).map(|port| (port.parse::<u16>().is_ok(), port));
            if let Some((false, port)) = number {
                let message = format!("`{port}` is no port");
                return cx.error(port_span(doc), message, "{{port}}, or a number up to 65535");
            }
            Some(Ready::Port(port.clone()))
        }
        (None, None, Some(line)) => {
            let inner = line
                .strip_prefix('/')
                .and_then(|line| line.strip_suffix('/'));
            let pattern = inner.map_or_else(|| regex::escape(line), str::to_owned);
            let Regexp(regex) = Regexp::read(&pattern, line.span, cx)?;
            Some(Ready::Line(regex))
        }
        _ => {
            let message = "a service is ready by one of `url`, `port` and `line`";
            cx.error(doc.span, message, "one of them")
        }
    }
}

fn port_span(doc: &Spanned<ReadyDoc>) -> Span {
    doc.port.as_ref().map_or(doc.span, |port| port.span)
}

/// A place as it may come to be: what only the run knows is a number.
fn sample(template: &Template, given: &Given) -> Option<String> {
    struct Sample<'a>(&'a Given);
    impl Scope for Sample<'_> {
        fn get(&self, name: &str) -> Option<Cow<'_, Scalar>> {
            let known = self.0.get(name, Side::New).filter(|_| name != PORT);
            known.or_else(|| Some(Cow::Owned(Scalar::Text("1".to_owned()))))
        }
    }
    template.render(&Sample(given)).ok()
}

/// How the program is told to end.
pub(super) fn stopping(doc: &ClientDoc, cx: &mut Cx<'_>) -> Option<Stopping> {
    let stop = doc.stop.as_ref()?;
    if doc.ready.is_none() && doc.r#for.is_none() {
        let message = "`stop` is for a program that does not end by itself";
        let help = "say `for: 20s`, or `ready:` and `requests:`; every other program is waited for";
        let ends = Diagnostic::error(cx.source, stop.span, message).help(help);
        return cx.report(ends);
    }
    if let Some(within) = &stop.within {
        within.check_some(cx);
    }
    Some(Stopping {
        by: stop_by(stop, doc.ready.is_some(), cx)?,
        within: stop.within.as_ref().map_or(WITHIN, |time| time.0),
    })
}

fn stop_by(doc: &Spanned<StopDoc>, is_service: bool, cx: &mut Cx<'_>) -> Option<StopBy> {
    match (&doc.signal, &doc.request) {
        (Some(_), Some(request)) => {
            let message = "a program is told to stop by a signal or by a request, not both";
            cx.error(request.span, message, "take one away")
        }
        (None, Some(request)) if !is_service => {
            let message = "a request to stop is for a service";
            cx.error(
                request.span,
                message,
                "say `ready:` too, or take a `signal`",
            )
        }
        (None, Some(request)) => Some(StopBy::Request(request.value.clone())),
        (signal, None) => Some(StopBy::Signal(
            signal
                .as_ref()
                .map_or(StopSignal::Term, |signal| signal.value),
        )),
    }
}

/// Every text of these keys that may hold a placeholder.
pub(super) fn templates(doc: &ClientDoc) -> impl Iterator<Item = &Template> {
    let ready = doc.ready.iter().flat_map(|ready| [&ready.url, &ready.port]);
    let asked = doc.requests.iter().flat_map(|ask| {
        let headers = ask.headers.iter().map(|(_, value)| value);
        [&ask.request.target]
            .into_iter()
            .chain(headers)
            .chain(&ask.text)
    });
    let stop = doc.stop.iter().flat_map(|stop| &stop.request);
    ready
        .flatten()
        .chain(asked)
        .chain(stop.map(|line| &line.target))
}
