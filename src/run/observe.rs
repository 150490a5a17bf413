//! One case on one side: token, request, answer, and the few reasons to ask again.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::time::Instant;

use super::session::{Session, SideSession};
use crate::exchange::{Answer, Failure, FailureCause, retry_after};
use crate::judge::SideExpect;
use crate::message::Request;
use crate::pair::Side;
use crate::results::{Difference, Phase, SideResult};
use crate::suite::SideCase;
use crate::token::{Placement, Token, carry};

/// The longest that a `Retry-After` is obeyed.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What one side did.
#[derive(Debug)]
pub(super) struct Observation {
    /// The last request that was sent, if one was.
    pub(super) request: Option<Request>,
    /// The token that it carried.
    pub(super) token: Option<Arc<Token>>,
    /// What came back.
    pub(super) result: Result<Answer, Failure>,
    /// Requests sent.
    pub(super) attempts: u32,
    /// Whether a 401 led to a new token.
    pub(super) reacquired: bool,
    /// Whether a safe request was repeated and failed alike.
    pub(super) repeated: bool,
    /// What a poll waited for, and what never came.
    pub(super) waited: Vec<Difference>,
}

/// What is asked of one side.
#[derive(Debug)]
pub(super) struct Question<'a> {
    pub(super) side: Side,
    pub(super) case: &'a SideCase,
    /// The request without its token.
    pub(super) request: Request,
    /// Whether it may be repeated.
    pub(super) safe: bool,
    pub(super) expect: SideExpect,
    /// What a poll waits for, its pause and its end.
    pub(super) poll: Option<(SideExpect, Duration, Duration)>,
    pub(super) timeout: Option<Duration>,
}

impl Observation {
    /// A side that was not asked, or could not be.
    pub(super) const fn failed(failure: Failure) -> Self {
        Self {
            request: None,
            token: None,
            result: Err(failure),
            attempts: 0,
            reacquired: false,
            repeated: false,
            waited: Vec::new(),
        }
    }

    /// Whether a new token was taken for what a 401 refused.
    pub(super) fn renewal_helped(&self) -> bool {
        let answered = self.result.as_ref();
        self.reacquired && answered.is_ok_and(|answer| answer.response.status != 401)
    }

    /// As the results carry it.
    pub(super) fn summary(&self) -> SideResult {
        let mut summary = SideResult {
            attempts: self.attempts,
            reacquired: self.reacquired,
            ..SideResult::default()
        };
        match &self.result {
            Ok(answer) => {
                summary.status = Some(answer.response.status);
                summary.ms = milliseconds(answer.took);
                summary.bytes = answer.response.wire_bytes;
                summary.http = Some(answer.response.http.to_owned());
            }
            Err(failure) => summary.failure = Some(failure.summary()),
        }
        summary
    }
}

/// Milliseconds with two decimals: more would be noise.
pub(super) fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 100_000.0).round() / 100.0
}

/// Asks one side, and goes on asking while a poll is not satisfied.
pub(super) async fn observe(session: &Session, question: &Question<'_>) -> Observation {
    let end = question
        .poll
        .as_ref()
        .map(|(_, _, within)| Instant::now() + *within);
    let mut sent = 0;
    loop {
        let mut observation = ask(session, question).await;
        sent += observation.attempts;
        observation.attempts = sent;
        let (Some((until, every, within)), Some(end)) = (&question.poll, end) else {
            return observation;
        };
        let Ok(answer) = &observation.result else {
            return observation;
        };
        let unmet = until.check(question.side, &answer.response, milliseconds(answer.took));
        if unmet.is_empty() || Instant::now() + *every > end {
            let told = |difference: Difference| Difference {
                explain: format!("{}; polled for {within:?}", difference.explain),
                ..difference
            };
            observation.waited = unmet.into_iter().map(told).collect();
            return observation;
        }
        tokio::select! {
            () = tokio::time::sleep(*every) => {}
            () = session.stop.set() => {
                // What was answered so far is not what was waited for: it says nothing about the side.
                let message = "the run was stopped while the case waited for what it polls for";
                let failure = Failure::new(Phase::Headers, FailureCause::Interrupted, message);
                observation.result = Err(failure);
                return observation;
            }
        }
    }
}

