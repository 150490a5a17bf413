//! One case on both sides, from its placeholders to its verdict.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::barrier::Barriers;
use super::capture::capture;
use super::observe::{Observation, Question, milliseconds, observe};
use super::outgoing;
use super::plan::{Step, barrier_key, id, name};
use super::session::Session;
use super::tally::Tally;
use super::ties::{add_word, made, paths, words};
use super::token_case::run_grant;
use crate::compare::{Comparison, Standing, compare};
use crate::exchange::{Answer, Failure, FailureCause};
use crate::judge::{Facts, SideExpect, accept, mark_known, unmet, verdict};
use crate::pair::{Pair, Side};
use crate::results::{
    CaseResult, CaseType, Difference, Kind, Observed, Phase, Reason, Severity, SideResult, Verdict,
    Where,
};
use crate::suite::{Action, Case, CaseScope, Run, Suite};
use crate::template::Template;

/// What the cases of a chain leave to those behind them.
#[derive(Debug, Default)]
pub(super) struct Chain {
    captured: Pair<BTreeMap<String, String>>,
    born: Vec<(String, Pair<String>)>,
    /// The path of the case at hand on each side, without base path and query.
    asked: Option<Pair<String>>,
    /// The paths that were asked for so far, and those of what was made: they stand for each other.
    paths: Vec<Pair<String>>,
    /// What became of the cases, by index: whether a case that needs them can run.
    delivered: HashMap<usize, Verdict>,
}

/// What running a case needs beside the case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) session: &'a Session,
    pub(super) barriers: &'a Barriers,
    pub(super) tally: &'a Tally,
    pub(super) suite: &'a Suite,
}

/// What was seen of both sides, and what it comes to.
pub(super) struct Findings {
    pub(super) differences: Vec<Difference>,
    pub(super) failed: Option<Reason>,
    pub(super) note: Option<String>,
    pub(super) statuses: Option<Pair<u16>>,
    pub(super) sides: Pair<Option<SideResult>>,
}

/// Runs one case.
pub(super) async fn run_case(cx: Context<'_>, step: Step, chain: &mut Chain) -> CaseResult {
    let case = &cx.suite.cases[step.case];
    let result = match withheld(cx, case, chain) {
        Some((verdict, reason, note)) => {
            let mut result = blank(cx, case, step);
            (result.verdict, result.reason, result.note) = (verdict, Some(reason), note);
            cx.session.secrets.case(&mut result);
            result
        }
        None => attempt(cx, case, step, chain).await,
    };
    chain.delivered.insert(step.case, result.verdict);
    result
}

/// Why a case is not attempted.
fn withheld(
    cx: Context<'_>,
    case: &Case,
    chain: &Chain,
) -> Option<(Verdict, Reason, Option<String>)> {
    if let Some(why) = &case.skip {
        let note = (!why.is_empty()).then(|| why.clone());
        return Some((Verdict::Skipped, Reason::Skip, note));
    }
    if case.is_write() && !cx.session.options.writes {
        return Some((Verdict::Skipped, Reason::WritesWithheld, None));
    }
    let missing = case
        .depends
        .iter()
        .find_map(|at| match chain.delivered.get(at) {
            Some(verdict @ (Verdict::Skipped | Verdict::Inconclusive)) => Some((*at, *verdict)),
            _ => None,
        });
    let (at, verdict) = missing?;
    let needed = &cx.suite.cases[at];
    let note = format!("needs `{}`, which is {verdict}", needed.name);
    Some((verdict, Reason::Needs, Some(note)))
}

fn blank(cx: Context<'_>, case: &Case, step: Step) -> CaseResult {
    CaseResult {
        id: id(cx.suite, case, step.row),
        r#type: match case.sides.old.action {
            Action::Request { .. } => CaseType::Request,
            Action::Grant(_) => CaseType::Token,
        },
        line: case.line,
        suite: cx.suite.info.name.clone(),
        case: name(cx.suite, case, step.row),
        feature: cx.suite.info.feature.clone(),
        verdict: Verdict::Skipped,
        reason: None,
        note: None,
        differences: Vec::new(),
        old: None,
        new: None,
    }
}

async fn attempt(cx: Context<'_>, case: &Case, step: Step, chain: &mut Chain) -> CaseResult {
    let mut prepared = prepare(cx, case, step, chain);
    if let Ok(prepared) = &mut prepared {
        chain.asked = prepared.path.take();
        chain.paths.extend(chain.asked.clone());
    }
    let expects = prepared
        .as_ref()
        .map_or_else(|_| Pair::default(), |p| p.expects.clone());
    let key = || barrier_key(cx.suite, case);
    let findings = match prepared {
        Err(failure) => unprepared(Reason::Needs, failure.message),
        Ok(prepared) => match cx.barriers.pass(key, case.is_write()).await {
            Err(error) => unprepared(Reason::Interrupted, format!("no write barrier: {error}")),
            Ok(_pass) => match &case.sides.old.action {
                // On the heap, since it is rare and large.
                Action::Grant(grant) => Box::pin(run_grant(cx, case, *grant, &expects)).await,
                Action::Request { .. } => {
                    // On the heap: every future around it would be moved with all that two
                    // exchanges need.
                    let asking = Box::pin(ask(cx.session, case.is_write(), prepared.questions));
                    let observations = asking.await;
                    judge_answers(cx, case, &expects, prepared.standing, observations, chain)
                }
            },
        },
    };
    conclude(cx, case, step, &expects, findings)
}

