//! `cors`: what a browser would do for a page of another origin (the Fetch standard, section 3.2).

use super::bench::Bench;
use super::finding::weighing;
use super::found::Found;
use super::kind::CorsAsk;
use super::leave::{Leave, Preflight};
use super::stopped::Stopped;
use crate::message::{Request, Response};
use crate::pair::Pair;
use crate::results::{Difference, Kind, Observed, Severity, Where};
use crate::token::catalogue::A36;

/// What a side answered to each request that it was asked.
#[derive(Debug, Default)]
struct Seen {
    preflight: Option<Response>,
    foreign_preflight: Option<Response>,
    without_method: Option<Response>,
    request: Option<Response>,
    foreign_request: Option<Response>,
}

const PREFLIGHT: &str = "preflight";
const FOREIGN_PREFLIGHT: &str = "preflight of a foreign origin";
const WITHOUT_METHOD: &str = "OPTIONS without a requested method";
const REQUEST: &str = "request";
const FOREIGN_REQUEST: &str = "request of a foreign origin";

pub(super) async fn run(benches: &mut Pair<Bench<'_>>, asked: &CorsAsk) -> Result<Found, Stopped> {
    let Pair { old, new } = benches;
    let mut seen = Pair::new(Seen::default(), Seen::default());
    let (first, second) = tokio::join!(
        ask(old, asked, &mut seen.old),
        ask(new, asked, &mut seen.new)
    );
    // What both sides answered is compared, whatever became of the rest.
    Ok(Found {
        differences: compare(&seen, asked),
        note: None,
        stopped: first.err().or(second.err()),
    })
}

async fn ask(bench: &mut Bench<'_>, asked: &CorsAsk, seen: &mut Seen) -> Result<(), Stopped> {
    let ordinary = bench.ordinary().await?;
    let plain = bench.request.clone();
    let options = |origin: &str| {
        let mut request = plain.clone();
        "OPTIONS".clone_into(&mut request.method);
        request.headers.set("Origin", origin);
        request
    };
    let preflight = |origin: &str| {
        let mut request = options(origin);
        let method = asked.method.as_str();
        request.headers.set("Access-Control-Request-Method", method);
        if !asked.headers.is_empty() {
            let names = asked.headers.join(",");
            request.headers.set("Access-Control-Request-Headers", names);
        }
        request
    };
    let from = |origin: &str| {
        let mut request = ordinary.clone();
        request.headers.set("Origin", origin);
        request
    };
    let (own, foreign) = (&asked.origin, &asked.foreign);
    seen.preflight = Some(answer(bench, PREFLIGHT, &preflight(own)).await?);
    seen.foreign_preflight = Some(answer(bench, FOREIGN_PREFLIGHT, &preflight(foreign)).await?);
    seen.without_method = Some(answer(bench, WITHOUT_METHOD, &options(own)).await?);
    seen.request = Some(answer(bench, REQUEST, &from(own)).await?);
    seen.foreign_request = Some(answer(bench, FOREIGN_REQUEST, &from(foreign)).await?);
    Ok(())
}

async fn answer(bench: &mut Bench<'_>, name: &str, request: &Request) -> Result<Response, Stopped> {
    Ok(bench.api(name, request).await?.response)
}

fn compare(seen: &Pair<Seen>, asked: &CorsAsk) -> Vec<Difference> {
    let mut found = Vec::new();
    let pair = |of: fn(&Seen) -> &Option<Response>| {
        let both = seen.as_ref().map(|seen| of(seen).as_ref());
        both.transpose()
    };
    let (own, foreign) = (asked.origin.as_str(), asked.foreign.as_str());
    if let Some(answers) = pair(|seen| &seen.preflight) {
        found.extend(preflights(answers, own, asked, PREFLIGHT));
    }
    if let Some(answers) = pair(|seen| &seen.request) {
        found.extend(requests(answers, own, REQUEST));
    }
    if let Some(answers) = pair(|seen| &seen.foreign_preflight) {
        found.extend(opened(answers, foreign, FOREIGN_PREFLIGHT));
    }
    if let Some(answers) = pair(|seen| &seen.foreign_request) {
        found.extend(opened(answers, foreign, FOREIGN_REQUEST));
    }
    found.extend(pair(|seen| &seen.without_method).and_then(unasked));
    found
}

fn at(
    header: &str,
    of: &str,
    answers: Pair<&Response>,
    kind: Kind,
    severity: Severity,
    explain: String,
) -> Difference {
    let shown = answers.map(|answer| {
        let value = answer.headers.text(header);
        value.map_or(Observed::Absent, |value| Observed::text(&value))
    });
    let path = format!("{header}[{of}]");
    let item = weighing(A36, Where::Header, &path, kind, severity, explain);
    item.showing(shown.old, shown.new)
}

