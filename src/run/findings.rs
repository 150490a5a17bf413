//! [`Findings`]: what was seen of both sides, and what it comes to.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::broken::broken;
use super::capture::capture;
use super::chain::{Chain, Context};
use super::contradictions::Tie;
use super::observe::{Observation, milliseconds};
use super::plan::{Step, id};
use super::returned::returned;
use super::samples::Asked;
use super::session::Session;
use super::taken::{born, take_captures};
use super::tally::Noted;
use super::ties::add_word;
use crate::compare::{Comparison, Sampled, Standing, compare, compare_sampled};
use crate::exchange::{Answer, Failure};
use crate::judge::{SideExpect, accept, mark_known_of_request, together, unmet};
use crate::locator::Locator;
use crate::message::Response;
use crate::pair::{Pair, Side};
use crate::results::{Difference, Kind, Observed, Reason, Severity, SideResult, Where};
use crate::suite::Case;
use crate::token::{Placement, name_uses};

/// What was seen of both sides, and what it comes to.
pub(super) struct Findings {
    pub(super) differences: Vec<Difference>,
    pub(super) failed: Option<Reason>,
    pub(super) note: Option<String>,
    pub(super) statuses: Option<Pair<u16>>,
    pub(super) sides: Pair<Option<SideResult>>,
}

pub(super) fn judge_answers(
    cx: Context<'_>,
    (case, step): (&Case, Step),
    expects: &Pair<SideExpect>,
    standing: Arc<Standing>,
    asked: Asked,
    chain: &mut Chain,
) -> Findings {
    let observations = asked.first;
    let answers = observations
        .as_ref()
        .map(|seen| seen.as_ref().and_then(|seen| seen.result.as_ref().ok()));
    let mut findings = Findings {
        differences: Vec::new(),
        failed: None,
        note: None,
        statuses: None,
        sides: observations
            .as_ref()
            .map(|seen| seen.as_ref().map(Observation::summary)),
    };
    match answers.transpose() {
        Some(answers) => {
            findings.statuses = Some(answers.map(|answer| answer.response.status));
            findings.failed = throttled(expects, answers);
            // What a refusal for its number says of a request is noise.
            if findings.failed.is_none() {
                let answers = Answers {
                    first: answers,
                    more: &asked.more,
                };
                let standing = with_tokens(standing, &observations);
                findings.differences =
                    differences(cx, (case, step), expects, standing, answers, chain);
                let mut beyond: Vec<Difference> = evicted(&observations).into_iter().collect();
                let accepted = accept(&mut beyond, &case.accept, cx.session.options.today);
                cx.tally.accepted(case, accepted);
                beyond.extend(unreached(&observations));
                if beyond.iter().any(|found| found.r#where == Where::Expect) {
                    chain.waiting.insert(step.case);
                }
                findings.differences.extend(beyond);
            }
        }
        None => (findings.failed, findings.differences) = broken(&observations),
    }
    // The evidence is gathered where a reader will want it; `conclude` drops what is not needed.
    if !findings.differences.is_empty()
        || findings.failed.is_some()
        || cx.session.options.keep_exchanges
        || both_failed(&findings)
    {
        record(cx.session, &observations, &mut findings.sides);
    }
    findings
}

/// The token that each side was sent stands for the other's, where an answer repeats it.
fn with_tokens(
    mut standing: Arc<Standing>,
    observations: &Pair<Option<Observation>>,
) -> Arc<Standing> {
    let tokens = observations.as_ref().map(|seen| {
        let token = seen.as_ref()?.token.as_ref()?;
        Some(token.value.expose_secret())
    });
    if let Some(values) = tokens.transpose() {
        add_word(&mut standing, values);
    }
    standing
}

fn both_failed(findings: &Findings) -> bool {
    findings
        .statuses
        .is_some_and(|statuses| statuses.old >= 400 && statuses.new >= 400)
}

fn record(
    session: &Session,
    seen: &Pair<Option<Observation>>,
    sides: &mut Pair<Option<SideResult>>,
) {
    for side in Side::BOTH {
        let Some(observation) = &seen[side] else {
            continue;
        };
        if let (Some(request), Some(result)) = (&observation.request, &mut sides[side]) {
            let response = observation
                .result
                .as_ref()
                .ok()
                .map(|answer| &answer.response);
            result.exchange = Some(session.secrets.record(request, response));
        }
    }
}

/// The answers that are compared, and further ones of each side.
#[derive(Clone, Copy)]
struct Answers<'a> {
    first: Pair<&'a Answer>,
    more: &'a Pair<Vec<Response>>,
}

fn differences(
    cx: Context<'_>,
    (case, step): (&Case, Step),
    expects: &Pair<SideExpect>,
    mut standing: Arc<Standing>,
    answers: Answers<'_>,
    chain: &mut Chain,
) -> Vec<Difference> {
    let responses = answers.first.map(|answer| &answer.response);
    let known = chain.born.len();
    let take = |side: Side, place: &Locator| capture(place, &answers.first[side].response, None);
    let uncaptured = take_captures(cx, case, take, chain, &mut standing);
    if let Some((place, values)) = returned(case, responses) {
        born(place, values, chain, &mut standing);
    }
    let Comparison {
        mut differences,
        used,
        hints,
        no_keys,
        born,
        ..
    } = compared(cx, (case, step), answers, &standing);
    chain.born.extend(born);
    tied(cx, (case, step), chain, known);
    differences.extend(uncaptured);
    let ms = answers.first.map(|answer| milliseconds(answer.took));
    differences.extend(unmet(expects, responses, ms));
    if !differences.is_empty() {
        let sent = sent_to(cx, case, chain);
        let paths = sent.as_ref().map(String::as_str);
        mark_known_of_request(&mut differences, responses, paths, cx.session.platforms());
    }
    let statuses = responses.map(|response| response.status);
    name_uses(&mut differences, statuses, placed(cx, case));
    let accepted = accept(&mut differences, &case.accept, cx.session.options.today);
    let hints = if differences.is_empty() {
        Vec::new()
    } else {
        hints
    };
    let noted = Noted {
        file: &cx.suite.info.file,
        id: id(cx.suite, case, step.row),
        used,
        accepted,
        hints,
        no_keys,
    };
    cx.tally.compared(case, noted);
    let bodies = responses.map(|response| response.body.as_ref());
    cx.session.secrets.hide_lists(&mut differences, bodies);
    differences
}

