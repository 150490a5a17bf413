//! Asking both sides again, to learn what varies between answers of one side.

use std::time::Duration;

use tokio::time::Instant;

use super::observe::{Observation, Question, observe};
use super::session::Session;
use crate::compare::shows_a_clock;
use crate::message::Response;
use crate::pair::Pair;

/// Answers between which a clock of whole seconds has moved.
const A_SECOND: Duration = Duration::from_millis(1_100);

/// What both sides answered.
pub(super) struct Asked {
    /// The first answers: those that are compared.
    pub(super) first: Pair<Option<Observation>>,
    /// The others, as many of each side.
    pub(super) more: Pair<Vec<Response>>,
}

impl Asked {
    /// What was asked once.
    pub(super) fn once(first: Pair<Option<Observation>>) -> Self {
        let more = Pair::default();
        Self { first, more }
    }
}

/// Asks both sides `times` times, one round after the other: whatever moves between the first answers
/// of the two sides has moved between two answers of one of them, too. A round in which a side does
/// not answer is left out. Where an answer shows a clock of whole seconds, the last round waits until
/// it must have moved.
pub(super) async fn ask_several(
    session: &Session,
    questions: &Pair<Question<'_>>,
    times: u32,
) -> Asked {
    let began = Instant::now();
    let first = both(session, questions).await;
    let mut more: Pair<Vec<Response>> = Pair::default();
    let answered = first.as_ref().map(answer).transpose();
    let clock = times > 1
        && answered.is_some_and(|pair| shows_a_clock(pair.old) || shows_a_clock(pair.new));
    // Who did not answer once is not asked again, nor who has had enough.
    let asks_on = answered.is_some_and(|pair| pair.old.status != 429 && pair.new.status != 429);
    let times = if asks_on { times } else { 1 };
    for round in 2..=times {
        if session.stop.is_set() {
            break;
        }
        if clock && round == times {
            tokio::time::sleep_until(began + A_SECOND).await;
        }
        let again = both(session, questions).await;
        if let Some(answers) = again.as_ref().map(answer).transpose() {
            more.old.push(answers.old.clone());
            more.new.push(answers.new.clone());
        }
    }
    Asked {
        first: first.map(Some),
        more,
    }
}

async fn both(session: &Session, questions: &Pair<Question<'_>>) -> Pair<Observation> {
    let (old, new) = tokio::join!(
        observe(session, &questions.old),
        observe(session, &questions.new)
    );
    Pair::new(old, new)
}

fn answer(observation: &Observation) -> Option<&Response> {
    let answer = observation.result.as_ref().ok()?;
    Some(&answer.response)
}
