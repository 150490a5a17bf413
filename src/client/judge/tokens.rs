//! What became of the token on its way to the API, and of refused ones.

use std::time::Duration;

use super::Terms;
use super::cause::{number, of_cut};
use super::change::Change;
use super::placeholder::{self, without_token};
use super::sent::{Sent, compare, field};
use crate::client::observation::{Asked, Call, Observation};
use crate::results::{Difference, Kind, Observed, Severity, Where};

/// Within this time several calls may find one token refused: they were on their way together.
const TOGETHER: Duration = Duration::from_millis(2500);
/// The same where it asked for another token meanwhile, or where a profile is about many calls at once: on a busy
/// machine a thread may take its token long before its turn comes to send it.
const BUSY: Duration = Duration::from_secs(5);

/// Tokens that did not arrive as they were issued. One finding for each way in which that went wrong.
pub(super) fn sent(run: &Observation, baseline: Option<&Observation>) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    for (at, call) in run.calls.iter().enumerate() {
        let path = format!("request[{at}].authorization");
        let mut findings: Vec<Difference> = if without_token(&call.message) {
            missing(run, call, baseline, path).into_iter().collect()
        } else {
            // A second field of the name is sent too, and some servers read the last.
            let values = call.message.all("authorization");
            let values = values.filter(|value| placeholder::of(value).is_none());
            let changed = values.map(|value| changed(run, call, value, path.clone()));
            changed.flatten().collect()
        };
        findings.dedup_by(|new, old| same(old, new));
        findings.retain(|new| !found.iter().any(|old| same(old, new)));
        found.append(&mut findings);
    }
    for (at, asked) in run.asked.iter().enumerate() {
        let finding = refresh(run, asked, format!("token[{at}].refresh_token"));
        found.extend(finding.filter(|new| !found.iter().any(|old| same(old, new))));
    }
    found
}

fn same(one: &Difference, other: &Difference) -> bool {
    one.kind == other.kind && one.detail == other.detail
}

fn changed(run: &Observation, call: &Call, value: &[u8], path: String) -> Option<Difference> {
    let issued = run.issued_by(call.at);
    let length = |token: usize| issued.get(token).map_or(0, |token| token.chars().count());
    match field(value, &issued) {
        Sent::Exact(_) => None,
        Sent::Cut {
            token,
            sent,
            before,
        } => Some(cut(path, length(token), sent, before)),
        Sent::Changed { token, change } => Some(altered(path, length(token), change)),
        Sent::Foreign if issued.is_empty() => Some(foreign(path, "before it had asked for one")),
        Sent::Foreign => Some(foreign(path, "that was never issued to it in this profile")),
    }
}

/// A finding about a program.
pub(crate) fn finding(
    path: impl Into<String>,
    kind: Kind,
    severity: Severity,
    explain: impl Into<String>,
) -> Difference {
    Difference::new(Where::Client, path, kind, severity, explain)
}

fn characters(count: usize) -> Observed {
    Observed::text(&format!("{} characters", number(count)))
}

fn cut(path: String, issued: usize, sent: usize, before: usize) -> Difference {
    let behind = issued.saturating_sub(before + sent);
    let (count, all) = (number(sent), number(issued));
    let explain = match (before, behind) {
        (0, _) => format!("sent the first {count} of {all} characters"),
        (_, 0) => format!("sent the last {count} of {all} characters"),
        _ => format!(
            "sent {count} of {all} characters: {} are lost at the start and {} at the end",
            number(before),
            number(behind)
        ),
    };
    // What takes away at both ends is no limit.
    let cause = of_cut(sent).filter(|_| before == 0 || behind == 0);
    let cause = cause.map(|cause| format!(": looks like {cause}"));
    let explain = explain + &cause.unwrap_or_default();
    finding(path, Kind::Truncated, Severity::Breaking, explain)
        .showing(characters(issued), characters(sent))
        .advice(
            "find what holds the token between answer and request - column, buffer, cookie, cache, file - \
             and give it room without a limit (RFC 6749 section 1.4 sets none)",
        )
        .detail("issued", issued)
        .detail("sent", sent)
}