/// Where the tokens of a case stand in its requests, where both sides' have one.
fn placed<'a>(cx: Context<'a>, case: &Case) -> Option<Pair<&'a Placement>> {
    let placement = |side: Side| {
        let name = case.sides[side].token.as_deref()?;
        let credential = cx.session.sides[side].wallet.credential(name)?;
        Some(&credential.placement)
    };
    Pair::of(placement).transpose()
}

/// Compares the first answers, in the light of the others where there are any.
fn compared(
    cx: Context<'_>,
    (case, step): (&Case, Step),
    answers: Answers<'_>,
    standing: &Standing,
) -> Comparison {
    let first = answers.first.map(|answer| &answer.response);
    let platforms = cx.session.platforms();
    if answers.more.old.is_empty() {
        return compare(first, &case.rules, standing, platforms);
    }
    let all = Pair::of(|side| {
        let more = answers.more[side].iter();
        std::iter::once(first[side])
            .chain(more)
            .cloned()
            .collect::<Vec<Response>>()
    });
    let all = all.as_ref().map(Vec::as_slice);
    let sampled: Sampled = compare_sampled(all, &case.rules, standing, platforms);
    let id = id(cx.suite, case, step.row);
    let (fail_on, secrets) = (cx.session.options.fail_on, &cx.session.secrets);
    cx.across
        .sampled((&cx.suite.info.file, &id), &sampled, fail_on, secrets);
    sampled.comparison
}

/// Notes what this case tied together, for the run as a whole. `known`: how many ties the chain had
/// before.
fn tied(cx: Context<'_>, (case, step): (&Case, Step), chain: &Chain, known: usize) {
    let fresh = chain.born.get(known..).unwrap_or_default();
    if fresh.is_empty() {
        return;
    }
    let id = id(cx.suite, case, step.row);
    cx.across.tied(fresh.iter().map(|(place, values)| Tie {
        chain: chain.number,
        case: id.clone(),
        asked: chain.asked.as_ref().map(|asked| asked.old.clone()),
        place: place.clone(),
        values: values.clone(),
    }));
}

/// A side that answered 429 although the case does not ask for it says nothing about parity.
fn throttled(expects: &Pair<SideExpect>, answers: Pair<&Answer>) -> Option<Reason> {
    let throttled = answers.map_sides(|side, answer| {
        let wanted = expects[side].names(429);
        answer.response.status == 429 && !wanted
    });
    (throttled.old || throttled.new).then_some(Reason::Throttled)
}

/// A token that stopped working on one side only: somebody's next request will meet a 401. Where
/// the new token is refused too, the token was not the reason, and the status tells.
fn evicted(observations: &Pair<Option<Observation>>) -> Option<Difference> {
    let renewed = observations
        .as_ref()
        .map(|seen| seen.as_ref().is_some_and(Observation::renewal_helped));
    if renewed.old == renewed.new {
        return None;
    }
    let side = if renewed.old { Side::Old } else { Side::New };
    let explain = format!(
        "the {side} side refused a token that had not expired, and took a new one: clients that \
         share a key evict each other"
    );
    Some(
        Difference::new(Where::Token, "", Kind::Evicted, Severity::Risky, explain)
            .showing(Observed::of(&renewed.old), Observed::of(&renewed.new)),
    )
}

/// What a poll waited for and a side did not reach: the suite said that it must.
fn unreached(observations: &Pair<Option<Observation>>) -> Vec<Difference> {
    let waited = observations.as_ref();
    let waited = waited.map(|seen| seen.as_ref().map(|seen| seen.waited.clone()));
    together(waited.map(Option::unwrap_or_default))
}

/// The path of each side's request on its host, that of its API and all.
fn sent_to(cx: Context<'_>, case: &Case, chain: &Chain) -> Pair<String> {
    Pair::of(|side| {
        let base = cx.session.sides[side].base(case.sides[side].api.as_deref());
        let asked = chain
            .asked
            .as_ref()
            .map_or("", |asked| asked[side].as_str());
        let url = url::Url::parse(&format!("{base}{asked}"));
        url.map(|url| url.path().to_owned()).unwrap_or_default()
    })
}

/// A case of which nothing was sent, since a side could not be asked.
pub(super) fn unasked(failures: Pair<Option<Failure>>) -> Findings {
    let first = failures.old.as_ref().or(failures.new.as_ref());
    let reason = first.map(Failure::reason);
    Findings {
        differences: Vec::new(),
        failed: reason,
        note: None,
        statuses: None,
        sides: failures
            .map(|failure| failure.map(|failure| Observation::failed(failure).summary())),
    }
}

pub(super) fn unprepared(reason: Reason, note: String) -> Findings {
    Findings {
        differences: Vec::new(),
        failed: Some(reason),
        note: Some(note),
        statuses: None,
        sides: Pair::new(None, None),
    }
}
