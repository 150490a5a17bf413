//! One case on both sides, from its placeholders to its verdict.

use std::io;

use super::barrier::{Pass, TOKENS, ends_tokens};
use super::chain::{Chain, Context};
use super::findings::{Findings, judge_answers, unasked, unprepared};
use super::observe::{Question, observe};
use super::plan::{Step, barrier_key, id, name};
use super::probe_case::run_probe;
use super::questions::{Prepared, prepare};
use super::ready::ready;
use super::samples::{Asked, ask_several};
use super::session::Session;
use super::token_case::run_grant;
use crate::judge::{Facts, SideExpect, verdict};
use crate::pair::{Pair, Side};
use crate::probe::ProbeName;
use crate::results::{CaseResult, CaseType, Reason, Verdict};
use crate::suite::{Action, Case, Suite};

/// Runs one case.
pub(super) async fn run_case(cx: Context<'_>, step: Step, chain: &mut Chain) -> CaseResult {
    let case = &cx.suite.cases[step.case];
    let result = match withheld(cx, case, chain) {
        Some((verdict, reason, note)) => {
            let mut result = unjudged(cx.suite, step);
            (result.verdict, result.reason, result.note) = (verdict, Some(reason), note);
            cx.session.secrets.case(&mut result);
            result
        }
        None => attempt(cx, case, step, chain).await,
    };
    chain.delivered.insert(step.case, result.verdict);
    result
}

/// A case that was at work when the run was stopped.
pub(super) fn interrupted(cx: Context<'_>, step: Step, chain: &Chain) -> CaseResult {
    let seen = chain.probing.as_ref();
    let seen = Pair::of(|side| seen.map(|seen| seen[side].result()));
    let mut result = unjudged(cx.suite, step).sides(seen);
    result.verdict = Verdict::Inconclusive;
    result.reason = Some(Reason::Interrupted);
    result.note =
        Some("the run was stopped while it was at work: it may have been sent".to_owned());
    cx.session.secrets.case(&mut result);
    result
}

/// What a probe needs that sends tokens across.
const CROSSES: &str = "it sends each side's tokens to the other: --probes --allow-cross-side";

/// Why a case is not attempted.
fn withheld(
    cx: Context<'_>,
    case: &Case,
    chain: &Chain,
) -> Option<(Verdict, Reason, Option<String>)> {
    if let Some(why) = case.skip() {
        let note = (!why.is_empty()).then(|| why.to_owned());
        return Some((Verdict::Skipped, Reason::Skip, note));
    }
    if case.is_client() {
        return Some((Verdict::Skipped, Reason::ClientSuite, None));
    }
    if let Some(probe) = case.probe() {
        let options = &cx.session.options;
        let crosses = probe.name() == ProbeName::CrossAcceptance;
        if !options.probes || (crosses && !options.cross_side) {
            let note = crosses.then(|| CROSSES.to_owned());
            return Some((Verdict::Skipped, Reason::ProbesWithheld, note));
        }
    }
    if case.is_write() && !cx.session.options.writes {
        return Some((Verdict::Skipped, Reason::WritesWithheld, None));
    }
    if let Some(at) = case.depends.iter().find(|at| chain.waiting.contains(at)) {
        let note = format!(
            "needs `{}`, whose `poll` ended without what it waits for",
            cx.suite.cases[*at].name
        );
        return Some((Verdict::Skipped, Reason::Needs, Some(note)));
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

/// The result of a case of which nothing is known yet.
pub fn unjudged(suite: &Suite, step: Step) -> CaseResult {
    let case = &suite.cases[step.case];
    CaseResult {
        id: id(suite, case, step.row),
        r#type: match case.sides.old.action {
            Action::Request { .. } => CaseType::Request,
            Action::Grant(_) => CaseType::Token,
            Action::Client => CaseType::Client,
            Action::Probe { .. } => CaseType::Probe,
        },
        line: case.line,
        suite: suite.info.name.clone(),
        case: name(suite, case, step.row),
        feature: suite.info.feature.clone(),
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
    let findings = match prepared {
        Err(failure) => unprepared(Reason::Needs, failure.message),
        Ok(prepared) => match admitted(cx, case).await {
            Err(error) => unprepared(Reason::Interrupted, format!("no write barrier: {error}")),
            Ok(_passes) => match ready(cx.session, case).await {
                Err(failures) => unasked(failures),
                Ok(()) => perform(cx, (case, step), &expects, prepared, chain).await,
            },
        },
    };
    conclude(cx, step, &expects, findings)
}

/// Does what a case is about, on both sides.
async fn perform(
    cx: Context<'_>,
    (case, step): (&Case, Step),
    expects: &Pair<SideExpect>,
    prepared: Prepared<'_>,
    chain: &mut Chain,
) -> Findings {
    match &case.sides.old.action {
        // It was said above that nothing runs programs but `cutover client`.
        Action::Client => unprepared(Reason::ClientSuite, String::new()),
        // On the heap both, since they are rare and large.
        Action::Probe { probe, .. } => Box::pin(run_probe(cx, case, probe, prepared, chain)).await,
        Action::Grant(grant) => Box::pin(run_grant(cx, case, *grant, expects, chain)).await,
        Action::Request { .. } => {
            // On the heap: every future around it would be moved with all that two exchanges need.
            let times = case.samples(cx.session.options.samples);
            let write = case.is_write();
            let asked = Box::pin(ask(cx.session, write, times, prepared.questions)).await;
            judge_answers(cx, (case, step), expects, prepared.standing, asked, chain)
        }
    }
}

/// Waits until a case may be at work: until no write of its API is, and no probe that ends the tokens
/// which the case uses.
async fn admitted<'a>(cx: Context<'a>, case: &Case) -> io::Result<[Pass<'a>; 2]> {
    let key = || barrier_key(cx.suite, case);
    let own = cx.barriers.pass(key, case.is_write()).await?;
    // In this order for all, so that no two wait for each other.
    let tokens = if case.sides.iter().any(|(_, side)| side.token.is_some()) {
        cx.barriers
            .pass(|| TOKENS.to_owned(), ends_tokens(case))
            .await?
    } else {
        Pass::Free
    };
    Ok([own, tokens])
}

/// Asks both sides: at the same time, as often as is wanted; or one after the other where something
/// is written. Where a write fails on the old side the new one is left alone: there is nothing to
/// compare it with.
async fn ask(session: &Session, write: bool, times: u32, questions: Pair<Question<'_>>) -> Asked {
    if !write {
        return ask_several(session, &questions, times).await;
    }
    let old = observe(session, &questions.old).await;
    let new = match &old.result {
        Ok(_) => Some(observe(session, &questions.new).await),
        Err(_) => None,
    };
    Asked::once(Pair::new(Some(old), new))
}

/// The verdict, and a result from which every secret is out.
fn conclude(
    cx: Context<'_>,
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
    let mut result = unjudged(cx.suite, step).sides(findings.sides);
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