fn altered(path: String, issued: usize, change: Change) -> Difference {
    let severity = match change {
        Change::Blank => Severity::Risky,
        _ => Severity::Breaking,
    };
    let explain = format!("sent the token {}", change.told());
    finding(path, Kind::Altered, severity, explain)
        .showing(characters(issued), Observed::text(change.word()))
        .advice(change.advice())
        .detail("change", change.word())
}

fn foreign(path: String, what: &str) -> Difference {
    let explain = format!(
        "sent a token {what}: it is kept from another run, or made up. Tests that keep tokens in files \
         need folders of their own (`cwd: temp`)"
    );
    finding(path, Kind::Stale, Severity::Breaking, explain)
        .advice("send the token of the last answer; keep none beyond the run that was given it")
        .detail("token", "of another run")
}

/// A call without a token. A path that the program calls without one with opaque tokens too is public,
/// and so is a call before the first token.
fn missing(
    run: &Observation,
    call: &Call,
    baseline: Option<&Observation>,
    path: String,
) -> Option<Difference> {
    let public =
        |other: &Call| other.message.path() == call.message.path() && without_token(&other.message);
    let known = baseline.is_some_and(|baseline| baseline.calls.iter().any(public));
    if known || run.issued_by(call.at).is_empty() {
        return None;
    }
    let longest = run.issued.iter().map(|issued| issued.token.chars().count());
    let issued = longest.max().unwrap_or_default();
    let stands = call.message.all("authorization").find_map(placeholder::of);
    let (stands, new) = match stands {
        None => (String::new(), Observed::Absent),
        Some("") => (
            ": `Authorization` is empty".to_owned(),
            Observed::text("nothing"),
        ),
        Some(word) => (
            format!(": `Authorization` has `{word}` in its place"),
            Observed::text(word),
        ),
    };
    let explain = format!(
        "called the API without the token that it had been given ({} characters){stands}",
        number(issued)
    );
    let finding = finding(path, Kind::NotSent, Severity::Breaking, explain)
        .showing(characters(issued), new)
        .advice(
            "find what dropped the token in silence: a store or cookie that is too small, a check",
        );
    Some(finding.detail("issued", issued))
}

/// A refresh token that did not arrive as it was issued, or that another had replaced.
fn refresh(run: &Observation, asked: &Asked, path: String) -> Option<Difference> {
    if asked.message.form("grant_type")? != "refresh_token" {
        return None;
    }
    let issued = run.issued.iter().take_while(|issued| issued.at < asked.at);
    let issued: Vec<&str> = issued
        .filter_map(|issued| issued.refresh.as_deref())
        .collect();
    let sent = asked.message.form("refresh_token").unwrap_or_default();
    if !issued.is_empty() && placeholder::of(sent.as_bytes()).is_some() {
        return Some(lost(path));
    }
    let length = |token: usize| issued.get(token).map_or(0, |token| token.chars().count());
    match compare(&sent, &issued) {
        Sent::Exact(_) if asked.status < 400 || asked.status >= 500 || asked.status == 429 => None,
        Sent::Exact(_) => {
            let explain = "used a refresh token that had been used before, and was refused: each use \
                           gives a new one here, and ends the old one";
            let finding = finding(path, Kind::Stale, Severity::Breaking, explain).advice(
                "keep the refresh token of the last answer; let one call refresh while the others wait",
            );
            Some(finding.detail("token", "refresh_token"))
        }
        Sent::Cut {
            token,
            sent,
            before,
        } => Some(cut(path, length(token), sent, before)),
        Sent::Changed { token, change } => Some(altered(path, length(token), change)),
        Sent::Foreign => None,
    }
}

/// A refresh without its token: an answer without one leaves the old one in force.
fn lost(path: String) -> Difference {
    let explain =
        "asked for a new token by a refresh token, and sent none, though it had been given one";
    finding(path, Kind::NotSent, Severity::Breaking, explain)
        .showing(Observed::text("a refresh token"), Observed::Absent)
        .advice("where an answer has no `refresh_token`, keep the one that you have (RFC 6749 section 6)")
        .detail("token", "refresh_token")
}