/// Both requests, made before anything is sent.
struct Prepared<'a> {
    questions: Pair<Question<'a>>,
    expects: Pair<SideExpect>,
    standing: Arc<Standing>,
    /// The path that is asked for on each side.
    path: Option<Pair<String>>,
}

fn prepare<'a>(
    cx: Context<'_>,
    case: &'a Case,
    step: Step,
    chain: &Chain,
) -> Result<Prepared<'a>, Failure> {
    let now: LazyCell<String> = LazyCell::new(|| jiff::Timestamp::now().to_string());
    let uuid: fn() -> String = || uuid::Uuid::new_v4().to_string();
    let uuids = Pair::of(|_| LazyCell::new(uuid));
    let scopes = Pair::of(|side| CaseScope {
        side,
        run: Run {
            id: &cx.session.run_id,
            now: &now,
        },
        uuid: &uuids[side],
        row: step.row.and_then(|row| Some((case.rows.as_deref()?, row))),
        captured: &chain.captured[side],
        given: &cx.session.given,
        suite: &cx.suite.vars,
    });
    let questions =
        Pair::both(()).try_map(|side, ()| question(cx.session, case, side, &scopes[side]))?;
    let expects = questions.as_ref().map(|question| question.expect.clone());
    let mut standing = cx.session.standing(case.sides.old.api.as_deref());
    for (place, values) in &chain.born {
        Arc::make_mut(&mut standing).born(values.as_ref().map(String::as_str), place);
    }
    words(case, &scopes, &chain.captured, &mut standing);
    let path = paths(case, &scopes);
    for paths in chain.paths.iter().chain(&path) {
        add_word(&mut standing, paths.as_ref().map(String::as_str));
    }
    Ok(Prepared {
        questions,
        expects,
        standing,
        path,
    })
}

fn question<'a>(
    session: &Session,
    case: &'a Case,
    side: Side,
    scope: &CaseScope<'_>,
) -> Result<Question<'a>, Failure> {
    let undefined = |missing: crate::template::Undefined| {
        Failure::new(Phase::Send, FailureCause::Connect, missing.to_string())
    };
    let request =
        outgoing::request(&session.sides[side], &case.sides[side], scope).map_err(undefined)?;
    let mut render = |text: &str| {
        let filled = Template::parse(text)
            .ok()
            .and_then(|template| template.render(scope).ok());
        filled.unwrap_or_else(|| text.to_owned())
    };
    let expect = case.expect.sides[side].resolve(&mut render);
    let poll = case.poll.as_ref().map(|poll| {
        (
            poll.until.sides[side].resolve(&mut render),
            poll.every,
            poll.within,
        )
    });
    Ok(Question {
        side,
        case: &case.sides[side],
        request,
        safe: !case.is_write(),
        expect,
        poll,
        timeout: session.options.timeout.or(case.timeout),
    })
}

/// Asks both sides: at the same time, or one after the other where something is written. Where a
/// write fails on the old side the new one is left alone: there is nothing to compare it with.
async fn ask(
    session: &Session,
    write: bool,
    questions: Pair<Question<'_>>,
) -> Pair<Option<Observation>> {
    if write {
        let old = observe(session, questions.old).await;
        let new = match &old.result {
            Ok(_) => Some(observe(session, questions.new).await),
            Err(_) => None,
        };
        return Pair::new(Some(old), new);
    }
    let (old, new) = tokio::join!(
        observe(session, questions.old),
        observe(session, questions.new)
    );
    Pair::new(Some(old), Some(new))
}