async fn ask(session: &Session, question: &Question<'_>) -> Observation {
    let side = &session.sides[question.side];
    let mut asking = Asking {
        session,
        question,
        side,
        attempts: 0,
        retries: if question.safe {
            session.options.retries
        } else {
            0
        },
        repeated: false,
    };
    let mut token = match &question.case.token {
        None => None,
        Some(name) => match side.wallet.get(name).await {
            Ok(token) => token,
            Err(failure) => return Observation::failed(failure),
        },
    };
    let mut request = match asking.request(token.as_deref()) {
        Ok(request) => request,
        Err(failure) => return Observation::failed(failure),
    };
    let mut result = asking.send(&request).await;
    let mut reacquired = false;
    if let (Some(refused), Ok(answer)) = (&token, &result)
        && answer.response.status == 401
        && !question.expect.names(401)
        && let Some(fresh) = asking.fresh(refused).await
        && let Ok(again) = asking.request(Some(&fresh))
    {
        request = again;
        result = asking.send(&request).await;
        token = Some(fresh);
        reacquired = true;
    }
    Observation {
        request: Some(request),
        token,
        result,
        attempts: asking.attempts,
        reacquired,
        repeated: asking.repeated,
        waited: Vec::new(),
    }
}

struct Asking<'a> {
    session: &'a Session,
    question: &'a Question<'a>,
    side: &'a SideSession,
    attempts: u32,
    retries: u32,
    repeated: bool,
}

impl Asking<'_> {
    /// The request with its token. A header of the same name that the suite wrote stays as it is: the
    /// suite knows what it tests.
    fn request(&self, token: Option<&Token>) -> Result<Request, Failure> {
        let mut request = self.question.request.clone();
        let name = self.question.case.token.as_deref();
        let credential = name.and_then(|name| self.side.wallet.credential(name));
        if let (Some(token), Some(credential)) = (token, credential) {
            let written = match &credential.placement {
                Placement::Header { name, .. } => {
                    let mut headers = self.question.case.headers.iter();
                    headers.any(|(written, _)| written.eq_ignore_ascii_case(name))
                }
                Placement::Query(_) => false,
            };
            if !written {
                let value = (token.side, token.value.expose_secret());
                let target = &self.side.target;
                carry(&mut request, target, value, &credential.placement, None)?;
            }
        }
        Ok(request)
    }

    async fn fresh(&self, refused: &Arc<Token>) -> Option<Arc<Token>> {
        let name = self.question.case.token.as_deref()?;
        // On the heap, since it is rare and large.
        let replaced = Box::pin(self.side.wallet.replace(name, refused)).await;
        replaced.ok().flatten()
    }

    /// Sends, and sends again for the reasons that `--retries` names, or once to see whether a
    /// broken answer was an accident.
    async fn send(&mut self, request: &Request) -> Result<Answer, Failure> {
        let timeout = self.question.timeout.unwrap_or(self.side.timeout);
        let mut pause = Duration::from_millis(200);
        loop {
            self.attempts += 1;
            let result = self.side.target.send(request, timeout).await;
            let again = match &result {
                Ok(answer) => self.wait_after(answer, pause),
                Err(failure) if failure.transport().is_some() => {
                    if !self.question.safe || self.repeated {
                        return result;
                    }
                    self.repeated = true;
                    continue;
                }
                Err(failure) if failure.is_retryable() => Some(pause),
                Err(_) => None,
            };
            match again {
                Some(wait) if self.retries > 0 && !self.session.stop.is_set() => {
                    self.retries -= 1;
                    tokio::time::sleep(wait).await;
                    pause *= 2;
                }
                _ => return result,
            }
        }
    }

    /// How long to wait before asking again after 429 or 503, if that makes sense.
    fn wait_after(&self, answer: &Answer, pause: Duration) -> Option<Duration> {
        let status = answer.response.status;
        let wanted = self.question.expect.names(status);
        if !matches!(status, 429 | 503) || wanted {
            return None;
        }
        let Some(after) = answer.response.headers.text("retry-after") else {
            return Some(pause);
        };
        let wait = retry_after(&after)?;
        (wait <= LONGEST_WAIT).then_some(wait)
    }
}
