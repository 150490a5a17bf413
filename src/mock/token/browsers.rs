//! Endpoints that answer browsers of other origins: on API Cloud `/token-cors` and `/revoke-cors` do,
//! `/token` and `/revoke` do not.

use crate::mock::answer::{Answer, Call};
use crate::mock::token::TokenServer;

impl TokenServer {
    /// The call to the endpoint that this one is the twin of, where it is one for browsers.
    pub(super) fn twin_of(&self, call: &Call) -> Option<Call> {
        let suffix = self.doc.cors_suffix.as_deref()?;
        let path = call.path.strip_suffix(suffix)?;
        let twins = [Some(&self.doc.path), self.doc.revoke.as_ref()];
        let known = twins.into_iter().flatten().any(|twin| twin.value == path);
        known.then(|| Call {
            path: path.to_owned(),
            ..call.clone()
        })
    }
}

/// The answer to a preflight of any origin.
pub(super) fn preflight() -> Answer {
    allowed(Answer::empty(200))
        .with("Access-Control-Allow-Methods", "POST")
        .with("Access-Control-Allow-Headers", "authorization,Content-Type")
}

/// An answer that every origin may read.
pub(super) fn allowed(answer: Answer) -> Answer {
    answer.with("Access-Control-Allow-Origin", "*")
}