fn judge_answers(
    cx: Context<'_>,
    case: &Case,
    expects: &Pair<SideExpect>,
    standing: Arc<Standing>,
    observations: Pair<Option<Observation>>,
    chain: &mut Chain,
) -> Findings {
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
                findings.differences = differences(cx, case, expects, standing, answers, chain);
                findings.differences.extend(evicted(&observations));
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

fn differences(
    cx: Context<'_>,
    case: &Case,
    expects: &Pair<SideExpect>,
    mut standing: Arc<Standing>,
    answers: Pair<&Answer>,
    chain: &mut Chain,
) -> Vec<Difference> {
    let responses = answers.map(|answer| &answer.response);
    let uncaptured = take_captures(case, answers, chain, &mut standing);
    let Comparison {
        mut differences,
        used,
        hints,
        born,
    } = compare(responses, &case.rules, &standing, cx.session.platforms());
    chain.born.extend(born);
    differences.extend(uncaptured);
    let ms = answers.map(|answer| milliseconds(answer.took));
    differences.extend(unmet(expects, responses, ms));
    mark_known(&mut differences, Some(responses), cx.session.platforms());
    let accepted = accept(&mut differences, &case.accept, cx.session.options.today);
    let hints = if differences.is_empty() {
        Vec::new()
    } else {
        hints
    };
    cx.tally
        .compared(case, used.into_iter().chain(accepted), hints);
    differences
}

/// Takes what the case captures; what cannot be taken is an expectation that does not hold.
fn take_captures(
    case: &Case,
    answers: Pair<&Answer>,
    chain: &mut Chain,
    standing: &mut Arc<Standing>,
) -> Vec<Difference> {
    let mut unmet = Vec::new();
    for (name, place) in &case.capture {
        let values = answers.map_sides(|side, answer| match capture(place, &answer.response) {
            Ok(value) => Some(value),
            Err(why) => {
                let explain = format!("`{name}` cannot be captured on the {side} side: {why}");
                unmet.push(Difference::new(
                    Where::Expect,
                    place.text(),
                    Kind::Expectation,
                    Severity::Breaking,
                    explain,
                ));
                None
            }
        });
        for side in Side::BOTH {
            if let Some(value) = &values[side] {
                chain.captured[side].insert(name.clone(), value.clone());
            }
        }
        if let Some(values) = values.transpose() {
            let texts = values.as_ref().map(String::as_str);
            Arc::make_mut(standing).born(texts, place.text());
            if let Some(made) = made(chain.asked.as_ref(), texts) {
                add_word(standing, made.as_ref().map(String::as_str));
                chain.paths.push(made);
            }
            chain.born.push((place.text().to_owned(), values));
        }
    }
    unmet
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

/// What a missing answer means. A side that breaks the connection again and again while the other
/// answers differs in its HTTP; everything else leaves the case open.
fn broken(observations: &Pair<Option<Observation>>) -> (Option<Reason>, Vec<Difference>) {
    let seen = Side::BOTH.map(|side| (side, observations[side].as_ref()));
    let failed = seen.iter().find_map(|(side, seen)| {
        let observation = (*seen)?;
        let failure = observation.result.as_ref().err()?;
        Some((*side, observation, failure))
    });
    let Some((side, observation, failure)) = failed else {
        return (Some(Reason::Interrupted), Vec::new());
    };
    let other = &observations[side.other()];
    let answered = other.as_ref().is_some_and(|seen| seen.result.is_ok());
    match failure.transport() {
        Some(kind) if answered && observation.repeated => {
            let explain = match kind {
                Kind::Reset => {
                    format!("the {side} side closes the connection instead of answering")
                }
                Kind::ShortBody => format!("the {side} side sends fewer bytes than it announces"),
                _ => format!("what the {side} side sends is not HTTP"),
            };
            let message = Observed::text(&failure.message);
            let difference = Difference::new(
                Where::Transport,
                failure.phase.word(),
                kind,
                Severity::Breaking,
                explain,
            );
            let difference = match side {
                Side::Old => difference.showing(message, Observed::Absent),
                Side::New => difference.showing(Observed::Absent, message),
            };
            (None, vec![difference])
        }
        _ => (Some(failure.reason()), Vec::new()),
    }
}

fn unprepared(reason: Reason, note: String) -> Findings {
    Findings {
        differences: Vec::new(),
        failed: Some(reason),
        note: Some(note),
        statuses: None,
        sides: Pair::new(None, None),
    }
}

/// The verdict, and a result from which every secret is out.
fn conclude(
    cx: Context<'_>,
    case: &Case,
    step: Step,
    expects: &Pair<SideExpect>,
    findings: Findings,
) -> CaseResult {
    let options = &cx.session.options;
    let named = |side: Side| {
        let status = findings.statuses.map(|statuses| statuses[side]);
        status.is_some_and(|status| expects[side].names(status))
    };
    let judged = verdict(&Facts {
        skipped: None,
        failed: findings.failed,
        differences: &findings.differences,
        fail_on: options.fail_on,
        statuses: findings.statuses,
        expected: Pair::of(named),
    });
    let mut result = blank(cx, case, step).sides(findings.sides);
    result.verdict = judged.verdict;
    result.reason = judged.reason;
    result.note = judged.note.or(findings.note);
    result.differences = findings.differences;
    if result.verdict == Verdict::Same && !options.keep_exchanges {
        for side in [&mut result.old, &mut result.new].into_iter().flatten() {
            side.exchange = None;
        }
    }
    if result.verdict != Verdict::Same || !result.differences.is_empty() {
        cx.session.secrets.case(&mut result);
    }
    result
}
