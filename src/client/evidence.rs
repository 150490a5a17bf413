//! The evidence of a case: of the many requests of a program the one that the finding is about, and beside it the
//! like one with opaque tokens. Secrets are taken out, parts of tokens among them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::judge::{Share, Tokens, number};
use super::observation::{Asked, Call, Observation, Said};
use super::wire::Message;
use crate::message::{Headers, Request, Response};
use crate::redact::Secrets;
use crate::results::{CaseResult, Difference, ExchangeRecord, PayloadEncoding, Severity, Verdict};

/// A request, and what was answered.
#[derive(Clone, Copy)]
struct Shown<'r> {
    message: &'r Message,
    status: Option<u16>,
    said: &'r Said,
}

impl<'r> Shown<'r> {
    const fn call(call: &'r Call) -> Self {
        Self {
            message: &call.message,
            status: call.status,
            said: &call.said,
        }
    }

    const fn asked(asked: &'r Asked) -> Self {
        Self {
            message: &asked.message,
            status: Some(asked.status),
            said: &asked.said,
        }
    }
}

/// Which request of a run is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Call(usize),
    Asked(usize),
}

/// Adds the evidence to a case whose verdict is known; none to one that is `same` or `skipped`, unless `always`.
/// `run` is that of the profile, `opaque` that of the baseline; the secrets are those of both, and of all.
pub(super) fn attach(
    case: &mut CaseResult,
    (run, opaque): (&Observation, &Observation),
    secrets: [&Secrets; 2],
    fail_on: Severity,
    always: bool,
) {
    if matches!(case.verdict, Verdict::Same | Verdict::Skipped) && !always {
        return;
    }
    let Some(which) = which(&case.differences, run, fail_on) else {
        return;
    };
    let like = like(which, run, opaque);
    let of = |run, which| Some(record(run, shown(run, which)?, secrets));
    if let Some(side) = &mut case.new {
        side.exchange = of(run, which);
    }
    if let Some(side) = &mut case.old {
        side.exchange = like.and_then(|like| of(opaque, like));
    }
}

/// The request of the first finding that counts; the last one where a finding is about none, as an exit code is.
fn which(found: &[Difference], run: &Observation, fail_on: Severity) -> Option<Which> {
    let first = found.iter().find(|finding| finding.severity >= fail_on);
    let first = first.or(found.first());
    first
        .and_then(|finding| named(&finding.path))
        .filter(|which| shown(run, *which).is_some())
        .or_else(|| last(run))
}

/// `request[4].authorization` is the fifth call, `token[0]` the first request for a token.
fn named(path: &str) -> Option<Which> {
    let (list, rest) = path.split_once('[')?;
    let at = rest.split_once(']')?.0.parse().ok()?;
    match list {
        "request" => Some(Which::Call(at)),
        "token" => Some(Which::Asked(at)),
        _ => None,
    }
}

fn last(run: &Observation) -> Option<Which> {
    let call = run.calls.last().map(|call| call.at);
    let asked = run.asked.last().map(|asked| asked.at);
    if call.is_some() && call >= asked {
        Some(Which::Call(run.calls.len() - 1))
    } else {
        run.asked.len().checked_sub(1).map(Which::Asked)
    }
}

/// The request with opaque tokens that is most like one: of the same place in the run, or else of the same method
/// and path, or else the first.
fn like(which: Which, run: &Observation, opaque: &Observation) -> Option<Which> {
    let place = |message: &Message| (message.method.clone(), message.path().to_owned());
    match which {
        Which::Call(at) => {
            let wanted = run.calls.get(at).map(|call| place(&call.message));
            let fits = |at: usize| opaque.calls.get(at).map(|call| place(&call.message)) == wanted;
            let mut all = [at].into_iter().chain(0..opaque.calls.len());
            let found = all.find(|at| fits(*at));
            found
                .or((!opaque.calls.is_empty()).then_some(0))
                .map(Which::Call)
        }
        Which::Asked(at) => {
            let last = opaque.asked.len().checked_sub(1)?;
            Some(Which::Asked(at.min(last)))
        }
    }
}

fn shown(run: &Observation, which: Which) -> Option<Shown<'_>> {
    match which {
        Which::Call(at) => run.calls.get(at).map(Shown::call),
        Which::Asked(at) => run.asked.get(at).map(Shown::asked),
    }
}

fn record(run: &Observation, shown: Shown<'_>, secrets: [&Secrets; 2]) -> ExchangeRecord {
    let [own, all] = secrets;
    let message = shown.message;
    let absolute = message.target.contains("://");
    let origin = if absolute { "" } else { run.origin.as_str() };
    let request = Request {
        method: message.method.clone(),
        url: format!("{origin}{}", message.target),
        headers: Headers(message.fields.clone()),
        body: message.body.clone().into(),
    };
    let response = shown.status.map(|status| {
        let (headers, body) = (shown.said.headers.clone(), shown.said.body.clone());
        Response::plain(status, headers, body)
    });
    let mut record = own.record(&request, response.as_ref());
    let tokens = Tokens::of(&run.issued);
    let response = record.response.as_mut();
    for message in [Some(&mut record.request), response].into_iter().flatten() {
        let texts = message.headers.iter_mut().map(|(_, value)| value);
        for text in texts.chain(message.url.as_mut()) {
            clean(text, all, &tokens);
        }
        if message.encoding == PayloadEncoding::Text {
            clean(&mut message.body, all, &tokens);
        } else {
            let bytes = STANDARD.decode(&message.body).unwrap_or_default();
            if let Some(share) = tokens.share(&bytes) {
                message.encoding = PayloadEncoding::Text;
                message.body = mark(share);
            }
        }
    }
    record
}