/// Whether the request behind a preflight would be sent.
fn preflights(
    answers: Pair<&Response>,
    origin: &str,
    asked: &CorsAsk,
    of: &str,
) -> Vec<Difference> {
    let leave = answers.map(|answer| Preflight::of(answer, origin, asked));
    let mut found = Vec::new();
    match (leave.old.refusal(), leave.new.refusal()) {
        (None, Some(refusal)) => {
            let explain = format!(
                "a browser sends {} from a page of {origin} to the old side and not to the new: {}",
                asked.method, refusal.why
            );
            let kind = refusal.kind;
            let item = match refusal.header {
                Some(header) => at(header, of, answers, kind, Severity::Breaking, explain),
                None => weighing(A36, Where::Status, "", kind, Severity::Breaking, explain)
                    .showing(
                        Observed::of(&answers.old.status),
                        Observed::of(&answers.new.status),
                    ),
            };
            let advice =
                "allow the origin, the method and the headers of your pages on the new side";
            found.push(item.advice(advice));
        }
        (Some(refusal), None) => {
            let explain = format!(
                "a browser sends {} from a page of {origin} to the new side, and did not to the old",
                asked.method
            );
            let header = refusal.header.unwrap_or("access-control-allow-origin");
            found.push(at(
                header,
                of,
                answers,
                Kind::Added,
                Severity::Cosmetic,
                explain,
            ));
        }
        _ => {}
    }
    found
}

/// Whether a page may read the answer, and what of it.
fn requests(answers: Pair<&Response>, origin: &str, of: &str) -> Vec<Difference> {
    let leave = answers.map(|answer| Leave::of(answer, origin));
    let mut found = Vec::new();
    if leave.old.origin && !leave.new.origin {
        let explain = format!(
            "a page of {origin} reads the old side's answer, and the browser keeps the new side's from it"
        );
        let kind = lost(answers.new, "access-control-allow-origin");
        let header = "access-control-allow-origin";
        let item = at(header, of, answers, kind, Severity::Breaking, explain);
        found.push(item.advice("send Access-Control-Allow-Origin with every answer, errors too"));
        return found;
    }
    if leave.old.credentials && !leave.new.credentials {
        let explain = "a page that sends cookies or client certificates reads the old side's answer, \
                       and not the new side's";
        let header = "access-control-allow-credentials";
        let kind = lost(answers.new, header);
        found.push(at(
            header,
            of,
            answers,
            kind,
            Severity::Breaking,
            explain.to_owned(),
        ));
    }
    let hidden: Vec<&String> = leave
        .old
        .exposed
        .iter()
        .filter(|h| !leave.new.exposes(h))
        .collect();
    if !hidden.is_empty() && leave.new.origin {
        let names: Vec<&str> = hidden.into_iter().map(String::as_str).collect();
        let explain = format!(
            "a page reads the header {} of the old side's answers, and not of the new side's",
            names.join(", ")
        );
        let header = "access-control-expose-headers";
        let kind = lost(answers.new, header);
        found.push(at(header, of, answers, kind, Severity::Risky, explain));
    }
    found
}

fn lost(answer: &Response, header: &str) -> Kind {
    if answer.headers.has(header) {
        Kind::Value
    } else {
        Kind::Removed
    }
}

/// Whether a page of any origin may do on the new side what it may not on the old.
fn opened(answers: Pair<&Response>, origin: &str, of: &str) -> Option<Difference> {
    let leave = answers.map(|answer| Leave::of(answer, origin));
    let header = "access-control-allow-origin";
    if leave.new.origin && leave.new.credentials && !(leave.old.origin && leave.old.credentials) {
        let explain = format!(
            "security hole: a page of any origin, such as {origin}, may ask the new side in the name \
             of whoever looks at it, with cookies and client certificates"
        );
        let item = at(
            header,
            of,
            answers,
            Kind::NotRefused,
            Severity::Breaking,
            explain,
        );
        return Some(item.advice("list the origins that may send credentials"));
    }
    if leave.new.origin && !leave.old.origin {
        let explain = format!(
            "a page of any origin, such as {origin}, reads the new side's answers, which the old side \
             kept from it"
        );
        let item = at(header, of, answers, Kind::Added, Severity::Risky, explain);
        return Some(item.advice("list the origins of your pages"));
    }
    if leave.old.origin && !leave.new.origin {
        let explain = format!(
            "a page of an origin such as {origin} reads the old side's answers, and not the new side's"
        );
        let kind = lost(answers.new, header);
        let item = at(header, of, answers, kind, Severity::Risky, explain);
        return Some(item.advice("see that the origins of all pages are listed on the new side"));
    }
    None
}

/// No browser sends such a request; monitors do.
fn unasked(answers: Pair<&Response>) -> Option<Difference> {
    if answers.old.status == answers.new.status {
        return None;
    }
    let explain = "OPTIONS without a requested method is answered otherwise: no browser asks so, \
                   monitors and tools do";
    let shown = answers.map(|answer| Observed::of(&answer.status));
    let item = weighing(
        A36,
        Where::Status,
        "",
        Kind::Value,
        Severity::Cosmetic,
        explain,
    );
    Some(item.showing(shown.old, shown.new))
}

#[cfg(test)]
#[path = "cors_tests.rs"]
mod tests;
