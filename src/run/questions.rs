//! [`Prepared`]: both requests of a case, made before anything is sent.

use std::cell::LazyCell;
use std::sync::Arc;

use super::chain::{Chain, Context};
use super::observe::Question;
use super::outgoing;
use super::plan::Step;
use super::session::Session;
use super::ties::{add_word, paths, words};
use crate::compare::Standing;
use crate::exchange::{Failure, FailureCause};
use crate::judge::SideExpect;
use crate::pair::{Pair, Side};
use crate::results::Phase;
use crate::suite::{Case, CaseScope, Run};
use crate::template::{Scalar, Template};

/// Both requests, made before anything is sent.
pub(super) struct Prepared<'a> {
    pub(super) questions: Pair<Question<'a>>,
    pub(super) expects: Pair<SideExpect>,
    pub(super) standing: Arc<Standing>,
    /// The path that is asked for on each side.
    pub(super) path: Option<Pair<String>>,
}

pub(super) fn prepare<'a>(
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
    let unsendable = |why: outgoing::Unsendable| {
        Failure::new(Phase::Send, FailureCause::Connect, why.to_string())
    };
    let request =
        outgoing::request(&session.sides[side], &case.sides[side], scope).map_err(unsendable)?;
    let mut render = |text: &str| {
        let filled = Template::parse(text)
            .ok()
            .and_then(|template| template.render_scalar(scope).ok());
        filled.unwrap_or_else(|| Scalar::Text(text.to_owned()))
    };
    let expect = case.expect.sides[side].resolve(&mut render);
    let poll = case.extras.poll.as_ref().map(|poll| {
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
        timeout: session.options.timeout.or(case.extras.timeout),
    })
}