/// Takes out what is secret to all runs, and a text that has a part of a token in it: where a token was cut or
/// put together anew nobody can say where it ends.
fn clean(text: &mut String, all: &Secrets, tokens: &Tokens) {
    if let std::borrow::Cow::Owned(redacted) = all.text(text) {
        *text = redacted;
    }
    if let Some(share) = tokens.share(text.as_bytes()) {
        *text = mark(share);
    }
}

fn mark(share: Share) -> String {
    match share {
        Share::Whole => "[secret, a text with a token in it]".to_owned(),
        Share::Part(count) => format!(
            "[secret, a text with {} characters of a token in it]",
            number(count)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::judge::examples::Story;
    use super::*;
    use crate::results::{CaseType, Kind, SideResult, Where};

    const OPAQUE: &str = "2f9c1a7e-53d4-4b1a-9c55-0a1b2c3d4e5f";
    const JWT: &str =
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJBY21lIiwiYWJjIjoxMjN9.c2lnbmF0dXJlLW9mLXRva2Vu";

    fn case(verdict: Verdict, paths: &[&str]) -> CaseResult {
        let found = |path: &&str| {
            Difference::new(
                Where::Client,
                *path,
                Kind::Truncated,
                Severity::Breaking,
                "x",
            )
        };
        CaseResult {
            id: "client.yaml::a client [jwt-4k]".to_owned(),
            r#type: CaseType::Client,
            line: 1,
            suite: "a client".to_owned(),
            case: "a client [jwt-4k]".to_owned(),
            feature: None,
            verdict,
            reason: None,
            note: None,
            differences: paths.iter().map(found).collect(),
            old: Some(SideResult::default()),
            new: Some(SideResult::default()),
        }
    }

    fn told(case: &CaseResult) -> [Option<String>; 2] {
        [&case.old, &case.new].map(|side| {
            let record = side.as_ref()?.exchange.as_ref()?;
            let status = record.response.as_ref().and_then(|answer| answer.status);
            let url = record.request.url.clone().unwrap_or_default();
            Some(format!("{url} {}", status.unwrap_or_default()))
        })
    }

    fn attached(verdict: Verdict, paths: &[&str], always: bool) -> CaseResult {
        let mut opaque = Story::default();
        opaque.fetch(0, OPAQUE).call(1, OPAQUE, 200);
        let mut run = Story::default();
        run.fetch(0, JWT)
            .call(1, JWT, 200)
            .call(2, &JWT[..60], 401)
            .refuse(3, 503);
        let secrets = [OPAQUE, JWT].map(|token| {
            let secrets = Secrets::default();
            secrets.add("access_token", token);
            secrets
        });
        let mut case = case(verdict, paths);
        let runs = (&run.run(), &opaque.run());
        attach(
            &mut case,
            runs,
            [&secrets[1], &secrets[0]],
            Severity::Risky,
            always,
        );
        case
    }

    #[test]
    fn the_request_of_the_first_finding_is_shown() {
        let shown = |verdict, paths: &[&str]| told(&attached(verdict, paths, false));
        let sides = |old: &str, new: &str| [old, new].map(|side| Some(side.to_owned()));
        let call = "http://127.0.0.1:8080/api/orders";
        let token = "http://127.0.0.1:8080/token";
        assert_eq!(
            shown(Verdict::Different, &["request[1].authorization", "exit"]),
            sides(&format!("{call} 200"), &format!("{call} 401"))
        );
        // What is about no request has the last one.
        for paths in [&["exit"][..], &[], &["token[1]"], &["request[9].url"]] {
            let wanted = sides(&format!("{token} 200"), &format!("{token} 503"));
            assert_eq!(shown(Verdict::Different, paths), wanted, "{paths:?}");
        }
        assert_eq!(shown(Verdict::Same, &[]), [None, None]);
        assert_eq!(shown(Verdict::Skipped, &[]), [None, None]);
        assert!(told(&attached(Verdict::Same, &[], true))[1].is_some());
    }

    #[test]
    fn nothing_of_a_token_is_shown() {
        let case = attached(Verdict::Different, &["request[1].authorization"], false);
        let json = serde_json::to_string(&[case.old, case.new]).expect("JSON");
        assert!(!json.contains(&OPAQUE[..10]), "{json}");
        assert!(!json.contains(&JWT[25..40]), "{json}");
        let tokens = Story::default().fetch(0, JWT).run().issued;
        let tokens = Tokens::of(&tokens);
        let cleaned = |text: &str| {
            let mut text = text.to_owned();
            clean(&mut text, &Secrets::default(), &tokens);
            text
        };
        assert_eq!(cleaned("/orders?page=1"), "/orders?page=1");
        let cut = format!("/orders?t={}", &JWT[30..70]);
        assert_eq!(
            cleaned(&cut),
            "[secret, a text with 40 characters of a token in it]"
        );
    }
}