/// Tokens that were good once, were refused with 401, and what the program did then.
pub(super) fn refused(run: &Observation, terms: &Terms, told: bool) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    let mut first: Vec<Option<Duration>> = vec![None; run.issued.len()];
    for (at, call) in run.calls.iter().enumerate() {
        if call.status != Some(401) {
            continue;
        }
        let issued = run.issued_by(call.at);
        let exact = |value: &[u8]| match field(value, &issued) {
            Sent::Exact(token) => Some(token),
            _ => None,
        };
        let Some(token) = call.message.all("authorization").find_map(exact) else {
            continue;
        };
        let path = format!("request[{at}].authorization");
        let finding = match first[token] {
            None => {
                first[token] = Some(call.at);
                never_renewed(run, token, call, path)
            }
            Some(earlier) if call.at > earlier + patience(run, terms, earlier, call.at) => {
                again(run, token, path)
            }
            Some(_) => None,
        };
        found.extend(finding.filter(|new| !found.iter().any(|old| old.kind == new.kind)));
    }
    // A program that never asked for another token sends the old one again, which says no more. One that did,
    // and was late with it, may end before it comes to ask for the next.
    let said = |kind| found.iter().position(|finding| finding.kind == kind);
    if let (Some(never), Some(late)) = (said(Kind::NotRefreshed), said(Kind::Stale)) {
        found.remove(if never < late { late } else { never });
    }
    if told { Vec::new() } else { found }
}

/// How long after a refusal a call with the same token may still come.
fn patience(run: &Observation, terms: &Terms, refused: Duration, call: Duration) -> Duration {
    let asked = |asked: &Asked| asked.at > refused && asked.at <= call;
    if terms.together || run.asked.iter().any(asked) {
        BUSY
    } else {
        TOGETHER
    }
}

/// Why a good token was refused.
fn why(run: &Observation, token: usize, at: Duration) -> &'static str {
    let issued = run.issued.get(token);
    let newer = || {
        let later = run
            .issued
            .iter()
            .skip(token + 1)
            .take_while(|later| later.at < at);
        issued.is_some_and(|issued| later.clone().any(|later| later.holder == issued.holder))
    };
    match issued {
        Some(issued) if at >= issued.until => "expired",
        _ if newer() => "replaced",
        _ => "revoked",
    }
}

fn never_renewed(run: &Observation, token: usize, call: &Call, path: String) -> Option<Difference> {
    // On its way when the call was made, or after it.
    let renewed = run
        .issued
        .iter()
        .skip(token + 1)
        .any(|later| later.token != run.issued[token].token);
    let tried = run.asked.iter().any(|asked| asked.at > call.at);
    if renewed || tried {
        let why = why(run, token, call.at);
        return (why == "replaced").then(|| replaced(path));
    }
    let why = why(run, token, call.at);
    let became = if why == "expired" {
        "had expired"
    } else {
        "was revoked"
    };
    let explain = format!(
        "its token {became}; the API answered 401, and the program asked for no other token"
    );
    let finding = finding(path, Kind::NotRefreshed, Severity::Breaking, explain).advice(
        "ask for a new token ahead of `expires_in`, and once when a call is answered 401; then make the \
         call again (RFC 6750 section 3.1)",
    );
    Some(finding.detail("cause", why))
}

fn replaced(path: String) -> Difference {
    let explain = "sent a token though it had been given a newer one, which had ended the first";
    finding(path, Kind::Stale, Severity::Breaking, explain)
        .advice("keep one token for the whole program, and replace it everywhere at once")
        .detail("cause", "replaced")
}

fn again(run: &Observation, token: usize, path: String) -> Option<Difference> {
    let renewed = run.issued.len() > token + 1;
    let why = run.issued.get(token).map(|_| "refused")?;
    let explain = "went on with a token that had been answered 401 before";
    let finding = finding(path, Kind::Stale, Severity::Breaking, explain).advice(
        "go by `expires_in` of the answer, not by a life of your own, and take a 401 as its end",
    );
    renewed.then(|| finding.detail("cause", why))
}
